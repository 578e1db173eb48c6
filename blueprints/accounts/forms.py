"""Forms for coming in, for one's own password, for people and for letters."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Optional

from blueprints.shared.forms import Form, NotBlank
from domain.accounts import Role
from domain.passwords import LOGIN_LONGEST

_STAY = _l("Stay signed in on this phone or computer for 180 days")


class CodeForm(Form):
    """The one-time code of a household letter."""

    code = StringField(
        _l("Code on your letter"),
        [NotBlank()],
        description=_l(
            "12 letters and digits, for example ACEF-HJKM-2345. Capitals do not matter."
        ),
        render_kw={"maxlength": 40},
    )
    stay = BooleanField(_STAY, default=True)


class LoginForm(Form):
    """Login name and password."""

    login = StringField(_l("Login name or household number"), [NotBlank()])
    password = PasswordField(_l("Password"), [NotBlank()])
    remember = BooleanField(
        _STAY, description=_l("For households. Staff stay signed in for 12 hours.")
    )


class PasswordForm(Form):
    """One's own login name and password."""

    login = StringField(
        _l("Login name"),
        [NotBlank()],
        description=_l("Take this number or choose a name. Not a phone number."),
        render_kw={"maxlength": LOGIN_LONGEST},
    )
    old = PasswordField(_l("Present password"), [Optional()])
    password = PasswordField(
        _l("New password"),
        [NotBlank()],
        description=_l("At least 12 characters. A short sentence that only you know is good."),
    )
    again = PasswordField(
        _l("New password once more"),
        [NotBlank(), EqualTo("password", _l("The two passwords are not the same."))],
    )


class PersonForm(Form):
    """Somebody who is to get a role."""

    name = StringField(_l("Name"), [NotBlank()], description=_l("As neighbours know the person."))
    login = StringField(
        _l("Login name"),
        [NotBlank()],
        description=_l("For example the name in letters. Not a phone number."),
        render_kw={"maxlength": LOGIN_LONGEST},
    )


class StaffForm(PersonForm):
    """A committee member, auditor or stairwell head."""

    role = RadioField(
        _l("Role"),
        [InputRequired(_l("Choose a role."))],
        choices=[
            SelectChoice(Role.COMMITTEE.value, _l("Residents' committee")),
            SelectChoice(Role.STAIRWELL_HEAD.value, _l("Stairwell head")),
            SelectChoice(Role.AUDITOR.value, _l("Auditor")),
        ],
    )
    place = SelectField(
        _l("Entrance or building"),
        [Optional()],
        description=_l("For a stairwell head only."),
    )


class CompanyForm(Form):
    """A contractor."""

    name = StringField(_l("Name of the company"), [NotBlank()])


class FirstMemberForm(PersonForm):
    """A community and its first committee member."""

    community_name = StringField(
        _l("Name of the community"),
        [NotBlank()],
        description=_l("A community that does not exist yet is created."),
    )


class LettersForm(Form):
    """Whose letters are to be printed."""

    recipients = SelectMultipleField(_l("Letters"))
    replace = BooleanField(
        _l("Replace letters that are already out"),
        description=_l(
            "The old letters stop working. Whoever came in with one is signed out and needs "
            "the new letter."
        ),
    )
