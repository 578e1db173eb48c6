"""What a motion would take, in words: a forecast before the vote, needs from turnout during it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.desk.figures import opposition_table
from blueprints.desk.words import offer_name
from blueprints.shared.localisation import area, deadline
from charts.figure import Table
from domain.forecast import Base, Outlook
from domain.plans import DECIDED, MotionStage
from services.desk_forecast import Electorate, OptionForecast, Turnout


@dataclass(frozen=True)
class ElectorateView:
    """One electorate of an option: its verdict in a sentence, its figures, who opposes."""

    name: str
    rule: str
    kind: str
    verdict: str
    tag: tuple[str, str]
    lacking: str
    head: list[str]
    rows: list[list[str]]
    opposition: Table | None
    url: str
    motion: str


class Verdict(NamedTuple):
    """How it stands: a sentence, a tag with its kind, and what lacks in heads and area."""

    sentence: str
    tag: tuple[str, str]
    lacking: str


@dataclass(frozen=True)
class OptionView:
    """An option with its electorates."""

    title: str
    electorates: tuple[ElectorateView, ...]


def heads(number: int) -> str:
    """A number of heads."""
    return ngettext("%(num)s head", "%(num)s heads", number)


def _square(value: int) -> str:
    return _("%(area)s m²", area=area(value))


def _pair(persons: int, square: int) -> str:
    """What lacks in heads and in area; a base that lacks nothing is not named."""
    if not persons or not square:
        return _square(square) if square else heads(persons)
    return _("%(heads)s and %(area)s", heads=heads(persons), area=_square(square))


def _row(label: str, persons: int, square: int) -> list[str]:
    return [label, str(persons), area(square)]


def _outlook_rows(found: Outlook) -> list[list[str]]:
    persons, square = found.persons, found.area
    rows = [
        _row(_("All"), persons.figures.total, square.figures.total),
        _row(_("Likely to agree"), persons.figures.agree, square.figures.agree),
        _row(_("Likely against"), persons.figures.against, square.figures.against),
        _row(_("Open"), persons.open, square.open),
        _row(
            _("Quorum lacks"),
            persons.lacking.quorum,
            square.lacking.quorum,
        ),
    ]
    return [*rows, _approval_row(persons, square)]


def _approval_row(persons: Base, square: Base) -> list[str]:
    if persons.must_change or square.must_change:
        return _row(
            _("Must change their mind"),
            persons.must_change,
            square.must_change,
        )
    return _row(
        _("Approval lacks"),
        persons.must_agree,
        square.must_agree,
    )


def _outlook_verdict(found: Outlook) -> Verdict:
    persons, square = found.persons, found.area
    if found.likely:
        sentence = _(
            "By the answers so far it would be adopted, even if all who are open stay away."
        )
        return Verdict(sentence, (_("likely"), "success"), _("nothing"))
    if found.reachable:
        return _reachable(persons, square)
    changing = _pair(persons.must_change, square.must_change)
    sentence = _(
        "Not as things stand: even if all who are open agree, at least %(changing)s of those "
        "against must change their mind.",
        changing=changing,
    )
    return Verdict(sentence, (_("out of reach for now"), "warning"), changing)


def _reachable(persons: Base, square: Base) -> Verdict:
    """What those who are open must do: only take part, take part and agree, or some of them so."""
    joining = _pair(persons.lacking.joining, square.lacking.joining)
    tag = (_("can be reached"), "info")
    if not persons.must_agree and not square.must_agree:
        sentence = _(
            "It can be reached: of those who are open, at least %(lacking)s need only take part. "
            "With just so many nobody further has to agree.",
            lacking=joining,
        )
        return Verdict(sentence, tag, _("%(lacking)s taking part", lacking=joining))
    agreeing = _pair(persons.must_agree, square.must_agree)
    if agreeing == joining:
        sentence = _(
            "It can be reached: of those who are open, at least %(lacking)s must take part and "
            "agree.",
            lacking=joining,
        )
        return Verdict(sentence, tag, _("%(lacking)s agreeing", lacking=joining))
    sentence = _(
        "It can be reached: of those who are open, at least %(joining)s must take part; of these, "
        "at least %(agreeing)s must agree.",
        joining=joining,
        agreeing=agreeing,
    )
    both = _(
        "%(joining)s taking part, %(agreeing)s of them agreeing", joining=joining, agreeing=agreeing
    )
    return Verdict(sentence, tag, both)


def _turnout_rows(found: Turnout) -> list[list[str]]:
    persons, square = found.persons, found.area
    return [
        _row(_("All"), persons.total, square.total),
        _row(_("Taken part"), persons.participating, square.participating),
        _row(_("Quorum lacks"), persons.quorum, square.quorum),
        _row(
            _("Must agree"),
            persons.must_agree,
            square.must_agree,
        ),
    ]


def _turnout_verdict(one: Electorate, found: Turnout) -> Verdict:
    persons, square = found.persons, found.area
    agree = _pair(persons.must_agree, square.must_agree)
    if not persons.quorum and not square.quorum:
        sentence = _(
            "Quorum is reached. At least %(agree)s of those taking part must agree; how they voted "
            "is sealed until the count.",
            agree=agree,
        )
        return Verdict(sentence, (_("quorum reached"), "success"), _("nothing"))
    lacking = _pair(persons.quorum, square.quorum)
    if one.stage is MotionStage.CLOSED:
        sentence = _(
            "The vote is closed and quorum lacks %(lacking)s. Only paper ballots handed in before "
            "the close and not yet entered can change that.",
            lacking=lacking,
        )
        return Verdict(sentence, (_("quorum lacking"), "error"), lacking)
    sentence = _(
        "Quorum can still be reached until %(until)s: %(lacking)s must still take part. How people "
        "voted is sealed until the count.",
        until=deadline(one.motion.closes_at if one.motion else None),
        lacking=lacking,
    )
    return Verdict(sentence, (_("quorum still open"), "info"), lacking)


def _decided(one: Electorate) -> Verdict:
    if one.stage is MotionStage.COUNTED:
        sentence = _("Voted on and adopted. The motion has the count.")
        return Verdict(sentence, (_("adopted"), "success"), "—")
    sentence = _("Voted on and not adopted. The motion has the count.")
    return Verdict(sentence, (_("not adopted"), "warning"), "—")


def _view(one: Electorate) -> ElectorateView:
    rows: list[list[str]] = []
    kind = "decided"
    if one.outlook is not None:
        kind = "forecast"
        verdict, rows = _outlook_verdict(one.outlook), _outlook_rows(one.outlook)
    elif one.turnout is not None and one.stage not in DECIDED:
        kind = "turnout"
        verdict, rows = _turnout_verdict(one, one.turnout), _turnout_rows(one.turnout)
    else:
        verdict = _decided(one)
    return ElectorateView(
        name=one.name,
        rule=one.rule.value,
        kind=kind,
        verdict=verdict.sentence,
        tag=verdict.tag,
        lacking=verdict.lacking,
        head=[_("What"), _("Heads"), _("Area (m²)")],
        rows=rows,
        opposition=opposition_table(one.opposition) if one.opposition else None,
        url=url_for("votes.motion", motion_id=one.motion.id) if one.motion else "",
        motion=_("Motion %(number)s", number=one.motion.number) if one.motion else "",
    )


def views(found: tuple[OptionForecast, ...]) -> list[OptionView]:
    """Every option with its electorates, in words."""
    return [
        OptionView(offer_name(one.offer), tuple(_view(each) for each in one.electorates))
        for one in found
    ]
