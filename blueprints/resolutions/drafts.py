"""The draft of the next resolution: read by both people exactly as it will be, page and print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.resolutions import bp, figures
from blueprints.shared.access import requires
from blueprints.shared.downloads import csv_file, name_file
from blueprints.shared.publications import Ticks, draws
from domain.accounts import Permission
from domain.errors import NotNow
from domain.publications import Kind
from models import plans_queries
from models.plans import Plan
from models.publications import Publication
from services import resolutions, resolutions_drafts


@dataclass(frozen=True)
class Drawn:
    """Where the charts of a resolution come from: the name of one gives its address."""

    figure: Callable[[str], str]
    csv: Callable[[str], str]


@dataclass(frozen=True)
class Draft:
    """The document as it would be issued now, and what a page needs to draw it."""

    document: dict[str, Any]
    undecided: int
    drawn_at: Drawn


def draft_of(plan: Plan) -> Draft | None:
    """The plan's next resolution; ``None`` while there is nothing to take up."""
    found = resolutions_drafts.preview(plan, now=g.now)
    if not found.content.adopted:
        return None
    return Draft(
        document=resolutions_drafts.draft(plan, found, now=g.now),
        undecided=found.undecided,
        drawn_at=Drawn(
            lambda name: url_for("resolutions.draft_figure", plan_id=plan.id, name=name),
            lambda name: url_for("resolutions.draft_figure_csv", plan_id=plan.id, name=name),
        ),
    )


def _draft(plan: Plan) -> Draft:
    found = draft_of(plan)
    if found is None:
        raise NotNow("nothing_adopted")
    return found


@draws(Kind.RESOLUTION)
def what_is_issued(prepared: Publication, ticks: Ticks | None) -> str:
    """A prepared resolution as the second person reads it, part by part."""
    plan = prepared.plan
    return render_template(
        "resolutions/_prepared.html", draft=_draft(plan), plan=plan, figures=figures, ticks=ticks
    )


@bp.get("/plans/<int:plan_id>/resolution/draft.pdf")
@requires(Permission.ISSUE_RESOLUTION, load=plans_queries.visible_to)
def draft_print(plan: Plan) -> ResponseReturnValue:
    """The print as it will be, marked on every page as a draft that is not in force."""
    found = resolutions_drafts.preview(plan, now=g.now)
    if not found.content.adopted:
        raise NotNow("nothing_adopted")
    answer = make_response(resolutions.drafted(plan, found, now=g.now))
    answer.mimetype = "application/pdf"
    name = _("Draft of %(number)s", number=found.number)
    name_file(answer, f"{name}.pdf", disposition="inline")
    return answer


@bp.get("/plans/<int:plan_id>/resolution/draft.json")
@requires(Permission.ISSUE_RESOLUTION, load=plans_queries.visible_to)
def draft_figure(plan: Plan) -> ResponseReturnValue:
    """A chart of the draft (``?name=``), named as that of a resolution."""
    return figures.figure_of(_draft(plan).document, request.args.get("name", "")) or abort(404)


@bp.get("/plans/<int:plan_id>/resolution/draft.csv")
@requires(Permission.ISSUE_RESOLUTION, load=plans_queries.visible_to)
def draft_figure_csv(plan: Plan) -> ResponseReturnValue:
    """The figures of the same chart as CSV."""
    name = request.args.get("name", "")
    return csv_file(figures.sheet_of(_draft(plan).document, name) or abort(404), f"{name}.csv")
