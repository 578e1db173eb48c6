"""Household letters: who has one, who is in, and printing them.

A code cannot be read again, so letters are the answer to the form that issues them: as a PDF or as
a page to be printed. The same form sent twice is told that its letters are printed.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.accounts import bp
from blueprints.accounts.forms import LettersForm
from blueprints.accounts.keys import code_key
from blueprints.shared.access import requires
from documents.letters import LetterSheet, letters_pdf, qr_svg
from domain.accounts import Capacity, Permission
from domain.codes import LetterState, grouped, last_day
from domain.errors import Refused
from models import accounts_queries
from models.accounts_queries import LetterRow
from models.register import Building, Community, Dwelling
from services import accounts

WAITING = (LetterState.NEVER, LetterState.EXPIRED)
# So many letters are ticked at once: they are made within seconds, and a pile that can be carried.
BATCH = 100


@bp.get("/letters")
@requires(Permission.ISSUE_CODES)
def letters() -> ResponseReturnValue:
    """The communities the actor prints letters for; the only one opens at once."""
    places = accounts_queries.communities_with(g.actor, Permission.ISSUE_CODES)
    if len(places) == 1:
        return redirect(url_for(".letters_of_community", community_id=places[0].id))
    return render_template(
        "accounts/index.html", communities=places, endpoint="accounts.letters_of_community"
    )


@bp.get("/letters/<int:community_id>")
@requires(Permission.ISSUE_CODES, load=accounts_queries.community_visible_to)
def letters_of_community(community: Community) -> ResponseReturnValue:
    """How far the letters of each building have come."""
    dwellings = accounts_queries.households(Building.community_id == community.id)
    buildings = []
    for building, inside in groupby(dwellings, key=lambda d: d.entrance.building):
        rows = accounts_queries.letter_rows(list(inside), now=g.now)
        buildings.append((building, Counter(row.state for row in rows)))
    return render_template(
        "accounts/letters_index.html",
        community=community,
        buildings=buildings,
        states=list(LetterState),
    )


@bp.get("/buildings/<int:building_id>/letters")
@requires(Permission.ISSUE_CODES, load=accounts_queries.building_visible_to)
def letters_of_building(building: Building) -> ResponseReturnValue:
    """Every letter of the building; those not yet reached are ticked."""
    rows = _rows(building)
    form = _form(rows)
    waiting = [row.recipient.key for row in rows if row.state in WAITING]
    form.recipients.data = waiting[:BATCH]
    return _draw(form, building, rows, 200)


@bp.post("/buildings/<int:building_id>/letters")
@requires(Permission.ISSUE_CODES, load=accounts_queries.building_visible_to, confirmed=True)
def issue_letters(building: Building) -> ResponseReturnValue:
    """Issue the ticked letters; the answer is the letters themselves."""
    rows = _rows(building)
    form = _form(rows)
    if not form.validate_on_submit():
        return _draw(form, building, rows, 422)
    ticked = set(form.recipients.data or ())
    try:
        issued = accounts.issue_letters(
            g.actor,
            [row.recipient for row in rows if row.recipient.key in ticked],
            key=code_key(),
            now=g.now,
            batch=form.form_key.data or "",
            replace=form.replace.data,
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _draw(form, building, rows, 422)
    return _print(building, [_sheet(letter) for letter in issued])


def _rows(building: Building) -> list[LetterRow]:
    inside = accounts_queries.households(Building.id == building.id, Dwelling.retired_at.is_(None))
    return accounts_queries.letter_rows(inside, now=g.now)


def _form(rows: list[LetterRow]) -> LettersForm:
    form = LettersForm()
    form.recipients.choices = [(row.recipient.key, row.room) for row in rows]
    return form


def _draw(
    form: LettersForm, building: Building, rows: list[LetterRow], status: int
) -> ResponseReturnValue:
    by_entrance = [
        (entrance, [row for row in rows if row.entrance_id == entrance.id])
        for entrance in building.entrances
    ]
    waiting = sum(row.state in WAITING for row in rows)
    page = render_template(
        "accounts/letters.html",
        waiting=waiting,
        last=accounts_queries.last_printed(building.id),
        printed=len(rows) - waiting,
        everybody=len(rows),
        batch=BATCH,
        form=form,
        building=building,
        by_entrance=[(entrance, inside) for entrance, inside in by_entrance if inside],
        counts=Counter(row.state for row in rows),
        states=list(LetterState),
        ticked=set(form.recipients.data or ()),
    )
    return page, status


def _sheet(letter: accounts.Letter) -> LetterSheet:
    return LetterSheet(
        community=letter.community,
        address=f"{letter.building} {letter.entrance} {letter.room}",
        addressee=letter.addressee,
        is_tenant=letter.capacity is Capacity.TENANT,
        code=grouped(letter.code),
        url=url_for(".letter", code=letter.code, _external=True),
        site=url_for(".sign_in", _external=True),
        last_day=last_day(letter.expires_at),
    )


def _print(building: Building, sheets: list[LetterSheet]) -> ResponseReturnValue:
    if "page" in request.form:
        drawn = [(sheet, qr_svg(sheet.url, millimetres=45)) for sheet in sheets]
        return render_template("accounts/print_letters.html", letters=drawn, building=building)
    answer = make_response(letters_pdf(sheets, made_at=g.now))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f"attachment; filename=letters-{building.id}.pdf"
    return answer
