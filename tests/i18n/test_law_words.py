"""The law is said as it stands, and one word of English does not serve two acts in Chinese.

What was said wrongly once is looked for in the whole catalogue, in the papers and templates that
hold Chinese of their own, and in the texts of the demo.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from domain.ratios import LAWS
from domain.register_headers import AREA_SOURCES, TENURES
from domain.vocabulary import AreaSource, Tenure
from tools.translate import PO

ROOT = Path(__file__).parents[2]
ROOMS = (
    ("templates", "*.html"),
    ("templates", "*.typ"),
    ("blueprints", "*.py"),
    ("documents", "*.py"),
    ("demo", "*.py"),
    ("reference", "*.toml"),
)


def _messages():
    with PO.open("rb") as file:
        for message in read_po(file, locale="zh_Hans"):
            if message.id:
                english = message.id if isinstance(message.id, str) else message.id[0]
                forms = message.string if isinstance(message.string, str) else message.string[0]
                yield message.context, english, forms


MESSAGES = list(_messages())
CHINESE = {(context, english): chinese for context, english, chinese in MESSAGES}


def _papers():
    """Lines of Chinese outside the catalogue that somebody reads."""
    for room, pattern in ROOMS:
        for path in sorted((ROOT / room).rglob(pattern)):
            for line in path.read_text("utf-8").splitlines():
                yield str(path.relative_to(ROOT)), line
    for law in LAWS.values():
        yield "domain/ratios.py", law.source_zh


def _said():
    yield from ((english, chinese) for _context, english, chinese in MESSAGES)
    yield from _papers()


NEVER = {
    "the committee does not decide": r"作出决议|决议作出|出具.{0,12}决议|作出日期|作出时间",
    "a decision ends by 废止": r"业主表决收回|已收回，不再",
    "a mandate ends by 取消": r"撤销了代业主|代为表决人，请先撤销",
    "the execution is 中止": r"^暂停$|决议已暂停|解除中止",
    "rights or procedure, not disagreement": r"对决议有异议的|对决定不服",
    "a year runs from knowing": r"可以?(依法)?在一年内请求",
    "both measures": r"参与表决者|参与者(中|四分之三)|参与表决的四分之三",
    "what was handed over counts too": r"^未售$|开发商未售出的合|开发单位|未售：属",
    "sources of an area by their names": r"产权登记|(?<!测绘机构)(?<!没有)实测|(?<!房屋)买卖合同",
    "households fill in, the committee answers": r"作答|各户答复|户答复|未答(?!复)",
    "one may oppose without objecting": r"反对的事项",
    "letters go to homes": r"住户来信",
    "one payer, and no answer in the question": r"或由公示的出资方|\"同意\{",
}


@pytest.mark.parametrize(("why", "phrase"), NEVER.items(), ids=list(NEVER))
def test_b12_what_was_said_wrongly_is_said_nowhere(why, phrase):
    found = [
        (where, text.strip()[:60]) for where, text in _said() if re.search(phrase, text.strip())
    ]
    assert found == [], why


def test_b12_every_sentence_of_a_majority_names_persons_and_area():
    part = re.compile(r"四分之三|过半数|三分之二")
    found = [
        text
        for _where, text in _said()
        if part.search(text) and not ("人数" in text and "面积" in text)
    ]
    assert found == []


def test_b12_a_court_and_a_year_are_named_with_both_sources_and_the_day_of_knowing():
    found = [
        text
        for _where, text in _said()
        if "第二百八十条" in text and "一年" in text and not ("第十二条" in text and "知道" in text)
    ]
    found += [
        text
        for _where, text in _said()
        if "请求人民法院撤销" in text and "一年" in text and "知道" not in text
    ]
    assert found == []


def test_b12_who_is_on_a_roll_has_not_taken_part_yet():
    found = [
        chinese
        for _context, english, chinese in MESSAGES
        if "who decide" in english and "参与" in chinese
    ]
    assert found == []
    assert CHINESE[None, "Roll of owners who decide"] == "本事项的业主清册"


ACTS = [
    ("Enter", {None: "进入"}),
    ("Confirm", {None: "确认", "second person": "复核"}),
    ("Answer", {None: "填写", "committee": "答复内容"}),
    ("Answered", {None: "已答复", "homes": "已填"}),
    ("About", {None: "关于", "objection": "针对"}),
    ("Withdraw", {None: "撤回", "mandate": "取消登记"}),
    ("Posted", {None: "公示", "period": "公示期间", "day": "公示日期"}),
]


@pytest.mark.parametrize(("english", "acts"), ACTS)
def test_b12_each_act_has_an_entry_of_its_own(english, acts):
    found = {context: chinese for context, text, chinese in MESSAGES if text == english}
    assert found == acts


def test_b12_a_page_number_is_a_whole_word():
    assert CHINESE[None, "Page %(number)s"] == "第%(number)s页"
    assert (None, "Page") not in CHINESE


OLD_AND_NEW = {
    AreaSource.REGISTER: ("产权登记", "不动产登记"),
    AreaSource.SURVEY: ("实测", "测绘机构实测"),
    AreaSource.CONTRACT: ("买卖合同", "房屋买卖合同"),
}


def test_b12_rosters_are_understood_in_the_old_words_and_the_new():
    for source, words in OLD_AND_NEW.items():
        assert set(words) <= set(AREA_SOURCES[source])
    words = {"开发单位未售", "未售", "未交付", "建设单位未售或未交付", "建设单位"}
    assert words <= set(TENURES[Tenure.DEVELOPER])


@pytest.mark.parametrize("name", ["documents/letters.typ", "accounts/print_letters.html"])
def test_b12_a_letter_to_a_tenant_offers_no_paper_ballot(name):
    text = (ROOT / "templates" / name).read_text("utf-8")
    for paper in ("纸质票", "on paper"):
        (line,) = [line for line in text.splitlines() if paper in line]
        before = line[: line.index(paper)]
        assert "not letter.is_tenant" in before
    assert "Paper is always possible" not in text
