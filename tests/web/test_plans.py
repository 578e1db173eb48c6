"""Plans on the pages: the list, the way, what each reader can do now, notices, extensions."""

from datetime import timedelta

from domain.plans import Stage
from models.database import session
from models.plans import Notice, Plan
from models.votes import Motion, Roll
from services import plans
from services.transaction import transaction
from tests import menus_world


def links(page):
    return page.links()


def announced(world, plan, entrance=None, number=1):
    """A motion of the plan, announced now, open after eleven days for seven."""
    now = world.clock()
    version = menus_world.version(plan)
    with transaction() as current:
        motion = Motion(
            plan_id=plan.id,
            number=number,
            option_version_id=version.id,
            entrance_id=entrance.id if entrance else None,
            title="加装电梯",
            text="同意",
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
        current.add(Roll(motion_id=motion.id, version=1, posted_at=now))
    return motion


def test_everybody_finds_the_plans_of_their_own_building_only(visit, world):
    plan = menus_world.published_menu(world)
    other = plans.create(
        world.actor(world.other_committee), world.other_building, title="别处", now=world.clock()
    )
    for account in (world.sixth_floor, world.head, world.committee, world.auditor):
        page = visit(account).get("/plans")
        addresses = set(links(page).values())
        assert f"/plans/{plan.id}" in addresses
        assert f"/plans/{other.id}" not in addresses
    stranger = visit(world.stranger).get("/plans")
    assert f"/plans/{plan.id}" not in links(stranger).values()


def test_an_empty_list_says_what_comes_next(visit, world):
    assert "has not begun a plan" in visit(world.sixth_floor).get("/plans").text
    assert links(visit(world.committee).get("/plans"))["Begin a plan"] == "/plans/new"


def test_only_the_committee_begins_plans_and_only_for_its_own_buildings(visit, world):
    for account in (world.sixth_floor, world.head, world.auditor):
        visit(account).get("/plans/new", status=403)
    visitor = visit(world.committee)
    page = visitor.get("/plans/new")
    offered = [option.get("value") for option in page.all("option")]
    assert offered == [str(world.building.id), str(world.tower.id)]
    foreign = visitor.post(
        page, {"building": str(world.other_building.id), "title": "外"}, status=422
    )
    assert foreign.errors
    page = visitor.post(page, {"building": str(world.building.id), "title": " "}, status=422)
    assert "Fill this in." in page.errors
    assert session().query(Plan).count() == 0


def test_a_second_menu_for_a_building_is_refused_while_one_is_written(visit, world):
    menus_world.composed_menu(world)
    visitor = visit(world.committee)
    page = visitor.get("/plans/new")
    page = visitor.post(page, {"building": str(world.building.id), "title": "另一份"}, status=409)
    assert "A menu for 3幢 is already being written." in page.errors


def test_the_way_is_drawn_from_beginning_to_end_with_the_present_stage_marked(visit, world):
    plan = menus_world.published_menu(world)
    page = visit(world.committee).get(f"/plans/{plan.id}")
    steps = page.all("li", aria_current="step")
    assert len(steps) == 1
    text = page.text_of(steps[0])
    assert text.startswith("Households answer now")
    assert "until 11 September 2026 24:00" in text
    assert "Every household" in text
    way = next(e for e in page.all("ol") if e.get("class") == "way")
    assert len(list(way)) == 16


def test_b7k_on_the_page_of_a_plan_residents_see_five_stages(visit, world, clock):
    plan = menus_world.published_menu(world)
    announced(world, plan)
    clock.move(days=18)
    page = visit(world.sixth_floor).get(f"/plans/{plan.id}")
    way = next(e for e in page.all("ol") if e.get("class") == "way")
    assert len(list(way)) == 5
    (here,) = page.all("li", aria_current="step")
    assert "Vote and count" in page.text_of(here)
    assert "Vote closed, to be counted" in page.text_of(here)
    assert "until" not in page.text_of(here)


def test_while_the_menu_is_written_households_wait_and_the_committee_composes(visit, world):
    plan = menus_world.composed_menu(world)
    page = visit(world.sixth_floor).get(f"/plans/{plan.id}")
    assert "Nothing is asked of you at the moment." in page.text
    page = visit(world.committee).get(f"/plans/{plan.id}")
    assert links(page)["Compose the menu"] == f"/plans/{plan.id}/compose"
    assert links(page)["Publish the menu"] == f"/plans/{plan.id}/publish"


def test_while_households_are_asked_they_are_led_to_answer(visit, world):
    plan = menus_world.published_menu(world)
    for account in (world.sixth_floor, world.tenant):
        page = visit(account).get(f"/plans/{plan.id}")
        assert links(page)["Answer the menu"] == f"/plans/{plan.id}/answer"
    page = visit(world.committee).get(f"/plans/{plan.id}")
    assert "Answer the menu" not in links(page)
    assert "Extend the consultation" in links(page)


def test_who_knocks_at_doors_is_led_to_those_not_reached_yet(visit, world):
    plan = menus_world.published_menu(world)
    for account in (world.head, world.committee):
        page = visit(account).get(f"/plans/{plan.id}")
        assert links(page)["Who has not answered"] == f"/plans/{plan.id}/reach"
    assert "Who has not answered" not in links(visit(world.tenant).get(f"/plans/{plan.id}"))


def test_owners_of_the_electorate_are_led_to_vote_and_nobody_else(visit, world, clock):
    plan = menus_world.published_menu(world)
    clock.move(days=12)
    motion = announced(world, plan, world.first_entrance)
    clock.move(days=12)
    address = f"/motions/{motion.id}/ballot"
    page = visit(world.sixth_floor).get(f"/plans/{plan.id}")
    assert links(page)["Vote: 加装电梯"] == address
    for account in (world.next_door, world.tenant, world.committee, world.head):
        page = visit(account).get(f"/plans/{plan.id}")
        assert address not in links(page).values()


def test_a_draft_motion_is_the_committee_s_own_business(visit, world, clock):
    plan = menus_world.published_menu(world)
    clock.move(days=12)
    with transaction() as current:
        current.add(
            Motion(
                plan_id=plan.id,
                number=1,
                option_version_id=menus_world.version(plan).id,
                title="还在写的表决事项",
                text="同意",
                matter=7,
                channel="in_app",
                drafted_at=clock(),
            )
        )
    assert "还在写的表决事项" in visit(world.committee).get(f"/plans/{plan.id}").text
    assert "还在写的表决事项" not in visit(world.sixth_floor).get(f"/plans/{plan.id}").text


def test_every_reader_can_read_what_households_were_told(visit, world):
    plan = menus_world.published_menu(world, threshold=5)
    text = visit(world.sixth_floor).get(f"/plans/{plan.id}").text
    assert "(floors 1 to 2, floors 3 to 4, floors 5 to 6)" in text
    assert "only once at least 5 households" in text
    assert "居民会议记录 2026-08-20" in text


def test_a_notice_is_put_on_record_by_the_committee(visit, world):
    plan = menus_world.published_menu(world)
    visitor = visit(world.committee)
    page = visitor.get(f"/plans/{plan.id}/notices/new")
    page = visitor.post(page, {"kind": "menu", "place": "2单元门口", "days": "x"}, status=422)
    page = visitor.post(page, {"place": "2单元门口", "days": "10"})
    assert "The notice is on record." in page.text
    assert "2单元门口" in visit(world.sixth_floor).get(f"/plans/{plan.id}").text
    assert session().query(Notice).count() == 2
    visit(world.sixth_floor).get(f"/plans/{plan.id}/notices/new", status=403)


def test_the_consultation_is_extended_on_its_page(visit, world, clock):
    plan = menus_world.published_menu(world)
    visitor = visit(world.committee)
    page = visitor.get(f"/plans/{plan.id}/consultation")
    page = visitor.post(page, {"days": "3", "place": "门口"}, status=422)
    assert "would not close later" in page.errors
    late = visitor.get(f"/plans/{plan.id}/consultation")
    visitor.post(page, {"days": "20", "place": "门口"})
    assert plans.stage(plan, clock.move(days=15)) is Stage.CONSULTING
    clock.move(days=30)
    visitor.post(late, {"days": "60", "place": "门口"}, status=409)


def test_a_withdrawn_plan_says_so_and_asks_for_nothing(visit, world):
    plan = menus_world.published_menu(world)
    visitor = visit(world.committee)
    page = visitor.get(f"/plans/{plan.id}")
    page = visitor.post(page, button="Yes: Withdraw the plan")
    assert "This plan was withdrawn on 1 September 2026." in page.text
    page = visit(world.sixth_floor).get(f"/plans/{plan.id}")
    assert "Answer the menu" not in links(page)
