"""Indexes for what is looked up at every cast and on the page of every result.

The owner's own lines on a roll, a head's paper, and what hangs on a motion: its notices, its
resolution, the motion that redraws it. Nothing that was there is changed. PostgreSQL keeps others
from writing to a table while it builds an index on it.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXED = (
    ("roll_owners", "owner_id"),
    ("paper_entries", "voter_id"),
    ("notices", "motion_id"),
    ("resolution_motions", "motion_id"),
    ("motions", "redraws_id"),
)


def upgrade() -> None:
    for table, column in INDEXED:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    for table, column in reversed(INDEXED):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
