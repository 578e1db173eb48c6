"""Views of what was stated about a resolution: making a statement, and reading all as stored."""

from __future__ import annotations

from flask import abort, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.resolutions import bp
from blueprints.resolutions.forms import StatementForm
from blueprints.shared.access import public, requires
from blueprints.shared.publications import Ticks, already, draws, to_second_person
from domain.accounts import Permission
from domain.errors import NotYours, Refused
from domain.publications import Kind
from domain.statements import StatementDraft, acts_open_to
from models import publications_queries
from models import resolutions_queries as queries
from models.publications import Publication
from models.resolutions import Resolution
from models.statements import statements_of
from services import publications, publications_kinds
from services import statements as service


@bp.route("/resolutions/<int:resolution_id>/statements/new", methods=["GET", "POST"])
@requires(Permission.ISSUE_RESOLUTION, load=queries.resolution_visible_to, confirmed=True)
def state(resolution: Resolution) -> ResponseReturnValue:
    """Prepare the statement that it is suspended, in force again, annulled or withdrawn."""
    waiting = publications_queries.waiting(resolution.plan_id, Kind.STATEMENT)
    if waiting is not None:
        return already(waiting)
    earlier = statements_of([resolution.id])[resolution.id]
    acts = acts_open_to(service.standing_of(earlier))
    form = StatementForm()
    form.offer(acts)
    status = 200 if request.method == "GET" else 422
    if form.validate_on_submit():
        draft = StatementDraft(
            act=form.act.data,
            authority=form.authority.data or "",
            document_number=form.document_number.data or "",
            document_date=form.document_date.data,
            reason=form.reason.data or "",
        )
        try:
            made = publications.prepare_statement(g.actor, resolution, draft, now=g.now)
        except NotYours:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return to_second_person(made)
    body = render_template(
        "resolutions/state.html",
        form=form,
        resolution=resolution,
        plan=resolution.plan,
        acts=acts,
        sent_back=publications_queries.sent_back(resolution.plan_id, Kind.STATEMENT),
    )
    return body, status


@draws(Kind.STATEMENT)
def what_is_stated(prepared: Publication, _ticks: Ticks | None) -> str:
    """A prepared statement as the second person reads it."""
    arguments = prepared.arguments
    resolution = queries.resolution_visible_to(g.actor, arguments["resolution"]) or abort(404)
    return render_template(
        "resolutions/_statement_prepared.html",
        resolution=resolution,
        draft=publications_kinds.statement_of(arguments),
        earlier=statements_of([resolution.id])[resolution.id],
    )


@bp.get("/r/<key>/statements.json")
@public
def stored_statements(key: str) -> ResponseReturnValue:
    """What was stated since, each document with its signature and key, as in the bundle."""
    resolution = queries.published(key)
    stated = statements_of([resolution.id])[resolution.id] if resolution else []
    if not stated:
        abort(404)
    answer = make_response(service.bundle_file(stated))
    answer.mimetype = "application/json"
    return answer
