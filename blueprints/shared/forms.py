"""The base of every form: a key made when the page is drawn, so a form sent twice acts once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField
from wtforms.validators import ValidationError

from blueprints.shared.messages import sentence
from domain.errors import Refused
from domain.quantities import format_area, format_money, parse_area, parse_money


class Form(FlaskForm):
    """A form with a CSRF token (Flask-WTF) and an idempotency key."""

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(18))

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal at the field it speaks of, or above the form."""
        field = self._fields.get(refusal.field or "")
        text = sentence(refusal)
        if field is None:
            self.form_errors.append(text)
        else:
            field.errors = [*field.errors, text]


class HundredthsField(StringField):
    """A number with two decimals, kept as an integer of hundredths; what was typed is kept too."""

    data: Any
    parse: Callable[[str], int] = staticmethod(parse_money)
    write: Callable[[int], str] = staticmethod(format_money)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            self.data = None
            return
        try:
            self.data = self.parse(text)
        except Refused as refusal:
            self.data = None
            raise ValueError(sentence(refusal)) from refusal


class MoneyField(HundredthsField):
    """Yuan on the page, fen in the program."""


class AreaField(HundredthsField):
    """Square metres on the page, hundredths of one in the program."""

    parse = staticmethod(parse_area)
    write = staticmethod(format_area)


class QuantityField(HundredthsField):
    """Units with up to two decimals on the page, hundredths in the program."""

    def _value(self) -> str:
        written = super()._value()
        if self.raw_data or "." not in written:
            return written
        return written.rstrip("0").rstrip(".")


class NotBlank:
    """The field must hold something other than blanks; says so in the reader's language."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms' own protocol

    def __call__(self, form: FlaskForm, field: Field) -> None:
        del form
        empty = field.data is None or not str(field.data).strip()
        if empty and not field.errors:
            raise ValidationError(_("Fill this in."))
