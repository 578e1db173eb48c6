"""What somebody does with their own account, on the audit chains of the places they act in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.accounts import Account
from services import audit


def record_own(session: Session, account_id: int, action: str, *, now: datetime) -> None:
    """Inside the caller's transaction: the act is in the log of each community of the account's."""
    account = session.get_one(Account, account_id)
    communities = {g.community_id for g in account.grants if g.community_id is not None}
    chains = [audit.community_chain(number) for number in sorted(communities)]
    for chain in chains or [audit.SYSTEM_CHAIN]:
        audit.record(
            session, chain, action, actor=account.actor(), now=now, details={"account": account.id}
        )
