"""Queries about personal data: whose it is, why it is kept, and who has looked at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from domain.accounts import Actor, Capacity, Permission, Role
from domain.periods import local_day
from domain.privacy import PlanRecord
from models.accounts import AccessCode, RoleGrant, SignIn
from models.audit import AuditEntry
from models.database import session
from models.menus import MenuItem, Option
from models.objections import Objection
from models.plans import Notice, Plan
from models.preferences import AnswerSheet, FormerSheet, ItemAnswer
from models.privacy import PrivacyRequest
from models.register import Building, Community, Dwelling, Entrance, Ownership
from models.resolutions import Resolution
from models.visibility import communities_visible_to
from models.votes import Ballot, Motion, MotionCount, Roll, RollDwelling, RollOwner, RollVoter

# The acts by which somebody has read what single households said.
LOOKS = ("answers_seen", "demand_seen", "signed_file_opened")
_RESULTS = ("result", "resolution")


def records_of(plan_ids: Collection[int] | None = None) -> dict[int, PlanRecord]:
    """Of these plans (``None``: all), when decisions were made known and whether one is open."""
    wanted = Plan.id.in_(plan_ids) if plan_ids is not None else Plan.id.is_not(None)
    known: dict[int, list[datetime]] = {}
    for plan in session().execute(
        select(Plan.id, Plan.withdrawn_at, Plan.annulled_at).where(wanted)
    ):
        known[plan.id] = [at for at in (plan.withdrawn_at, plan.annulled_at) if at]
    for plan_id, at in session().execute(
        select(Motion.plan_id, MotionCount.counted_at).join(MotionCount.motion)
    ):
        known.get(plan_id, []).append(at)
    issued = select(Resolution.plan_id, Resolution.issued_at)
    posted = select(Notice.plan_id, Notice.ends_at).where(Notice.kind.in_(_RESULTS))
    for query in (issued, posted):
        for plan_id, instant in session().execute(query):
            known.get(plan_id, []).append(instant)
    undecided = select(Motion.plan_id).where(
        Motion.announced_at.is_not(None),
        Motion.cancelled_at.is_(None),
        ~select(MotionCount).where(MotionCount.motion_id == Motion.id).exists(),
    )
    running = set(session().scalars(undecided))
    return {
        plan_id: PlanRecord(tuple(local_day(at) for at in instants), plan_id in running)
        for plan_id, instants in known.items()
    }


def plans_of_owners() -> dict[int, set[int]]:
    """Owner id → the plans on whose rolls that owner stands."""
    found: dict[int, set[int]] = defaultdict(set)
    query = (
        select(RollOwner.owner_id, Motion.plan_id)
        .join(RollVoter, RollVoter.id == RollOwner.voter_id)
        .join(Roll, Roll.id == RollVoter.roll_id)
        .join(Motion, Motion.id == Roll.motion_id)
        .distinct()
    )
    for owner_id, plan_id in session().execute(query):
        found[owner_id].add(plan_id)
    return found


def plans_of_dwellings(dwelling_ids: Collection[int]) -> dict[int, set[int]]:
    """Dwelling id → the plans on whose rolls it stands."""
    found: dict[int, set[int]] = defaultdict(set)
    query = (
        select(RollDwelling.dwelling_id, Motion.plan_id)
        .join(RollVoter, RollVoter.id == RollDwelling.voter_id)
        .join(Roll, Roll.id == RollVoter.roll_id)
        .join(Motion, Motion.id == Roll.motion_id)
        .where(RollDwelling.dwelling_id.in_(dwelling_ids))
        .distinct()
    )
    for dwelling_id, plan_id in session().execute(query):
        found[dwelling_id].add(plan_id)
    return found


def owning(owner_ids: Iterable[int]) -> set[int]:
    """Those of the owners who own something now."""
    query = select(Ownership.owner_id).where(Ownership.owner_id.in_(list(owner_ids)))
    return set(session().scalars(query))


# --- one's own ----------------------------------------------------------------------------------


def _homes(actor: Actor) -> list[tuple[int, Capacity]]:
    return [
        (grant.scope.dwelling, grant.capacity)
        for grant in actor.grants_of(Role.RESIDENT)
        if grant.scope.dwelling is not None and grant.capacity is not None
    ]


def own_sheets(actor: Actor) -> Sequence[AnswerSheet]:
    """The answers of the actor's homes, each in the capacity the actor answers in."""
    homes = _homes(actor)
    query = (
        select(AnswerSheet)
        .where(
            or_(
                AnswerSheet.account_id == actor.account_id,
                *(
                    (AnswerSheet.dwelling_id == home) & (AnswerSheet.capacity == capacity)
                    for home, capacity in homes
                ),
            )
        )
        .options(
            joinedload(AnswerSheet.plan).joinedload(Plan.building),
            joinedload(AnswerSheet.dwelling).joinedload(Dwelling.entrance),
            selectinload(AnswerSheet.answers).selectinload(ItemAnswer.rankings),
        )
        .order_by(AnswerSheet.id)
    )
    return session().scalars(query).all()


def own_former_sheets(actor: Actor) -> Sequence[FormerSheet]:
    """What the actor had answered for dwellings that are others' now."""
    query = (
        select(FormerSheet)
        .where(FormerSheet.account_id == actor.account_id)
        .options(
            joinedload(FormerSheet.plan).joinedload(Plan.building),
            joinedload(FormerSheet.dwelling).joinedload(Dwelling.entrance),
        )
        .order_by(FormerSheet.id)
    )
    return session().scalars(query).all()


def titles_of(plan_ids: Collection[int]) -> tuple[dict[int, str], dict[int, str]]:
    """Titles of the plans' items and of their options' newest versions, by id."""
    query = (
        select(MenuItem)
        .where(MenuItem.plan_id.in_(plan_ids))
        .options(selectinload(MenuItem.options).selectinload(Option.versions))
    )
    items = session().scalars(query).all()
    options = {o.id: o.versions[-1].title for i in items for o in i.options if o.versions}
    return {item.id: item.title for item in items}, options


def own_objections(actor: Actor) -> Sequence[Objection]:
    """What the actor objected."""
    query = (
        select(Objection)
        .where(Objection.account_id == actor.account_id)
        .options(joinedload(Objection.item), joinedload(Objection.plan).joinedload(Plan.building))
        .order_by(Objection.id)
    )
    return session().scalars(query).all()


def own_ballots(actor: Actor) -> Sequence[Ballot]:
    """Every ballot cast in the actor's own name as owner, on whatever channel."""
    owners = [g.owner_id for g in actor.grants_of(Role.RESIDENT) if g.owner_id is not None]
    query = (
        select(Ballot)
        .where(Ballot.owner_id.in_(owners))
        .options(
            joinedload(Ballot.motion).joinedload(Motion.plan).joinedload(Plan.building),
            joinedload(Ballot.voter).selectinload(RollVoter.dwellings),
        )
        .order_by(Ballot.id)
    )
    return session().scalars(query).all()


def own_letters(actor: Actor) -> Sequence[AccessCode]:
    """The letters delivered to the actor's homes, of the actor's own capacity and owner."""
    held = actor.grants_of(Role.RESIDENT)
    query = (
        select(AccessCode)
        .where(
            or_(
                AccessCode.used_by == actor.account_id,
                *(
                    (AccessCode.dwelling_id == grant.scope.dwelling)
                    & (AccessCode.capacity == grant.capacity)
                    & (
                        AccessCode.owner_id == grant.owner_id
                        if grant.owner_id is not None
                        else AccessCode.owner_id.is_(None)
                    )
                    for grant in held
                ),
            )
        )
        .options(joinedload(AccessCode.dwelling).joinedload(Dwelling.entrance))
        .order_by(AccessCode.id)
    )
    return session().scalars(query).all()


def own_sign_ins(actor: Actor) -> Sequence[SignIn]:
    """When the actor came in."""
    query = select(SignIn).where(SignIn.account_id == actor.account_id).order_by(SignIn.id)
    return session().scalars(query).all()


def own_roles(actor: Actor) -> Sequence[RoleGrant]:
    """The roles the actor holds or held, with their places."""
    query = (
        select(RoleGrant)
        .where(RoleGrant.account_id == actor.account_id)
        .options(
            joinedload(RoleGrant.community),
            joinedload(RoleGrant.building),
            joinedload(RoleGrant.entrance),
            joinedload(RoleGrant.dwelling),
            joinedload(RoleGrant.company),
        )
        .order_by(RoleGrant.id)
    )
    return session().scalars(query).all()


def own_requests(actor: Actor) -> Sequence[PrivacyRequest]:
    """What the actor asked about the data kept, the newest first."""
    query = (
        select(PrivacyRequest)
        .where(PrivacyRequest.account_id == actor.account_id)
        .order_by(PrivacyRequest.id.desc())
    )
    return session().scalars(query).all()


def own_plans(actor: Actor) -> Sequence[Plan]:
    """The published plans of the buildings in which the actor has a home, or answered in one."""
    buildings = [grant.scope.building for grant in actor.grants_of(Role.RESIDENT)]
    answered = select(FormerSheet.plan_id).where(FormerSheet.account_id == actor.account_id)
    query = (
        select(Plan)
        .join(Plan.building)
        .where(
            or_(Plan.building_id.in_(buildings), Plan.id.in_(answered)),
            Plan.menu_published_at.is_not(None),
        )
        .options(contains_eager(Plan.building).joinedload(Building.community))
        .order_by(Plan.id)
    )
    return session().scalars(query).all()


def looks_at(plan_ids: Collection[int], *, since: datetime) -> Sequence[AuditEntry]:
    """Each look at what single households of these plans said, the newest first."""
    chains = [f"plan:{plan_id}" for plan_id in plan_ids]
    query = (
        select(AuditEntry)
        .where(AuditEntry.chain.in_(chains), AuditEntry.action.in_(LOOKS), AuditEntry.at >= since)
        .order_by(AuditEntry.id.desc())
    )
    return session().scalars(query).all()


# --- requests, for the committee ----------------------------------------------------------------


def community_visible_to(actor: Actor, community_id: int) -> Community | None:
    """The community, if the actor holds a role somewhere in it."""
    query = select(Community).where(Community.id == community_id, communities_visible_to(actor))
    return session().scalar(query)


def request_visible_to(actor: Actor, request_id: int) -> PrivacyRequest | None:
    """A request of a community of the actor's, with who asked."""
    query = (
        select(PrivacyRequest)
        .join(PrivacyRequest.community)
        .where(PrivacyRequest.id == request_id, communities_visible_to(actor))
        .options(contains_eager(PrivacyRequest.community), joinedload(PrivacyRequest.account))
    )
    return session().scalar(query)


def requests_of(community: Community) -> Sequence[PrivacyRequest]:
    """The community's requests, unanswered first, then the newest."""
    query = (
        select(PrivacyRequest)
        .where(PrivacyRequest.community_id == community.id)
        .options(joinedload(PrivacyRequest.account))
        .order_by(PrivacyRequest.answered_at.is_not(None), PrivacyRequest.id.desc())
    )
    return session().scalars(query).all()


def homes_of(account_id: int, community_id: int) -> Sequence[RoleGrant]:
    """Where in the community an account lives or owns."""
    query = (
        select(RoleGrant)
        .where(
            RoleGrant.account_id == account_id,
            RoleGrant.community_id == community_id,
            RoleGrant.role == Role.RESIDENT,
            RoleGrant.ended_at.is_(None),
        )
        .options(
            joinedload(RoleGrant.dwelling)
            .joinedload(Dwelling.entrance)
            .joinedload(Entrance.building)
        )
    )
    return session().scalars(query).all()


def waiting_requests(actor: Actor) -> list[tuple[int, int]]:
    """(community, how many) requests that wait for this committee member."""
    places = [
        grant.scope.community
        for grant in actor.grants
        if grant.allows(Permission.EDIT_REGISTER) and grant.scope.community is not None
    ]
    query = (
        select(PrivacyRequest.community_id, func.count())
        .where(PrivacyRequest.community_id.in_(places), PrivacyRequest.answered_at.is_(None))
        .group_by(PrivacyRequest.community_id)
        .order_by(PrivacyRequest.community_id)
    )
    return [(place, number) for place, number in session().execute(query)]
