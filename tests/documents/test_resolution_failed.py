"""The print of what failed, and of the draft, as its words and tables stand on its pages."""

import json
import shutil

import pytest
import typst

from documents import typesetting
from documents.letters import qr_svg
from documents.resolution import draft_pdf, printed, resolution_pdf
from documents.typesetting import TEMPLATES, missing_glyphs, printable
from tests.documents.test_resolution import MADE, cells

# Around the template: every run of words and both ends of every table, where they come to stand.
WATCHED = """
#show regex("\\S+"): it => { [#metadata(it.text)<word>]; it }
#show table: it => { [#metadata(0)<first>]; it; [#metadata(0)<last>] }
#include "resolution.typ"
#context [#metadata(query(<word>).map(it => it.value))<words>]
#context [#metadata(query(<first>).zip(query(<last>)).map(
  ends => ends.map(it => it.location().page())
))<tables>]
"""


@pytest.fixture
def watched(tmp_path):
    """Asks the template, filled with a document, for something of ``WATCHED``."""
    for name in ("house.typ", "resolution.typ"):
        shutil.copy(TEMPLATES / name, tmp_path)
    (tmp_path / "watched.typ").write_text(WATCHED, encoding="utf-8")

    def ask(document, what: str, **how) -> list:
        data = json.dumps(printable(printed(document, "ef" * 32, "01" * 32, **how)))
        found = typst.query(
            str(tmp_path / "watched.typ"),
            f"<{what}>",
            field="value",
            one=True,
            root=str(tmp_path),
            sys_inputs={"data": data},
            font_paths=typesetting._fonts(),
        )
        return json.loads(found)

    return ask


@pytest.fixture
def words(watched):
    """All that is printed, without blanks."""
    return lambda document, **how: "".join(watched(document, "words", **how))


FAILED_COUNT = {
    "outcome": "not_quorate",
    "persons": {
        "total": 11,
        "participating": 0,
        "agree": 0,
        "quorum": False,
        "approval": True,  # as an older count says of nobody
    },
    "area": {
        "participating_percent": 0,
        "agree_percent": 0,
        "quorum": False,
        "approval": True,
    },
}


def with_failed(document, **count) -> dict:
    """The document with one failed vote of entrance 2."""
    motion = document["motions"][0]
    failed = {
        "number": 2,
        "title": "2单元加装电梯",
        "text": "在 2 单元北侧加装电梯一台。",
        "entrance": "2单元",
        "item": "加装电梯",
        "option": "贯通门",
        "version": 2,
        "opened_at": "2026-08-20T00:00:00+08:00",
        "closed_at": "2026-08-27T00:00:00+08:00",
        "count": {**motion["count"], **FAILED_COUNT, **count},
        "count_digest": "ab" * 32,
        "objections": [],
    }
    return {**document, "failed": [failed], "objections": []}


def test_b5_the_print_says_which_vote_failed_and_of_nobody_that_it_is_not_counted(document, words):
    said = words(with_failed(document))
    assert "2单元加装电梯" in said
    assert "0/11" in said
    assert "人数不计，面积不计" in said
    assert "参与表决人数或面积不足" in said
    assert "2026年8月26日截止" in said  # closes at 24:00 of that day


def test_b5_the_print_says_what_became_of_the_paper_ballots_where_the_count_does(document, words):
    papers = {"printed": 12, "collected": 4, "void": 1, "outstanding": 6, "late": 1}
    assert "纸质票" not in words(with_failed(document))
    said = words(with_failed(document, papers=papers))
    assert "纸质票：发出12张，收回4张，作废1张，未收回6张，迟交1张" in said


def test_b5_a_quantity_is_printed_without_needless_noughts(document):
    assert "1 台" in cells(document)
    document["motions"][0]["option"]["quantity"] = "10.50"
    assert "10.5 台" in cells(document)


def test_b5_a_document_of_the_first_form_is_printed_as_before(document, words):
    assert "failed" not in document
    assert "表决未通过的事项" not in words(document)


def test_b5_the_draft_says_on_its_pages_that_it_is_none_and_keeps_the_place_of_the_qr(
    document, words
):
    said = words(document, draft=True)
    assert "样稿，未生效" in said
    assert "二维码" in said
    assert "样稿，未生效" not in words(document)
    drafted = draft_pdf(document, "01" * 32, made_at=MADE)
    assert drafted == draft_pdf(document, "01" * 32, made_at=MADE)


def test_b5_the_print_leads_back_to_the_page_and_has_a_line_for_seal_and_signatures(
    document, words
):
    page = "https://louyi.example.org/r/" + "ef" * 32
    data = printed(document, "ef" * 32, "01" * 32, page=page)
    assert data["qr"] == qr_svg(page)
    said = words(document, page=page)
    assert "扫码查看本决议的网页" in said
    assert "居民委员会（盖章）" in said
    assert "扫码" not in words(document)
    made = [resolution_pdf(document, "ef" * 32, "01" * 32, made_at=MADE, page=page) for _ in "12"]
    assert made[0] == made[1]


def test_b5_no_table_is_torn_apart_by_the_end_of_a_page(document, watched):
    """Every table begins and ends on one page, however high the house is."""
    motion = document["motions"][0]
    for height, lines in ((6, 0), (6, 40), (6, 80), (6, 120), (18, 40), (33, 10)):
        motion["option"]["constraints"] = "、".join(["夜间不施工，施工前三天张贴通知"] * lines)
        motion["shares"] = [
            {"floor": one, "dwellings": 2, "lowest": "1.00", "highest": "2.00", "total": "3.00"}
            for one in range(1, height + 1)
        ]
        pages = watched(with_failed(document), "tables")
        assert len(pages) == 5
        assert [ends for ends in pages if ends[0] != ends[1]] == []


def test_b5_a_sign_the_font_lacks_is_named_and_does_not_stop_the_release(document):
    document["motions"][0]["objections"][0]["note"] = "𠮷先生、䶮女士同意"
    document["motions"][0]["title"] = "👍电梯\x07"
    assert resolution_pdf(document, "ef" * 32, "01" * 32, made_at=MADE).startswith(b"%PDF")
    assert printable("𠮷䶮葛\U000e0100") == "〔U+20BB7〕䶮葛"
    assert missing_glyphs("𠮷䶮葛\U000e0100 ") == "𠮷"


def test_b5_only_the_bundled_fonts_are_used(monkeypatch):
    asked = []
    monkeypatch.setattr(typesetting.typst, "Fonts", lambda **how: asked.append(how))
    typesetting._fonts.__wrapped__()
    assert [how["include_system_fonts"] for how in asked] == [False]


def test_b5_the_fonts_have_every_sign_of_the_template():
    assert missing_glyphs((TEMPLATES / "resolution.typ").read_text(encoding="utf-8")) == ""
