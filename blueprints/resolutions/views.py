"""Resolutions: drafting and issuing, the public page, the contractor's requirement lists."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.resolutions import bp, figures
from blueprints.resolutions.drafts import Drawn, draft_of
from blueprints.resolutions.forms import IssueForm, RequirementsForm
from blueprints.resolutions.workbook import requirement_sheets
from blueprints.shared.access import public, requires
from blueprints.shared.downloads import csv_file, name_file, workbook
from blueprints.shared.publications import to_second_person
from domain.accounts import Permission
from domain.errors import NotNow, Refused
from domain.publications import Kind
from domain.resolutions import effective
from domain.statements import Standing
from models import plans_queries, publications_queries
from models import resolutions_queries as queries
from models.accounts import Company
from models.accounts_queries import companies_of
from models.plans import Plan
from models.resolutions import RequirementIssue, Resolution
from models.statements import statements_of
from services import bundles, publications, signing
from services import resolutions as service
from services.statements import standing_of

PER_PAGE = 20


@bp.get("/plans/<int:plan_id>/resolution")
@requires(Permission.SEE_PLAN, load=plans_queries.visible_to)
def of_plan(plan: Plan) -> ResponseReturnValue:
    """The plan's resolutions; for the committee also the draft of the next one."""
    may_issue = g.actor.may(Permission.ISSUE_RESOLUTION, plan.scope)
    return _draw_plan(plan, IssueForm() if may_issue else None, 200)


@bp.post("/plans/<int:plan_id>/resolution")
@requires(Permission.ISSUE_RESOLUTION, load=plans_queries.visible_to, confirmed=True)
def issue(plan: Plan) -> ResponseReturnValue:
    """Hand the resolution to the second person, who issues it."""
    form = IssueForm()
    if not form.validate_on_submit():
        return _draw_plan(plan, form, 422)
    try:
        made = publications.prepare_resolution(g.actor, plan, now=g.now)
    except NotNow as refusal:
        form.refuse(refusal)
        return _draw_plan(plan, form, 409)
    return to_second_person(made)


def _draw_plan(plan: Plan, form: IssueForm | None, status: int) -> ResponseReturnValue:
    body = render_template(
        "resolutions/of_plan.html",
        plan=plan,
        resolutions=queries.of_plan(plan.id),
        draft=draft_of(plan) if form else None,
        figures=figures,
        form=form,
        waiting=publications_queries.waiting(plan.id, Kind.RESOLUTION) if form else None,
        sent_back=publications_queries.sent_back(plan.id, Kind.RESOLUTION) if form else None,
        effective=effective,
        may_hand_over=g.actor.may(Permission.ISSUE_REQUIREMENTS, plan.scope),
        standings=_standings(queries.of_plan(plan.id)),
    )
    return body, status


def _standings(resolutions: Sequence[Resolution]) -> dict[int, Standing]:
    """Resolution → how it stands by what was stated about it."""
    stated = statements_of(one.id for one in resolutions)
    return {key: standing_of(listed) for key, listed in stated.items()}


@bp.get("/r")
@public
def public_list() -> ResponseReturnValue:
    """All resolutions, newest first, for anyone; or the one with the number or digest asked for."""
    wanted = request.args.get("key", "").strip()
    if wanted and queries.published(wanted):
        return redirect(url_for(".public_page", key=wanted))
    total = queries.count_published()
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    found = queries.all_published(PER_PAGE, (page - 1) * PER_PAGE)
    return render_template(
        "resolutions/public_list.html",
        resolutions=found,
        standings=_standings(found),
        page=page,
        pages=pages,
        wanted=wanted,
        effective=effective,
    )


def _published(key: str, *, with_pdf: bool = False) -> Resolution:
    found = queries.published(key, with_pdf=with_pdf)
    if found is None:
        abort(404)
    return found


@bp.get("/r/<key>")
@public
def public_page(key: str) -> ResponseReturnValue:
    """The resolution, by number or digest, drawn from its stored form."""
    resolution = _published(key)
    plan = plans_queries.visible_to(g.actor, resolution.plan_id)
    form = None
    if plan is not None and g.actor.may(Permission.ISSUE_REQUIREMENTS, plan.scope):
        form = _company_form(plan)
    return _draw_public(resolution, form, 200)


def _company_form(plan: Plan) -> RequirementsForm:
    form = RequirementsForm()
    companies = companies_of(plan.building.community)
    form.company.choices = [(company.id, company.name) for company in companies]
    return form


def _drawn_at(key: str) -> Drawn:
    return Drawn(
        lambda name: url_for(".figure", key=key, name=name),
        lambda name: url_for(".figure_csv", key=key, name=name),
    )


def _draw_public(
    resolution: Resolution, form: RequirementsForm | None, status: int
) -> ResponseReturnValue:
    stated = statements_of([resolution.id])[resolution.id]
    body = render_template(
        "resolutions/public.html",
        resolution=resolution,
        statements=stated,
        standing=standing_of(stated),
        may_state=form is not None and g.actor.may(Permission.ISSUE_RESOLUTION, resolution.scope),
        document=service.content(resolution),
        in_force=effective(resolution.in_force_at, g.now),
        form=form,
        issues=queries.issues_of(resolution.id) if form else [],
        figures=figures,
        drawn_at=_drawn_at(resolution.number),
        fingerprint=signing.fingerprint_of(resolution.public_key),
        opens_full=bool(g.actor.grants and bundles.motions_open_to(g.actor, resolution)),
    )
    return body, status


@bp.get("/r/<key>/resolution.json")
@public
def stored_form(key: str) -> ResponseReturnValue:
    """The stored form, byte for byte: its SHA-256 is the digest."""
    resolution = _published(key)
    answer = make_response(resolution.document)
    answer.mimetype = "application/json"
    return answer


@bp.get("/r/<key>/resolution.pdf")
@public
def stored_pdf(key: str) -> ResponseReturnValue:
    """The PDF made from the stored form when the resolution was issued."""
    resolution = _published(key, with_pdf=True)
    answer = make_response(resolution.pdf)
    answer.mimetype = "application/pdf"
    name_file(answer, f"{resolution.number}.pdf", disposition="inline")
    return answer


@bp.get("/r/<key>/figures/<name>.json")
@public
def figure(key: str, name: str) -> ResponseReturnValue:
    """A chart of the resolution: ``demand``, ``majority-1`` or ``cost-1`` for its first motion."""
    return figures.figure_of(service.content(_published(key)), name) or abort(404)


@bp.get("/r/<key>/figures/<name>.csv")
@public
def figure_csv(key: str, name: str) -> ResponseReturnValue:
    """The figures of the same chart as CSV."""
    document = service.content(_published(key))
    return csv_file(figures.sheet_of(document, name) or abort(404), f"{name}.csv")


@bp.post("/resolutions/<int:resolution_id>/requirements")
@requires(Permission.ISSUE_REQUIREMENTS, load=queries.resolution_visible_to, confirmed=True)
def issue_requirements(resolution: Resolution) -> ResponseReturnValue:
    """Say who is about to see what; once that is confirmed, hand the list to the contractor."""
    form = _company_form(resolution.plan)
    if not form.validate_on_submit() or "back" in request.form:
        return _draw_public(resolution, form, 200 if "back" in request.form else 422)
    known = companies_of(resolution.plan.building.community)
    company = next(one for one in known if one.id == form.company.data)
    try:
        if "confirm" not in request.form:
            service.require_handing_over(resolution, company, now=g.now)
            return _hand_over(resolution, form, company)
        service.issue_requirements(g.actor, resolution, company, now=g.now)
    except Refused as refusal:
        form.refuse(refusal)
        return _draw_public(resolution, form, 409)
    flash(_("%(company)s can see the requirement list now.", company=company.name), "success")
    return redirect(url_for(".public_page", key=resolution.number))


def _hand_over(
    resolution: Resolution, form: RequirementsForm, company: Company
) -> ResponseReturnValue:
    """Which company, and what it will see: asked once more, for it cannot be taken back."""
    return render_template(
        "resolutions/hand_over.html",
        resolution=resolution,
        form=form,
        company=company,
        document=service.content(resolution),
        figures=figures,
        already=any(one.company_id == company.id for one in queries.issues_of(resolution.id)),
    )


@bp.get("/requirements")
@requires(Permission.SEE_REQUIREMENTS)
def requirement_lists() -> ResponseReturnValue:
    """What was issued to the contractor and is in force."""
    issues = queries.issued_to(g.actor, g.now)
    documents = [(issue, service.content(issue.resolution)) for issue in issues]
    return render_template(
        "resolutions/requirement_lists.html",
        documents=documents,
        standings=_standings([issue.resolution for issue in issues]),
    )


@bp.get("/requirements/<int:issue_id>")
@requires(Permission.SEE_REQUIREMENTS, load=queries.issue_visible_to)
def requirements(issue: RequirementIssue) -> ResponseReturnValue:
    """One requirement list."""
    stated = statements_of([issue.resolution_id])[issue.resolution_id]
    return render_template(
        "resolutions/requirements.html",
        issue=issue,
        statements=stated,
        standing=standing_of(stated),
        document=service.content(issue.resolution),
        figures=figures,
    )


@bp.get("/requirements/<int:issue_id>/requirements.xlsx")
@requires(Permission.SEE_REQUIREMENTS, load=queries.issue_visible_to)
def requirements_xlsx(issue: RequirementIssue) -> ResponseReturnValue:
    """The requirement list as a workbook."""
    stated = statements_of([issue.resolution_id])[issue.resolution_id]
    sheets = requirement_sheets(service.content(issue.resolution), standing_of(stated))
    return workbook(sheets, f"{issue.resolution.number}.xlsx")
