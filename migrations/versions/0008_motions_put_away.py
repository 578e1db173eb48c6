"""Failed motions that were put away.

A new table only: nothing that was there is touched, so it is safe while a vote is open.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "motions_put_away",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("put_away_at", UTCDateTime(), nullable=False),
        sa.Column("put_away_by", sa.Integer(), nullable=False),
        sa.Column("taken_up_at", UTCDateTime(), nullable=True),
        sa.Column("taken_up_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(taken_up_at IS NULL) = (taken_up_by IS NULL)",
            name=op.f("ck_motions_put_away_taken_up"),
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions.id"], name=op.f("fk_motions_put_away_motion_id")
        ),
        sa.ForeignKeyConstraint(
            ["put_away_by"], ["accounts.id"], name=op.f("fk_motions_put_away_put_away_by")
        ),
        sa.ForeignKeyConstraint(
            ["taken_up_by"], ["accounts.id"], name=op.f("fk_motions_put_away_taken_up_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions_put_away")),
    )
    op.create_index(
        "uq_motions_put_away_open",
        "motions_put_away",
        ["motion_id"],
        unique=True,
        sqlite_where=sa.text("taken_up_at IS NULL"),
        postgresql_where=sa.text("taken_up_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_motions_put_away_open", table_name="motions_put_away")
    op.drop_table("motions_put_away")
