"""Letters with codes for tests: given out through the use case or the page, and used."""

from __future__ import annotations

import re

import pytest

from domain.accounts import Capacity
from domain.codes import derive_key
from domain.errors import Refused
from domain.vocabulary import Occupancy
from models.accounts_queries import Recipient
from services import accounts
from services.transaction import transaction

CODE = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b")
KEY = derive_key("a secret of the test's own, long enough")


def letters_for(world, *rooms, entrance=None, **options):
    """Letters for everybody in these rooms."""
    entrance = entrance or world.first_entrance
    inside = [world.dwelling(room, entrance) for room in rooms]
    return accounts.issue_codes(
        world.actor(world.committee), inside, key=KEY, now=world.clock(), **options
    )


def again(world, room, owner, **options):
    """A new letter for somebody who has one."""
    who = Recipient(world.dwelling(room).id, Capacity.OWNER, world.owner(owner).id)
    options = {"replace": True} | options
    return accounts.issue_letters(
        world.actor(world.committee), [who], key=KEY, now=world.clock(), **options
    )


def let(world, room):
    """The dwelling is let from now on."""
    with transaction() as current:
        current.get_one(
            type(world.dwelling(room)), world.dwelling(room).id
        ).occupancy = Occupancy.LET


def redeem(code, clock, **options):
    return accounts.redeem(code, key=KEY, now=clock(), **options)


def refusal(code, clock):
    with pytest.raises(Refused) as refused:
        redeem(code, clock)
    return refused.value.code


def printed(world, visit, room):
    """The code of the letter that the committee prints for a room of entrance 1."""
    committee = visit(world.committee)
    page = committee.get(f"/buildings/{world.building.id}/letters")
    dwelling = world.dwelling(room)
    ticked = f"{dwelling.id}-{dwelling.ownerships[0].owner_id}"
    sheet = committee.post(
        page,
        {"recipients": [ticked], "replace": "y"},
        button="Print from a page",
        extra={"page": "1"},
    )
    return CODE.search(sheet.text).group()
