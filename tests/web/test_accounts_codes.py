"""Codes that open nothing: one page for all of them; and a used one, to its own account."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select

from models.accounts import SignIn
from models.database import session
from models.register import Ownership
from services.accounts_tries import CODES
from services.transaction import transaction
from tests.letters import again, printed
from tests.preferences_world import published_plan

WRONG = "2222-2222-2222"  # its check sign fits
TOKENS = re.compile(r'nonce="[^"]*"|name="(?:csrf_token|form_key)"[^>]*value="[^"]*"')


@pytest.fixture
def letter(world, visit) -> Callable[[str], str]:
    """``letter(room)``: the code of the letter the committee prints for a room of entrance 1."""
    return partial(printed, world, visit)


def refused_page(visitor, code, path="/sign-in"):
    """The bytes of the page that answers this code, what is made anew for each page apart."""
    page = visitor.post(visitor.get(path), {"code": code}, action="/c", status=422)
    sent = page.answer.get_data()
    assert code.replace("-", "").encode() not in sent.replace(b"-", b"")
    headers = {name for name, _value in page.answer.headers}
    return TOKENS.sub("", sent.decode()), page.errors, frozenset(headers)


@pytest.mark.trust("2.4")
def test_b3_wrong_used_revoked_sold_and_expired_codes_get_the_same_page_to_the_byte(
    world, visit, clock, letter
):
    used, sold, expired, old = (letter(room) for room in ("102", "402", "502", "601"))
    phone = visit()
    phone.post(phone.get("/sign-in"), {"code": used}, action="/c")
    with transaction() as current:
        current.delete(
            current.get_one(Ownership, (world.dwelling("402").id, world.owner("谭玥").id))
        )
    again(world, "601", "钟志强")
    before = {WRONG, used, sold, old}
    # To a stranger, and to somebody who is in by another letter or as staff.
    for account in (None, world.sixth_floor, world.committee):
        pages = {refused_page(visit(account), code) for code in before}
        assert len(pages) == 1
    clock.move(days=100)
    pages = {refused_page(visit(), code) for code in (*before, expired)}
    assert len(pages) == 1
    ((_page, errors, _headers),) = pages
    assert "wrong, used already or out of date" in errors


def test_b3_the_page_of_a_refused_code_says_what_to_do(world, visit):
    stranger = visit()
    page = stranger.post(stranger.get("/sign-in"), {"code": WRONG}, action="/c", status=422)
    assert page.heading == "This code opens nothing"
    assert "sign by sign" in page.text
    assert "new letter" in page.text
    assert page.links()["Sign in with a password instead"] == "/sign-in"
    assert page.form(action="/c").fields["code"] == [""]


@pytest.mark.trust("2.4")
def test_b3_a_used_code_leads_to_my_vote_only_for_the_account_that_it_opened(
    world, visit, clock, letter
):
    plan = published_plan(world)
    code = letter("102")
    phone = visit()
    phone.post(phone.get("/sign-in"), {"code": code}, action="/c")
    page = phone.get(f"/c/{code.replace('-', '')}")
    before = len(session().execute(select(SignIn)).all())
    for _again in range(CODES.each + 1):
        came = phone.post(page, button="Enter")
        assert came.answer.request.path == f"/plans/{plan.id}/my-vote"
    assert len(session().execute(select(SignIn)).all()) == before
    # It is known by the account, not by the phone: nobody else is led there.
    for account in (None, world.sixth_floor):
        other = visit(account)
        page = other.post(other.get("/sign-in"), {"code": code}, action="/c", status=422)
        assert page.heading == "This code opens nothing"
