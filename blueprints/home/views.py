"""The front page, and the switches of language and type size."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.home import bp, duties, page, samples
from blueprints.home.committee import committee_cards
from blueprints.shared.access import public
from blueprints.shared.localisation import COOKIE, LOCALES
from blueprints.shared.page import COMFORT_COOKIE, own_path
from domain.accounts import ANONYMOUS, Actor, Role
from services import home, home_duties

A_YEAR = int(timedelta(days=365).total_seconds())


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """What is asked of me now; for a stranger, what this is and how to get in."""
    if g.actor is ANONYMOUS:
        return render_template("home/welcome.html")
    elsewhere = _other_desk()
    if elsewhere is not None:
        return redirect(url_for(elsewhere))
    actor: Actor = g.actor
    known = home.standings(actor, now=g.now)
    resident = committee = None
    cards: list[page.Card] = []
    done: list[page.Card] = []
    if actor.grants_of(Role.COMMITTEE):
        committee = home.committee(actor, known, now=g.now)
        cards += duties.paper_cards(home_duties.papers(actor, known, now=g.now))
        cards += duties.result_cards(home_duties.results(actor, known, now=g.now))
        cards += committee_cards(committee, g.now)
        cards += duties.round_cards(home_duties.rounds(actor, known, now=g.now))
    if actor.grants_of(Role.RESIDENT):
        resident = home.resident(actor, known, now=g.now)
        by_mandate = home_duties.by_mandate(actor, known, now=g.now)
        cards += page.resident_cards(resident)
        cards += duties.mandate_cards(by_mandate, voted=False)
        done = page.done_cards(resident) + duties.mandate_cards(by_mandate, voted=True)
    knocking: list[page.Card] = []
    if actor.grants_of(Role.STAIRWELL_HEAD):
        if committee is None:
            knocking = duties.round_cards(home_duties.rounds(actor, known, now=g.now))
        knocking += page.door_cards(home.doors(actor, known, now=g.now))
    shown = committee.places if committee else resident.places if resident else known
    return render_template(
        "home/index.html",
        cards=cards,
        knocking=knocking,
        done=done,
        resident=resident,
        committee=committee,
        places=[page.place(one, g.now, drawn=committee is None) for one in shown],
    )


def _other_desk() -> str | None:
    """The first page of those who have another one: contractor, administrator, auditor."""
    roles = g.actor.roles
    if roles & {Role.COMMITTEE, Role.RESIDENT, Role.STAIRWELL_HEAD}:
        return None
    if Role.CONTRACTOR in roles:
        return "resolutions.requirement_lists"
    if Role.ADMINISTRATOR in roles:
        return "accounts.system"
    return "audit.index" if Role.AUDITOR in roles else "accounts.me"


@bp.get("/language/<code>")
@public
def language(code: str) -> ResponseReturnValue:
    """Remember the reader's language and go back."""
    answer = redirect(own_path(request.args.get("next"), url_for("home.index")))
    if code in LOCALES:
        _remember(answer, COOKIE, code)
    return answer


@bp.get("/comfort")
@public
def comfort() -> ResponseReturnValue:
    """Remember whether the reader wants large type (关怀版) and go back."""
    answer = redirect(own_path(request.args.get("next"), url_for("home.index")))
    _remember(answer, COMFORT_COOKIE, "1" if request.args.get("large") == "1" else "0")
    return answer


def _remember(answer: ResponseReturnValue, name: str, value: str) -> None:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(  # type: ignore[union-attr]
        name, value, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax"
    )


@bp.get("/styleguide")
@public
def styleguide() -> ResponseReturnValue:
    """All components on one page, for whoever builds pages; not in production."""
    if current_app.config["LOUYI"].mode == "production":
        return "", 404
    if "figure" in request.args:
        return samples.figure(request.args["figure"]) or ("", 404)
    return render_template("styleguide.html", **samples.context())
