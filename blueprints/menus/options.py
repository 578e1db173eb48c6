"""Views for options: written, worked out, revised by a new version, withdrawn; their history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from blueprints.menus import bp, page
from blueprints.menus.city import filled, kept
from blueprints.menus.forms import OptionForm, WithdrawForm, draft_values, option_form, table_values
from blueprints.shared import confirmation
from blueprints.shared.access import requires
from blueprints.shared.words import word
from domain.accounts import Permission
from domain.cities import CityProfile
from domain.errors import NotNow, Refused, Stale
from domain.menus import OptionDraft, changes, checked_option
from models import menus_queries, plans_queries
from models.menus import MenuItem, Option, OptionVersion
from services import costs, pictures
from services import menus as service
from services.reference import reference

P = Permission
ELEVATOR = "elevator"


def _profile(item: MenuItem) -> CityProfile:
    return reference().city(item.plan.building.community.city)


def _city_values(item: MenuItem) -> dict[str, Any]:
    profile = _profile(item)
    return table_values(profile.subsidy.value.to_dict(), profile.floor_table.value.to_dict())


def _starting_values(item: MenuItem) -> dict[str, Any]:
    """A new option's values: cities subsidise elevators and give floor tables for those alone."""
    values: dict[str, Any] = {
        "payer": "state" if item.consult_only else "households",
        "quantity": 100,
    }
    if item.catalogue_key == ELEVATOR:
        return values | _city_values(item)
    return values | table_values({"kind": "none"}, {"kind": "area"})


def _floors(item: MenuItem, *tables: Sequence[str]) -> set[int]:
    """The floors that get a field: those of the community's buildings, and those in a table."""
    floors = set(plans_queries.floors_of_community(item.plan.building.community_id))
    return floors | {int(floor) for table in tables for floor in table}


def _form(item: MenuItem, values: dict[str, Any], draft: OptionDraft | None) -> OptionForm:
    tables = []
    if draft is not None:
        tables = [list(draft.scheme.get("floors", {})), list(draft.subsidy.get("amounts", {}))]
    city = _city_values(item)
    floors = _floors(item, *tables)
    if request.method == "POST" and "from_city" in request.form:
        sent: MultiDict[str, Any] = MultiDict(request.form)
        sent.update(request.files)
        return option_form(floors, filled(sent, city))
    return option_form(floors, **values)


def _picture(form: OptionForm, before: int | None) -> int | None:
    """The picture the option has after this form; a new one is kept even if the rest is refused."""
    upload = form.picture.data
    if upload:
        with closing(upload):
            content = upload.read(pictures.MAX_BYTES + 1)
        stored = pictures.store(content, now=g.now)
        form.picture_key.data = stored.sha256
        return stored.id
    if form.without_picture.data:
        form.picture_key.data = ""
        return None
    if form.picture_key.data:
        known = pictures.by_digest(form.picture_key.data)
        return known.id if known else None
    return before


def _drawn(
    form: OptionForm,
    item: MenuItem,
    status: int,
    *,
    version: OptionVersion | None = None,
    worked: page.Preview | None = None,
    conflict: Sequence[page.ChangeRow] = (),
) -> ResponseReturnValue:
    profile = _profile(item)
    from_city = "from_city" in request.form
    body = render_template(
        "menus/option.html",
        form=form,
        item=item,
        plan=item.plan,
        version=version,
        worked=worked,
        conflict=conflict,
        needs_note=item.plan.menu_published_at is not None,
        city=profile,
        from_city=from_city,
        kept=kept(form, _city_values(item)) if from_city else (),
        picture_url=page.picture_url(version) if version else None,
    )
    return body, status


def _worked(item: MenuItem, draft: OptionDraft) -> page.Preview:
    """What was typed, worked out in the plan's building; nothing is stored but the picture."""
    checked = checked_option(draft)
    worked = costs.work_out(checked, item.decided_by, costs.house(item.plan.building_id))
    return page.Preview(worked.bill, word("payers", checked.payer), page.floor_tables(worked))


def _handled(
    form: OptionForm,
    item: MenuItem,
    save: Callable[[OptionDraft], object],
    *,
    version: OptionVersion | None = None,
) -> ResponseReturnValue | None:
    """The answer to a sent form, or ``None`` once it is saved."""
    from_city = "from_city" in request.form
    valid = from_city or form.validate()
    if confirmation.FILES_LEFT_BEHIND in request.form:
        form.picture.errors = [*form.picture.errors, confirmation.CHOOSE_AGAIN]
        valid = False
    try:
        # A browser cannot keep a chosen file: the picture is kept even if the rest is refused.
        picture = _picture(form, version.picture_id if version else None)
        if from_city or not valid:
            return _drawn(form, item, 200 if valid else 422, version=version)
        draft = form.draft(picture)
        if "work_out" in request.form:
            worked = _worked(item, draft)
            return _drawn(form, item, 200, version=version, worked=worked)
        save(draft)
    except Stale as refusal:
        form.refuse(refusal)
        return _conflict(form, item, draft, version)
    except Refused as refusal:
        form.refuse(refusal)
        return _drawn(form, item, 409 if isinstance(refusal, NotNow) else 422, version=version)
    return None


def _conflict(
    form: OptionForm, item: MenuItem, draft: OptionDraft, version: OptionVersion | None
) -> ResponseReturnValue:
    """What somebody else saved stands beside what was typed; sending again overwrites it."""
    current = _newest(version.option) if version else None
    rows: Sequence[page.ChangeRow] = ()
    if current is not None:
        with suppress(Refused):
            draft = checked_option(draft)
        rows = page.change_rows(changes(service.option_draft(current), draft), item.unit)
        form.revision.data = _token(current)
    return _drawn(form, item, 409, version=current, conflict=rows)


def _newest(option: Option) -> OptionVersion:
    return option.versions[-1]


def _is_published(option: Option) -> bool:
    """Whether households have read it: a new version of it then wants the second factor."""
    return option.published is not None


def _token(version: OptionVersion) -> str:
    """Which version, in which state, a form was drawn from."""
    return f"{version.number}.{version.revision}.{'p' if version.published_at else 'd'}"


@bp.route("/items/<int:item_id>/options/new", methods=["GET", "POST"])
@requires(P.COMPOSE_MENU, load=menus_queries.item_visible_to)
def new_option(item: MenuItem) -> ResponseReturnValue:
    """Write an option."""
    form = _form(item, _starting_values(item), None)
    if form.is_submitted():
        answer = _handled(
            form,
            item,
            lambda draft: service.add_option(
                g.actor, item, draft, note=form.change_note.data or "", now=g.now
            ),
        )
        if answer is not None:
            return answer
        flash(_("The option is saved as a draft."), "success")
        return redirect(url_for(".compose", plan_id=item.plan_id))
    return _drawn(form, item, 200)


@bp.route("/options/<int:option_id>/edit", methods=["GET", "POST"])
@requires(P.COMPOSE_MENU, load=menus_queries.option_visible_to, confirmed=_is_published)
def edit_option(option: Option) -> ResponseReturnValue:
    """Edit the draft, or write a new version of what is published."""
    version, item = _newest(option), option.item
    before = service.option_draft(version)
    note = "" if version.published_at else version.change_note
    form = _form(item, draft_values(before) | {"change_note": note}, before)
    if not form.is_submitted():
        form.revision.data = _token(version)
        return _drawn(form, item, 200, version=version)
    answer = _handled(form, item, lambda draft: _save(form, version, draft), version=version)
    if answer is not None:
        return answer
    flash(_("Saved."), "success")
    return redirect(url_for(".compose", plan_id=item.plan_id))


def _save(form: OptionForm, version: OptionVersion, draft: OptionDraft) -> None:
    if form.revision.data != _token(version):
        raise Stale("changed_meanwhile")
    note = form.change_note.data or ""
    if version.published_at is None:
        late = version.option.item.plan.menu_published_at is not None
        service.edit_draft(
            g.actor,
            version,
            draft,
            revision=version.revision,
            note=note if late else None,
            now=g.now,
        )
        return
    service.revise(
        g.actor,
        version.option,
        draft,
        change_note=note,
        base=version.number,
        publish="keep_draft" not in request.form,
        now=g.now,
    )


@bp.get("/options/<int:option_id>")
@requires(P.SEE_PLAN, load=menus_queries.option_visible_to)
def option(option: Option) -> ResponseReturnValue:
    """An option's published versions, and field by field what each changed."""
    return render_template(
        "menus/history.html",
        option=option,
        plan=option.item.plan,
        history=page.history(option),
        may_compose=g.actor.may(P.COMPOSE_MENU, option.scope),
    )


@bp.post("/versions/<int:version_id>/publish")
@requires(P.COMPOSE_MENU, load=menus_queries.version_visible_to, confirmed=True)
def publish_version(version: OptionVersion) -> ResponseReturnValue:
    """Publish a draft on a menu that is published already."""
    plan_id = version.option.item.plan_id
    revision = request.form.get("revision", "")
    service.publish_version(
        g.actor, version, revision=int(revision) if revision.isdecimal() else -1, now=g.now
    )
    flash(_("The new version is published. Households are shown what changed."), "success")
    return redirect(url_for(".compose", plan_id=plan_id))


@bp.post("/versions/<int:version_id>/remove")
@requires(P.COMPOSE_MENU, load=menus_queries.version_visible_to)
def remove_draft(version: OptionVersion) -> ResponseReturnValue:
    """Throw a draft away."""
    plan_id = version.option.item.plan_id
    service.remove_draft(g.actor, version, now=g.now)
    flash(_("The draft is gone."), "success")
    return redirect(url_for(".compose", plan_id=plan_id))


@bp.route("/options/<int:option_id>/withdraw", methods=["GET", "POST"])
@requires(P.COMPOSE_MENU, load=menus_queries.option_visible_to)
def withdraw_option(option: Option) -> ResponseReturnValue:
    """Offer an option no longer, and say why."""
    form = WithdrawForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                service.withdraw_option(g.actor, option, reason=form.reason.data, now=g.now)
            except Refused as refusal:
                form.refuse(refusal)
                status = 409 if isinstance(refusal, NotNow) else 422
            else:
                flash(_("The option is withdrawn."), "success")
                return redirect(url_for(".compose", plan_id=option.item.plan_id))
    return render_template(
        "menus/withdraw.html", form=form, option=option, plan=option.item.plan
    ), status
