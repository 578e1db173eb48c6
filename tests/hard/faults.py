"""The guards, taken away: what the controls serve, to show that the harness sees what they prevent.

No lock is taken, the clock of the request decides, and a cast is acknowledged before it is stored.
Each only where the request asks for it by a header.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime

from flask import current_app, has_request_context, request

from domain.receipts import receipt_code
from models import casts_queries, instants, sign_ins_queries
from services import casting, votes
from services.company import Company
from tests.hard.served import machine

FAULT = "X-Fault"
NO_LOCK, REQUEST_CLOCK, TOO_EARLY = "no lock", "request clock", "too early"


def asks_for(fault: str) -> bool:
    return has_request_context() and request.headers.get(FAULT) == fault


def take_guards_away() -> None:
    """From now on this process has no guard for requests that ask for it."""
    lock, read, cast = casts_queries.locked, instants.read, votes.cast
    company = casting._company

    def no_lock(link, wanted, claimed):
        if not asks_for(NO_LOCK):
            return lock(link, wanted, claimed)
        heads = casts_queries.HEADS.rows(link, wanted)
        opened = sign_ins_queries.OF_SEVERAL.rows(link, claimed) if claimed else ()
        # Between looking and writing others look too; under load this needs no help.
        time.sleep(0.005)
        return heads, opened

    def by_itself(engine, motion_id):
        return (
            Company()
            if has_request_context() and FAULT in request.headers
            else company(engine, motion_id)
        )

    def request_clock(engine, instant: datetime) -> datetime:
        return machine() if asks_for(REQUEST_CLOCK) else read(engine, instant)

    def too_early(who, motion, choice, **options):
        if not asks_for(TOO_EARLY):
            return cast(who, motion, choice, **options)
        app = current_app._get_current_object()

        def later() -> None:
            time.sleep(0.05)
            with app.app_context():
                cast(who, motion, choice, **options)

        threading.Thread(target=later).start()
        return votes.Receipt(receipt_code(options["form_key"].encode()[-16:]), options["now"], 1)

    casts_queries.locked = no_lock
    casting._company = by_itself
    instants.read = request_clock
    votes.cast = too_early
