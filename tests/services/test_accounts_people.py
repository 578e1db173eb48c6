"""People of a community: who may give which role where, and what ending one means."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.accounts import Permission, Role, Scope
from domain.codes import derive_key
from domain.errors import NotYours, Refused
from models.accounts import Account, RoleGrant
from models.audit import AuditEntry
from models.database import session
from models.register import Community
from services import accounts, sessions
from services.transaction import transaction

KEY = derive_key("a secret of the test's own, long enough")


def staff(world, clock, role=Role.COMMITTEE, login="wang", actor=None, community=None):
    return accounts.create_staff(
        world.actor(actor or world.committee),
        community or world.community,
        role=role,
        name="王芳",
        login=login,
        now=clock(),
    )


def grant_of(account):
    query = select(RoleGrant).where(RoleGrant.account_id == account.id)
    return session().execute(query).scalars().one()


def refusal(call, *arguments, **options):
    with pytest.raises(Refused) as refused:
        call(*arguments, **options)
    return refused.value.code


def signed_in(account, clock):
    with transaction() as current:
        return sessions.begin(current, account, now=clock(), remembered=True)


def test_a_first_password_lets_in_and_to_nothing_but_choosing_another(world, clock):
    made = staff(world, clock)
    account, token = accounts.sign_in("wang", made.password, key=KEY, now=clock())
    assert account.actor().grants == ()
    accounts.set_password(
        account.actor(),
        login="wang",
        old="",
        new="three moon roses on the balcony",
        key=KEY,
        now=clock(),
        keep=token,
    )
    actor = sessions.account_of(token, now=clock()).actor()
    assert actor.may(Permission.COMPOSE_MENU, world.building.scope)


def test_a_first_password_is_good_for_a_fortnight(world, clock):
    made = staff(world, clock)
    clock.move(days=14)
    with pytest.raises(Refused) as refused:
        accounts.sign_in("wang", made.password, key=KEY, now=clock())
    assert refused.value.code == "sign_in_wrong"


def test_a_committee_gives_roles_in_its_own_community_only(world, clock):
    with pytest.raises(NotYours):
        staff(world, clock, community=world.other_community)
    for outsider in (world.sixth_floor, world.head, world.auditor, world.contractor):
        with pytest.raises(NotYours):
            staff(world, clock, actor=outsider)


def test_no_committee_makes_an_administrator(world, clock):
    assert refusal(staff, world, clock, role=Role.ADMINISTRATOR) == "role_unknown"
    assert refusal(staff, world, clock, role=Role.RESIDENT) == "role_unknown"


def test_a_login_is_given_once_and_a_name_is_needed(world, clock):
    staff(world, clock)
    assert refusal(staff, world, clock, login="WANG") == "login_taken"
    create = accounts.create_company
    actor = world.actor(world.committee)
    assert refusal(create, actor, world.community, name="  ", now=clock()) == "name_empty"
    assert refusal(create, actor, world.community, name="x" * 61, now=clock()) == "name_long"


def test_a_stairwell_head_is_one_of_an_entrance_or_of_a_building(world, clock):
    actor = world.actor(world.committee)
    scopes = [
        grant_of(accounts.create_head(actor, place, name="老崔", login=login, now=clock()).account)
        .value()
        .scope
        for place, login in ((world.first_entrance, "cui1"), (world.building, "cui3"))
    ]
    assert scopes == [world.first_entrance.scope, world.building.scope]
    with pytest.raises(NotYours):
        accounts.create_head(actor, world.other_building, name="x", login="xyz", now=clock())


def test_a_company_belongs_to_the_community_that_entered_it(world, clock):
    actor, other = world.actor(world.committee), world.actor(world.other_committee)
    name = "新电梯公司"
    company = accounts.create_company(actor, world.community, name=name, now=clock())
    create = accounts.create_company
    assert refusal(create, actor, world.community, name=name, now=clock()) == "company_taken"
    create(other, world.other_community, name=name, now=clock())
    made = accounts.create_contractor(actor, company, name="小吴", login="wu.elev", now=clock())
    assert grant_of(made.account).value().scope == Scope(company=company.id)
    with pytest.raises(NotYours):
        accounts.create_contractor(other, company, name="x", login="spy", now=clock())


@pytest.mark.trust("2.6")
def test_ending_a_role_signs_out_at_once(world, clock):
    token = signed_in(world.contractor, clock)
    grant = grant_of(world.contractor)
    with pytest.raises(NotYours):
        accounts.end_role(world.actor(world.other_committee), grant, now=clock())
    accounts.end_role(world.actor(world.committee), grant, now=clock())
    assert sessions.account_of(token, now=clock()) is None
    end = accounts.end_role
    assert refusal(end, world.actor(world.committee), grant, now=clock()) == "role_ended"


def test_nobody_ends_or_resets_their_own_role(world, clock):
    own = grant_of(world.committee)
    for act in (accounts.end_role, accounts.renew_first_password):
        assert refusal(act, world.actor(world.committee), own, now=clock()) == "role_own"


def test_a_forgotten_password_is_replaced_by_a_first_one(world, clock):
    token = signed_in(world.second_committee, clock)
    made = accounts.renew_first_password(
        world.actor(world.committee), grant_of(world.second_committee), now=clock()
    )
    assert sessions.account_of(token, now=clock()) is None
    account, _token = accounts.sign_in("zhou", made.password, key=KEY, now=clock())
    assert account.actor().grants == ()


def test_a_household_gets_a_letter_and_no_first_password(world, clock):
    act = accounts.renew_first_password
    grant = grant_of(world.sixth_floor)
    assert refusal(act, world.actor(world.committee), grant, now=clock()) == "letter_instead"


def test_an_account_with_a_role_elsewhere_is_left_to_the_administrator(world, clock):
    with transaction() as current:
        grant = RoleGrant(
            account_id=world.second_committee.id,
            role=Role.COMMITTEE,
            community_id=world.other_community.id,
            granted_at=clock(),
        )
        current.add(grant)
    act = accounts.renew_first_password
    for committee in (world.committee, world.other_committee):
        place = committee.grants[0].community_id
        (held,) = [
            g
            for g in session().get_one(Account, world.second_committee.id).grants
            if g.community_id == place
        ]
        assert refusal(act, world.actor(committee), held, now=clock()) == "role_elsewhere"


def test_the_administrator_makes_a_community_with_its_first_member(world, clock):
    made = accounts.create_first_member(
        world.actor(world.administrator),
        community_name="和平里",
        name="赵主任",
        login="zhao",
        now=clock(),
    )
    place = session().execute(select(Community).where(Community.name == "和平里")).scalar_one()
    assert grant_of(made.account).value().scope == place.scope
    with pytest.raises(NotYours):
        accounts.create_first_member(
            world.actor(world.committee), community_name="x", name="y", login="zzz", now=clock()
        )


def test_an_existing_community_is_taken_and_not_made_twice(world, clock):
    made = accounts.create_first_member(
        world.actor(world.administrator),
        community_name=" 工人新村 ",
        name="赵主任",
        login="zhao",
        now=clock(),
    )
    assert grant_of(made.account).community_id == world.community.id


def test_the_administrator_has_no_vote(world):
    actor = world.actor(world.administrator)
    for permission in (Permission.CAST_BALLOT, Permission.ANSWER_MENU, Permission.SEE_ANSWERS):
        assert not actor.may_anywhere(permission)


def test_every_act_is_on_record_without_a_name(world, clock):
    made = staff(world, clock)
    accounts.end_role(world.actor(world.committee), grant_of(made.account), now=clock())
    entries = list(session().execute(select(AuditEntry).order_by(AuditEntry.seq)).scalars())
    assert [entry.action for entry in entries] == ["role_given", "role_ended"]
    assert all(entry.chain == f"community:{world.community.id}" for entry in entries)
    assert not any("王芳" in entry.event or "wang" in entry.event for entry in entries)
