"""Forms for objections: raising one, answering it, closing it."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from blueprints.shared.forms import Form, NotBlank
from blueprints.shared.words import WORDS
from domain.objections import COMMITTEE_OUTCOMES, Ground
from models.menus import Option, OptionVersion
from models.objections import Objection
from services.objections import took_up


class RaiseForm(Form):
    """What is objected to, on which ground, in the objector's own words."""

    option = SelectField(_l("What do you object to?"), validate_choice=True)
    ground = RadioField(
        _l("On what ground?"),
        choices=[SelectChoice(str(ground), WORDS["grounds"][ground]) for ground in Ground],
        validators=[InputRequired(_l("Choose a ground."))],
    )
    body = TextAreaField(
        _l("What is the matter?"),
        description=_l("What would happen to you, where and when? What would help?"),
        validators=[NotBlank()],
    )

    def offer(self, options: list[Option]) -> None:
        """The item as a whole, or one of these options."""
        whole = SelectChoice("", _("The whole thing, whichever option"))
        titles = [
            SelectChoice(str(one.id), one.published.title) for one in options if one.published
        ]
        self.option.choices = [whole, *titles]


class AnswerForm(Form):
    """The committee's answer."""

    answer = TextAreaField(
        lazy_pgettext("committee", "Answer"),
        description=_l(
            "Everybody in the building can read it. Write no names and no flat numbers."
        ),
        validators=[NotBlank()],
    )


class CloseForm(Form):
    """How the objection ended, and what took it up."""

    outcome = RadioField(
        _l("How did it end?"),
        choices=[
            SelectChoice(str(one), WORDS["objection_outcomes"][one]) for one in COMMITTEE_OUTCOMES
        ],
        validators=[InputRequired(_l("Choose how it ended."))],
    )
    version = SelectField(_l("Which version of the option takes it up?"), default="")
    condition = TextAreaField(
        _l("Condition for the contractor"),
        description=_l(
            "For a new version made here: what the contractor must keep to, for example a "
            "distance, quiet hours or a width of passage."
        ),
    )
    note = TextAreaField(
        _l("Note on the outcome"),
        description=_l("Needed when it is not resolved. The resolution prints it: no names."),
    )

    def offer(self, objection: Objection, options: list[Option]) -> None:
        """The versions that may have taken the objection up, and a new version of each option."""
        versions = [
            SelectChoice(f"version:{version.id}", _version(version))
            for option in options
            for version in option.versions
            if took_up(version, objection)
        ]
        fresh = [
            SelectChoice(
                f"option:{option.id}",
                _("A new version of “%(title)s” with this condition", title=option.published.title),
            )
            for option in options
            if option.published and option.withdrawn_at is None
        ]
        self.version.choices = [SelectChoice("", _("none")), *versions, *fresh]


def _version(version: OptionVersion) -> str:
    return _(
        "“%(title)s”, version %(number)s: %(note)s",
        title=version.title,
        number=version.number,
        note=version.change_note,
    )
