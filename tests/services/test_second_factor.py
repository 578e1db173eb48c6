"""The second factor through its services: enrolled, confirmed once, recovered, limited, reset."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from domain.codes import derive_key
from domain.errors import Refused
from models.accounts import RoleGrant, SignIn
from models.audit import AuditEntry
from models.database import session
from models.second_factor import RecoveryCode, SecondFactor
from services import accounts, second_factor, sessions
from services.transaction import transaction

KEY = derive_key("a secret of the test's own, long enough")
pytestmark = pytest.mark.trust("2.5")


class Phone:
    """Somebody signed in, with an app for codes."""

    def __init__(self, world, account, clock, key=KEY) -> None:
        self.world, self.account, self.clock, self.key = world, account, clock, key
        with transaction() as current:
            self.token = sessions.begin(current, account, now=clock(), remembered=False)
        self.secret = ""

    @property
    def actor(self):
        return self.world.actor(self.account)

    def code(self, **later) -> str:
        return pyotp.TOTP(self.secret).at(self.clock() + timedelta(**later))

    def begin(self) -> None:
        shown = second_factor.begin(self.actor, self.token, key=self.key, now=self.clock())
        self.secret = shown.secret.replace(" ", "")

    def finish(self, typed=None):
        now = self.clock()
        typed = self.code() if typed is None else typed
        return second_factor.finish(self.actor, self.token, typed, key=self.key, now=now, at=now)

    def enrol(self):
        self.begin()
        return self.finish()

    def confirm(self, typed) -> None:
        now = self.clock()
        second_factor.confirm(self.actor, self.token, typed, key=self.key, now=now, at=now)

    def is_confirmed(self) -> bool:
        until = sessions.confirmed_until(self.token)
        return until is not None and self.clock() < until


@pytest.fixture
def lin(world, clock) -> Phone:
    return Phone(world, world.committee, clock)


def why(act, *arguments) -> str:
    with pytest.raises(Refused) as refused:
        act(*arguments)
    return refused.value.code


def test_the_first_code_switches_it_on_and_confirms_this_sign_in_only(world, lin, clock):
    elsewhere = Phone(world, world.committee, clock)
    lin.begin()
    assert not second_factor.is_enrolled(lin.actor)
    assert why(lin.finish, "000000") == "factor_wrong"
    codes = lin.finish()
    assert len(set(codes)) == 10
    assert second_factor.status(lin.actor).codes_left == 10
    assert lin.is_confirmed()
    assert not elsewhere.is_confirmed()
    clock.move(minutes=15)
    assert not lin.is_confirmed()


def test_what_is_stored_opens_nothing(lin):
    codes = lin.enrol()
    factor = session().scalars(select(SecondFactor)).one()
    assert lin.secret not in factor.secret
    hashes = session().scalars(select(RecoveryCode.code_hash)).all()
    assert not set(codes) & set(hashes)
    other = derive_key("another secret, as long as the first one was")
    lin.key = other
    lin.clock.move(minutes=1)
    assert why(lin.confirm, lin.code()) == "factor_unreadable"


def test_a_code_works_once_and_none_older_after_it(lin, clock):
    lin.enrol()
    clock.move(minutes=20)
    code, earlier = lin.code(), lin.code(seconds=-30)
    lin.confirm(code)
    assert lin.is_confirmed()
    assert why(lin.confirm, code) == "factor_wrong"
    assert why(lin.confirm, earlier) == "factor_wrong"
    clock.move(minutes=5)
    assert why(lin.confirm, code) == "factor_wrong"
    lin.confirm(lin.code(seconds=30))


def test_a_recovery_code_works_once_and_new_ones_void_the_old(lin, clock):
    first, second, *_rest = lin.enrol()
    clock.move(minutes=20)
    lin.confirm(first)
    assert lin.is_confirmed()
    assert why(lin.confirm, first) == "factor_wrong"
    assert second_factor.status(lin.actor).codes_left == 9
    fresh = second_factor.renew_recovery_codes(lin.actor, lin.token, key=KEY, now=clock())
    assert why(lin.confirm, second) == "factor_wrong"
    lin.confirm(fresh[0])


def test_wrong_tries_are_limited_in_the_database_and_a_right_one_waits_too(world, lin, clock):
    lin.enrol()
    clock.move(minutes=20)
    for _try in range(5):
        assert why(lin.confirm, "000000") == "factor_wrong"
    assert why(lin.confirm, lin.code()) == "too_many_tries"
    # A mistyped code is none, and somebody else is not kept out.
    assert why(lin.confirm, "12345") == "factor_code_shape"
    zhou = Phone(world, world.second_committee, clock)
    zhou.enrol()
    clock.move(minutes=10)
    lin.confirm(lin.code())


def test_a_stolen_sign_in_replaces_no_factor(world, lin, clock):
    lin.enrol()
    thief = Phone(world, world.committee, clock)
    assert why(thief.begin) == "factor_confirm_first"
    assert (
        why(
            lambda: second_factor.renew_recovery_codes(
                thief.actor, thief.token, key=KEY, now=clock()
            )
        )
        == "factor_confirm_first"
    )
    clock.move(minutes=1)
    old = lin.code()
    lin.begin()
    lin.finish()
    assert lin.code() != old
    clock.move(minutes=1)
    lin.confirm(lin.code())


def test_a_secret_that_was_shown_and_left_is_forgotten(lin, clock):
    lin.begin()
    first = lin.secret
    lin.begin()
    assert lin.secret == first
    clock.move(hours=1)
    assert why(lin.finish) == "factor_not_begun"
    lin.begin()
    assert lin.secret != first


def test_it_is_for_staff(world, clock):
    for account in (world.sixth_floor, world.contractor, world.head):
        assert why(Phone(world, account, clock).begin) == "factor_for_staff"
    Phone(world, world.auditor, clock).enrol()
    Phone(world, world.administrator, clock).enrol()


def grant_of(account) -> RoleGrant:
    return session().scalars(select(RoleGrant).where(RoleGrant.account_id == account.id)).one()


def test_somebody_who_manages_the_person_takes_it_off_and_nobody_else(world, lin, clock):
    lin.enrol()
    grant = grant_of(world.committee)
    zhou, now = world.actor(world.second_committee), clock()
    for actor, code in (
        (world.actor(world.other_committee), "not_yours"),
        (world.actor(world.auditor), "not_yours"),
        (lin.actor, "role_own"),
    ):
        assert why(lambda a=actor: accounts.reset_second_factor(a, grant, now=now)) == code
    accounts.reset_second_factor(zhou, grant, now=now)
    assert not second_factor.is_enrolled(lin.actor)
    assert session().scalars(select(RecoveryCode)).all() == []
    assert sessions.account_of(lin.token, now=now) is None
    assert all(one.ended_at is not None for one in session().scalars(select(SignIn)))
    actions = session().scalars(select(AuditEntry.action)).all()
    assert {"second_factor_set", "second_factor_reset"} <= set(actions)


def test_whoever_runs_the_machine_can_let_the_only_administrator_back_in(app, world, clock):
    admin = Phone(world, world.administrator, clock)
    admin.enrol()
    run = app.test_cli_runner().invoke
    assert run(args=["reset-second-factor", "nobody"]).exit_code == 2
    done = run(args=["reset-second-factor", "admin"])
    assert done.exit_code == 0, done.output
    session().expire_all()
    assert not second_factor.is_enrolled(admin.actor)
