"""Every table that can be downloaded: one figure a cell, numbers and days as such, ready to print.

A new export has to be named in ``EXPORTS``, and its file is opened and looked through like the
others.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest

from domain.preferences import Stance
from services import resolutions
from tests import two_people, votes_world
from tests.preferences_world import answered, items, published_plan

NUMBER = re.compile(r"-?\d+(\.\d+)?")
# A number dressed as text, or several figures in one cell.
DRESSED = re.compile(
    r"\d,\d{3}|\d\.\d\d?\s*[–—/·~至%元]|\d\s*/\s*\d+\s*$|\d\s*%|[¥￥]|\d\s*(yuan|元|m²)"
)
# A fraction of the law is a name, not a figure.
LAW = re.compile(r"(at least|more than) \d/\d")
DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}")


def _desk(world, rest):
    plan = published_plan(world)
    doors = [*world.first_entrance.dwellings, *world.second_entrance.dwellings]
    answered(world, plan, [(door, list(Stance)[n % 4]) for n, door in enumerate(doors)])
    return world.committee, f"/plans/{plan.id}{rest}"


def _issued(world):
    plan = votes_world.closed_motion(world).plan
    return two_people.issue(world.actor(world.committee), plan, now=world.clock())


def _figures(world, name):
    return None, f"/r/{quote(_issued(world).number)}/figures/{name}.csv"


def _own_cost(world):
    plan = published_plan(world)
    lift, _lights = items(plan)
    path = f"/plans/{plan.id}/my-cost/{lift.options[0].id}.csv?with=equal"
    return world.sixth_floor, path


def _result(world, account):
    return account, f"/motions/{votes_world.closed_motion(world).id}/result.csv"


def _result_sheet(world):
    return world.committee, f"/motions/{votes_world.closed_motion(world).id}/result-sheet.xlsx"


def _draft(world, name):
    plan = votes_world.closed_motion(world).plan
    return world.committee, f"/plans/{plan.id}/resolution/draft.csv?name={name}"


def _requirements(world):
    issued = _issued(world)
    now = world.clock.move_to(issued.in_force_at)
    actor = world.actor(world.committee)
    handed = resolutions.issue_requirements(actor, issued, world.company, now=now)
    return world.contractor, f"/requirements/{handed.id}/requirements.xlsx"


def _roster(world):
    return world.committee, f"/communities/{world.community.id}/roster.xlsx"


EXPORTS = [
    ("desk.demand_csv", lambda world: _desk(world, "/desk/demand.csv")),
    ("desk.willingness_csv", lambda world: _desk(world, "/desk/willingness.csv")),
    ("desk.schemes_csv", lambda world: _desk(world, "/desk/schemes.csv")),
    ("desk.my_cost_csv", _own_cost),
    ("preferences.demand_csv", lambda world: _desk(world, "/demand.csv")),
    ("resolutions.figure_csv", lambda world: _figures(world, "demand")),
    ("resolutions.figure_csv", lambda world: _figures(world, "majority-1")),
    ("resolutions.figure_csv", lambda world: _figures(world, "cost-1")),
    ("votes.figure_csv", lambda world: _result(world, world.committee)),
    ("votes.figure_csv", lambda world: _result(world, world.tenant)),
    ("votes.result_workbook", _result_sheet),
    ("resolutions.draft_figure_csv", lambda world: _draft(world, "majority-1")),
    ("resolutions.requirements_xlsx", _requirements),
    ("register.roster", _roster),
]


def test_b9_every_export_there_is_is_looked_through(place):
    rules = place.app.url_map.iter_rules()
    found = {rule.endpoint for rule in rules if rule.rule.endswith((".csv", ".xlsx"))}
    assert found == {endpoint for endpoint, _make in EXPORTS}


def test_b9_only_one_place_makes_files_of_tables():
    root = Path(__file__).parents[2]
    makes = re.compile(r"csv_bytes|xlsx_bytes|mimetype=\"text/csv|text/csv;|spreadsheetml")
    found = {
        str(path.relative_to(root))
        for room in ("blueprints", "services", "demo")
        for path in (root / room).rglob("*.py")
        if makes.search(path.read_text("utf-8"))
    }
    assert found == {"blueprints/shared/downloads.py"}


@pytest.mark.parametrize(
    ("endpoint", "make"), EXPORTS, ids=lambda one: getattr(one, "__name__", one)
)
def test_b9_one_figure_a_cell_numbers_as_numbers_and_ready_to_print(visit, world, endpoint, make):
    account, path = make(world)
    answer = visit(account).download(path)
    if endpoint.endswith("_csv"):
        _look_through_csv(answer)
    else:
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        for sheet in book:
            _prints_well(sheet)
            _look_through(sheet)


def _look_through_csv(answer):
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert rows and {len(row) for row in rows} == {len(head)}
    for title, *column in zip(head, *rows, strict=True):
        if any(NUMBER.fullmatch(text) for text in column):
            odd = [text for text in column if text and not NUMBER.fullmatch(text)]
            assert odd == [], title
        assert [text for text in column if DRESSED.search(LAW.sub("", text))] == [], title


def _prints_well(sheet):
    setup = sheet.page_setup
    assert (str(setup.paperSize), setup.orientation) == ("9", "landscape"), sheet.title
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (setup.fitToWidth, setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.oddHeader.center.text
    assert {"&P", "&N"} <= set(re.findall("&[A-Z]", sheet.oddFooter.center.text))


def _look_through(sheet):
    head, *rows = sheet.iter_rows()
    assert rows, sheet.title
    for row in rows:
        for title, cell in zip(head, row, strict=True):
            value, name = cell.value, f"{sheet.title}/{title.value}"
            if isinstance(value, str):
                assert not re.fullmatch(r"-?[\d,]*\d\.\d+", value), name
                assert not DAY.match(value) and not DRESSED.search(value), name
            elif isinstance(value, date | datetime):
                assert cell.number_format == "yyyy-mm-dd", name
            elif value is not None:
                assert cell.data_type == "n", name
                if re.search("yuan|元", str(title.value)):
                    assert cell.number_format == "#,##0.00", name
                if "面积" in str(title.value):
                    assert cell.number_format == "0.00", name


def test_b9_the_contractors_prices_are_the_resolutions_to_the_fen(visit, world):
    account, path = _requirements(world)
    book = openpyxl.load_workbook(io.BytesIO(visit(account).download(path).data))
    head, row = (list(line) for line in book["Requirements"].iter_rows(values_only=True))
    said = dict(zip(head, row, strict=True))
    option = resolutions.content(_the_resolution(path))["motions"][0]["option"]
    for title, key in (
        ("Unit price, yuan", "unit_price"),
        ("Price, yuan", "price"),
        ("Subsidy, yuan", "subsidy"),
        ("Net, yuan", "net"),
    ):
        assert Decimal(str(said[title])) == Decimal(option[key]), title
    since = {line[0].value: line[1] for line in book["Terms"].iter_rows()}["In force from"]
    assert since.is_date and isinstance(since.value, datetime)


def _the_resolution(path):
    from models.database import session
    from models.resolutions import RequirementIssue

    return session().get(RequirementIssue, int(path.split("/")[2])).resolution


def test_b9_the_foot_of_a_page_counts_pages_in_the_readers_language(visit, world):
    account, path = _roster(world)
    data = visit(account, language="zh-CN").download(path).data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet.oddFooter.center.text == "第&P页，共&N页"
    assert sheet.oddHeader.center.text == "工人新村 花名册"
