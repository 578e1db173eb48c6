"""B10: whatever cannot be undone looks dangerous and lies apart, on every page by one mechanism."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
CSS = (Path(__file__).parents[2] / "static/css/louyi.css").read_text("utf-8")
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if path.parts[-2] != "macros")
# What throws something away, or takes it from somebody, by the last word of its endpoint.
DANGEROUS = re.compile(
    r"(?<![\w.])['\"](?:\w+)?\.(?P<act>withdraw\w*|cancel|void\w*|remove\w*|retire\w*|drop|erase"
    r"|end_\w*role|reset_\w+|split\w*|sign_out_everywhere)['\"]"
)
# Nothing is lost: it can be prepared anew at any time. What erasing means is only read there.
HARMLESS = {("publications/show.html", "withdraw"), ("privacy/own.html", "erase")}
# A form's own address, and the way back to the list.
NOT_A_BUTTON = ("form_box(", "crumbs(")


def _named(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def _plain(line: str, start: int) -> str:
    """What of a line leads to the endpoint at ``start``: from the nearest call or link before."""
    begins = [
        line.rfind(mark, 0, start)
        for mark in ("post_button(", "danger_link(", "<a ", *NOT_A_BUTTON)
    ]
    return line[max(begins) :]


@pytest.mark.parametrize("path", PAGES, ids=_named)
def test_b10_a_dangerous_button_is_marked_as_one(path):
    plain = []
    for line in path.read_text("utf-8").splitlines():
        for found in DANGEROUS.finditer(line):
            part = _plain(line, found.start())
            if part.startswith(NOT_A_BUTTON) or (_named(path), found["act"]) in HARMLESS:
                continue
            if part.startswith("<a "):
                marked = 'class="danger"' in part.split(">")[0]
            elif part.startswith("post_button("):
                marked = "kind='danger'" in part.split("}}")[0]
            else:
                marked = part.startswith("danger_link(")
            if not marked:
                plain.append(part[:120])
    assert plain == []


@pytest.mark.parametrize("path", PAGES, ids=_named)
def test_b10_only_the_macros_draw_it_and_nothing_comes_after_it(path):
    text = path.read_text("utf-8")
    assert "button danger" not in text
    for row in re.findall(r'<div class="actions">(.*?)</div>', text, re.DOTALL):
        after = re.split(r"kind='danger'[^}]*\}\}|danger_link\([^}]*\}\}", row)[-1]
        if after != row:
            rest = re.sub(r"\{%.*?%\}", "", after)
            assert "button" not in rest and "<a" not in rest, rest


def test_b10_it_has_a_line_and_a_look_of_its_own():
    apart = re.search(r"\n\.apart \{([^}]*)\}", CSS)
    assert apart and "flex: 0 0 100%" in apart[1] and "margin-block-start" in apart[1]
    leads_to_it = re.search(r"\n\.button\.danger \{([^}]*)\}", CSS)
    assert leads_to_it and "var(--bad)" in leads_to_it[1] and "var(--accent)" not in leads_to_it[1]
    # Not by colour alone.
    assert re.search(r"\n\.button\.danger::before", CSS)
