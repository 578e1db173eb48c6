"""Constraints of accounts and audit: each broken on purpose, on both engines, by its name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import CheckConstraint, UniqueConstraint, insert
from sqlalchemy.exc import IntegrityError

from domain.accounts import Role
from models.accounts import AccessCode, Account, CodeAttempt, Company, RoleGrant, SignIn
from models.audit import AuditEntry
from models.base import Base
from services.transaction import transaction
from tests.everything import Everything, unique

TABLES = [model.__table__ for model in (Account, Company, RoleGrant, AccessCode, SignIn)]
TABLES += [CodeAttempt.__table__, AuditEntry.__table__]


@pytest.fixture
def all_(world):
    return Everything(world, world.building)


def grant(all_, role="committee", **given):
    values = {"account_id": all_.staff.id, "role": role, "granted_at": all_.now}
    if role == "committee":
        values["community_id"] = all_.community.id
    return RoleGrant, values | given


def code(all_, **given):
    free = next(d for d in all_.entrance.dwellings if d.id != all_.dwelling.id)
    return AccessCode, {
        "dwelling_id": free.id,
        "capacity": "owner",
        "owner_id": all_.owner.id,
        "code_hash": unique(),
        "batch": "",
        "issued_at": all_.now,
        "expires_at": all_.now + timedelta(days=90),
    } | given


def account(all_, **given):
    return Account, {"display_name": "某人", "created_at": all_.now} | given


def entry(all_, **given):
    return AuditEntry, {
        "chain": all_.chain,
        "seq": 2,
        "at": all_.now,
        "action": "x",
        "event": "{}",
        "previous": "0",
        "digest": "1",
    } | given


# The constraint's name → the row that breaks it, and that one only.
BROKEN = {
    "ck_accounts_initial": lambda a: account(a, initial_until=a.now),
    "ck_accounts_password_with_login": lambda a: account(a, password_hash="$argon2id$"),
    "uq_accounts_login": lambda a: account(a, login=a.staff.login),
    "uq_companies_community_id_name": lambda a: (
        Company,
        {
            "community_id": a.community.id,
            "name": a.own_company.name,
            "created_at": a.now,
        },
    ),
    "ck_role_grants_role": lambda a: grant(a, role="king"),
    "ck_role_grants_capacity": lambda a: grant(
        a, role="resident", dwelling_id=a.dwelling.id, capacity="ghost"
    ),
    "ck_role_grants_resident_of_dwelling": lambda a: grant(a, role="resident"),
    "ck_role_grants_company": lambda a: grant(a, role="contractor"),
    "ck_role_grants_community": lambda a: grant(a, community_id=None),
    "ck_role_grants_owner": lambda a: grant(
        a, role="resident", dwelling_id=a.dwelling.id, capacity="tenant", owner_id=a.owner.id
    ),
    "uq_access_codes_code_hash": lambda a: code(a, code_hash=a.code.code_hash),
    "ck_access_codes_capacity": lambda a: code(a, capacity="ghost", owner_id=None),
    "ck_access_codes_owner": lambda a: code(a, owner_id=None),
    "ck_access_codes_period": lambda a: code(a, expires_at=a.now),
    "ck_access_codes_used": lambda a: code(a, used_at=a.now),
    "uq_access_codes_live_owner": lambda a: code(a, dwelling_id=a.dwelling.id),
    "uq_access_codes_live_tenant": lambda a: code(a, capacity="tenant", owner_id=None),
    "uq_sign_ins_token_hash": lambda a: (
        SignIn,
        {
            "account_id": a.staff.id,
            "token_hash": a.sign_in.token_hash,
            "started_at": a.now,
            "expires_at": a.now,
        },
    ),
    "uq_audit_entries_chain_seq": lambda a: entry(a, seq=1),
    "ck_audit_entries_seq_positive": lambda a: entry(a, seq=0),
}


def test_every_constraint_of_these_tables_is_broken_here():
    named = {
        str(constraint.name)
        for table in TABLES
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
    }
    named |= {str(index.name) for table in TABLES for index in table.indexes if index.unique}
    assert named == set(BROKEN)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_the_database_refuses_what_must_never_be(all_, name):
    model, values = BROKEN[name](all_)
    if name == "uq_access_codes_live_tenant":
        with transaction() as session:
            session.execute(insert(model).values(values | {"code_hash": unique()}))
    with pytest.raises(IntegrityError) as refusal, transaction() as session:
        session.execute(insert(model).values(values))
    assert _names(str(refusal.value.orig)) & {name, *_columns(name)}


def _names(said: str) -> set[str]:
    """What the engine names: the constraint, or on SQLite the columns of a unique one."""
    words = said.replace('"', " ").replace("'", " ").replace(":", " ").replace(",", " ").split()
    return set(words)


def _columns(name: str) -> set[str]:
    for table in Base.metadata.tables.values():
        found = [c for c in table.constraints if c.name == name]
        found += [index for index in table.indexes if index.name == name]
        for item in found:
            if name.startswith("uq_"):
                return {f"{table.name}.{column.name}" for column in item.columns}
    return set()


def test_a_used_or_revoked_code_leaves_room_for_the_next(all_):
    with transaction() as session:
        session.get_one(AccessCode, all_.code.id).revoked_at = all_.now
        session.flush()
        model, values = code(all_, dwelling_id=all_.dwelling.id)
        session.execute(insert(model).values(values))


def test_all_roles_fit_the_table(all_):
    given = {
        Role.COMMITTEE: {},
        Role.ADMINISTRATOR: {},
        Role.AUDITOR: {},
        Role.STAIRWELL_HEAD: {},
        Role.CONTRACTOR: {"company_id": all_.company.id},
        Role.RESIDENT: {"dwelling_id": all_.dwelling.id, "capacity": "tenant"},
    }
    assert set(given) == set(Role)
    with transaction() as session:
        for role, values in given.items():
            model, row = grant(all_, role=role.value, **values)
            session.execute(insert(model).values(row))
