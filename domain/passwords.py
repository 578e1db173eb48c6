"""What a login name and a password must be.

Source: trust.md §2.5 (at least 12 signs), ours: no phone number as a login, since phone numbers are
personal data; length instead of prescribed mixtures of signs.
"""

from __future__ import annotations

import re
import unicodedata

from domain.errors import Refused

SHORTEST = 12
LONGEST = 200
FEWEST_KINDS = 5
LOGIN_SHORTEST = 3
LOGIN_LONGEST = 40
_PHONE = re.compile(r"(\+?86)?1\d{10}")


def normal_login(typed: str) -> str:
    """The login name in the one form that is compared: NFKC, no blanks around, lower case."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def normal_password(typed: str) -> str:
    """The password in the one form that is hashed: full-width signs are what they look like."""
    return unicodedata.normalize("NFKC", typed)


def read_login(typed: str) -> str:
    """A login name that may be chosen.

    Refuses ``login_length`` (shortest, longest), ``login_signs`` and ``login_is_phone``.
    """
    login = normal_login(typed)
    if not LOGIN_SHORTEST <= len(login) <= LOGIN_LONGEST:
        raise Refused("login_length", field="login", shortest=LOGIN_SHORTEST, longest=LOGIN_LONGEST)
    if not all(sign.isalnum() or sign in "._-" for sign in login):
        raise Refused("login_signs", field="login")
    if _PHONE.fullmatch(login):
        raise Refused("login_is_phone", field="login")
    return login


def read_password(typed: str, login: str) -> str:
    """A password that may be chosen for this login.

    Refuses ``password_short`` (shortest), ``password_long`` (longest), ``password_simple`` (fewer
    than five different signs) and ``password_has_login``.
    """
    password = normal_password(typed)
    if len(password) < SHORTEST:
        raise Refused("password_short", field="password", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Refused("password_long", field="password", longest=LONGEST)
    if len(set(password)) < FEWEST_KINDS:
        raise Refused("password_simple", field="password")
    if login and login in password.casefold():
        raise Refused("password_has_login", field="password")
    return password
