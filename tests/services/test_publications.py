"""Two people publish: nothing goes out that one person alone has seen, whatever the kind."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from domain.disclosure import Policy
from domain.errors import Refused
from domain.publications import Kind, Outcome
from domain.statements import StatementDraft
from models import publications_queries as queries
from models.audit import AuditEntry
from models.database import session
from models.plans import Notice
from models.publications import Publication
from models.register import Dwelling
from models.resolutions import Resolution
from models.statements import Statement
from models.votes import Motion
from services import menus, publications, votes
from services.publications import release
from services.transaction import transaction
from tests import bundles_world, menus_world
from tests import votes_world as vw
from tests.two_people import parts

TERMS = menus.Terms(policy=Policy.BANDED, threshold=10, days=10, place="门口")
pytestmark = pytest.mark.trust("2.5")


def lin(world):
    return world.actor(world.committee)


def zhou(world):
    return world.actor(world.second_committee)


def menu(world, actor=None) -> Publication:
    plan = menus_world.composed_menu(world)
    return publications.prepare_menu(
        actor or lin(world), plan, [plan.building], terms=TERMS, now=world.clock()
    )


def vote(world, actor=None) -> Publication:
    motion = vw.posted_motion(world)
    opens_at = votes.earliest_opening(motion, now=world.clock()).at
    return publications.prepare_vote(
        actor or lin(world),
        motion,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=7),
        now=world.clock(),
        place="门口",
    )


def resolution(world, actor=None) -> Publication:
    motion = vw.closed_motion(world)
    return publications.prepare_resolution(actor or lin(world), motion.plan, now=world.clock())


def statement(world, actor=None) -> Publication:
    made = bundles_world.issued(world, bundles_world.first_motion(world))
    draft = StatementDraft("suspended", "区人民法院", "1号", world.clock().date(), "程序违法")
    return publications.prepare_statement(actor or lin(world), made, draft, now=world.clock())


KINDS = {
    Kind.MENU: menu,
    Kind.VOTE: vote,
    Kind.RESOLUTION: resolution,
    Kind.STATEMENT: statement,
}
each_kind = pytest.mark.parametrize("prepared", KINDS.values(), ids=KINDS.keys())


def is_out(publication: Publication) -> bool:
    """Whether what was prepared is published, by its own rows."""
    session().expire_all()
    if publication.kind == Kind.VOTE:
        return session().get_one(Motion, publication.motion_id).announced_at is not None
    if publication.kind == Kind.MENU:
        return publication.plan.menu_published_at is not None
    if publication.kind == Kind.STATEMENT:
        return session().scalars(select(Statement)).first() is not None
    return session().scalars(select(Resolution)).first() is not None


def why(act, *arguments, **more) -> str:
    with pytest.raises(Refused) as refused:
        act(*arguments, **more)
    return refused.value.code


@each_kind
def test_what_one_prepares_another_releases_and_both_are_on_record(world, prepared, figure):
    made = prepared(world)
    now = world.clock()
    strangers = (world.auditor, world.other_committee, world.sixth_floor, world.administrator)
    refused = [why(release, lin(world), made, now=now)]
    refused += [why(release, world.actor(one), made, now=now) for one in strangers]
    assert refused == ["second_person_needed"] + ["not_yours"] * len(strangers)
    assert not is_out(made)
    figure("published by one person", 0)
    done = release(zhou(world), made, now=now, read=parts(zhou(world), made, now=now))
    assert is_out(made)
    assert (done.outcome, done.ended_by) == (Outcome.RELEASED, world.second_committee.id)
    chain = f"plan:{made.plan_id}"
    entries = session().scalars(select(AuditEntry).where(AuditEntry.chain == chain)).all()
    people = f'"prepared_by":{world.committee.id}', f'"released_by":{world.second_committee.id}'
    assert [e for e in entries if all(one in e.event for one in people)]
    assert "publication_prepared" in {e.action for e in entries}
    assert why(release, zhou(world), made, now=now) == "publication_done"


@pytest.mark.trust("2.5", control=True)
def test_with_the_rule_off_one_person_publishes_and_the_table_still_refuses(world, monkeypatch):
    made = menu(world)
    monkeypatch.setattr(publications, "check_second", lambda *_who: None)
    with pytest.raises(IntegrityError, match="second_person"):
        release(lin(world), made, now=world.clock())
    assert not is_out(made)


def test_there_is_no_other_way_to_publish():
    """Whatever publishes wants the two people and runs inside the release's transaction."""
    from services import announcing, menus_publishing, resolutions, statements

    acts = (
        menus_publishing.publish_within,
        announcing.announce_within,
        resolutions.issue_within,
        statements.issue_within,
    )
    for act in acts:
        assert {"session", "people"} <= inspect.signature(act).parameters.keys()
    for gone, module in (
        ("publish", menus),
        ("announce", votes),
        ("issue", resolutions),
        ("issue_statement", statements),
    ):
        assert not hasattr(module, gone)


@each_kind
def test_sent_back_with_a_reason_it_can_be_prepared_anew(world, prepared):
    made, now = prepared(world), world.clock()
    assert why(publications.send_back, lin(world), made, reason="x", now=now) == (
        "second_person_needed"
    )
    assert why(publications.send_back, zhou(world), made, reason=" ", now=now) == (
        "send_back_reason_missing"
    )
    publications.send_back(zhou(world), made, reason="日期不对", now=now)
    assert not is_out(made)
    assert why(release, zhou(world), made, now=now) == "publication_done"
    kept = queries.sent_back(made.plan_id, Kind(made.kind), made.motion_id)
    assert kept is not None
    assert kept.reason == "日期不对"
    assert queries.waiting(made.plan_id, Kind(made.kind), made.motion_id) is None


def test_only_one_waits_and_whoever_prepared_it_takes_it_back(world):
    made, now = menu(world), world.clock()
    again = {"terms": TERMS, "now": now}
    buildings = [world.building]
    assert why(publications.prepare_menu, zhou(world), made.plan, buildings, **again) == (
        "publication_waiting"
    )
    assert why(publications.withdraw, zhou(world), made, now=now) == "publication_of_other"
    publications.withdraw(lin(world), made, now=now)
    assert why(publications.withdraw, lin(world), made, now=now) == "publication_done"
    other = publications.prepare_menu(zhou(world), made.plan, buildings, **again)
    release(lin(world), other, now=now)
    assert is_out(other)


def change_menu(world, made) -> None:
    version = menus_world.version(made.plan)
    draft = replace(menus.option_draft(version), unit_price=710_000_00)
    menus.edit_draft(lin(world), version, draft, revision=version.revision, now=world.clock())


def change_vote(world, made) -> None:
    motion = made.motion
    votes.edit(
        lin(world),
        motion,
        title=motion.title,
        text=motion.text + "另加一句。",
        matter=motion.matter,
        revision=motion.revision,
        now=world.clock(),
    )


def change_resolution(world, made) -> None:
    rooms = [f"{floor}0{side}" for floor in range(1, 7) for side in (1, 2)]
    choices = dict.fromkeys(rooms, "agree")
    vw.closed_motion(world, choices, made.plan, entrance=world.second_entrance)


def change_statement(world, made) -> None:
    with transaction() as current:
        other = {**made.arguments, "reason": "别的理由"}
        waits = update(Publication).where(Publication.id == made.id)
        current.execute(waits.values(arguments=other))


@pytest.mark.parametrize(
    ("prepared", "change"),
    [
        (menu, change_menu),
        (vote, change_vote),
        (resolution, change_resolution),
        (statement, change_statement),
    ],
    ids=KINDS.keys(),
)
def test_what_changed_after_it_was_prepared_is_not_published(world, prepared, change):
    made = prepared(world)
    change(world, made)
    seen = publications.waiting(zhou(world), made, now=world.clock()).hindrance
    assert seen is not None
    assert seen.code == "publication_stale"
    assert why(release, zhou(world), made, now=world.clock()) == "publication_stale"
    assert not is_out(made)
    assert session().get_one(Publication, made.id).outcome == Outcome.STALE


def test_a_menu_whose_shares_have_changed_by_the_register_is_stale(world):
    made = menu(world)
    with transaction() as current:
        flat = world.dwelling("401").id
        current.execute(update(Dwelling).where(Dwelling.id == flat).values(area=99_00))
    assert why(release, zhou(world), made, now=world.clock()) == "publication_stale"


def test_a_release_checks_again_what_preparing_checked(world):
    made = vote(world)
    world.clock.move(days=3)
    now = world.clock()
    assert why(release, zhou(world), made, now=now) == "opens_before_notice_ends"
    assert publications.waiting(zhou(world), made, now=now).hindrance is not None
    assert session().get_one(Publication, made.id).outcome is None
    votes.cancel(lin(world), made.motion, reason="不办了", now=now)
    assert why(release, zhou(world), made, now=now) == "motion_not_at_this_stage"
    assert session().scalars(select(Notice).where(Notice.kind == "vote")).all() == []
