"""Who a sign-in lets in: statements that go with every request, prepared (``models.prepared``)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select

from models.accounts import Account, RoleGrant, SignIn
from models.prepared import Prepared, among

_OF_ACCOUNT = (
    Account.id,
    Account.display_name,
    Account.initial_until,
    RoleGrant.role,
    RoleGrant.community_id,
    RoleGrant.building_id,
    RoleGrant.entrance_id,
    RoleGrant.dwelling_id,
    RoleGrant.company_id,
    RoleGrant.capacity,
    RoleGrant.owner_id,
)


def _standing(*columns: Any) -> Select[Any]:
    """The account behind a sign-in that is good at ``now``, a row for each role it holds."""
    return (
        select(*columns)
        .join(SignIn, SignIn.account_id == Account.id)
        .outerjoin(RoleGrant, (RoleGrant.account_id == Account.id) & RoleGrant.ended_at.is_(None))
        .where(
            SignIn.ended_at.is_(None),
            SignIn.expires_at > bindparam("now"),
            Account.disabled_at.is_(None),
        )
    )


# By what is stored of one token.
OF_ONE = Prepared(
    lambda _engine: (
        _standing(*_OF_ACCOUNT)
        .where(SignIn.token_hash == bindparam("token"))
        .order_by(RoleGrant.id)
    )
)
# By those of several, each row with its own, in whatever order: whether one may is asked of all.
OF_SEVERAL = Prepared(
    lambda engine: _standing(*_OF_ACCOUNT, SignIn.token_hash).where(
        among(engine, SignIn.token_hash, "tokens")
    )
)
