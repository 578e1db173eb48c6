"""``flask create-admin``: the first account of a fresh installation."""

from __future__ import annotations

from contextvars import Context

from sqlalchemy import select

from domain.accounts import Role
from models.accounts import Account
from models.database import session

WORD = "three moon roses on the balcony"


def run(app, *arguments, typed=""):
    session().rollback()
    runner = app.test_cli_runner()
    return Context().run(runner.invoke, args=["create-admin", *arguments], input=typed)


def test_an_administrator_is_made_with_the_password_typed_twice(app):
    result = run(app, typed=f"chief\n系统管理员\n{WORD}\n{WORD}\n")
    assert result.exit_code == 0, result.output
    assert WORD not in result.output
    account = session().execute(select(Account)).scalar_one()
    (grant,) = account.grants
    assert (account.login, grant.role, grant.community_id) == (
        "chief",
        Role.ADMINISTRATOR,
        None,
    )
    assert account.password_hash.startswith("$argon2id$")
    assert account.initial_until is None


def test_a_weak_password_or_a_taken_login_makes_nothing_and_says_why(app, world):
    for arguments, said in (
        (("--login", "chief", "--name", "x", "--password", "short"), "password_short"),
        (("--login", "ADMIN", "--name", "x", "--password", WORD), "login_taken"),
        (("--login", "13912345678", "--name", "x", "--password", WORD), "login_is_phone"),
    ):
        result = run(app, *arguments)
        assert result.exit_code == 2
        assert said in result.stderr
    assert session().execute(select(Account).where(Account.login == "chief")).first() is None
