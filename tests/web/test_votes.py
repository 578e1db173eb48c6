"""The pages of motions and votes, walked through as their people do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.vocabulary import AreaSource, Occupancy, OwnerKind, Tenure
from models.database import session as current_session
from models.register import Dwelling, Owner, Ownership
from models.votes import Motion
from services import notices, votes
from services.transaction import transaction
from tests import menus_world, two_people
from tests import votes_world as vw
from tests.statements import counting


def motion_at(page):
    return current_session().get(Motion, int(page.answer.request.path.split("/")[2]))


def vote(browser, motion, choice):
    """Choose, look once more, send; the receipt's page."""
    page = browser.get(f"/motions/{motion.id}/ballot")
    page = browser.post(page, {"choice": choice}, button="Go on")
    return browser.post(page, button="Send my vote")


def test_a_committee_draws_up_announces_and_counts_and_owners_vote(visit, world, clock):
    plan = vw.consulted_plan(world)
    lin = visit(world.committee)
    page = lin.get(f"/plans/{plan.id}/motions")
    assert "No motion yet" in page.text
    page = lin.get(page.links()["Draw up a motion"])
    page = lin.get(page.links()["加装电梯: 贴墙井道电梯"])
    assert "700,000.00" in page.text
    page = lin.post(page, {"entrance": str(world.first_entrance.id)}, button="Draw up")
    path = page.answer.request.path
    page = lin.get(page.links()["Look at the roll and post it"])
    assert "11 owners, 726.56 m²" in page.text
    lin.post(page, button="Yes: Post the roll")
    page = lin.get(f"{path}/announce")
    page = lin.post(page, button="Look at everything once more")
    assert "This cannot be undone" in page.text
    page = lin.post(page, button="Hand to the second person")
    page = two_people.release_page(visit(world.second_committee), page)
    assert "Voting opens on" in page.text
    motion = motion_at(page)
    clock.move_to(motion.opens_at)
    for room in vw.ROOMS:
        receipt = vote(visit(vw.account_of(world, room)), motion, str(vw.ADOPTED[room]))
        assert "Your vote is recorded" in receipt.heading
        assert "Agree" not in receipt.text
        assert "Against" not in receipt.text
    clock.move_to(motion.closes_at)
    page = lin.post(lin.get(path), button="Yes: Count the votes")
    assert "Adopted" in page.text
    assert "9" in page.text


def test_the_proposed_text_says_price_subsidy_sharing_and_version(visit, world):
    plan = vw.consulted_plan(world)
    version = menus_world.version(plan)
    page = visit(world.committee).get(f"/motions/new/{version.id}")
    text = page.form(button="Draw up").fields["text"][0]
    for said in ("700,000.00", "300,000.00", "400,000.00", "version 1", "floor 6: 1.3"):
        assert said in text


def test_one_click_draws_up_a_motion_for_every_entrance(visit, world):
    plan = vw.consulted_plan(world)
    lin = visit(world.committee)
    page = lin.get(f"/motions/new/{menus_world.version(plan).id}")
    page = lin.post(page, {"entrance": "all"}, button="Draw up")
    assert "Drawn up: 2 motions." in page.text
    assert "3幢1单元" in page.text
    assert "3幢2单元" in page.text


def test_what_was_typed_into_a_motion_is_kept_when_it_is_refused(visit, world):
    plan = vw.consulted_plan(world)
    lin = visit(world.committee)
    page = lin.get(f"/motions/new/{menus_world.version(plan).id}")
    entrance = str(world.first_entrance.id)
    page = lin.post(
        page,
        {"entrance": entrance, "title": "电梯", "text": "装。", "matter": "9"},
        button="Draw up",
        status=422,
    )
    assert "needs three quarters" in page.errors
    assert page.form(button="Draw up").fields["title"] == ["电梯"]
    assert page.form(button="Draw up").fields["text"] == ["装。"]


def test_two_people_editing_one_motion_do_not_overwrite_each_other(visit, world):
    motion = vw.drafted_motion(world)
    first, second = visit(world.committee), visit(world.second_committee)
    pages = [one.get(f"/motions/{motion.id}/edit") for one in (first, second)]
    first.post(pages[0], {"title": "先到"}, button="Save")
    page = second.post(pages[1], {"title": "后到"}, button="Save", status=409)
    assert "Somebody else has changed this" in page.errors
    assert page.form(button="Save").fields["title"] == ["后到"]
    assert "先到" in first.get(f"/motions/{motion.id}").heading


def test_a_close_before_the_open_is_refused_and_the_dates_are_kept(visit, world):
    motion = vw.posted_motion(world)
    lin = visit(world.committee)
    page = lin.get(f"/motions/{motion.id}/announce")
    dates = {"opens_on": "2026-11-20", "closes_on": "2026-11-10"}
    page = lin.post(page, dates, button="Look at everything", status=422)
    assert "This would close before it opens." in page.errors
    fields = page.form(button="Look at everything").fields
    assert (fields["opens_on"], fields["closes_on"]) == (["2026-11-20"], ["2026-11-10"])


def test_an_absurd_year_is_refused_in_words(visit, world):
    motion = vw.posted_motion(world)
    lin = visit(world.committee)
    for year in ("0001", "9999"):
        page = lin.get(f"/motions/{motion.id}/announce")
        page = lin.post(page, {"closes_on": f"{year}-12-31"}, button="Look at", status=422)
        assert "Check the year." in page.errors


def test_a_vote_that_would_open_too_early_is_refused_with_the_earliest_day(visit, world, clock):
    motion = vw.posted_motion(world)
    lin = visit(world.committee)
    page = lin.get(f"/motions/{motion.id}/announce")
    early = clock().date().isoformat()
    page = lin.post(page, {"opens_on": early}, button="Look at everything", status=422)
    assert "at the earliest" in page.errors


def test_nothing_is_announced_without_the_confirmation_page(visit, world):
    motion = vw.posted_motion(world)
    lin = visit(world.committee)
    lin.post(lin.get(f"/motions/{motion.id}/announce"), button="Look at everything")
    assert current_session().get(Motion, motion.id).announced_at is None


@pytest.mark.trust("4.2")
def test_exact_areas_and_the_signed_list_are_for_owners_of_the_electorate_and_the_committee(
    visit, world
):
    motion = vw.closed_motion(world)
    exact = {world.sixth_floor: True, world.committee: True}
    exact |= {world.next_door: False, world.tenant: False, world.auditor: False}
    for account, sees in exact.items():
        browser = visit(account)
        page = browser.get(f"/motions/{motion.id}")
        assert ("605.31 m²" in page.text) is sees, account.display_name
        figure = browser.send("GET", f"/motions/{motion.id}/result.json").get_data(as_text=True)
        assert ("605.31" in figure) is sees
        rows = browser.send("GET", f"/motions/{motion.id}/result.csv").get_data(as_text=True)
        assert ("605.31" in rows) is sees and "2/3" in rows
        answer = browser.send("GET", f"/motions/{motion.id}/signed")
        assert answer.status_code == (200 if sees else 403)
    assert "about 83 %" in visit(world.tenant).get(f"/motions/{motion.id}").text
    signed = visit(world.sixth_floor).get(f"/motions/{motion.id}/signed")
    assert "杜文斌" in signed.text


def test_reading_the_signed_list_is_put_on_record(visit, world):
    from models.audit import AuditEntry

    motion = vw.closed_motion(world)
    visit(world.committee).get(f"/motions/{motion.id}/signed")
    last = current_session().query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (last.action, last.account_id) == ("signed_file_opened", world.committee.id)


def test_no_page_of_a_motion_takes_more_than_fifteen_statements(visit, world):
    motion = vw.open_motion(world)
    vw.cast_all(world, motion, vw.ADOPTED)
    vw.by_paper(world, motion, "101", "agree")
    open_pages = ("", "/roll", "/roll/print", "/notice", "/paper", "/paper/sheets", "/cancel")
    vw_counted = ("", "/signed", "/result.json", "/result.csv")
    lin = visit(world.committee)
    for path in open_pages:
        with counting() as statements:
            assert lin.send("GET", f"/motions/{motion.id}{path}").status_code == 200, path
        assert len(statements) <= 15, path
    vw.counted(world, motion)
    for path in vw_counted:
        with counting() as statements:
            assert lin.send("GET", f"/motions/{motion.id}{path}").status_code == 200, path
        assert len(statements) <= 15, path
    with counting() as statements:
        lin.get(f"/plans/{motion.plan_id}/motions")
    assert len(statements) <= 15


def test_an_entrance_of_hundreds_of_dwellings_takes_no_more_statements(visit, world):
    """More than 500: beyond that SQLAlchemy's selectinload begins to ask in pieces."""
    with transaction() as session:
        for number in range(520):
            owner = Owner(
                community_id=world.community.id, name=f"业主{number}", kind=OwnerKind.PERSON
            )
            dwelling = Dwelling(
                entrance=world.first_entrance,
                room=f"9{number:03d}",
                floor=6,
                area=5000 + number,
                area_source=AreaSource.REGISTER,
                tenure=Tenure.PRIVATE,
                occupancy=Occupancy.OWNER,
            )
            session.add(Ownership(dwelling=dwelling, owner=owner))
    plan = vw.consulted_plan(world)
    drafts = [vw.drafted_motion(world, plan, entrance=e) for e in world.building.entrances]
    lin = visit(world.committee)

    def statements_of(path):
        numbers = []
        for base in [f"/motions/{motion.id}" for motion in drafts]:
            with counting() as statements:
                assert lin.send("GET", base + path).status_code == 200
            numbers.append(len(statements))
        return numbers

    large, small = statements_of("/roll")
    assert large == small <= 15
    for motion in drafts:
        votes.post_roll(world.actor(world.committee), motion, now=world.clock())
        at = votes.earliest_opening(motion, now=world.clock()).at
        two_people.announce(
            world.actor(world.committee),
            motion,
            opens_at=at,
            closes_at=at + timedelta(days=7),
            now=world.clock(),
        )
        votes.print_sheets(world.actor(world.committee), motion, now=world.clock())
    for path in ("", "/roll", "/paper", "/paper/sheets"):
        large, small = statements_of(path)
        assert large == small <= 15, path
    for motion in drafts:
        vw.counted(world, motion)
    for path in ("", "/signed"):
        large, small = statements_of(path)
        assert large == small <= 15, path


def test_the_roll_shows_rooms_and_areas_to_neighbours_and_names_to_the_committee(visit, world):
    motion = vw.posted_motion(world)
    path = f"/motions/{motion.id}/roll"
    page = visit(world.sixth_floor).get(path)
    assert "邱国强" in page.text
    assert "杜文斌" not in page.text
    assert "62.35" in page.text
    assert "杜文斌" in visit(world.committee).get(path).text
    printed = visit(world.committee).get(f"{path}/print").text
    assert "杜文斌" not in printed
    assert "101" in printed


def test_a_draft_is_the_committees_alone(visit, world):
    motion = vw.drafted_motion(world)
    assert visit(world.committee).get(f"/motions/{motion.id}").status == 200
    assert visit(world.sixth_floor).send("GET", f"/motions/{motion.id}").status_code == 404
    assert "No motion yet" in visit(world.sixth_floor).get(f"/plans/{motion.plan_id}/motions").text


def test_a_cancelled_motion_says_why_and_can_be_drawn_up_anew(visit, world):
    motion = vw.posted_motion(world)
    lin = visit(world.committee)
    page = lin.get(f"/motions/{motion.id}/cancel")
    page = lin.post(page, {"reason": "金额写错"}, button="Cancel this motion")
    assert "金额写错" in visit(world.sixth_floor).get(f"/motions/{motion.id}").text
    page = lin.get(page.links()["Draw up anew"])
    page = lin.post(page, {"title": "加装电梯（二）"}, button="Draw up")
    assert page.heading == "加装电梯（二）"
    assert "It was drawn up anew." in lin.get(f"/motions/{motion.id}").text


def test_what_people_write_is_shown_and_never_run(visit, world):
    plan = vw.consulted_plan(world)
    motion = votes.draft(
        world.actor(world.committee),
        menus_world.version(plan),
        entrance=world.first_entrance,
        title="<script>alert(1)</script>",
        text="<img src=x onerror=alert(1)>",
        matter=7,
        now=world.clock(),
    )
    votes.post_roll(world.actor(world.committee), motion, now=world.clock())
    page = visit(world.sixth_floor).get(f"/motions/{motion.id}")
    assert page.heading == "<script>alert(1)</script>"
    assert "<img src=x" not in page.html


def test_every_page_of_a_vote_is_whole_in_chinese(visit, world):
    motion = vw.closed_motion(world, vw.REJECTED)
    for account, paths in {
        world.committee: ("", "/roll", "/roll/print", "/notice", "/signed", "/redraw", "/paper"),
        world.sixth_floor: ("", "/roll"),
        world.next_door: ("", "/roll"),
    }.items():
        for path in paths:
            visit(account, "zh-CN").get(f"/motions/{motion.id}{path}")


@pytest.mark.trust("4.2")
def test_the_notice_says_what_is_published_and_what_exact_areas_would_reveal(
    visit, world, monkeypatch
):
    motion = vw.announced_motion(world)
    browser, path = visit(world.sixth_floor), f"/motions/{motion.id}/notice"
    assert "heads and rounded shares of area" in browser.get(path).text
    city = notices.city_of(motion.plan)
    exact = replace(city, exact_areas_posted=replace(city.exact_areas_posted, value=True))
    for module in ("announcing", "page"):
        monkeypatch.setattr(f"blueprints.votes.{module}.city_of", lambda _plan: exact)
    assert "single votes can often be worked out" in browser.get(path).text
