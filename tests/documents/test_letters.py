"""Household letters as PDF: a page each, everything printed, the QR leads to the code."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from documents.letters import LetterSheet, letters_pdf, qr_svg
from documents.typesetting import TEMPLATES, missing_glyphs
from tests.trust.payloads import PAYLOADS

NOW = datetime(2026, 9, 1, 1, 0, 0, 123456, tzinfo=UTC)


def sheet(room="602", **changes):
    values = {
        "community": "工人新村",
        "address": f"3幢 1单元 {room}",
        "addressee": "尹堃",
        "is_tenant": False,
        "code": "ACEF-HJKM-2345",
        "url": "https://louyi.example.org/c/ACEFHJKM2345",
        "site": "https://louyi.example.org/sign-in",
        "last_day": date(2026, 11, 30),
    }
    return LetterSheet(**(values | changes))


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_every_letter_is_a_page_of_its_own():
    assert pages(letters_pdf([sheet()], made_at=NOW)) == 1
    assert pages(letters_pdf([sheet(str(n)) for n in range(7)], made_at=NOW)) == 7


def test_a_tenants_letter_and_long_names_stay_on_one_page():
    long = sheet(
        addressee="南京新苑房地产开发有限公司第二项目管理部（筹）",
        community="工人新村社区居民委员会第一片区",
        site="https://a-rather-long-host-name.district.city.example.org/sign-in",
    )
    tenant = sheet(addressee="", is_tenant=True)
    assert pages(letters_pdf([long, tenant], made_at=NOW)) == 2


def test_the_same_letters_give_the_same_bytes():
    assert letters_pdf([sheet()], made_at=NOW) == letters_pdf([sheet()], made_at=NOW)


@pytest.mark.trust("3.3")
def test_what_people_are_called_is_never_read_as_markup():
    odd = sheet(addressee='#panic("x") *bold* $1$ \\ "', address="3幢 #let x = 1")
    assert pages(letters_pdf([odd], made_at=NOW)) == 1


@pytest.mark.trust("3.3")
def test_no_payload_breaks_a_letter_or_becomes_an_action_in_it():
    letters = [sheet(addressee=payload, community=payload, address=payload) for payload in PAYLOADS]
    made = letters_pdf(letters, made_at=NOW)
    assert pages(made) >= len(PAYLOADS)
    for action in (b"/JavaScript", b"/Launch", b"/SubmitForm", b"/OpenAction", b"/AA"):
        assert action not in made


def test_the_fonts_have_every_sign_of_the_template():
    assert missing_glyphs((TEMPLATES / "letters.typ").read_text(encoding="utf-8")) == ""


def test_the_qr_is_drawn_as_one_path_that_scales():
    svg = qr_svg(sheet().url)
    assert svg.startswith("<svg")
    assert "viewBox" in svg
    assert "width=" not in svg.split(">")[0]
    assert 'width="45.0mm"' in qr_svg(sheet().url, millimetres=45)
    assert svg != qr_svg(sheet().url + "X")
