"""The committee's result sheet: a page to be printed and sealed, and the same as a workbook."""

from __future__ import annotations

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.access import requires
from blueprints.shared.downloads import workbook
from blueprints.shared.localisation import area
from blueprints.shared.words import word
from blueprints.votes import bp
from blueprints.votes.page import electorate
from blueprints.votes.results import said_of_result
from blueprints.votes.words import approval_verdicts, matter_words, verdict
from documents.tables import Area, Percent, Sheet, Value
from domain.accounts import Permission
from domain.quantities import format_area
from models import votes_queries
from models.votes import Motion
from services import result_sheets
from services.result_sheets import Line, ResultSheet, Slips


def _names() -> dict[str, str]:
    return {
        "total": _("All owners who decide"),
        "participating": _("Taking part (of all)"),
        "agree": _("Agreeing (of those taking part)"),
        "against": _("Against (of those taking part)"),
        "abstain": _("Abstaining (of those taking part)"),
        "disputed": _("Disputed (of those taking part)"),
    }


def percent(hundredths: int | None) -> str:
    """``36.36 %``, or that there is nothing of which it could be a share."""
    return _("not counted") if hundredths is None else f"{format_area(hundredths)} %"


def _verdicts(sheet: ResultSheet) -> dict[str, tuple[str, str]]:
    """Line → what its test came to, by persons and by area."""
    persons, size = approval_verdicts(sheet.count)
    quorum = (sheet.count.quorum_persons, sheet.count.quorum_area)
    return {
        "participating": (verdict(quorum[0]), verdict(quorum[1])),
        "agree": (verdict(persons), verdict(size)),
    }


def _head() -> list[str]:
    return [
        _("Figure"),
        _("Persons"),
        _("Share of persons"),
        _("Reached?"),
        _("Area (m²)"),
        _("Share of area"),
        _("Reached?"),
    ]


def _row(line: Line, verdicts: tuple[str, str]) -> list[str]:
    return [
        _names()[line.kind],
        str(line.persons),
        percent(line.persons_share),
        verdicts[0],
        area(line.area),
        percent(line.area_share),
        verdicts[1],
    ]


def _slip_figures(slips: Slips | None) -> list[tuple[str, int]]:
    if slips is None:
        return []
    return [
        (_("Paper ballots issued"), slips.issued),
        (_("Returned"), slips.returned),
        (_("Void"), slips.void),
        (_("Outstanding"), slips.outstanding),
        (_("Late, not counted"), slips.late),
        (_("Of those returned: invalid"), slips.invalid),
    ]


def _not_written_down() -> str:
    return _(
        "What became of the paper ballots was not yet written down when these votes were counted."
    )


@bp.get("/motions/<int:motion_id>/result-sheet")
@requires(Permission.SEE_PLAN, load=votes_queries.motion_in_words)
def result_sheet(motion: Motion) -> ResponseReturnValue:
    """The result with the fields of the official form, to be printed, signed and sealed."""
    sheet = result_sheets.result_sheet(g.actor, motion, now=g.now)
    verdicts = _verdicts(sheet)
    rows = [_row(line, verdicts.get(line.kind, ("", ""))) for line in sheet.lines]
    return render_template(
        "votes/result_sheet.html",
        motion=motion,
        plan=motion.plan,
        electorate=electorate(motion),
        sheet=sheet,
        matter=matter_words(motion.matter),
        head=_head(),
        by_persons=[[row[0], *row[1:4]] for row in rows],
        by_area=[[row[0], *row[4:7]] for row in rows],
        slips=_slip_figures(sheet.slips),
        no_slips=_not_written_down(),
        said=said_of_result(sheet.count, exact=True),
    )


@bp.get("/motions/<int:motion_id>/result-sheet.xlsx")
@requires(Permission.SEE_PLAN, load=votes_queries.motion_in_words)
def result_workbook(motion: Motion) -> ResponseReturnValue:
    """The same as a workbook, one figure a cell."""
    sheet = result_sheets.result_sheet(g.actor, motion, now=g.now)
    name = f"{_('Result sheet')}-{motion.plan.building.name}-{motion.number}.xlsx"
    return workbook(_workbook(motion, sheet), name)


def _workbook(motion: Motion, sheet: ResultSheet) -> list[Sheet]:
    verdicts = _verdicts(sheet)
    head = _head()
    head[2], head[5] = _("Share of persons (%)"), _("Share of area (%)")
    rows: list[list[Value]] = [
        [
            _names()[line.kind],
            line.persons,
            _share(line.persons_share),
            verdicts.get(line.kind, ("", ""))[0],
            Area(line.area),
            _share(line.area_share),
            verdicts.get(line.kind, ("", ""))[1],
        ]
        for line in sheet.lines
    ]
    about: list[list[Value]] = [
        [_("Motion"), f"{motion.number} · {motion.title}"],
        [_("Who decides"), f"{motion.plan.building.community.name} {electorate(motion)}"],
        [_("Matter of article 278"), matter_words(motion.matter)],
        [_("Result"), word("outcomes", sheet.count.outcome)],
        [_("Record of the count"), sheet.count.digest],
        [_("Web page"), url_for(".motion", motion_id=motion.id, _external=True)],
    ]
    about += [[said, ""] for said in said_of_result(sheet.count, exact=True)]
    slips: list[list[Value]] = [[name, number] for name, number in _slip_figures(sheet.slips)]
    if not slips:
        slips = [[_not_written_down(), None]]
    return [
        Sheet(_("Result sheet"), head, rows, f"{_('Result sheet')} · {motion.title}"),
        Sheet(_("Paper ballots"), [_("Figure"), _("How many")], slips),
        Sheet(_("Motion"), [_("Figure"), _("Value")], about),
    ]


def _share(value: int | None) -> Value:
    return _("not counted") if value is None else Percent(value)
