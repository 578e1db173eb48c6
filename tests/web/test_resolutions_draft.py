"""Both people read the draft itself; the second one ticks it part by part."""

from __future__ import annotations

import re

import pytest

from models.database import session
from models.resolutions import Resolution
from services import publications
from tests import two_people, votes_world
from tests.web.test_resolutions import address

# What pages do with it does not depend on the engine; the services are tested on both.
pytestmark = pytest.mark.parametrize("place", ["sqlite"], indirect=True)


@pytest.fixture
def plan(world):
    """Adopted in entrance 1; in entrance 2 nobody voted."""
    motion = votes_world.closed_motion(world)
    votes_world.closed_motion(world, {}, motion.plan, entrance=world.second_entrance)
    return motion.plan


@pytest.fixture
def prepared(world, plan):
    lin = world.actor(world.committee)
    return publications.prepare_resolution(lin, plan, now=world.clock())


def decisions(page) -> list[str]:
    """What stands in each part of the document, the boxes left out."""
    parts = [s for s in page.all("section") if s.get("aria-labelledby")]
    return [re.sub(r"I have read this part: .*$", "", page.text_of(s)).strip() for s in parts]


def test_b5_both_read_the_draft_as_the_page_will_be(visit, world, plan):
    lin = visit(world.committee)
    first = lin.get(f"/plans/{plan.id}/resolution")
    assert "Draft, not in force" in first.text
    prepared = lin.post(first, {"read": "y"}, button="Hand to the second person")
    assert not prepared.all("input", name="read")
    zhou = visit(world.second_committee)
    second = zhou.get(prepared.answer.request.path)
    page = zhou.post(second, two_people.ticked(second), action="/release")
    assert len(decisions(page)) == 3
    assert decisions(first) == decisions(prepared) == decisions(second) == decisions(page)
    assert "Draft" not in page.text


def test_b5_the_page_says_what_failed_and_of_nobody_that_it_is_not_counted(visit, world, plan):
    issued = two_people.issue(world.actor(world.committee), plan, now=world.clock())
    page = visit().get(address(issued))
    (failed,) = [said for said in decisions(page) if said.startswith("Votes that failed")]
    assert "Too few took part" in failed
    assert "0 / 12" in failed
    assert failed.count("not counted") == 2
    assert visit().download(address(issued, "/figures/majority-2.json")).json
    assert visit().download(address(issued, "/figures/cost-2.json"), status=404)


def test_b5_without_a_tick_nothing_goes_out_and_the_others_are_kept(visit, world, prepared):
    zhou = visit(world.second_committee)
    page = zhou.get(f"/publications/{prepared.id}")
    (boxes,) = two_people.ticked(page).values()
    assert len(boxes) == 6
    page = zhou.post(page, {"read": boxes[:-1]}, action="/release", status=422)
    assert "1 parts are not ticked" in page.errors
    assert page.text.count("Read this part and tick it.") == 1
    kept = [box.get("value") for box in page.all("input", name="read") if "checked" in box.attrib]
    assert kept == boxes[:-1]
    assert session().query(Resolution).count() == 0
    page = zhou.post(page, {"read": boxes}, action="/release")
    assert page.heading.startswith("Resolution")


def test_b5_the_draft_can_be_opened_as_print_and_charts_by_the_committee_alone(
    visit, world, prepared
):
    path = f"/plans/{prepared.plan_id}/resolution/draft"
    for account in (world.committee, world.second_committee):
        assert visit(account).download(f"{path}.pdf").data.startswith(b"%PDF")
    lin = visit(world.committee)
    assert lin.download(f"{path}.json?name=majority-1").json
    assert lin.download(f"{path}.csv?name=demand").data
    assert lin.download(f"{path}.json?name=nothing-1", status=404)
    for account in (world.sixth_floor, world.auditor):
        assert visit(account).download(f"{path}.pdf", status=403)


def test_b5_without_anything_adopted_there_is_no_draft(visit, world):
    motion = votes_world.closed_motion(world, votes_world.REJECTED)
    lin = visit(world.committee)
    lin.download(f"/plans/{motion.plan_id}/resolution/draft.pdf", status=409)
    assert "Draft" not in lin.get(f"/plans/{motion.plan_id}/resolution").text


def test_b5_digests_are_folded_away_on_the_pages_of_residents(visit, world, plan):
    issued = two_people.issue(world.actor(world.committee), plan, now=world.clock())
    motion = issued.motions[0].motion_id
    for path in (address(issued), f"/motions/{motion}"):
        page = visit(world.sixth_floor).get(path)
        folded = {id(code) for one in page.all("details") for code in one.iter("code")}
        assert folded
        assert [page.text_of(c) for c in page.all("code") if id(c) not in folded] == []


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_b5_the_draft_is_whole_in_both_languages(visit, world, prepared, language):
    for account in (world.committee, world.second_committee):
        visit(account, language).get(f"/publications/{prepared.id}")
        visit(account, language).get(f"/plans/{prepared.plan_id}/resolution")
