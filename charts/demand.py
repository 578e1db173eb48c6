"""Demand: for each option the floors, support to the right of the middle, opposition to the left.

Who needs it stands outermost on the right, who can accept next to the middle; the indifferent stand
across the middle, half on either side, as they weigh for neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from markupsafe import Markup
from plotly.subplots import make_subplots

from charts.figure import Figure, Table, finish, marker, safe
from charts.windows import LOOKS, FacadeState, hatched, hatching


@dataclass(frozen=True)
class DemandFloor:
    """Answers of one floor (or band of floors) to one option, in households."""

    label: str
    need: int
    accept: int
    indifferent: int
    oppose: int
    unanswered: int = 0


@dataclass(frozen=True)
class DemandOption:
    """One option and its floors from the top down; ``held_back`` says why there are none."""

    label: str
    floors: tuple[DemandFloor, ...]
    held_back: str = ""


@dataclass(frozen=True)
class DemandWords:
    """Every word on the chart, in the reader's language."""

    option: str
    floor: str
    need: str
    accept: str
    indifferent: str
    oppose: str
    unanswered: str
    households: str


def demand(options: Sequence[DemandOption], words: DemandWords) -> Figure:
    """Diverging bars, one panel for each option below the other, floors from the top down."""
    shown = [option for option in options if option.floors]
    if not shown:
        return finish(go.Figure())
    figure = make_subplots(
        rows=len(shown),
        cols=1,
        shared_xaxes=True,
        subplot_titles=[safe(option.label) for option in shown],
        row_heights=[len(option.floors) + 1 for option in shown],
        vertical_spacing=min(0.1, 0.3 / len(shown)),
    )
    for row, option in enumerate(shown, start=1):
        for trace in _traces(option, words, legend=row == 1):
            figure.add_trace(trace, row=row, col=1)
    reach = max(_reach(floor) for option in shown for floor in option.floors)
    step = max(1, -(-reach // 4))
    ticks = list(range(-step * 4, step * 4 + 1, step))
    figure.update_xaxes(
        range=[-reach - 0.5, reach + 0.5],
        tickvals=ticks,
        ticktext=[str(abs(tick)) for tick in ticks],
        zeroline=True,
        zerolinewidth=2,
    )
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    figure.update_xaxes(title={"text": safe(words.households)}, row=len(shown), col=1)
    figure.update_annotations(x=0, xanchor="left", font={"size": 16})
    # Room above the first panel for its name and for a legend that may take two lines on a phone.
    return finish(figure, barmode="relative", bargap=0.25, margin={"t": 96})


def table(options: Sequence[DemandOption], words: DemandWords) -> Table:
    """The same figures as head and rows, one row for each option and floor."""
    head = [
        words.option,
        words.floor,
        words.need,
        words.accept,
        words.indifferent,
        words.oppose,
        words.unanswered,
    ]
    rows: list[list[str | int]] = []
    for option in options:
        if not option.floors:
            rows.append([option.label, option.held_back, "—", "—", "—", "—", "—"])
        rows.extend(
            [option.label, f.label, f.need, f.accept, f.indifferent, f.oppose, f.unanswered]
            for f in option.floors
        )
    return head, rows


BAR_WIDTH, BAR_HEIGHT = 240, 26


def reach(options: Sequence[DemandOption]) -> int:
    """The most households that stand on one side of the middle on any floor."""
    return max((_reach(floor) for one in options for floor in one.floors), default=1)


def bar_patterns(uid: str) -> Markup:
    """The hatchings that ``bar`` fills with, once on a page."""
    states = (FacadeState.NEED, FacadeState.ACCEPT, FacadeState.INDIFFERENT, FacadeState.OPPOSE)
    drawn = "".join(hatching(uid, state) for state in states)
    return Markup(
        f'<svg class="unseen" width="1" height="1" aria-hidden="true" focusable="false">'
        f"<defs>{drawn}</defs></svg>"
    )


def bar(floor: DemandFloor, most: int, uid: str) -> Markup:
    """A floor's answers from the middle for a table's cell; the figures stand beside it.

    ``most`` is the ``reach`` of what it is compared with; ``uid`` names the ``bar_patterns``.
    """
    # In half households, since the indifferent stand half on either side.
    middle, halves = BAR_WIDTH // 2, 2 * max(most, 1)
    left = [(FacadeState.INDIFFERENT, floor.indifferent), (FacadeState.OPPOSE, 2 * floor.oppose)]
    right = [
        (FacadeState.INDIFFERENT, floor.indifferent),
        (FacadeState.ACCEPT, 2 * floor.accept),
        (FacadeState.NEED, 2 * floor.need),
    ]
    parts = []
    for sign, side in ((-1, left), (1, right)):
        done = 0
        for state, number in side:
            start = middle * done // halves
            done += number
            end = middle * done // halves
            if end > start:
                x = middle + start if sign > 0 else middle - end
                parts.append(
                    f'<rect x="{x}" y="3" width="{end - start}" height="{BAR_HEIGHT - 6}" '
                    f'fill="{hatched(uid, state)}" stroke="#4f483b"/>'
                )
    return Markup(
        f'<svg class="bar" viewBox="0 0 {BAR_WIDTH} {BAR_HEIGHT}" '
        f'preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{"".join(parts)}<path class="bar-middle" '
        f'd="M{middle} 0v{BAR_HEIGHT}" stroke="currentColor" stroke-width="2"/></svg>'
    )


def _reach(floor: DemandFloor) -> int:
    middle = -(-floor.indifferent // 2)
    return max(floor.need + floor.accept + middle, floor.oppose + middle, 1)


def _traces(option: DemandOption, words: DemandWords, *, legend: bool) -> list[go.Bar]:
    """The bars of one option, from the middle outwards on either side."""
    floors = [safe(floor.label) for floor in option.floors]
    order = (
        (FacadeState.INDIFFERENT, words.indifferent, -0.5, False),
        (FacadeState.OPPOSE, words.oppose, -1, legend),
        (FacadeState.INDIFFERENT, words.indifferent, 0.5, legend),
        (FacadeState.ACCEPT, words.accept, 1, legend),
        (FacadeState.NEED, words.need, 1, legend),
    )
    traces = []
    for state, word, sign, in_legend in order:
        counts = [getattr(floor, state.value) for floor in option.floors]
        whole = abs(sign) == 1
        traces.append(
            go.Bar(
                x=[sign * count for count in counts],
                y=floors,
                orientation="h",
                name=safe(word),
                legendgroup=state.value,
                showlegend=in_legend,
                marker=marker(state),
                text=[str(count) if count and whole else "" for count in counts],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"size": 15, "color": LOOKS[state].ink},
                hoverinfo="text",
                hovertext=[
                    f"{floor} · {safe(word)}: {count}"
                    for floor, count in zip(floors, counts, strict=True)
                ],
            )
        )
    return traces
