"""Migrations wait for the close of a vote, unless they say that they are safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from extensions import db
from migrations.guard import VoteIsOpen
from services import votes
from services.restored import head_revision
from tests import votes_world as vw

ROOT = Path(__file__).parents[2]
ADDED = """
from alembic import op

revision, down_revision = "9999", "{head}"
{mark}


def upgrade():
    op.execute("CREATE TABLE later (id INTEGER)")


def downgrade():
    op.execute("DROP TABLE later")
"""


@pytest.fixture
def alembic(app, tmp_path) -> Iterator[Config]:
    """Alembic on the database of the world, with a folder for one more revision."""
    settings = Config(toml_file=ROOT / "pyproject.toml")
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    settings.set_main_option("path_separator", "newline")
    places = f"{ROOT / 'migrations' / 'versions'}\n{tmp_path}"
    settings.set_main_option("version_locations", places)
    db.session.rollback()
    with db.engine.connect() as connection:
        settings.attributes["connection"] = connection
        yield settings
        connection.rollback()
        connection.execute(text("DROP TABLE IF EXISTS later"))
        if revision(settings) == "9999":
            connection.execute(
                text(f"UPDATE alembic_version SET version_num = '{head_revision()}'")
            )
        connection.commit()


def revision(settings: Config) -> str:
    found = settings.attributes["connection"].execute(
        text("SELECT version_num FROM alembic_version")
    )
    return found.scalar_one()


def add(folder: Path, mark: str = "") -> None:
    (folder / "9999_later.py").write_text(ADDED.format(head=head_revision(), mark=mark))


def upgrade(settings: Config) -> None:
    command.upgrade(settings, "head")
    settings.attributes["connection"].commit()


@pytest.mark.trust("5.5")
def test_a_migration_waits_for_the_close(world, clock, alembic, tmp_path, figure):
    add(tmp_path)
    motion = vw.announced_motion(world)
    opens_at, closes_at = motion.opens_at, motion.closes_at
    db.session.rollback()
    clock.move_to(opens_at)
    with pytest.raises(VoteIsOpen, match="9999 is not marked"):
        upgrade(alembic)
    assert revision(alembic) == head_revision()
    with pytest.raises(VoteIsOpen):
        command.downgrade(alembic, "-1")
    clock.move_to(closes_at)
    upgrade(alembic)
    assert revision(alembic) == "9999"
    figure("during the vote", "refused", "after the close", "applied")


@pytest.mark.trust("5.5")
def test_before_the_opening_and_after_a_cancellation_nothing_is_in_the_way(
    world, clock, alembic, tmp_path
):
    motion = vw.announced_motion(world)
    opens_at = motion.opens_at
    db.session.rollback()
    add(tmp_path)
    upgrade(alembic)
    command.downgrade(alembic, "-1")
    clock.move_to(opens_at)
    votes.cancel(world.actor(world.committee), motion, reason="x", now=clock())
    db.session.rollback()
    upgrade(alembic)
    assert revision(alembic) == "9999"


@pytest.mark.trust("5.5")
def test_a_migration_that_says_it_is_safe_is_applied_during_a_vote(world, alembic, tmp_path):
    vw.open_motion(world)
    db.session.rollback()
    add(tmp_path, mark="safe_while_voting = True")
    upgrade(alembic)
    assert revision(alembic) == "9999"


def test_having_nothing_to_do_is_no_reason_to_refuse(world, alembic):
    vw.open_motion(world)
    db.session.rollback()
    upgrade(alembic)
    assert revision(alembic) == head_revision()
