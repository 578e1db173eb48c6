"""Demand: what the households' answers add up to, and what of it is shown to whom.

Figures for residents and public are *released* in batches by ``domain/releases.py`` and kept; a
release is made when an answer is saved (or the committee asks for one after the consultation),
never when somebody looks. The committee sees its buildings floor by floor and household by
household; each such view is written to the plan's audit chain (trust.md §4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import Actor, Capacity, Permission, Role
from domain.disclosure import Audience, Policy, Publication, publish, shown_progress
from domain.preferences import STANCE, sheet_of
from domain.releases import (
    Band,
    Ledger,
    Question,
    Sheet,
    Thresholds,
    from_plain,
    renew,
    to_plain,
)
from models.database import session as current_session
from models.locking import locked
from models.menus import MenuItem
from models.plans import DemandRelease, Plan
from models.preferences import AnswerSheet, FormerSheet, ItemAnswer
from models.preferences_queries import (
    dwellings_of,
    former_sheets_of,
    households,
    menu_of,
    sheets_of,
)
from models.register import Dwelling
from services import audit
from services.demand_answers import answers_of, gone_of
from services.transaction import transaction


@dataclass(frozen=True)
class Released:
    """What has been released about one item: its questions as they then stood, and the ledger."""

    sheet: Sheet
    ledger: Ledger


def audience_of(actor: Actor, plan: Plan) -> Audience:
    """As what the actor looks at a plan's figures.

    A stairwell head who does not live in the building, and an auditor, see what the public sees.
    """
    if actor.may(Permission.SEE_ANSWERS, plan.scope):
        return Audience.COMMITTEE
    lives_here = any(
        grant.scope.building == plan.building_id for grant in actor.grants_of(Role.RESIDENT)
    )
    return Audience.RESIDENT if lives_here else Audience.PUBLIC


def bands_of(plan: Plan) -> tuple[Band, ...]:
    """The bands that were fixed when the menu was published."""
    return tuple(Band(lowest, highest) for lowest, highest in plan.bands or ())


def _doors(building_id: int) -> dict[int, Dwelling]:
    return {dwelling.id: dwelling for dwelling in households(dwellings_of(building_id))}


# --- releases -------------------------------------------------------------------------------


def released(rows: Iterable[DemandRelease]) -> dict[str, Released]:
    """Everything released of a plan by sheet key, put together from its batches, oldest first."""
    found: dict[str, Released] = {}
    for row in rows:
        for key, plain in row.figures["sheets"].items():
            questions = tuple(
                Question(name, tuple(choices)) for name, choices in plain["questions"]
            )
            batch = from_plain({"sheet": key, "releases": plain["releases"]})
            before = found[key].ledger.releases if key in found else ()
            found[key] = Released(Sheet(key, questions), Ledger(key, before + batch.releases))
    return found


def releases_of(plan_id: int) -> list[DemandRelease]:
    """All batches of a plan, oldest first."""
    query = (
        select(DemandRelease).where(DemandRelease.plan_id == plan_id).order_by(DemandRelease.seq)
    )
    return list(current_session().scalars(query))


def _sheet(item: MenuItem, known: Mapping[str, Released]) -> Sheet:
    """The questions about an item; what was released before stays readable."""
    options = [option.id for option in item.options if option.published]
    plain = sheet_of(item.id, options)
    before = known.get(plain.key)
    return sheet_of(item.id, options, earlier=before.sheet) if before else plain


def _may_be_due(session: Session, plan: Plan, limits: Thresholds, now: datetime) -> bool:
    """A cheap look before the work: a day since the last batch, and enough sheets touched since."""
    last = session.scalar(
        select(func.max(DemandRelease.released_at)).where(DemandRelease.plan_id == plan.id)
    )
    touched = select(func.count()).where(AnswerSheet.plan_id == plan.id)
    if last is None:
        return (session.scalar(touched) or 0) >= limits.households
    if now - last < limits.pause:
        return False
    left = select(func.count()).where(FormerSheet.plan_id == plan.id, FormerSheet.ended_at >= last)
    since = session.scalar(touched.where(AnswerSheet.updated_at >= last)) or 0
    return since + (session.scalar(left) or 0) >= limits.batch


def release(
    session: Session, plan: Plan, menu: Iterable[MenuItem], *, now: datetime
) -> DemandRelease | None:
    """Inside the caller's transaction: the figures that may be renewed at ``now`` are released.

    ``None`` when nothing may be. The caller holds the lock on the plan's row.
    """
    limits = Thresholds(households=plan.threshold)
    bands = bands_of(plan)
    if not bands or not _may_be_due(session, plan, limits, now):
        return None
    sheets, doors, rows = sheets_of(plan.id), _doors(plan.building_id), releases_of(plan.id)
    known = released(rows)
    figures: dict[str, Any] = {}
    for item in menu:
        sheet = _sheet(item, known)
        before = known[sheet.key].ledger if sheet.key in known else Ledger(sheet.key)
        answers = answers_of(plan, sheet, item.id, sheets, doors)
        unit = {str(plan.building_id): bands}
        gone = gone_of(plan, item.id, sheets, doors)
        after = renew(before, answers, sheet, unit, now, thresholds=limits, gone=gone)
        fresh = after.releases[len(before.releases) :]
        if fresh:
            figures[sheet.key] = {
                "questions": [[one.key, list(one.choices)] for one in sheet.questions],
                "releases": to_plain(Ledger(sheet.key, fresh))["releases"],
            }
    if not figures:
        return None
    made = DemandRelease(
        plan_id=plan.id,
        seq=rows[-1].seq + 1 if rows else 1,
        released_at=now,
        answers=len(sheets),
        figures={"sheets": figures},
    )
    session.add(made)
    return made


def renew_figures(actor: Actor, plan: Plan, *, now: datetime) -> DemandRelease | None:
    """The committee has the figures renewed, as far as they may be; ``None`` when they may not.

    For what came in during the last day of a consultation: no later answer would release it.
    """
    with transaction() as session:
        plan = locked(session, Plan, plan.id)
        made = release(session, plan, menu_of([plan.id]), now=now)
        if made is not None:
            details = {"release": made.seq, "answers": made.answers}
            chain = audit.plan_chain(plan.id)
            audit.record(session, chain, "demand_renewed", actor=actor, now=now, details=details)
        return made


# --- what is shown --------------------------------------------------------------------------


@dataclass(frozen=True)
class ItemDemand:
    """What the reader sees of one item; option titles by id for the first choices."""

    item: MenuItem
    publication: Publication
    options: Mapping[str, str]


@dataclass(frozen=True)
class Demand:
    """The demand page's figures for one reader.

    ``answered`` is exact for the committee, in steps of five for everybody else. ``stances`` maps
    item id → dwelling id → stance and is filled for the committee alone.
    """

    plan: Plan
    audience: Audience
    items: tuple[ItemDemand, ...]
    answered: int
    dwellings: tuple[Dwelling, ...]
    released_at: datetime | None
    stances: Mapping[int, Mapping[int, str]]


def _stances(sheets: Iterable[AnswerSheet]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for sheet in sheets:
        if sheet.capacity == Capacity.OWNER:
            for answer in sheet.answers:
                if answer.stance:
                    found.setdefault(answer.item_id, {})[sheet.dwelling_id] = answer.stance
    return found


def look(actor: Actor, plan: Plan, *, now: datetime) -> Demand:
    """The demand of a plan as the actor may see it; a look of the committee's is recorded first."""
    audience = audience_of(actor, plan)
    if audience is Audience.COMMITTEE:
        _record_look(actor, plan, "demand_seen", now)
    sheets, doors = sheets_of(plan.id), _doors(plan.building_id)
    rows = releases_of(plan.id)
    known = released(rows)
    items = []
    for item in menu_of([plan.id]):
        sheet = _sheet(item, known)
        seen = publish(
            audience,
            Policy(plan.policy),
            unit=str(plan.building_id),
            sheet=sheet,
            ledger=known[sheet.key].ledger if sheet.key in known else Ledger(sheet.key),
            bands=bands_of(plan),
            answers=answers_of(plan, sheet, item.id, sheets, doors),
        )
        titles = {
            str(option.id): option.published.title for option in item.options if option.published
        }
        items.append(ItemDemand(item, seen, titles))
    own = (one for one in sheets if one.capacity == Capacity.OWNER and one.dwelling_id in doors)
    answered = sum(1 for one in own if one.answers)
    committee = audience is Audience.COMMITTEE
    return Demand(
        plan,
        audience,
        tuple(items),
        shown_progress(answered, audience),
        tuple(doors.values()),
        rows[-1].released_at if rows else None,
        _stances(sheets) if committee else {},
    )


def _record_look(actor: Actor, plan: Plan, action: str, now: datetime) -> None:
    with transaction() as session:
        audit.record(
            session,
            audit.plan_chain(plan.id),
            action,
            actor=actor,
            now=now,
            details={"building": plan.building_id},
        )


def published_rows(plan: Plan) -> list[dict[str, object]]:
    """Demand by floor bands as the public sees it, as plain values for a resolution.

    One row for each item: ``item`` (its title) and ``bands`` with ``lowest``, ``highest`` and
    ``counts`` of households by stance, ``None`` where they are held back. Owners' answers only.
    """
    known = released(releases_of(plan.id))
    rows: list[dict[str, object]] = []
    for item in menu_of([plan.id]):
        sheet = _sheet(item, known)
        seen = publish(
            Audience.PUBLIC,
            Policy(plan.policy),
            unit=str(plan.building_id),
            sheet=sheet,
            ledger=known[sheet.key].ledger if sheet.key in known else Ledger(sheet.key),
            bands=bands_of(plan),
        )
        bands = [
            {
                "lowest": figure.band.lowest,
                "highest": figure.band.highest,
                "counts": dict(figure.counts[STANCE]) if figure.counts else None,
            }
            for figure in seen.figures
        ]
        rows.append({"item": item.title, "bands": bands})
    return rows


@dataclass(frozen=True)
class NamedAnswers:
    """Every household of a building with its owners' and its tenant's sheet, if there is one.

    ``former``: dwelling id → what former owners had answered, where that was asked for; it counts
    no more.
    """

    plan: Plan
    menu: tuple[MenuItem, ...]
    households: tuple[tuple[Dwelling, AnswerSheet | None, AnswerSheet | None], ...]
    former: Mapping[int, Sequence[FormerSheet]] = field(default_factory=dict)


def named_answers(
    actor: Actor, plan: Plan, *, now: datetime, with_former: bool = False
) -> NamedAnswers:
    """The households' answers with their doors, for the committee; the look is recorded first."""
    _record_look(actor, plan, "answers_seen", now)
    former: dict[int, list[FormerSheet]] = {}
    for one in former_sheets_of(plan.id) if with_former else ():
        former.setdefault(one.dwelling_id, []).append(one)
    by_door: dict[tuple[int, str], AnswerSheet] = {
        (sheet.dwelling_id, sheet.capacity): sheet for sheet in sheets_of(plan.id)
    }
    return NamedAnswers(
        plan,
        tuple(menu_of([plan.id])),
        tuple(
            (
                dwelling,
                by_door.get((dwelling.id, Capacity.OWNER)),
                by_door.get((dwelling.id, Capacity.TENANT)),
            )
            for dwelling in _doors(plan.building_id).values()
        ),
        former,
    )


@dataclass(frozen=True)
class Reach:
    """Who has answered at all: per entrance and floor, and the doors that have not."""

    dwellings: tuple[Dwelling, ...]
    answered: frozenset[int]

    @property
    def missing(self) -> tuple[Dwelling, ...]:
        """The dwellings from which nothing has come yet."""
        return tuple(one for one in self.dwellings if one.id not in self.answered)


def reach(actor: Actor, plan: Plan) -> Reach:
    """Who has been reached, within the actor's own part of the building; never what was said.

    A household counts as reached when its owner or its tenant has answered anything.
    """
    query = (
        select(AnswerSheet.dwelling_id)
        .join(ItemAnswer, ItemAnswer.sheet_id == AnswerSheet.id)
        .where(AnswerSheet.plan_id == plan.id)
        .distinct()
    )
    answered = frozenset(current_session().scalars(query))
    community = plan.scope.community
    dwellings = tuple(
        dwelling
        for dwelling in _doors(plan.building_id).values()
        if any(
            grant.allows(Permission.TRACK_REACH)
            and grant.scope.community in (None, community)
            and grant.scope.building in (None, plan.building_id)
            and grant.scope.entrance in (None, dwelling.entrance_id)
            for grant in actor.grants
        )
    )
    return Reach(dwellings, answered)
