"""Forms about who votes for whom, deliveries at the door, and an official platform's result."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from blueprints.shared.forms import Form, HundredthsField, NotBlank
from blueprints.shared.words import choices
from blueprints.votes.forms import whole
from domain.platforms import Papers, Part, Totals
from domain.quantities import format_area, parse_hundredths

LINE = Length(max=200)
MOST_PERSONS = 100_000


class SumField(HundredthsField):
    """Square metres of many dwellings, 0 included; hundredths in the program."""

    parse = staticmethod(parse_hundredths)
    write = staticmethod(format_area)


class MandateForm(Form):
    """Who votes for which owner, and on what paper."""

    kind = RadioField(_l("On what ground"), choices=choices("mandate_kinds"))
    principal = RadioField(_l("For which owner"), coerce=whole, choices=[])
    holder_owner = SelectField(
        _l("Who votes: an owner on this roll"), coerce=whole, validators=[Optional()], choices=[]
    )
    holder_name = StringField(_l("Or somebody else (name)"), validators=[Optional(), LINE])
    document = StringField(_l("Paper that was seen"), validators=[NotBlank(), LINE])
    seen_on = DateField(_l("Seen on"), validators=[DataRequired(_l("Fill this in."))])
    not_property_staff = BooleanField(
        _l("Whoever votes has declared not to work for the property company")
    )

    def offer(
        self, owners: list[tuple[int, str]], holders: list[tuple[int, str]], today: date
    ) -> None:
        """Fill in who can be chosen; where there is one owner nothing is asked."""
        self.principal.choices = [SelectChoice(str(key), name) for key, name in owners]
        nobody = SelectChoice("", _l("Somebody else, named below"))
        listed = [SelectChoice(str(key), name) for key, name in holders]
        self.holder_owner.choices = [nobody, *listed]
        if len(owners) == 1:
            self.principal.data = owners[0][0]
        if self.seen_on.data is None and not self.is_submitted():
            self.seen_on.data = today


class DeliveryForm(Form):
    """What came of a try at a door."""

    outcome = RadioField(
        _l("What came of it"),
        choices=[one for one in choices("deliveries") if one.value != "open"],
    )
    place = StringField(
        _l("Where the notice was posted, if nobody was found"), validators=[Optional(), LINE]
    )
    with_whom = StringField(_l("Who was with you"), validators=[Optional(), LINE])


class PlatformForm(Form):
    """An official platform's document, as it stands there: totals, or the exported list."""

    authority = StringField(_l("Whose platform"), validators=[NotBlank(), LINE])
    document_number = StringField(_l("Number of the document"), validators=[NotBlank(), LINE])
    document_date = DateField(
        _l("Date of the document"), validators=[DataRequired(_l("Fill this in."))]
    )
    form = RadioField(
        _l("What the document gives"),
        choices=[
            SelectChoice("totals", _l("Totals: persons and area of each answer")),
            SelectChoice("ballots", _l("A list of ballots, as a file")),
        ],
    )
    list = FileField(_l("List of ballots (.xlsx or .csv)"))
    papers = RadioField(
        _l("What the document says of the paper ballots"),
        choices=[
            SelectChoice("included", _l("They are in its totals already")),
            SelectChoice("apart", _l("They are not in its totals; add those entered here")),
        ],
        validators=[Optional()],
    )
    agree_persons = IntegerField(
        _l("Agree: persons"), validators=[Optional(), NumberRange(min=0, max=MOST_PERSONS)]
    )
    agree_area = SumField(_l("Agree: area, m²"), validators=[Optional()])
    against_persons = IntegerField(
        _l("Against: persons"), validators=[Optional(), NumberRange(min=0, max=MOST_PERSONS)]
    )
    against_area = SumField(_l("Against: area, m²"), validators=[Optional()])
    abstain_persons = IntegerField(
        _l("Abstain: persons"), validators=[Optional(), NumberRange(min=0, max=MOST_PERSONS)]
    )
    abstain_area = SumField(_l("Abstain: area, m²"), validators=[Optional()])

    @property
    def totals(self) -> Totals:
        """The totals typed in; an empty figure is none."""
        return Totals(
            *(
                Part(self[f"{name}_persons"].data or 0, self[f"{name}_area"].data or 0)
                for name in ("agree", "against", "abstain")
            )
        )

    @property
    def what_of_papers(self) -> Papers | None:
        """What was chosen; None where nothing was."""
        return Papers(self.papers.data) if self.papers.data in tuple(Papers) else None
