"""The requirement list (需求清单) as a workbook for the contractor: requirements, floors, terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from blueprints.shared.words import word
from documents.tables import Money, Sheet, Value
from domain.quantities import parse_money
from domain.statements import Standing


def requirement_sheets(document: Mapping[str, Any], standing: Standing) -> list[Sheet]:
    """Everything a contractor needs of the resolution; nothing personal is in it to begin with."""
    sheets = (_requirements(document), _floors(document), _terms(document, standing))
    return [replace(one, title=f"{document['number']} {one.name}") for one in sheets]


def _yuan(written: str) -> Money:
    """An amount as the stored form writes it."""
    return Money(parse_money(written))


def _requirements(document: Mapping[str, Any]) -> Sheet:
    rows = [
        _requirement(number, document, motion)
        for number, motion in enumerate(document["motions"], start=1)
    ]
    return Sheet(
        _("Requirements"),
        [head for head, _value in rows[0]] if rows else [],
        [[value for _head, value in row] for row in rows],
    )


def _requirement(
    number: int, document: Mapping[str, Any], motion: Mapping[str, Any]
) -> list[tuple[str, Value]]:
    """One row of the requirement sheet: each column's head beside its value."""
    option = motion["option"]
    return [
        (_("No."), number),
        (_("Building"), document["building"]),
        (_("Entrance"), motion["entrance"] or _("all entrances")),
        (_("Item"), option["item"]),
        (_("Class"), word("item_classes", option["item_class"])),
        (_("Option"), option["title"]),
        (_("Version"), option["version"]),
        (_("Specification"), option["specification"]),
        (_("Quantity"), Decimal(option["quantity"])),
        (_("Unit"), option["unit"]),
        (_("Location"), option["location"]),
        (_("Constraints"), option["constraints"]),
        (_("Requires"), option["requires"]),
        (_("Excludes"), option["excludes"]),
        (_("Unit price, yuan"), _yuan(option["unit_price"])),
        (_("Price, yuan"), _yuan(option["price"])),
        (_("Subsidy, yuan"), _yuan(option["subsidy"])),
        (_("Net, yuan"), _yuan(option["net"])),
        (_("Paid by"), word("payers", option["payer"])),
    ]


def _floors(document: Mapping[str, Any]) -> Sheet:
    headers = [_("No."), _("Entrance"), _("Item"), _("Floor"), _("Households")]
    rows: list[list[Value]] = [
        [
            number,
            motion["entrance"] or _("all entrances"),
            motion["option"]["item"],
            share["floor"],
            share["dwellings"],
        ]
        for number, motion in enumerate(document["motions"], start=1)
        for share in motion["shares"]
    ]
    return Sheet(_("By floor"), headers, rows)


def _terms(document: Mapping[str, Any], standing: Standing) -> Sheet:
    rows: list[list[Value]] = [
        [_("Community"), document["community"]],
        [_("Building"), document["building"]],
        [_("Resolution"), document["number"]],
        [_("In force from"), date.fromisoformat(document["in_force_at"][:10])],
    ]
    if standing is not Standing.VALID:
        state = word("statement_acts", standing)
        rows.insert(0, [_("Attention"), _("The resolution does not stand: %(state)s", state=state)])
    for number, motion in enumerate(document["motions"], start=1):
        for objection in motion["objections"]:
            text = word("objection_outcomes", objection["outcome"])
            note = f"{text}. {objection['note']}" if objection["note"] else text
            ground = word("grounds", objection["ground"])
            rows.append(
                [_("Objection to no. %(number)s: %(ground)s", number=number, ground=ground), note]
            )
    return Sheet(_("Terms"), [_("What"), _("Content")], rows)
