"""Co-owners on home and motion page, and my vote (我的一票): one page, at every stage."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from domain.periods import ZONE
from domain.preferences import ItemAnswerDraft, Stance
from domain.votes import Choice
from models import votes_queries
from models.database import session
from models.menus_queries import items_of
from services import mandates, objections, purging, votes
from services.preferences import send
from tests import bundles_world
from tests import votes_world as vw
from tests.privacy_world import ONE_ENGINE
from tests.services.test_mandates import cast_for, give, voter_of
from tests.statements import counting

ANSWERED = "Your co-owner has answered"
DISPUTED = "Your vote is disputed and agrees to nothing"
TOKENS = re.compile(r'(nonce="[^"]*"|name="(csrf_token|form_key)"[^>]*value="[^"]*")')


@pytest.fixture
def motion(world):
    return vw.open_motion(world)


def mine(motion):
    return f"/plans/{motion.plan_id}/my-vote"


def bare(page) -> str:
    """The page without what is made anew for each."""
    return TOKENS.sub("", page.html)


# --- co-owners ----------------------------------------------------------------------------------


def test_b2_home_asks_the_co_owner_who_has_not_answered(visit, world, motion):
    vw.cast(world, motion, world.wife, "agree")
    husband = visit(world.husband).get("/")
    assert f"{ANSWERED}: {vw.TITLE}" in husband.text
    assert "You have voted" not in husband.text
    assert husband.links()[f"Vote now: {ANSWERED}: {vw.TITLE}"] == f"/motions/{motion.id}/ballot"
    wife = visit(world.wife).get("/")
    assert "You have voted; you can change it until" in wife.text
    assert ANSWERED not in wife.text
    page = visit(world.husband).get(f"/motions/{motion.id}")
    assert ANSWERED in page.text
    assert "You voted on" not in page.text


def test_b2_a_dispute_is_said_first_to_both_until_one_of_them_changes(visit, world, motion):
    vw.cast(world, motion, world.wife, "agree")
    vw.cast(world, motion, world.husband, "against")
    for account in (world.wife, world.husband):
        home = visit(account).get("/")
        first = home.text_of(home.all("article")[0])
        assert first.startswith(f"{DISPUTED}: {vw.TITLE}")
        assert "You have voted" not in home.text
        page = visit(account).get(f"/motions/{motion.id}")
        assert page.text.index(DISPUTED) < page.text.index("Now")
        assert DISPUTED in visit(account).get(f"/motions/{motion.id}/ballot").text
        assert DISPUTED in visit(account).get(mine(motion)).text
    vw.cast(world, motion, world.husband, "agree")
    for account in (world.wife, world.husband):
        assert DISPUTED not in visit(account).get("/").text
        assert DISPUTED not in visit(account).get(f"/motions/{motion.id}").text


def test_b2_a_representative_settles_it(visit, world, motion):
    vw.cast(world, motion, world.wife, "agree")
    vw.cast(world, motion, world.husband, "against")
    votes.name_representative(
        world.actor(world.committee),
        voter_of(motion, "201"),
        world.owner("丁援朝").id,
        document="推选书",
        now=world.clock(),
    )
    # The representative's answer holds, the one given before too; the other is not asked any more.
    home = visit(world.wife).get("/")
    assert DISPUTED not in home.text
    assert "Only that person can answer" in home.text
    assert "Vote now" not in home.text
    assert "You have voted" in visit(world.husband).get("/").text
    assert DISPUTED not in visit(world.husband).get(f"/motions/{motion.id}").text


@pytest.mark.trust("4.2")
def test_b2_nobody_learns_from_any_page_what_the_co_owner_answered(visit, world, motion):
    seen: dict[str, set[str]] = {}
    husband, head = visit(world.husband), visit(world.head)
    for choice in Choice:
        vw.cast(world, motion, world.wife, choice)
        for address in ("/", f"/motions/{motion.id}", f"/motions/{motion.id}/ballot", mine(motion)):
            page = husband.get(address)
            assert ANSWERED in page.text
            seen.setdefault(address, set()).add(bare(page))
        seen.setdefault("head", set()).add(bare(head.get(f"/motions/{motion.id}/doors")))
    assert {address: len(pages) for address, pages in seen.items()} == dict.fromkeys(seen, 1)


@pytest.mark.trust("4.2")
def test_b2_the_stairwell_head_sees_that_it_is_disputed_and_never_how(visit, world, motion):
    head, pages = visit(world.head), []
    address = f"/motions/{motion.id}/doors"
    assert "co-owners disagree" not in head.get(address).text
    for first, second in (("agree", "against"), ("against", "agree"), ("abstain", "agree")):
        vw.cast(world, motion, world.wife, first)
        vw.cast(world, motion, world.husband, second)
        page = head.get(address)
        assert "co-owners disagree" in page.text
        pages.append(bare(page))
    assert len(set(pages)) == 1


def test_b2_the_holder_of_a_proxy_is_asked_though_the_other_co_owner_has_answered(
    visit, world, motion
):
    give(world, motion, "201", principal_id=world.owner("周慧敏").id, holder="杜文斌")
    vw.cast(world, motion, world.husband, "agree")
    holder = visit(world.ground_floor)
    number = voter_of(motion, "201").number
    card = f"You can vote for 1单元201: {vw.TITLE}"
    assert holder.get("/").links()[f"Vote now: {card}"] == f"/motions/{motion.id}/ballot/{number}"
    cast_for(world, motion, world.ground_floor, "201", "against")
    disputed = "The vote for 1单元201 is disputed and agrees to nothing"
    assert disputed in holder.get("/").text
    for account in (world.wife, world.husband):
        assert DISPUTED in visit(account).get("/").text
    cast_for(world, motion, world.ground_floor, "201", "agree")
    page = holder.get("/")
    assert disputed not in page.text
    assert f"Change the vote: {card}" in page.links()
    # The proxy's answer is the wife's: she has voted, and is told by whom.
    assert "You have voted" in visit(world.wife).get("/").text
    assert "杜文斌 (Proxy" in visit(world.wife).get(mine(motion)).text


def test_b2_whose_guardian_answers_is_not_asked(visit, world, motion):
    give(
        world,
        motion,
        "201",
        "guardian",
        principal_id=world.owner("周慧敏").id,
        holder="杜文斌",
    )
    home = visit(world.wife).get("/")
    assert "Vote now" not in home.text
    assert "杜文斌 votes for you." in home.text
    vw.cast(world, motion, world.husband, "agree")
    cast_for(world, motion, world.ground_floor, "201", "against")
    assert DISPUTED in visit(world.wife).get("/").text


def test_b2_after_the_close_it_can_no_longer_be_settled_and_the_words_say_so(visit, world, motion):
    vw.cast_all(world, motion, vw.ADOPTED)
    vw.cast(world, motion, world.husband, "against")
    vw.close(world, motion)
    home = visit(world.wife).get("/")
    assert DISPUTED in home.text
    assert "it can no longer be settled" in home.text
    assert "Change my vote" not in home.text
    page = visit(world.husband).get(f"/motions/{motion.id}")
    assert page.text.index("it can no longer be settled") < page.text.index("Now")
    assert "one of you changes the vote" not in page.text
    vw.counted(world, motion)
    assert DISPUTED not in visit(world.wife).get("/").text
    for address in (f"/motions/{motion.id}", mine(motion)):
        page = visit(world.wife).get(address)
        assert "Your vote was disputed and agreed to nothing" in page.text
        assert "one of you changes the vote" not in page.text


# --- my vote ------------------------------------------------------------------------------------


def steps_of(page):
    """The words of the steps on the page, in order."""
    return [page.text_of(li) for ol in page.all("ol", class_="way") for li in ol.iter("li")]


def test_b3_my_vote_leads_from_the_cast_through_seal_and_count_to_the_resolution(visit, world):
    motion = vw.open_motion(world)
    visitor = visit(world.sixth_floor)
    assert "Not voted yet" in visitor.get(mine(motion)).text
    vw.cast_all(world, motion, vw.ADOPTED)
    receipt = vw.cast(world, motion, world.sixth_floor, "agree")
    page = visitor.get(mine(motion))
    cast, sealed, counted, resolved = steps_of(page)
    assert cast.startswith("Vote cast done")
    assert "now" in sealed and "later" in counted and "later" in resolved
    vw.close(world, motion)
    page = visitor.get(mine(motion))
    assert f"Receipt to print: {receipt.code}" in page.links()
    assert "Vote now" not in page.text and "Change my vote" not in page.text
    vw.counted(world, motion)
    cast, sealed, counted, resolved = steps_of(visitor.get(mine(motion)))
    assert sealed.startswith("Sealed done")
    assert "Adopted" in counted
    assert "the building's resolution is issued" in resolved
    resolution = bundles_world.issued(world, motion)
    page = visitor.get(mine(motion))
    assert unquote(page.links()[f"Resolution {resolution.number}"]) == f"/r/{resolution.number}"
    assert f"Receipt to print: {receipt.code}" in page.links()


def test_b3_home_motion_page_and_own_data_lead_there_after_the_close_too(visit, world, motion):
    vw.cast_all(world, motion, vw.ADOPTED)
    visitor = visit(world.sixth_floor)
    to = f"{mine(motion)}#motion-{motion.number}"

    def leads():
        assert visitor.get("/").links()["My vote"] == "/my-vote"
        assert visitor.get("/my-vote").answer.request.path == mine(motion)
        assert visitor.get(f"/motions/{motion.id}").links()["My vote"] == to
        links = visitor.get("/me/data").links()
        assert mine(motion) in links.values()
        # Whoever has voted and never answered the menu has receipts too.
        assert vw.TITLE in links

    leads()
    vw.close(world, motion)
    leads()
    vw.counted(world, motion)
    leads()
    # The page of a decided motion is kept, and a tenant's has no such link.
    leads()
    assert "My vote" not in visit(world.tenant).get(f"/motions/{motion.id}").links()


def test_b3_the_paper_that_replaced_a_vote_is_named_by_its_number(visit, world, motion):
    online = vw.cast(world, motion, world.sixth_floor, "agree")
    paper = vw.by_paper(world, motion, "602", "against")
    number = vw.sheet_of(world, motion, "602").number
    visitor = visit(world.sixth_floor)
    text = visitor.get(mine(motion)).text
    assert re.search(
        f"Paper ballot no. {number}, recorded on .*, replaced the vote cast online", text
    )
    assert "Your paper ballot is recorded" in visitor.get("/").text
    page = visitor.get(f"/receipts/{online.code}")
    assert f"Replaced by paper ballot no. {number}" in page.text
    # What the paper has settled cannot be changed online, and no page offers it.
    assert "You can change your vote" not in page.text
    assert "can still be changed" not in visitor.get("/").text
    assert f"on paper, no. {number}" in visitor.get(f"/receipts/{paper.code}").text


@pytest.mark.trust("1.8")
def test_b3_the_receipt_to_print_and_the_printed_page_never_say_the_choice(visit, world, motion):
    receipt = vw.cast(world, motion, world.sixth_floor, "against")
    visitor = visit(world.sixth_floor)
    assert "Against" not in visitor.get(f"/receipts/{receipt.code}").text
    page = visitor.get(mine(motion))
    hidden = " ".join(page.text_of(box) for box in page.all("div", class_="noprint"))
    assert "Against" in hidden
    assert page.text.count("Against") == hidden.count("Against") == 1
    assert "Against" not in visit(world.wife).get(mine(motion)).text


@pytest.mark.trust("1.8")
def test_b3_only_who_acts_for_the_voter_sees_the_choice(visit, world, motion):
    vw.cast(world, motion, world.husband, "against")
    assert "Against" not in visit(world.wife).get(mine(motion)).text
    give(world, motion, "602", holder="杜文斌")
    cast_for(world, motion, world.ground_floor, "602", "against")
    assert "Against" in visit(world.ground_floor).get(mine(motion)).text
    (mandate,) = mandates.queries.live_mandates(motion.id)
    mandates.withdraw(world.actor(world.committee), mandate, reason="收回", now=world.clock())
    assert "Against" not in visit(world.ground_floor).get(mine(motion)).text
    assert "Against" in visit(world.sixth_floor).get(mine(motion)).text
    # Where a guardian answers in an owner's name the ward, who does not act, is not told how.
    owner = world.owner("陈建华").id
    give(world, motion, "401", "guardian", principal_id=owner, holder="杜文斌")
    cast_for(world, motion, world.ground_floor, "401", "against")
    assert "Against" not in visit(world.middle_floor).get(mine(motion)).text
    # After the count nothing changes in that.
    vw.counted(world, motion)
    assert "Against" not in visit(world.wife).get(mine(motion)).text


def test_b3_a_receipt_is_looked_up_by_its_code_and_only_one_s_own(visit, world, motion):
    receipt = vw.cast(world, motion, world.sixth_floor, "agree")
    vw.counted(world, motion)
    visitor = visit(world.sixth_floor)
    typed = receipt.code.lower().replace("-", " ")
    for address in (f"/receipts?code={typed}", f"/receipts?code={receipt.code}"):
        page = visitor.get(address)
        assert page.answer.request.path == f"/receipts/{receipt.code}"
        assert "yes, it is there" in page.text
    assert (
        "No receipt of yours" in visit(world.wife).get(f"/receipts?code={typed}", status=404).text
    )
    assert "No receipt of yours" not in visitor.get("/receipts").text


def test_b3_answers_and_objections_are_there_after_the_consultation(visit, world, clock):
    plan = vw.menus_world.published_menu(world)
    item = items_of(plan.id)[0]
    actor = world.actor(world.sixth_floor)
    sheet = send(
        actor,
        plan,
        world.dwelling("602").id,
        {item.id: ItemAnswerDraft(Stance.NEED)},
        revision=0,
        now=clock(),
    )
    objections.submit(
        actor, item, None, ground="light", body="厨房会很暗", form_key="objection-1", now=clock()
    )
    clock.move_to(plan.consultation_closes_at)
    clock.move(days=30)
    visitor = visit(world.sixth_floor)
    page = visitor.get(f"/plans/{plan.id}/my-vote")
    assert item.title in page.text
    assert "Need it" in page.text
    assert f"/answers/{sheet.receipt}" in page.links().values()
    assert f"Waiting for an answer: {item.title}" in page.links()
    found = visitor.get(f"/receipts?code={sheet.receipt}")
    assert found.answer.request.path == f"/answers/{sheet.receipt}"
    # A tenant sees the home's own answers, as a tenant, and why there is no vote.
    page = visit(world.tenant).get(f"/plans/{plan.id}/my-vote")
    assert "Need it" not in page.text
    assert "Owners vote" in page.text


@ONE_ENGINE
def test_b3_after_the_year_the_page_says_what_was_erased_and_when(visit, world, clock):
    resolution = bundles_world.one_resolution(world)
    plan_id = resolution.plan_id
    motion = votes_queries.motions_of_plan(world.actor(world.committee), plan_id)[0]
    (own,) = votes.own_voters(world.actor(world.sixth_floor), motion)
    code = own.latest.receipt
    clock.move(days=420)
    purging.purge(apply=True, now=clock())
    session().rollback()
    page = visit(world.sixth_floor).get(f"/plans/{plan_id}/my-vote")
    today = clock().astimezone(ZONE)
    assert f"Erased on {today.day} {today:%B} {today.year}" in page.text
    assert f"Receipt to print: {code}" in page.links()
    assert f"Resolution {resolution.number}" in page.links()
    visit(world.sixth_floor).get(f"/receipts/{code}")


def test_b3_the_page_needs_few_statements_however_many_motions_there_are(visit, world, motion):
    vw.cast_all(world, motion, vw.ADOPTED)
    visitor = visit(world.sixth_floor)
    with counting() as one:
        visitor.get(mine(motion))
    for option in (vw.menus_world.LED, vw.menus_world.PLATFORM):
        vw.posted_motion(world, motion.plan, option=option)
    with counting() as three:
        visitor.get(mine(motion))
    assert len(three) == len(one) <= 26


def test_b3_without_a_plan_the_page_says_what_to_wait_for(visit, world):
    page = visit(world.stranger).get("/my-vote")
    assert "Nothing to vote on yet" in page.text
