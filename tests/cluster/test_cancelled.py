"""A commit whose wait for the standby is cancelled is on one disk only: nobody is told it holds.

PostgreSQL then says COMMIT with a warning. Whoever does not hear the warning hands out a receipt.
"""

from __future__ import annotations

import time

import pytest

from tests.cluster.drill import LONG, drill, lost
from tests.cluster.processes import until

CANCEL = """
    SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity
    WHERE wait_event = 'SyncRep' AND usename = 'louyi'
"""
# Shorter than a frozen standby is waited for.
WHILE = 4


@pytest.mark.trust("1.6")
def test_a_commit_whose_wait_for_the_standby_was_cancelled_is_not_acknowledged(figure, capsys):
    with capsys.disabled(), drill() as running:
        databases, tally = running.machines.databases, running.crowd.tally
        primary = databases.primary()
        standby = databases.other(primary)
        standby.freeze()
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        until(lambda: primary.value(waiting) > 0, LONG, "commits wait for the standby")
        # What the standby had received before is acknowledged, and has arrived by now.
        time.sleep(1)
        before, cancelled, start = tally.acknowledged, 0, time.monotonic()
        while time.monotonic() - start < WHILE:
            cancelled += primary.value(CANCEL)
            time.sleep(0.1)
        told = tally.acknowledged - before
        standby.thaw()
        running.crowd.more(20, LONG, "casts afterwards")
        running.crowd.stop()
        missing = lost(tally, primary)
    figure("waiting commits cancelled", cancelled, "acknowledged all the same", told)
    assert cancelled > 0
    assert told == 0
    assert not missing
    # Those who were not told sent the same form again: one ballot each, or lost() would have said.
    assert not tally.never_known
