"""The committee at its desk: composing, revising and publishing a menu on the pages."""

import io
from dataclasses import replace

import pytest

from models.database import session
from models.menus import MenuItem, Option, OptionVersion, Picture
from models.menus_queries import items_of
from models.plans import Plan
from services import menus, pictures, plans
from tests import menus_world, two_people

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
OPTION = {
    "title": "贴墙井道电梯",
    "quantity": "1",
    "unit_price": "700000",
    "payer": "households",
    "subsidy_kind": "fixed",
    "subsidy_amount": "300000",
    "scheme_kind": "floor_coefficient",
    "within": "area",
} | {
    f"scheme_floor_{floor}": text
    for floor, text in enumerate(("0", "0.5", "1", "1.1", "1.2", "1.3", "1.4"), start=1)
}


@pytest.fixture
def desk(visit, world):
    """The committee's browser, and a plan with an elevator on its menu and no option yet."""
    actor = world.actor(world.committee)
    plan = plans.create(actor, world.building, title="一栋一策", now=world.clock())
    item = menus.add_item(actor, plan, menus_world.ELEVATOR, now=world.clock())
    return visit(world.committee), plan, item


def rows_of(page):
    """The cells of every table row."""
    return [[page.text_of(cell) for cell in row] for row in page.all("tr")]


def typed(**changed):
    return OPTION | changed


def test_a_menu_is_composed_from_the_catalogue_and_published_without_leaving_the_pages(
    visit, world
):
    visitor = visit(world.committee)
    page = visitor.get("/plans/new")
    page = visitor.post(page, {"building": str(world.building.id), "title": "一栋一策"})
    assert "Nothing" in page.text or "nothing" in page.text
    plan = session().query(Plan).one()
    page = visitor.get(f"/plans/{plan.id}/compose/catalogue")
    page = visitor.post(page, {"keys": ["elevator", "stair_lighting"]}, button="Add what is ticked")
    assert "2 items are on the menu now." in page.text
    lift, lights = sorted(session().query(MenuItem), key=lambda one: one.catalogue_key)
    for item, values in ((lift, typed()), (lights, typed(subsidy_kind="none"))):
        page = visitor.get(f"/items/{item.id}/options/new")
        page = visitor.post(page, values, button="Save the draft")
        assert "saved as a draft" in page.text
    page = visitor.get(f"/plans/{plan.id}/publish")
    page = visitor.post(page, {"place": "1单元门口"}, button="Read it once more")
    assert "closes at 11 September 2026 24:00" in page.text
    assert "Every household is told:" in page.text
    assert "only once at least 10 households" in page.text
    page = visitor.post(page, button="Hand to the second person", extra={"confirm": "1"})
    page = two_people.release_page(visit(world.second_committee), page)
    assert "The menu is published." in page.text
    assert page.answer.request.path == f"/plans/{plan.id}"
    assert len(items_of(plan.id)) == 2
    assert lift.title in visit(world.sixth_floor).get(f"/plans/{plan.id}/menu").text


def test_the_catalogue_is_searched_by_words_and_by_class(desk):
    visitor, plan, _item = desk
    found = visitor.get(f"/plans/{plan.id}/compose/catalogue?q=充电").text
    assert "harging" in found
    assert "Canteen" not in found
    basic = visitor.get(f"/plans/{plan.id}/compose/catalogue?class=basic").text
    assert "Basic works" in basic
    nothing = visitor.get(f"/plans/{plan.id}/compose/catalogue?q=zeppelin&class=moon").text
    assert "Nothing found" in nothing


def test_ticking_nothing_says_so(desk):
    visitor, plan, _item = desk
    page = visitor.get(f"/plans/{plan.id}/compose/catalogue")
    page = visitor.post(page, button="Add what is ticked", status=422)
    assert "Tick at least one item." in page.text


def test_an_item_from_scratch_leads_on_to_its_first_option(desk):
    visitor, plan, _item = desk
    page = visitor.get(f"/plans/{plan.id}/items/new")
    page = visitor.post(
        page,
        {
            "title": "楼道照明",
            "item_class": "basic",
            "matter": "5",
            "decided_by": "building",
            "unit": "盏",
        },
    )
    assert "楼道照明" in page.heading
    page = visitor.get(f"/plans/{plan.id}/items/new")
    page = visitor.post(page, {"title": " ", "unit": "盏"}, status=422)
    assert "Fill this in." in page.errors


def test_the_work_out_button_shows_the_bill_and_stores_nothing(desk):
    visitor, _plan, item = desk
    page = visitor.get(f"/items/{item.id}/options/new")
    page = visitor.post(page, typed(), button="Save the draft", extra={"work_out": "1"})
    assert "Worked out, not saved yet" in page.text
    assert "What remains 400,000.00 yuan" in page.text
    assert ["Floor 6 (2 dwellings)", "49,518.48– 52,442.30"] in rows_of(page)
    assert page.form(button="Save the draft").fields["unit_price"] == ["700000"]
    assert session().query(Option).count() == 0


def test_b10_the_city_s_practice_fills_what_is_empty_and_throws_nothing_away(desk, world):
    from services.transaction import transaction

    with transaction() as current:
        current.merge(world.community).city = "guangzhou"
    visitor, _plan, item = desk
    page = visitor.get(f"/items/{item.id}/options/new")
    page = visitor.post(
        page,
        typed(scheme_kind="area", scheme_floor_6="9", scheme_floor_5="", subsidy_amount="123456"),
        button="Save the draft",
        extra={"from_city": "1"},
    )
    fields = page.form(button="Save the draft").fields
    assert fields["title"] == ["贴墙井道电梯"]
    assert fields["scheme_kind"] == ["floor_coefficient"]
    assert fields["scheme_floor_5"] == ["1.2"]
    # What was typed stays, and beside it stands what the city has.
    assert fields["scheme_floor_6"] == ["9"]
    assert (fields["subsidy_kind"], fields["subsidy_amount"]) == (["fixed"], ["123456"])
    assert "Floor 6: 1.3" in page.text
    assert session().query(Option).count() == 0


# What is typed instead, and what the page says about it. The cases share one test: setting up a
# house for each of them takes longer than all of them together.
DOES_NOT_WORK = [
    ({"unit_price": "-5"}, "A price cannot be below zero."),
    ({"quantity": "0"}, "The quantity must be more than zero."),
    ({"quantity": "9999999999"}, "This quantity is too large."),
    ({"unit_price": "999999999999999"}, "This amount is too large."),
    ({"unit_price": "很多"}, "“很多” is not an amount."),
    ({"title": "  "}, "Fill this in."),
    ({"subsidy_amount": "800000"}, "The subsidy is larger than the price."),
    ({"subsidy_amount": ""}, "Fill this in."),
    ({"subsidy_amount": "-1"}, "A subsidy cannot be below zero."),
    (
        {"subsidy_kind": "percent_capped", "subsidy_percent": "140", "subsidy_cap": "1"},
        "A percentage must be between 0 and 100",
    ),
    ({"subsidy_kind": "by_floors"}, "Give the subsidy for at least one number of floors."),
    (
        {"subsidy_kind": "by_floors", "subsidy_floor_7": "100"},
        "says nothing for 6 floors",
    ),
    ({"scheme_floor_4": ""}, "The floor table says nothing for floor 4."),
    ({"scheme_floor_4": "viel"}, "“viel” is not a number."),
    ({"scheme_kind": "floor_percent"}, "The percentages add up to 5.1, not to 100."),
    (
        {f"scheme_floor_{floor}": "0" for floor in range(1, 7)},
        "By this floor table nobody would pay.",
    ),
]


def test_what_does_not_work_is_refused_at_its_field_and_keeps_what_was_typed(desk):
    visitor, _plan, item = desk
    fresh = visitor.get(f"/items/{item.id}/options/new")
    for changed, said in DOES_NOT_WORK:
        page = visitor.post(fresh, typed(**changed), button="Save the draft", status=422)
        assert said in page.errors, changed
        kept = page.form(button="Save the draft").fields
        for name, value in typed(**changed).items():
            assert kept[name] == [value], name
    assert session().query(Option).count() == 0


def test_a_sharing_that_knows_no_floors_keeps_nothing_of_the_floor_table(desk):
    visitor, _plan, item = desk
    page = visitor.get(f"/items/{item.id}/options/new")
    visitor.post(page, typed(scheme_kind="area", within="equal"), button="Save the draft")
    assert session().query(OptionVersion).one().scheme == {"kind": "area", "within": "area"}


def test_two_people_editing_one_option_both_see_what_the_other_typed(visit, world):
    plan = menus_world.composed_menu(world)
    option = menus_world.version(plan).option
    first, second = visit(world.committee), visit(world.second_committee)
    ours = first.get(f"/options/{option.id}/edit")
    theirs = second.get(f"/options/{option.id}/edit")
    second.post(theirs, {"unit_price": "690000"}, button="Save the draft")
    page = first.post(ours, {"unit_price": "650000"}, button="Save the draft", status=409)
    assert "Somebody else has changed this" in page.errors
    assert ["Price of one", "690,000.00 yuan", "650,000.00 yuan"] in rows_of(page)
    assert page.form(button="Save the draft").fields["unit_price"] == ["650000"]
    assert menus_world.version(plan).unit_price == 690_000_00
    first.post(page, button="Save the draft")
    assert menus_world.version(plan).unit_price == 650_000_00


def test_two_people_editing_one_item_both_see_what_the_other_typed(visit, world):
    plan = menus_world.composed_menu(world)
    item = menus_world.item(plan, menus_world.LIGHTS)
    first, second = visit(world.committee), visit(world.second_committee)
    ours = first.get(f"/items/{item.id}/edit")
    second.post(second.get(f"/items/{item.id}/edit"), {"title": "楼道灯"})
    page = first.post(ours, {"title": "楼梯灯"}, status=409)
    assert "楼道灯" in page.text
    assert page.form(button="Save").fields["title"] == ["楼梯灯"]
    first.post(page)
    assert session().get(MenuItem, item.id).title == "楼梯灯"


def test_a_published_option_gets_a_new_version_only_with_a_note(visit, world):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    visitor = visit(world.committee)
    page = visitor.get(f"/options/{option.id}/edit")
    page = visitor.post(
        page, {"unit_price": "690000"}, button="Publish the new version", status=422
    )
    assert "Say what changed and why." in page.errors
    page = visitor.post(page, {"change_note": "询价后下调"}, button="Publish the new version")
    assert "Saved." in page.text
    assert session().query(OptionVersion).filter_by(option_id=option.id).count() == 2


def test_a_version_can_be_kept_as_a_draft_and_published_or_removed_from_the_desk(visit, world):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    visitor = visit(world.committee)
    for button in ("Remove “贴墙井道电梯”", "Publish “贴墙井道电梯”"):
        page = visitor.get(f"/options/{option.id}/edit")
        visitor.post(
            page,
            {"unit_price": "690000", "change_note": "询价后下调"},
            button="Keep it as a draft",
            extra={"keep_draft": "1"},
        )
        desk = visitor.get(f"/plans/{plan.id}/compose")
        assert "New version of “贴墙井道电梯”" not in desk.text
        visitor.post(desk, button=button)
    versions = session().query(OptionVersion).filter_by(option_id=option.id).all()
    assert [one.number for one in versions if one.published_at] == [1, 2]


def test_an_option_is_withdrawn_with_a_reason(visit, world):
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    visitor = visit(world.committee)
    page = visitor.get(f"/options/{option.id}/withdraw")
    page = visitor.post(page, {"reason": " "}, status=422)
    page = visitor.post(page, {"reason": "管线无法迁改"})
    assert "The option is withdrawn." in page.text


def test_a_published_item_cannot_be_removed_by_an_old_page(visit, world, clock):
    plan = menus_world.composed_menu(world)
    visitor = visit(world.committee)
    page = visitor.get(f"/plans/{plan.id}/compose")
    terms = menus.Terms(policy=menus_world.Policy.BANDED, threshold=10, days=10)
    two_people.publish(
        world.actor(world.committee), plan, [plan.building], terms=terms, now=clock()
    )
    item = menus_world.item(plan)
    visitor.post(page, action=f"/items/{item.id}/remove", status=409)
    assert len(items_of(plan.id)) == 3


def test_a_picture_is_served_with_the_type_its_bytes_have(visit, world):
    plan = menus_world.composed_menu(world)
    option = menus_world.version(plan).option
    visitor = visit(world.committee)
    page = visitor.get(f"/options/{option.id}/edit")
    lying = (io.BytesIO(PNG), "photo.html", "text/html")
    visitor.post(page, {"picture": lying}, button="Save the draft")
    version = menus_world.version(plan)
    answer = visitor.download(f"/versions/{version.id}/picture")
    assert answer.mimetype == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data == PNG
    visit(world.sixth_floor).get(f"/versions/{version.id}/picture", status=404)
    page = visitor.get(f"/options/{option.id}/edit")
    visitor.post(page, {"without_picture": "y"}, button="Save the draft")
    visitor.get(f"/versions/{version.id}/picture", status=404)


def test_b10_a_picture_chosen_before_the_city_s_practice_was_filled_in_is_kept(visit, world):
    plan = menus_world.composed_menu(world)
    option = menus_world.version(plan).option
    visitor = visit(world.committee)
    page = visitor.get(f"/options/{option.id}/edit")
    chosen = {"picture": (io.BytesIO(PNG), "photo.png", "image/png")}
    page = visitor.post(page, chosen, button="Save the draft", extra={"from_city": "1"})
    assert "The picture you chose is kept." in page.text
    visitor.post(page, button="Save the draft")
    version = menus_world.version(plan)
    assert visitor.download(f"/versions/{version.id}/picture").data == PNG


def test_what_is_no_picture_is_refused_and_the_rest_kept(desk, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_BYTES", 100)
    visitor, _plan, item = desk
    fresh = visitor.get(f"/items/{item.id}/options/new")
    for content, said in (
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture in JPEG, PNG or WebP"),
        (PNG + b"0" * 100, "larger than 5 MB"),
        (b"\xff\xd8\xff\xe1\xff\xff", "damaged"),
    ):
        sent = (io.BytesIO(content), "photo.jpg", "image/jpeg")
        page = visitor.post(fresh, typed(picture=sent), button="Save the draft", status=422)
        assert said in page.errors
        assert page.form(button="Save the draft").fields["unit_price"] == ["700000"]
    assert session().query(Picture).count() == 0


def test_a_picture_survives_a_refusal_of_the_rest(desk):
    visitor, _plan, item = desk
    page = visitor.get(f"/items/{item.id}/options/new")
    page = visitor.post(
        page,
        typed(quantity="0", picture=(io.BytesIO(PNG), "photo.png", "image/png")),
        button="Save the draft",
        status=422,
    )
    assert "The picture you chose is kept." in page.text
    visitor.post(page, {"quantity": "1"}, button="Save the draft")
    version = session().query(OptionVersion).one()
    assert version.picture_id == session().query(Picture).one().id


def test_publishing_to_several_buildings_names_what_is_wrong_in_which(visit, world):
    from tests.services.test_menus_publishing import new_building

    plan = menus_world.composed_menu(world)
    new_building(world, "9幢", floors=(1, 8))
    empty = new_building(world, "7幢")
    visitor = visit(world.committee)
    page = visitor.get(f"/plans/{plan.id}/publish")
    every = page.form(button="Read it once more")
    boxes = [e.get("value") for e in page.all("input") if e.get("name") == "buildings"]
    assert len(boxes) == 4
    assert every.fields["buildings"] == [str(world.building.id)]
    page = visitor.post(page, {"buildings": boxes}, button="Read it once more", status=422)
    assert "9幢, 加装电梯, 贴墙井道电梯: The floor table says nothing for floor 8." in page.text
    assert f"{empty.name} has no counted dwelling in the register." in page.text
    assert session().get(Plan, plan.id).menu_published_at is None


def test_publishing_asks_for_what_is_missing(visit, world):
    plan = menus_world.composed_menu(world)
    visitor = visit(world.committee)
    fresh = visitor.get(f"/plans/{plan.id}/publish")
    for values, said in (
        ({"days": "0"}, "between 1 and 366"),
        ({"days": "bald"}, "Not a valid integer"),
        ({"days": "400"}, "between 1 and 366"),
        ({"buildings": []}, "Choose at least one building."),
        ({"threshold": "5"}, "Fewer than ten needs a recorded decision."),
    ):
        page = visitor.post(fresh, values, button="Read it once more", status=422)
        assert said in page.errors, values


def test_a_published_menu_has_no_publish_page(visit, world):
    plan = menus_world.published_menu(world)
    visit(world.committee).get(f"/plans/{plan.id}/publish", status=409)


def test_a_shared_title_is_refused_where_it_was_typed(visit, world):
    plan = menus_world.composed_menu(world)
    option = menus_world.version(plan).option
    visitor = visit(world.committee)
    page = visitor.get(f"/options/{option.id}/edit")
    page = visitor.post(
        page, {"title": menus_world.PLATFORM.title}, button="Save the draft", status=422
    )
    assert "already has an option" in page.errors
    assert replace(menus_world.SHAFT).title == menus_world.version(plan).title
