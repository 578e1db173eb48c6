"""Coming in by login and password, and choosing them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.codes import derive_key
from domain.errors import Refused
from models.accounts import Account, CodeAttempt
from models.database import session
from services import accounts, sessions
from services import accounts_passwords as passwords
from services.accounts_tries import LOGINS, TooMany
from services.transaction import transaction

KEY = derive_key("a secret of the test's own, long enough")
WORD = "three moon roses on the balcony"


@pytest.fixture
def quick(monkeypatch):
    """Protecting a password without the memory and time that make it safe."""
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "PASSES", 1)
    monkeypatch.setattr(passwords, "_NOBODY", passwords.protect("nobody at all"))


def choose(world, clock, account, password=WORD, *, login=None, old=""):
    return accounts.set_password(
        world.actor(account),
        login=login or account.login or "household",
        old=old,
        new=password,
        key=KEY,
        now=clock(),
    )


def sign_in(login, password, clock, **options):
    return accounts.sign_in(login, password, key=KEY, now=clock(), **options)


def refusal(call, *arguments, **options):
    with pytest.raises(Refused) as refused:
        call(*arguments, **options)
    return refused.value.code


@pytest.mark.trust("2.5")
def test_a_password_is_kept_as_argon2id_with_its_own_salt():
    first, second = passwords.protect(WORD), passwords.protect(WORD)
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert passwords.fits(WORD, first)
    assert not passwords.fits(WORD + "!", first)
    assert not passwords.fits(WORD, None)


def test_full_width_signs_are_the_signs_they_look_like():
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" for c in WORD)
    assert passwords.fits(wide, passwords.protect(WORD))


def test_staff_come_in_with_login_and_password_for_half_a_day(world, clock, quick):
    choose(world, clock, world.committee)
    account, token = sign_in(" LIN ", WORD, clock, remembered=True)
    assert account.id == world.committee.id
    clock.move(hours=11)
    assert sessions.account_of(token, now=clock()) is not None
    clock.move(hours=2)
    assert sessions.account_of(token, now=clock()) is None


def test_a_household_may_stay_signed_in_for_long(world, clock, quick):
    choose(world, clock, world.sixth_floor, login="qiu602")
    _account, token = sign_in("qiu602", WORD, clock, remembered=True)
    clock.move(days=170)
    assert sessions.account_of(token, now=clock()) is not None


def test_wrong_password_unknown_login_and_closed_account_get_one_answer(world, clock, quick):
    choose(world, clock, world.committee)
    choose(world, clock, world.auditor)
    with transaction() as current:
        current.get_one(Account, world.auditor.id).disabled_at = clock()
    assert refusal(sign_in, "lin", "something else here", clock) == "sign_in_wrong"
    assert refusal(sign_in, "nobody", WORD, clock) == "sign_in_wrong"
    assert refusal(sign_in, "shen", WORD, clock) == "sign_in_wrong"
    assert refusal(sign_in, "zhou", WORD, clock) == "sign_in_wrong"  # has no password


def test_an_unknown_login_takes_the_work_of_a_known_one(world, clock, monkeypatch):
    worked = []
    fits = passwords.fits
    monkeypatch.setattr(passwords, "fits", lambda *a: worked.append(a) or fits(*a))
    refusal(sign_in, "nobody", WORD, clock)
    assert len(worked) == 1


def test_ten_wrong_passwords_close_a_login_for_ten_minutes_right_ones_included(world, clock, quick):
    choose(world, clock, world.committee)
    choose(world, clock, world.second_committee)
    for _ in range(LOGINS.each):
        assert refusal(sign_in, "lin", "wrong wrong wrong", clock) == "sign_in_wrong"
    with pytest.raises(TooMany):
        sign_in("lin", WORD, clock)
    sign_in("zhou", WORD, clock)  # Nobody else is kept out.
    clock.move(minutes=10)
    sign_in("lin", WORD, clock)


def test_a_right_password_wipes_the_slips_before_it(world, clock, quick):
    choose(world, clock, world.committee)
    for _ in range(3):
        for _ in range(LOGINS.each - 1):
            refusal(sign_in, "lin", "wrong wrong wrong", clock)
        sign_in("lin", WORD, clock)


def test_logins_are_counted_without_being_stored(world, clock, quick):
    refusal(sign_in, "13912345678", WORD, clock)
    subjects = set(session().execute(select(CodeAttempt.subject)).scalars())
    assert "login" in subjects
    assert not any("139" in subject and len(subject) < 40 for subject in subjects)


def test_changing_a_password_wants_the_present_one_and_signs_out_elsewhere(world, clock, quick):
    choose(world, clock, world.committee)
    _account, here = sign_in("lin", WORD, clock)
    _account, elsewhere = sign_in("lin", WORD, clock)
    changed = {"login": "lin", "new": "another fine sentence", "key": KEY, "now": clock()}
    actor = world.actor(world.committee)
    assert refusal(accounts.set_password, actor, old="wrong", **changed) == "password_old_wrong"
    accounts.set_password(actor, old=WORD, keep=here, **changed)
    assert sessions.account_of(here, now=clock()) is not None
    assert sessions.account_of(elsewhere, now=clock()) is None
    assert refusal(sign_in, "lin", WORD, clock) == "sign_in_wrong"


def test_nobody_guesses_the_present_password_at_an_open_phone(world, clock, quick):
    choose(world, clock, world.committee)
    for _ in range(LOGINS.each):
        code = refusal(choose, world, clock, world.committee, "another sentence", old="no")
        assert code == "password_old_wrong"
    with pytest.raises(TooMany):
        choose(world, clock, world.committee, "another sentence", old=WORD)


def test_a_login_belongs_to_one(world, clock, quick):
    assert refusal(choose, world, clock, world.sixth_floor, login="LIN") == "login_taken"


def test_a_household_is_offered_a_number_that_is_no_phone_number(world):
    number = accounts.suggest_login()
    assert len(number) == 8
    assert number[0] != "1"


def test_signing_out_everywhere_ends_every_sign_in_of_that_account_only(world, clock, quick):
    choose(world, clock, world.committee)
    choose(world, clock, world.second_committee)
    tokens = [sign_in("lin", WORD, clock)[1] for _ in range(3)]
    _account, other = sign_in("zhou", WORD, clock)
    accounts.sign_out_everywhere(world.actor(world.committee), now=clock())
    assert all(sessions.account_of(token, now=clock()) is None for token in tokens)
    assert sessions.account_of(other, now=clock()) is not None


def test_staff_cannot_stay_signed_in_for_long(world, clock, quick):
    choose(world, clock, world.committee)
    _account, token = sign_in("lin", WORD, clock)
    actor = world.actor(world.committee)
    assert refusal(accounts.stay_signed_in, actor, token, now=clock()) == "staff_not_long"
