"""Mandates, results of official platforms, deliveries, statements about resolutions.

New tables only, with their triggers: nothing that was there is touched, so it is safe while a vote
is open.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models import frozen
from models.base import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resolution_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("document_number", sa.String(length=200), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "act IN ('suspended', 'resumed', 'annulled', 'withdrawn')",
            name=op.f("ck_statements_act"),
        ),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_statements_sequence_positive")),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["accounts.id"], name=op.f("fk_statements_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolutions.id"], name=op.f("fk_statements_resolution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("digest", name=op.f("uq_statements_digest")),
        sa.UniqueConstraint(
            "resolution_id", "sequence", name=op.f("uq_statements_resolution_id_sequence")
        ),
    )
    op.create_table(
        "platform_results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("document_number", sa.String(length=200), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("papers", sa.String(length=40), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("votes", sa.JSON(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("rejected_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("form IN ('totals', 'ballots')", name=op.f("ck_platform_results_form")),
        sa.CheckConstraint(
            "papers IN ('included', 'apart')", name=op.f("ck_platform_results_papers")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
            name=op.f("ck_platform_results_confirmed"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR rejected_at IS NULL", name=op.f("ck_platform_results_one_end")
        ),
        sa.CheckConstraint(
            "confirmed_by <> entered_by", name=op.f("ck_platform_results_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["accounts.id"], name=op.f("fk_platform_results_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["accounts.id"], name=op.f("fk_platform_results_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions.id"], name=op.f("fk_platform_results_motion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_results")),
    )
    op.create_index(
        "uq_platform_results_open",
        "platform_results",
        ["motion_id"],
        unique=True,
        sqlite_where=sa.text("rejected_at IS NULL"),
        postgresql_where=sa.text("rejected_at IS NULL"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("with_whom", sa.String(length=200), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'undeliverable' OR place <> ''", name=op.f("ck_deliveries_posted")
        ),
        sa.CheckConstraint(
            "outcome IN ('delivered', 'undeliverable', 'refused')",
            name=op.f("ck_deliveries_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_deliveries_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions.id"], name=op.f("fk_deliveries_motion_id")
        ),
        sa.ForeignKeyConstraint(
            ["voter_id"], ["roll_voters.id"], name=op.f("fk_deliveries_voter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("voter_id", "sequence", name=op.f("uq_deliveries_voter_id_sequence")),
    )
    op.create_index(op.f("ix_deliveries_motion_id"), "deliveries", ["motion_id"], unique=False)
    op.create_table(
        "mandates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("holder_owner_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("not_property_staff", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'proxy' OR not_property_staff", name=op.f("ck_mandates_not_property_staff")
        ),
        sa.CheckConstraint(
            "kind IN ('proxy', 'guardian', 'heir', 'company')", name=op.f("ck_mandates_kind")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_mandates_withdrawn")
        ),
        sa.ForeignKeyConstraint(
            ["holder_owner_id"], ["owners.id"], name=op.f("fk_mandates_holder_owner_id")
        ),
        sa.ForeignKeyConstraint(["motion_id"], ["motions.id"], name=op.f("fk_mandates_motion_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_mandates_owner_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["accounts.id"], name=op.f("fk_mandates_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["voter_id", "owner_id"],
            ["roll_owners.voter_id", "roll_owners.owner_id"],
            name=op.f("fk_mandates_voter_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["voter_id"], ["roll_voters.id"], name=op.f("fk_mandates_voter_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["accounts.id"], name=op.f("fk_mandates_withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
    )
    op.create_index(
        op.f("ix_mandates_holder_owner_id"), "mandates", ["holder_owner_id"], unique=False
    )
    op.create_index(op.f("ix_mandates_motion_id"), "mandates", ["motion_id"], unique=False)
    op.create_index(
        "uq_mandates_live",
        "mandates",
        ["voter_id", "owner_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "ballot_mandates",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballots.id"], name=op.f("fk_ballot_mandates_ballot_id")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name=op.f("fk_ballot_mandates_mandate_id")
        ),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_ballot_mandates")),
    )
    op.create_index(
        op.f("ix_ballot_mandates_mandate_id"), "ballot_mandates", ["mandate_id"], unique=False
    )
    op.create_table(
        "paper_details",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("mandate_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("first_collector", sa.String(length=200), nullable=False),
        sa.Column("second_collector", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(first_collector = '') = (second_collector = '')",
            name=op.f("ck_paper_details_collectors"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["paper_entries.id"], name=op.f("fk_paper_details_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name=op.f("fk_paper_details_mandate_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_paper_details")),
    )
    frozen.install_on(op.get_bind(), frozen.DUTIES)
    frozen.allow_erasure_on(op.get_bind(), frozen.ERASABLE_DUTIES)


def downgrade() -> None:
    frozen.forbid_erasure_on(op.get_bind(), frozen.ERASABLE_DUTIES)
    frozen.remove_from(op.get_bind(), frozen.DUTIES)
    op.drop_table("paper_details")
    op.drop_index(op.f("ix_ballot_mandates_mandate_id"), table_name="ballot_mandates")
    op.drop_table("ballot_mandates")
    op.drop_index(
        "uq_mandates_live",
        table_name="mandates",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index(op.f("ix_mandates_motion_id"), table_name="mandates")
    op.drop_index(op.f("ix_mandates_holder_owner_id"), table_name="mandates")
    op.drop_table("mandates")
    op.drop_index(op.f("ix_deliveries_motion_id"), table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_index(
        "uq_platform_results_open",
        table_name="platform_results",
        sqlite_where=sa.text("rejected_at IS NULL"),
        postgresql_where=sa.text("rejected_at IS NULL"),
    )
    op.drop_table("platform_results")
    op.drop_table("statements")
