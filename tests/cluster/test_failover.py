"""The failover drill: application nodes restarted, the standby frozen, the primary killed twice.

All through it owners vote over HTTPS through the balancer. Afterwards every receipt that was handed
out is looked up in the database of the node that was promoted last.
"""

from __future__ import annotations

import itertools
import time

import pytest

from tests.cluster.databases import Node
from tests.cluster.drill import CASTS, LONG, Drill, drill, lost
from tests.cluster.processes import until
from tests.cluster.voters import Line, try_a_wrong_code


def restart_application_nodes(drill: Drill) -> None:
    """One after the other, one drained before and one by TERM alone."""
    first, second = drill.machines.nodes
    with drill.gap("restart of a drained node"):
        drill.machines.restart(first, drained=True)
        drill.crowd.more(max(20, CASTS // 40), LONG, "casts after the first restart")
    with drill.gap("restart by TERM alone"):
        drill.machines.restart(second, drained=False)
        drill.crowd.more(max(20, CASTS // 40), LONG, "casts after the second restart")


def freeze_the_standby(drill: Drill) -> None:
    """Commits wait for it until Patroni strikes it off; then casting goes on without it."""
    databases = drill.machines.databases
    standby = databases.other(databases.primary())
    with drill.gap("standby frozen"):
        standby.freeze()
        waits = "SHOW synchronous_standby_names"
        until(lambda: not databases.primary().value(waits), LONG, "the standby is struck off")
        drill.crowd.more(max(20, CASTS // 20), LONG, "casts without a standby")
    standby.thaw()
    until(standby.is_synchronous_standby, LONG, "the standby has caught up")
    drill.crowd.more(max(20, CASTS // 20), LONG, "casts with the standby again")


def kill_the_primary(drill: Drill, name: str, *, frozen: bool) -> tuple[Node, Node]:
    """The primary's machine is gone; who is promoted goes on alone, at once. Dead and promoted."""
    databases = drill.machines.databases
    dead = databases.primary()
    promoted = databases.other(dead)
    until(promoted.is_synchronous_standby, LONG, f"{promoted.name} has everything acknowledged")
    with drill.gap(name):
        if frozen:
            # Commits of all voters are waiting for it when the primary goes.
            promoted.freeze()
            time.sleep(2)
        dead.kill()
        if frozen:
            promoted.thaw()
        took = until(promoted.is_primary, LONG, f"{promoted.name} is promoted")
        drill.measured[name] = {"promoted after": f"{took:.1f} s"}
        # The other node stays dead: nobody waits for it.
        drill.crowd.more(max(20, CASTS // 20), LONG, "casts after the promotion")
        assert promoted.value("SHOW synchronous_standby_names") == ""
    return dead, promoted


def come_back(drill: Drill, node: Node) -> None:
    """The machine that was dead is a standby again, by itself."""
    node.start()
    until(node.is_synchronous_standby, LONG, f"{node.name} is a standby again")


def lose_redis(drill: Drill) -> None:
    """Tries by address are counted for all nodes together; sign-in works without the counter."""
    line = Line(drill.machines.front, drill.machines.certificate)
    tried = [try_a_wrong_code(line) for _ in range(4)]
    assert drill.machines.counted_by_redis() > 0
    drill.machines.kill_redis()
    tried += [try_a_wrong_code(line) for _ in range(4)]
    line.close()
    assert set(tried) == {422}, tried


@pytest.mark.trust("5.4", "5.7")
def test_nothing_acknowledged_is_lost_when_standby_and_primary_fail(figure, capsys):
    with capsys.disabled(), drill() as running:
        print()
        restart_application_nodes(running)
        lose_redis(running)
        running.crowd.reach(CASTS // 4, LONG + CASTS, "a quarter of the casts")
        freeze_the_standby(running)
        running.crowd.reach(CASTS // 2, LONG + CASTS, "half of the casts")
        dead, _promoted = kill_the_primary(running, "primary killed", frozen=False)
        come_back(running, dead)
        dead, promoted = kill_the_primary(running, "standby frozen and primary killed", frozen=True)
        running.crowd.reach(CASTS, LONG + CASTS, "all casts")
        running.crowd.stop()
        tally = running.crowd.tally
        missing = lost(tally, promoted)
        total = {
            "acknowledged": tally.acknowledged,
            "lost": len(missing),
            "refused": sum(tally.refused.values()),
            "never known": len(tally.never_known),
            "sent again": tally.not_known,
        }
        print("\n".join(f"{name:<40}{value}" for name, value in total.items()))
        print(f"{'answers that led to sending again':<40}{dict(tally.unknown)}")
        for step, measured in running.measured.items():
            said = ", ".join(f"{name} {value}" for name, value in measured.items())
            print(f"{step:<40}{said}")
        assert running.electorate.faults_of_the_chains() == [None] * 3
        # A node can be thrown away: its static files are laid out again at the first start.
        assert running.machines.left_on_disks() == {"static"}
    figure(*itertools.chain(*total.items()))
    for step, measured in running.measured.items():
        first, *others = itertools.chain(*measured.items())
        figure(f"{step}: {first}", *others)
    assert not missing
    assert not tally.refused
    assert not tally.never_known
    assert tally.acknowledged >= CASTS


@pytest.mark.trust("5.4", control=True)
def test_control_without_synchronous_mode_the_drill_sees_lost_casts(figure, capsys):
    with capsys.disabled(), drill(synchronous=False) as running:
        databases = running.machines.databases
        primary = databases.primary()
        standby = databases.other(primary)
        # Nobody waits for this standby: it may not have those yet who are to vote afterwards.
        signed_in = "SELECT count(*) FROM sign_ins"
        everybody = primary.value(signed_in, "louyi")
        caught_up = "the standby has everybody"
        until(lambda: standby.value(signed_in, "louyi") == everybody, LONG, caught_up)
        standby.kill()
        running.crowd.more(100, LONG, "casts that one node alone has")
        primary.kill()
        standby.start()
        until(standby.is_primary, LONG, "the node that lacks casts is promoted")
        running.crowd.more(20, LONG, "casts after the promotion")
        running.crowd.stop()
        missing = lost(running.crowd.tally, standby)
        print(f"\ncontrol, asynchronous: {len(missing)} acknowledged casts lost, and seen")
    figure("lost without synchronous mode", len(missing))
    assert missing
