"""Every licence is listed and allowed, and the list is of what is locked now (trust.md §6.2)."""

from __future__ import annotations

import pytest

from tools import licences_page


@pytest.mark.trust("6.2")
def test_every_licence_is_listed_and_allowed(figure):
    found = licences_page.packages()
    missing = licences_page.unlisted(found)
    figure("packages", len(found), "unlisted", len(missing))
    assert missing == []
    assert licences_page.PAGE.read_text("utf-8") == licences_page.page(found)


@pytest.mark.parametrize("licence", ["", "Proprietary", "AGPL-3.0-only", "MIT AND GPL-3.0-only"])
def test_what_nobody_decided_on_is_not_allowed(licence):
    odd = licences_page.Package("odd", "1", licence, True)
    assert licences_page.unlisted([odd]) == [f"odd {licence or '?'}"]


@pytest.mark.parametrize("licence", ["MIT", "(MIT OR GPL-3.0-only)", "BSD-3-Clause AND 0BSD"])
def test_one_alternative_and_every_part_must_be_allowed(licence):
    assert licences_page.is_allowed(licence)
