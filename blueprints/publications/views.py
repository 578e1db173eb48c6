"""What waits for its second person: read, released, sent back, withdrawn."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import TextAreaField

from blueprints.publications import bp
from blueprints.shared import publications as drawing
from blueprints.shared.access import requires
from blueprints.shared.forms import Form, NotBlank
from blueprints.shared.messages import sentence
from domain.accounts import Permission
from domain.errors import NotNow, NotYours, Refused, Stale
from domain.publications import REASON_LENGTH, Kind
from models import publications_queries as queries
from models.publications import Publication
from services import publications as service


class SendBackForm(Form):
    """Why it is not released."""

    reason = TextAreaField(
        drawing.REASON, [NotBlank()], render_kw={"maxlength": REASON_LENGTH, "rows": 3}
    )


@bp.get("/publications/<int:publication_id>")
@requires(Permission.RELEASE, load=queries.visible_to)
def show(publication: Publication) -> ResponseReturnValue:
    """What was prepared, and what the reader can do with it."""
    return _draw(publication, SendBackForm(), 200)


def _draw(
    publication: Publication, form: SendBackForm, status: int, *, tried: bool = False
) -> ResponseReturnValue:
    waits = publication.outcome is None
    mine = publication.prepared_by == g.actor.account_id
    found = service.waiting(g.actor, publication, now=g.now) if waits else service.Waiting(None)
    stands_in_the_way = found.hindrance
    ticks = None
    if found.sections and not mine:
        ticks = drawing.Ticks(found.sections, frozenset(request.form.getlist("read")), tried)
    others = [
        one
        for one in queries.committee_of(publication.plan.building.community)
        if one.id != publication.prepared_by
    ]
    body = render_template(
        "publications/show.html",
        form=form,
        publication=publication,
        plan=publication.plan,
        community=publication.plan.building.community,
        title=drawing.title_of(publication),
        drawn=drawing.drawn(publication, ticks) if waits and not stands_in_the_way else "",
        ticks=ticks,
        waits=waits,
        mine=mine,
        others=others,
        hindrance=sentence(stands_in_the_way) if stands_in_the_way else None,
        prepare_url=drawing.prepare_url(publication),
        result_url=drawing.result_url(publication),
    )
    return body, status


@bp.post("/publications/<int:publication_id>/release")
@requires(Permission.RELEASE, load=queries.visible_to, confirmed=True)
def release(publication: Publication) -> ResponseReturnValue:
    """Publish what the other person has prepared, once each part of it was ticked."""
    read = request.form.getlist("read")
    try:
        done = service.release(
            g.actor, publication, now=g.now, read=read, address=drawing.address_of
        )
    except (NotYours, NotNow):
        raise
    except Refused as refusal:
        form = SendBackForm(formdata=None)
        form.form_errors.append(sentence(refusal))
        status = 409 if isinstance(refusal, Stale) else 422
        return _draw(publication, form, status, tried=True)
    flash(drawing.said_when_released(Kind(done.kind)), "success")
    return redirect(drawing.result_url(done) or url_for("home.index"), 303)


@bp.post("/publications/<int:publication_id>/send-back")
@requires(Permission.RELEASE, load=queries.visible_to)
def send_back(publication: Publication) -> ResponseReturnValue:
    """Do not release it, and say why."""
    form = SendBackForm()
    if not form.validate_on_submit():
        return _draw(publication, form, 422)
    try:
        service.send_back(g.actor, publication, reason=form.reason.data or "", now=g.now)
    except (NotYours, NotNow):
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return _draw(publication, form, 422)
    flash(_("Sent back. Whoever prepared it reads your reason."), "success")
    return redirect(url_for(".show", publication_id=publication.id), 303)


@bp.post("/publications/<int:publication_id>/withdraw")
@requires(Permission.RELEASE, load=queries.visible_to)
def withdraw(publication: Publication) -> ResponseReturnValue:
    """Take back what one has prepared oneself."""
    service.withdraw(g.actor, publication, now=g.now)
    flash(_("Taken back. You can change it and prepare it anew."), "success")
    return redirect(drawing.prepare_url(publication), 303)
