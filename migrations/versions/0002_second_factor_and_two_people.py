"""The second factor of staff, and what waits for its second person.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models import frozen
from models.base import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WAITING_PLAN = sa.text("outcome IS NULL AND motion_id IS NULL")
WAITING_MOTION = sa.text("outcome IS NULL AND motion_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("sign_ins", sa.Column("confirmed_until", UTCDateTime(), nullable=True))
    op.create_table(
        "second_factors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.Column("pending", sa.Text(), nullable=True),
        sa.Column("pending_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(secret IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_second_factors_confirmed")
        ),
        sa.CheckConstraint(
            "(pending IS NULL) = (pending_at IS NULL)", name=op.f("ck_second_factors_pending")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_second_factors_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("account_id", name=op.f("uq_second_factors_account_id")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"])
    _publications()
    frozen.install_on(op.get_bind(), frozen.PUBLICATIONS)


def _publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=True),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("prepared_at", UTCDateTime(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "kind IN ('menu', 'vote', 'resolution', 'statement')",
            name=op.f("ck_publications_kind"),
        ),
        sa.CheckConstraint(
            "outcome IN ('released', 'sent_back', 'withdrawn', 'stale')",
            name=op.f("ck_publications_outcome"),
        ),
        sa.CheckConstraint(
            "(kind = 'vote') = (motion_id IS NOT NULL)", name=op.f("ck_publications_subject")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_publications_ended")
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome NOT IN ('released', 'sent_back') "
            "OR (ended_by IS NOT NULL AND ended_by <> prepared_by)",
            name=op.f("ck_publications_second_person"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_publications_plan_id")),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions.id"], name=op.f("fk_publications_motion_id")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["accounts.id"], name=op.f("fk_publications_prepared_by")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["accounts.id"], name=op.f("fk_publications_ended_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_index(op.f("ix_publications_plan_id"), "publications", ["plan_id"])
    op.create_index(
        "uq_publications_waiting_plan",
        "publications",
        ["plan_id", "kind"],
        unique=True,
        sqlite_where=WAITING_PLAN,
        postgresql_where=WAITING_PLAN,
    )
    op.create_index(
        "uq_publications_waiting_motion",
        "publications",
        ["motion_id"],
        unique=True,
        sqlite_where=WAITING_MOTION,
        postgresql_where=WAITING_MOTION,
    )


def downgrade() -> None:
    frozen.remove_from(op.get_bind(), frozen.PUBLICATIONS)
    op.drop_table("publications")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
    op.drop_column("sign_ins", "confirmed_until")
