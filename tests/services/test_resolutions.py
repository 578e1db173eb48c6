"""What a building's resolution says, that it never changes, and who is handed its requirements."""

from __future__ import annotations

import hashlib
import json

import pytest
import rfc8785
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from domain.errors import NotNow, Refused
from domain.objections import Ground, ObjectionOutcome
from domain.quantities import parse_money
from models import resolutions_queries as queries
from models.audit import AuditEntry
from models.database import session
from models.plans import Notice
from services import objections, resolutions
from tests import menus_world, two_people, votes_world


@pytest.fixture
def adopted(world):
    """The elevator of entrance 1, adopted by 9 of 11 heads and counted."""
    return votes_world.closed_motion(world)


@pytest.fixture
def issued(world, adopted):
    """The resolution that takes it up."""
    return two_people.issue(world.actor(world.committee), adopted.plan, now=world.clock())


def document(resolution):
    return json.loads(resolution.document)


def test_a_resolution_takes_up_the_adopted_motion_with_its_four_ratios(issued):
    said = document(issued)
    (motion,) = said["motions"]
    assert issued.number == "工人新村3幢〔2026〕1号"
    assert motion["entrance"] == "1单元"
    assert motion["count"]["persons"] == {
        "total": 11,
        "participating": 11,
        "agree": 9,
        "quorum": True,
        "approval": True,
    }
    assert motion["count"]["area"]["participating_percent"] == 100
    assert motion["count"]["approval"] == {"numerator": 3, "denominator": 4, "included": True}


def test_the_cost_shares_by_floor_add_up_to_the_net_cost(issued):
    (motion,) = document(issued)["motions"]
    shares = motion["shares"]
    assert [one["floor"] for one in shares] == [1, 2, 3, 4, 5, 6]
    assert sum(parse_money(one["total"]) for one in shares) == 400_000_00
    assert motion["option"]["net"] == "400000.00"


@pytest.mark.trust("4.2")
def test_no_name_no_flat_and_no_exact_area_is_in_the_document(world, issued):
    text_of_it = issued.document
    for dwelling in world.first_entrance.dwellings:
        assert f'"{dwelling.room}"' not in text_of_it
        for ownership in dwelling.ownerships:
            assert ownership.owner.name not in text_of_it
    assert "area_exact" not in text_of_it


@pytest.mark.trust("1.10")
def test_the_digest_is_that_of_the_canonical_form(issued):
    assert rfc8785.dumps(document(issued)).decode() == issued.document
    assert hashlib.sha256(issued.document.encode()).hexdigest() == issued.digest


def test_it_is_in_force_after_its_notice_period_and_not_before(world, issued):
    notice = session().scalars(select(Notice).where(Notice.kind == "resolution")).one()
    assert notice.ends_at == issued.in_force_at
    company, actor = world.company, world.actor(world.committee)
    with pytest.raises(NotNow, match="resolution_not_in_force"):
        resolutions.issue_requirements(actor, issued, company, now=world.clock())
    now = world.clock.move_to(issued.in_force_at)
    first = resolutions.issue_requirements(actor, issued, company, now=now)
    assert resolutions.issue_requirements(actor, issued, company, now=now).id == first.id


def test_a_contractor_of_another_community_is_not_handed_anything(world, issued):
    world.company.community_id = world.other_community.id
    session().commit()
    now = world.clock.move_to(issued.in_force_at)
    with pytest.raises(Refused, match="company_of_another_community"):
        resolutions.issue_requirements(world.actor(world.committee), issued, world.company, now=now)


def test_nothing_is_issued_while_a_motion_is_being_voted_on(world, adopted):
    votes_world.announced_motion(world, adopted.plan, entrance=world.second_entrance)
    with pytest.raises(NotNow, match="motions_undecided"):
        two_people.issue(world.actor(world.committee), adopted.plan, now=world.clock())


def test_a_rejected_motion_alone_makes_no_resolution(world):
    motion = votes_world.closed_motion(world, votes_world.REJECTED)
    with pytest.raises(NotNow, match="nothing_adopted"):
        two_people.issue(world.actor(world.committee), motion.plan, now=world.clock())


def test_what_was_consulted_but_not_adopted_is_listed_with_its_reason(issued):
    reasons = {one["item"]: one["reason"] for one in document(issued)["not_adopted"]}
    assert reasons == {
        "加装电梯": "not_voted",
        "楼道照明": "not_voted",
        "供水管道改造": "consulted_only",
    }


def test_a_second_resolution_takes_up_only_what_the_first_did_not(world, issued, adopted):
    actor = world.actor(world.committee)
    with pytest.raises(NotNow, match="nothing_adopted"):
        two_people.issue(actor, adopted.plan, now=world.clock())
    votes_world.closed_motion(
        world,
        dict.fromkeys(("101", "102", "201", "202", "301", "302", "401", "402"), "agree")
        | dict.fromkeys(("501", "502", "601", "602"), "agree"),
        adopted.plan,
        entrance=world.second_entrance,
    )
    second = two_people.issue(actor, adopted.plan, now=world.clock())
    assert [motion["entrance"] for motion in document(second)["motions"]] == ["2单元"]
    assert second.number == "工人新村3幢〔2026〕2号"


def test_objections_stand_there_with_ground_and_outcome_only(world):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    raised = objections.submit(
        world.actor(world.ground_floor),
        option.item,
        option,
        ground=Ground.LIGHT,
        body="我家 101 室的厨房会照不到太阳",
        form_key="light",
        now=world.clock(),
    )
    committee = world.actor(world.committee)
    objections.answer(committee, raised, "井道改用玻璃。", now=world.clock())
    objections.close(
        committee,
        raised,
        ObjectionOutcome.MEDIATED,
        note="井道采用透明材料",
        version=None,
        now=world.clock(),
    )
    world.clock.move_to(plan.consultation_closes_at)
    motion = votes_world.closed_motion(world, plan=plan)
    issued = two_people.issue(committee, motion.plan, now=world.clock())
    (decided,) = document(issued)["motions"]
    assert decided["objections"] == [
        {"ground": "light", "outcome": "mediated", "note": "井道采用透明材料"}
    ]
    assert "厨房" not in issued.document


def test_a_resolution_can_be_neither_changed_nor_deleted(issued):
    for statement in ("UPDATE resolutions SET number = 'x'", "DELETE FROM resolutions"):
        with pytest.raises(DBAPIError, match="frozen"):
            session().execute(text(statement))
        session().rollback()


def test_issuing_is_in_the_audit_chain_with_the_digest(issued):
    entry = (
        session().scalars(select(AuditEntry).where(AuditEntry.action == "resolution.issued")).one()
    )
    assert issued.digest in entry.event


def test_anyone_finds_it_by_number_and_by_digest(issued):
    for key in (issued.number, issued.digest):
        found = queries.published(key)
        assert found is not None
        assert found.id == issued.id
    assert queries.published("工人新村3幢〔2026〕9号") is None
