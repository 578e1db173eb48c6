"""What the pages about motions show, decided here so that templates only draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from blueprints.shared.localisation import area, deadline, moment, money
from blueprints.shared.messages import sentence
from blueprints.shared.own import no_vote
from blueprints.votes import bp
from blueprints.votes.words import STAGE_KINDS, approval_law, quorum_law
from domain.accounts import Actor, Permission, why_no_vote
from domain.cities import Channel
from domain.plans import MotionStage
from domain.statements import ENDED, Standing, standing
from models import results_queries, votes_queries
from models.plans import Notice
from models.put_away import PutAway, lying
from models.resolutions_queries import taking_up
from models.statements import acts_of_motion
from models.votes import Motion, RollVoter
from services import votes
from services.boxes import BoxState
from services.deliveries import DELIVERABLE
from services.late_papers import LATE_AT
from services.mandates import RECORDABLE_AT
from services.motions import BEFORE_ANNOUNCEMENT, CANCELLABLE
from services.notices import city_of
from services.paper import PRINTABLE
from services.reference import reference
from services.rolls import CORRECTABLE


@dataclass(frozen=True)
class Act:
    """Something a reader may do now: where, in which words; ``post`` when it is done at once."""

    url: str
    label: str
    post: bool = False
    confirm: str | None = None
    main: bool = False
    danger: bool = False


@dataclass(frozen=True)
class MotionPage:
    """One motion as its page shows it."""

    motion: Motion
    stage: MotionStage
    electorate: str
    own: tuple[votes.OwnVoter, ...]
    may_vote: bool
    correctable: bool
    result: votes.Result
    exact: bool
    acts: tuple[Act, ...]
    hindrances: tuple[str, ...]
    notices: Sequence[Notice]
    redrawn: Motion | None
    next_step: str
    # The number of the resolution that it went into.
    resolution: str | None
    stands: Standing = Standing.VALID
    # Why the reader, who lives here, has no vote; said until the count.
    no_vote: str = ""
    # How a failed motion lies put away, for whoever may take it up again.
    lies: PutAway | None = None

    @property
    def kind(self) -> str:
        """The colour of the stage's tag."""
        return STAGE_KINDS[self.stage]

    @property
    def laws(self) -> tuple[object, object]:
        """What decides: the quorum and the majority, each a sentence with its source."""
        return quorum_law(), approval_law(self.motion.matter)


def electorate(motion: Motion) -> str:
    """``3幢`` or ``3幢1单元``."""
    return motion.plan.building.name + (motion.entrance.name if motion.entrance else "")


def rooms_of_voter(voter: RollVoter) -> str:
    """``1单元301、1单元302``."""
    ordered = sorted(voter.dwellings, key=lambda d: (d.entrance, d.floor, d.room))
    return "、".join(f"{one.entrance}{one.room}" for one in ordered)


def _committee_acts(motion: Motion, stage: MotionStage, now: datetime) -> list[Act]:
    closed = frozenset({MotionStage.CLOSED})
    # Before it is counted, the box of papers is closed.
    to_close = stage in closed and votes.box_of(motion, now).state is BoxState.OPEN
    box = closed if to_close else frozenset()
    ended = frozenset({MotionStage.FAILED, MotionStage.CANCELLED})
    platform = closed if motion.channel == Channel.OFFICIAL_PLATFORM else frozenset()
    offered: list[tuple[frozenset[MotionStage], str, str, bool]] = [
        (frozenset({MotionStage.DRAFT}), "roll", _("Look at the roll and post it"), True),
        (frozenset({MotionStage.ROLL_POSTED}), "announce", _("Announce the vote"), True),
        (BEFORE_ANNOUNCEMENT, "edit", _("Edit title and text"), False),
        (platform, "platform", _("Result of the official platform"), True),
        (box, "box", _("Close the box of paper ballots"), True),
        (closed - box, "count", _("Count the votes"), True),
        (CORRECTABLE, "correct_roll", _("Correct the roll"), False),
        (PRINTABLE | LATE_AT, "paper", _("Paper ballots"), False),
        (RECORDABLE_AT, "mandates", _("Who votes for whom"), False),
        (ended, "redraw", _("Draw up anew"), True),
        (CANCELLABLE, "cancel", _("Cancel this motion"), False),
    ]
    ask = _("Count now? The result is recorded once and posted.")
    return [
        Act(
            url_for(f"votes.{endpoint}", motion_id=motion.id),
            label,
            post=endpoint == "count",
            confirm=ask if endpoint == "count" else None,
            main=main,
            danger=endpoint == "cancel",
        )
        for stages, endpoint, label, main in offered
        if stage in stages
    ]


def _next_step(motion: Motion, stage: MotionStage, resolution: str | None, now: datetime) -> str:
    """What happens next, in one sentence."""
    if resolution is not None:
        return _("It is part of the building's resolution.")
    if stage is MotionStage.CLOSED and votes.box_of(motion, now).state is BoxState.OPEN:
        return _(
            "Voting has closed. Next: two people of the committee list the paper ballots in hand, "
            "then the votes are counted."
        )
    sentences = {
        MotionStage.DRAFT: _("Next: the committee posts the roll of owners who decide."),
        MotionStage.ROLL_POSTED: _(
            "Next: look whether you are on the roll and your area is right. Then the committee "
            "announces the vote."
        ),
        MotionStage.NOTICE: _("Voting opens on %(at)s.", at=moment(motion.opens_at)),
        MotionStage.VOTING: _("Voting is open until %(at)s.", at=deadline(motion.closes_at)),
        MotionStage.CLOSED: _("Voting has closed. Next: the committee counts the votes."),
        MotionStage.COUNTED: _("Next: the building's resolution is issued."),
        MotionStage.FAILED: _("It can be drawn up anew."),
        MotionStage.CANCELLED: _("It can be drawn up anew."),
    }
    return sentences[stage]


def motion_page(actor: Actor, motion: Motion, now: datetime) -> MotionPage:
    """Everything the motion's page shows this actor."""
    result = votes.result(motion, now)
    stage = result.stage
    own = votes.own_voters(actor, motion)
    runs = actor.may(Permission.RUN_VOTE, motion.scope)
    acts = _committee_acts(motion, stage, now) if runs else []
    if stage in DELIVERABLE and actor.may(Permission.TRACK_REACH, motion.scope):
        doors = Act(url_for("votes.doors", motion_id=motion.id), _("From door to door"))
        acts = [doors, *acts]
    redrawn = votes_queries.redrawn_as([motion.id]).get(motion.id)
    if redrawn is not None:
        acts = [act for act in acts if not act.url.endswith("/redraw")]
    waiting = stage is MotionStage.ROLL_POSTED and runs
    resolution = taking_up(motion.id) if stage is MotionStage.COUNTED else None
    stands = standing(acts_of_motion(motion.id)) if resolution else Standing.VALID
    lies = lying(motion.id) if stage is MotionStage.FAILED and redrawn is None and runs else None
    if lies is not None:
        acts = []
    elif stage is MotionStage.FAILED and redrawn is None and runs:
        acts.append(Act(url_for("votes.put_away", motion_id=motion.id), _("Put away"), post=True))
    if runs and stands in ENDED and redrawn is None:
        acts.append(Act(url_for("votes.redraw", motion_id=motion.id), _("Draw up anew"), main=True))
    return MotionPage(
        motion=motion,
        stage=stage,
        electorate=electorate(motion),
        own=own,
        may_vote=bool(own) and stage is MotionStage.VOTING and motion.channel == Channel.IN_APP,
        correctable=stage in CORRECTABLE,
        result=result,
        exact=shows_exact(actor, motion),
        acts=tuple(acts),
        hindrances=tuple(map(sentence, votes.hindrances(motion, now=now))) if waiting else (),
        notices=votes_queries.notices_of(motion.id),
        redrawn=redrawn,
        next_step=_next_step(motion, stage, resolution, now),
        resolution=resolution,
        stands=stands,
        lies=lies,
        no_vote=_no_vote(actor, motion) if result.sealed else "",
    )


def _no_vote(actor: Actor, motion: Motion) -> str:
    why = why_no_vote(actor, motion.electorate)
    return no_vote(why, motion.entrance.name if motion.entrance else "") if why else ""


def shows_exact(actor: Actor, motion: Motion) -> bool:
    """Whether exact areas are shown: to whom the signed list is open, or where the city posts
    them."""
    return votes.sees_exact(actor, motion) or city_of(motion.plan).exact_areas_posted.value


def said_exactly(actor: Actor, motion: results_queries.Settled) -> tuple[bool, bool]:
    """Whether the signed list is open to the actor, and whether exact areas are shown."""
    signed = votes.sees_exact(actor, motion)
    return signed, signed or reference().city(motion.city).exact_areas_posted.value


@dataclass(frozen=True)
class OwnRows:
    """A head of the reader's on the roll: its dwellings as rows of room, area, share."""

    number: str
    rows: list[list[str]]
    disputed: bool


def _own_row(room: str, size: int, share: int | None) -> list[str]:
    return [room, area(size), money(share)]


@bp.app_template_global("own_rows")
def own_rows(one: votes.OwnVoter) -> list[list[str]]:
    """A head's dwellings as rows."""
    return [_own_row(f"{d.entrance}{d.room}", d.area, d.share) for d in one.dwellings]


def rows_of(own: Sequence[votes.OwnVoter]) -> list[OwnRows]:
    """The reader's heads as the page of a motion shows them."""
    return [OwnRows(str(one.voter.number), own_rows(one), one.disputed) for one in own]


def rows_of_lines(lines: Sequence[results_queries.OwnLine]) -> list[OwnRows]:
    """The same from plain columns."""
    return [
        OwnRows(
            str(one.number),
            [_own_row(*dwelling) for dwelling in one.dwellings],
            votes.is_disputed(one),
        )
        for one in lines
    ]


def cells_of(own: Sequence[OwnRows]) -> list[str]:
    """Every text in them that is the reader's own, in order."""
    return [
        text for one in own for text in (one.number, *(cell for row in one.rows for cell in row))
    ]


def in_cells(own: Sequence[OwnRows], texts: Iterable[str]) -> list[OwnRows]:
    """The same with these texts instead."""
    given = iter(texts)
    return [
        OwnRows(next(given), [[next(given) for _cell in row] for row in one.rows], one.disputed)
        for one in own
    ]
