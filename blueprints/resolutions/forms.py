"""Forms for issuing a resolution and handing its requirements to a contractor."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from blueprints.shared.forms import Form, NotBlank
from blueprints.shared.words import choices


class IssueForm(Form):
    """Issuing cannot be undone, so it is said aloud."""

    read = BooleanField(
        _l("I have read this draft, the PDF too"),
        validators=[InputRequired(_l("Tick this when you have read the draft."))],
    )


class StatementForm(Form):
    """What happened to a resolution, by whose document, and why."""

    act = RadioField(_l("What happened"), choices=choices("statement_acts"))
    authority = StringField(
        _l("Who decided it (court, authority, owners' vote)"),
        validators=[NotBlank(), Length(max=200)],
    )
    document_number = StringField(
        _l("Number of that document"), validators=[NotBlank(), Length(max=200)]
    )
    document_date = DateField(
        _l("Date of that document"), validators=[DataRequired(_l("Fill this in."))]
    )
    reason = TextAreaField(
        _l("What readers should know"), validators=[NotBlank(), Length(max=4000)]
    )
    read = BooleanField(
        _l("I have read it once more. A second person releases it; then it cannot be taken back."),
        validators=[InputRequired(_l("Tick this when you have read it."))],
    )

    def offer(self, acts: Sequence[str]) -> None:
        """Only what can still be stated."""
        self.act.choices = [one for one in choices("statement_acts") if one.value in acts]


class RequirementsForm(Form):
    """To which contractor the requirement list goes."""

    company = SelectField(
        _l("Contractor"),
        coerce=int,
        validators=[InputRequired(_l("Choose a contractor."))],
        validate_choice=True,
    )
