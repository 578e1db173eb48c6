"""What the style guide shows: a form with every kind of field, the sample building and figures."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from blueprints.shared.forms import Form, MoneyField
from blueprints.shared.localisation import locale
from charts import samples

_GROUNDS = [
    SelectChoice("light", _("Light")),
    SelectChoice("noise", _("Noise")),
    SelectChoice("cost", _("Cost")),
]
_ANSWERS = [
    SelectChoice("need", _("Need it")),
    SelectChoice("accept", _("Can accept")),
    SelectChoice("indifferent", _("Indifferent")),
    SelectChoice("oppose", _("Oppose")),
]


class SampleForm(Form):
    """One field of each kind."""

    name = StringField(_("Name"), [InputRequired(_("Fill this in."))])
    note = TextAreaField(_("Remark"), [Optional()])
    floor = SelectField(
        _("Floor"), choices=[SelectChoice(str(n), f"{n}F") for n in range(6, 0, -1)]
    )
    day = DateField(_("Day of posting"), [InputRequired(_("Fill this in."))])
    ground = RadioField(_("Ground"), [InputRequired(_("Fill this in."))], choices=_GROUNDS)
    wants = SelectMultipleField(_("Needs"), choices=_GROUNDS)
    roster = FileField(_("Roster"), [Optional()])
    read = BooleanField(_("I have read the notice"), [InputRequired(_("Fill this in."))])
    code = StringField(_("Code"), description=_("12 characters, printed on your letter"))
    price = MoneyField(_("Price"), [InputRequired(_("Fill this in."))])
    answer = RadioField(
        _("Do you need an elevator?"), [InputRequired(_("Fill this in."))], choices=_ANSWERS
    )


def context() -> dict[str, object]:
    """All that ``styleguide.html`` wants; with ``?faulty=1`` the form shows its errors."""
    form = SampleForm(request.args, meta={"csrf": False})
    if request.args.get("faulty"):
        form.validate()
    titles = {
        "demand": gettext("Demand by floor"),
        "majority": gettext("The two majorities"),
        "cost": gettext("Cost by floor"),
    }
    return samples.context(locale()) | {
        "form": form,
        "titles": titles,
        "chart_url": lambda name: url_for("home.styleguide", figure=name),
    }


def figure(name: str) -> dict[str, object] | None:
    """The sample figure of this name as Plotly's JSON, or None."""
    return samples.figure(name, locale()) if name in ("demand", "majority", "cost") else None
