"""Constraints of the second factor and of what two people publish: each broken by its name."""

from __future__ import annotations

import pytest
from sqlalchemy import CheckConstraint, UniqueConstraint, insert
from sqlalchemy.exc import IntegrityError

from models.publications import Publication
from models.second_factor import RecoveryCode, SecondFactor
from services.transaction import transaction
from tests.everything import Everything
from tests.models.test_constraints_accounts import _columns, _names

TABLES = [model.__table__ for model in (Publication, SecondFactor, RecoveryCode)]


def publication(a, **given):
    return Publication, {
        "kind": "menu",
        "plan_id": a.plan.id,
        "arguments": {},
        "digest": "d",
        "prepared_at": a.now,
        "prepared_by": a.staff.id,
        "reason": "",
        "result": "",
    } | given


def factor(a, **given):
    return SecondFactor, {"account_id": a.released.ended_by} | given


def code(a, **given):
    return RecoveryCode, {"account_id": a.staff.id, "created_at": a.now, "code_hash": "h"} | given


BROKEN = {
    "ck_publications_kind": lambda a: publication(a, kind="letter"),
    "ck_publications_outcome": lambda a: publication(a, outcome="lost", ended_at=a.now),
    "ck_publications_subject": lambda a: publication(a, kind="vote"),
    "ck_publications_ended": lambda a: publication(a, ended_at=a.now),
    "ck_publications_second_person": lambda a: publication(
        a, outcome="released", ended_at=a.now, ended_by=a.staff.id
    ),
    "uq_publications_waiting_plan": lambda a: publication(a, kind="resolution"),
    "uq_publications_waiting_motion": lambda a: publication(a, kind="vote", motion_id=a.drafted.id),
    "ck_second_factors_confirmed": lambda a: factor(a, secret="x"),
    "ck_second_factors_pending": lambda a: factor(a, pending="x"),
    "uq_second_factors_account_id": lambda a: factor(a, account_id=a.staff.id),
    "uq_recovery_codes_code_hash": lambda a: code(a),
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


@pytest.mark.trust("2.5")
def test_the_database_refuses_what_must_never_be(world):
    all_ = Everything(world, world.building)
    first = (
        publication(all_, kind="vote", motion_id=all_.drafted.id),
        factor(all_, account_id=all_.staff.id),
        code(all_),
    )
    with transaction() as session:
        for model, values in first:
            session.execute(insert(model).values(values))
    for name, broken in BROKEN.items():
        model, values = broken(all_)
        with pytest.raises(IntegrityError) as refusal, transaction() as session:
            session.execute(insert(model).values(values))
        assert _names(str(refusal.value.orig)) & {name, *_columns(name)}, name
