"""Menus on the pages: read by households, each with its own share; who may see what."""

from dataclasses import replace

import pytest

from models.menus_queries import items_of
from models.preferences import AnswerSheet
from services import costs, menus
from services.transaction import transaction
from tests import menus_world
from tests.statements import counting


def committee(world):
    return world.actor(world.committee)


def card(page, item):
    return next(e for e in page.all("section") if e.get("id") == f"item-{item.id}")


def test_a_household_reads_its_own_share_beside_every_option(visit, world):
    plan = menus_world.published_menu(world)
    version = menus_world.version(plan)
    own = world.dwelling("602")
    share = costs.shares(version, [own])[own.id]
    page = visit(world.sixth_floor).get(f"/plans/{plan.id}/menu")
    text = page.text_of(card(page, version.option.item))
    assert f"Your share, room 602 {share // 100:,}.{share % 100:02d} yuan" in text
    assert "Price 700,000.00 yuan" in text
    assert "Subsidy -300,000.00 yuan" in text
    assert "What remains 400,000.00 yuan" in text
    assert "three quarters of those" in text
    assert "Civil Code, article 278, item 7" in text


def test_how_a_share_is_worked_out_can_be_followed_step_by_step(visit, world):
    plan = menus_world.published_menu(world)
    page = visit(world.sixth_floor).get(f"/plans/{plan.id}/menu")
    text = page.text_of(card(page, menus_world.item(plan)))
    assert "Floor 6 has the coefficient 1.3, all floors together 5.1" in text
    assert "this dwelling has 58.43 of 120.31 m²" in text


def test_the_ground_floor_pays_nothing_for_the_lift(visit, world):
    plan = menus_world.published_menu(world)
    page = visit(world.ground_floor).get(f"/plans/{plan.id}/menu")
    assert "Your share, room 101 nothing to pay" in page.text_of(card(page, menus_world.item(plan)))


def test_what_neighbours_of_other_floors_pay_is_the_table_of_the_readers_own_entrance(visit, world):
    plan = menus_world.published_menu(world)
    page = visit(world.sixth_floor).get(f"/plans/{plan.id}/menu")
    text = page.text_of(card(page, menus_world.item(plan)))
    assert "What each floor pays: 1单元" in text
    assert "2单元" not in text


def test_the_state_pays_for_the_pipes_and_nothing_is_voted(visit, world):
    plan = menus_world.published_menu(world)
    page = visit(world.sixth_floor).get(f"/plans/{plan.id}/menu")
    text = page.text_of(card(page, menus_world.item(plan, menus_world.WATER)))
    assert "You are asked, nothing is voted" in text
    assert "Paid by: The state" in text
    assert "Your share, room 602 nothing to pay" in text


def test_a_tenant_is_told_that_the_owner_pays(visit, world):
    plan = menus_world.published_menu(world)
    page = visit(world.tenant).get(f"/plans/{plan.id}/menu")
    assert "what the owner of the dwelling would pay, not the tenant" in page.text
    assert "The owner’s share, room 302" in page.text


def test_whoever_has_no_dwelling_there_sees_floors_and_no_share_of_their_own(visit, world):
    plan = menus_world.published_menu(world)
    for account in (world.committee, world.head, world.auditor):
        page = visit(account).get(f"/plans/{plan.id}/menu")
        assert "Your share" not in page.text
        assert "What each floor pays" in page.text


def test_nobody_outside_the_building_finds_the_menu(visit, world):
    plan = menus_world.published_menu(world)
    version = menus_world.version(plan)
    paths = (
        f"/plans/{plan.id}",
        f"/plans/{plan.id}/menu",
        f"/plans/{plan.id}/compose",
        f"/items/{version.option.item_id}/edit",
        f"/options/{version.option_id}",
        f"/options/{version.option_id}/edit",
        f"/versions/{version.id}/picture",
    )
    for account in (world.stranger, world.contractor, world.other_committee):
        for path in paths:
            visit(account).get(path, status=404)
    assert visit().send("GET", paths[1]).status_code == 302


def test_households_may_read_and_not_compose(visit, world):
    plan = menus_world.published_menu(world)
    version = menus_world.version(plan)
    for account in (world.sixth_floor, world.tenant, world.head, world.auditor):
        visitor = visit(account)
        for path in (
            f"/plans/{plan.id}/compose",
            f"/plans/{plan.id}/publish",
            f"/plans/{plan.id}/items/new",
            f"/items/{version.option.item_id}/options/new",
            f"/options/{version.option_id}/edit",
        ):
            visitor.get(path, status=403)
        visitor.get(f"/options/{version.option_id}")


def test_a_menu_that_is_not_published_shows_nothing_to_households(visit, world):
    plan = menus_world.composed_menu(world)
    version = menus_world.version(plan)
    visitor = visit(world.sixth_floor)
    page = visitor.get(f"/plans/{plan.id}/menu")
    assert "Nothing is published yet" in page.text
    assert "电梯" not in page.text
    visitor.get(f"/options/{version.option_id}", status=404)
    visitor.get(f"/versions/{version.id}/picture", status=404)
    visitor.get(f"/items/{version.option.item_id}/edit", status=404)


def test_a_draft_of_a_new_version_is_not_shown_to_households(visit, world, clock):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    cheaper = replace(menus_world.SHAFT, unit_price=690_000_00)
    menus.revise(
        committee(world), option, cheaper, change_note="询价后", publish=False, now=clock()
    )
    visitor = visit(world.sixth_floor)
    assert "690,000.00" not in visitor.get(f"/plans/{plan.id}/menu").text
    assert "690,000.00" not in visitor.get(f"/options/{option.id}").text


def test_a_new_version_is_announced_with_its_note_and_what_changed(visit, world, clock):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    cheaper = replace(menus_world.SHAFT, unit_price=690_000_00, location="东侧")
    clock.move(days=1)
    menus.revise(committee(world), option, cheaper, change_note="询价后下调", now=clock())
    visitor = visit(world.sixth_floor)
    menu = visitor.get(f"/plans/{plan.id}/menu")
    assert "Version 2" in menu.text
    assert "询价后下调" in menu.text
    plan_page = visitor.get(f"/plans/{plan.id}")
    assert "Changed since the menu was published" in plan_page.text
    history = visitor.get(f"/options/{option.id}").text
    assert "Price of one 700,000.00 yuan 690,000.00 yuan" in history
    assert "Where exactly 北侧楼梯外 东侧" in history


def test_what_is_new_is_what_came_after_the_households_last_answer(visit, world, clock):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    clock.move(days=1)
    cheaper = replace(menus_world.SHAFT, unit_price=690_000_00)
    menus.revise(committee(world), option, cheaper, change_note="询价后下调", now=clock())
    clock.move(days=1)
    with transaction() as current:
        current.add(
            AnswerSheet(
                plan_id=plan.id,
                dwelling_id=world.dwelling("602").id,
                capacity="owner",
                started_at=clock(),
                updated_at=clock(),
                receipt="r-1",
            )
        )
    visitor = visit(world.sixth_floor)
    assert "Changed since" not in visitor.get(f"/plans/{plan.id}").text
    clock.move(days=1)
    wider = replace(cheaper, location="东侧")
    menus.revise(committee(world), option, wider, change_note="移到东侧", now=clock())
    assert "Changed since you last answered" in visitor.get(f"/plans/{plan.id}").text
    assert "new since you answered" in visitor.get(f"/plans/{plan.id}/menu").text


def test_a_withdrawn_option_is_shown_with_the_reason_and_without_a_price(visit, world, clock):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    menus.withdraw_option(committee(world), option, reason="管线无法迁改", now=clock())
    text = visit(world.sixth_floor).get(f"/plans/{plan.id}/menu").text
    assert "管线无法迁改" in text
    assert "700,000.00" not in text


def test_what_people_wrote_is_shown_as_written_and_never_as_markup(visit, world):
    plan = menus_world.composed_menu(world)
    version = menus_world.version(plan)
    nasty = replace(
        menus_world.SHAFT,
        title="<script>alert(1)</script>",
        specification='"><img src=x onerror=alert(1)>\n第二行',
    )
    menus.edit_draft(committee(world), version, nasty, revision=version.revision, now=world.clock())
    for path in (f"/plans/{plan.id}/compose", f"/options/{version.option_id}/edit"):
        page = visit(world.committee).get(path)
        assert not [e for e in page.all("script") if e.text and "alert" in e.text]
        assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize("path", ["menu", "", "compose"])
def test_a_menu_takes_few_statements_however_many_options_it_has(visit, world, clock, path):
    plan = menus_world.published_menu(world)
    account = world.committee if path == "compose" else world.sixth_floor
    visitor = visit(account)
    address = f"/plans/{plan.id}/{path}".rstrip("/")
    with counting() as few:
        visitor.get(address)
    item = menus_world.item(plan)
    for number in range(12):
        extra = replace(menus_world.SHAFT, title=f"方案{number}")
        option = menus.add_option(committee(world), item, extra, note="补充", now=clock())
        draft = option.draft
        menus.publish_version(committee(world), draft, revision=draft.revision, now=clock())
    with counting() as many:
        visitor.get(address)
    assert len(few) == len(many) <= 15


def test_the_menu_reads_in_chinese(visit, world):
    plan = menus_world.published_menu(world)
    page = visit(world.sixth_floor, language="zh-CN").get(f"/plans/{plan.id}/menu")
    assert "您家（602室）应付" in page.text
    assert page.root.get("lang") == "zh-Hans"


def test_a_share_that_can_no_longer_be_worked_out_says_why(visit, world):
    plan = menus_world.published_menu(world)
    with transaction() as current:
        dwelling = current.merge(world.dwelling("602"))
        dwelling.floor = 8
    page = visit(world.sixth_floor).get(f"/plans/{plan.id}/menu")
    assert "The cost cannot be worked out at the moment" in page.text
    assert "The floor table says nothing for floor 8." in page.text
    assert len(items_of(plan.id)) == 3
