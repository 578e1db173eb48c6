"""The two READMEs claim what the program can do, and no more."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# (file, what it says of answers on paper, what it must not say any more)
SAID = [
    ("README.md", "the\n  menu is answered online only, so far", "on a phone or on paper"),
    ("README.zh-CN.md", "菜单目前只能在网上填", "用手机或纸"),
]


@pytest.mark.parametrize(("name", "said", "claimed"), SAID)
def test_b7a_the_readme_claims_no_answers_on_paper_while_none_can_be_entered(
    app, name, said, claimed
):
    text = (ROOT / name).read_text()
    entered = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "paper" in rule.endpoint and not rule.endpoint.startswith("votes.")
    ]
    assert (said in text, claimed in text) == (not entered, bool(entered)), entered
