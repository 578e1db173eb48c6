"""Forms for issuing a resolution and handing its requirements to a contractor."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from blueprints.shared.forms import Form


class IssueForm(Form):
    """Issuing cannot be undone, so it is said aloud."""

    read = BooleanField(
        _l("I have read the draft below. Once issued it cannot be changed."),
        validators=[InputRequired(_l("Tick this when you have read the draft."))],
    )


class RequirementsForm(Form):
    """To which contractor the requirement list goes."""

    company = SelectField(
        _l("Contractor"),
        coerce=int,
        validators=[InputRequired(_l("Choose a contractor."))],
        validate_choice=True,
    )
