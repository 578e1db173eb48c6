"""Forms about menus: items, options with their floor tables, publishing, withdrawing.

An option's form has one field for each floor; which floors there are depends on the community, so
the class of the form is made for it (``option_form``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from blueprints.shared.forms import Form, MoneyField, NotBlank, QuantityField
from blueprints.shared.words import choices
from domain.errors import Refused
from domain.menus import MAX_LINE, MAX_UNIT, DecidedBy, ItemClass, ItemDraft, OptionDraft, Payer
from domain.periods import MAX_DAYS
from domain.quantities import format_money, parse_money
from domain.schemes import PER_FLOOR, WITHOUT_TABLE
from domain.subsidies import SubsidyKind
from models.register import Building
from services.menus import THRESHOLDS

_LINE = Length(max=MAX_LINE, message=_l("At most 200 characters."))
_TEXT = Length(max=5000, message=_l("At most 5000 characters."))
_UNIT = Length(max=MAX_UNIT, message=_l("At most 40 characters."))
# Field names cannot hold a minus sign and stay readable: floor -1 is floor_m1.
SUBSIDY_FLOOR, SCHEME_FLOOR = "subsidy_floor_", "scheme_floor_"


class ItemForm(Form):
    """An item written from scratch, or changed before it is published."""

    title = StringField(_l("Title"), validators=[NotBlank(), _LINE])
    item_class = RadioField(_l("Class"), choices=choices("item_classes"), validators=[NotBlank()])
    matter = SelectField(
        _l("What it is under article 278"),
        choices=choices("matters"),
        coerce=int,
    )
    decided_by = RadioField(
        _l("Who decides"), choices=choices("decided_by"), validators=[NotBlank()]
    )
    unit = StringField(_l("Measured in"), validators=[NotBlank(), _UNIT])
    description = TextAreaField(_l("Description"), validators=[Optional(), _TEXT])
    consult_only = BooleanField(_l("The state pays: households are asked, nothing is voted"))
    revision = HiddenField()

    def draft(self) -> ItemDraft:
        """What was typed."""
        return ItemDraft(
            title=self.title.data,
            item_class=ItemClass(self.item_class.data),
            matter=self.matter.data,
            unit=self.unit.data,
            decided_by=DecidedBy(self.decided_by.data),
            description=self.description.data or "",
            consult_only=self.consult_only.data,
        )


class OptionForm(Form):
    """One way to do an item. ``floors`` are the floors that have a field of their own."""

    floors: Sequence[int] = ()

    title = StringField(_l("Title of the option"), validators=[NotBlank(), _LINE])
    specification = TextAreaField(_l("Specification"), validators=[Optional(), _TEXT])
    location = StringField(_l("Where exactly"), validators=[Optional(), _LINE])
    quantity = QuantityField(_l("Quantity"), validators=[NotBlank()])
    unit_price = MoneyField(_l("Price of one"), validators=[NotBlank()])
    payer = RadioField(
        _l("Who pays what the subsidy leaves"), choices=choices("payers"), validators=[NotBlank()]
    )
    subsidy_kind = RadioField(
        _l("Subsidy"), choices=choices("subsidy_kinds"), validators=[NotBlank()]
    )
    subsidy_amount = MoneyField(_l("Amount of the subsidy"), validators=[Optional()])
    subsidy_percent = StringField(_l("Percentage of the price"), validators=[Optional()])
    subsidy_cap = MoneyField(_l("At most"), validators=[Optional()])
    scheme_kind = SelectField(_l("How the owners share"), choices=choices("scheme_kinds"))
    within = RadioField(
        _l("How the part of a floor is split"),
        choices=choices("schemes_within"),
        validators=[NotBlank()],
    )
    excludes = TextAreaField(_l("Rules out"), validators=[Optional(), _TEXT])
    requires = TextAreaField(_l("Needs first"), validators=[Optional(), _TEXT])
    constraints = TextAreaField(
        _l("What the contractor must keep to"), validators=[Optional(), _TEXT]
    )
    picture = FileField(_l("Picture"), validators=[Optional()])
    picture_key = HiddenField()
    without_picture = BooleanField(_l("Take the picture away"))
    # Needed once the menu is published, which the service knows; so not marked as optional.
    change_note = TextAreaField(_l("What changed, and why"), validators=[_TEXT])
    revision = HiddenField()

    def subsidy_floors(self) -> list[Any]:
        """The fields of the subsidy's table, the lowest number of floors first."""
        return [self[SUBSIDY_FLOOR + _sign(floor)] for floor in self.floors if floor > 0]

    def scheme_floors(self) -> list[Any]:
        """The fields of the sharing's table, the highest floor first."""
        return [self[SCHEME_FLOOR + _sign(floor)] for floor in reversed(self.floors)]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """As every form; besides, what the chosen kind of subsidy needs must be filled in."""
        valid: bool = super().validate(extra_validators)
        needed = {
            SubsidyKind.FIXED: (self.subsidy_amount,),
            SubsidyKind.PERCENT_CAPPED: (self.subsidy_percent, self.subsidy_cap),
        }
        for field in needed.get(self.subsidy_kind.data, ()):
            if field.data in (None, "") and not field.errors:
                field.errors = [*field.errors, gettext("Fill this in.")]
                valid = False
        return valid

    def _subsidy(self) -> dict[str, Any]:
        kind = self.subsidy_kind.data
        plain: dict[str, Any] = {"kind": kind}
        if kind == SubsidyKind.FIXED:
            plain["amount"] = format_money(self.subsidy_amount.data)
        elif kind == SubsidyKind.PERCENT_CAPPED:
            plain["percent"] = self.subsidy_percent.data.strip()
            plain["cap"] = format_money(self.subsidy_cap.data)
        elif kind == SubsidyKind.BY_FLOORS:
            plain["amounts"] = {
                str(floor): format_money(field.data)
                for floor in self.floors
                if floor > 0 and (field := self[SUBSIDY_FLOOR + _sign(floor)]).data is not None
            }
        return plain

    def _scheme(self) -> dict[str, Any]:
        plain: dict[str, Any] = {"kind": self.scheme_kind.data, "within": self.within.data}
        if self.scheme_kind.data not in PER_FLOOR:
            plain["within"] = "area"
        if self.scheme_kind.data not in WITHOUT_TABLE:
            typed = {
                str(floor): (self[SCHEME_FLOOR + _sign(floor)].data or "").strip()
                for floor in self.floors
            }
            plain["floors"] = {floor: text for floor, text in typed.items() if text}
        return plain

    def draft(self, picture_id: int | None) -> OptionDraft:
        """What was typed; ``picture_id`` is the picture it now has."""
        return OptionDraft(
            title=self.title.data,
            quantity=self.quantity.data,
            unit_price=self.unit_price.data,
            payer=Payer(self.payer.data),
            subsidy=self._subsidy(),
            scheme=self._scheme(),
            specification=self.specification.data or "",
            location=self.location.data or "",
            excludes=self.excludes.data or "",
            requires=self.requires.data or "",
            constraints=self.constraints.data or "",
            picture_id=picture_id,
        )

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal at the field it speaks of; a floor's at the floor's field."""
        refusal.field = self._field_of(refusal)
        super().refuse(refusal)

    def _field_of(self, refusal: Refused) -> str | None:
        name = refusal.field or ""
        if refusal.code == "scheme_floor_missing":
            name = SCHEME_FLOOR + _sign(int(str(refusal.params["floor"])))
        elif refusal.code == "subsidy_floors_unknown":
            name = SUBSIDY_FLOOR + _sign(int(str(refusal.params["floors"])))
        elif name.startswith("floors."):
            name = SCHEME_FLOOR + _sign(int(name.removeprefix("floors.")))
        elif name.startswith("amounts."):
            name = SUBSIDY_FLOOR + _sign(int(name.removeprefix("amounts.")))
        else:
            name = {
                "floors": "scheme_kind",
                "amounts": "subsidy_kind",
                "amount": "subsidy_amount",
                "percent": "subsidy_percent",
                "cap": "subsidy_cap",
                "subsidy": "subsidy_amount",
                "price": "unit_price",
            }.get(name, name)
        return name if name in self._fields else refusal.field


def _sign(floor: int) -> str:
    return f"m{-floor}" if floor < 0 else str(floor)


def option_form(
    floors: Iterable[int], sent: MultiDict[str, str] | None = None, **values: Any
) -> OptionForm:
    """The form with a field for each of these floors, filled with ``values`` or with ``sent``."""
    listed = sorted(set(floors))
    fields: dict[str, Any] = {"floors": listed}
    for floor in listed:
        label = gettext("Floor %(floor)s", floor=floor)
        fields[SCHEME_FLOOR + _sign(floor)] = StringField(label, validators=[Optional()])
        if floor > 0:
            label = ngettext("%(num)s floor", "%(num)s floors", floor)
            fields[SUBSIDY_FLOOR + _sign(floor)] = MoneyField(label, validators=[Optional()])
    form = type("CommunityOptionForm", (OptionForm,), fields)
    made: OptionForm = form(**values) if sent is None else form(formdata=sent)
    return made


def table_values(subsidy: Mapping[str, Any], scheme: Mapping[str, Any]) -> dict[str, Any]:
    """The plain forms of subsidy and scheme as values of the form's fields."""
    values: dict[str, Any] = {
        "subsidy_kind": subsidy["kind"],
        "scheme_kind": scheme["kind"],
        "within": scheme.get("within", "area"),
        "subsidy_percent": subsidy.get("percent", ""),
    }
    for name, key in (("subsidy_amount", "amount"), ("subsidy_cap", "cap")):
        values[name] = parse_money(subsidy[key]) if key in subsidy else None
    for floor, amount in subsidy.get("amounts", {}).items():
        values[SUBSIDY_FLOOR + _sign(int(floor))] = parse_money(amount)
    for floor, number in scheme.get("floors", {}).items():
        values[SCHEME_FLOOR + _sign(int(floor))] = number
    return values


def draft_values(draft: OptionDraft) -> dict[str, Any]:
    """A draft as values of the form's fields, without its picture."""
    values: dict[str, Any] = {
        name: getattr(draft, name)
        for name in (
            "title",
            "specification",
            "location",
            "quantity",
            "unit_price",
            "excludes",
            "requires",
            "constraints",
        )
    }
    return values | {"payer": draft.payer.value} | table_values(draft.subsidy, draft.scheme)


class CatalogueForm(Form):
    """Which items of the catalogue go on the menu."""

    keys = SelectMultipleField(_l("Items"), validators=[Optional()], validate_choice=False)


class WithdrawForm(Form):
    """Why an option is no longer offered."""

    reason = TextAreaField(_l("Why is it withdrawn?"), validators=[NotBlank(), _TEXT])


class PublishForm(Form):
    """Where the menu is published, for how long, and what households are told."""

    buildings = SelectMultipleField(_l("Buildings"), coerce=int)
    days = IntegerField(
        _l("Days of consultation"),
        validators=[
            NotBlank(),
            NumberRange(1, MAX_DAYS, message=_l("Give a number of days between 1 and 366.")),
        ],
    )
    policy = RadioField(
        _l("What residents see of each other’s wishes"),
        choices=choices("policies"),
        validators=[NotBlank()],
    )
    threshold = RadioField(
        _l("Figures are shown from"),
        choices=[],
        coerce=int,
    )
    decision = StringField(_l("Recorded decision"), validators=[Optional(), _LINE])
    place = StringField(_l("Where the notice hangs"), validators=[Optional(), _LINE])

    def offer(self, buildings: Sequence[Building]) -> None:
        """The buildings to choose from."""
        self.buildings.choices = [SelectChoice(str(one.id), one.name) for one in buildings]
        self.threshold.choices = [
            SelectChoice(str(number), ngettext("%(num)s household", "%(num)s households", number))
            for number in THRESHOLDS
        ]
