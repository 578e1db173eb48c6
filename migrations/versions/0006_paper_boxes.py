"""The box of paper ballots: hours to close it, readings, list, late slips; when a slip came.

Two new columns that may be empty, and new tables with their triggers; every row stays what it
was. A motion announced before has no hours and gets 24. Safe while a vote is open.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models import frozen
from models.base import UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# SQLite can add a column with its check, and no check by itself. The check goes with the column.
ADD_HOURS = (
    "ALTER TABLE motions ADD COLUMN box_hours INTEGER "
    "CONSTRAINT ck_motions_box_hours CHECK (box_hours BETWEEN 1 AND 24)"
)


def _readings() -> None:
    op.create_table(
        "box_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("serials", sa.Text(), nullable=False),
        sa.Column("read_by", sa.Integer(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        sa.Column("agreed_at", UTCDateTime(), nullable=True),
        sa.Column("rejected_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "agreed_at IS NULL OR rejected_at IS NULL", name=op.f("ck_box_readings_one_end")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions.id"], name=op.f("fk_box_readings_motion_id")
        ),
        sa.ForeignKeyConstraint(["read_by"], ["accounts.id"], name=op.f("fk_box_readings_read_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box_readings")),
    )
    op.create_index(op.f("ix_box_readings_motion_id"), "box_readings", ["motion_id"], unique=False)
    op.create_index(
        "uq_box_readings_open",
        "box_readings",
        ["motion_id"],
        unique=True,
        sqlite_where=sa.text("agreed_at IS NULL AND rejected_at IS NULL"),
        postgresql_where=sa.text("agreed_at IS NULL AND rejected_at IS NULL"),
    )


def _boxes() -> None:
    op.create_table(
        "paper_boxes",
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("serials", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("first_by", sa.Integer(), nullable=True),
        sa.Column("second_by", sa.Integer(), nullable=True),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("collected", sa.Integer(), nullable=False),
        sa.Column("void", sa.Integer(), nullable=False),
        sa.Column("outstanding", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('listed', 'missed')", name=op.f("ck_paper_boxes_state")),
        sa.CheckConstraint("first_by <> second_by", name=op.f("ck_paper_boxes_two_people")),
        sa.CheckConstraint(
            "(state = 'listed') = (first_by IS NOT NULL AND second_by IS NOT NULL)",
            name=op.f("ck_paper_boxes_readers"),
        ),
        sa.CheckConstraint(
            "printed = collected + void + outstanding + late",
            name=op.f("ck_paper_boxes_reconciled"),
        ),
        sa.ForeignKeyConstraint(
            ["first_by"], ["accounts.id"], name=op.f("fk_paper_boxes_first_by")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions.id"], name=op.f("fk_paper_boxes_motion_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_by"], ["accounts.id"], name=op.f("fk_paper_boxes_second_by")
        ),
        sa.PrimaryKeyConstraint("motion_id", name=op.f("pk_paper_boxes")),
    )


def _late() -> None:
    op.create_table(
        "late_papers",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("handed_in", sa.Date(), nullable=False),
        sa.Column("first_collector", sa.String(length=200), nullable=False),
        sa.Column("second_collector", sa.String(length=200), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("after_count", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(first_collector = '') = (second_collector = '')",
            name=op.f("ck_late_papers_collectors"),
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions.id"], name=op.f("fk_late_papers_motion_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["accounts.id"], name=op.f("fk_late_papers_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["paper_sheets.id"], name=op.f("fk_late_papers_sheet_id")
        ),
        sa.PrimaryKeyConstraint("sheet_id", name=op.f("pk_late_papers")),
    )
    op.create_index(op.f("ix_late_papers_motion_id"), "late_papers", ["motion_id"], unique=False)


def upgrade() -> None:
    bind = op.get_bind()
    op.execute(ADD_HOURS)
    frozen.fix_on_announcement(bind, frozen.MOTION_FIXED_NOW)
    op.add_column("paper_details", sa.Column("handed_in", sa.Date(), nullable=True))
    frozen.forbid_erasure_on(bind, {"paper_details": frozen.ERASABLE_DUTIES["paper_details"]})
    frozen.allow_erasure_on(bind, frozen.DETAILS)
    _readings()
    _boxes()
    _late()
    frozen.install_on(bind, frozen.BOXES)
    frozen.allow_erasure_on(bind, frozen.ERASABLE_BOXES)


def downgrade() -> None:
    bind = op.get_bind()
    frozen.forbid_erasure_on(bind, frozen.ERASABLE_BOXES)
    frozen.remove_from(bind, frozen.BOXES)
    op.drop_index(op.f("ix_late_papers_motion_id"), table_name="late_papers")
    op.drop_table("late_papers")
    op.drop_table("paper_boxes")
    op.drop_index(
        "uq_box_readings_open",
        table_name="box_readings",
        sqlite_where=sa.text("agreed_at IS NULL AND rejected_at IS NULL"),
        postgresql_where=sa.text("agreed_at IS NULL AND rejected_at IS NULL"),
    )
    op.drop_index(op.f("ix_box_readings_motion_id"), table_name="box_readings")
    op.drop_table("box_readings")
    frozen.forbid_erasure_on(bind, frozen.DETAILS)
    frozen.allow_erasure_on(bind, {"paper_details": frozen.ERASABLE_DUTIES["paper_details"]})
    op.drop_column("paper_details", "handed_in")
    frozen.fix_on_announcement(bind, frozen.MOTION_FIXED)
    op.drop_column("motions", "box_hours")
