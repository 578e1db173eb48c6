"""The driver's own connection, from SQLAlchemy's pool, and how prepared statements go over it.

SQLite is asked statement by statement; it is in the process. A journey to PostgreSQL costs more
than what is done there, so what belongs together goes in one message: the beginning of the
transaction, the locks and what is read under them; or what is written and the COMMIT. Statements
are prepared on the connection by their first use and carried out by name, each with a snapshot of
its own.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from itertools import count
from sqlite3 import Error as SQLiteError
from time import perf_counter_ns
from typing import Any

from psycopg import Error as PostgreSQLError
from psycopg import OperationalError, abc
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import DiagnosticField, Escaping, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import Pool
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.selectable import Select
from sqlalchemy.types import TypeEngine

from models.awake import Awake
from models.spare import spare_of

POSTGRESQL = "postgresql"
Values = Mapping[str, Any]
Statement = Select[*tuple[Any, ...]] | Insert
_numbers = count(1)


class Text:
    """A statement as one engine takes it, and how values go in and come out."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        if dialect.name == POSTGRESQL:
            # Places with numbers, as in PREPARE, instead of the driver's own.
            kind: Any = type(dialect)
            dialect = kind(paramstyle="numeric_dollar")
        compiled: Any = statement.compile(dialect=dialect, column_keys=_columns_written(statement))
        self.name = b"louyi_%d" % next(_numbers)
        self.sql: str = compiled.string
        self.fixed: dict[str, Any] = {
            name: value.value if isinstance(value, Enum) else value
            for name, value in compiled.params.items()
            if value is not None and not compiled.binds[name].required
        }
        self.order: Sequence[str] = compiled.positiontup
        into = {
            name: _impl(bind.type, dialect).bind_processor(dialect)
            for bind, name in compiled.bind_names.items()
        }
        self.binds = [(name, process) for name, process in into.items() if process is not None]
        if isinstance(statement, Select):
            columns = [(column.key, column.type) for column in statement.selected_columns]
            # The names are the statement's, so no checker can know them.
            row: Any = namedtuple("Row", [name for name, _type in columns])  # type: ignore[misc]
            self.row = row._make
            self.brought = [
                (place, out)
                for place, (_name, type_) in enumerate(columns)
                if (out := _impl(type_, dialect).result_processor(dialect, None)) is not None
            ]

    def bound(self, values: Values) -> list[Any]:
        """The values in the order of their places."""
        if not self.fixed and not self.binds:
            return [values[name] for name in self.order]
        whole = {**self.fixed, **values}
        for name, into in self.binds:
            whole[name] = into(whole[name])
        return [whole[name] for name in self.order]

    def rows(self, lines: Iterable[Sequence[Any]]) -> list[Any]:
        """What the driver brought, as rows whose columns have names."""
        found = []
        for line in lines:
            values = list(line)
            for place, out in self.brought:
                values[place] = out(values[place])
            found.append(self.row(values))
        return found


def _columns_written(statement: Statement) -> list[str] | None:
    if not isinstance(statement, Insert) or statement.select is not None:
        return None
    return [column.name for column in statement.table.c if not column.primary_key]


def _impl(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return type_.dialect_impl(dialect)


Bound = tuple[Text, list[Any]]


class Link:
    """A driver's connection in the hands of one thread. ``inside``: what is sent over it belongs to
    a transaction, which begins with the first of it; otherwise each statement stands for itself.
    ``awake``: nobody else in this process wants the same just now, so that answers may be waited
    for without going to sleep (``models.awake``)."""

    def __init__(
        self, engine: Engine, pooled: Any, lost: Callable[[Any], None], *, inside: bool = False
    ) -> None:
        self.engine = engine
        self.pooled = pooled
        self.raw = pooled.dbapi_connection
        self.info: dict[Any, Any] = pooled.info
        self.lost = lost
        self.inside = inside
        self.awake = False
        # Whose it is; of one that is only borrowed nobody asks.
        self.pool: Pool | None = None

    def give_back(self) -> None:
        """Back to the pool; what is not committed is rolled back."""
        self.pooled.close()

    def lay_by(self) -> None:
        """All went well on it, and nothing is begun: kept for whoever comes next, or given back."""
        self.awake = False
        spare = spare_of(self.engine)
        if spare is None or not spare.keeps(self):
            self.give_back()

    def answers(self) -> bool:
        """Whether somebody is there at the other end."""
        try:
            return self.engine.dialect.do_ping(self.raw)
        except self.engine.dialect.loaded_dbapi.Error as error:
            if not self.as_sqlalchemys(error).connection_invalidated:
                self.give_back()
            return False

    def begin_to_write(self) -> None:
        """From now on what is sent belongs to a transaction that writes."""
        self.inside = True

    def rows(self, asked: Sequence[Bound], locks: Sequence[Bound] = ()) -> list[list[Any]]:
        """The rows found by each, after taking these locks, whose own rows nobody wants."""
        raise NotImplementedError

    def send(self, writes: Sequence[Bound], *, commit: bool = False) -> None:
        """Write all of these and at the end, if so wished, COMMIT. When one is refused, what comes
        after it is not done."""
        raise NotImplementedError

    def as_sqlalchemys(self, error: Any) -> Any:
        """An error of the driver's as one of SQLAlchemy's; whoever has lost the server loses all
        connections to it."""
        gone = self.engine.dialect.is_disconnect(error, self.raw, None)
        if gone:
            self.lost(error)
            self.engine.dispose()
        return as_sqlalchemys(self.engine, error, gone=gone)

    def heard(self, asked: Iterable[Bound]) -> None:
        """Who listens for statements on the engine hears of these too."""
        for listener in self.engine.dispatch.before_cursor_execute:
            for text, values in asked:
                listener(None, None, text.sql, values, None, False)


def as_sqlalchemys(engine: Engine, error: Any, *, gone: bool = False) -> Any:
    """An error of the driver's as SQLAlchemy would have raised it; without the values."""
    kind = engine.dialect.loaded_dbapi.Error
    return DBAPIError.instance(
        None,
        None,
        error,
        kind,
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=engine.dialect,
    )


class OfSQLite(Link):
    """In the process: one statement after the other."""

    def begin_to_write(self) -> None:
        super().begin_to_write()
        try:
            self.raw.execute("BEGIN IMMEDIATE")
        except SQLiteError as error:
            raise self.as_sqlalchemys(error) from error

    def rows(self, asked: Sequence[Bound], locks: Sequence[Bound] = ()) -> list[list[Any]]:
        self.heard([*locks, *asked])
        try:
            for lock, held in locks:
                self.raw.execute(lock.sql, held)
            return [
                text.rows(self.raw.execute(text.sql, values).fetchall()) for text, values in asked
            ]
        except SQLiteError as error:
            raise self.as_sqlalchemys(error) from error

    def send(self, writes: Sequence[Bound], *, commit: bool = False) -> None:
        self.heard(writes)
        try:
            for text, values in writes:
                self.raw.execute(text.sql, values)
            if commit:
                self.raw.execute("COMMIT")
                self.inside = False
        except SQLiteError as error:
            raise self.as_sqlalchemys(error) from error


TONGUE = "louyi_tongue"
DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class _Tongue:
    """What a connection to PostgreSQL knows: the statements prepared on it, and how values are
    written and read there."""

    def __init__(self, raw: Any) -> None:
        self.prepared: set[bytes] = set()
        self.loader: abc.Transformer = Transformer(raw)
        self.quoted: Callable[[bytes], bytes] = Escaping(raw.pgconn).escape_literal
        self.awake = Awake(raw.pgconn.socket)

    def execute(self, asked: Bound) -> bytes:
        """What carries out a prepared statement with these values."""
        text, values = asked
        if not values:
            return b"EXECUTE " + text.name
        return b"EXECUTE %s(%s)" % (text.name, b",".join(map(self.literal, values)))

    def literal(self, value: Any) -> bytes:
        """The value as it stands in a statement. What the driver does too, without looking for who
        can do it."""
        kind = type(value)
        if kind is int:
            return b"%d" % value
        if kind is str:
            return self.quoted(value.encode())
        if kind is datetime:
            return b"'%s'" % value.isoformat().encode()
        if value is None:
            return b"NULL"
        if kind is list and value:
            return b"ARRAY[%s]" % b",".join(map(self.literal, value))
        return self.loader.as_literal(value)


class OfPostgreSQL(Link):
    """Over there: one message, one answer. Values are written into it by libpq's own escaping."""

    def __init__(self, *of_what: Any, **how: Any) -> None:
        super().__init__(*of_what, **how)
        self.tongue: _Tongue = self.info.get(TONGUE) or _Tongue(self.raw)
        self.info[TONGUE] = self.tongue

    def rows(self, asked: Sequence[Bound], locks: Sequence[Bound] = ()) -> list[list[Any]]:
        brought = self._carried_out([*locks, *asked])[-len(asked) :]
        loader = self.tongue.loader
        found = []
        for (text, _values), result in zip(asked, brought, strict=True):
            loader.set_pgresult(result)
            found.append(text.rows(loader.load_rows(0, result.ntuples, tuple)))
        return found

    def send(self, writes: Sequence[Bound], *, commit: bool = False) -> None:
        if commit:
            answers = self._carried_out(writes, [b"COMMIT"])
            if answers[-1].command_status != b"COMMIT":
                # One in which something had failed is rolled back by a COMMIT, without an error.
                raise RuntimeError("a transaction that had failed was to be committed")
            self.inside = False
        elif writes:
            self._carried_out(writes)

    def _carried_out(self, asked: Sequence[Bound], last: Sequence[bytes] = ()) -> list[PGresult]:
        """One message; the answer to each of its parts, which come only when all went well."""
        self.heard(asked)
        try:
            for text, _values in asked:
                if text.name not in self.tongue.prepared:
                    self._told(b"PREPARE %s AS %s" % (text.name, text.sql.encode()))
                    self.tongue.prepared.add(text.name)
            idle = self.raw.pgconn.transaction_status == TransactionStatus.IDLE
            first = [b"BEGIN"] if self.inside and idle else []
            return self._told(b";".join([*first, *map(self.tongue.execute, asked), *last]))
        except PostgreSQLError as error:
            raise self.as_sqlalchemys(error) from error

    def _told(self, message: bytes) -> list[PGresult]:
        asked, awake = perf_counter_ns(), self.tongue.awake
        self.raw.pgconn.send_query(message)
        if self.awake and awake.is_worth_it():
            awake.wait(asked)
        # Waits without holding up the other threads of the process.
        came = [_done(result, self.raw) for result in self.raw.wait(execute(self.raw.pgconn))]
        awake.note(asked)
        return came


def _done(result: PGresult, raw: Any) -> PGresult:
    """The result, if it is one; else the error that it is."""
    if result.status in DONE:
        return result
    if result.error_field(DiagnosticField.SQLSTATE):
        raise error_from_result(result)
    # No answer of the server's: it is gone, whether the connection has noticed or not.
    raw.close()
    raise OperationalError(result.get_error_message())


def _kind(engine: Engine) -> type[Link]:
    return OfPostgreSQL if engine.dialect.name == POSTGRESQL else OfSQLite


def take(engine: Engine) -> Link:
    """A connection for one unit of work, which lays it by or gives it back."""
    spare = spare_of(engine)
    laid_by = spare.take() if spare is not None else None
    if laid_by is not None:
        return laid_by
    pool = engine.pool
    try:
        pooled: Any = engine.raw_connection()
    except engine.dialect.loaded_dbapi.Error as error:
        raise as_sqlalchemys(engine, error) from error
    link = _kind(engine)(engine, pooled, pooled.invalidate)
    link.pool = pool
    return link


def of(connection: Connection) -> Link:
    """The link under a connection of SQLAlchemy's, inside that one's transaction."""
    if not connection.in_transaction():
        connection.begin()
    engine = connection.engine
    return _kind(engine)(engine, connection.connection, connection.invalidate, inside=True)
