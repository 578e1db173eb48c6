"""``make walk``: the whole way on PostgreSQL, then on SQLite; ``--engine NAME`` walks one."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from walk import deciding, founding, voting
from walk.browser import Browser, Member, Site
from walk.clock import Clock
from walk.journal import Journal
from walk.pages import Wrong
from walk.servers import Servers, preload
from walk.state import ADMIN_PASSWORD, PASSWORD, Walk

ENGINES = ("postgresql", "sqlite")
HOST = "louyi.example.org"
DAYS_AGO = 60


def begun(engine: str, folder: Path) -> Walk:
    """Everything that a walk needs, sixty days ago; nothing runs yet but a fresh database."""
    clock = Clock(folder / "clock", -DAYS_AGO)
    site = Site(HOST, clock)
    servers = Servers(engine, folder, clock, HOST)
    site.port = servers.port
    return Walk(
        engine=engine,
        folder=folder,
        site=site,
        clock=clock,
        servers=servers,
        journal=Journal(site),
        admin=Member(site, "admin", "admin", ADMIN_PASSWORD),
        lin=Member(site, "lin", "lin", PASSWORD),
        zhou=Member(site, "zhou", "zhou", PASSWORD),
        stranger=Browser(site, "stranger"),
    )


def walk_to_the_end(walk: Walk) -> None:
    """Chapter after chapter, in the order of the way."""
    walk.servers.start_database(faked=True)
    for part in (founding, voting, deciding):
        for chapter in part.CHAPTERS:
            chapter(walk)
    walk.equal("errors in the program's log", walk.servers.complaints(), [])


def walked(engine: str) -> bool:
    """Whether the whole way could be walked on this engine; what was met is printed."""
    print(f"\n== {engine}: from {DAYS_AGO} days ago to today, and past the days of posting")
    folder = Path(tempfile.mkdtemp(prefix="louyi-walk-"))
    # PostgreSQL's user reads the clock's file and its own folder in it.
    folder.chmod(0o755)
    began, walk = time.monotonic(), None
    try:
        walk = begun(engine, folder)
        walk_to_the_end(walk)
    except Exception as fault:
        _say_what_went_wrong(engine, walk, fault)
        return False
    finally:
        if walk is not None:
            walk.servers.stop()
        shutil.rmtree(folder, ignore_errors=True)
    told = walk.digests
    print(
        f"\n{engine}: {walk.number}, PDF {told['PDF']}, bundle {told['bundle']}, "
        f"verify says {told['verify']}, {walk.journal.steps} steps walked "
        f"in {time.monotonic() - began:.0f} s"
    )
    return True


def _say_what_went_wrong(engine: str, walk: Walk | None, fault: Exception) -> None:
    """The step, what was met there, and the end of the program's log."""
    if not isinstance(fault, Wrong):
        traceback.print_exception(fault)
    doing = walk.journal.doing if walk else "before the first step"
    steps = walk.journal.steps if walk else 0
    print(f"\nFAILED on {engine} after {steps} steps, at “{doing}”:\n{fault}")
    if walk is not None:
        print(walk.servers.tail())


def _end(*_signal: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Walk what was asked for; 1 when the way could not be walked to its end."""
    told = argparse.ArgumentParser(prog="python -m walk")
    told.add_argument("--engine", choices=ENGINES, help="one engine; both when left out")
    asked = told.parse_args()
    # Whoever ends the walk by TERM gets its servers ended as well.
    signal.signal(signal.SIGTERM, _end)
    try:
        preload()
    except Wrong as fault:
        print(fault)
        return 1
    for engine in [asked.engine] if asked.engine else ENGINES:
        if not walked(engine):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
