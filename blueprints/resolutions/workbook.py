"""The requirement list (需求清单) as a workbook for the contractor: requirements, floors, terms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from blueprints.shared.words import word
from documents.tables import Sheet, Value, xlsx_bytes


def requirement_workbook(document: Mapping[str, Any]) -> bytes:
    """Everything a contractor needs of the resolution; nothing personal is in it to begin with."""
    return xlsx_bytes([_requirements(document), _floors(document), _terms(document)])


def _requirements(document: Mapping[str, Any]) -> Sheet:
    headers = [
        _("No."),
        _("Building"),
        _("Entrance"),
        _("Item"),
        _("Class"),
        _("Option"),
        _("Version"),
        _("Specification"),
        _("Quantity"),
        _("Unit"),
        _("Location"),
        _("Constraints"),
        _("Requires"),
        _("Excludes"),
        _("Unit price, yuan"),
        _("Price, yuan"),
        _("Subsidy, yuan"),
        _("Net, yuan"),
        _("Paid by"),
    ]
    rows: list[list[Value]] = []
    for number, motion in enumerate(document["motions"], start=1):
        option = motion["option"]
        rows.append(
            [
                number,
                document["building"],
                motion["entrance"] or _("all entrances"),
                option["item"],
                word("item_classes", option["item_class"]),
                option["title"],
                option["version"],
                option["specification"],
                Decimal(option["quantity"]),
                option["unit"],
                option["location"],
                option["constraints"],
                option["requires"],
                option["excludes"],
                Decimal(option["unit_price"]),
                Decimal(option["price"]),
                Decimal(option["subsidy"]),
                Decimal(option["net"]),
                word("payers", option["payer"]),
            ]
        )
    return Sheet(_("Requirements"), headers, rows)


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


def _terms(document: Mapping[str, Any]) -> Sheet:
    rows: list[list[Value]] = [
        [_("Community"), document["community"]],
        [_("Building"), document["building"]],
        [_("Resolution"), document["number"]],
        [_("In force from"), document["in_force_at"][:10]],
    ]
    for number, motion in enumerate(document["motions"], start=1):
        for objection in motion["objections"]:
            text = word("objection_outcomes", objection["outcome"])
            note = f"{text}. {objection['note']}" if objection["note"] else text
            ground = word("grounds", objection["ground"])
            rows.append(
                [_("Objection to no. %(number)s: %(ground)s", number=number, ground=ground), note]
            )
    return Sheet(_("Terms"), [_("What"), _("Content")], rows)
