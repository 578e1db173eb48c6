"""What a resident is told about the own place in a vote."""

from __future__ import annotations

from flask_babel import gettext as _

from domain.accounts import NoVote


def no_vote(why: NoVote, entrance: str) -> str:
    """Why somebody has no vote, and what is open instead; ``entrance`` is the one that decides."""
    if why is NoVote.TENANT:
        return _(
            "You rent your home, so you have no vote here: by law the owners decide (Civil Code, "
            "article 278). As a tenant you can answer the menu and object."
        )
    return _(
        "Only the owners of %(entrance)s vote on this; your home is not there. You can object if "
        "it affects you.",
        entrance=entrance,
    )
