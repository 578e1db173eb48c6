"""All tables of the first release, and the triggers that freeze rows.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models import frozen
from models.base import UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=True),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("initial_until", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("disabled_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "initial_until IS NULL OR password_hash IS NOT NULL", name=op.f("ck_accounts_initial")
        ),
        sa.CheckConstraint(
            "password_hash IS NULL OR login IS NOT NULL",
            name=op.f("ck_accounts_password_with_login"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_table(
        "code_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_attempts")),
    )
    op.create_index("ix_code_attempts_subject_at", "code_attempts", ["subject", "at"], unique=False)
    op.create_table(
        "communities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities")),
        sa.UniqueConstraint("name", name=op.f("uq_communities_name")),
    )
    op.create_table(
        "pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
        sa.UniqueConstraint("sha256", name=op.f("uq_pictures_sha256")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_audit_entries_seq_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_audit_entries_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("chain", "seq", name=op.f("uq_audit_entries_chain_seq")),
    )
    op.create_table(
        "buildings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("sort_key", sa.String(length=40), nullable=False),
        sa.Column("built_year", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_buildings_community_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buildings")),
        sa.UniqueConstraint("community_id", "key", name=op.f("uq_buildings_community_id_key")),
    )
    op.create_table(
        "companies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_companies_community_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
        sa.UniqueConstraint("community_id", "name", name=op.f("uq_companies_community_id_name")),
    )
    op.create_table(
        "header_mappings",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("header", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_header_mappings_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "header", name=op.f("pk_header_mappings")),
    )
    op.create_table(
        "owners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("distinguisher", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "kind IN ('person', 'company', 'developer')", name=op.f("ck_owners_kind")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_owners_community_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owners")),
        sa.UniqueConstraint(
            "community_id",
            "name",
            "distinguisher",
            name=op.f("uq_owners_community_id_name_distinguisher"),
        ),
    )
    op.create_table(
        "roster_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", UTCDateTime(), nullable=False),
        sa.Column("applied_at", UTCDateTime(), nullable=True),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_roster_imports_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["accounts.id"], name=op.f("fk_roster_imports_uploaded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_imports")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    op.create_index(op.f("ix_sign_ins_account_id"), "sign_ins", ["account_id"], unique=False)
    op.create_table(
        "entrances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("sort_key", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_entrances_building_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrances")),
        sa.UniqueConstraint("building_id", "key", name=op.f("uq_entrances_building_id_key")),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("policy", sa.String(length=40), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("threshold_decision", sa.String(length=200), nullable=False),
        sa.Column("bands", sa.JSON(), nullable=True),
        sa.Column("menu_published_at", UTCDateTime(), nullable=True),
        sa.Column("consultation_closes_at", UTCDateTime(), nullable=True),
        sa.Column("works_started_at", UTCDateTime(), nullable=True),
        sa.Column("accepted_at", UTCDateTime(), nullable=True),
        sa.Column("evaluated_at", UTCDateTime(), nullable=True),
        sa.Column("maintained_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("suspended_at", UTCDateTime(), nullable=True),
        sa.Column("annulled_at", UTCDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("policy IN ('banded', 'open')", name=op.f("ck_plans_policy")),
        sa.CheckConstraint(
            "consultation_closes_at IS NULL OR consultation_closes_at > menu_published_at",
            name=op.f("ck_plans_consultation_period"),
        ),
        sa.CheckConstraint("threshold >= 5", name=op.f("ck_plans_threshold")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_plans_building_id")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_plans_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_building_id"), "plans", ["building_id"], unique=False)
    op.create_table(
        "demand_releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("released_at", UTCDateTime(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_demand_releases_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_releases")),
        sa.UniqueConstraint("plan_id", "seq", name=op.f("uq_demand_releases_plan_id_seq")),
    )
    op.create_table(
        "dwellings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entrance_id", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=40), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("area_source", sa.String(length=40), nullable=False),
        sa.Column("tenure", sa.String(length=40), nullable=False),
        sa.Column("occupancy", sa.String(length=40), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("retired_at", UTCDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "area_source IN ('register', 'survey', 'contract')",
            name=op.f("ck_dwellings_area_source"),
        ),
        sa.CheckConstraint(
            "occupancy IN ('owner', 'let', 'vacant')", name=op.f("ck_dwellings_occupancy")
        ),
        sa.CheckConstraint(
            "tenure IN ('private', 'work_unit', 'public', 'developer')",
            name=op.f("ck_dwellings_tenure"),
        ),
        sa.CheckConstraint("area > 0", name=op.f("ck_dwellings_area_positive")),
        sa.ForeignKeyConstraint(
            ["entrance_id"], ["entrances.id"], name=op.f("fk_dwellings_entrance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dwellings")),
        sa.UniqueConstraint("entrance_id", "room", name=op.f("uq_dwellings_entrance_id_room")),
    )
    op.create_table(
        "menu_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("catalogue_key", sa.String(), nullable=True),
        sa.Column("item_class", sa.String(length=40), nullable=False),
        sa.Column("matter", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("consult_only", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "decided_by IN ('building', 'entrance')", name=op.f("ck_menu_items_decided_by")
        ),
        sa.CheckConstraint(
            "item_class IN ('basic', 'improve', 'enhance')", name=op.f("ck_menu_items_item_class")
        ),
        sa.CheckConstraint("matter BETWEEN 1 AND 9", name=op.f("ck_menu_items_matter")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_menu_items_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu_items")),
    )
    op.create_index(op.f("ix_menu_items_plan_id"), "menu_items", ["plan_id"], unique=False)
    op.create_table(
        "resolutions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("in_force_at", UTCDateTime(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("corrects_digest", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["accounts.id"], name=op.f("fk_resolutions_issued_by")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_resolutions_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolutions")),
        sa.UniqueConstraint("digest", name=op.f("uq_resolutions_digest")),
        sa.UniqueConstraint("number", name=op.f("uq_resolutions_number")),
        sa.UniqueConstraint("plan_id", "sequence", name=op.f("uq_resolutions_plan_id_sequence")),
    )
    op.create_table(
        "access_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dwelling_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(capacity = 'owner') = (owner_id IS NOT NULL)", name=op.f("ck_access_codes_owner")
        ),
        sa.CheckConstraint(
            "capacity IN ('owner', 'tenant')", name=op.f("ck_access_codes_capacity")
        ),
        sa.CheckConstraint(
            "(used_at IS NULL) = (used_by IS NULL)", name=op.f("ck_access_codes_used")
        ),
        sa.CheckConstraint("expires_at > issued_at", name=op.f("ck_access_codes_period")),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwellings.id"], name=op.f("fk_access_codes_dwelling_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["accounts.id"], name=op.f("fk_access_codes_issued_by")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_access_codes_owner_id")),
        sa.ForeignKeyConstraint(["used_by"], ["accounts.id"], name=op.f("fk_access_codes_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_access_codes_code_hash")),
    )
    op.create_index(
        "uq_access_codes_live_owner",
        "access_codes",
        ["dwelling_id", "owner_id"],
        unique=True,
        sqlite_where=sa.text("used_at IS NULL AND revoked_at IS NULL AND capacity = 'owner'"),
        postgresql_where=sa.text("used_at IS NULL AND revoked_at IS NULL AND capacity = 'owner'"),
    )
    op.create_index(
        "uq_access_codes_live_tenant",
        "access_codes",
        ["dwelling_id"],
        unique=True,
        sqlite_where=sa.text("used_at IS NULL AND revoked_at IS NULL AND capacity = 'tenant'"),
        postgresql_where=sa.text("used_at IS NULL AND revoked_at IS NULL AND capacity = 'tenant'"),
    )
    op.create_table(
        "answer_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("dwelling_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("receipt", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "capacity IN ('owner', 'tenant')", name=op.f("ck_answer_sheets_capacity")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_answer_sheets_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwellings.id"], name=op.f("fk_answer_sheets_dwelling_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_answer_sheets_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_sheets")),
        sa.UniqueConstraint(
            "plan_id",
            "dwelling_id",
            "capacity",
            name=op.f("uq_answer_sheets_plan_id_dwelling_id_capacity"),
        ),
        sa.UniqueConstraint("receipt", name=op.f("uq_answer_sheets_receipt")),
    )
    op.create_table(
        "options",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["menu_items.id"], name=op.f("fk_options_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_options")),
    )
    op.create_index(op.f("ix_options_item_id"), "options", ["item_id"], unique=False)
    op.create_table(
        "ownerships",
        sa.Column("dwelling_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwellings.id"], name=op.f("fk_ownerships_dwelling_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_ownerships_owner_id")),
        sa.PrimaryKeyConstraint("dwelling_id", "owner_id", name=op.f("pk_ownerships")),
    )
    op.create_table(
        "requirement_issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resolution_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_requirement_issues_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["accounts.id"], name=op.f("fk_requirement_issues_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolutions.id"], name=op.f("fk_requirement_issues_resolution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement_issues")),
        sa.UniqueConstraint(
            "resolution_id",
            "company_id",
            name=op.f("uq_requirement_issues_resolution_id_company_id"),
        ),
    )
    op.create_table(
        "role_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("entrance_id", sa.Integer(), nullable=True),
        sa.Column("dwelling_id", sa.Integer(), nullable=True),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.String(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(role = 'contractor') = (company_id IS NOT NULL)", name=op.f("ck_role_grants_company")
        ),
        sa.CheckConstraint(
            "(role = 'resident') = (dwelling_id IS NOT NULL AND capacity IS NOT NULL)",
            name=op.f("ck_role_grants_resident_of_dwelling"),
        ),
        sa.CheckConstraint("capacity IN ('owner', 'tenant')", name=op.f("ck_role_grants_capacity")),
        sa.CheckConstraint(
            "owner_id IS NULL OR capacity = 'owner'", name=op.f("ck_role_grants_owner")
        ),
        sa.CheckConstraint(
            "role <> 'committee' OR community_id IS NOT NULL", name=op.f("ck_role_grants_community")
        ),
        sa.CheckConstraint(
            "role IN ('administrator', 'committee', 'stairwell_head', 'resident', 'contractor', 'auditor')",
            name=op.f("ck_role_grants_role"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_role_grants_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["buildings.id"], name=op.f("fk_role_grants_building_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_role_grants_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_role_grants_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwellings.id"], name=op.f("fk_role_grants_dwelling_id")
        ),
        sa.ForeignKeyConstraint(
            ["entrance_id"], ["entrances.id"], name=op.f("fk_role_grants_entrance_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_role_grants_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
    )
    op.create_index(op.f("ix_role_grants_account_id"), "role_grants", ["account_id"], unique=False)
    op.create_index(
        op.f("ix_role_grants_dwelling_id"), "role_grants", ["dwelling_id"], unique=False
    )
    op.create_table(
        "item_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("none_of_these", sa.Boolean(), nullable=False),
        sa.Column("max_pay", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "stance <> 'oppose' OR length(reason) > 0",
            name=op.f("ck_item_answers_oppose_with_reason"),
        ),
        sa.CheckConstraint(
            "stance IN ('need', 'accept', 'indifferent', 'oppose')",
            name=op.f("ck_item_answers_stance"),
        ),
        sa.CheckConstraint("max_pay >= 0", name=op.f("ck_item_answers_max_pay_not_negative")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["menu_items.id"], name=op.f("fk_item_answers_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["answer_sheets.id"], name=op.f("fk_item_answers_sheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_answers")),
        sa.UniqueConstraint("sheet_id", "item_id", name=op.f("uq_item_answers_sheet_id_item_id")),
    )
    op.create_index(op.f("ix_item_answers_item_id"), "item_answers", ["item_id"], unique=False)
    op.create_table(
        "option_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(length=40), nullable=False),
        sa.Column("subsidy", sa.JSON(), nullable=False),
        sa.Column("scheme", sa.JSON(), nullable=False),
        sa.Column("location", sa.String(length=200), nullable=False),
        sa.Column("excludes", sa.Text(), nullable=False),
        sa.Column("requires", sa.Text(), nullable=False),
        sa.Column("constraints", sa.Text(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "payer IN ('households', 'maintenance_fund', 'state', 'operator')",
            name=op.f("ck_option_versions_payer"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_option_versions_quantity_positive")),
        sa.CheckConstraint(
            "unit_price >= 0", name=op.f("ck_option_versions_unit_price_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name=op.f("fk_option_versions_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["option_id"], ["options.id"], name=op.f("fk_option_versions_option_id")
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["pictures.id"], name=op.f("fk_option_versions_picture_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_option_versions")),
        sa.UniqueConstraint(
            "option_id", "number", name=op.f("uq_option_versions_option_id_number")
        ),
    )
    op.create_table(
        "motions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("option_version_id", sa.Integer(), nullable=False),
        sa.Column("entrance_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("matter", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("redraws_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", UTCDateTime(), nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=True),
        sa.Column("announced_at", UTCDateTime(), nullable=True),
        sa.Column("notice_days", sa.Integer(), nullable=True),
        sa.Column("opens_at", UTCDateTime(), nullable=True),
        sa.Column("closes_at", UTCDateTime(), nullable=True),
        sa.Column("cancelled_at", UTCDateTime(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "announced_at IS NULL OR (opens_at IS NOT NULL AND closes_at IS NOT NULL)",
            name=op.f("ck_motions_announced_whole"),
        ),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_motions_period")),
        sa.CheckConstraint("matter BETWEEN 1 AND 9", name=op.f("ck_motions_matter")),
        sa.CheckConstraint("notice_days >= 0", name=op.f("ck_motions_notice_days")),
        sa.ForeignKeyConstraint(
            ["drafted_by"], ["accounts.id"], name=op.f("fk_motions_drafted_by")
        ),
        sa.ForeignKeyConstraint(
            ["entrance_id"], ["entrances.id"], name=op.f("fk_motions_entrance_id")
        ),
        sa.ForeignKeyConstraint(
            ["option_version_id"], ["option_versions.id"], name=op.f("fk_motions_option_version_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_motions_plan_id")),
        sa.ForeignKeyConstraint(["redraws_id"], ["motions.id"], name=op.f("fk_motions_redraws_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motions")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_motions_plan_id_number")),
    )
    op.create_index(op.f("ix_motions_plan_id"), "motions", ["plan_id"], unique=False)
    op.create_table(
        "objections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("dwelling_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("submitted_at", UTCDateTime(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outcome_note", sa.Text(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", UTCDateTime(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ground IN ('light', 'noise', 'ventilation', 'privacy', 'access', 'structure', 'cost', 'value', 'procedure', 'other')",
            name=op.f("ck_objections_ground"),
        ),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'withdrawn', 'mediated', 'unresolved')",
            name=op.f("ck_objections_outcome"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome = 'withdrawn' OR answered_at IS NOT NULL",
            name=op.f("ck_objections_answered_before_closed"),
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_objections_answered")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_objections_closed")
        ),
        sa.CheckConstraint("length(body) > 0", name=op.f("ck_objections_body")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_objections_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["accounts.id"], name=op.f("fk_objections_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwellings.id"], name=op.f("fk_objections_dwelling_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["menu_items.id"], name=op.f("fk_objections_item_id")),
        sa.ForeignKeyConstraint(
            ["option_id"], ["options.id"], name=op.f("fk_objections_option_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_objections_plan_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["option_versions.id"], name=op.f("fk_objections_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("form_key", name=op.f("uq_objections_form_key")),
    )
    op.create_index(op.f("ix_objections_account_id"), "objections", ["account_id"], unique=False)
    op.create_index(op.f("ix_objections_plan_id"), "objections", ["plan_id"], unique=False)
    op.create_table(
        "option_rankings",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("rank > 0", name=op.f("ck_option_rankings_rank_positive")),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["item_answers.id"], name=op.f("fk_option_rankings_answer_id")
        ),
        sa.ForeignKeyConstraint(
            ["option_id"], ["options.id"], name=op.f("fk_option_rankings_option_id")
        ),
        sa.PrimaryKeyConstraint("answer_id", "option_id", name=op.f("pk_option_rankings")),
        sa.UniqueConstraint("answer_id", "rank", name=op.f("uq_option_rankings_answer_id_rank")),
    )
    op.create_table(
        "motion_counts",
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("counted_at", UTCDateTime(), nullable=False),
        sa.Column("counted_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('adopted', 'rejected', 'not_quorate')",
            name=op.f("ck_motion_counts_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["counted_by"], ["accounts.id"], name=op.f("fk_motion_counts_counted_by")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions.id"], name=op.f("fk_motion_counts_motion_id")
        ),
        sa.PrimaryKeyConstraint("motion_id", name=op.f("pk_motion_counts")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("posted_at", UTCDateTime(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("posted_by", sa.Integer(), nullable=True),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.Column("audit_digest", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('menu', 'roll', 'vote', 'result', 'resolution')", name=op.f("ck_notices_kind")
        ),
        sa.CheckConstraint("ends_at > posted_at", name=op.f("ck_notices_period")),
        sa.ForeignKeyConstraint(["motion_id"], ["motions.id"], name=op.f("fk_notices_motion_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_notices_plan_id")),
        sa.ForeignKeyConstraint(["posted_by"], ["accounts.id"], name=op.f("fk_notices_posted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_plan_id"), "notices", ["plan_id"], unique=False)
    op.create_table(
        "resolution_motions",
        sa.Column("resolution_id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions.id"], name=op.f("fk_resolution_motions_motion_id")
        ),
        sa.ForeignKeyConstraint(
            ["resolution_id"], ["resolutions.id"], name=op.f("fk_resolution_motions_resolution_id")
        ),
        sa.PrimaryKeyConstraint("resolution_id", "motion_id", name=op.f("pk_resolution_motions")),
    )
    op.create_table(
        "rolls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("posted_at", UTCDateTime(), nullable=False),
        sa.Column("posted_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["motion_id"], ["motions.id"], name=op.f("fk_rolls_motion_id")),
        sa.ForeignKeyConstraint(["posted_by"], ["accounts.id"], name=op.f("fk_rolls_posted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rolls")),
        sa.UniqueConstraint("motion_id", "version", name=op.f("uq_rolls_motion_id_version")),
    )
    op.create_table(
        "roll_voters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roll_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.CheckConstraint("area > 0", name=op.f("ck_roll_voters_area_positive")),
        sa.ForeignKeyConstraint(["roll_id"], ["rolls.id"], name=op.f("fk_roll_voters_roll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_voters")),
        sa.UniqueConstraint("roll_id", "number", name=op.f("uq_roll_voters_roll_id_number")),
    )
    op.create_table(
        "ballots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("cast_at", UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(length=40), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=False),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.Column("audit_digest", sa.Text(), nullable=False),
        sa.CheckConstraint("channel IN ('in_app', 'paper')", name=op.f("ck_ballots_channel")),
        sa.CheckConstraint(
            "choice IN ('agree', 'against', 'abstain')", name=op.f("ck_ballots_choice")
        ),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_ballots_sequence_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_ballots_account_id")
        ),
        sa.ForeignKeyConstraint(["motion_id"], ["motions.id"], name=op.f("fk_ballots_motion_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_ballots_owner_id")),
        sa.ForeignKeyConstraint(["voter_id"], ["roll_voters.id"], name=op.f("fk_ballots_voter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballots")),
        sa.UniqueConstraint("motion_id", "form_key", name=op.f("uq_ballots_motion_id_form_key")),
        sa.UniqueConstraint(
            "motion_id", "voter_id", "sequence", name=op.f("uq_ballots_motion_id_voter_id_sequence")
        ),
        sa.UniqueConstraint("receipt", name=op.f("uq_ballots_receipt")),
    )
    op.create_table(
        "paper_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("printed_at", UTCDateTime(), nullable=False),
        sa.Column("printed_by", sa.Integer(), nullable=False),
        sa.Column("voided_at", UTCDateTime(), nullable=True),
        sa.Column("voided_by", sa.Integer(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (voided_by IS NULL)", name=op.f("ck_paper_sheets_voided")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_paper_sheets_number_positive")),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions.id"], name=op.f("fk_paper_sheets_motion_id")
        ),
        sa.ForeignKeyConstraint(
            ["printed_by"], ["accounts.id"], name=op.f("fk_paper_sheets_printed_by")
        ),
        sa.ForeignKeyConstraint(
            ["voided_by"], ["accounts.id"], name=op.f("fk_paper_sheets_voided_by")
        ),
        sa.ForeignKeyConstraint(
            ["voter_id"], ["roll_voters.id"], name=op.f("fk_paper_sheets_voter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sheets")),
        sa.UniqueConstraint("motion_id", "number", name=op.f("uq_paper_sheets_motion_id_number")),
    )
    op.create_index(
        "uq_paper_sheets_live",
        "paper_sheets",
        ["motion_id", "voter_id"],
        unique=True,
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.create_table(
        "roll_dwellings",
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("dwelling_id", sa.Integer(), nullable=False),
        sa.Column("building", sa.String(length=200), nullable=False),
        sa.Column("entrance", sa.String(length=200), nullable=False),
        sa.Column("room", sa.String(length=40), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.Column("area", sa.BigInteger(), nullable=False),
        sa.Column("area_source", sa.String(length=40), nullable=False),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "area_source IN ('register', 'survey', 'contract')",
            name=op.f("ck_roll_dwellings_area_source"),
        ),
        sa.CheckConstraint("area > 0", name=op.f("ck_roll_dwellings_area_positive")),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwellings.id"], name=op.f("fk_roll_dwellings_dwelling_id")
        ),
        sa.ForeignKeyConstraint(
            ["voter_id"], ["roll_voters.id"], name=op.f("fk_roll_dwellings_voter_id")
        ),
        sa.PrimaryKeyConstraint("voter_id", "dwelling_id", name=op.f("pk_roll_dwellings")),
    )
    op.create_table(
        "roll_owners",
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_roll_owners_owner_id")),
        sa.ForeignKeyConstraint(
            ["voter_id"], ["roll_voters.id"], name=op.f("fk_roll_owners_voter_id")
        ),
        sa.PrimaryKeyConstraint("voter_id", "owner_id", name=op.f("pk_roll_owners")),
    )
    op.create_table(
        "paper_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("rejected_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "choice IN ('agree', 'against', 'abstain', 'invalid')",
            name=op.f("ck_paper_entries_choice"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
            name=op.f("ck_paper_entries_confirmed"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR rejected_at IS NULL", name=op.f("ck_paper_entries_one_end")
        ),
        sa.CheckConstraint("confirmed_by <> entered_by", name=op.f("ck_paper_entries_two_people")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["accounts.id"], name=op.f("fk_paper_entries_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["accounts.id"], name=op.f("fk_paper_entries_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["motion_id"], ["motions.id"], name=op.f("fk_paper_entries_motion_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owners.id"], name=op.f("fk_paper_entries_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["paper_sheets.id"], name=op.f("fk_paper_entries_sheet_id")
        ),
        sa.ForeignKeyConstraint(
            ["voter_id"], ["roll_voters.id"], name=op.f("fk_paper_entries_voter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_entries")),
    )
    op.create_index(op.f("ix_paper_entries_sheet_id"), "paper_entries", ["sheet_id"], unique=False)
    op.create_index(
        "uq_paper_entries_open",
        "paper_entries",
        ["motion_id", "voter_id"],
        unique=True,
        sqlite_where=sa.text("rejected_at IS NULL"),
        postgresql_where=sa.text("rejected_at IS NULL"),
    )
    op.create_table(
        "representatives",
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("named_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["accounts.id"], name=op.f("fk_representatives_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["voter_id", "owner_id"],
            ["roll_owners.voter_id", "roll_owners.owner_id"],
            name=op.f("fk_representatives_voter_id_owner_id"),
        ),
        sa.PrimaryKeyConstraint("voter_id", name=op.f("pk_representatives")),
    )

    frozen.install(op.get_bind())


def downgrade() -> None:
    frozen.remove(op.get_bind())
    op.drop_table("representatives")
    op.drop_index(
        "uq_paper_entries_open",
        table_name="paper_entries",
        sqlite_where=sa.text("rejected_at IS NULL"),
        postgresql_where=sa.text("rejected_at IS NULL"),
    )
    op.drop_index(op.f("ix_paper_entries_sheet_id"), table_name="paper_entries")
    op.drop_table("paper_entries")
    op.drop_table("roll_owners")
    op.drop_table("roll_dwellings")
    op.drop_index(
        "uq_paper_sheets_live",
        table_name="paper_sheets",
        sqlite_where=sa.text("voided_at IS NULL"),
        postgresql_where=sa.text("voided_at IS NULL"),
    )
    op.drop_table("paper_sheets")
    op.drop_table("ballots")
    op.drop_table("roll_voters")
    op.drop_table("rolls")
    op.drop_table("resolution_motions")
    op.drop_index(op.f("ix_notices_plan_id"), table_name="notices")
    op.drop_table("notices")
    op.drop_table("motion_counts")
    op.drop_table("option_rankings")
    op.drop_index(op.f("ix_objections_plan_id"), table_name="objections")
    op.drop_index(op.f("ix_objections_account_id"), table_name="objections")
    op.drop_table("objections")
    op.drop_index(op.f("ix_motions_plan_id"), table_name="motions")
    op.drop_table("motions")
    op.drop_table("option_versions")
    op.drop_index(op.f("ix_item_answers_item_id"), table_name="item_answers")
    op.drop_table("item_answers")
    op.drop_index(op.f("ix_role_grants_dwelling_id"), table_name="role_grants")
    op.drop_index(op.f("ix_role_grants_account_id"), table_name="role_grants")
    op.drop_table("role_grants")
    op.drop_table("requirement_issues")
    op.drop_table("ownerships")
    op.drop_index(op.f("ix_options_item_id"), table_name="options")
    op.drop_table("options")
    op.drop_table("answer_sheets")
    op.drop_index(
        "uq_access_codes_live_tenant",
        table_name="access_codes",
        sqlite_where=sa.text("used_at IS NULL AND revoked_at IS NULL AND capacity = 'tenant'"),
        postgresql_where=sa.text("used_at IS NULL AND revoked_at IS NULL AND capacity = 'tenant'"),
    )
    op.drop_index(
        "uq_access_codes_live_owner",
        table_name="access_codes",
        sqlite_where=sa.text("used_at IS NULL AND revoked_at IS NULL AND capacity = 'owner'"),
        postgresql_where=sa.text("used_at IS NULL AND revoked_at IS NULL AND capacity = 'owner'"),
    )
    op.drop_table("access_codes")
    op.drop_table("resolutions")
    op.drop_index(op.f("ix_menu_items_plan_id"), table_name="menu_items")
    op.drop_table("menu_items")
    op.drop_table("dwellings")
    op.drop_table("demand_releases")
    op.drop_index(op.f("ix_plans_building_id"), table_name="plans")
    op.drop_table("plans")
    op.drop_table("entrances")
    op.drop_index(op.f("ix_sign_ins_account_id"), table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_table("roster_imports")
    op.drop_table("owners")
    op.drop_table("header_mappings")
    op.drop_table("companies")
    op.drop_table("buildings")
    op.drop_table("audit_entries")
    op.drop_table("pictures")
    op.drop_table("communities")
    op.drop_index("ix_code_attempts_subject_at", table_name="code_attempts")
    op.drop_table("code_attempts")
    op.drop_table("accounts")
