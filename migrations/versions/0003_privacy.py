"""What people ask about their data, which plans were erased, and names that may leave a roll.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models import frozen
from models.base import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("submitted_at", UTCDateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('correction', 'erasure')", name=op.f("ck_privacy_requests_kind")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_privacy_requests_answered")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["communities.id"],
            name=op.f("fk_privacy_requests_community_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_privacy_requests_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["accounts.id"], name=op.f("fk_privacy_requests_answered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_requests")),
        sa.UniqueConstraint(
            "account_id", "form_key", name=op.f("uq_privacy_requests_account_id_form_key")
        ),
    )
    for column in ("community_id", "account_id"):
        name = op.f(f"ix_privacy_requests_{column}")
        op.create_index(name, "privacy_requests", [column])
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("erased_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("erased_at >= until", name=op.f("ck_erasures_after_the_year")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_erasures_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("plan_id", "until", name=op.f("uq_erasures_plan_id_until")),
    )
    frozen.allow_erasure(op.get_bind())


def downgrade() -> None:
    frozen.forbid_erasure(op.get_bind())
    op.drop_table("erasures")
    for column in ("account_id", "community_id"):
        op.drop_index(op.f(f"ix_privacy_requests_{column}"), table_name="privacy_requests")
    op.drop_table("privacy_requests")
