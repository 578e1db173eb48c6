"""Household letters: who is let in by which code, and who never is."""

from __future__ import annotations

import contextlib
import random

import pytest
from sqlalchemy import select

from domain.accounts import ANONYMOUS, Capacity, Permission, Role
from domain.codes import keyed_hash, new_code
from domain.errors import Refused
from models.accounts import AccessCode, Account, CodeAttempt, RoleGrant, SignIn
from models.audit import AuditEntry
from models.database import session
from models.register import Ownership
from services import accounts, accounts_tries, sessions
from services.accounts_tries import CODES, TooMany
from services.register_owners import split_owner
from services.transaction import transaction
from tests.letters import KEY, again, let, letters_for, redeem, refusal
from tests.statements import counting


def guesses(count, seed=1):
    """Well-formed codes that nobody was given."""
    choose = random.Random(seed).choice
    return [new_code(choose) for _ in range(count)]


@pytest.mark.trust("2.4")
def test_the_code_is_stored_as_a_keyed_hash_only(world, clock):
    (letter,) = letters_for(world, "102")
    (stored,) = session().execute(select(AccessCode)).scalars()
    assert stored.code_hash == keyed_hash(KEY, "code", letter.code)
    assert letter.code not in str(vars(stored))


def test_a_household_comes_in_and_is_what_its_letter_says(world, clock):
    (letter,) = letters_for(world, "102")
    account, token = redeem(letter.code.lower(), clock, remembered=True)
    assert account.display_name == "姚志强"
    (grant,) = account.actor().grants
    assert (grant.role, grant.capacity) == (Role.RESIDENT, Capacity.OWNER)
    assert grant.scope == world.dwelling("102").scope
    assert sessions.account_of(token, now=clock()).id == account.id
    clock.move(days=179)
    assert sessions.account_of(token, now=clock()) is not None
    clock.move(days=2)
    assert sessions.account_of(token, now=clock()) is None


def test_a_sign_in_that_is_not_remembered_ends_after_half_a_day(world, clock):
    (letter,) = letters_for(world, "102")
    _account, token = redeem(letter.code, clock)
    clock.move(hours=13)
    assert sessions.account_of(token, now=clock()) is None


def test_a_tenant_comes_in_and_may_not_vote(world, clock):
    let(world, "102")
    account, _token = redeem(letters_for(world, "102")[1].code, clock)
    actor = account.actor()
    assert account.display_name == "3幢 1单元 102"
    assert actor.may(Permission.ANSWER_MENU, world.dwelling("102").scope)
    assert not actor.may(Permission.CAST_BALLOT, world.dwelling("102").scope)


def test_the_buyer_of_two_flats_has_one_account(world, clock):
    # 尹志强 is in for 301; the letter of 302 adds that flat.
    (letter,) = (x for x in letters_for(world, "302") if x.capacity is Capacity.OWNER)
    account, _token = redeem(letter.code, clock)
    assert account.id == world.two_flats.id
    rooms = {grant.scope.dwelling for grant in account.actor().grants}
    assert rooms == {world.dwelling("301").id, world.dwelling("302").id}


def test_spouses_who_co_own_have_an_account_each(world, clock):
    with transaction() as current:
        for account in (world.wife, world.husband):
            for grant in current.get_one(Account, account.id).grants:
                grant.ended_at = clock()
    first, second = letters_for(world, "201")
    one, _token = redeem(first.code, clock)
    other, _token = redeem(second.code, clock)
    assert {one.display_name, other.display_name} == {"周慧敏", "丁援朝"}
    assert one.id != other.id


def test_a_new_tenant_never_gets_the_account_of_the_one_before(world, clock):
    let(world, "302")
    dwelling = world.dwelling("302")
    old = world.tenant.id
    with transaction() as current:
        accounts.end_residence(current, dwelling.id, None, now=clock())
    letter = next(x for x in letters_for(world, "302") if x.capacity is Capacity.TENANT)
    account, _token = redeem(letter.code, clock)
    assert account.id != old


@pytest.mark.trust("2.4")
def test_a_code_works_once(world, clock):
    (letter,) = letters_for(world, "102")
    redeem(letter.code, clock)
    assert refusal(letter.code, clock) == "code_wrong"


@pytest.mark.trust("2.4")
def test_a_code_is_good_until_its_last_day_is_over_and_not_after(world, clock):
    first, second = letters_for(world, "102", "502")
    clock.stand_at(first.expires_at)
    assert refusal(first.code, clock) == "code_wrong"
    clock.move(microseconds=-1)
    redeem(second.code, clock)


@pytest.mark.trust("2.6")
def test_a_new_letter_ends_the_old_one_and_the_sign_ins_made_with_it(world, clock):
    (old,) = letters_for(world, "102")
    account, token = redeem(old.code, clock, remembered=True)
    accounts.set_password(
        account.actor(),
        login="yao.zhiqiang",
        old="",
        new="a thief chose this",
        key=KEY,
        now=clock(),
        keep=token,
    )
    (new,) = again(world, "102", "姚志强")
    assert sessions.account_of(token, now=clock()) is None
    with pytest.raises(Refused) as refused:
        accounts.sign_in("yao.zhiqiang", "a thief chose this", key=KEY, now=clock())
    assert refused.value.code == "sign_in_wrong"
    assert refusal(old.code, clock) == "code_wrong"
    same, _token = redeem(new.code, clock)
    assert same.id == account.id


@pytest.mark.trust("2.4")
def test_a_letter_not_used_yet_is_revoked_by_the_next(world, clock):
    (old,) = letters_for(world, "102")
    (new,) = again(world, "102", "姚志强")
    assert refusal(old.code, clock) == "code_wrong"
    redeem(new.code, clock)


def test_whoever_has_sold_the_flat_is_let_in_no_more(world, clock):
    (letter,) = letters_for(world, "102")
    with transaction() as current:
        key = (world.dwelling("102").id, world.owner("姚志强").id)
        current.delete(current.get_one(Ownership, key))
    assert refusal(letter.code, clock) == "code_wrong"


def test_the_end_of_ownership_ends_role_sign_ins_and_letter(world, clock):
    (letter,) = letters_for(world, "102")
    _account, token = redeem(letter.code, clock)
    owner = world.owner("姚志强").id
    with transaction() as current:
        accounts.end_residence(current, world.dwelling("102").id, [owner], now=clock())
    assert sessions.account_of(token, now=clock()) is None


def test_namesakes_told_apart_no_longer_share_an_account(world, clock):
    # Two people called 尹志强 were taken for one buyer of 301 and 302.
    (letter,) = (x for x in letters_for(world, "302") if x.capacity is Capacity.OWNER)
    account, token = redeem(letter.code, clock)
    split_owner(
        world.actor(world.committee),
        world.owner("尹志强"),
        [world.dwelling("302").id],
        distinguisher="302室",
        now=clock(),
    )
    assert sessions.account_of(token, now=clock()) is None
    assert {g.scope.dwelling for g in account_again(account).actor().grants} == {
        world.dwelling("301").id
    }
    (letter,) = letters_for(world, "302")
    assert redeem(letter.code, clock).account.id != account.id


def account_again(account):
    session().expire_all()
    return session().get_one(Account, account.id)


def looked_up(code, clock, **options):
    """The statements with which this code is refused."""
    with counting() as statements, pytest.raises(Refused) as refused:
        redeem(code, clock, **options)
    assert refused.value.code == "code_wrong"
    return list(statements)


@pytest.mark.trust("2.4")
def test_wrong_used_revoked_sold_and_expired_codes_cannot_be_told_apart(world, clock):
    used, revoked, expired = letters_for(world, "102", "502", "601")
    clock.move(days=1)
    (sold,) = letters_for(world, "402")
    redeem(used.code, clock)
    again(world, "502", "孙立新")
    with transaction() as current:
        key = (world.dwelling("402").id, world.owner("谭玥").id)
        current.delete(current.get_one(Ownership, key))
    clock.move_to(expired.expires_at)
    codes = {"wrong": guesses(1)[0], "used": used.code, "revoked": revoked.code}
    codes |= {"expired": expired.code, "sold": sold.code}
    for by in (ANONYMOUS, world.actor(world.sixth_floor)):
        seen = {name: looked_up(code, clock, by=by) for name, code in codes.items()}
        # The same statements take the same time; the hash is made before any of them.
        assert all(statements == seen["wrong"] for statements in seen.values()), seen


@pytest.mark.trust("2.4")
def test_ten_thousand_guesses_let_nobody_in(world, clock, place, figure):
    (letter,) = letters_for(world, "102")
    # All of them on one engine; on the other enough to pass the limit several times.
    count = 10_000 if place.kind == "sqlite" else 1_500
    looked_at = 0
    for number, guess in enumerate(guesses(count), start=1):
        with pytest.raises(Refused) as refused:
            redeem(guess, clock)
        looked_at += refused.value.code == "code_wrong"
        if number % (count // 5) == 0:
            clock.move(minutes=11)
    assert looked_at == 5 * CODES.whole
    assert session().execute(select(SignIn)).first() is None
    figure("guesses", count, "looked at", looked_at, "entries", 0)
    redeem(letter.code, clock)


@pytest.mark.trust("2.4", control=True)
def test_with_the_limits_off_a_guess_that_is_right_gets_in(world, clock, monkeypatch):
    (letter,) = letters_for(world, "102")
    tried = [*guesses(CODES.whole), letter.code]

    def entries() -> int:
        found = 0
        for guess in tried:
            with contextlib.suppress(Refused):
                redeem(guess, clock)
                found += 1
        return found

    assert entries() == 0
    monkeypatch.setattr(accounts_tries, "_count", lambda *_asked: None)
    assert entries() == 1


@pytest.mark.trust("2.4")
def test_a_right_code_is_refused_too_while_the_limit_holds_and_let_in_soon_after(world, clock):
    (letter,) = letters_for(world, "102")
    for guess in guesses(CODES.whole):
        assert refusal(guess, clock) == "code_wrong"
    for _ in range(3):
        with pytest.raises(TooMany):
            redeem(letter.code, clock)
    clock.move(minutes=9, seconds=59)
    with pytest.raises(TooMany):
        redeem(letter.code, clock)
    # Tries refused meanwhile did not make the wait longer.
    clock.move(seconds=1)
    redeem(letter.code, clock)


@pytest.mark.trust("2.4")
def test_one_code_is_tried_ten_times_at_most(world, clock):
    (guess,) = guesses(1)
    for _ in range(CODES.each):
        assert refusal(guess, clock) == "code_wrong"
    assert refusal(guess, clock) == "too_many_tries"
    (letter,) = letters_for(world, "102")
    redeem(letter.code, clock)  # Nobody else is kept out by it.


def test_a_slip_of_the_finger_is_never_counted(world, clock):
    (letter,) = letters_for(world, "102")
    wrong = ("2" if letter.code[0] != "2" else "3") + letter.code[1:]
    for _ in range(50):
        assert refusal(wrong, clock) == "code_mistyped"
    assert session().execute(select(CodeAttempt)).first() is None
    redeem(letter.code, clock)


def test_old_tries_are_forgotten(world, clock):
    for guess in guesses(5):
        refusal(guess, clock)
    assert accounts.failures(CODES, now=clock()) == 5
    clock.move(minutes=10)
    refusal(guesses(6)[5], clock)
    assert len(session().execute(select(CodeAttempt)).all()) == 2


def test_issuing_and_using_are_on_record_without_names_or_codes(world, clock):
    (letter,) = letters_for(world, "102")
    account, _token = redeem(letter.code, clock)
    entries = list(session().execute(select(AuditEntry).order_by(AuditEntry.seq)).scalars())
    assert [entry.action for entry in entries] == ["letters_issued", "letter_used"]
    assert entries[1].account_id == account.id
    for entry in entries:
        assert letter.code not in entry.event
        assert "姚志强" not in entry.event


@pytest.mark.trust("2.6")
def test_a_resident_who_loses_the_role_is_signed_out(world, clock):
    (letter,) = letters_for(world, "102")
    account, token = redeem(letter.code, clock, remembered=True)
    (grant,) = (
        session().execute(select(RoleGrant).where(RoleGrant.account_id == account.id)).scalars()
    )
    accounts.end_role(world.actor(world.committee), grant, now=clock())
    assert sessions.account_of(token, now=clock()) is None
