"""The front page, and the switches of language and type size."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.home import bp, duties, owners, page, samples, votes
from blueprints.home.cards import Card, Group
from blueprints.home.committee import committee_groups
from blueprints.shared.access import public
from blueprints.shared.localisation import COOKIE, LOCALES
from blueprints.shared.page import COMFORT_COOKIE, own_path
from domain.accounts import ANONYMOUS, Actor, Role
from services import home, home_duties, home_owners

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
    cards: list[Card] = []
    groups: list[Group] = []
    done: list[Card] = []
    others: list[Card] = []
    if actor.grants_of(Role.COMMITTEE):
        committee = home.committee(actor, known, now=g.now)
        groups = _tasks(actor, committee)
    if actor.grants_of(Role.RESIDENT):
        resident = home.resident(actor, known, now=g.now)
        # A disputed vote is said first, to whoever has a desk of their own too.
        disputed = votes.disputed_cards(resident)
        cards = [*disputed, *page.resident_cards(resident)]
        others = duties.owners_cards(home_duties.owners_votes(actor, known, now=g.now))
        done = page.done_cards(resident)
    shown = committee.places if committee else resident.places if resident else known
    return render_template(
        "home/index.html",
        groups=[Group("", tuple(cards)), *groups] if cards else groups,
        number=len(cards) + sum(len(one.cards) for one in groups),
        knocking=_knocking(actor, known, beside_desk=committee is not None),
        done=done,
        others=others,
        notes=_notes(known),
        represented=votes.represented_cards(resident) if resident else (),
        resident=resident,
        committee=committee,
        places=[page.place(one, g.now, drawn=committee is None) for one in shown],
    )


def _tasks(actor: Actor, committee: home.CommitteePage) -> list[Group]:
    tasks = home_duties.motion_tasks(
        actor, committee.places, committee.publications, committee.unclosed, now=g.now
    )
    letters = owners.letter_cards(home_owners.without_letter(actor, now=g.now))
    return committee_groups(committee, tasks, letters, g.now)


def _knocking(actor: Actor, known: Sequence[home.Standing], *, beside_desk: bool) -> list[Card]:
    """The doors of a stairwell head; the rounds stand among the committee's own tasks already."""
    if not actor.grants_of(Role.STAIRWELL_HEAD):
        return []
    rounds = [] if beside_desk else home_duties.rounds(actor, known, now=g.now)
    return [*duties.round_cards(rounds), *page.door_cards(home.doors(actor, known, now=g.now))]


def _notes(known: Sequence[home.Standing]) -> list[owners.Note]:
    """Who votes for what was bought or sold after a roll was posted."""
    return owners.roll_notes(*home_owners.changed_hands(g.actor, known, now=g.now))


def _other_desk() -> str | None:
    """The first page of those who have another one: contractor, administrator, auditor."""
    roles = g.actor.roles
    if roles & {Role.COMMITTEE, Role.RESIDENT, Role.STAIRWELL_HEAD}:
        return None
    if Role.CONTRACTOR in roles:
        return "resolutions.requirement_lists"
    if Role.ADMINISTRATOR in roles:
        return "accounts.system"
    if Role.AUDITOR in roles:
        return "audit.index"
    # Who has sold the only home keeps this page while a frozen roll names them.
    return None if _notes(()) else "accounts.me"


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
