"""Connections that died while nobody used them."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from extensions import db
from models.spare import FRESH


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_connection_that_died_unused_is_not_handed_out_again(app):
    engine = db.engine
    engine.dispose()
    unused = engine.connect()
    pid = unused.scalar(text("SELECT pg_backend_pid()"))
    info = unused.connection.info
    with engine.connect() as other:
        unused.close()
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        # As if it had lain for a while: it is asked before it is used.
        info["seen"] -= 2 * FRESH
        with engine.connect() as fresh:
            assert fresh.scalar(text("SELECT pg_backend_pid()")) != pid
    engine.dispose()
