"""Words that several rules share, each with the values that are stored (see docs/glossary.md)."""

from __future__ import annotations

from enum import StrEnum


class AreaSource(StrEnum):
    """面积依据: what a dwelling's area rests on, best first."""

    REGISTER = "register"
    SURVEY = "survey"
    CONTRACT = "contract"


class Tenure(StrEnum):
    """产权性质."""

    PRIVATE = "private"
    WORK_UNIT = "work_unit"
    PUBLIC = "public"
    DEVELOPER = "developer"


class Occupancy(StrEnum):
    """使用情况: who lives there."""

    OWNER = "owner"
    LET = "let"
    VACANT = "vacant"


class OwnerKind(StrEnum):
    """A natural person, a company or other body, or the developer with what is not sold."""

    PERSON = "person"
    COMPANY = "company"
    DEVELOPER = "developer"
