"""The tables and the named queries about them. Importing this package registers every table."""

from models import (
    accounts,
    audit,
    menus,
    objections,
    plans,
    preferences,
    privacy,
    register,
    resolutions,
    votes,
)

__all__ = [
    "accounts",
    "audit",
    "menus",
    "objections",
    "plans",
    "preferences",
    "privacy",
    "register",
    "resolutions",
    "votes",
]
