"""The menu as data for its pages: what each option costs whom, and what changed.

Decisions about what is shown are made here, so that the templates only lay out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from blueprints.shared.costs import step_sentences
from blueprints.shared.localisation import money, quantity
from blueprints.shared.messages import sentence
from blueprints.shared.words import word
from domain.costs import parse_scheme
from domain.errors import Refused
from domain.exact import number_text
from domain.menus import Change, ItemClass, OptionDraft, Payer, changes
from domain.quantities import parse_money
from domain.ratios import Rule, rule_of
from domain.schemes import WITHOUT_TABLE
from models.menus import MenuItem, Option, OptionVersion
from services import costs
from services.menus import option_draft


@dataclass(frozen=True)
class OwnShare:
    """What one of the reader's dwellings pays, in fen, and each step to it.

    ``rented``: the reader is its tenant, so it is the owner who pays.
    """

    room: str
    amount: int
    steps: Sequence[str]
    rented: bool = False


@dataclass(frozen=True)
class FloorTable:
    """What the floors of one deciding unit pay; ``rows`` of text, the highest floor first.

    A range stands on two lines, so that two columns are all a phone has to hold.
    """

    title: str
    rows: Sequence[tuple[str, Markup]]


class ChangeRow(NamedTuple):
    """One field that changed, in words: a row of a table."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class OptionView:
    """An option in one of its versions, priced; ``fault`` says why it could not be priced."""

    option: Option
    version: OptionVersion
    bill: costs.Bill | None
    payer: str
    sharing: str
    own: Sequence[OwnShare] = ()
    tables: Sequence[FloorTable] = ()
    fault: str = ""
    is_new: bool = False
    is_draft: bool = False
    picture_url: str | None = None

    @property
    def withdrawn(self) -> bool:
        """Whether it is no longer offered."""
        return self.option.withdrawn_at is not None


@dataclass(frozen=True)
class Preview:
    """What an option would cost, worked out from what is being typed."""

    bill: costs.Bill
    payer: str
    tables: Sequence[FloorTable]


@dataclass(frozen=True)
class ItemView:
    """An item with its options."""

    item: MenuItem
    matter: str
    rule: str
    source: str
    options: Sequence[OptionView] = field(default_factory=tuple)


def decided_how(item: MenuItem) -> tuple[str, str, str]:
    """The matter in plain words, the rule that decides it, and the rule's source."""
    matter = word("matters", item.matter)
    if item.consult_only:
        rule = _("The state pays for this. You are asked what you think; nothing is voted.")
        return matter, rule, _("General Office of the State Council 2020 No. 23")
    who = (
        _("each entrance votes for itself")
        if item.decided_by == "entrance"
        else _("the whole building votes")
    )
    if rule_of(item.matter) is Rule.SPECIAL:
        rule = _(
            "At least two thirds of the owners, by heads and by area, must take part, and at least "
            "three quarters of those, by heads and by area, must agree; %(who)s.",
            who=who,
        )
    else:
        rule = _(
            "At least two thirds of the owners, by heads and by area, must take part, and more "
            "than half of those, by heads and by area, must agree; %(who)s.",
            who=who,
        )
    return matter, rule, _("Civil Code, article 278, item %(number)s", number=item.matter)


def floor_name(floor: int) -> str:
    """A floor as people say it."""
    if floor < 0:
        return _("Basement %(floor)s", floor=-floor)
    return _("Floor %(floor)s", floor=floor)


def _range(least: int, most: int) -> Markup:
    if least == most:
        return Markup(money(most))
    return Markup("{}<br>– {}").format(money(least), money(most))


def floor_tables(
    worked: costs.WorkedOut, entrances: Iterable[int] | None = None
) -> tuple[FloorTable, ...]:
    """A table for each deciding unit (of ``entrances`` only, if given); equal ones are one."""
    wanted = None if entrances is None else set(entrances)
    found: dict[tuple[tuple[str, Markup], ...], list[str]] = {}
    for unit in worked.bills:
        if wanted is not None and unit is not None and unit not in wanted:
            continue
        rows = tuple(
            (
                ngettext(
                    "%(floor)s (%(num)s dwelling)",
                    "%(floor)s (%(num)s dwellings)",
                    one.dwellings,
                    floor=floor_name(one.floor),
                ),
                _range(one.least, one.most),
            )
            for one in worked.by_floor(unit)
        )
        name = worked.house.entrances[unit] if unit is not None else _("The whole building")
        found.setdefault(rows, []).append(name)
    return tuple(FloorTable(_(", ").join(names), rows) for rows, names in found.items())


@dataclass(frozen=True)
class Reader:
    """Whose shares are shown; ``looked_at`` is when they last saved an answer.

    ``rented`` are those of the dwellings in which the reader is only the tenant.
    """

    dwellings: Sequence[int] = ()
    looked_at: datetime | None = None
    published_at: datetime | None = None
    rented: Collection[int] = ()

    def has_not_seen(self, version: OptionVersion) -> bool:
        """Whether a version is newer than the reader's answer (or, without one, the menu)."""
        start = self.looked_at or self.published_at
        return bool(start and version.published_at and version.published_at > start)


def option_view(
    option: Option, version: OptionVersion, in_house: costs.House, reader: Reader
) -> OptionView:
    """One option in one version as the reader sees it."""
    values: dict[str, Any] = {
        "option": option,
        "version": version,
        "payer": word("payers", version.payer),
        "sharing": _sharing(version, in_house),
        "is_new": reader.has_not_seen(version),
        "is_draft": version.published_at is None,
        "picture_url": picture_url(version),
    }
    try:
        worked = costs.of_version(version, in_house)
    except Refused as refusal:
        return OptionView(bill=None, fault=sentence(refusal), **values)
    amounts = worked.amounts()
    rooms = {int(part.key): part.room for part in in_house.all_parts}
    own = [
        OwnShare(
            rooms[key],
            amounts[key],
            step_sentences(worked.explained(key)),
            key in reader.rented,
        )
        for key in reader.dwellings
        if key in amounts
    ]
    entrances = {
        unit
        for unit, parts in in_house.parts.items()
        if any(part.key in reader.dwellings for part in parts)
    }
    tables = floor_tables(worked, entrances or None)
    return OptionView(bill=worked.bill, own=own, tables=tables, **values)


def _sharing(version: OptionVersion, in_house: costs.House) -> str:
    if version.payer != Payer.HOUSEHOLDS:
        return ""
    return scheme_text(version.scheme, {part.floor for part in in_house.all_parts})


def picture_url(version: OptionVersion) -> str | None:
    """Where a version's picture is."""
    if version.picture_id is None:
        return None
    return url_for("menus.picture", version_id=version.id)


def menu_groups(
    items: Sequence[MenuItem],
    in_house: costs.House,
    reader: Reader,
    *,
    drafts: bool = False,
) -> list[tuple[str, list[ItemView]]]:
    """The items by class, each with its options; drafts beside what holds only if asked for."""
    groups: dict[str, list[ItemView]] = {one.value: [] for one in ItemClass}
    for item in items:
        options = []
        for option in item.options:
            if option.published is not None:
                options.append(option_view(option, option.published, in_house, reader))
            if drafts and option.draft is not None:
                options.append(option_view(option, option.draft, in_house, reader))
        if options or drafts:
            groups[item.item_class].append(ItemView(item, *decided_how(item), options))
    return [(word("item_classes", key), listed) for key, listed in groups.items() if listed]


# --- what changed ---------------------------------------------------------------------------


def _field_names() -> dict[str, str]:
    return {
        "title": _("Title"),
        "quantity": _("Quantity"),
        "unit_price": _("Price of one"),
        "payer": _("Who pays what the subsidy leaves"),
        "subsidy": _("Subsidy"),
        "scheme": _("How the owners share"),
        "specification": _("Specification"),
        "location": _("Where exactly"),
        "excludes": _("Rules out"),
        "requires": _("Needs first"),
        "constraints": _("What the contractor must keep to"),
        "picture_id": _("Picture"),
    }


def subsidy_text(subsidy: Mapping[str, Any]) -> str:
    """A subsidy's plain form in words."""
    kind = subsidy["kind"]
    if kind == "fixed":
        return _("%(amount)s yuan", amount=money(parse_money(subsidy["amount"])))
    if kind == "percent_capped":
        return _(
            "%(percent)s %% of the price, at most %(cap)s yuan",
            percent=subsidy["percent"],
            cap=money(parse_money(subsidy["cap"])),
        )
    if kind == "by_floors":
        return _("; ").join(
            _(
                "%(floors)s floors: %(amount)s yuan",
                floors=floors,
                amount=money(parse_money(amount)),
            )
            for floors, amount in sorted(subsidy["amounts"].items(), key=lambda one: int(one[0]))
        )
    return word("subsidy_kinds", kind)


def scheme_text(plain: Mapping[str, Any], floors: Iterable[int] | None = None) -> str:
    """A sharing scheme's plain form in words, with its table (of these ``floors`` only)."""
    scheme = parse_scheme(plain)
    text = word("scheme_kinds", scheme.kind)
    if scheme.kind in WITHOUT_TABLE:
        return text
    shown = set(scheme.floors) if floors is None else set(floors) & set(scheme.floors)
    table = _(", ").join(
        f"{floor_name(floor)} {number_text(scheme.floors[floor])}" for floor in sorted(shown)
    )
    return _("%(kind)s (%(table)s)", kind=text, table=table)


def _value_text(name: str, value: Any, unit: str) -> str:
    if name == "quantity":
        return f"{quantity(value)} {unit}"
    if name == "unit_price":
        return _("%(amount)s yuan", amount=money(value))
    if name == "payer":
        return word("payers", value)
    if name == "subsidy":
        return subsidy_text(value)
    if name == "scheme":
        return scheme_text(value)
    if name == "picture_id":
        return _("no picture") if value is None else _("picture no. %(number)s", number=value)
    return str(value) or "—"


def change_rows(found: Iterable[Change], unit: str) -> list[ChangeRow]:
    """Changes in words; each side as a reader would read it on the menu."""
    names = _field_names()
    return [
        ChangeRow(
            names[one.field],
            _value_text(one.field, one.old, unit),
            _value_text(one.field, one.new, unit),
        )
        for one in found
    ]


def history(option: Option) -> list[tuple[OptionVersion, list[ChangeRow]]]:
    """The published versions, the newest first, each with what it changed."""
    published = [version for version in option.versions if version.published_at]
    pairs: list[tuple[OptionVersion, list[ChangeRow]]] = []
    before: OptionDraft | None = None
    for version in published:
        draft = option_draft(version)
        rows = change_rows(changes(before, draft), option.item.unit) if before else []
        pairs.append((version, rows))
        before = draft
    return pairs[::-1]
