"""Views for menus: the reading page, composing, the catalogue, items, pictures."""

from __future__ import annotations

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.menus import bp, page
from blueprints.menus.forms import CatalogueForm, ItemForm
from blueprints.shared.access import requires
from blueprints.shared.localisation import locale
from blueprints.shared.words import word
from domain.accounts import Permission, Role
from domain.catalogue import CatalogueItem
from domain.errors import NotNow, Refused, Stale
from domain.menus import ItemClass
from domain.plans import Stage, plan_stage
from models import menus_queries, plans_queries
from models.menus import MenuItem, OptionVersion
from models.plans import Plan
from services import costs
from services import menus as service
from services import plans as plans_service
from services.reference import reference

P = Permission


@bp.get("/plans/<int:plan_id>/menu")
@requires(P.SEE_PLAN, load=plans_queries.visible_to)
def menu(plan: Plan) -> ResponseReturnValue:
    """The menu as households read it, each option with the reader's own share."""
    stage = plan_stage(plans_service.facts(plan), g.now)
    own = menus_queries.own_dwellings(g.actor, plan)
    looked_at = menus_queries.last_answered(plan.id, own) if own else None
    rented = menus_queries.rented_dwellings(g.actor)
    reader = page.Reader(own, looked_at, plan.menu_published_at, rented)
    house = costs.house(plan.building_id)
    return render_template(
        "menus/menu.html",
        plan=plan,
        stage=stage,
        answered=looked_at is not None,
        groups=page.menu_groups(menus_queries.items_of(plan.id), house, reader),
        may_answer=stage is Stage.CONSULTING and g.actor.may(P.ANSWER_MENU, plan.scope),
        may_object=g.actor.may(P.RAISE_OBJECTION, plan.scope),
        may_compose=g.actor.may(P.COMPOSE_MENU, plan.scope),
        tenant=any(grant.capacity == "tenant" for grant in g.actor.grants_of(Role.RESIDENT)),
    )


@bp.get("/plans/<int:plan_id>/compose")
@requires(P.COMPOSE_MENU, load=plans_queries.visible_to)
def compose(plan: Plan) -> ResponseReturnValue:
    """The menu as it is being written."""
    stage = plan_stage(plans_service.facts(plan), g.now)
    house = costs.house(plan.building_id)
    items = menus_queries.items_of(plan.id)
    reader = page.Reader()
    return render_template(
        "menus/compose.html",
        plan=plan,
        groups=page.menu_groups(items, house, reader, drafts=True),
        faults=service.faults_of_menu(items) if plan.menu_published_at is None else [],
        may_add=stage in service.ADDING,
        seen={item.id for item in items if service.is_published(item)},
    )


def _found(query: str, item_class: str, taken: set[str | None]) -> dict[str, list[CatalogueItem]]:
    """Catalogue entries by class whose names hold the query, in either language."""
    wanted = query.casefold()
    groups: dict[str, list[CatalogueItem]] = {}
    for entry in reference().catalogue.values():
        names = f"{entry.name.zh} {entry.name.en} {entry.key}".casefold()
        if entry.key in taken or (item_class and entry.item_class != item_class):
            continue
        if wanted in names:
            groups.setdefault(entry.item_class.value, []).append(entry)
    return {one.value: groups[one.value] for one in ItemClass if one.value in groups}


@bp.route("/plans/<int:plan_id>/compose/catalogue", methods=["GET", "POST"])
@requires(P.COMPOSE_MENU, load=plans_queries.visible_to)
def catalogue(plan: Plan) -> ResponseReturnValue:
    """Choose items from the catalogue, several at once."""
    form = CatalogueForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                added = service.add_from_catalogue(
                    g.actor, plan, form.keys.data or [], language=locale(), now=g.now
                )
            except Refused as refusal:
                form.refuse(refusal)
                status = 409 if isinstance(refusal, NotNow) else 422
            else:
                flash(_("%(number)s items are on the menu now.", number=len(added)), "success")
                return redirect(url_for(".compose", plan_id=plan.id))
    query = request.args.get("q", "").strip()[:100]
    item_class = request.args.get("class", "")
    if item_class not in list(ItemClass):
        item_class = ""
    taken = {item.catalogue_key for item in menus_queries.items_of(plan.id)}
    return render_template(
        "menus/catalogue.html",
        form=form,
        plan=plan,
        query=query,
        item_class=item_class,
        classes=[
            ("", _("All classes")),
            *((one.value, word("item_classes", one)) for one in ItemClass),
        ],
        groups=[
            (word("item_classes", key), entries)
            for key, entries in _found(query, item_class, taken).items()
        ],
        ticked=set(form.keys.data or []),
        language=locale(),
    ), status


@bp.route("/plans/<int:plan_id>/items/new", methods=["GET", "POST"])
@requires(P.COMPOSE_MENU, load=plans_queries.visible_to)
def new_item(plan: Plan) -> ResponseReturnValue:
    """Write an item from scratch."""
    form = ItemForm(item_class="basic", decided_by="building", matter=7)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                item = service.add_item(g.actor, plan, form.draft(), now=g.now)
            except Refused as refusal:
                form.refuse(refusal)
                status = 409 if isinstance(refusal, NotNow) else 422
            else:
                return redirect(url_for(".new_option", item_id=item.id))
    return render_template("menus/item.html", form=form, plan=plan, item=None, other=None), status


@bp.route("/items/<int:item_id>/edit", methods=["GET", "POST"])
@requires(P.COMPOSE_MENU, load=menus_queries.item_visible_to)
def edit_item(item: MenuItem) -> ResponseReturnValue:
    """Change an item that no household has seen yet."""
    plan = item.plan
    form = ItemForm(obj=item)
    status, other = 200, None
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                service.edit_item(
                    g.actor, item, form.draft(), revision=_number(form.revision.data), now=g.now
                )
            except Stale as refusal:
                form.refuse(refusal)
                # What is there now stands beside what was typed; sending again overwrites it.
                form.revision.data = item.revision
                status, other = 409, item
            except Refused as refusal:
                form.refuse(refusal)
                status = 409 if isinstance(refusal, NotNow) else 422
            else:
                return redirect(url_for(".compose", plan_id=plan.id))
    return render_template("menus/item.html", form=form, plan=plan, item=item, other=other), status


@bp.post("/items/<int:item_id>/remove")
@requires(P.COMPOSE_MENU, load=menus_queries.item_visible_to)
def remove_item(item: MenuItem) -> ResponseReturnValue:
    """Take an item off the menu before anybody has seen it."""
    plan_id = item.plan_id
    service.remove_item(g.actor, item, now=g.now)
    flash(_("The item is off the menu."), "success")
    return redirect(url_for(".compose", plan_id=plan_id))


@bp.get("/versions/<int:version_id>/picture")
@requires(P.SEE_PLAN, load=menus_queries.version_with_picture)
def picture(version: OptionVersion) -> ResponseReturnValue:
    """A version's picture, with the type its bytes have."""
    found = version.picture
    if found is None:
        abort(404)
    answer = Response(found.content, mimetype=found.media_type)
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if version.published_at is not None:
        # A published version never changes, nor does what this address answers.
        answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    answer.set_etag(found.sha256)
    return answer.make_conditional(request)


def _number(sent: object) -> int:
    """A revision sent back by the form; whatever is not a number is no revision."""
    text = str(sent or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
