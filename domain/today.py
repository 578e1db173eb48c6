"""What a committee can do about a motion now, the most urgent first; what it cannot is not listed.

Source: ours. A first page that names steps which would be refused, or repeats a motion once for
every kind of work, hides what is due. So a motion comes once, with those of its steps that are open
at this moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.plans import MotionStage
from domain.sources import rule


class Duty(StrEnum):
    """Something to do about a motion. What waits for another member is named, not asked for."""

    RELEASE = "release"
    PREPARED = "prepared"
    CLOSE_BOX = "close_box"
    ENTER_PAPERS = "enter_papers"
    CONFIRM_PAPERS = "confirm_papers"
    REENTER_PAPERS = "reenter_papers"
    CONFIRM_RESULT = "confirm_result"
    COUNT = "count"
    OWN_BOX = "own_box"
    OWN_PAPERS = "own_papers"
    OWN_RESULT = "own_result"
    ANNOUNCE = "announce"
    RENEW = "renew"
    POST_ROLL = "post_roll"
    DOORS = "doors"
    RUNNING = "running"
    REDRAW = "redraw"


@dataclass(frozen=True, slots=True)
class MotionDay:
    """What is known of a motion today, for one reader.

    ``prepared_by_me``, ``result_by_me`` and ``box_by_me`` are ``None`` where nothing waits for a
    second person; the box is False, too, while nobody has read it. Papers: on the list and not
    entered, to be read by the reader, by another, with two readings that differ. ``hindered``:
    it could not be announced now; ``stuck``: nor later, since its option has changed or is gone.
    """

    stage: MotionStage
    prepared_by_me: bool | None = None
    result_by_me: bool | None = None
    box_by_me: bool | None = None
    papers_to_enter: int = 0
    papers_to_read: int = 0
    own_papers: int = 0
    papers_differing: int = 0
    doors_left: int = 0
    hindered: bool = False
    stuck: bool = False
    put_away: bool = False


def _papers(day: MotionDay) -> list[Duty]:
    found = [Duty.CONFIRM_PAPERS] if day.papers_to_read else []
    return [*found, Duty.REENTER_PAPERS] if day.papers_differing else found


def _closed(day: MotionDay) -> list[Duty]:
    found = [Duty.CLOSE_BOX] if day.box_by_me is False else []
    found += [Duty.ENTER_PAPERS] if day.papers_to_enter else []
    found += _papers(day)
    if day.result_by_me is False:
        found.append(Duty.CONFIRM_RESULT)
    if not found and not day.own_papers and day.box_by_me is None and day.result_by_me is None:
        found.append(Duty.COUNT)
    found += [Duty.OWN_BOX] if day.box_by_me else []
    found += [Duty.OWN_PAPERS] if day.own_papers else []
    return [*found, Duty.OWN_RESULT] if day.result_by_me else found


def _voting(day: MotionDay) -> list[Duty]:
    found = _papers(day)
    found += [Duty.DOORS] if day.doors_left else []
    found += [Duty.OWN_PAPERS] if day.own_papers else []
    return [*found, Duty.RUNNING]


def _posted(day: MotionDay) -> list[Duty]:
    if day.stuck:
        return [Duty.RENEW]
    return [] if day.hindered else [Duty.ANNOUNCE]


@rule(
    "today.duties",
    source="ours",
    says="A motion is listed once, with the steps that are open now and nothing that is refused.",
    basis="ours",
)
def duties(day: MotionDay) -> tuple[Duty, ...]:
    """The steps that are open now, the most urgent first; empty when there is nothing to do."""
    if day.prepared_by_me is not None:
        return (Duty.PREPARED if day.prepared_by_me else Duty.RELEASE,)
    of_stage = {
        MotionStage.DRAFT: [Duty.POST_ROLL],
        MotionStage.ROLL_POSTED: _posted(day),
        MotionStage.NOTICE: [Duty.DOORS] if day.doors_left else [],
        MotionStage.VOTING: _voting(day),
        MotionStage.CLOSED: _closed(day),
        MotionStage.FAILED: [] if day.put_away else [Duty.REDRAW],
    }
    return tuple(of_stage.get(day.stage, ()))
