"""One writer at a time for the register of a community."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from models.register import Community
from services.transaction import transaction


@contextmanager
def register_transaction(community_id: int) -> Iterator[Session]:
    """A use case that writes the register: others of the same community wait for its end.

    What is checked inside (is this room free, is there such an owner) then still holds at the
    commit. Whoever only refers to the community is not held up.
    """
    with transaction() as session:
        session.get_one(
            Community, community_id, populate_existing=True, with_for_update={"key_share": True}
        )
        yield session
