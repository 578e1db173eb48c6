"""Letters with codes: who is to get one, and who may print it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.accounts import Capacity
from domain.errors import NotYours, Refused
from models.accounts import AccessCode
from models.accounts_queries import Recipient
from models.database import session
from services import accounts
from tests.letters import KEY, again, let, letters_for, redeem, refusal
from tests.statements import counting


def test_every_co_owner_gets_a_letter_and_the_tenant_where_let(world, clock):
    let(world, "102")
    letters = letters_for(world, "102", "502")
    assert [(x.room, x.addressee, x.capacity) for x in letters] == [
        ("102", "姚志强", Capacity.OWNER),
        ("102", "", Capacity.TENANT),
        ("502", "孙立新", Capacity.OWNER),
    ]
    assert letters[0].building == "3幢"
    assert len({x.code for x in letters}) == 3


def test_a_garage_gets_no_letter(world, clock):
    (tower,) = world.tower.entrances
    letters = letters_for(world, "101", "车库1", entrance=tower)
    assert [(x.room, x.addressee) for x in letters] == [("101", "雷国强")]


def test_whoever_is_in_or_has_a_letter_gets_none_unasked(world, clock):
    assert letters_for(world, "101") == ()  # 杜文斌 is in
    assert len(letters_for(world, "102")) == 1
    assert letters_for(world, "102") == ()
    clock.move(days=92)
    assert len(letters_for(world, "102")) == 1


def test_letters_that_are_out_are_replaced_only_when_said(world, clock):
    letters_for(world, "102")
    with pytest.raises(Refused) as refused:
        again(world, "102", "姚志强", replace=False)
    assert (refused.value.code, refused.value.params) == ("letters_out", {"count": 1})
    with pytest.raises(Refused):
        again(world, "101", "杜文斌", replace=False)


def test_b10_the_same_form_sent_twice_is_told_that_it_has_printed(world, clock):
    (first,) = again(world, "102", "姚志强", replace=False, batch="form-1")
    with pytest.raises(Refused) as refused:
        again(world, "102", "姚志强", replace=False, batch="form-1")
    assert (refused.value.code, refused.value.params) == ("letters_printed", {"at": clock()})
    (second,) = again(world, "102", "姚志强", replace=True, batch="form-1")
    assert refusal(first.code, clock) == "code_wrong"
    redeem(second.code, clock)


def test_nobody_prints_letters_for_another_community(world, clock):
    dwelling = world.other_entrance.dwellings[1]
    with pytest.raises(NotYours):
        accounts.issue_codes(world.actor(world.committee), [dwelling], key=KEY, now=clock())
    assert session().execute(select(AccessCode)).first() is None


def test_a_letter_is_for_those_who_own_the_flat_only(world, clock):
    stranger = Recipient(world.dwelling("102").id, Capacity.OWNER, world.owner("杜文斌").id)
    with pytest.raises(Refused) as refused:
        accounts.issue_letters(
            world.actor(world.committee), [stranger], key=KEY, now=clock(), replace=True
        )
    assert refused.value.code == "letters_unknown"


def test_issuing_a_hundred_letters_takes_no_more_statements_than_one(world, clock):
    def statements(*rooms):
        with counting() as seen:
            letters_for(world, *rooms)
        return sum(not statement.startswith("INSERT INTO access_codes") for statement in seen)

    one = statements("102")
    assert statements("202", "402", "501", "502", "601") == one
