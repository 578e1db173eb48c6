"""What the drills share: everything runs, a crowd votes, and what was measured is kept."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.cluster.databases import Node
from tests.cluster.electorate import Electorate
from tests.cluster.machines import Machines
from tests.cluster.voters import Crowd, Tally

CASTS = int(os.environ.get("LOUYI_CASTS", "20000"))
# Whatever one step waits for; what it really took is printed.
LONG = 180


@dataclass
class Drill:
    """The machines, the crowd, and what was measured on the way."""

    machines: Machines
    crowd: Crowd
    electorate: Electorate
    # Step → what was measured in it.
    measured: dict[str, dict[str, str]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    @contextmanager
    def gap(self, name: str) -> Iterator[None]:
        """The longest time without an acknowledgement while this goes on."""
        tally, since = self.crowd.tally, time.monotonic()
        before = tally.not_known
        yield
        longest = tally.longest_gap(since, time.monotonic())
        self.measured.setdefault(name, {}).update(
            {"longest gap": f"{longest:.1f} s", "not yet known": str(tally.not_known - before)}
        )
        self.say(f"{name}: nobody acknowledged for {longest:.1f} s at most")

    def say(self, what: str) -> None:
        """A line about how far it is."""
        seconds = time.monotonic() - self.began
        print(f"{seconds:6.0f} s {self.crowd.tally.acknowledged:>7} acknowledged; {what}")


@contextmanager
def drill(*, synchronous: bool = True) -> Iterator[Drill]:
    """Everything runs, and the crowd is voting."""
    with Machines(synchronous=synchronous) as machines:
        electorate = Electorate(machines.env)
        signed_in = electorate.gather()
        machines.start_balancer("/readyz" if electorate.knows("/readyz") else "/")
        crowd = Crowd(signed_in, machines.front, machines.certificate)
        crowd.start()
        try:
            crowd.more(50, LONG, "the first casts")
            yield Drill(machines, crowd, electorate)
        except BaseException as broken:
            broken.add_note(machines.processes.said())
            crowd.stop(abandon=True)
            raise
        else:
            crowd.stop()
        finally:
            electorate.leave()


def lost(tally: Tally, node: Node) -> list[str]:
    """Form keys that were acknowledged and are not, with that receipt and choice, on the node."""
    with node.connect(database="louyi") as connection:
        rows = connection.execute("SELECT form_key, receipt, choice FROM ballots").fetchall()
    found = {key: (receipt, choice) for key, receipt, choice in rows}
    assert len(found) == len(rows), "a form was recorded twice"
    return [key for key, said in tally.receipts.items() if found.get(key) != said]
