"""The style sheet in figures: contrast of every pair of tokens, weight, no third party."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.charts.test_facade import contrast

CSS = (Path(__file__).parents[2] / "static/css/louyi.css").read_text(encoding="utf-8")
# A token block and what it builds on: light; dark over light; high contrast over either.
BLOCKS = re.findall(r"((?:@media [^{]+\{\s*)?):root \{([^}]*)\}", CSS.split("/* ---- bones")[0])
TEXT = [
    *[("ink", ground) for ground in ("paper", "card", "sunk", "accent-wash", "brick-wash")],
    *[("ink", f"{kind}-wash") for kind in ("good", "warn", "bad")],
    *[("ink-soft", ground) for ground in ("paper", "card", "sunk", "accent-wash")],
    *[("accent", ground) for ground in ("paper", "card", "sunk", "accent-wash")],
    *[("accent-deep", ground) for ground in ("paper", "card", "accent-wash")],
    *[(kind, f"{kind}-wash") for kind in ("good", "warn", "bad", "brick")],
    *[(kind, "card") for kind in ("good", "warn", "bad", "brick")],
    *[(kind, "paper") for kind in ("good", "warn", "bad", "brick")],
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("on-bad", "bad"),
]
EDGES = [("edge", "paper"), ("edge", "card"), ("edge", "sunk"), ("accent", "card"), ("bad", "card")]


def tokens(*indexes: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for index in indexes:
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", BLOCKS[index][1]))
    return found


THEMES = {
    "light": tokens(0),
    "dark": tokens(0, 1),
    "light, more contrast": tokens(0, 2),
    "dark, more contrast": tokens(0, 1, 2, 3),
}


def test_the_four_themes_are_the_four_that_are_written() -> None:
    assert [re.sub(r"\s+", " ", media).strip(" {") for media, _ in BLOCKS] == [
        "",
        "@media (prefers-color-scheme: dark)",
        "@media (prefers-contrast: more)",
        "@media (prefers-contrast: more) and (prefers-color-scheme: dark)",
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_text_has_at_least_the_contrast_of_level_aa(theme: str) -> None:
    colours = THEMES[theme]
    poor = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in TEXT}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_the_edges_of_controls_can_be_seen(theme: str) -> None:
    colours = THEMES[theme]
    poor = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in EDGES}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 3} == {}


def test_the_focus_ring_is_seen_on_every_ground() -> None:
    for name, colours in THEMES.items():
        for ground in ("paper", "card", "sunk"):
            ring = max(contrast(colours[c], colours[ground]) for c in ("focus", "focus-ink"))
            assert ring >= 3, name


def test_the_style_sheet_weighs_less_than_eight_kilobytes_compressed() -> None:
    assert len(gzip.compress(CSS.encode(), 9)) <= 8 * 1024


def test_nothing_is_fetched_from_anywhere() -> None:
    assert "@import" not in CSS
    assert "url(" not in CSS
