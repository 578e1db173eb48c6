"""Menus as the committee writes them: items, options, drafts, versions, withdrawals."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import NotNow, Refused, Stale
from models.audit import AuditEntry
from models.database import session
from models.menus import MenuItem, Option, OptionVersion
from models.menus_queries import items_of
from models.votes import Motion, MotionCount
from services import menus, plans
from services.audit import plan_chain
from services.transaction import transaction
from tests import menus_world


def committee(world):
    return world.actor(world.committee)


def begun(world):
    return plans.create(committee(world), world.building, title="一栋一策", now=world.clock())


def acts(plan):
    rows = session().query(AuditEntry).filter_by(chain=plan_chain(plan.id)).order_by("seq")
    return [row.action for row in rows]


def test_catalogue_items_are_put_on_the_menu_once_in_the_chosen_language(world):
    plan = begun(world)
    keys = ["elevator", "stair_lighting", "elevator"]
    for expected in (2, 0):
        added = menus.add_from_catalogue(
            committee(world), plan, keys, language="zh_Hans", now=world.clock()
        )
        assert len(added) == expected
    lift = items_of(plan.id)[0]
    assert (lift.title, lift.matter, lift.decided_by) == ("加装电梯", 7, "entrance")
    assert acts(plan) == ["plan_created", "item_added", "item_added"]


def test_nothing_ticked_and_unknown_keys_are_refused(world):
    plan = begun(world)
    for keys, code in ([], "nothing_chosen"), (["moon_base"], "catalogue_key_unknown"):
        with pytest.raises(Refused, match=code):
            menus.add_from_catalogue(committee(world), plan, keys, language="en", now=world.clock())


def test_the_same_item_sent_twice_is_one_and_another_of_its_name_is_refused(world):
    plan = begun(world)
    first = menus.add_item(committee(world), plan, menus_world.LIGHTS, now=world.clock())
    again = menus.add_item(committee(world), plan, menus_world.LIGHTS, now=world.clock())
    assert again.id == first.id
    with pytest.raises(Refused, match="item_title_taken"):
        menus.add_item(
            committee(world), plan, replace(menus_world.LIGHTS, matter=7), now=world.clock()
        )


def test_an_item_is_edited_by_whoever_saw_its_present_state(world):
    plan = begun(world)
    item = menus.add_item(committee(world), plan, menus_world.LIGHTS, now=world.clock())
    seen = item.revision
    draft = replace(menus_world.LIGHTS, title="楼道灯")
    menus.edit_item(committee(world), item, draft, revision=seen, now=world.clock())
    with pytest.raises(Stale, match="changed_meanwhile"):
        menus.edit_item(
            world.actor(world.second_committee),
            item,
            menus_world.LIGHTS,
            revision=seen,
            now=world.clock(),
        )
    assert items_of(plan.id, afresh=True)[0].title == "楼道灯"


def test_an_item_and_its_drafts_can_be_removed_until_households_have_seen_it(world):
    plan = menus_world.composed_menu(world)
    menus.remove_item(committee(world), menus_world.item(plan), now=world.clock())
    assert [one.title for one in items_of(plan.id, afresh=True)] == ["楼道照明", "供水管道改造"]
    assert session().query(Option).count() == 2


def test_a_published_item_stands(world):
    plan = menus_world.published_menu(world)
    item = menus_world.item(plan)
    with pytest.raises(NotNow, match="item_published"):
        menus.remove_item(committee(world), item, now=world.clock())
    with pytest.raises(NotNow, match="item_published"):
        menus.edit_item(
            committee(world),
            item,
            menus_world.ELEVATOR,
            revision=item.revision,
            now=world.clock(),
        )


def test_the_same_option_sent_twice_is_one_and_another_of_its_name_is_refused(world):
    plan = menus_world.composed_menu(world)
    item = menus_world.item(plan)
    again = menus.add_option(committee(world), item, menus_world.SHAFT, now=world.clock())
    assert again.id == menus_world.version(plan).option_id
    with pytest.raises(Refused, match="option_title_taken"):
        menus.add_option(
            committee(world),
            item,
            replace(menus_world.SHAFT, unit_price=800_000_00),
            now=world.clock(),
        )


def test_a_floor_table_that_does_not_work_in_the_building_is_refused(world):
    plan = menus_world.composed_menu(world)
    for scheme, code in (
        ({"kind": "floor_coefficient", "floors": {"1": "1"}}, "scheme_floor_missing"),
        ({"kind": "floor_percent", "floors": dict.fromkeys("123456", "16")}, "not_hundred"),
        ({"kind": "floor_coefficient", "floors": dict.fromkeys("123456", "0")}, "not_positive"),
        ({"kind": "floor_coefficient", "floors": {"1": "much"}}, "number_unreadable"),
        ({"kind": "floor_coefficient"}, "scheme_floors_missing"),
        ({"kind": "by_mood"}, "scheme_kind_unknown"),
    ):
        draft = replace(menus_world.SHAFT, title="另一种", scheme=scheme)
        with pytest.raises(Refused, match=code):
            menus.add_option(committee(world), menus_world.item(plan), draft, now=world.clock())
    assert session().query(Option).count() == 4


def test_two_people_editing_one_draft_do_not_overwrite_each_other(world):
    plan = menus_world.composed_menu(world)
    version = menus_world.version(plan)
    seen = version.revision
    cheaper = replace(menus_world.SHAFT, unit_price=690_000_00)
    menus.edit_draft(committee(world), version, cheaper, revision=seen, now=world.clock())
    with pytest.raises(Stale, match="changed_meanwhile"):
        menus.edit_draft(
            world.actor(world.second_committee),
            version,
            menus_world.SHAFT,
            revision=seen,
            now=world.clock(),
        )
    assert menus_world.version(plan).unit_price == 690_000_00


def test_a_published_option_changes_only_by_a_new_version_with_a_note(world, clock):
    plan = menus_world.published_menu(world)
    first = menus_world.version(plan)
    cheaper = replace(menus_world.SHAFT, unit_price=690_000_00)
    with pytest.raises(NotNow, match="version_published"):
        menus.edit_draft(
            committee(world), first, cheaper, revision=first.revision, now=clock.move(hours=1)
        )
    with pytest.raises(Refused, match="change_note_missing"):
        menus.revise(committee(world), first.option, cheaper, change_note=" ", now=clock())
    with pytest.raises(Refused, match="nothing_changed"):
        menus.revise(
            committee(world), first.option, menus_world.SHAFT, change_note="无", now=clock()
        )
    new = menus.revise(
        committee(world), first.option, cheaper, change_note="询价后下调", base=1, now=clock()
    )
    assert (new.number, new.published_at, new.change_note) == (2, clock(), "询价后下调")
    old = session().get(OptionVersion, first.id)
    assert (old.number, old.unit_price) == (1, 700_000_00)
    assert acts(plan)[-2:] == ["version_drafted", "version_published"]


def test_a_new_version_can_wait_as_a_draft_that_households_do_not_see(world, clock):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    cheaper = replace(menus_world.SHAFT, unit_price=690_000_00)
    draft = menus.revise(
        committee(world), option, cheaper, change_note="下调", publish=False, now=clock()
    )
    with pytest.raises(NotNow, match="draft_exists"):
        menus.revise(
            committee(world),
            option,
            replace(cheaper, quantity=200),
            change_note="又改",
            now=clock(),
        )
    assert session().get(Option, option.id).published.number == 1
    with pytest.raises(Stale):
        menus.publish_version(committee(world), draft, revision=99, now=clock())
    menus.publish_version(committee(world), draft, revision=draft.revision, now=clock())
    assert session().get(Option, option.id).published.number == 2
    menus.publish_version(committee(world), draft, revision=draft.revision, now=clock())
    assert acts(plan).count("version_published") == 1


def test_who_wrote_from_an_older_version_is_told(world, clock):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    for base, price in (1, 690_000_00), (1, 680_000_00):
        draft = replace(menus_world.SHAFT, unit_price=price)
        act = lambda d=draft, b=base: menus.revise(  # noqa: E731
            committee(world), option, d, change_note="下调", base=b, now=clock()
        )
        if price == 690_000_00:
            act()
        else:
            with pytest.raises(Stale, match="changed_meanwhile"):
                act()


def test_an_option_added_while_households_answer_needs_a_note_and_its_own_publication(world, clock):
    plan = menus_world.published_menu(world)
    item = menus_world.item(plan)
    extra = replace(menus_world.SHAFT, title="小型电梯", unit_price=500_000_00)
    with pytest.raises(Refused, match="change_note_missing"):
        menus.add_option(committee(world), item, extra, now=clock())
    option = menus.add_option(committee(world), item, extra, note="应居民要求", now=clock())
    assert option.published is None
    draft = option.draft
    menus.publish_version(committee(world), draft, revision=draft.revision, now=clock())
    assert session().get(Option, option.id).published.change_note == "应居民要求"


def test_nothing_is_added_after_the_consultation(world, clock):
    plan = menus_world.published_menu(world)
    item = menus_world.item(plan)
    clock.move(days=20)
    extra = replace(menus_world.SHAFT, title="小型电梯")
    with pytest.raises(NotNow, match="not_at_this_stage"):
        menus.add_option(committee(world), item, extra, note="晚了", now=clock())
    with pytest.raises(NotNow, match="not_at_this_stage"):
        menus.add_item(
            committee(world), plan, replace(menus_world.LIGHTS, title="别的"), now=clock()
        )


def test_a_draft_is_thrown_away_and_an_option_without_anything_else_with_it(world, clock):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    cheaper = replace(menus_world.SHAFT, unit_price=690_000_00)
    draft = menus.revise(
        committee(world), option, cheaper, change_note="下调", publish=False, now=clock()
    )
    menus.remove_draft(committee(world), draft, now=clock())
    assert len(session().get(Option, option.id).versions) == 1
    with pytest.raises(NotNow, match="version_published"):
        menus.remove_draft(committee(world), menus_world.version(plan), now=clock())
    late = menus.add_option(
        committee(world),
        menus_world.item(plan),
        replace(menus_world.SHAFT, title="小型电梯"),
        note="应居民要求",
        now=clock(),
    )
    menus.remove_draft(committee(world), late.versions[0], now=clock())
    assert session().get(Option, late.id) is None


def test_an_option_is_withdrawn_with_a_reason_and_stays_readable(world, clock):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    with pytest.raises(Refused, match="withdrawal_reason_missing"):
        menus.withdraw_option(committee(world), option, reason=" ", now=clock())
    menus.withdraw_option(committee(world), option, reason="管线无法迁改", now=clock())
    menus.withdraw_option(committee(world), option, reason="又一次", now=clock.move(hours=1))
    kept = session().get(Option, option.id)
    assert kept.withdrawn_reason == "管线无法迁改"
    assert kept.published is not None
    with pytest.raises(NotNow, match="option_withdrawn"):
        menus.revise(
            committee(world),
            option,
            replace(menus_world.SHAFT, quantity=200),
            change_note="再来",
            now=clock(),
        )


def motion_on(world, plan, version, *, counted=None):
    """A motion about the version, announced for the coming days; counted if an outcome is given."""
    now = world.clock()
    with transaction() as current:
        motion = Motion(
            plan_id=plan.id,
            number=1,
            option_version_id=version.id,
            title="加装电梯",
            text="同意加装电梯",
            matter=7,
            channel="in_app",
            drafted_at=now,
            announced_at=now,
            notice_days=10,
            opens_at=now + timedelta(days=11),
            closes_at=now + timedelta(days=18),
        )
        current.add(motion)
        current.flush()
        if counted:
            current.add(
                MotionCount(
                    motion_id=motion.id,
                    counted_at=now,
                    outcome=counted,
                    document="{}",
                    digest="0" * 64,
                )
            )


@pytest.mark.parametrize(
    ("counted", "code"), [(None, "option_under_vote"), ("adopted", "option_decided")]
)
def test_an_option_that_is_voted_on_or_adopted_stands(world, clock, counted, code):
    plan = menus_world.published_menu(world)
    version = menus_world.version(plan)
    motion_on(world, plan, version, counted=counted)
    cheaper = replace(menus_world.SHAFT, unit_price=690_000_00)
    with pytest.raises(NotNow, match=code):
        menus.revise(committee(world), version.option, cheaper, change_note="下调", now=clock())
    with pytest.raises(NotNow, match=code):
        menus.withdraw_option(committee(world), version.option, reason="不要了", now=clock())


def test_after_a_failed_vote_the_option_may_be_revised(world, clock):
    plan = menus_world.published_menu(world)
    version = menus_world.version(plan)
    motion_on(world, plan, version, counted="rejected")
    cheaper = replace(menus_world.SHAFT, unit_price=690_000_00)
    new = menus.revise(
        committee(world), version.option, cheaper, change_note="下调后重新表决", now=clock()
    )
    assert new.number == 2


def test_the_audit_log_of_a_menu_holds_no_words_of_people(world):
    plan = menus_world.published_menu(world)
    events = [row.event for row in session().query(AuditEntry).filter_by(chain=plan_chain(plan.id))]
    for word in ("电梯", "照明", "一栋一策", "公告栏"):
        assert all(word not in event for event in events)
    assert session().query(MenuItem).count() == 3
