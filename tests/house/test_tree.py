"""What the house holds itself to, read from the syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("domain", "models", "services", "charts", "documents", "blueprints", "demo", "tools")
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
PROMISES = re.compile(r"\b(TODO|FIXME|XXX)\b")


def sources(*rooms: str) -> list[Path]:
    """The Python files of these rooms, and of the top level when none is named."""
    files = [path for room in rooms or ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return files if rooms else [*sorted(ROOT.glob("*.py")), *files]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body, its docstring apart."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    body = function.body[1:] if documented else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_the_tree_is_found():
    assert len(sources()) > 100


@pytest.mark.parametrize(
    "path", [*sources(), *sources("tests", "bench", "verifier", "walk")], ids=named
)
def test_no_file_outgrows_its_room(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", [*sources(), *sources("walk")], ids=named)
def test_no_function_is_longer_than_a_screen(path):
    long = {f.name: length(f) for f in functions(parsed(path)) if length(f) > LONGEST_FUNCTION}
    assert not long


@pytest.mark.parametrize("path", sources(), ids=named)
def test_every_module_says_what_it_is_about(path):
    assert ast.get_docstring(parsed(path)) or not path.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("path", sources("domain", "services"), ids=named)
def test_public_functions_of_rules_and_use_cases_say_what_is_true_afterwards(path):
    silent = [
        node.name
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


@pytest.mark.parametrize("path", sources("domain", "models", "services"), ids=named)
def test_no_float_where_money_area_and_ratios_live(path):
    found = []
    for node in ast.walk(parsed(path)):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        called = isinstance(node, ast.Name) and node.id == "float"
        if literal or called:
            found.append(node.lineno)
    assert not found


def test_only_the_transaction_commits():
    commits = {
        named(path)
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    # The driver's own commit ends the SET statements of a fresh connection; a migration of the
    # demo and of a test commits over its connection; ``models/commits.py`` is the transaction's.
    allowed = {"services/transaction.py", "models/commits.py", "models/database.py"}
    assert commits == allowed | {"demo/load.py"}


def test_only_the_clock_reads_the_clock():
    readers = set()
    for path in sources():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today"):
                value = node.value
                if isinstance(value, ast.Name) and value.id in ("datetime", "date"):
                    readers.add(named(path))
    assert readers == {"clock.py"}


@pytest.mark.parametrize("path", sources(), ids=named)
def test_no_promise_is_left_in_the_code(path):
    assert not PROMISES.search(path.read_text(encoding="utf-8"))


def test_no_template_has_inline_handlers_or_styles():
    """The Content-Security-Policy would refuse them."""
    templates = sorted((ROOT / "templates").rglob("*.html"))
    inline = re.compile(r"\s(?:on[a-z]+|style)=")
    found = [named(path) for path in templates if inline.search(path.read_text(encoding="utf-8"))]
    assert not found
