"""Frozen rows: every table that must not change, changed on purpose past the ORM."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Table, delete, update
from sqlalchemy.exc import DBAPIError

from models.base import Base
from models.database import session
from models.frozen import ALL, ERASABLE_NOW, MOTION_FIXED_NOW
from models.menus import OptionVersion
from models.votes import Motion
from services.transaction import transaction
from tests.everything import Everything

ROWS = {
    "audit_entries": lambda all_: all_.entry,
    "ballots": lambda all_: all_.ballot,
    "motion_counts": lambda all_: all_.counted(),
    "resolutions": lambda all_: all_.resolution,
    "resolution_motions": lambda all_: all_.resolved,
    "requirement_issues": lambda all_: all_.issue,
    "demand_releases": lambda all_: all_.release,
    "notices": lambda all_: all_.notice,
    "rolls": lambda all_: all_.roll,
    "roll_voters": lambda all_: all_.voter,
    "roll_dwellings": lambda all_: all_.roll_dwelling,
    "roll_owners": lambda all_: all_.roll_owner,
    "option_versions": lambda all_: all_.version,
    "erasures": lambda all_: all_.erasure,
    "mandates": lambda all_: all_.mandate,
    "ballot_mandates": lambda all_: all_.ballot_mandate,
    "platform_results": lambda all_: all_.platform_result,
    "paper_details": lambda all_: all_.paper_detail,
    "box_readings": lambda all_: all_.box_reading,
    "paper_boxes": lambda all_: all_.paper_box,
    "late_papers": lambda all_: all_.late_paper,
    "deliveries": lambda all_: all_.delivery,
    "statements": lambda all_: all_.statement,
    "publications": lambda all_: all_.released,
}
# Another value for each column that an announcement fixes.
OTHER = {
    "title": "别的",
    "text": "别的内容",
    "channel": "paper",
    "matter": 5,
    "number": 9,
    "notice_days": 1,
    "box_hours": 3,
}


@pytest.fixture
def everything(world):
    return Everything(world, world.building)


def table(name: str) -> Table:
    return Base.metadata.tables[name]


def where(row: object):
    """The condition that finds the row by its key."""
    keys = type(row).__table__.primary_key.columns
    return [key == getattr(row, key.name) for key in keys]


def refused(statement) -> str:
    with pytest.raises(DBAPIError) as refusal, transaction() as current:
        current.execute(statement)
    return str(refusal.value.orig)


def test_every_frozen_table_is_broken_here():
    assert set(ROWS) == set(ALL)


@pytest.mark.parametrize("name", sorted(ALL))
@pytest.mark.trust("1.9")
@pytest.mark.trust("1.3")
def test_a_frozen_row_is_neither_changed_nor_deleted(everything, name):
    row = ROWS[name](everything)
    columns = list(table(name).columns)
    column = next((c for c in columns if not c.primary_key), columns[0])
    same = {column.name: getattr(row, column.name)}
    text = refused(update(table(name)).where(*where(row)).values(same))
    assert f"{name} is frozen" in text
    assert f"{name} is frozen" in refused(delete(table(name)).where(*where(row)))
    session().rollback()
    assert session().get(type(row), _key(row)) is not None


def _key(row: object):
    return tuple(getattr(row, key.name) for key in type(row).__table__.primary_key.columns)


@pytest.mark.parametrize("name", sorted(ERASABLE_NOW))
def test_the_gap_for_erasures_speaks_of_every_column(name):
    known = ERASABLE_NOW[name]
    assert {*known.stay.split(), *known.change} == {column.name for column in table(name).columns}


def test_many_rows_at_once_are_refused_as_one(everything):
    assert "ballots is frozen" in refused(update(table("ballots")).values(choice="against"))
    assert "ballots is frozen" in refused(delete(table("ballots")))


def test_a_version_that_is_not_published_may_still_be_written_and_thrown_away(everything):
    versions = table("option_versions")
    draft = versions.c.id == everything.draft.id
    with transaction() as current:
        current.execute(update(versions).where(draft).values(title="改过"))
    session().expire_all()
    assert session().get_one(OptionVersion, everything.draft.id).title == "改过"
    with transaction() as current:
        current.execute(delete(versions).where(draft))


def test_an_announcement_fixes_all_that_people_decide_by():
    fixed = {"plan_id", "number", "option_version_id", "entrance_id", "title", "text", "matter"}
    fixed |= {"channel", "announced_at", "notice_days", "opens_at", "closes_at"}
    fixed |= {"box_hours"}
    assert set(MOTION_FIXED_NOW) == fixed


@pytest.mark.trust("1.3")
@pytest.mark.parametrize("column", MOTION_FIXED_NOW)
def test_what_an_announcement_fixes_stays(everything, column):
    if column == "plan_id":
        other = Everything(everything.world, everything.world.tower).plan.id
    elif column == "option_version_id":
        other = everything.draft.id
    elif column == "entrance_id":
        other = everything.entrance.id
    elif column.endswith("_at"):
        other = getattr(everything.motion, column) + timedelta(hours=1)
    else:
        other = OTHER[column]
    motions = table("motions")
    announced = motions.c.id == everything.motion.id
    text = refused(update(motions).where(announced).values({column: other}))
    assert "motions is frozen" in text


def test_an_announced_motion_may_be_cancelled_and_not_deleted(everything):
    motions = table("motions")
    announced = motions.c.id == everything.motion.id
    with transaction() as current:
        current.execute(update(motions).where(announced).values(cancel_reason="撤销"))
    assert "motions is frozen" in refused(delete(motions).where(announced))


def test_a_motion_not_announced_may_be_edited_and_deleted(everything):
    motions = table("motions")
    drafted = motions.c.id == everything.drafted.id
    with transaction() as current:
        current.execute(update(motions).where(drafted).values(title="改过", matter=5))
    session().expire_all()
    assert session().get_one(Motion, everything.drafted.id).title == "改过"
    with transaction() as current:
        current.execute(delete(motions).where(drafted))
