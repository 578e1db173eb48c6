"""Accounts, the roles they hold, the household codes that open them, and their sign-ins.

Sign-ins live on the server: the cookie carries a random token whose hash is stored here, so that
signing out, losing a role or re-issuing a code ends them at once.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts import Actor, Capacity, Grant, Role, Scope
from models.base import Base, Key, Line, Moment, Word, one_of
from models.register import Building, Community, Dwelling, Entrance


class Company(Base):
    """A contractor, as one community knows it.

    Two communities that work with the same firm keep a row each, so that neither can let somebody
    in to what the other has issued. Without a community it is kept by the administrator.
    """

    __tablename__ = "companies"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    id: Mapped[Key]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    name: Mapped[Line]
    created_at: Mapped[Moment]

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check: in the community that keeps it."""
        return Scope(community=self.community_id)


class Account(Base):
    """Somebody who can sign in. Staff and contractors have a login; a household need not.

    ``initial_until`` marks the password as a first one that somebody else has seen: until its
    owner has chosen another, the account may do nothing but that.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("login"),
        CheckConstraint("initial_until IS NULL OR password_hash IS NOT NULL", name="initial"),
        CheckConstraint("password_hash IS NULL OR login IS NOT NULL", name="password_with_login"),
    )

    id: Mapped[Key]
    login: Mapped[str | None] = mapped_column()
    display_name: Mapped[Line]
    password_hash: Mapped[str | None]
    initial_until: Mapped[Moment | None]
    created_at: Mapped[Moment]
    disabled_at: Mapped[Moment | None]

    grants: Mapped[list[RoleGrant]] = relationship(back_populates="account")

    def actor(self) -> Actor:
        """What the rules see of this account: no role while the password is a first one."""
        held = () if self.initial_until else self.grants
        return Actor(
            account_id=self.id,
            display_name=self.display_name,
            grants=tuple(grant.value() for grant in held if grant.ended_at is None),
        )


class RoleGrant(Base):
    """A role held in a scope, from when until when. Ended grants stay, for the record."""

    __tablename__ = "role_grants"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint(one_of("capacity", Capacity), name="capacity"),
        CheckConstraint(
            "(role = 'resident') = (dwelling_id IS NOT NULL AND capacity IS NOT NULL)",
            name="resident_of_dwelling",
        ),
        CheckConstraint("(role = 'contractor') = (company_id IS NOT NULL)", name="company"),
        CheckConstraint("role <> 'committee' OR community_id IS NOT NULL", name="community"),
        CheckConstraint("owner_id IS NULL OR capacity = 'owner'", name="owner"),
    )

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    role: Mapped[Word]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("buildings.id"))
    entrance_id: Mapped[int | None] = mapped_column(ForeignKey("entrances.id"))
    dwelling_id: Mapped[int | None] = mapped_column(ForeignKey("dwellings.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    capacity: Mapped[str | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("owners.id"))
    granted_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]

    account: Mapped[Account] = relationship(back_populates="grants")
    community: Mapped[Community | None] = relationship()
    building: Mapped[Building | None] = relationship()
    entrance: Mapped[Entrance | None] = relationship()
    dwelling: Mapped[Dwelling | None] = relationship()
    company: Mapped[Company | None] = relationship()

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check: a contractor's, where the company is kept."""
        return self.company.scope if self.company else self.value().scope

    def value(self) -> Grant:
        """This row as the rules see it."""
        return Grant(
            role=Role(self.role),
            scope=Scope(
                community=self.community_id,
                building=self.building_id,
                entrance=self.entrance_id,
                dwelling=self.dwelling_id,
                company=self.company_id,
            ),
            capacity=Capacity(self.capacity) if self.capacity else None,
            owner_id=self.owner_id,
        )


def _one_live(name: str, *columns: str, of: str = "capacity = 'owner'") -> Index:
    live = text(f"used_at IS NULL AND revoked_at IS NULL AND {of}")
    return Index(name, *columns, unique=True, sqlite_where=live, postgresql_where=live)


class AccessCode(Base):
    """The one-time code of a household letter, kept only as a keyed hash.

    One code opens one dwelling in one capacity; an owner's code names the owner, so that each
    co-owner can be told apart.
    """

    __tablename__ = "access_codes"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        CheckConstraint(one_of("capacity", Capacity), name="capacity"),
        CheckConstraint("(capacity = 'owner') = (owner_id IS NOT NULL)", name="owner"),
        CheckConstraint("expires_at > issued_at", name="period"),
        CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name="used"),
        # Two indexes, since a tenant's code names no owner and NULLs never clash.
        _one_live("uq_access_codes_live_owner", "dwelling_id", "owner_id"),
        _one_live("uq_access_codes_live_tenant", "dwelling_id", of="capacity = 'tenant'"),
    )

    id: Mapped[Key]
    dwelling_id: Mapped[int] = mapped_column(ForeignKey("dwellings.id"))
    capacity: Mapped[Word]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("owners.id"))
    code_hash: Mapped[str]
    # The key of the form that issued it: the same form sent twice replaces its own letters.
    batch: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[Moment]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[Moment | None]

    dwelling: Mapped[Dwelling] = relationship()


class CodeAttempt(Base):
    """A failed try at a code or a password; counted here because a per-process limit forgets."""

    __tablename__ = "code_attempts"
    __table_args__ = (Index("ix_code_attempts_subject_at", "subject", "at"),)

    id: Mapped[Key]
    # "code", "login" or "factor" for all tries of that kind, or a keyed hash of what was tried.
    subject: Mapped[str]
    at: Mapped[Moment]


class SignIn(Base):
    """One session of one account."""

    __tablename__ = "sign_ins"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str]
    started_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    # Until then a step that asks for the second factor is open to this sign-in.
    confirmed_until: Mapped[Moment | None]

    account: Mapped[Account] = relationship()
