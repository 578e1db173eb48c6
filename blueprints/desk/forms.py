"""Questions to the desk, asked by address: they change nothing, so they carry no token."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from blueprints.shared.forms import Form, MoneyField, NotBlank


class SchemesForm(Form):
    """Which option, and which two ways of sharing its cost."""

    class Meta:
        """Read from the address."""

        csrf = False

    option = SelectField(_("Option"), coerce=int)
    first = SelectField(_("Shared like this"))
    second = SelectField(_("Compared with this"))


class BudgetForm(Form):
    """How much money there is, for each household or in total."""

    class Meta:
        """Read from the address."""

        csrf = False

    budget = MoneyField(_("Budget"), validators=[NotBlank()])
    basis = RadioField(
        _("Is this for each household or for the whole building?"),
        choices=[
            SelectChoice("each", _("For each household")),
            SelectChoice("total", _("For the whole building")),
        ],
        default="each",
    )
