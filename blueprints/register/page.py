"""What the pages of the register share: forms, the facade of a building, the roster as a sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.forms import Form
from blueprints.shared.localisation import locale
from blueprints.shared.words import word
from charts.facade import (
    FacadeBuilding,
    FacadeDwelling,
    FacadeEntrance,
    FacadeKey,
    Pieces,
    page_pieces,
)
from charts.windows import FacadeState
from documents.tables import Area, Sheet, Value
from domain.errors import Refused, Stale
from domain.quantities import format_area
from domain.register_headers import FIELDS
from domain.vocabulary import Tenure
from domain.voters import natural
from models.register import Building, Dwelling, Entrance

_WRONG, _CONFLICT = 422, 409

# One sign for each state, in the window; Chinese needs one character.
_LETTERS = {
    "zh_Hans": {"owner": "住", "let": "租", "vacant": "空", "developer": "售", "not_counted": "库"},
    "en": {"owner": "O", "let": "L", "vacant": "V", "developer": "D", "not_counted": "–"},
}
# The committee's people in China open the export, whatever the language of the page.
_HEADERS = tuple(field.headers[0] for field in FIELDS)
_CHINESE = {
    "register": "不动产登记",
    "survey": "测绘机构实测",
    "contract": "房屋买卖合同",
    "private": "私有",
    "work_unit": "单位自管",
    "public": "公房",
    "developer": "建设单位未售或未交付",
    "owner": "自住",
    "let": "出租",
    "vacant": "空置",
}


def edited(
    form: Form, act: Callable[[], str], template: str, **context: object
) -> ResponseReturnValue:
    """The page of a form: drawn, or done and led on to where ``act`` says, or drawn with errors."""
    status = 200
    if form.is_submitted():
        status = _WRONG
        if form.validate():
            try:
                return redirect(act())
            except Refused as refusal:
                form.refuse(refusal)
                status = _CONFLICT if isinstance(refusal, Stale) else _WRONG
    return render_template(template, form=form, **context), status


def state_of(dwelling: Dwelling) -> str:
    """What the dwelling's window says."""
    if not dwelling.counts:
        return FacadeState.NOT_COUNTED
    if dwelling.tenure == Tenure.DEVELOPER:
        return FacadeState.DEVELOPER
    return FacadeState(dwelling.occupancy)


def state_name(state: str) -> str:
    """The state in the reader's words."""
    if state == FacadeState.NOT_COUNTED:
        return _("Does not count in votes")
    if state == FacadeState.DEVELOPER:
        return word("tenures", Tenure.DEVELOPER)
    return word("occupancies", state)


def rooms_in_order(dwellings: Iterable[Dwelling]) -> list[Dwelling]:
    """Dwellings from the ground up, room 2 before room 10."""
    return sorted(dwellings, key=lambda dwelling: (dwelling.floor, natural(dwelling.room)))


def facade_of(building: Building, url: str) -> Pieces:
    """The building as it stands; windows lead to ``url`` with ``{}`` for the dwelling's id."""
    letters = _LETTERS[locale()]
    entrances = tuple(
        FacadeEntrance(
            entrance.name,
            tuple(
                FacadeDwelling(
                    room=dwelling.room,
                    floor=dwelling.floor,
                    state=state_of(dwelling),
                    letter=letters[state_of(dwelling)],
                    label=_(
                        "Room %(room)s, floor %(floor)s, %(area)s m²: %(state)s",
                        room=dwelling.room,
                        floor=dwelling.floor,
                        area=format_area(dwelling.area),
                        state=state_name(state_of(dwelling)),
                    ),
                    href=url.format(dwelling.id),
                )
                for dwelling in entrance.dwellings
                if dwelling.retired_at is None
            ),
        )
        for entrance in building.entrances
        if any(dwelling.retired_at is None for dwelling in entrance.dwellings)
    )
    shown = {window.state for entrance in entrances for window in entrance.dwellings}
    key = tuple(
        FacadeKey(state, letter, state_name(state))
        for state, letter in letters.items()
        if state in shown
    )
    return page_pieces(FacadeBuilding(building.name, entrances, key), locale())


def roster_sheet(name: str, dwellings: Iterable[Dwelling]) -> Sheet:
    """The register as a roster that can be imported again; retired dwellings are left out."""
    rows = [_roster_row(dwelling) for dwelling in dwellings if dwelling.retired_at is None]
    return Sheet(name, _HEADERS, rows, title=f"{name} 花名册")


def _roster_row(dwelling: Dwelling) -> tuple[Value, ...]:
    entrance: Entrance = dwelling.entrance
    cells: dict[str, Value] = {
        "building": entrance.building.name,
        "entrance": entrance.name,
        "room": dwelling.room,
        "floor": dwelling.floor,
        "area": Area(dwelling.area),
        "area_source": _CHINESE[dwelling.area_source],
        "owners": "、".join(held.owner.name for held in dwelling.ownerships),
        "tenure": _CHINESE[dwelling.tenure],
        "occupancy": _CHINESE[dwelling.occupancy],
        "phone": dwelling.phone,
        "note": dwelling.note,
        "counts": "是" if dwelling.counts else "否",
    }
    return tuple(cells[field.name] for field in FIELDS)
