"""The audit log: the chains the actor may read, entry by entry, and whether they are whole."""

from __future__ import annotations

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Optional

from blueprints.audit import bp
from blueprints.audit.words import line_of
from blueprints.shared.access import requires
from blueprints.shared.forms import Form
from domain.accounts import Permission
from domain.errors import Refused
from models import audit_queries
from services import audit

PER_PAGE = 50
# Up to here a chain is checked whenever it is read; a longer one when the reader asks.
CHECKED_UNASKED = 2_000


class HeadForm(Form):
    """An earlier head, typed from a notice or receipt. It only looks, so it is sent by GET."""

    class Meta(FlaskForm.Meta):
        csrf = False

    number = StringField(_l("Number"), [Optional()])
    digest = StringField(
        _l("Digest"), [Optional()], description=_l("The first 8 characters are enough.")
    )


@bp.get("/audit")
@requires(Permission.READ_AUDIT)
def index() -> ResponseReturnValue:
    """The chains there are."""
    return render_template("audit/index.html", chains=audit_queries.chains_of(g.actor))


@bp.get("/audit/<chain>")
@requires(Permission.READ_AUDIT, load=audit_queries.visible_to)
def show(chain: audit_queries.Chain) -> ResponseReturnValue:
    """A page of the chain in words, newest first, and what checking the chain found."""
    entries = audit_queries.size_of(chain.name)
    pages = max(1, -(-entries // PER_PAGE))
    page = request.args.get("page", default=1, type=int)
    if not 1 <= page <= pages:
        abort(404)
    form = HeadForm(request.args)
    known, status = None, 200
    if form.number.data or form.digest.data:
        try:
            known = audit.read_head(form.number.data or "", form.digest.data or "")
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
    asked = "check" in request.args or known is not None or entries <= CHECKED_UNASKED
    rows = audit_queries.page_of(chain.name, page=page, size=PER_PAGE)
    actors = audit_queries.actors_of(rows)
    body = render_template(
        "audit/chain.html",
        chain=chain,
        form=form,
        known=known,
        lines=[line_of(row, actors.get(row.account_id or 0)) for row in rows],
        checked=audit.check(chain.name, known=known) if asked else None,
        entries=entries,
        page=page,
        pages=pages,
    )
    return body, status
