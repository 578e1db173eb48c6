"""The connection that was used last, at hand for whoever comes next.

Through the pool it would go back and forth at every request, for whose sake more is done there than
for a whole page's facts. What the pool knows of its connections holds for this one as well: it goes
with the others, and is asked when one of them was lost.
"""

from __future__ import annotations

from time import monotonic_ns
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.engine import Engine

if TYPE_CHECKING:
    from models.links import Link

# Nanoseconds after an answer within which nobody asks whether there will be another.
FRESH = 10**9
SPARE = "louyi_spare"


class Spare:
    """The connection of an engine's that was laid by last."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.since = 0

    def keeps(self, link: Link) -> bool:
        """Whether it has room for this one; no more than one lies here, two by a hair."""
        if self.links or link.pool is not link.engine.pool:
            return False
        self.since = monotonic_ns()
        self.links.append(link)
        return True

    def take(self) -> Link | None:
        """The one that lies here, if it still answers: it is asked when it has lain for a while,
        or another has been lost meanwhile."""
        link = self._out()
        if link is None:
            return None
        if link.pool is not link.engine.pool:
            # The others were closed in the moment in which this one was laid by.
            link.pooled.invalidate()
            return None
        fresh = monotonic_ns() - self.since < FRESH
        return link if fresh or link.answers() else None

    def _out(self) -> Link | None:
        try:
            return self.links.pop()
        except IndexError:
            return None

    def doubt(self, *_what: object) -> None:
        """A connection of the engine's was lost: the one that lies here is asked before its use."""
        self.since = 0

    def drop(self, _engine: Engine) -> None:
        """None of the connections is used again."""
        while (link := self._out()) is not None:
            link.pooled.invalidate()


def keep_one_by(engine: Engine) -> None:
    """From now on the connection that was used last is not given back to the engine's pool."""
    if SPARE not in engine.get_execution_options():
        spare = Spare()
        event.listen(engine, "engine_disposed", spare.drop)
        event.listen(engine, "invalidate", spare.doubt)
        engine.update_execution_options(**{SPARE: spare})


def spare_of(engine: Engine) -> Spare | None:
    """What lies by of this engine's connections, if one is kept."""
    found: Spare | None = engine.get_execution_options().get(SPARE)
    return found
