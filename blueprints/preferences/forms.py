"""Forms for answering: one item a screen, and the sending of it all."""

from __future__ import annotations

from typing import cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from blueprints.shared.forms import Form, MoneyField
from blueprints.shared.words import WORDS
from domain.preferences import ItemAnswerDraft, Stance, ranking_from
from services.preferences_pages import Asked


class SendForm(Form):
    """Sending the answers as they were shown: carries the revision the household saw."""

    revision = HiddenField(default="0")

    @property
    def seen_revision(self) -> int:
        """The revision of the sheet when the page was drawn; 0 where it cannot be read."""
        text = str(self.revision.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class AnswerForm(SendForm):
    """The household's word on one item; ``for_question`` adds a place for each option."""

    stance = RadioField(
        _l("What does your household think of it?"),
        choices=[SelectChoice(str(stance), WORDS["stances"][stance]) for stance in Stance],
        validators=[Optional()],
    )
    reason = TextAreaField(_l("Why do you oppose it?"))
    none_of_these = BooleanField(_l("No option here suits us"))
    max_pay = MoneyField(
        _l("The most your household would pay"),
        description=_l("In yuan, once. It is no promise."),
        validators=[Optional()],
    )

    def place_fields(self) -> list[SelectField]:
        """The fields that ask for an option's place, in the order of the options."""
        return [field for field in self if field.name.startswith("rank_")]

    def draft(self) -> ItemAnswerDraft:
        """What was typed, as the rules take it; refuses ``rank_twice`` (place)."""
        places = {
            int(field.name.removeprefix("rank_")): int(field.data) if field.data else None
            for field in self.place_fields()
        }
        return ItemAnswerDraft(
            stance=Stance(self.stance.data) if self.stance.data else None,
            reason=self.reason.data or "",
            ranking=ranking_from(places),
            none_of_these=bool(self.none_of_these.data),
            max_pay=self.max_pay.data,
        )


def for_question(asked: Asked, revision: int) -> AnswerForm:
    """The form of one question, with what was said filled in and a place for each option."""
    said = asked.said
    values: dict[str, object] = {
        "stance": said.stance,
        "reason": said.reason,
        "none_of_these": said.none_of_these,
        "max_pay": said.max_pay,
        "revision": str(revision),
    }
    fields: dict[str, object] = {}
    several = len(asked.offers) > 1
    for offer in asked.offers if several else ():
        name = f"rank_{offer.option.id}"
        places = [
            SelectChoice(str(place), _place(place)) for place in range(1, len(asked.offers) + 1)
        ]
        fields[name] = SelectField(
            offer.version.title,
            choices=[SelectChoice("", _("no place")), *places],
            validators=[Optional()],
        )
        ranking = said.ranking
        place = ranking.index(offer.option.id) + 1 if offer.option.id in ranking else ""
        values[name] = str(place)
    form_class = cast("type[AnswerForm]", type("QuestionForm", (AnswerForm,), fields))
    return form_class(data=values)


def _place(place: int) -> str:
    if place == 1:
        return _("1: what we want most")
    return str(place)
