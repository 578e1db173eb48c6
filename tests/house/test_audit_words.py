"""Every act that a service records has its sentence on the audit page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from blueprints.audit.words import ACTIONS
from domain.objections import ObjectionOutcome

SERVICES = Path(__file__).parents[2] / "services"
ACTION = re.compile(r"[a-z]+[._][a-z._]+")


def _words(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif ast.unparse(node) == "f'objection_{outcome}'":
        yield from (f"objection_{outcome}" for outcome in ObjectionOutcome)
    elif isinstance(node, ast.JoinedStr):
        yield f"made_up_while_running {ast.unparse(node)}"
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body)
        yield from _words(node.orelse)


def recorded() -> set[str]:
    """The actions given to a function that writes the log, as they stand in the code."""
    found = set()
    for file in SERVICES.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else None
                name = node.func.id if isinstance(node.func, ast.Name) else name
                if name and ("record" in name or name == "entry"):
                    for argument in node.args:
                        found |= {word for word in _words(argument) if ACTION.match(word)}
    return found


def test_every_recorded_act_has_its_sentence():
    assert recorded() - set(ACTIONS) == set()


def test_no_sentence_is_kept_for_an_act_that_is_not_recorded_any_more():
    assert set(ACTIONS) - recorded() == set()
