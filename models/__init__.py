"""The tables and the named queries about them. Importing this package registers every table."""

from models import (
    accounts,
    audit,
    menus,
    objections,
    plans,
    preferences,
    publications,
    register,
    resolutions,
    second_factor,
    votes,
)

__all__ = [
    "accounts",
    "audit",
    "menus",
    "objections",
    "plans",
    "preferences",
    "publications",
    "register",
    "resolutions",
    "second_factor",
    "votes",
]
