"""Answers know for which owners they were given; those of former owners lie apart.

A new table and new columns, then one look at the rows there are: a sheet whose giver is known (an
owner's role in the dwelling) and owns it no more, while none of its present owners had a role or
letter when it was last changed, becomes a former owner's. All others were given for the present
owners. Going down, answers of former owners are lost: the older program would count them.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OWNER = "owner"
SHEETS = sa.table("answer_sheets", sa.column("id"), sa.column("owner_ids", sa.JSON()))


def upgrade() -> None:
    op.create_table(
        "former_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("dwelling_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("receipt", sa.String(length=40), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_former_sheets_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwellings.id"], name=op.f("fk_former_sheets_dwelling_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_former_sheets_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_sheets")),
        sa.UniqueConstraint("receipt", name=op.f("uq_former_sheets_receipt")),
    )
    for column in ("account_id", "dwelling_id", "plan_id"):
        op.create_index(op.f(f"ix_former_sheets_{column}"), "former_sheets", [column])
    op.add_column("answer_sheets", sa.Column("owner_ids", sa.JSON(), nullable=True))
    op.add_column("objections", sa.Column("former_since", UTCDateTime(), nullable=True))
    _fill(op.get_bind())


def downgrade() -> None:
    op.drop_column("objections", "former_since")
    op.drop_column("answer_sheets", "owner_ids")
    for column in ("plan_id", "dwelling_id", "account_id"):
        op.drop_index(op.f(f"ix_former_sheets_{column}"), table_name="former_sheets")
    op.drop_table("former_sheets")


class _Register:
    """Who owns each dwelling, and whose role or letter there began and ended when."""

    def __init__(self, bind: sa.Connection) -> None:
        self.owners: dict[int, set[int]] = defaultdict(set)
        for row in bind.execute(sa.text("SELECT dwelling_id, owner_id FROM ownerships")):
            self.owners[row.dwelling_id].add(row.owner_id)
        roles = sa.text(
            "SELECT dwelling_id, owner_id, account_id, granted_at, ended_at FROM role_grants "
            "WHERE owner_id IS NOT NULL"
        ).columns(granted_at=UTCDateTime(), ended_at=UTCDateTime())
        letters = sa.text(
            "SELECT dwelling_id, owner_id, issued_at FROM access_codes WHERE owner_id IS NOT NULL"
        ).columns(issued_at=UTCDateTime())
        self.roles: dict[int, list[Any]] = defaultdict(list)
        self.since: dict[int, list[tuple[int, Any]]] = defaultdict(list)
        for row in bind.execute(roles):
            self.roles[row.dwelling_id].append(row)
            self.since[row.dwelling_id].append((row.owner_id, row.granted_at))
        for row in bind.execute(letters):
            self.since[row.dwelling_id].append((row.owner_id, row.issued_at))

    def left(self, dwelling: int, account: int | None) -> list[Any]:
        """The roles in the dwelling of an account all of whose owners have left it, else none."""
        held = [row for row in self.roles[dwelling] if row.account_id == account]
        stays = any(row.owner_id in self.owners[dwelling] for row in held)
        return [] if stays else held

    def was_known(self, dwelling: int, at: Any) -> bool:
        """Whether a present owner had a role or a letter then."""
        owners = self.owners[dwelling]
        return any(owner in owners and since <= at for owner, since in self.since[dwelling])


def _fill(bind: sa.Connection) -> None:
    register = _Register(bind)
    sheets = sa.text("SELECT * FROM answer_sheets WHERE capacity = :owner").columns(
        started_at=UTCDateTime(), updated_at=UTCDateTime(), sent_at=UTCDateTime()
    )
    for sheet in bind.execute(sheets, {"owner": OWNER}).all():
        left = register.left(sheet.dwelling_id, sheet.account_id)
        if left and not register.was_known(sheet.dwelling_id, sheet.updated_at):
            _put_apart(bind, sheet, _end(left) or sheet.updated_at)
        else:
            owners = sorted(register.owners[sheet.dwelling_id])
            bind.execute(SHEETS.update().where(SHEETS.c.id == sheet.id).values(owner_ids=owners))
    objections = sa.text(
        "SELECT id, dwelling_id, account_id, submitted_at FROM objections WHERE capacity = :owner "
        "AND dwelling_id IS NOT NULL"
    ).columns(submitted_at=UTCDateTime())
    mark = sa.text("UPDATE objections SET former_since = :at WHERE id = :id").bindparams(
        sa.bindparam("at", type_=UTCDateTime())
    )
    for row in bind.execute(objections, {"owner": OWNER}).all():
        left = register.left(row.dwelling_id, row.account_id)
        if left:
            bind.execute(mark, {"at": _end(left) or row.submitted_at, "id": row.id})


def _end(roles: list[Any]) -> Any:
    return max((row.ended_at for row in roles if row.ended_at), default=None)


def _put_apart(bind: sa.Connection, sheet: Any, at: Any) -> None:
    former = sa.table(
        "former_sheets",
        *(
            sa.column(name)
            for name in ("plan_id", "dwelling_id", "capacity", "account_id", "receipt")
        ),
        *(
            sa.column(name, UTCDateTime())
            for name in ("started_at", "updated_at", "sent_at", "ended_at")
        ),
        sa.column("said", sa.JSON()),
    )
    bind.execute(
        former.insert().values(
            plan_id=sheet.plan_id,
            dwelling_id=sheet.dwelling_id,
            capacity=sheet.capacity,
            account_id=sheet.account_id,
            receipt=sheet.receipt,
            started_at=sheet.started_at,
            updated_at=sheet.updated_at,
            sent_at=sheet.sent_at,
            ended_at=at,
            said=_said(bind, sheet.id),
        )
    )
    ranked = "DELETE FROM option_rankings WHERE answer_id IN "
    ids = {"id": sheet.id}
    bind.execute(sa.text(f"{ranked}(SELECT id FROM item_answers WHERE sheet_id = :id)"), ids)
    bind.execute(sa.text("DELETE FROM item_answers WHERE sheet_id = :id"), ids)
    bind.execute(sa.text("DELETE FROM answer_sheets WHERE id = :id"), ids)


def _said(bind: sa.Connection, sheet_id: int) -> list[dict[str, Any]]:
    answers = sa.text("SELECT * FROM item_answers WHERE sheet_id = :id ORDER BY id")
    order = sa.text("SELECT option_id FROM option_rankings WHERE answer_id = :id ORDER BY rank")
    return [
        {
            "item": row.item_id,
            "stance": row.stance,
            "reason": row.reason,
            "none_of_these": bool(row.none_of_these),
            "max_pay": row.max_pay,
            "order": list(bind.execute(order, {"id": row.id}).scalars()),
        }
        for row in bind.execute(answers, {"id": sheet_id}).all()
    ]
