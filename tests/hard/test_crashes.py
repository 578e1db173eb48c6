"""What was acknowledged is there afterwards: kill -9, TERM and HUP, a full disk, a copy under load.

Every receipt that a browser was shown is looked up afterwards. What got no answer was sent again
with its key, so it is there once.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, select, text

from extensions import db
from models.database import session as current_session
from models.votes import Ballot
from services import backups, restored
from services.audit import check, plan_chain
from tests.hard import faults
from tests.hard.conftest import Stage
from tests.hard.driver import HARDLY_ANY, Crowd, Notes, fresh_key
from tests.hard.server import ROOT
from tests.trust import HARD

KILLS = 200 if HARD else 4
BROWSERS = 8
MORE = 12
COMMITS = 100
# What needs servers of its own or waits for their end; its rule has a quick test as well.
long_form = pytest.mark.skipif(not HARD, reason="the long form: make hard")


def stored(stage: Stage, motion: int) -> dict[str, str]:
    """Receipt → key of every ballot of the motion."""
    with stage.app.app_context():
        wanted = select(Ballot.receipt, Ballot.form_key).where(Ballot.motion_id == motion)
        return {row.receipt: row.form_key for row in current_session().execute(wanted)}


def judge(stage: Stage, motion: int, notes: Notes) -> int:
    """Nothing acknowledged is lost, nothing is there twice, the log is whole; how many."""
    there = stored(stage, motion)
    lost = set(notes.acknowledged) - set(there)
    assert not lost, f"{len(lost)} acknowledged ballots are lost"
    assert len(set(there.values())) == len(there)
    assert set(there.values()) <= {one.key for one in notes.told}
    assert set(notes.statuses) <= {303, 503, None}
    with stage.app.app_context():
        assert check(plan_chain(stage.electorate.plan_id)).fault is None
    return len(notes.acknowledged)


@pytest.fixture
def crowd(stage) -> Iterator[tuple[Crowd, int]]:
    """Browsers that cast and cast while the test does something terrible, and their motion."""
    motion = stage.electorate.motion()
    casting = Crowd(stage.served.port, stage.electorate, BROWSERS, patience=HARDLY_ANY)
    casting.begin(casting.going_on(motion, stage.electorate.voters))
    casting.told_more(1)
    yield casting, motion
    casting.end()


def kill_a_backend(stage: Stage) -> None:
    """One of PostgreSQL's processes is gone; all its connections break and it recovers."""
    engine = create_engine(stage.url)
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend' LIMIT 1"
            )
        ).scalar()
    engine.dispose()
    if found is not None and psutil.pid_exists(found):
        os.kill(found, signal.SIGKILL)


@pytest.mark.trust("1.6")
def test_kill_9_during_casts_loses_nothing_acknowledged(stage, crowd, figure):
    casting, motion = crowd
    killed = backends = 0
    while killed < KILLS:
        casting.told_more(MORE)
        if stage.kind == "postgresql" and killed % 10 == 3:
            kill_a_backend(stage)
            backends += 1
            killed += 1
        else:
            killed += stage.served.kill_a_worker(killed)
    notes = casting.end()
    with stage.app.app_context():
        # Connections of this process broke with the database's.
        db.engine.dispose()
    acknowledged = judge(stage, motion, notes)
    figure(
        *("engine", stage.kind, "kill -9", killed, "of them the database's", backends),
        *("acknowledged", acknowledged, "lost", 0, "asked again", len(notes) - acknowledged),
    )


@long_form
@pytest.mark.trust("1.6", control=True)
def test_control_acknowledging_before_the_commit_is_seen_as_a_loss(stage, figure):
    motion = stage.electorate.motion()
    served = stage.without_guards
    headers = {faults.FAULT: faults.TOO_EARLY}
    casting = Crowd(served.port, stage.electorate, BROWSERS, patience=HARDLY_ANY, **headers)
    casting.begin(casting.going_on(motion, stage.electorate.voters))
    for number in range(3):
        casting.told_more(MORE)
        served.kill_a_worker(number)
    notes = casting.end()
    served.restart()
    lost = {one.key for one in notes.acknowledged.values()} - set(stored(stage, motion).values())
    assert lost
    figure("acknowledged before the commit", len(notes.acknowledged), "lost", len(lost))


@long_form
@pytest.mark.trust("5.7")
def test_term_and_hup_under_load_lose_nothing_acknowledged(stage, crowd, figure):
    casting, motion = crowd
    rounds = 10 if HARD else 1
    for _ in range(rounds):
        casting.told_more(MORE)
        before = {one.pid for one in stage.served.serving()}
        stage.served.reload()
        while before & {one.pid for one in stage.served.serving()}:
            casting.told_more(1)
        casting.told_more(MORE)
        stage.served.restart()
        casting.told_more(MORE)
    acknowledged = judge(stage, motion, casting.end())
    figure(
        *("engine", stage.kind, "workers", stage.served.workers),
        *("TERM", rounds, "HUP", rounds, "acknowledged", acknowledged, "lost", 0),
    )


@contextmanager
def empty_database(stage: Stage) -> Iterator[str | None]:
    """Where a copy of PostgreSQL is restored."""
    if stage.kind == "sqlite":
        yield None
        return
    server = create_engine(stage.url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE restored"))
        yield server.url.set(database="restored").render_as_string(hide_password=False)
        connection.execute(text("DROP DATABASE restored"))
    server.dispose()


@pytest.mark.trust("5.1")
def test_a_copy_made_under_load_holds_what_was_acknowledged_before_and_counts_again(
    stage, crowd, tmp_path, monkeypatch, figure
):
    casting, motion = crowd
    if stage.kind == "postgresql":
        monkeypatch.setenv("PATH", f"{programs(stage)}:{os.environ['PATH']}")
    copies = 10 if HARD else 2
    for number in range(copies):
        casting.told_more(MORE)
        before = set(casting.notes.acknowledged)
        backups.back_up(stage.url, tmp_path / f"copy-{number}")
        with empty_database(stage) as into:
            whole = restored.check_file(tmp_path / f"copy-{number}", into)
            there = receipts(tmp_path / f"copy-{number}", into, motion)
        assert before <= there
        assert whole.ballots >= len(there)
    acknowledged = judge(stage, motion, casting.end())
    figure(
        *("engine", stage.kind, "copies", copies, "valid", copies),
        *("acknowledged", acknowledged, "missing in a copy", 0),
    )


def programs(stage: Stage) -> str:
    engine = create_engine(stage.url)
    with engine.connect() as connection:
        where = text("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
        found: str = connection.execute(where).scalar_one()
    engine.dispose()
    return found


def receipts(file: Path, into: str | None, motion: int) -> set[str]:
    engine = create_engine(into or f"sqlite:///{file}")
    with engine.connect() as connection:
        wanted = select(Ballot.receipt).where(Ballot.motion_id == motion)
        found = set(connection.execute(wanted).scalars())
    engine.dispose()
    return found


@pytest.mark.trust("5.1", control=True)
@pytest.mark.parametrize("stage", ["sqlite"], indirect=True)
def test_control_a_plain_copy_under_load_loses_votes(stage, crowd, tmp_path, figure):
    casting, motion = crowd
    trials, bad = (25, 0) if HARD else (5, 0)
    for number in range(trials):
        casting.told_more(MORE)
        before = set(casting.notes.acknowledged)
        shutil.copyfile(stage.folder / "louyi.sqlite3", tmp_path / f"plain-{number}")
        connection = sqlite3.connect(tmp_path / f"plain-{number}")
        try:
            wanted = "SELECT receipt FROM ballots WHERE motion_id = ?"
            there = {row[0] for row in connection.execute(wanted, (motion,))}
            bad += not before <= there
        except sqlite3.DatabaseError:
            bad += 1
        finally:
            connection.close()
    casting.end()
    assert bad
    figure("plain copies", trials, "lost votes or broken", bad)


def syncs(folder: Path, synchronous: str = "") -> int:
    """How often the journal was synchronised during so many commits, counted by strace."""
    log, file = folder / "strace", folder / f"kept{synchronous}.sqlite3"
    trace = ["strace", "-f", "-y", "-e", "trace=fsync,fdatasync", "-o", str(log)]
    inside = [sys.executable, "-m", "tests.hard.commits", str(file), str(COMMITS)]
    if synchronous:
        inside.append(synchronous)
    done = subprocess.run([*trace, *inside], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"strace cannot trace here: {done.stderr.strip()[-200:]}")
    return sum("-wal>" in line for line in log.read_text().splitlines())


@pytest.mark.trust("1.6")
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_every_commit_waits_for_the_disk(tmp_path, figure):
    counted = syncs(tmp_path)
    assert counted >= COMMITS
    figure("engine", "sqlite", "commits", COMMITS, "syncs of the journal", counted)


@pytest.mark.trust("1.6", control=True)
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_control_synchronous_normal_does_not_wait(tmp_path, figure):
    counted = syncs(tmp_path, "NORMAL")
    assert counted < COMMITS // 10
    figure("commits with synchronous=NORMAL", COMMITS, "syncs of the journal", counted)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 8 MB, where the machine lets one be made."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "louyi", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


@pytest.mark.trust("5.2")
@long_form
def test_on_a_full_disk_reads_go_on_and_casts_are_refused_in_words(tmp_path, figure):
    with small_disk(tmp_path / "disk") as disk:
        url = f"sqlite:///{disk / 'louyi.sqlite3'}"
        instance = tmp_path / "instance"
        instance.mkdir()
        made = Stage("sqlite", url, instance)
        motion, electorate = made.electorate.motion(voters=20), made.electorate
        voters = electorate.voters[:20]
        filler = disk / "filler"

        def all_cast() -> Notes:
            crowd = Crowd(made.served.port, electorate, 4)
            crowd.begin(crowd.posting(motion, ((v, "agree", fresh_key()) for v in voters)))
            return crowd.wait()

        assert all_cast().statuses == {303: 20}
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(b"\0" * 4096):
                pass
        notes = Notes()
        while not notes.statuses[503]:
            notes = all_cast()
        refused = all_cast()
        assert refused.statuses == {503: 20}
        reading = Crowd(made.served.port, electorate, 1)
        pages = ["/", f"/motions/{motion}", f"/motions/{motion}/ballot", "/plans"]
        assert [reading.browsers[0].get(page, voters[0]) for page in pages] == [200] * 4
        reading.browsers[0].close()
        filler.unlink()
        assert all_cast().statuses == {303: 20}
        assert made.served.errors() == 0
        made.end()
    figure("reads", 4, "answered", 4, "casts", 20, "refused in words", 20, "500", 0)


@pytest.mark.trust("5.3")
def test_through_all_of_that_the_program_met_nothing_it_has_no_words_for(stage, figure):
    assert stage.served.errors() == 0
    figure("engine", stage.kind, "unexpected errors", 0)
