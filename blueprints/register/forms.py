"""Forms of the register: places, dwellings, owners, the steps of an import."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
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
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.register.words import FIELDS, field_name
from blueprints.shared.forms import AreaField, Form, NotBlank
from blueprints.shared.words import choices
from domain.register import Roster
from domain.register_drafts import BuildingDraft, CommunityDraft, DwellingDraft, OwnerDraft
from domain.register_headers import FIELDS as ROSTER_FIELDS
from domain.register_tables import LEFT_OUT, Column, normal_header
from domain.vocabulary import AreaSource, Occupancy, OwnerKind, Tenure
from models.register import Dwelling, Owner
from services.reference import DEFAULT_CITY
from services.register import Reading

_LINE = Length(max=200, message=_l("At most 200 characters."))
_WORD = Length(max=40, message=_l("At most 40 characters."))
# The value of a column that is read as the program knows it.
AS_KNOWN = "known"
_LEAVE_OUT = "left_out"


class CommunityForm(Form):
    name = StringField(_l("Name of the community"), [NotBlank(), _LINE])
    city = SelectField(_l("City"), default=DEFAULT_CITY)
    address = StringField(_l("Address"), [Optional(), _LINE])

    def draft(self) -> CommunityDraft:
        return CommunityDraft(self.name.data or "", self.city.data, self.address.data or "")


class BuildingForm(Form):
    name = StringField(_l("Name of the building"), [NotBlank(), _WORD])
    built_year = IntegerField(_l("Year of construction"), [Optional()])
    revision = HiddenField(default="0")

    def draft(self) -> BuildingDraft:
        return BuildingDraft(self.name.data or "", self.built_year.data)


class EntranceForm(Form):
    name = StringField(_l("Name of the entrance"), [NotBlank(), _WORD])


class DwellingForm(Form):
    room = StringField(_l("Room"), [NotBlank(), _WORD])
    floor = IntegerField(_l("Floor"), [InputRequired(_l("Fill this in."))])
    area = AreaField(_l("Area"), [NotBlank()])
    area_source = SelectField(
        _l("Source of the area"), choices=choices("area_sources"), default=AreaSource.REGISTER
    )
    owners = StringField(_l("Owners"), [NotBlank(), Length(max=1000)])
    tenure = SelectField(_l("Tenure"), choices=choices("tenures"), default=Tenure.PRIVATE)
    occupancy = SelectField(_l("Use"), choices=choices("occupancies"), default=Occupancy.OWNER)
    counts = BooleanField(_l("Counts in votes"), default=True)
    phone = StringField(_l("Telephone"), [Optional(), _LINE])
    note = TextAreaField(_l("Note"), [Optional(), Length(max=1000)])
    revision = HiddenField(default="0")

    @classmethod
    def of(cls, dwelling: Dwelling) -> DwellingForm:
        """The form as the dwelling is now; what was typed comes before it."""
        names = "、".join(held.owner.name for held in dwelling.ownerships)
        return cls(obj=dwelling, owners=names)

    def draft(self) -> DwellingDraft:
        return DwellingDraft(
            room=self.room.data or "",
            floor=int(self.floor.data or 0),
            area=int(self.area.data or 0),
            owners=self.owners.data or "",
            area_source=AreaSource(self.area_source.data),
            tenure=Tenure(self.tenure.data),
            occupancy=Occupancy(self.occupancy.data),
            counts=bool(self.counts.data),
            phone=self.phone.data or "",
            note=self.note.data or "",
        )


class OwnerForm(Form):
    name = StringField(_l("Name"), [NotBlank(), _LINE])
    kind = RadioField(_l("Kind"), choices=choices("owner_kinds"))
    distinguisher = StringField(_l("Mark to tell namesakes apart"), [Optional(), _LINE])

    def draft(self) -> OwnerDraft:
        return OwnerDraft(
            self.name.data or "", OwnerKind(self.kind.data), self.distinguisher.data or ""
        )


class _Checks(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SplitForm(Form):
    """Which dwellings belong to somebody else of the same name."""

    dwellings = _Checks(_l("Dwellings of the other person"), coerce=int)
    into = RadioField(_l("The other person is"), coerce=int, default=0)
    distinguisher = StringField(_l("Mark to tell them apart"), [Optional(), _LINE])

    @classmethod
    def of(cls, owner: Owner, namesakes: Iterable[Owner]) -> SplitForm:
        form = cls()
        form.dwellings.choices = [
            SelectChoice(str(held.dwelling_id), address(held.dwelling)) for held in owner.ownerships
        ]
        known = [SelectChoice(str(other.id), _called(other)) for other in namesakes]
        form.into.choices = [SelectChoice("0", _("not in the register yet")), *known]
        if not known:
            del form.into
        return form


def _called(owner: Owner) -> str:
    return f"{owner.name} {owner.distinguisher}".strip()


def address(dwelling: Dwelling) -> str:
    """ "3幢 1单元 602"."""
    entrance = dwelling.entrance
    return f"{entrance.building.name} {entrance.name} {dwelling.room}"


class UploadForm(Form):
    file = FileField(_l("Roster (.xlsx or .csv)"), [FileRequired(_l("Choose a file."))])


class ConfirmForm(Form):
    """What must be said before a roster is written; fields that do not apply are taken out."""

    digest = HiddenField()
    accept_refused = BooleanField(_l("I have seen the rows that cannot be read"))
    gone = RadioField(
        _l("Dwellings that are not in the file any more"),
        [InputRequired(_l("Choose one."))],
        choices=[
            SelectChoice("keep", _l("Keep them as they are")),
            SelectChoice("retire", _l("Take them out of the register")),
        ],
    )


class ReadingForm(Form):
    """How the columns are read; one field for each column, made for the file."""

    sheet = SelectField(_l("Sheet"), [Optional()])
    building = StringField(_l("Building, if the file names none"), [Optional(), _WORD])


def reading_form(roster: Roster | None, sheets: Iterable[str], reading: Reading) -> ReadingForm:
    """The form for this file, as it is read now."""
    columns = roster.columns if roster else ()
    fields = {f"column_{column.letter}": _column_field(column) for column in columns}
    made: ReadingForm = type("ReadingFormOfFile", (ReadingForm,), fields)(
        building=reading.building,
        sheet=roster.sheet if roster else reading.sheet,
        **{f"column_{column.letter}": _present(column, reading) for column in columns},
    )
    made.sheet.choices = [SelectChoice(name, name) for name in sheets]
    return made


def _column_field(column: Column) -> SelectField:
    known = {normal_header(header): f.name for f in ROSTER_FIELDS for header in f.headers}
    field = known.get(normal_header(column.header)) if column.header else None
    as_known = _("as its name says: %(field)s", field=field_name(field)) if field else _("not read")
    label = f"{column.letter} {column.header}".strip()
    return SelectField(
        label,
        choices=[
            SelectChoice(AS_KNOWN, as_known),
            *(SelectChoice(name, str(label)) for name, label in FIELDS.items()),
            SelectChoice(_LEAVE_OUT, _("leave this column out")),
        ],
    )


def _key(column: Column, columns: Iterable[Column]) -> str:
    """What a mapping calls the column: its header, unless that names two columns."""
    same = [other for other in columns if other.header == column.header]
    return column.key if len(same) == 1 else f"#{column.letter}"


def _present(column: Column, reading: Reading) -> str:
    wanted = {normal_header(key): value for key, value in reading.mapping.items()}
    value = reading.mapping.get(f"#{column.letter}")
    if value is None and column.header:
        value = wanted.get(normal_header(column.header))
    if value is None:
        return AS_KNOWN
    return _LEAVE_OUT if value == LEFT_OUT else value


def reading_of(form: ReadingForm, columns: Iterable[Column]) -> Reading:
    """What the form says about how the file is to be read."""
    columns = tuple(columns)
    mapping = {}
    for column in columns:
        value = form[f"column_{column.letter}"].data
        if value != AS_KNOWN:
            mapping[_key(column, columns)] = LEFT_OUT if value == _LEAVE_OUT else value
    return Reading(mapping, form.sheet.data or None, form.building.data or "")
