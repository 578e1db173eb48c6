"""Where each rule comes from: a marker on the function that applies it.

``docs/rules.md`` is generated from these markers and from the tests that carry
``@pytest.mark.rule(id)``; a house test compares the two, so the page cannot go stale.

    @rule("count.special", source="民法典 278(2) / Civil Code art. 278 para. 2", says="…")
    def ...
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., object])

# The three strengths of a source that domain.md tells apart, as the page prints them.
BASES = ("law", "practice", "ours")


@dataclass(frozen=True)
class Rule:
    """One rule: its id, what it says in a sentence, its source, and the function applying it."""

    id: str
    says: str
    source: str
    basis: str
    module: str
    function: str


REGISTRY: dict[str, Rule] = {}


def rule(id: str, *, source: str, says: str, basis: str = "law") -> Callable[[Function], Function]:
    """Register the decorated function, itself unchanged, as the one that applies rule ``id``.

    ``source`` is the Chinese reference and its English form, ``says`` one English sentence,
    ``basis`` one of ``law``, ``practice``, ``ours``. ValueError when the id is malformed or taken.
    """
    if not re.fullmatch(r"[a-z]+(\.[a-z0-9_]+)+", id):
        raise ValueError(f"a rule id looks like count.special, not {id!r}")
    if basis not in BASES:
        raise ValueError(f"the basis of {id} is one of {', '.join(BASES)}, not {basis!r}")

    def register(function: Function) -> Function:
        entry = Rule(id, says, source, basis, function.__module__, function.__qualname__)
        if REGISTRY.setdefault(id, entry) != entry:
            raise ValueError(f"rule {id} is already applied by {REGISTRY[id].function}")
        return function

    return register
