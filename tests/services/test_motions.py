"""Drawing up, editing, announcing, cancelling and drawing up anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.errors import NotNow, Refused, Stale
from domain.objections import Ground
from domain.periods import start_of
from domain.plans import MotionStage, Stage
from models.plans import Notice
from models.votes import Motion
from services import menus, objections, plans, votes
from services.transaction import transaction
from tests import menus_world, two_people
from tests import votes_world as vw


def refused(code, act, *arguments, kind=Refused, **options):
    """The refusal that the act ends in, which must have this code."""
    with pytest.raises(kind) as raised:
        act(*arguments, **options)
    assert raised.value.code == code
    return raised.value


def drawn(world, version, **changes):
    """A draft of the first entrance, with changes."""
    words = {"entrance": world.first_entrance, "title": "电梯", "text": "装。", "matter": 7}
    return votes.draft(
        world.actor(world.committee), version, now=world.clock(), **(words | changes)
    )


@pytest.fixture
def version(world):
    return menus_world.version(vw.consulted_plan(world))


FAULTS = (
    ({"title": "  "}, "motion_title_missing", "title"),
    ({"title": "梯" * 201}, "motion_title_too_long", "title"),
    ({"text": "\n"}, "motion_text_missing", "text"),
    ({"text": "文" * 10_001}, "motion_text_too_long", "text"),
    ({"matter": 10}, "matter_unknown", "matter"),
    ({"matter": 9}, "matter_weaker", "matter"),
    ({"entrance": None}, "entrance_needed", "entrance"),
)


def test_a_motion_with_a_fault_is_not_drawn_up(world, version):
    for changes, code, field in FAULTS:
        assert refused(code, drawn, world, version, **changes).field == field


def test_an_entrance_of_another_building_decides_nothing_here(world, version):
    refused("entrance_of_another_building", drawn, world, version, entrance=world.other_entrance)


def test_what_the_building_decides_has_no_entrance(world):
    plan = vw.consulted_plan(world)
    lights = menus_world.version(plan, menus_world.LED)
    refused("electorate_is_building", drawn, world, lights, matter=5)


def test_what_the_state_pays_alone_is_not_voted(world):
    plan = vw.consulted_plan(world)
    pipes = menus_world.version(plan, menus_world.PIPES)
    refused("item_not_voted", drawn, world, pipes, entrance=None)


def test_the_same_owners_do_not_vote_twice_on_one_option(world, version):
    first = drawn(world, version)
    assert refused("motion_already_drawn", drawn, world, version).params["number"] == first.number
    assert drawn(world, version, entrance=world.second_entrance).number == 2


def test_every_entrance_gets_a_motion_of_its_own_and_only_one(world, version):
    actor, now = world.actor(world.committee), world.clock()
    words = {"title": "电梯", "text": "装。", "matter": 7, "now": now}
    drawn(world, version)
    added = votes.draft_everywhere(actor, version, **words)
    assert [motion.entrance_id for motion in added] == [world.second_entrance.id]
    refused("motion_already_drawn", votes.draft_everywhere, actor, version, **words)


def test_an_older_version_of_an_option_is_not_voted_on(world, version):
    revise(world, version)
    assert refused("option_has_newer_version", drawn, world, version).params["number"] == 2


def revise(world, version, unit_price=650_000_00):
    """A new published version of the option, cheaper."""
    from dataclasses import replace

    return menus.revise(
        world.actor(world.committee),
        version.option,
        replace(menus_world.SHAFT, unit_price=unit_price),
        change_note="降价",
        now=world.clock(),
    )


def edit(world, motion, revision, **changes):
    words = {"title": "电梯", "text": "装。", "matter": 7}
    return votes.edit(
        world.actor(world.committee),
        motion,
        revision=revision,
        now=world.clock(),
        **(words | changes),
    )


def test_words_can_be_edited_until_the_announcement_and_not_after(world):
    motion = vw.posted_motion(world)
    edit(world, motion, motion.revision, title="加装一部电梯")
    assert motion.title == "加装一部电梯"
    opens_at = votes.earliest_opening(motion, now=world.clock()).at
    announce(world, motion, opens_at)
    refused("motion_not_at_this_stage", edit, world, motion, motion.revision, kind=NotNow)


def test_the_second_of_two_editors_is_told(world):
    motion = vw.drafted_motion(world)
    seen = motion.revision
    edit(world, motion, seen, title="先")
    refused("changed_meanwhile", edit, world, motion, seen, title="后", kind=Stale)
    assert motion.title == "先"


def announce(world, motion, opens_at, closes_at=None, **options):
    closes_at = closes_at or opens_at + timedelta(days=7)
    return two_people.announce(
        world.actor(world.committee),
        motion,
        opens_at=opens_at,
        closes_at=closes_at,
        now=world.clock(),
        **options,
    )


def test_voting_opens_after_the_notice_at_the_earliest(world):
    """Posted on 12 September for 10 days in Nanjing: the notice ends on the 22nd at 24:00."""
    motion = vw.posted_motion(world)
    assert world.clock().astimezone(start_of(world.clock().date()).tzinfo).day == 12
    earliest = votes.earliest_opening(motion, now=world.clock()).at
    assert earliest.isoformat() == "2026-09-23T00:00:00+08:00"
    early = earliest - timedelta(seconds=1)
    told = refused("opens_before_notice_ends", announce, world, motion, early)
    assert told.params["earliest"] == earliest
    announce(world, motion, earliest)
    assert votes.stage(motion, world.clock()) is MotionStage.NOTICE


def test_the_roll_has_to_have_been_posted_for_its_days(world, monkeypatch):
    from services import announcing

    motion = vw.posted_motion(world)
    monkeypatch.setattr(announcing, "least_notice_days", lambda _motion: 1)
    opening = votes.earliest_opening(motion, now=world.clock())
    assert opening.roll_ends_at == opening.at > opening.notice.ends_at
    refused("opens_before_roll_posting_ends", announce, world, motion, opening.notice.ends_at)


WINDOWS = (
    (20, 20, {}, "close_before_open"),
    (20, 19, {}, "close_before_open"),
    (20, 400, {}, "vote_too_long"),
    (20, 27, {"notice_days": 9}, "notice_too_short"),
)


def test_a_window_or_notice_that_makes_no_sense_is_refused(world):
    motion = vw.posted_motion(world)
    at = world.clock()
    for opens, closes, options, code in WINDOWS:
        days = [at + timedelta(days=number) for number in (opens, closes)]
        refused(code, announce, world, motion, *days, **options)
    assert motion.announced_at is None


def test_nothing_is_announced_without_a_roll(world):
    motion = vw.drafted_motion(world)
    refused("roll_not_posted", announce, world, motion, world.clock() + timedelta(days=30))


def test_nothing_is_announced_while_households_still_answer(world):
    plan = menus_world.published_menu(world)
    motion = vw.posted_motion(world, plan)
    at = world.clock() + timedelta(days=60)
    refused("consultation_not_closed", announce, world, motion, at, kind=NotNow)


def test_nothing_is_announced_past_an_unanswered_objection(world):
    plan = menus_world.published_menu(world)
    item = menus_world.item(plan)
    objection = objections.submit(
        world.actor(world.ground_floor),
        item,
        None,
        ground=Ground.LIGHT,
        body="挡住一楼采光",
        form_key="objection-key-1",
        now=world.clock(),
    )
    world.clock.move_to(plan.consultation_closes_at)
    motion = vw.posted_motion(world, plan)
    at = votes.earliest_opening(motion, now=world.clock()).at
    told = refused("objection_unanswered", announce, world, motion, at, kind=NotNow)
    assert told.params["number"] == 1
    objections.answer(world.actor(world.committee), objection, "改到北侧", now=world.clock())
    announce(world, motion, at)


def test_a_motion_on_an_option_that_has_changed_is_not_announced(world, version):
    motion = drawn(world, version)
    votes.post_roll(world.actor(world.committee), motion, now=world.clock())
    revise(world, version)
    at = votes.earliest_opening(motion, now=world.clock()).at
    refused("motion_version_superseded", announce, world, motion, at)


def test_the_notices_of_roll_and_vote_carry_the_head_of_the_audit_chain(world):
    from models.audit import AuditEntry
    from services.audit import plan_chain

    motion = vw.announced_motion(world)
    with transaction() as session:
        notices = session.query(Notice).filter_by(motion_id=motion.id).order_by(Notice.id).all()
        assert [notice.kind for notice in notices] == ["roll", "vote"]
        assert [notice.days for notice in notices] == [7, 10]
        for notice in notices:
            entry = (
                session.query(AuditEntry)
                .filter_by(chain=plan_chain(motion.plan_id), seq=notice.audit_seq)
                .one()
            )
            assert entry.digest == notice.audit_digest
            assert entry.action in ("roll_posted", "motion_announced")


def cancel(world, motion, reason="写错了"):
    return votes.cancel(world.actor(world.committee), motion, reason=reason, now=world.clock())


def test_a_motion_is_cancelled_with_a_reason_until_the_vote_has_closed(world):
    motion = vw.open_motion(world)
    refused("cancel_reason_missing", cancel, world, motion, " ")
    cancel(world, motion)
    assert votes.stage(motion, world.clock()) is MotionStage.CANCELLED
    refused("motion_cancelled", vw.cast, world, motion, world.sixth_floor, "agree", kind=NotNow)


def test_a_closed_vote_is_counted_and_not_cancelled(world):
    motion = vw.closed_motion(world, vw.REJECTED, count=False)
    refused("motion_not_at_this_stage", cancel, world, motion, kind=NotNow)


def redraw(world, motion, **changes):
    return votes.redraw(world.actor(world.committee), motion, now=world.clock(), **changes)


def test_a_failed_motion_is_drawn_up_anew_once_and_the_plan_goes_back_to_drafting(world):
    motion = vw.closed_motion(world, vw.REJECTED)
    plan = motion.plan
    assert plans.stage(plan, world.clock()) is Stage.FAILED
    again = redraw(world, motion, title="再表决")
    assert (again.redraws_id, again.number, again.title) == (motion.id, 2, "再表决")
    assert plans.stage(plan, world.clock()) is Stage.DRAFTING
    told = refused("motion_already_redrawn", redraw, world, motion)
    assert told.params["number"] == 2


def test_an_adopted_motion_is_not_drawn_up_anew(world):
    motion = vw.closed_motion(world)
    refused("motion_not_at_this_stage", redraw, world, motion, kind=NotNow)


def test_a_motion_drawn_up_anew_takes_the_newest_version(world):
    motion = vw.closed_motion(world, vw.REJECTED)
    newer = revise(world, motion.version)
    assert redraw(world, motion).option_version_id == newer.id


def test_a_motion_of_a_withdrawn_plan_is_not_drawn_up(world, version):
    with transaction() as session:
        plan = version.option.item.plan
        plan.withdrawn_at = world.clock()
        session.add(plan)
    refused("plan_not_active", drawn, world, version, kind=NotNow)


def test_what_was_announced_is_frozen_in_the_database(world):
    motion = vw.announced_motion(world)
    from sqlalchemy import update
    from sqlalchemy.exc import DBAPIError

    for change in ({"text": "别的"}, {"matter": 9}, {"closes_at": world.clock()}):
        with pytest.raises(DBAPIError, match="frozen"), transaction() as session:
            session.execute(update(Motion).where(Motion.id == motion.id).values(**change))
