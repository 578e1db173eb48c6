"""Two people publish, on pages: prepared, found on the first page, read, released or sent back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.privacy import Hold, Reason
from models.database import session
from models.plans import Plan
from models.publications import Publication
from services import accounts, publications
from services.transaction import transaction
from tests import menus_world
from tests.services.test_publications import change_menu, menu, resolution, vote
from tests.two_people import ticked
from tests.web.test_sessions import grant_of

# What pages do with it does not depend on the engine; the services are tested on both.
pytestmark = [
    pytest.mark.trust("2.5"),
    pytest.mark.parametrize("place", ["sqlite"], indirect=True),
]


def test_after_preparing_the_page_says_who_releases_and_how_they_get_there(visit, world):
    plan = menus_world.composed_menu(world)
    lin = visit(world.committee)
    page = lin.get(f"/plans/{plan.id}/publish")
    page = lin.post(page, {"place": "门口"}, button="Read it once more")
    page = lin.post(page, button="Hand to the second person", extra={"confirm": "1"})
    assert page.heading == "Publish the menu of 3幢"
    for said in ("居委会 小周", "find it on their page", page.answer.request.path):
        assert said in page.text
    assert "Release and publish" not in page.text
    assert session().get(Plan, plan.id).menu_published_at is None
    # The form leads to what waits, and the first page says so.
    again = lin.get(f"/plans/{plan.id}/publish")
    assert again.answer.request.path == page.answer.request.path
    assert "Waits for a second person: Publish the menu of 3幢" in lin.get("/").text


@pytest.mark.parametrize(
    ("prepared", "read"),
    [
        (menu, ("贴墙井道电梯", "700,000.00", "Every household is told:", "10 days from today")),
        (vote, ("加装电梯", "This cannot be undone", "Voting opens", "version 1")),
        (resolution, ("工人新村3幢〔2026〕1号", "Draft, not in force", "How it was decided")),
    ],
    ids=["menu", "vote", "resolution"],
)
def test_the_second_person_finds_it_first_reads_everything_and_releases(
    visit, world, prepared, read
):
    made = prepared(world)
    zhou = visit(world.second_committee)
    first = zhou.get("/")
    (address,) = {url for name, url in first.links().items() if name.startswith("Read it")}
    page = zhou.get(address)
    for said in ("居委会 林主任", *read):
        assert said in page.text
    assert "<" not in page.text
    page = zhou.post(page, ticked(page), action="/release")
    assert page.answer.request.path.startswith(("/plans/", "/motions/", "/r/"))
    session().expire_all()
    assert session().get(Publication, made.id).outcome == "released"
    assert "Released on" in visit(world.committee).get(address).text
    assert not [name for name in zhou.get("/").links() if name.startswith("Read it")]


def test_what_is_sent_back_says_why_where_it_is_prepared_anew(visit, world):
    made = vote(world)
    zhou = visit(world.second_committee)
    page = zhou.get(f"/publications/{made.id}")
    page = zhou.post(page, {"reason": " "}, button="Send it back", status=422)
    assert "Fill this in." in page.errors
    zhou.post(page, {"reason": "春节不要投票"}, button="Send it back")
    lin = visit(world.committee)
    page = lin.get(lin.get(f"/publications/{made.id}").links()["Change it and prepare it anew"])
    assert page.answer.request.path == f"/motions/{made.motion_id}"
    assert "春节不要投票" in lin.get(f"/motions/{made.motion_id}/announce").text


def test_what_waited_until_the_year_was_over_says_so(visit, world):
    made = menu(world)
    hold = Hold(Reason.OVER, made.prepared_at + timedelta(days=366))
    world.clock.move(days=400)
    with transaction() as current:
        publications.end_waiting(current, made.plan_id, hold, now=world.clock())
    page = visit(world.committee).get(f"/publications/{made.id}")
    assert "when the year to challenge the plan was over" in page.text
    assert "prepare it anew" not in page.text
    assert "had changed meanwhile" not in page.text
    trail = visit(world.auditor).get(f"/audit/plan:{made.plan_id}")
    assert "What was prepared waited until its plan's year was over" in trail.text


def test_whoever_prepared_it_cannot_release_it_even_by_hand_and_takes_it_back(visit, world):
    made = menu(world)
    lin = visit(world.committee)
    page = lin.get(f"/publications/{made.id}")
    data = page.form(action="/withdraw").fields
    assert lin.send("POST", f"/publications/{made.id}/release", data=data).status_code == 403
    assert lin.send("POST", f"/publications/{made.id}/send-back", data=data).status_code == 422
    lin.post(page, action="/withdraw")
    assert "Taken back" in lin.get(f"/publications/{made.id}").text
    zhou = visit(world.second_committee)
    assert zhou.send("POST", f"/publications/{made.id}/release", data=data).status_code == 400


def test_what_has_changed_meanwhile_is_said_and_not_offered(visit, world):
    made = menu(world)
    zhou = visit(world.second_committee)
    before = zhou.get(f"/publications/{made.id}")
    change_menu(world, made)
    page = zhou.get(f"/publications/{made.id}")
    assert "has changed meanwhile" in page.text
    assert "Release and publish" not in page.text
    page = zhou.post(before, action="/release", status=409)
    assert "has changed meanwhile" in page.errors
    assert session().get(Plan, made.plan_id).menu_published_at is None


def test_a_committee_of_one_is_told_plainly_what_to_do(visit, world, clock):
    accounts.end_role(
        world.actor(world.committee), grant_of(world.second_committee, "committee"), now=clock()
    )
    made = menu(world)
    lin = visit(world.committee)
    page = lin.get(f"/publications/{made.id}")
    assert "A second person is needed" in page.text
    assert "The administrator can do it too." in page.text
    assert lin.get(page.links()["Give somebody a role"]).heading == "Give somebody a role"


def test_a_release_asks_for_the_second_factor_of_whoever_releases(visit, world):
    made = vote(world)
    zhou = visit(world.second_committee, confirmed=False)
    page = zhou.get(f"/publications/{made.id}")
    page = zhou.post(page, action="/release", status=403)
    assert page.heading == "Set up the second factor"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_pages_are_whole_in_both_languages(visit, world, language):
    made = resolution(world)
    for account in (world.committee, world.second_committee):
        visit(account, language).get(f"/publications/{made.id}")
