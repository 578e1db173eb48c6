"""What one may ask of one's own data: to take it along, to correct it, to leave."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.accounts import Capacity, Role
from domain.errors import NotNow, Refused
from models.accounts import AccessCode, Account, RoleGrant
from models.database import session
from models.privacy import PrivacyRequest
from services import demand, privacy, purging
from services.transaction import transaction
from tests import bundles_world
from tests.privacy_world import (
    LEAVES,
    ONE_ENGINE,
    VOTING,
    WORDS,
    hits,
    personal_rows,
    sells,
    voting_rows,
)


def test_what_one_takes_along_is_one_s_own_and_whole(world, clock):
    resolution = bundles_world.one_resolution(world)
    personal_rows(world, resolution)
    voting_rows(world, resolution, LEAVES)
    plan = resolution.plan
    demand.named_answers(world.actor(world.committee), plan, now=clock())
    taken = json.loads(privacy.export(world.actor(world.sixth_floor), now=clock()))
    assert taken["account"]["name"] == LEAVES
    assert [answer["reason"] for answer in taken["answers"][0]["answers"]] == [WORDS[0]]
    assert [one["text"] for one in taken["objections"]] == [WORDS[1]]
    assert [one["choice"] for one in taken["ballots"]] == ["against", "abstain", "agree"]
    assert [one["channel"] for one in taken["ballots"]][-1] == "paper"
    assert all(one["receipt"] and one["nonce"] for one in taken["ballots"])
    assert [one["who"] for one in taken["looked_at"]] == ["居委会 林主任"]
    assert taken["kept"][0]["why"] == "challenge"
    said = json.dumps(taken, ensure_ascii=False)
    # What was prepared and sent back is the committee's; a secret is nobody's to take along.
    assert [word for word in VOTING if word not in said] == list(VOTING[8:])
    assert taken["second_factor"]["recovery_codes_left"] == 1
    other = privacy.export(world.actor(world.next_door), now=clock())
    assert not hits(other)
    staff = json.loads(privacy.export(world.actor(world.committee), now=clock()))
    assert staff["ballots"] == staff["answers"] == staff["mandates"] == []
    sent_back = [one for one in staff["publications"] if one["outcome"] == "sent_back"]
    assert [(one["reason"], one["said"]["place"]) for one in sent_back] == [VOTING[8:10]]


def test_a_correction_is_asked_once_and_answered_once(world, clock):
    actor, committee = world.actor(world.sixth_floor), world.actor(world.committee)
    for _twice in range(2):
        privacy.ask(actor, "面积是 62.35", form_key="a-form-key", now=clock())
    asked = session().scalars(select(PrivacyRequest)).one()
    privacy.answer(committee, asked, "已更正。", now=clock())
    with pytest.raises(NotNow, match="request_answered"):
        privacy.answer(committee, asked, "另一个答复", now=clock())
    assert privacy.own(actor, now=clock()).requests[0].answer == "已更正。"
    for number in range(5):
        privacy.ask(actor, "又一件", form_key=f"form-key-{number}", now=clock())
    with pytest.raises(NotNow, match="requests_waiting"):
        privacy.ask(actor, "第六件", form_key="sixth", now=clock())


@ONE_ENGINE
def test_a_closed_account_opens_nothing_and_the_register_still_names_the_owner(world, clock):
    actor = world.actor(world.sixth_floor)
    privacy.erase(actor, form_key="erase-key", now=clock())
    session().expire_all()
    account = session().get_one(Account, world.sixth_floor.id)
    assert account.display_name == "—" and account.disabled_at == clock()
    grants = session().scalars(select(RoleGrant).where(RoleGrant.account_id == account.id))
    assert all(grant.ended_at == clock() for grant in grants)
    assert world.owner(LEAVES).name == LEAVES
    privacy.erase(actor, form_key="erase-key", now=clock())
    assert len(list(session().scalars(select(PrivacyRequest)))) == 1


@ONE_ENGINE
def test_whoever_acts_for_the_community_must_be_relieved_first(world, clock):
    for account in (world.committee, world.head, world.administrator):
        with pytest.raises(Refused, match="erase_with_role"):
            privacy.erase(world.actor(account), form_key="erase-key", now=clock())


@ONE_ENGINE
def test_an_owner_who_sells_is_out_at_once(world, clock):
    sells(world)
    assert world.actor(world.sixth_floor).grants_of(Role.RESIDENT) == ()


@ONE_ENGINE
def test_letters_and_tries_go_in_their_own_time(world, clock):
    with transaction() as current:
        current.add(
            AccessCode(
                dwelling_id=world.dwelling("602").id,
                capacity=Capacity.TENANT,
                code_hash="x",
                issued_at=clock(),
                expires_at=clock() + timedelta(days=90),
            )
        )
    clock.move(days=90 + 365)
    assert "letters" not in purging.purge(apply=True, now=clock()).figures()
    clock.move(days=2)
    assert purging.purge(apply=True, now=clock()).figures()["letters"] == 1
