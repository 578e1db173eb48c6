"""The pages of the duties, walked through as their people do, on phones and at the desk."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from domain.periods import local_day
from models.plans import Plan
from models.votes import Motion
from services import resolutions, votes
from services.transaction import transaction
from tests import two_people
from tests import votes_world as vw


@pytest.fixture
def motion(world) -> Motion:
    return vw.open_motion(world)


def test_a_committee_records_a_proxy_and_the_neighbour_votes_by_it(visit, world, motion):
    lin, neighbour = visit(world.committee), visit(world.ground_floor)
    page = lin.get(f"/motions/{motion.id}")
    page = lin.get(page.links()["Who votes for whom"])
    assert "at most" not in page.text
    assert "proxies of more than 3" in page.text
    page = lin.get(page.links()["11 · 1单元602"])
    said = {"kind": "proxy", "document": "委托书 12 号"}
    page = lin.post(page, said, button="Record", status=422)
    assert "Say who votes" in page.errors
    said["holder_owner"] = str(world.owner("杜文斌").id)
    page = lin.post(page, said, button="Record", status=422)
    assert "Staff of the property company" in page.errors
    assert page.form(button="Record").fields["document"] == ["委托书 12 号"]
    page = lin.post(page, {"not_property_staff": "y"}, button="Record")
    assert "杜文斌" in page.text
    home = neighbour.get("/")
    page = neighbour.get(home.links()[f"Vote now: You can vote for 1单元602: {motion.title}"])
    assert "You vote for 1单元602" in page.text
    page = neighbour.post(page, {"choice": "agree"}, button="Go on")
    page = neighbour.post(page, button="Send my vote")
    assert "Your vote is recorded" in page.heading
    assert (
        f"Change the vote: You can vote for 1单元602: {motion.title}" in neighbour.get("/").links()
    )
    page = lin.get(f"/motions/{motion.id}/mandates")
    page = lin.get(page.links()["Withdraw: 杜文斌"])
    page = lin.post(page, {"reason": "已书面收回"}, button="Withdraw")
    assert "withdrawn" in page.text
    assert "You can vote for" not in neighbour.get("/").text


def test_a_paper_form_offers_who_may_sign(visit, world, motion):
    lin = visit(world.committee)
    page = lin.get(f"/motions/{motion.id}/mandates")
    page = lin.get(page.links()["11 · 1单元602"])
    said = {"kind": "guardian", "holder_name": "邱家女儿", "document": "监护证明"}
    lin.post(page, said, button="Record")
    sheet = vw.sheet_of(world, motion, "602")
    page = lin.get(f"/motions/{motion.id}/paper/{sheet.number}")
    assert "邱家女儿 (Guardian" in page.text
    signer = page.form(button="Type in").fields
    handed = vw.handed_in_form(world)
    by_the_ward = {"choice": "agree", "owner": str(world.owner("邱国强").id)} | handed
    page = lin.post(page, by_the_ward, button="Type in", status=422)
    assert "on record as voting for this owner" in page.errors
    assert "first_collector" in signer
    signers = [one.get("value") for one in page.all("input", name="owner")]
    by_the_guardian = next(one for one in signers if one.startswith("m"))
    lin.post(page, {"choice": "agree", "owner": by_the_guardian} | handed, button="Type in")
    zhou = visit(world.second_committee)
    page = zhou.get(f"/motions/{motion.id}/paper/{sheet.number}/confirm")
    assert "Signed by 邱家女儿 (Guardian" in page.text
    page = zhou.post(page, {"choice": "agree"}, button="Confirm")
    assert "both readings agree" in page.text


def test_the_stairwell_head_goes_from_door_to_door(visit, world, motion):
    cui = visit(world.head)
    page = cui.get(f"/plans/{motion.plan_id}")
    page = cui.get(page.links()[f"From door to door: {motion.title}"])
    assert "0 of 11" in page.text
    card = f"From door to door: 11 ballots to bring to the doors: {motion.title}"
    assert cui.get("/").links()[card] == page.answer.request.path
    page = cui.post(page, button="Delivered: 1单元101")
    assert "1 of 11 doors visited" in cui.get("/").text
    assert "10 doors not reached yet, 1 of 11 visited." in visit(world.committee).get("/").text
    assert "1 of 11" in page.text
    page = cui.get(page.links()["Something else: 1单元602"])
    page = cui.post(page, {"outcome": "undeliverable"}, button="Record", status=422)
    assert "Say where the notice" in page.errors
    page = cui.post(page, {"place": "602室门上"}, button="Record")
    assert "2 of 11" in page.text
    assert "Nobody found" in page.text
    for said in ("Agree", "Against", "voted"):
        assert said not in page.text


def official(world, visit) -> Motion:
    with transaction() as session:
        world.community.city = "shenzhen"
        session.add(world.community)
    motion = vw.drafted_motion(world)
    lin = visit(world.committee)
    page = lin.get(f"/motions/{motion.id}/edit")
    assert page.form(button="Save").fields["channel"] == ["official_platform"]
    votes.post_roll(world.actor(world.committee), motion, now=world.clock())
    opens_at = votes.earliest_opening(motion, now=world.clock()).at
    two_people.announce(
        world.actor(world.committee),
        motion,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=7),
        now=world.clock(),
    )
    return motion


def test_an_official_platform_s_list_is_typed_twice_and_counted(visit, world, clock):
    motion = official(world, visit)
    clock.move_to(motion.opens_at)
    page = visit(world.sixth_floor).get(f"/motions/{motion.id}/ballot")
    assert "authority's own platform, not here" in page.text
    clock.move_to(motion.closes_at)
    lin, zhou = visit(world.committee), visit(world.second_committee)
    words = {
        "authority": "市电子投票平台",
        "document_number": "12号",
        "document_date": local_day(clock()).isoformat(),
        "form": "ballots",
    }
    page = lin.get(f"/motions/{motion.id}/platform")
    wrong = (io.BytesIO("房号,意见\n909,同意\n101,也许\n".encode()), "清单.csv")
    page = lin.post(page, words | {"list": wrong}, button="Type in", status=422)
    assert "Not on the roll: 909" in page.text
    assert "Row 3" in page.text
    assert page.form(button="Type in").fields["document_number"] == ["12号"]
    rows = "".join(f"{room},同意\n" for room in vw.ROOMS)

    def listed():
        return {"list": (io.BytesIO(f"房号,意见\n{rows}".encode()), "清单.csv")}

    page = lin.post(page, words | listed(), button="Type in")
    assert "You have entered it" in page.text
    assert "You have entered it" in lin.get("/").text
    desk = zhou.get("/").links()
    page = zhou.get(desk[f"Type it in: Official result to confirm: {motion.title}"])
    assert "市电子投票平台" not in page.form(button="Confirm").fields["authority"]
    page = zhou.post(page, words | listed(), button="Confirm")
    assert "confirmed by another" in page.text
    assert "Official result to confirm" not in zhou.get("/").text
    page = lin.post(lin.get(f"/motions/{motion.id}"), button="Yes: Count the votes")
    assert "document 12号" in page.text
    # Residents, contractors and strangers have no business there.
    visit(world.sixth_floor).get(f"/motions/{motion.id}/platform", status=403)


def test_an_annulled_resolution_says_so_at_its_top_in_both_languages(visit, world, clock):
    motion = vw.closed_motion(world)
    actor = world.actor(world.committee)
    resolution = two_people.issue(actor, motion.plan, now=clock())
    clock.move_to(resolution.in_force_at)
    resolutions.issue_requirements(actor, resolution, world.company, now=clock())
    lin = visit(world.committee)
    page = lin.get(f"/r/{resolution.number}")
    page = lin.get(page.links()["State what happened to the resolution"])
    said = {
        "act": "annulled",
        "authority": "区人民法院",
        "document_number": "(2026)民初1号",
        "document_date": "2026-08-01",
        "reason": "表决程序违法",
    }
    page = lin.post(page, said, button="Hand to", status=422)
    assert "Tick this" in page.errors
    page = lin.post(page, said | {"read": "y"}, button="Hand to")
    assert "annulled by a court" not in visit().get(f"/r/{resolution.number}").text
    zhou = visit(world.second_committee)
    desk = zhou.get("/")
    (address,) = {url for name, url in desk.links().items() if name.startswith("Read it")}
    read = zhou.get(address)
    for words in (*said.values(), resolution.digest):
        assert words in read.text or words in ("annulled", "2026-08-01")
    assert "Annulled" in read.text
    assert "1 Aug" in read.text
    page = two_people.release_page(zhou, page)
    assert page.answer.request.path == f"/r/{resolution.number}"
    for visitor, words in (
        (visit(), "annulled by a court"),
        (visit(language="zh"), "已被人民法院撤销"),
    ):
        page = visitor.get(f"/r/{resolution.number}")
        assert words in page.text
        assert page.text.index(words) < page.text.index(resolution.digest)
        assert "In force since" not in page.text
    visit().get(f"/r/{resolution.number}/statements.json")
    contractor = visit(world.contractor)
    page = contractor.get("/requirements")
    assert "Annulled" in page.text
    page = contractor.get(page.links()["工人新村 3幢"])
    assert "annulled by a court" in page.text
    plan = lin.get(f"/plans/{motion.plan_id}")
    assert "Annulled" in plan.text
    assert isinstance(motion.plan, Plan)
    page = lin.get(f"/motions/{motion.id}")
    assert "Draw up anew" in page.links()
