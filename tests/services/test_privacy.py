"""Erasure after the year to challenge a decision; one's own data taken along (trust.md §3.9)."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from models.accounts import Account
from models.audit import AuditEntry
from models.base import Base
from models.database import session
from models.deliveries import Delivery
from models.mandates import Mandate, PaperDetail
from models.platforms import PlatformResult
from models.privacy import Erasure
from models.publications import Publication
from models.votes import MotionCount, Representative, Roll, RollOwner
from services import audit, bundles, counts, purging, signing
from services.transaction import transaction
from tests import bundles_world
from tests.privacy_world import (
    LEAVES,
    ONE_ENGINE,
    WORDS,
    hits,
    personal_rows,
    sells,
    voting_rows,
)
from tests.verifier.standalone import packed, unpacked, verify


@pytest.fixture
def decided(world):
    """A resolution in force, with answers and objections; afterwards 602 is sold and left empty."""
    resolution = bundles_world.one_resolution(world)
    personal_rows(world, resolution)
    voting_rows(world, resolution, LEAVES)
    sells(world)
    return resolution


def stored() -> str:
    """Everything that stands in the database, as one text."""
    session().rollback()
    values = []
    for table in Base.metadata.sorted_tables:
        for row in session().execute(select(table)):
            values += [value for value in row if not isinstance(value, bytes)]
    return "\n".join(map(repr, values))


def a_year_later(clock) -> None:
    clock.move(days=420)


def full(world, resolution) -> bytes:
    return bundles.full_bundle(world.actor(world.committee), resolution, now=world.clock())


def rows() -> int:
    session().rollback()
    return sum(len(session().execute(select(table)).all()) for table in Base.metadata.sorted_tables)


@pytest.mark.trust("3.9")
def test_after_the_year_nothing_personal_is_left_and_everything_decided_still_verifies(
    world, clock, decided, tmp_path, figure, capsys
):
    chain = audit.plan_chain(decided.plan_id)
    head = audit.head(chain)
    before = {name: unpacked(full(world, decided))[name] for name in bundles_files()}
    a_year_later(clock)
    recounted = {one.motion_id: counts.recount(one.motion) for one in every_count()}
    figures = purging.purge(apply=True, now=clock())
    left = hits(stored())
    archive = full(world, decided)
    after = unpacked(archive)
    path = packed(after, tmp_path / "bundle.zip")
    verified = verify.main([str(path), "--key", signing.current().fingerprint, "--full"])
    figure("erased", sum(figures.figures().values()), "markers left", len(left))
    assert left == []
    assert verified == 0
    assert {name: after[name] for name in before} == before
    assert {one.motion_id: counts.recount(one.motion) for one in every_count()} == recounted
    # One count's motion was given more words about it afterwards.
    assert (
        sum(one.document == recounted[one.motion_id] for one in every_count()) == len(recounted) - 1
    )
    checked = audit.check(chain, known=head)
    assert checked.fault is None
    assert audit.check(audit.SYSTEM_CHAIN).fault is None
    assert set(session().scalars(select(RollOwner.name))) == {"—"}


def every_count() -> list[MotionCount]:
    return list(session().scalars(select(MotionCount)))


def bundles_files() -> tuple[str, ...]:
    return ("resolution.json", "signature", "counts.json", "roll.json", "ballots.json")


@pytest.mark.trust("3.9", control=True)
def test_the_search_finds_what_a_forgetful_purge_leaves(world, clock, decided, monkeypatch):
    assert hits(stored()) == [*WORDS, LEAVES]
    a_year_later(clock)
    monkeypatch.setattr(purging, "erase_objections", lambda *_arguments: 0)
    monkeypatch.setattr(purging, "_owners", lambda *_arguments: None)
    purging.purge(apply=True, now=clock())
    assert hits(stored()) == [*WORDS[1:4], LEAVES]


def test_before_the_year_is_over_nothing_goes_and_the_database_itself_refuses(
    world, clock, decided
):
    clock.move(days=300)
    figures = purging.purge(apply=True, now=clock()).figures()
    assert not figures.keys() & {"plans", "answers", "objections", "roll_names", "owners"}
    assert {WORDS[0], WORDS[1], LEAVES} <= set(hits(stored()))
    hold = purging.holds(now=clock())[decided.plan_id]
    assert hold.until is not None and hold.until > clock()
    with pytest.raises(DBAPIError, match="roll_owners is frozen"), transaction() as current:
        current.execute(update(RollOwner).values(name="—"))
    with pytest.raises(DBAPIError, match="after_the_year"), transaction() as current:
        current.add(Erasure(plan_id=decided.plan_id, until=hold.until, erased_at=clock()))
        current.flush()


def test_the_gap_in_the_triggers_lets_nothing_but_an_erasure_through(world, clock, decided):
    a_year_later(clock)
    until = purging.holds(now=clock())[decided.plan_id].until
    with transaction() as current:
        current.add(Erasure(plan_id=decided.plan_id, until=until, erased_at=clock()))
    for model, values in (
        (RollOwner, {"name": "别人"}),
        (RollOwner, {"name": "—", "owner_id": RollOwner.owner_id + 1}),
        (Roll, {"reason": "别的理由"}),
        (Roll, {"reason": "", "version": Roll.version + 1}),
        (Mandate, {"holder": "别人", "document": "", "withdraw_reason": ""}),
        (Delivery, {"place": "—", "with_whom": "", "outcome": "refused"}),
        (PaperDetail, {"first_collector": "别人", "second_collector": "别人"}),
        (PlatformResult, {"votes": [[1, "agree"]]}),
        (Publication, {"reason": "", "arguments": {}, "digest": "别的"}),
    ):
        with pytest.raises(DBAPIError, match="is frozen"), transaction() as current:
            current.execute(update(model).values(**values))
    with transaction() as current:
        current.execute(update(RollOwner).values(name="—"))
        current.execute(update(Roll).values(reason=""))
    with pytest.raises(DBAPIError, match="roll_owners is frozen"), transaction() as current:
        current.execute(delete(RollOwner))


def waiting() -> list[Publication]:
    session().rollback()
    query = select(Publication).where(Publication.outcome.is_(None)).order_by(Publication.id)
    return list(session().scalars(query))


def prepared(world, plan_id: int, kind: str, **more) -> int:
    """Something that waits for its second person from now on; its id."""
    with transaction() as current:
        made = Publication(
            kind=kind,
            plan_id=plan_id,
            digest="0",
            prepared_at=world.clock(),
            prepared_by=world.committee.id,
            **{"arguments": {}, **more},
        )
        current.add(made)
        current.flush()
        return made.id


def test_what_still_waits_when_the_year_ends_is_over_unpublished_and_its_words_go(
    world, clock, decided
):
    motion = bundles.queries.motions_of(decided.id)[0]
    said = {"arguments": {"place": "门口"}, "motion_id": motion.id}
    prepared(world, decided.plan_id, "vote", **said)
    # A resolution is prepared without any words.
    prepared(world, decided.plan_id, "resolution")
    waited = [one.id for one in waiting()]
    assert len(waited) == 3
    a_year_later(clock)
    figures = purging.purge(apply=True, now=clock()).figures()
    assert waiting() == []
    for ended in (session().get_one(Publication, number) for number in waited):
        assert (ended.outcome, ended.ended_at, ended.ended_by) == ("stale", clock(), None)
        assert (ended.arguments, ended.reason, ended.result) == ({}, "", "")
    assert figures["publications_ended"] == 3
    of_plan = (AuditEntry.chain == audit.plan_chain(decided.plan_id),)
    lapsed = select(AuditEntry.event).where(*of_plan, AuditEntry.action == "publication_lapsed")
    on_record = [json.loads(event)["details"] for event in session().scalars(lapsed)]
    assert [one["publication"] for one in on_record] == waited
    assert audit.check(audit.plan_chain(decided.plan_id)).fault is None


@ONE_ENGINE
def test_what_is_prepared_after_the_year_waits_on_with_its_words(world, clock, decided):
    a_year_later(clock)
    words = {"arguments": {"reason": "后来·标记"}}
    later = prepared(world, decided.plan_id, "statement", **words)
    purging.purge(apply=True, now=clock())
    assert [(one.id, one.arguments) for one in waiting()] == [(later, words["arguments"])]


@ONE_ENGINE
def test_what_waits_is_not_ended_while_the_decision_can_be_challenged(world, clock, decided):
    before = [one.id for one in waiting()]
    clock.move(days=300)
    assert "publications_ended" not in purging.purge(apply=True, now=clock()).figures()
    assert [one.id for one in waiting()] == before


@ONE_ENGINE
def test_a_dry_run_says_what_would_go_and_changes_nothing(world, clock, decided, app):
    a_year_later(clock)
    before = stored()
    would = purging.purge(apply=False, now=clock()).figures()
    assert stored() == before
    shown = app.test_cli_runner().invoke(args=["purge"])
    assert "Would be erased" in shown.output and "objections: 1" in shown.output
    done = app.test_cli_runner().invoke(args=["purge", "--apply"])
    assert done.exit_code == 0 and "Erased:" in done.output
    entry = (
        session()
        .scalars(select(AuditEntry).where(AuditEntry.action == "personal_data_purged"))
        .one()
    )
    assert json.loads(entry.event)["details"] == would


@ONE_ENGINE
def test_a_second_purge_does_nothing(world, clock, decided, app):
    a_year_later(clock)
    assert purging.purge(apply=True, now=clock()).figures()
    again, number = stored(), rows()
    assert purging.purge(apply=True, now=clock()).figures() == {}
    assert (stored(), rows()) == (again, number)
    assert "Nothing is due" in app.test_cli_runner().invoke(args=["purge", "--apply"]).output


@ONE_ENGINE
def test_who_still_owns_a_home_keeps_name_and_account(world, clock, decided):
    a_year_later(clock)
    purging.purge(apply=True, now=clock())
    session().expire_all()
    assert session().get_one(Account, world.ground_floor.id).display_name == "杜文斌"
    assert world.owner("杜文斌").name == "杜文斌"
    left = session().get_one(Account, world.sixth_floor.id)
    assert (left.display_name, left.login, left.password_hash) == ("—", None, None)
    assert left.disabled_at is not None


@ONE_ENGINE
def test_papers_of_representatives_go_too(world, clock):
    from tests import votes_world

    motion = votes_world.posted_motion(world)
    bundles_world.name_the_wife(world, motion)
    world.clock.move_to(votes_world.votes.earliest_opening(motion, now=clock()).at)
    with transaction() as current:
        current.execute(update(type(motion.plan)).values(withdrawn_at=clock(), annulled_at=None))
    a_year_later(clock)
    purging.purge(apply=True, now=clock())
    assert list(session().scalars(select(Representative.document))) == [""]
