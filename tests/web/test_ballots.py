"""The ballot, its receipt and the paper ballots, as owners and committee see them."""

from __future__ import annotations

import pytest

from domain.errors import Failure, NotStored, NotYetKnown
from models import casts_queries
from models.database import session as current_session
from models.votes import Ballot, Motion
from services import sessions, votes
from services import transaction as transactions
from services.transaction import transaction
from tests import votes_world as vw
from tests.statements import counting

WITHOUT_A_BALLOT = {
    "tenant": 403,
    "next_door": 403,
    "factory": 403,
    "committee": 403,
    "auditor": 403,
    "head": 403,
    "administrator": 403,
    "stranger": 404,
    "other_committee": 404,
    "contractor": 404,
}


def vote(browser, motion, choice):
    """Choose, look once more, send; the receipt's page."""
    page = browser.get(f"/motions/{motion.id}/ballot")
    page = browser.post(page, {"choice": choice}, button="Go on")
    return browser.post(page, button="Send my vote")


def test_results_are_sealed_for_everybody_until_the_count(visit, world, clock):
    motion = vw.open_motion(world)
    vw.cast_all(world, motion, {"101": "against", "602": "agree", "401": "agree"})
    for account in (world.committee, world.sixth_floor, world.auditor):
        text = visit(account).get(f"/motions/{motion.id}").text
        assert "3 of 11" in text
        assert "sealed" in text
        for page in ("result.json", "signed"):
            answer = visit(account).send("GET", f"/motions/{motion.id}/{page}")
            assert answer.status_code in (403, 409)
    vw.close(world, motion)
    assert "sealed" in visit(world.committee).get(f"/motions/{motion.id}").text
    assert (
        visit(world.committee).send("GET", f"/motions/{motion.id}/result.json").status_code == 409
    )


def test_nobody_gets_a_ballot_who_is_not_on_the_roll(visit, world):
    motion = vw.open_motion(world)
    for who, status in WITHOUT_A_BALLOT.items():
        answer = visit(getattr(world, who)).send("GET", f"/motions/{motion.id}/ballot")
        assert answer.status_code == status, who


def filled(browser, number):
    """The fields of an answer for this head, with the token of a page that everybody gets."""
    token = browser.get("/me").all("input", name="csrf_token")[0].get("value")
    return {"csrf_token": token, "choice": "agree", "voter": number, "form_key": vw.form_key()}


def answered(visit, motion, account, number):
    """The status of the answer that this account sends for this head."""
    browser = visit(account)
    data = filled(browser, number)
    return browser.send("POST", f"/motions/{motion.id}/ballot", data=data).status_code


def head_of(world, motion, account):
    """The account's own number on the roll."""
    return votes.own_voters(world.actor(account), motion)[0].voter.number


@pytest.mark.trust("2.1")
def test_answers_are_the_same_whether_the_sign_in_is_looked_up_before_or_under_the_lock(
    visit, world
):
    motion = vw.open_motion(world)
    head = head_of(world, motion, world.sixth_floor)
    expected = {**WITHOUT_A_BALLOT, "ground_floor": 403, "sixth_floor": 303}
    for who, status in expected.items():
        casts_queries.forget()
        assert answered(visit, motion, getattr(world, who), head) == status, who
        casts_queries.voted_on(world.actor(world.committee), motion.id)
        assert casts_queries.known(motion.id) is not None
        assert answered(visit, motion, getattr(world, who), head) == status, who
    assert current_session().query(Ballot).count() == 2


@pytest.mark.trust("2.6")
@pytest.mark.parametrize("known", [True, False])
def test_who_was_signed_out_elsewhere_casts_nothing(visit, world, known):
    motion = vw.open_motion(world)
    browser, head = visit(world.sixth_floor), head_of(world, motion, world.sixth_floor)
    data = filled(browser, head)
    with transaction() as session:
        sessions.end_all(session, world.sixth_floor.id, now=world.clock())
    casts_queries.forget()
    if known:
        casts_queries.voted_on(world.actor(world.committee), motion.id)
    answer = browser.send("POST", f"/motions/{motion.id}/ballot", data=data)
    assert answer.status_code == 401
    assert "so nothing was stored" in answer.text
    assert current_session().query(Ballot).count() == 0


def test_what_went_wrong_is_said_to_whom_it_happened(visit, world, clock):
    motion = vw.open_motion(world)
    casts_queries.voted_on(world.actor(world.committee), motion.id)
    browser, head = visit(world.sixth_floor), head_of(world, motion, world.sixth_floor)
    data = filled(browser, head)
    clock.move_to(motion.closes_at)
    page = browser.send("POST", f"/motions/{motion.id}/ballot", data=data)
    assert page.status_code == 409
    assert "My account" in page.text


@pytest.mark.parametrize(
    ("error", "looks"),
    [(NotYetKnown("nobody knows"), 1), (NotStored(Failure.STORAGE), 2)],
)
def test_who_is_there_is_not_asked_of_a_database_that_did_not_answer(
    visit, world, monkeypatch, error, looks
):
    motion = vw.open_motion(world)
    casts_queries.voted_on(world.actor(world.committee), motion.id)
    browser, head = visit(world.sixth_floor), head_of(world, motion, world.sixth_floor)
    data = filled(browser, head)

    def torn(link, writes, **_how):
        raise error

    monkeypatch.setattr(transactions, "send", torn)
    with counting() as statements:
        page = browser.send("POST", f"/motions/{motion.id}/ballot", data=data)
    assert page.status_code == 503
    assert sum("sign_ins" in statement for statement in statements) == looks
    assert data["form_key"] in page.text
    assert ("My account" in page.text) == (looks == 2)


def test_a_ballot_is_at_most_six_statements_and_its_page_at_most_fifteen(visit, world):
    motion = vw.open_motion(world)
    browser, path = visit(world.two_flats), f"/motions/{motion.id}/ballot"
    with counting() as statements:
        page = browser.get(path)
    assert len(statements) <= 15
    form = page.form(action="/ballot")
    data = form.filled({"choice": "agree"})
    with counting() as statements:
        answer = browser.send("POST", path, data=data)
    assert answer.status_code == 303
    assert len(statements) <= 6, "\n".join(statements)
    with counting() as statements:
        browser.get(answer.headers["Location"])
    assert len(statements) <= 15


def test_a_vote_after_the_close_is_refused_in_words(visit, world, clock):
    motion = vw.open_motion(world)
    browser = visit(world.sixth_floor)
    page = browser.get(f"/motions/{motion.id}/ballot")
    page = browser.post(page, {"choice": "agree"}, button="Go on")
    clock.move_to(motion.closes_at)
    page = browser.post(page, button="Send my vote", status=409)
    assert "Voting has closed. Nothing was recorded." in page.text
    assert current_session().query(Ballot).count() == 0


def test_a_ballot_without_an_answer_asks_for_one(visit, world):
    motion = vw.open_motion(world)
    browser = visit(world.sixth_floor)
    page = browser.get(f"/motions/{motion.id}/ballot")
    page = browser.post(page, button="Go on", status=422)
    assert page.errors


def test_the_same_page_sent_twice_gives_the_first_receipt_again(visit, world):
    motion = vw.open_motion(world)
    browser = visit(world.sixth_floor)
    page = browser.get(f"/motions/{motion.id}/ballot")
    page = browser.post(page, {"choice": "agree"}, button="Go on")
    first = browser.post(page, button="Send my vote")
    again = browser.post(page, button="Send my vote")
    assert first.answer.request.path == again.answer.request.path
    assert current_session().query(Ballot).count() == 1


def test_a_changed_answer_in_a_page_sent_before_is_not_taken_silently(visit, world):
    motion = vw.open_motion(world)
    browser = visit(world.sixth_floor)
    page = browser.get(f"/motions/{motion.id}/ballot")
    sending = browser.post(page, {"choice": "agree"}, button="Go on")
    browser.post(sending, button="Send my vote")
    changed = browser.post(page, {"choice": "against"}, button="Go on")
    told = browser.post(changed, button="Send my vote")
    assert "what you sent first is recorded" in told.text
    assert [one.choice for one in current_session().query(Ballot)] == ["agree"]


def test_a_buyer_of_two_flats_has_one_ballot_with_both_areas(visit, world):
    motion = vw.open_motion(world)
    page = visit(world.two_flats).get(f"/motions/{motion.id}/ballot")
    assert "1单元301" in page.text
    assert "1单元302" in page.text
    vote(visit(world.two_flats), motion, "agree")
    assert votes.turnout(current_session().get(Motion, motion.id)).persons == 1


def test_a_couple_that_disagrees_is_told_plainly(visit, world):
    motion = vw.open_motion(world)
    vote(visit(world.wife), motion, "agree")
    page = visit(world.husband).get(f"/motions/{motion.id}/ballot")
    assert "Your co-owner has answered" in page.text
    page = vote(visit(world.husband), motion, "against")
    assert "disputed" in page.text
    assert "disputed" in visit(world.wife).get(f"/motions/{motion.id}/ballot").text


@pytest.mark.trust("1.8")
def test_the_receipt_is_for_its_voter_alone(visit, world):
    motion = vw.open_motion(world)
    path = vote(visit(world.sixth_floor), motion, "agree").answer.request.path
    for other in (world.ground_floor, world.stranger):
        assert visit(other).send("GET", path).status_code == 404
    assert visit(world.committee).send("GET", path).status_code in (403, 404)
    vw.counted(world, motion)
    page = visit(world.sixth_floor).get(path)
    listed = {
        page.text_of(row[0]): page.text_of(row[1]) for row in page.all("div") if len(row) == 2
    }
    assert listed["On the closed list"].startswith("yes")


def test_a_paper_is_entered_confirmed_by_another_and_then_counts(visit, world):
    motion = vw.open_motion(world)
    lin, zhou = visit(world.committee), visit(world.second_committee)
    lin.send("GET", f"/motions/{motion.id}/paper")
    page = lin.get(f"/motions/{motion.id}/paper")
    page = lin.post(page, button="Print ballots for all owners")
    assert "Signature of the owner" in page.text
    sheet = vw.sheet_of(world, motion, "602")
    page = lin.get(f"/motions/{motion.id}/paper")
    page = lin.post(page, {"number": str(sheet.number)}, action="find")
    lin.post(page, {"choice": "agree"} | vw.handed_in_form(world), button="Type in")
    refused = lin.send("GET", f"/motions/{motion.id}/paper/{sheet.number}/confirm")
    assert refused.status_code == 403
    page = zhou.get(f"/motions/{motion.id}/paper")
    page = zhou.post(page, {"number": str(sheet.number)}, action="find")
    assert "checked" not in page.html.split("<main")[1].split("</main>")[0]
    page = zhou.post(page, {"choice": "agree"}, button="Confirm")
    assert "both readings agree" in page.text
    page = visit(world.sixth_floor).get(f"/motions/{motion.id}/ballot")
    assert "Your paper ballot is recorded" in page.text


def test_a_paper_read_differently_goes_back_to_the_first_person(visit, world):
    motion = vw.open_motion(world)
    sheet = vw.sheet_of(world, motion, "602")
    lin, zhou = visit(world.committee), visit(world.second_committee)
    path = f"/motions/{motion.id}/paper/{sheet.number}"
    lin.post(lin.get(path), {"choice": "agree"} | vw.handed_in_form(world), button="Type in")
    page = zhou.post(zhou.get(f"{path}/confirm"), {"choice": "against"}, button="Confirm")
    assert "The two readings differ" in page.text
    assert "read differently: enter it again" in lin.get(f"/motions/{motion.id}/paper").text
    assert current_session().query(Ballot).count() == 0
