"""The drill is collected only when ``make cluster`` asks for it: elsewhere it is neither passed nor
skipped, it is not there."""

from __future__ import annotations

import os
import signal


def _end(*_signal: object) -> None:
    raise KeyboardInterrupt


if os.environ.get("LOUYI_CLUSTER"):
    # Whoever ends the drill by TERM gets its machines taken down as well.
    signal.signal(signal.SIGTERM, _end)

collect_ignore_glob = [] if os.environ.get("LOUYI_CLUSTER") else ["test_*.py"]
