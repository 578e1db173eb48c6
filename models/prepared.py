"""Statements that go with every request, or under a lock: compiled once and handed to the driver.

SQLAlchemy writes them, once for each engine, and says how values go in and come out. What is left
out is its way from a statement to the driver, which it goes anew for every execution and which
takes longer than the database does (docs/decisions/0021). Errors come as its own all the same, and
whoever listens for statements on the engine hears of these too.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import ARRAY, JSON, ColumnElement, any_, bindparam, func, select
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.selectable import Select
from sqlalchemy.types import TypeEngine

from models.database import engine, session, unopened

POSTGRESQL = "postgresql"
Values = Mapping[str, Any]
Statement = Select[*tuple[Any, ...]] | Insert
Invalidate = Callable[[BaseException], None]


def among(engine: str, column: Any, name: str) -> ColumnElement[bool]:
    """Whether the column is in the list bound by this name: one text however long the list is."""
    if engine == POSTGRESQL:
        found: ColumnElement[bool] = column == any_(bindparam(name, type_=ARRAY(column.type)))
    else:
        listed = func.json_each(bindparam(name, type_=JSON())).table_valued("value")
        found = column.in_(select(listed.c.value))
    return found


class _Text:
    """A statement as one engine's driver takes it."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        names = _columns_written(statement)
        compiled: Any = statement.compile(dialect=dialect, column_keys=names)
        self.sql: str = compiled.string
        self.fixed: dict[str, Any] = dict(compiled.params)
        self.order: Sequence[str] | None = compiled.positiontup
        self.binds = {
            name: into
            for bind, name in compiled.bind_names.items()
            if (into := _impl(bind.type, dialect).bind_processor(dialect)) is not None
        }
        if isinstance(statement, Select):
            columns = [(column.key, column.type) for column in statement.selected_columns]
            # The names are the statement's, so no checker can know them.
            self.row = namedtuple("Row", [name for name, _type in columns])  # type: ignore[misc]
            self.brought = [
                (place, out)
                for place, (_name, type_) in enumerate(columns)
                if (out := _impl(type_, dialect).result_processor(dialect, None)) is not None
            ]

    def bound(self, values: Values) -> Sequence[Any] | Mapping[str, Any]:
        """The values as the driver takes them."""
        whole = {**self.fixed, **values}
        for name, into in self.binds.items():
            whole[name] = into(whole[name])
        return whole if self.order is None else [whole[name] for name in self.order]

    def rows(self, cursor: Any) -> list[Any]:
        """What the driver brought, as rows whose columns have names."""
        found = []
        for line in cursor.fetchall():
            values = list(line)
            for place, out in self.brought:
                values[place] = out(values[place])
            found.append(self.row(*values))
        return found


def _columns_written(statement: Statement) -> list[str] | None:
    if not isinstance(statement, Insert) or statement.select is not None:
        return None
    return [column.name for column in statement.table.c if not column.primary_key]


def _impl(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return type_.dialect_impl(dialect)


class Prepared:
    """A SELECT of plain columns, or an INSERT of whole rows; ``build`` makes it for an engine."""

    def __init__(self, build: Callable[[str], Statement]) -> None:
        self.build = build
        self.texts: dict[str, _Text] = {}

    def on(self, dialect: Dialect) -> _Text:
        """The statement as this engine's driver takes it."""
        text = self.texts.get(dialect.name)
        if text is None:
            text = self.texts[dialect.name] = _Text(self.build(dialect.name), dialect)
        return text

    def rows(self, connection: Connection, values: Values) -> list[Any]:
        """The rows found inside the connection's transaction."""
        return together(connection, (self, values))[0]

    def glance(self, values: Values) -> list[Any]:
        """The rows found in no transaction, unless the session has one open.

        For what a request asks before its use case begins: a transaction of its own would cost the
        beginning and the end, on PostgreSQL a journey each.
        """
        if unopened() is None and session().in_transaction():
            return self.rows(session().connection(), values)
        asked = engine()
        text = self.on(asked.dialect)
        bound = text.bound(values)
        _heard(asked, None, text.sql, bound)
        with _by_itself(asked) as raw:
            return text.rows(raw.execute(text.sql, bound))


Asked = tuple[Prepared, Values]


def together(connection: Connection, *asked: Asked) -> list[list[Any]]:
    """What each of these brings, one after the other, in one journey to PostgreSQL."""
    raw = _begun(connection)
    with _errors(connection.engine, raw, connection.invalidate):
        with _one_journey(connection, raw) if len(asked) > 1 else nullcontext():
            cursors = [_sent(connection, raw, *one) for one in asked]
        texts = [one.on(connection.dialect) for one, _values in asked]
        return [text.rows(cursor) for text, cursor in zip(texts, cursors, strict=True)]


def send(connection: Connection, asked: Sequence[Asked], *, commit: bool = False) -> None:
    """Write all of these, and at the end, if so wished, COMMIT; one journey to PostgreSQL.

    When one of them is refused, what comes after it is not done.
    """
    raw = _begun(connection)
    with _errors(connection.engine, raw, connection.invalidate), _one_journey(connection, raw):
        for one in asked:
            _sent(connection, raw, *one)
        if commit:
            raw.execute("COMMIT")


def _one_journey(connection: Connection, raw: Any) -> AbstractContextManager[Any]:
    """What is sent inside goes without waiting for what came before it."""
    return raw.pipeline() if connection.dialect.name == POSTGRESQL else nullcontext()


def _begun(connection: Connection) -> Any:
    """The driver's connection, whose transaction has begun."""
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.dbapi_connection


def _sent(connection: Connection, raw: Any, one: Prepared, values: Values) -> Any:
    text = one.on(connection.dialect)
    bound = text.bound(values)
    _heard(connection.engine, connection, text.sql, bound)
    return raw.execute(text.sql, bound)


def _heard(engine: Engine, connection: Connection | None, sql: str, bound: Any) -> None:
    for listener in engine.dispatch.before_cursor_execute:
        listener(connection, None, sql, bound, None, False)


@contextmanager
def _by_itself(engine: Engine) -> Iterator[Any]:
    """A connection of the driver's on which every statement stands for itself."""
    with _errors(engine):
        borrowed = engine.raw_connection()
    raw: Any = borrowed.dbapi_connection
    try:
        with _errors(engine, raw, borrowed.invalidate):
            if engine.dialect.name == POSTGRESQL:
                raw.autocommit = True
                try:
                    yield raw
                finally:
                    if not raw.closed:
                        raw.autocommit = False
            else:
                yield raw
    finally:
        borrowed.close()


@contextmanager
def _errors(
    engine: Engine, raw: Any = None, invalidate: Invalidate | None = None
) -> Iterator[None]:
    """The driver's errors as SQLAlchemy's; who has lost the server loses its connections to it."""
    dialect = engine.dialect
    try:
        yield
    except dialect.loaded_dbapi.Error as error:
        gone = dialect.is_disconnect(error, raw, None)
        if gone and invalidate is not None:
            invalidate(error)
            engine.dispose()
        raise DBAPIError.instance(
            None,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=dialect,
        ) from error
