"""Reading a row afresh under a lock, whatever the session has seen of it before.

``Session.get(…, populate_existing=True, with_for_update=True)`` raises ``StaleDataError`` when the
row has a version counter and was changed since it was first loaded, which is the very moment a use
case wants to read it again. A plain SELECT … FOR UPDATE does not (SQLite ignores the lock; there
the write transaction itself is one).
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Base

Row = TypeVar("Row", bound=Base)


def locked(session: Session, model: type[Row], ident: int) -> Row:
    """The row as it is now, nobody else's to change until the transaction ends.

    ``NoResultFound`` when there is none.
    """
    query = (
        select(model)
        .where(model.__table__.c["id"] == ident)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one()
