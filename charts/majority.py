"""The two majorities: heads and area, taking part and agreeing, each against its own threshold.

Source of the thresholds: Civil Code art. 278; they are handed in, this file only draws them.
Lengths are shares of the whole; the exact texts stand beside them and in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from charts.figure import INK, Figure, Table, finish, marker, safe
from charts.windows import LOOKS, FacadeState

KINDS = {
    "agree": FacadeState.NEED,
    "against": FacadeState.OPPOSE,
    "abstain": FacadeState.INDIFFERENT,
    "taking_part": FacadeState.ACCEPT,
    "silent": FacadeState.UNANSWERED,
}


@dataclass(frozen=True)
class MajorityPart:
    """A stretch of a bar: ``kind`` is a key of ``KINDS``, ``text`` the exact value with unit."""

    kind: str
    label: str
    value: int
    text: str


@dataclass(frozen=True)
class MajorityBar:
    """One of the four tests: its parts out of ``whole``, and its threshold as a fraction.

    ``threshold_text`` says it in words ("at least 2/3"), ``verdict`` what came of it, ``unit`` what
    the values count: ``persons``, ``area`` (0.01 m²) or ``percent`` (in thousandths, as drawn).
    """

    label: str
    parts: tuple[MajorityPart, ...]
    whole: int
    numerator: int
    denominator: int
    threshold_text: str
    verdict: str = ""
    unit: str = "persons"


@dataclass(frozen=True)
class MajorityWords:
    """Heads of the table, in the reader's language."""

    test: str
    figures: str
    threshold: str
    verdict: str
    share: str


def majority(bars: Sequence[MajorityBar], words: MajorityWords) -> Figure:
    """Four stacked bars from nought to the whole, a strong line at each threshold."""
    figure = go.Figure()
    for kind, label in _kinds(bars):
        figure.add_trace(_trace(kind, label, bars))
    for place, bar in enumerate(bars):
        at = 100 * bar.numerator / bar.denominator
        figure.add_shape(
            type="line",
            x0=at,
            x1=at,
            y0=place - 0.32,
            y1=place + 0.32,
            line={"color": INK, "width": 4},
        )
        figure.add_annotation(
            x=at,
            y=place - 0.32,
            yanchor="bottom",
            text=safe(bar.threshold_text),
            showarrow=False,
            font={"size": 13},
        )
    figure.update_xaxes(range=[0, 101], ticksuffix=" %", title={"text": safe(words.share)})
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return finish(figure, barmode="stack", bargap=0.48, margin={"t": 88})


def table(bars: Sequence[MajorityBar], words: MajorityWords) -> Table:
    """The same figures as head and rows, one row for each test."""
    head = [words.test, words.figures, words.threshold, words.verdict]
    rows: list[list[str | int]] = [
        [
            bar.label,
            _figures(bar),
            bar.threshold_text,
            bar.verdict,
        ]
        for bar in bars
    ]
    return head, rows


def _figures(bar: MajorityBar) -> str:
    """The exact values; a single one needs no name, the test beside it has one."""
    if len(bar.parts) == 1:
        return bar.parts[0].text
    return " · ".join(f"{part.label} {part.text}" for part in bar.parts)


def _kinds(bars: Sequence[MajorityBar]) -> list[tuple[str, str]]:
    """Each kind once with its word, in the order of first appearance."""
    seen: dict[str, str] = {}
    for bar in bars:
        for part in bar.parts:
            seen.setdefault(part.kind, part.label)
    return list(seen.items())


def _trace(kind: str, label: str, bars: Sequence[MajorityBar]) -> go.Bar:
    state = KINDS[kind]
    lengths, texts, spoken = [], [], []
    for bar in bars:
        found = [part for part in bar.parts if part.kind == kind]
        value = sum(part.value for part in found)
        lengths.append(100 * value / bar.whole if bar.whole else 0)
        texts.append(" + ".join(safe(part.text) for part in found if part.value))
        spoken.append(f"{safe(bar.label)} · {safe(label)}: {texts[-1]}")
    return go.Bar(
        x=lengths,
        y=[safe(bar.label) for bar in bars],
        orientation="h",
        name=safe(label),
        marker=marker(state),
        text=texts,
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"size": 14, "color": LOOKS[state].ink},
        hoverinfo="text",
        hovertext=spoken,
    )
