"""Statements that go with every request, or under a lock: compiled once and handed to the driver.

SQLAlchemy writes them, once for each engine, and says how values go in and come out. What is left
out is its way from a statement to the driver, which it goes anew for every execution and which
takes longer than the database does (docs/decisions/0021). Errors come as its own all the same, and
whoever listens for statements on the engine hears of these too (``models.links``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ARRAY, JSON, ColumnElement, any_, bindparam, func, select
from sqlalchemy.engine import Dialect

from models import database, links
from models.database import opened, session
from models.links import POSTGRESQL, Bound, Link, Statement, Text, Values


def among(engine: str, column: Any, name: str) -> ColumnElement[bool]:
    """Whether the column is in the list bound by this name: one text however long the list is."""
    if engine == POSTGRESQL:
        found: ColumnElement[bool] = column == any_(bindparam(name, type_=ARRAY(column.type)))
    else:
        listed = func.json_each(bindparam(name, type_=JSON())).table_valued("value")
        found = column.in_(select(listed.c.value))
    return found


class Prepared:
    """A SELECT of plain columns, or an INSERT of whole rows; ``build`` makes it for an engine."""

    def __init__(self, build: Callable[[str], Statement]) -> None:
        self.build = build
        self.texts: dict[str, Text] = {}

    def on(self, dialect: Dialect) -> Text:
        """The statement as this engine takes it."""
        text = self.texts.get(dialect.name)
        if text is None:
            text = self.texts[dialect.name] = Text(self.build(dialect.name), dialect)
        return text

    def with_values(self, link: Link, values: Values) -> Bound:
        """The statement as the engine behind the link takes it, and its values."""
        text = self.on(link.engine.dialect)
        return text, text.bound(values)

    def rows(self, link: Link, values: Values, locks: Sequence[Asked] = ()) -> list[Any]:
        """The rows found, after taking these locks; one journey to PostgreSQL."""
        return rows(link, [(self, values)], locks)[0]

    def glance(self, values: Values) -> list[Any]:
        """The rows found in no transaction, unless the session has one open.

        For what a request asks before its use case begins: a transaction of its own would cost the
        beginning and the end.
        """
        if opened() and session().in_transaction():
            return self.rows(links.of(session().connection()), values)
        with database.link() as link:
            return self.rows(link, values)


Asked = tuple[Prepared, Values]


def rows(link: Link, asked: Sequence[Asked], locks: Sequence[Asked] = ()) -> list[list[Any]]:
    """The rows found by each of these, after taking these locks; one journey to PostgreSQL."""
    return link.rows(_with_values(link, asked), _with_values(link, locks))


def send(link: Link, asked: Sequence[Asked], *, commit: bool = False) -> None:
    """Write all of these, and at the end, if so wished, COMMIT; one journey to PostgreSQL.

    When one of them is refused, what comes after it is not done.
    """
    link.send(_with_values(link, asked), commit=commit)


def _with_values(link: Link, asked: Sequence[Asked]) -> list[Bound]:
    return [one.with_values(link, values) for one, values in asked]
