"""The front page and the switches, for a stranger and for somebody signed in."""

import pytest


def test_a_stranger_is_greeted_in_chinese_wherever_the_browser_asks_for_any_zh(visit):
    for asked in ("zh-CN,zh;q=0.9", "en-US,en;q=0.9,zh-TW;q=0.4", ""):
        page = visit(language=asked).get("/")
        assert page.root.get("lang") == "zh-Hans"


def test_a_browser_that_asks_for_no_chinese_gets_english(visit):
    assert visit(language="de,en;q=0.5").get("/").root.get("lang") == "en"


def test_the_chosen_language_is_remembered_and_leads_back(visit):
    visitor = visit(language="zh-CN")
    page = visitor.get("/language/en?next=/sign-in")
    assert page.root.get("lang") == "en"
    assert page.answer.request.path == "/sign-in"


@pytest.mark.trust("3.7")
def test_no_switch_redirects_to_another_house(visit):
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example", "evil"):
        answer = visit().send("GET", "/comfort", query_string={"large": "1", "next": target})
        assert answer.headers["Location"] == "/"


def test_large_type_is_remembered(visit):
    visitor = visit()
    assert visitor.get("/comfort?large=1").root.get("class") == "large"
    assert visitor.get("/").root.get("class") == "large"
    assert visitor.get("/comfort?large=0").root.get("class") is None


def test_a_signed_in_person_is_recognised_and_a_stranger_is_sent_to_sign_in(visit, world):
    assert world.committee.display_name in visit(world.committee).get("/communities").text
    answer = visit().send("GET", "/communities")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")
