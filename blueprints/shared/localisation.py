"""Which language a reader gets, and how numbers, days and instants are written in it."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import g, has_request_context, request
from flask_babel import format_date, format_datetime
from markupsafe import Markup, escape
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from domain.quantities import format_area, format_money

LOCALES = {"zh_Hans": "中文", "en": "English"}
COOKIE = "louyi_language"
ZONE = ZoneInfo("Asia/Shanghai")


def select_locale() -> str:
    """The reader's choice if one was made, else Chinese wherever the browser asks for any zh.

    Werkzeug's ``best_match`` gives English to a phone that asks for ``zh-CN``, so the list is
    walked here. A reader that asks for nothing at all is taken for a Chinese one.
    """
    if not has_request_context():
        return "zh_Hans"
    chosen = request.cookies.get(COOKIE)
    if chosen in LOCALES:
        return chosen
    return _asked_for(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=256)
def _asked_for(header: str) -> str:
    wanted = [tag.lower() for tag, _quality in parse_accept_header(header, LanguageAccept)]
    if not wanted or any(tag == "zh" or tag.startswith("zh-") for tag in wanted):
        return "zh_Hans"
    return "en"


def locale() -> str:
    """The language of this answer."""
    if "locale" not in g:
        g.locale = select_locale()
    chosen: str = g.locale
    return chosen


def html_language() -> str:
    """The value of the ``lang`` attribute."""
    return "zh-Hans" if locale() == "zh_Hans" else "en"


def money(amount: int | None) -> str:
    """Fen as yuan with grouping, ``—`` when there is none."""
    return "—" if amount is None else format_money(amount, grouped=True)


def area(value: int | None) -> str:
    """Hundredths of a square metre as square metres."""
    return "—" if value is None else format_area(value)


def quantity(hundredths: int) -> str:
    """Hundredths of a unit, without needless noughts: 200 → 2, 1250 → 12.5."""
    return format_area(hundredths).rstrip("0").rstrip(".")


def day(value: date | datetime | None) -> str:
    """A calendar day in Shanghai."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = value.astimezone(ZONE).date()
    return format_date(value, "y年M月d日" if locale() == "zh_Hans" else "d MMMM y")


def moment(value: datetime | None) -> str:
    """An instant, to the minute, in Shanghai."""
    if value is None:
        return "—"
    pattern = "y年M月d日 HH:mm" if locale() == "zh_Hans" else "d MMMM y, HH:mm"
    return format_datetime(value.astimezone(ZONE), pattern, rebase=False)


def deadline(value: datetime | None) -> str:
    """The last instant before ``value``: midnight is said as 24:00 of the day that ends."""
    if value is None:
        return "—"
    local = value.astimezone(ZONE)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return moment(value)
    return f"{day(date.fromordinal(local.date().toordinal() - 1))} 24:00"


def lines(text: str) -> Markup:
    """What people wrote, with its line breaks."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


FILTERS = {
    "money": money,
    "area": area,
    "quantity": quantity,
    "day": day,
    "moment": moment,
    "deadline": deadline,
    "lines": lines,
}
