"""A package of works under a budget, each step in words. It only proposes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.desk import bp
from blueprints.desk.forms import BudgetForm
from blueprints.desk.words import offer_name
from blueprints.shared.access import requires
from blueprints.shared.localisation import money
from domain.accounts import Permission
from domain.errors import Refused
from domain.packages import Proposal, Reason, Step, Way
from models.plans import Plan
from models.preferences_queries import plan_visible_to
from services import desk, desk_packages


@dataclass(frozen=True)
class StepView:
    """One purchase: what, its cost, and how it came into the package."""

    what: str
    cost: str
    text: str


@dataclass(frozen=True)
class ProposalView:
    """One proposal: its steps, what it leaves of the budget, whom it serves, what stays out."""

    steps: list[StepView]
    parts: list[list[str]]
    total: str
    left_out: list[list[str]]


def _households(number: int) -> str:
    return ngettext("%(num)s household", "%(num)s households", number)


def _joined(first: str, then: str) -> str:
    """Two sentences after each other: Chinese puts no blank between them."""
    return _("%(first)s %(then)s", first=first, then=then)


def _shared(step: Step) -> str:
    if not step.cost:
        return _("It costs the households nothing, and more want it than oppose it.")
    rate = step.rate or 0
    together = ngettext(
        "This %(num)s household paid for it alone.",
        "These %(num)s households together paid for it.",
        step.payers,
    )
    each = _(
        "Whoever needs it put in at most about %(need)s yuan of its part of the budget, whoever "
        "can accept it about %(accept)s yuan.",
        need=money(_whole_fen(2 * rate)),
        accept=money(_whole_fen(rate)),
    )
    return _joined(together, each)


def _whole_fen(amount: Fraction | int) -> int:
    """The nearest whole fen, halves up."""
    exact = Fraction(amount)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def _parts(proposal: Proposal) -> list[list[str]]:
    """What was bought by equal shares and what completion added, where there is a difference."""
    if not any(step.way is not Way.MOST_WANTED for step in proposal.steps):
        return []
    shared, completed = (proposal.spent_by(way) for way in (Way.SHARED, Way.COMPLETED))
    return [
        [_("Bought by equal shares"), money(shared)],
        [_("Added by completion, from what was left over"), money(completed)],
        [_("Together"), money(proposal.spent)],
    ]


def _text(step: Step) -> str:
    if step.way is Way.SHARED:
        text = _shared(step)
    elif step.way is Way.COMPLETED:
        text = _(
            "Bought from what was left over: of what still fits it is wanted most (%(points)s "
            "points).",
            points=step.points,
        )
    else:
        text = _("Of what still fits it is wanted most (%(points)s points).", points=step.points)
    left = _("%(left)s yuan are left.", left=money(step.left))
    return _joined(text, left)


def _reason(reason: Reason) -> str:
    return {
        Reason.NOT_WANTED: _("Not more households want it than oppose it."),
        Reason.TOO_DEAR: _("It costs more than what is left."),
        Reason.EXCLUDED: _("Another option of the same item is in the package."),
        Reason.REQUIREMENT_MISSING: _("What it needs first is not in the package."),
    }[reason]


def _view(found: desk_packages.Package, proposal: Proposal, served: int) -> ProposalView:
    def name(key: str) -> str:
        lot = found.lots[key]
        return offer_name(lot.offer, lot.place)

    steps = [
        StepView(name(step.key), _("%(amount)s yuan", amount=money(step.cost)), _text(step))
        for step in proposal.steps
    ]
    total = _(
        "%(spent)s of %(budget)s yuan are used, %(left)s yuan are left. %(served)s of "
        "%(answered)s get at least one thing they want.",
        spent=money(proposal.spent),
        budget=money(found.budget),
        left=money(found.budget - proposal.spent),
        served=_households(served),
        answered=found.answered,
    )
    left_out = [
        [name(key), money(found.lots[key].cost), _reason(reason)]
        for key, reason in proposal.left_out.items()
    ]
    return ProposalView(steps, _parts(proposal), total, left_out)


@bp.get("/plans/<int:plan_id>/desk/package")
@requires(Permission.SEE_ANSWERS, load=plan_visible_to)
def package(plan: Plan) -> ResponseReturnValue:
    """What a budget would buy by equal shares, and beside it by most wanted first."""
    form = BudgetForm(formdata=request.args if "budget" in request.args else None)
    found = desk.look(g.actor, plan, now=g.now)
    status, proposed = 200, None
    if "budget" in request.args and found.votable and found.answered:
        status = 422
        if form.validate():
            try:
                each = form.basis.data == "each"
                whole = desk_packages.whole_budget(found, form.budget.data, each=each)
                proposed = desk_packages.propose(found, whole)
                status = 200
            except Refused as refusal:
                form.refuse(refusal)
    return render_template(
        "desk/package.html",
        plan=plan,
        desk=found,
        form=form,
        proposed=proposed,
        shared=proposed and _view(proposed, proposed.shared, proposed.served_shared),
        plain=proposed and _view(proposed, proposed.plain, proposed.served_plain),
    ), status
