"""The tables and the named queries about them. Importing this package registers every table."""

from models import (
    accounts,
    audit,
    deliveries,
    mandates,
    menus,
    objections,
    plans,
    platforms,
    preferences,
    privacy,
    publications,
    register,
    resolutions,
    second_factor,
    statements,
    votes,
)

__all__ = [
    "accounts",
    "audit",
    "deliveries",
    "mandates",
    "menus",
    "objections",
    "plans",
    "platforms",
    "preferences",
    "privacy",
    "publications",
    "register",
    "resolutions",
    "second_factor",
    "statements",
    "votes",
]
