"""Prepared statements say what SQLAlchemy's own way says: values, errors, listeners."""

from __future__ import annotations

import os
import socket
import sqlite3
from datetime import UTC, datetime
from enum import StrEnum

import psycopg
import pytest
from sqlalchemy import String, bindparam, func, insert, literal_column, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from domain.errors import Failure
from extensions import db
from models import database, failures, links, spare
from models.audit import AuditEntry
from models.database import opened
from models.database import session as current_session
from models.prepared import Prepared, among, send
from services.transaction import transaction
from tests.statements import counting

postgresql = pytest.mark.parametrize("place", ["postgresql"], indirect=True)


class Kind(StrEnum):
    TRIED = "tried"


AT = datetime(2026, 9, 1, 1, 2, 3, 456789, tzinfo=UTC)
APPEND = Prepared(lambda _engine: insert(AuditEntry).inline())
ENTRIES = Prepared(
    lambda engine: (
        select(AuditEntry.seq, AuditEntry.at, AuditEntry.account_id.label("account"))
        .where(AuditEntry.chain == bindparam("chain"), among(engine, AuditEntry.seq, "numbers"))
        .order_by(AuditEntry.seq)
    )
)


def entry(seq: int, at: datetime = AT) -> dict[str, object]:
    return {
        "chain": "of its own",
        "seq": seq,
        "at": at,
        "account_id": None,
        "action": "tried",
        "event": "{}",
        "previous": "0",
        "digest": "1",
    }


def written(*seqs: int) -> None:
    with transaction() as session:
        send(links.of(session.connection()), [(APPEND, entry(seq)) for seq in seqs])


def found(*numbers: int) -> list[tuple[object, ...]]:
    return ENTRIES.glance({"chain": "of its own", "numbers": list(numbers)})


def test_values_come_out_as_they_went_in(app):
    written(1, 2, 3)
    assert found(1, 3, 9) == [(1, AT, None), (3, AT, None)]
    assert found() == []
    one = found(2)[0]
    assert (one.seq, one.at.tzinfo, one.account) == (2, UTC, None)


def test_an_instant_without_a_zone_is_refused(app):
    with pytest.raises(ValueError, match="time zone"), transaction() as session:
        send(links.of(session.connection()), [(APPEND, entry(1, AT.replace(tzinfo=None)))])
    assert found(1) == []


def test_a_glance_opens_neither_a_session_nor_a_transaction(app):
    db.session.remove()
    assert not opened()
    assert found(1) == []
    assert not opened()
    with database.link() as link:
        assert not (
            link.raw.in_transaction
            if link.engine.dialect.name == "sqlite"
            else link.raw.info.transaction_status
        )


def test_a_unit_of_work_keeps_its_link_until_it_opens_a_session(app):
    db.session.remove()
    taken = db.engine.pool.checkedout
    found(1)
    with database.link() as link:
        first = link.raw
    found(1)
    with database.link() as link:
        assert link.raw is first
    assert taken() == 1
    assert database.LINK in database.notes()
    current_session()
    assert database.LINK not in database.notes()


def test_the_link_of_a_unit_of_work_that_ended_is_the_next_ones(place):
    taken = raws(place, 2)
    assert taken[0] is taken[1]
    with place.app.app_context():
        first, second = links.take(db.engine), links.take(db.engine)
        assert first.raw is taken[0]
        assert second.raw is not first.raw
        # Of two at once one is laid by.
        first.lay_by()
        second.lay_by()
        assert db.engine.pool.checkedout() == 1
        assert links.take(db.engine).raw is first.raw


def test_a_link_on_which_something_was_begun_is_not_laid_by(place):
    with place.app.app_context(), database.link() as link:
        link.begin_to_write()
    with place.app.app_context():
        assert db.engine.pool.checkedout() == 0


def raws(place, units):
    """The connections that so many units of work were handed, one after the other."""
    found = []
    for _ in range(units):
        with place.app.app_context(), database.link() as link:
            found.append(link.raw)
    return found


def test_what_was_laid_by_is_closed_with_the_others(place):
    laid_by = raws(place, 1)[0]
    with place.app.app_context():
        db.engine.dispose()
        assert db.engine.pool.checkedout() == 0
    assert raws(place, 1)[0] is not laid_by
    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError)):
        laid_by.execute("SELECT 1")


@postgresql
def test_what_was_laid_by_and_died_is_not_handed_out(place, monkeypatch):
    laid_by = raws(place, 1)[0]
    pid = laid_by.info.backend_pid
    with place.app.app_context():
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        # As if it had lain for a while: it is asked before it is used.
        monkeypatch.setattr(spare, "FRESH", 0)
        assert found(1) == []
        assert raws(place, 1)[0] is not laid_by


@postgresql
def test_when_the_pool_has_lost_one_what_was_laid_by_is_asked_too(place):
    laid_by = raws(place, 1)[0]
    with place.app.app_context():
        lost = current_session().scalar(select(func.pg_backend_pid()))
        with db.engine.connect() as other:
            for pid in (lost, laid_by.info.backend_pid):
                other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        with pytest.raises(OperationalError):
            current_session().scalar(select(1))
        db.session.remove()
    with place.app.app_context():
        assert found(1) == []


def test_a_link_of_a_pool_that_is_gone_is_not_laid_by(place, monkeypatch):
    with place.app.app_context():
        # Disposed of while the connection is on its way, and between being looked at and laid by.
        engine = db.engine
        engine.dispose()
        connect = engine.raw_connection

        def overtaken():
            made = connect()
            engine.dispose()
            return made

        with monkeypatch.context() as patched:
            patched.setattr(engine, "raw_connection", overtaken)
            late = links.take(engine)
        assert not spare.spare_of(engine).keeps(late)
        late.pooled.invalidate()
        laid_by = links.take(engine)
        engine.dispose()
        spare.spare_of(engine).links.append(laid_by)
        assert found(1) == []
        assert database.notes()[database.LINK].raw is not laid_by.raw


def test_an_engine_that_is_prepared_again_keeps_its_spare(place):
    with place.app.app_context():
        kept = spare.spare_of(db.engine)
        spare.keep_one_by(db.engine)
        assert spare.spare_of(db.engine) is kept


def test_a_glance_inside_a_transaction_sees_what_it_wrote(app):
    with transaction() as session:
        send(links.of(session.connection()), [(APPEND, entry(7))])
        assert [row.seq for row in found(7)] == [7]


def test_of_what_is_asked_under_locks_the_last_is_what_is_wanted(app):
    written(1, 2)
    first, second = ({"chain": "of its own", "numbers": [seq]} for seq in (1, 2))
    with database.link() as link:
        assert [row.seq for row in ENTRIES.rows(link, second, [(ENTRIES, first)])] == [2]


def test_drivers_are_handed_plain_values_and_each_place_has_its_own(app):
    where = AuditEntry.action == Kind.TRIED, AuditEntry.event == bindparam("event", type_=String)
    asked = Prepared(lambda _engine: select(AuditEntry.seq).where(*where))
    values = asked.on(db.engine.dialect).bound({"event": "{}"})
    assert sorted(values) == ["tried", "{}"]
    assert {type(value) for value in values} == {str}
    written(1)
    assert asked.glance({"event": "{}"}) == [(1,)]
    with pytest.raises(KeyError):
        asked.glance({})


def test_who_counts_statements_hears_of_these_too(app):
    with counting() as seen:
        found(1)
        written(1)
    assert [text.split()[0] for text in seen] == ["SELECT", "INSERT"]


def test_what_the_database_refuses_comes_as_an_error_of_sqlalchemys_and_leaves_nothing(app):
    with pytest.raises(IntegrityError), transaction() as session:
        send(links.of(session.connection()), [(APPEND, entry(seq)) for seq in (4, 4, 5)])
    assert found(4, 5) == []
    # The same connection goes on as if nothing had been.
    written(4)
    assert [row.seq for row in found(4, 5)] == [4]


def test_after_what_was_refused_nothing_is_committed(app):
    with pytest.raises(IntegrityError), database.link() as link:
        link.begin_to_write()
        send(link, [(APPEND, entry(6)), (APPEND, entry(6))], commit=True)
    assert found(6) == []


def test_what_is_sent_with_the_commit_is_stored(app):
    with database.link() as link:
        link.begin_to_write()
        send(link, [(APPEND, entry(8)), (APPEND, entry(9))], commit=True)
    assert [row.seq for row in found(8, 9)] == [8, 9]


def test_what_was_not_committed_is_not_there(app):
    with database.link() as link:
        link.begin_to_write()
        send(link, [(APPEND, entry(8))])
    assert found(8) == []
    with pytest.raises(ZeroDivisionError), transaction() as session:
        send(links.of(session.connection()), [(APPEND, entry(8))])
        raise ZeroDivisionError
    assert found(8) == []


@pytest.mark.parametrize(
    "text",
    ["' || current_user || '", "\\' OR 1=1; --", "a'b\"c''", "$1 %s :seq %(seq)s", "楼议 🏠\n", ""],
)
def test_no_text_is_taken_for_a_statement(app, text):
    with transaction() as session:
        send(links.of(session.connection()), [(APPEND, {**entry(1), "event": text})])
    written_down = Prepared(
        lambda engine: select(AuditEntry.seq, AuditEntry.event).where(
            AuditEntry.event == bindparam("event", type_=AuditEntry.event.type),
            among(engine, AuditEntry.event, "any"),
        )
    )
    assert written_down.glance({"event": text, "any": [text, "another"]}) == [(1, text)]
    assert written_down.glance({"event": text, "any": ["another"]}) == []


def test_a_statement_that_is_none_is_an_error_of_sqlalchemys(app):
    broken = Prepared(lambda _engine: select(literal_column("nothing_of_the_kind").label("it")))
    with pytest.raises((ProgrammingError, OperationalError)):
        broken.glance({})
    assert found(1) == []


@postgresql
def test_who_has_lost_the_server_is_told_so_and_gets_another_connection(app):
    ended = Prepared(
        lambda _engine: select(func.pg_terminate_backend(func.pg_backend_pid()).label("ended"))
    )
    with pytest.raises(OperationalError) as lost:
        ended.glance({})
    assert lost.value.connection_invalidated
    assert failures.of(lost.value) is Failure.LOST
    assert found(1) == []


@postgresql
def test_a_server_that_went_away_without_a_word_is_lost_too(app):
    with pytest.raises(OperationalError) as lost, database.link() as link:
        with socket.socket(fileno=os.dup(link.raw.pgconn.socket)) as wire:
            wire.shutdown(socket.SHUT_RDWR)
        ENTRIES.rows(link, {"chain": "of its own", "numbers": [1]})
    assert lost.value.connection_invalidated
    assert failures.of(lost.value) is Failure.LOST
    assert found(1) == []


@postgresql
def test_a_transaction_in_which_something_failed_is_never_taken_for_stored(app):
    with pytest.raises(RuntimeError, match="had failed"), database.link() as link:
        link.begin_to_write()
        with pytest.raises(IntegrityError):
            send(link, [(APPEND, entry(6)), (APPEND, entry(6))])
        send(link, [], commit=True)
    assert found(6) == []
