"""``docs/rules.md`` is what the code says, and no rule is without a test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain import sources
from tools import rules_page


def test_the_page_of_rules_is_what_the_generator_writes() -> None:
    assert rules_page.PAGE.read_text("utf-8") == rules_page.page(), (
        "docs/rules.md is stale: run python -m tools.rules_page"
    )


def test_every_rule_has_a_test_that_shows_it() -> None:
    shown = rules_page.tests()
    assert [rule.id for rule in rules_page.rules() if not shown.get(rule.id)] == []


def test_every_marked_test_names_a_rule_that_exists() -> None:
    known = {rule.id for rule in rules_page.rules()}
    assert sorted(set(rules_page.tests()) - known) == []


def anything() -> None:
    """Something to mark."""


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[str, sources.Rule]:
    kept: dict[str, sources.Rule] = {}
    monkeypatch.setattr(sources, "REGISTRY", kept)
    return kept


def marked(id: str = "count.quorum", basis: str = "law") -> Callable[..., object]:
    return sources.rule(id, source="民法典 278", says="Two thirds take part.", basis=basis)


def test_marking_leaves_the_function_as_it_is(registry: dict[str, sources.Rule]) -> None:
    assert marked()(anything) is anything
    assert registry["count.quorum"].function == "anything"


@pytest.mark.parametrize("id", ["count", "Count.quorum", "count.", "count quorum"])
def test_an_id_that_looks_like_nothing_is_refused(
    registry: dict[str, sources.Rule], id: str
) -> None:
    with pytest.raises(ValueError, match="looks like"):
        marked(id)


def test_an_unknown_basis_and_a_second_function_for_one_rule_are_refused(
    registry: dict[str, sources.Rule],
) -> None:
    with pytest.raises(ValueError, match="basis"):
        marked(basis="rumour")
    marked()(anything)
    with pytest.raises(ValueError, match="already applied"):
        marked()(registry_again)


def registry_again() -> None:
    """Something else to mark."""
