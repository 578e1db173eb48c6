"""The demo's clock: the real time plus an offset that whoever tries the program moves forward.

Notice periods take days; nobody who tries the program wants to wait for them. Outside the demo
there is no such clock.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import clock


class DemoClock:
    """A clock that runs ahead of the real one; the offset survives a restart."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __call__(self) -> datetime:
        return self.reading(clock.now())

    def reading(self, instant: datetime) -> datetime:
        """What this clock shows when the real one shows ``instant``."""
        return instant + timedelta(seconds=self._offset())

    def _offset(self) -> int:
        if not self.file.exists():
            return 0
        return int(json.loads(self.file.read_text())["seconds"])

    def move(self, days: int) -> datetime:
        """Go forward by whole days; returns the new now."""
        seconds = self._offset() + days * 86400
        scratch = self.file.with_suffix(".new")
        scratch.write_text(json.dumps({"seconds": seconds}))
        scratch.replace(self.file)
        return self()
