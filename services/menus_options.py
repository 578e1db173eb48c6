"""Options of an item and their versions: drafted, edited, published as a change, withdrawn.

Ours: a published version never changes. A change is a new version with a note, published at once
or kept as a draft first; an option added after the menu was published carries such a note too. An
option that is being voted on, or was adopted, stands.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from domain.accounts import Actor
from domain.errors import NotNow, Refused, Stale
from domain.menus import OptionDraft, Payer, changes, checked_option
from domain.plans import MotionStage, Stage, motion_stage, require_stage
from models.menus import MenuItem, Option, OptionVersion, Picture
from models.plans import Plan
from services import costs
from services.audit import plan_chain, record
from services.menus_items import ADDING, locked_menu
from services.plans import recorded_motions, stage
from services.transaction import transaction

# A published option may still be revised until the plan's result is posted: an objection is taken
# up, a failed motion is drawn up anew.
REVISING = (
    *ADDING,
    Stage.DRAFTING,
    Stage.ROLL_POSTED,
    Stage.NOTICE,
    Stage.VOTING,
    Stage.CLOSED,
    Stage.COUNTED,
    Stage.FAILED,
)
_ON_THE_WAY = frozenset({MotionStage.NOTICE, MotionStage.VOTING, MotionStage.CLOSED})


def option_draft(version: OptionVersion) -> OptionDraft:
    """What a version says, as a draft."""
    return OptionDraft(
        title=version.title,
        quantity=version.quantity,
        unit_price=version.unit_price,
        payer=Payer(version.payer),
        subsidy=version.subsidy,
        scheme=version.scheme,
        specification=version.specification,
        location=version.location,
        excludes=version.excludes,
        requires=version.requires,
        constraints=version.constraints,
        picture_id=version.picture_id,
    )


def _write(version: OptionVersion, draft: OptionDraft) -> None:
    for name in (
        "title",
        "specification",
        "quantity",
        "unit_price",
        "location",
        "excludes",
        "requires",
        "constraints",
        "picture_id",
    ):
        setattr(version, name, getattr(draft, name))
    version.payer = draft.payer.value
    version.subsidy = dict(draft.subsidy)
    version.scheme = dict(draft.scheme)


def new_version(
    option: Option, number: int, draft: OptionDraft, note: str, actor: Actor, now: datetime
) -> OptionVersion:
    """A version not published yet; the caller adds it."""
    version = OptionVersion(
        option=option,
        number=number,
        change_note=note.strip(),
        created_at=now,
        created_by=actor.account_id,
    )
    _write(version, draft)
    return version


def _checked(session: Session, plan: Plan, item: MenuItem, draft: OptionDraft) -> OptionDraft:
    """The draft, once it is known to work in the building it is written for."""
    draft = checked_option(draft)
    house = costs.house(plan.building_id)
    if house.all_parts:
        costs.work_out(draft, item.decided_by, house)
    if draft.picture_id is not None and session.get(Picture, draft.picture_id) is None:
        raise Refused("picture_unknown", field="picture")
    return draft


def _check_title(item: MenuItem, title: str, besides: int | None = None) -> None:
    for option in item.options:
        if option.id == besides or option.withdrawn_at is not None:
            continue
        if any(version.title == title for version in (option.published, option.draft) if version):
            raise Refused("option_title_taken", field="title", title=title)


def add_option(
    actor: Actor, item: MenuItem, draft: OptionDraft, *, now: datetime, note: str = ""
) -> Option:
    """The item has a further option, as a draft; the same draft sent twice is one option.

    ``note`` says why it comes late where the menu is published already, and is then needed
    (``change_note_missing``). Refuses what ``checked_option`` and ``costs.work_out`` refuse,
    ``option_title_taken`` (title), ``picture_unknown``, ``not_at_this_stage``.
    """
    with transaction() as session:
        plan, item = _locked(session, item)
        require_stage(stage(plan, now), *ADDING)
        draft = _checked(session, plan, item, draft)
        if plan.menu_published_at is not None and not note.strip():
            raise Refused("change_note_missing", field="change_note")
        for option in item.options:
            if option.draft is not None and option_draft(option.draft) == draft:
                return option
        _check_title(item, draft.title)
        return insert_option(session, actor, item, draft, note, now)


def insert_option(
    session: Session, actor: Actor, item: MenuItem, draft: OptionDraft, note: str, now: datetime
) -> Option:
    """A new option with its first version, inside the caller's transaction."""
    position = max((option.position for option in item.options), default=0) + 1
    option = Option(item=item, position=position)
    session.add(option)
    version = new_version(option, 1, draft, note, actor, now)
    session.add(version)
    session.flush()
    _recorded(session, item.plan_id, version, "option_added", actor, now)
    return option


def edit_draft(
    actor: Actor,
    version: OptionVersion,
    draft: OptionDraft,
    *,
    revision: int,
    now: datetime,
    note: str | None = None,
) -> None:
    """The draft version says what ``draft`` says.

    Refuses ``changed_meanwhile`` when somebody else has written it since ``revision``,
    ``version_published``, ``change_note_missing``, and what ``add_option`` refuses.
    """
    with transaction() as session:
        plan, item = _locked(session, session.get_one(OptionVersion, version.id).option.item)
        version = session.get_one(OptionVersion, version.id)
        require_stage(stage(plan, now), *REVISING)
        if version.published_at is not None:
            raise NotNow("version_published")
        if version.revision != revision:
            raise Stale("changed_meanwhile")
        draft = _checked(session, plan, item, draft)
        _check_title(item, draft.title, besides=version.option_id)
        if note is not None:
            if plan.menu_published_at is not None and not note.strip():
                raise Refused("change_note_missing", field="change_note")
            version.change_note = note.strip()
        _write(version, draft)
        session.flush()
        _recorded(session, plan.id, version, "draft_changed", actor, now)


def revise(
    actor: Actor,
    option: Option,
    draft: OptionDraft,
    *,
    change_note: str,
    now: datetime,
    base: int | None = None,
    publish: bool = True,
) -> OptionVersion:
    """A published option has a new version, published at once unless ``publish`` is false.

    ``base`` is the number of the version the draft was written from: ``changed_meanwhile`` when a
    newer one exists. Refuses ``change_note_missing``, ``nothing_changed``, ``draft_exists``,
    ``option_not_published``, ``option_withdrawn``, ``option_under_vote``, ``option_decided``,
    ``not_at_this_stage``, and what ``add_option`` refuses.
    """
    with transaction() as session:
        plan, item = _locked(session, session.get_one(Option, option.id).item)
        option = session.get_one(Option, option.id)
        published = _revisable(plan, option, now)
        if base is not None and published.number != base:
            raise Stale("changed_meanwhile")
        draft = _checked(session, plan, item, draft)
        _check_title(item, draft.title, besides=option.id)
        if not changes(option_draft(published), draft):
            raise Refused("nothing_changed")
        if not change_note.strip():
            raise Refused("change_note_missing", field="change_note")
        if option.draft is not None:
            raise NotNow("draft_exists")
        version = new_version(option, published.number + 1, draft, change_note, actor, now)
        session.add(version)
        session.flush()
        _recorded(session, plan.id, version, "version_drafted", actor, now)
        if publish:
            _published(session, plan.id, version, actor, now)
        return version


def publish_version(actor: Actor, version: OptionVersion, *, revision: int, now: datetime) -> None:
    """A draft on a published menu is what households read from now on; asked twice, once.

    Refuses ``changed_meanwhile``, ``menu_not_published``, ``option_withdrawn``,
    ``option_under_vote``, ``option_decided``, ``not_at_this_stage``, and what ``work_out`` refuses.
    """
    with transaction() as session:
        plan, item = _locked(session, session.get_one(OptionVersion, version.id).option.item)
        version = session.get_one(OptionVersion, version.id)
        if version.published_at is not None:
            return
        if version.revision != revision:
            raise Stale("changed_meanwhile")
        if plan.menu_published_at is None:
            raise NotNow("menu_not_published")
        if version.number == 1:
            require_stage(stage(plan, now), *ADDING)
        else:
            _revisable(plan, version.option, now)
        _checked(session, plan, item, option_draft(version))
        _published(session, plan.id, version, actor, now)


def remove_draft(actor: Actor, version: OptionVersion, *, now: datetime) -> None:
    """The draft is gone, and with it an option that had nothing else.

    Refuses ``version_published``.
    """
    with transaction() as session:
        plan, _item = _locked(session, session.get_one(OptionVersion, version.id).option.item)
        version = session.get_one(OptionVersion, version.id)
        if version.published_at is not None:
            raise NotNow("version_published")
        option = version.option
        _recorded(session, plan.id, version, "draft_removed", actor, now)
        option.versions.remove(version)
        session.delete(version)
        session.flush()
        if not option.versions:
            option.item.options.remove(option)
            session.delete(option)


def withdraw_option(actor: Actor, option: Option, *, reason: str, now: datetime) -> None:
    """The option is no longer offered; readers see why. Its versions stay.

    Refuses ``withdrawal_reason_missing``, ``option_not_published``, ``option_under_vote``,
    ``option_decided``, ``not_at_this_stage``; withdrawn twice is withdrawn once.
    """
    if not reason.strip():
        raise Refused("withdrawal_reason_missing", field="reason")
    with transaction() as session:
        plan, _item = _locked(session, session.get_one(Option, option.id).item)
        option = session.get_one(Option, option.id)
        if option.withdrawn_at is not None:
            return
        version = _revisable(plan, option, now)
        option.withdrawn_at = now
        option.withdrawn_reason = reason.strip()
        _recorded(session, plan.id, version, "option_withdrawn", actor, now)


def _locked(session: Session, item: MenuItem) -> tuple[Plan, MenuItem]:
    """Plan and item as they are now."""
    plan = locked_menu(session, item.plan)
    return plan, session.get_one(MenuItem, item.id)


def _revisable(plan: Plan, option: Option, now: datetime) -> OptionVersion:
    """The version that holds, once it is known that it may be replaced."""
    require_stage(stage(plan, now), *REVISING)
    if option.published is None:
        raise NotNow("option_not_published")
    if option.withdrawn_at is not None:
        raise NotNow("option_withdrawn")
    own = {version.id for version in option.versions}
    for recorded in recorded_motions([plan.id])[plan.id]:
        if recorded.motion.option_version_id in own:
            where = motion_stage(recorded.facts, now)
            if where in _ON_THE_WAY:
                raise NotNow("option_under_vote", number=recorded.motion.number)
            if where is MotionStage.COUNTED:
                raise NotNow("option_decided", number=recorded.motion.number)
    return option.published


def _published(
    session: Session, plan_id: int, version: OptionVersion, actor: Actor, now: datetime
) -> None:
    version.published_at = now
    session.flush()
    _recorded(session, plan_id, version, "version_published", actor, now)


def _recorded(
    session: Session, plan_id: int, version: OptionVersion, act: str, actor: Actor, now: datetime
) -> None:
    record(
        session,
        plan_chain(plan_id),
        act,
        actor=actor,
        now=now,
        details={
            "option": version.option_id,
            "version": version.number,
            "quantity": version.quantity,
            "unit_price": version.unit_price,
        },
    )
