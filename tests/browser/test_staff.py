"""The committee composes and publishes, the contractor reads and downloads: scripts off."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from demo.story import PASSWORD
from tests.browser import compound
from tests.browser.live import Live
from tests.browser.matrix import walks
from tests.browser.reader import PHONE, TABLET, Reader

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "size"), walks("zh-desk", "en-phone"))
def test_a_contractor_reads_and_downloads_what_was_issued(
    live: Live, read: Callable[..., Reader], language: str, size: tuple[int, int]
) -> None:
    builder = read(live, language=language, size=size, scripts=False)
    builder.go("/requirements")
    builder.fill(login="anju", password=PASSWORD)
    builder.press("Sign in")
    assert builder.heading == builder.word("Requirement lists")
    builder.follow("工人新村 3幢")
    builder.says("北侧玻璃井道，半层停靠", "700,000.00", "300,000.00", "400,000.00")
    builder.says("井道采用透明玻璃，距厨房窗不少于 1.5 米；19 时至次日 8 时不施工。")
    builder.says("人体感应 LED 灯", "4,320.00")
    with builder.page.expect_download() as waiting:
        builder.link("Download as a workbook (.xlsx)").click()
    _check(builder, waiting.value.path())
    with live.inside():
        plan = compound.plan_of("3").id
    builder.go(f"/plans/{plan}", status=404)


def _check(builder: Reader, path: Path) -> None:
    book = load_workbook(BytesIO(path.read_bytes()), read_only=True)
    assert book.sheetnames[0] == builder.word("Requirements")
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    assert len(rows) == 3
    cells = [str(cell) for row in rows for cell in row]
    assert {"700000", "300000", "400000", "4320"} <= {cell.split(".")[0] for cell in cells}
    assert not [cell for cell in cells if "志强" in cell or "602" in cell]


def test_a_committee_composes_and_publishes_with_scripts_off(
    live: Live, read: Callable[..., Reader]
) -> None:
    with live.inside():
        account = compound.staff("lin").id
        plan = compound.plan_of("9").id
    desk = read(live, account, language="en-GB", size=TABLET, scripts=False)
    desk.go(f"/plans/{plan}/compose")
    desk.follow("Add from the catalogue")
    desk.pick("keys", "rest_seats")
    desk.press("Add what is ticked")
    card = desk.page.locator("section.card").last
    desk.lead(card.get_by_role("link", name="Add an option to"))
    desk.fill(title="折叠座", quantity="2", unit_price="abc")
    desk.pick("payer", "households")
    desk.press("Save the draft")
    assert desk.page.locator(".problems a").count() == 1
    assert desk.page.locator("[name=title]").input_value() == "折叠座"
    desk.fill(unit_price="6,400.00")
    desk.choose("scheme_kind", value="equal")
    desk.press("Work out what each floor pays")
    desk.says("12,800.00", "4,266.67", "4,266.66")
    desk.press("Save the draft")
    desk.follow("Publish the menu")
    desk.pick("policy", "open")
    desk.press("Read it once more")
    desk.says("Every household is told:")
    desk.press("Hand to the second person")
    desk.says("It waits for a second person")
    with live.inside():
        second = compound.staff("zhou").id
    other = read(live, second, language="zh-CN", size=PHONE, scripts=False)
    other.go("/")
    other.follow("Read it")
    other.says("Every household is told:", "折叠座", "12,800.00")
    other.open("Release and publish")
    other.press("Yes: %(action)s", action=other.word("Release and publish"))
    other.says("The menu is published. The consultation is open.")
