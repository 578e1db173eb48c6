"""Importing a roster: upload, preview, correct the reading, confirm; and the register as a file."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.register import bp
from blueprints.register.forms import (
    ConfirmForm,
    ReadingForm,
    UploadForm,
    reading_form,
    reading_of,
)
from blueprints.register.page import edited, roster_sheet
from blueprints.register.words import fault_line, field_name, refusal_text, remark_groups
from blueprints.shared.access import requires
from blueprints.shared.downloads import workbook
from documents.sheets_guard import MAX_BYTES
from domain.accounts import Permission
from domain.errors import Refused, Stale
from models import register_queries as queries
from models.register import Community, RosterImport
from services import register as service
from services.register import Preview

ROWS_PER_PAGE = 100
# Of lists that a good file does not have, no more than a person would read.
MOST_SHOWN = 300


@bp.get("/communities/<int:community_id>/roster.xlsx")
@requires(Permission.SEE_NAMES, load=queries.community_visible_to)
def roster(community: Community) -> ResponseReturnValue:
    """The register as a roster: to be corrected and imported again, or filled in."""
    sheet = roster_sheet(community.name, queries.dwellings_of(community.id))
    return workbook([sheet], "roster.xlsx")


@bp.route("/communities/<int:community_id>/import", methods=["GET", "POST"])
@requires(Permission.EDIT_REGISTER, load=queries.community_visible_to)
def upload(community: Community) -> ResponseReturnValue:
    """Choose the file; a good one leads to its preview."""
    form = UploadForm()

    def act() -> str:
        given = form.file.data
        made = service.upload_roster(
            g.actor,
            community,
            file_name=given.filename or "",
            # One byte more than is allowed shows that there are more.
            data=given.stream.read(MAX_BYTES + 1),
            now=g.now,
        )
        return url_for(".preview", import_id=made.id)

    return edited(form, act, "register/upload.html", community=community)


@bp.get("/imports/<int:import_id>")
@requires(Permission.EDIT_REGISTER, load=queries.import_visible_to)
def preview(upload: RosterImport) -> ResponseReturnValue:
    """What the file says, what is refused, what confirming would change."""
    if upload.applied_at is not None:
        return render_template(
            "register/imported.html",
            upload=upload,
            community=upload.community,
            applied=upload.reading["applied"],
        )
    return _draw(service.preview_import(upload))


@bp.post("/imports/<int:import_id>/reading")
@requires(Permission.EDIT_REGISTER, load=queries.import_visible_to)
def set_reading(upload: RosterImport) -> ResponseReturnValue:
    """Say by hand what columns, sheet and building are."""
    shown = service.preview_import(upload)
    form = _reading_form(shown)
    if not form.validate_on_submit():
        return _draw(shown, reading=form, status=422)
    columns = shown.roster.columns if shown.roster else ()
    try:
        service.set_reading(g.actor, upload, reading_of(form, columns), now=g.now)
    except Refused as refusal:
        form.refuse(refusal)
        return _draw(shown, reading=form, status=409 if isinstance(refusal, Stale) else 422)
    return redirect(url_for(".preview", import_id=upload.id))


@bp.post("/imports/<int:import_id>/confirm")
@requires(Permission.EDIT_REGISTER, load=queries.import_visible_to, confirmed=True)
def confirm(upload: RosterImport) -> ResponseReturnValue:
    """Write what the preview showed into the register, all of it."""
    if upload.applied_at is not None:
        return redirect(url_for(".preview", import_id=upload.id))
    shown = service.preview_import(upload)
    form = _confirm_form(shown)
    if not form.validate_on_submit():
        return _draw(shown, form=form, status=422)
    try:
        service.confirm_import(
            g.actor,
            upload,
            digest=form.digest.data or "",
            retire_gone=form.gone.data == "retire" if "gone" in form else None,
            accept_refused="accept_refused" in form and bool(form.accept_refused.data),
            now=g.now,
        )
    except Stale as refusal:
        again = service.preview_import(upload)
        fresh = _confirm_form(again)
        fresh.digest.data = again.digest
        fresh.refuse(refusal)
        return _draw(again, form=fresh, status=409)
    except Refused as refusal:
        form.refuse(refusal)
        return _draw(shown, form=form, status=422)
    flash(_("The roster is in the register."), "success")
    return redirect(url_for(".preview", import_id=upload.id))


@bp.post("/imports/<int:import_id>/drop")
@requires(Permission.EDIT_REGISTER, load=queries.import_visible_to)
def drop(upload: RosterImport) -> ResponseReturnValue:
    """Forget an upload that is not to be used."""
    community_id = upload.community_id
    service.drop_upload(g.actor, upload, now=g.now)
    flash(_("The upload was dropped; the register is unchanged."), "info")
    return redirect(url_for(".community", community_id=community_id))


def _confirm_form(shown: Preview) -> ConfirmForm:
    form = ConfirmForm()
    if not form.is_submitted():
        form.digest.data = shown.digest
    if shown.roster is None or not shown.roster.refused_rows:
        del form.accept_refused
    if shown.difference is None or not shown.difference.gone:
        del form.gone
    return form


def _reading_form(shown: Preview) -> ReadingForm:
    return reading_form(shown.roster, shown.sheets, shown.reading)


def _draw(
    shown: Preview,
    *,
    form: ConfirmForm | None = None,
    reading: ReadingForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    roster = shown.roster
    pages = max(1, -(-len(roster.dwellings) // ROWS_PER_PAGE)) if roster else 1
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    rows = roster.dwellings[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE] if roster else ()
    body = render_template(
        "register/preview.html",
        upload=shown.upload,
        community=shown.upload.community,
        preview=shown,
        roster=roster,
        told=shown.difference,
        # Errors of either form are summed up above the heading.
        form=form or (reading if reading and reading.errors else _confirm_form(shown)),
        confirm=form or _confirm_form(shown),
        reading=reading or _reading_form(shown),
        blocked=refusal_text(shown.blocked) if shown.blocked else "",
        faults=[fault_line(fault) for fault in roster.refused[:MOST_SHOWN]] if roster else [],
        groups=remark_groups(roster.remarks) if roster else [],
        several=list(roster.owners_of_several.items())[:MOST_SHOWN] if roster else [],
        rows=rows,
        page=page,
        pages=pages,
        most=MOST_SHOWN,
        field_name=field_name,
    )
    return body, status
