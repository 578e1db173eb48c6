"""Forms about plans: beginning one, posting a notice, extending the consultation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange

from blueprints.shared.forms import Form, NotBlank
from blueprints.shared.words import choices
from domain.menus import MAX_LINE
from domain.periods import MAX_DAYS
from models.register import Building

_DAYS = NumberRange(1, MAX_DAYS, message=_l("Give a number of days between 1 and 366."))
_SHORT = Length(max=MAX_LINE, message=_l("At most 200 characters."))


class PlanForm(Form):
    """Which building, and what the plan is called."""

    building = SelectField(_l("Building"), coerce=int)
    title = StringField(_l("Title of the plan"), validators=[NotBlank(), _SHORT])

    def offer(self, buildings: list[Building]) -> None:
        """The buildings to choose from, with their communities."""
        self.building.choices = [
            SelectChoice(str(one.id), f"{one.community.name} {one.name}") for one in buildings
        ]


class NoticeForm(Form):
    """A posting on a real wall, put on record."""

    kind = SelectField(_l("What the notice is about"), choices=choices("notice_kinds"))
    days = IntegerField(_l("Days it stays posted"), validators=[NotBlank(), _DAYS])
    place = StringField(_l("Where it hangs"), validators=[NotBlank(), _SHORT])


class ExtensionForm(Form):
    """A later close of the consultation."""

    days = IntegerField(_l("Days from today"), validators=[NotBlank(), _DAYS])
    place = StringField(_l("Where the notice hangs"), validators=[NotBlank(), _SHORT])
