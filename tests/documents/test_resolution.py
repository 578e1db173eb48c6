"""The printed resolution says what the stored form says, and nothing written becomes markup."""

import copy
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import typst

from documents.resolution import drawings, printed, resolution_pdf
from documents.typesetting import TEMPLATES

# As a real clock stands: no resolution could be issued while typst was handed its microseconds.
MADE = datetime(2026, 9, 1, 1, 0, 37, 123457, tzinfo=UTC)


def test_the_same_document_gives_the_same_bytes(document):
    first = resolution_pdf(document, "ef" * 32, "01" * 32, made_at=MADE)
    assert first == resolution_pdf(document, "ef" * 32, "01" * 32, made_at=MADE)
    assert first.startswith(b"%PDF-1.7")


@pytest.mark.trust("3.3")
def test_what_people_wrote_is_printed_and_never_run(document):
    # ``#panic()`` would end the compilation, were it read as Typst.
    resolution_pdf(document, "ef" * 32, "01" * 32, made_at=MADE)


def test_a_motion_without_shares_or_objections_is_printed_too(document):
    document["motions"][0] |= {"shares": [], "objections": [], "entrance": None}
    document["not_adopted"] = []
    assert resolution_pdf(document, "ef" * 32, "01" * 32, made_at=MADE).startswith(b"%PDF")


def test_the_building_stands_in_the_document_with_what_each_floor_pays(document):
    (cost,) = drawings(document)["cost"]
    assert cost["title"] == "3幢 · 各层分摊"
    assert "2 户，每户 1.00 – 2.00 元" in cost["svg"]
    document["motions"][0]["option"]["payer"] = "state"
    assert drawings(document)["cost"] == [None]


def test_demand_is_drawn_by_released_bands_and_a_band_held_back_stays_shut(document):
    counts = {"need": 4, "accept": 3, "indifferent": 2, "oppose": 1, "unanswered": 0}
    document["demand"] = [
        {
            "item": "加装电梯",
            "bands": [
                {"lowest": 1, "highest": 2, "counts": None},
                {"lowest": 3, "highest": 6, "counts": counts},
            ],
        }
    ]
    (said,) = drawings(document)["demand"]
    assert "10 户" in said["svg"]
    assert "填的人太少，或者大家几乎一样，不公开" in said["svg"]
    assert said["svg"].count("stroke-dasharray") == 1
    assert resolution_pdf(document, "ef" * 32, "01" * 32, made_at=MADE).startswith(b"%PDF")


def cells(document) -> list[str]:
    """The text of every cell in the tables of the document, as the template sets them."""
    data = json.dumps(printed(document, "ef" * 32, "01" * 32), ensure_ascii=False)
    template = str(TEMPLATES / "resolution.typ")
    found = typst.query(template, "table", root=str(TEMPLATES), sys_inputs={"data": data})
    return ["".join(words(cell)) for cell in cells_of(json.loads(found))]


def cells_of(node) -> Iterator[dict]:
    for one in node if isinstance(node, list) else node.get("children", []):
        if one["func"] == "cell":
            yield one["body"]
        else:
            yield from cells_of(one)


def words(node) -> Iterator[str]:
    if node["func"] == "space":
        yield " "
    yield node.get("text", "")
    for one in node.get("children", []):
        yield from words(one)


def test_the_tables_write_money_as_the_drawing_and_the_text_do(document):
    (motion,) = document["motions"]
    share = {"floor": 5, "dwellings": 2, "lowest": "71568.63", "highest": "71568.63"}
    motion["shares"] = [
        motion["shares"][0] | {"lowest": "59803.92", "highest": "83333.34", "total": "143137.26"},
        share | {"total": "1143137.26"},
    ]
    before = copy.deepcopy(document)
    written = cells(document)
    assert "700,000.00 元，补贴 200,000.00 元，净额 500,000.00 元" in written
    assert {"59,803.92 – 83,333.34", "143,137.26", "71,568.63", "1,143,137.26"} <= set(written)
    assert not [said for said in written if re.search(r"\d{4}\.\d\d", said)]
    # What was decided keeps its own writing: its digest is taken of that.
    assert document == before
    drawn = drawings(document)["cost"][0]["svg"]
    assert "59,803.92 – 83,333.34" in drawn
