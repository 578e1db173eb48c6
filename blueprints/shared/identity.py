"""Who is there: Flask-Login, bound to the sign-ins kept on the server."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, current_app, g, session
from flask_login import AnonymousUserMixin, UserMixin, current_user, login_user

from domain.accounts import ANONYMOUS, Actor
from extensions import login_manager
from services import sessions


class SignedIn(UserMixin):
    """The reader behind a sign-in. Flask-Login's id is the sign-in's token, not the account's.

    ``must_choose`` says that the password is a first one: the reader is led to choosing another.
    """

    def __init__(self, token: str, actor: Actor, *, must_choose: bool = False) -> None:
        self.id = token
        self.actor = actor
        self.must_choose = must_choose


def register(app: Flask) -> None:
    """Tell Flask-Login how to recognise a reader."""
    del app

    @login_manager.user_loader
    def load(token: str) -> SignedIn | None:
        now: datetime = current_app.extensions["clock"]()
        account = sessions.account_of(token, now=now)
        if account is None:
            return None
        return SignedIn(token, account.actor(), must_choose=account.initial_until is not None)


def token() -> str | None:
    """The token that this browser has brought, whatever it opens."""
    brought: str | None = session.get("_user_id")
    return brought


def recognise() -> None:
    """From now on it is known who is there: the sign-in is looked up, when the cookie names one."""
    reader = current_user._get_current_object()
    g.actor = reader.actor if reader.is_authenticated else ANONYMOUS


def forget() -> None:
    """For the rest of this request nobody is signed in: the database cannot say who it is."""
    g._login_user = AnonymousUserMixin()


def remember(token: str, actor: Actor, *, for_long: bool) -> None:
    """From now on this browser is signed in; whatever the old session held is dropped."""
    session.clear()
    session.permanent = for_long
    login_user(SignedIn(token, actor))
    for unused in ("_id", "_fresh"):
        session.pop(unused)
