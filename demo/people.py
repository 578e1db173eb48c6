"""Who can be tried in the demo: the loader writes the list, the pages read it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.accounts import Account
from models.database import session


@dataclass(frozen=True)
class Person:
    """Somebody to try: who, in both languages, and how they sign in without the list."""

    account_id: int
    name: str
    about_zh: str
    about_en: str
    sign_in: str


def _file() -> Path:
    return Path(current_app.instance_path) / "demo-people.json"


def write(listed: list[Person]) -> None:
    """Keep the list beside the database it belongs to."""
    plain = [asdict(one) for one in listed]
    _file().write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")


def people() -> list[Person]:
    """The people to try; empty when the demo's data was not loaded."""
    if not _file().exists():
        return []
    return [Person(**plain) for plain in json.loads(_file().read_text(encoding="utf-8"))]


def person(account_id: int) -> Account | None:
    """The account of one of the listed people, with its grants."""
    if all(one.account_id != account_id for one in people()):
        return None
    return session().scalar(
        select(Account).where(Account.id == account_id).options(selectinload(Account.grants))
    )
