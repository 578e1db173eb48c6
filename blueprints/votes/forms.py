"""Forms about motions and ballots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from blueprints.shared.forms import Form, NotBlank
from blueprints.shared.words import choices, word
from domain.papers import LEAST_HOURS, LONGEST_TEXT, MOST_HOURS, HandedIn
from domain.periods import start_of
from services.motions import TEXT_LENGTH, TITLE_LENGTH

CHOICES = [
    SelectChoice("agree", _l("Agree")),
    SelectChoice("against", _l("Against")),
    SelectChoice("abstain", _l("Abstain")),
]
INVALID = SelectChoice("invalid", _l("Invalid: cannot be read, unsigned, or marked twice"))
NO_MANDATE = SelectChoice("no_mandate", _l("Invalid: signed by somebody without a mandate"))
EVERYWHERE = "all"


def whole(value: Any) -> int | None:
    """A number that a hidden field carries; None for anything that was never put there."""
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


class MotionForm(Form):
    """The words of a motion; ``entrance`` is left out where nothing is to be chosen."""

    entrance = SelectField(_l("Who decides"), validators=[Optional()], choices=[])
    title = StringField(_l("Title"), validators=[NotBlank(), Length(max=TITLE_LENGTH)])
    text = TextAreaField(
        _l("Exact text that is voted on"), validators=[NotBlank(), Length(max=TEXT_LENGTH)]
    )
    matter = SelectField(_l("Matter of article 278"), coerce=int)
    channel = SelectField(_l("How votes are cast"), validators=[Optional()], choices=[])
    revision = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel.choices = choices("channels")
        self.matter.choices = [
            SelectChoice(str(number), f"{number} · {word('matters', number)}")
            for number in range(1, 10)
        ]

    def with_channels(self, offered: Sequence[str]) -> None:
        """Offer the ways that the city's profile names; nothing is asked where there is one."""
        if len(offered) < 2:
            del self.channel
        else:
            self.channel.choices = [SelectChoice(one, word("channels", one)) for one in offered]

    @property
    def chosen_channel(self) -> str | None:
        """How votes are cast, where it was asked."""
        return self.channel.data if self.channel else None

    def with_entrances(self, entrances: list[tuple[int, str]]) -> None:
        """Offer these entrances, each alone or all at once; none: the building decides."""
        if not entrances:
            del self.entrance
            return
        named = [SelectChoice(str(key), name) for key, name in entrances]
        if len(named) > 1:
            everywhere = _l("Every entrance for itself: one motion each")
            named = [SelectChoice(EVERYWHERE, everywhere), *named]
        self.entrance.choices = named
        self.entrance.validators = [DataRequired(_l("Fill this in."))]


def _this_century(form: Form, field: DateField) -> None:
    """A year that was mistyped is told as such."""
    del form
    if field.data is not None and not 2000 <= field.data.year <= 2100:
        raise ValidationError(_l("Check the year."))


class AnnounceForm(Form):
    """When voting opens and closes, in whole days of Shanghai, and how long notice is given."""

    opens_on = DateField(
        _l("Voting opens on this day, at 0:00"),
        validators=[DataRequired(_l("Fill this in.")), _this_century],
    )
    closes_on = DateField(
        _l("Last day of voting, until 24:00"),
        validators=[DataRequired(_l("Fill this in.")), _this_century],
    )
    notice_days = IntegerField(
        _l("Days of notice"), validators=[InputRequired(), NumberRange(min=1, max=366)]
    )
    place = StringField(_l("Where the notice hangs"), validators=[Optional(), Length(max=200)])
    box_hours = IntegerField(
        _l("Hours after the close in which the box of paper ballots is closed"),
        validators=[InputRequired(), NumberRange(min=LEAST_HOURS, max=MOST_HOURS)],
    )
    confirm = HiddenField()

    @property
    def window(self) -> tuple[datetime, datetime]:
        """The first instant of voting, and the first instant after it."""
        opens: date = self.opens_on.data
        closes: date = self.closes_on.data
        return start_of(opens), start_of(closes + timedelta(days=1))


class ReasonForm(Form):
    """A reason that others will read."""

    reason = TextAreaField(_l("Reason"), validators=[NotBlank(), Length(max=2000)])


class RepresentativeForm(Form):
    """Whom the co-owners named, and on which paper."""

    owner = RadioField(_l("Who acts for the co-owners"), coerce=whole, choices=[])
    document = StringField(
        _l("Paper that names this person"), validators=[NotBlank(), Length(max=200)]
    )


class BallotForm(Form):
    """One answer."""

    voter = HiddenField()
    choice = RadioField(
        _l("Your vote"), choices=CHOICES, validators=[InputRequired(_l("Choose one."))]
    )

    @property
    def number(self) -> int | None:
        """The number on the roll that is answered for, where there are several."""
        return whole(self.voter.data)


class HandedInForm(Form):
    """On which day a slip was handed in, and to which two people."""

    handed_in = DateField(
        _l("Handed in on"), validators=[DataRequired(_l("Fill this in.")), _this_century]
    )
    first_collector = StringField(_l("Handed to (name)"), validators=[NotBlank(), Length(max=200)])
    second_collector = StringField(_l("And to (name)"), validators=[NotBlank(), Length(max=200)])

    @property
    def handed(self) -> HandedIn:
        """As the services want it."""
        return HandedIn(self.handed_in.data, self.first_collector.data, self.second_collector.data)


class PaperForm(HandedInForm):
    """What a paper ballot says, who signed it, and when and to whom it was handed in."""

    choice = RadioField(
        _l("What the paper says"),
        choices=[*CHOICES, INVALID, NO_MANDATE],
        validators=[InputRequired(_l("Choose one."))],
    )
    owner = RadioField(_l("Who signed it"), choices=[], validators=[Optional()])

    def with_owners(
        self, owners: list[tuple[int, str]], mandates: list[tuple[int, str]] | None = None
    ) -> None:
        """Ask who signed where it may be one of several."""
        signers = [SelectChoice(str(key), name) for key, name in owners]
        signers += [SelectChoice(f"m{key}", name) for key, name in mandates or []]
        if len(signers) < 2:
            del self.owner
        else:
            self.owner.choices = signers

    @property
    def signer(self) -> dict[str, int]:
        """Who signed, as the service wants it: an owner, or the mandate of another."""
        said = str(self.owner.data or "") if self.owner else ""
        if said.startswith("m"):
            return {"mandate_id": whole(said[1:]) or 0}
        return {"owner_id": int(said)} if said.isdecimal() else {}


class VoidForm(ReasonForm):
    """Why a printed ballot is void, and whether a new one is printed for the owner."""

    replace = BooleanField(_l("Print a new ballot for this owner"))


class FindPaperForm(Form):
    """The number on a paper ballot."""

    number = IntegerField(
        _l("Number on the paper"), validators=[InputRequired(), NumberRange(min=1, max=10**6)]
    )


class ReceiptForm(Form):
    """The code of a receipt. It only looks, so it is sent by GET."""

    class Meta(FlaskForm.Meta):
        csrf = False

    code = StringField(
        _l("Code of the receipt"),
        [NotBlank()],
        description=_l("16 letters and digits, for example 7K3F-9Q2M-XW4T-BD6H."),
        render_kw={"maxlength": 40},
    )


class BoxForm(Form):
    """The numbers of the slips in hand."""

    serials = TextAreaField(
        _l("Numbers on the paper ballots in hand"),
        validators=[Length(max=LONGEST_TEXT)],
    )
    empty = BooleanField(_l("No paper ballot is in hand: the box is empty"))
