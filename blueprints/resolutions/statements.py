"""Views of what was stated about a resolution: making a statement, and reading all as stored."""

from __future__ import annotations

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.resolutions import bp
from blueprints.resolutions.forms import StatementForm
from blueprints.shared.access import public, requires
from domain.accounts import Permission
from domain.errors import Refused, Stale
from domain.statements import StatementDraft, acts_open_to
from models import resolutions_queries as queries
from models.resolutions import Resolution
from models.statements import statements_of
from services import statements as service


@bp.route("/resolutions/<int:resolution_id>/statements/new", methods=["GET", "POST"])
@requires(Permission.ISSUE_RESOLUTION, load=queries.resolution_visible_to, confirmed=True)
def state(resolution: Resolution) -> ResponseReturnValue:
    """State that the resolution is suspended, in force again, annulled or withdrawn."""
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
            service.issue_statement(g.actor, resolution, draft, now=g.now)
        except Stale:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Stated. It stands at the top of the resolution from now on."), "success")
            return redirect(url_for(".public_page", key=resolution.number), 303)
    body = render_template(
        "resolutions/state.html",
        form=form,
        resolution=resolution,
        plan=resolution.plan,
        acts=acts,
    )
    return body, status


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
