"""An index on the owners of a roll: who asks for its own lines need not go through all of them.

Nothing that was there is changed. PostgreSQL keeps others from writing to the rolls while it builds
the index; votes go on being cast.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_roll_owners_owner_id"), "roll_owners", ["owner_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_roll_owners_owner_id"), table_name="roll_owners")
