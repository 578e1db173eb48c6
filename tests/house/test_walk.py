"""The walk stands outside: it imports nothing of ours, fills forms in as a browser does, and works
out itself what it holds the program against. The way itself is walked by ``make walk``."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.house.test_tree import ROOT, named, parsed, sources
from walk import __main__ as program
from walk import house, servers
from walk.pages import Page, Wrong
from walk.sums import count, phone_code, shares

# Reads the contractor's workbook and writes the committee's roster, as Excel would.
LIBRARIES = {"openpyxl"}
# What would bring a module in without an import statement.
HIDDEN = {"import_module", "__import__", "exec", "run_module", "run_path", "exec_module"}


def brought_in(tree: ast.Module) -> set[str]:
    """The first names of everything that a file imports, or a call that imports unseen."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0] if not node.level else "walk")
        elif isinstance(node, ast.Attribute | ast.Name):
            name = node.attr if isinstance(node, ast.Attribute) else node.id
            found |= {name} & HIDDEN
    return found


@pytest.mark.parametrize("path", sources("walk"), ids=named)
def test_a1_the_walk_imports_nothing_of_the_program(path):
    strange = brought_in(parsed(path)) - sys.stdlib_module_names - LIBRARIES - {"walk"}
    assert not strange


def test_an_import_of_ours_would_be_seen():
    assert brought_in(ast.parse("from domain.costs import share")) == {"domain"}
    assert brought_in(ast.parse("import importlib\nimportlib.import_module('app')")) == {
        "importlib",
        "import_module",
    }


def test_nothing_of_the_program_imports_the_walk():
    everything = [*sources(), *sources("bench", "verifier")]
    assert not [named(path) for path in everything if "walk" in brought_in(parsed(path))]


def test_the_phone_shows_the_codes_of_the_rule():
    """RFC 6238, appendix B, the last six digits of the eight that it prints."""
    secret = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert [phone_code(secret, at) for at in (59, 1111111109, 2000000000)] == [
        "287082",
        "081804",
        "279037",
    ]


def test_the_walk_shares_as_the_guidance_of_guangzhou_does():
    """Six floors of two equal dwellings, 400,000.00 yuan. Four fen are left over and go to the
    largest remainders: .63 on the third floor, .49 on the fourth."""
    areas = {f"{floor}0{side}": 6000 for floor in range(1, 7) for side in (1, 2)}
    shared = shares(400_000_00, areas, {1: 0, 2: 5, 3: 10, 4: 11, 5: 12, 6: 13})
    assert sum(shared.values()) == 400_000_00
    assert [shared[f"{floor}02"] for floor in range(1, 7)] == [
        0,
        19_607_84,
        39_215_69,
        43_137_26,
        47_058_82,
        50_980_39,
    ]


def test_a_late_slip_would_change_what_is_counted():
    """So that a count that accepts it makes the walk red."""
    with_it, without_it = house.counted(set()), house.counted(set(house.LATE))
    assert with_it.part_persons == without_it.part_persons + len(house.LATE)
    assert with_it.is_adopted and without_it.is_adopted


def test_one_agreement_short_of_three_quarters_is_not_adopted():
    heads = dict.fromkeys("abcdefgh", 100)
    votes = dict.fromkeys("abcdef", "agree") | {"g": "against"}
    assert count(heads, votes | {"h": "against"}).is_adopted
    assert not count(heads, votes | {"f": "against", "h": "abstain"}).is_adopted


FORM = b"""<h1>A page</h1><form id="f" method="post" action="/there">
<input type="hidden" name="csrf_token" value="t"><input type="hidden" name="form_key" value="k">
<input name="title"><textarea name="body">
two
lines</textarea>
<select name="who"><option value="1">one</option><option value="2" selected>two</option></select>
<input type="radio" name="choice" value="agree"><input type="radio" name="choice" value="against">
<input type="checkbox" name="keys" value="a"><input type="checkbox" name="keys" value="b" checked>
<input type="checkbox" name="read"><input name="off" value="x" disabled>
<button name="back">Back</button><button>Send</button></form>
<input form="f" type="checkbox" name="section" value="1">"""


def page(body: bytes = FORM) -> Page:
    return Page("GET", "/here", 200, "text/html; charset=utf-8", body)


def test_a_form_is_sent_as_a_browser_sends_it():
    form = page().form("/there", has="title").fill(title="标题", choice="agree", who="one")
    assert form.pairs() == [
        ("csrf_token", "t"),
        ("form_key", "k"),
        ("title", "标题"),
        ("body", "two\nlines"),
        ("who", "1"),
        ("choice", "agree"),
        ("keys", "b"),
    ]
    assert ("back", "") in page().form("/there").pairs("back")
    assert ("section", "1") in page().form("/there").tick_everything().pairs()


def test_what_is_not_on_the_page_ends_the_walk_with_what_the_page_says():
    refused = b'<h1>Vote</h1><p class="field-error">Choose an answer.</p>'
    with pytest.raises(Wrong, match=r"Choose an answer\."):
        page(refused).form("/there")
    with pytest.raises(Wrong, match="no field 'owner'"):
        page().form("/there").fill(owner="1")
    with pytest.raises(Wrong, match="no choice 'perhaps'"):
        page().form("/there").fill(choice="perhaps")


def test_without_libfaketime_the_walk_fails_and_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(servers, "PRELOADS", ())
    monkeypatch.setattr(sys, "argv", ["walk"])
    assert program.main() == 1
    assert "apt-get install libfaketime" in capsys.readouterr().out


def test_ci_walks_on_both_engines_and_installs_what_the_walk_needs():
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "make walk" in ci and "need+=(libfaketime)" in ci
    assert set(program.ENGINES) == {"postgresql", "sqlite"}
