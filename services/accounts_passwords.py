"""Keeping and checking passwords: Argon2id, in the PHC form that names its own parameters."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from domain.codes import grouped, new_code
from domain.passwords import LONGEST, normal_password

# OWASP's second choice: 19 MiB, two passes, one lane; about 40 ms on the machines we know.
MEMORY_KIB = 19 * 1024
PASSES = 2


def protect(password: str) -> str:
    """What is stored of a password."""
    kdf = Argon2id(
        salt=secrets.token_bytes(16),
        length=32,
        iterations=PASSES,
        lanes=1,
        memory_cost=MEMORY_KIB,
    )
    return kdf.derive_phc_encoded(normal_password(password).encode())


# Checked where there is no account, so that an unknown login takes as long as a wrong password.
_NOBODY = protect(secrets.token_urlsafe(16))


def fits(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one; takes the same time when nothing is stored."""
    typed = normal_password(password)[: LONGEST + 1]
    try:
        Argon2id.verify_phc_encoded(typed.encode(), stored or _NOBODY)
    except InvalidKey:
        return False
    return stored is not None


def first_password() -> str:
    """A first password that is read off a screen once and typed once."""
    return grouped(new_code(secrets.choice))
