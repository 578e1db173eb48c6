"""Simultaneous tries: a code lets one in, and the limit is not slipped past together."""

from __future__ import annotations

import random
import threading
from contextvars import Context

import pytest
from sqlalchemy import func, select

from domain.codes import derive_key, new_code
from domain.errors import Refused
from extensions import db
from models.accounts import Account, CodeAttempt, RoleGrant, SignIn
from models.database import session
from services import accounts, accounts_tries
from services.accounts_tries import CODES
from services.transaction import transaction

KEY = derive_key("a secret of the test's own, long enough")
THREADS = 8


def at_once(app, codes, now):
    """Try every code at the same moment; returns what each got."""
    start = threading.Barrier(len(codes))
    got = []

    def try_(code):
        with app.app_context():
            start.wait()
            try:
                got.append(accounts.redeem(code, key=KEY, now=now).account.id)
            except Refused as refused:
                got.append(refused.code)
            finally:
                db.session.remove()

    session().rollback()
    threads = [threading.Thread(target=lambda c=c: Context().run(try_, c)) for c in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def letters(world, *rooms):
    inside = [world.dwelling(room) for room in rooms]
    actor = world.actor(world.committee)
    return accounts.issue_codes(actor, inside, key=KEY, now=world.clock())


@pytest.mark.trust("2.4")
def test_one_code_tried_by_many_at_once_lets_exactly_one_in(app, world, clock):
    (letter,) = letters(world, "102")
    got = at_once(app, [letter.code] * THREADS, clock())
    assert sorted(map(str, got))[1:] == ["code_wrong"] * (THREADS - 1)
    assert session().execute(select(func.count()).select_from(SignIn)).scalar_one() == 1


def test_both_letters_of_one_buyer_at_once_make_one_account(app, world, clock):
    with transaction() as current:
        for grant in current.get_one(Account, world.two_flats.id).grants:
            grant.ended_at = clock()
    found = [x for x in letters(world, "301", "302") if x.addressee == "尹志强"]
    got = at_once(app, [letter.code for letter in found], clock())
    assert len(found) == 2
    assert len(set(got)) == 1
    held = select(RoleGrant).where(RoleGrant.account_id == got[0])
    assert len(session().execute(held).all()) == 2


@pytest.mark.trust("2.4")
def test_guesses_at_once_do_not_slip_past_the_limit_together(app, world, clock):
    with transaction() as current:
        for _ in range(CODES.whole - 3):
            accounts_tries.note(current, CODES, "earlier", now=clock())
    choose = random.Random(3).choice
    got = at_once(app, [new_code(choose) for _ in range(THREADS)], clock())
    assert sorted(got) == ["code_wrong"] * 3 + ["too_many_tries"] * (THREADS - 3)
    query = select(func.count()).where(CodeAttempt.subject == CODES.kind)
    assert session().execute(query).scalar_one() == CODES.whole
