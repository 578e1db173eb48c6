"""Willingness to pay by floor: how many households would pay at least their own share.

One bar a floor, households on it: those whose limit covers the share, those whose limit does not,
those who named none. What a household of the floor would pay stands beside the floor, as the exact
text that was handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from charts.figure import Figure, Table, finish, marker, safe
from charts.windows import LOOKS, FacadeState


@dataclass(frozen=True)
class WillingnessFloor:
    """One floor; ``share`` is what a household there would pay, as text, the rest households."""

    label: str
    share: str
    willing: int
    short: int
    silent: int


@dataclass(frozen=True)
class WillingnessWords:
    """Every word on the chart, in the reader's language."""

    floor: str
    share: str
    willing: str
    short: str
    silent: str
    households: str


def willingness(floors: Sequence[WillingnessFloor], words: WillingnessWords) -> Figure:
    """Stacked bars, floors from the top down, each with its share."""
    figure = go.Figure()
    labels = [f"{safe(floor.label)} · {safe(floor.share)}" for floor in floors]
    parts = (
        (FacadeState.NEED, words.willing, [floor.willing for floor in floors]),
        (FacadeState.OPPOSE, words.short, [floor.short for floor in floors]),
        (FacadeState.UNANSWERED, words.silent, [floor.silent for floor in floors]),
    )
    for state, word, counts in parts:
        figure.add_trace(
            go.Bar(
                x=counts,
                y=labels,
                orientation="h",
                name=safe(word),
                marker=marker(state),
                text=[str(count) if count else "" for count in counts],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"size": 15, "color": LOOKS[state].ink},
                hoverinfo="text",
                hovertext=[
                    f"{label} · {safe(word)}: {count}"
                    for label, count in zip(labels, counts, strict=True)
                ],
            )
        )
    most = max((floor.willing + floor.short + floor.silent for floor in floors), default=1)
    figure.update_xaxes(
        range=[0, most + 0.5],
        dtick=max(1, -(-most // 5)),
        title={"text": safe(words.households)},
    )
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return finish(figure, barmode="stack", bargap=0.25, margin={"t": 96})


def table(floors: Sequence[WillingnessFloor], words: WillingnessWords) -> Table:
    """The same figures as head and rows, one row for each floor."""
    head = [words.floor, words.share, words.willing, words.short, words.silent]
    rows: list[list[str | int]] = [
        [floor.label, floor.share, floor.willing, floor.short, floor.silent] for floor in floors
    ]
    return head, rows
