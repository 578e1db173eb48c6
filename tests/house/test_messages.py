"""Every refusal that the program can raise has its sentence, with the values it is given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from blueprints.shared.messages import MESSAGES

ROOT = Path(__file__).parent.parent.parent
REFUSALS = {"Refused", "NotNow", "NotYours", "Stale", "TooMany"}
ROOMS = ("domain", "models", "services", "documents", "blueprints")
# Read by whoever starts the program or runs a command, in English, never by a page's reader.
OFF_THE_PAGE = {
    "reference_file_wrong",
    "reference_value_wrong",
    "listed_twice",
    "not_a_choice",
    "not_a_table",
    "not_a_whole_number",
    "not_true_or_false",
    "out_of_range",
    "paper_not_offered",
}
PLACEHOLDER = re.compile(r"%\((\w+)\)")


def raised() -> Iterator[tuple[str, str, frozenset[str]]]:
    """(where, code, names of the values) of every refusal written with a plain code."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                if node.func.id not in REFUSALS or not node.args:
                    continue
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    names = frozenset(k.arg for k in node.keywords if k.arg)
                    starred = any(k.arg is None for k in node.keywords)
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield where, code.value, frozenset({"*"}) if starred else names


CASES = sorted(raised())


def test_refusals_are_found_at_all():
    assert len({code for _where, code, _names in CASES}) > 50


@pytest.mark.parametrize("code", sorted({code for _where, code, _names in CASES} - OFF_THE_PAGE))
def test_a_refusal_has_its_sentence(code):
    where = [place for place, other, _names in CASES if other == code]
    assert code in MESSAGES, f"raised at {where}"


def test_a_sentence_asks_only_for_values_that_are_given():
    faults = []
    for where, code, names in CASES:
        if code not in MESSAGES or "*" in names:
            continue
        asked = set(PLACEHOLDER.findall(str(MESSAGES[code]._args[0])))
        if asked - names:
            faults.append(f"{where} {code}: no value for {sorted(asked - names)}")
    assert not faults, "\n".join(faults)
