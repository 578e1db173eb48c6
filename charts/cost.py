"""What a household pays by floor: one bar a floor, or one for each of several schemes compared.

Amounts are whole fen; a negative one (the household receives) stands to the left of nought. Lengths
are drawn in yuan, the exact amounts are the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from markupsafe import Markup

from charts.figure import Figure, Table, finish, marker, safe
from charts.windows import FacadeState, hatched, hatching
from domain.quantities import format_money

# In the order of the series: dark plain, light hatched, dotted, crossed.
LOOK_OF_SERIES = (
    FacadeState.NEED,
    FacadeState.ACCEPT,
    FacadeState.INDIFFERENT,
    FacadeState.OPPOSE,
)
# Who pays less and who pays more, told by hatching as well.
GAINS, LOSES = FacadeState.ACCEPT, FacadeState.OPPOSE


@dataclass(frozen=True)
class CostFloor:
    """One floor and what a household there pays, in fen; ``own`` marks the reader's floor."""

    label: str
    amount: int
    own: bool = False


@dataclass(frozen=True)
class CostSeries:
    """One way to share the cost; at most four are compared."""

    label: str
    floors: tuple[CostFloor, ...]


@dataclass(frozen=True)
class CostWords:
    """Every word on the chart, in the reader's language."""

    floor: str
    yuan: str
    own: str


def cost(series: Sequence[CostSeries], words: CostWords) -> Figure:
    """Bars by floor from the top down, one group of as many bars as there are schemes."""
    figure = go.Figure()
    for one, state in zip(series, LOOK_OF_SERIES, strict=False):
        amounts = [format_money(floor.amount, grouped=True) for floor in one.floors]
        figure.add_trace(
            go.Bar(
                x=[floor.amount / 100 for floor in one.floors],
                y=[_floor(floor, words) for floor in one.floors],
                orientation="h",
                name=safe(one.label),
                marker=marker(state),
                text=amounts,
                textposition="outside",
                cliponaxis=False,
                textfont={"size": 14},
                hoverinfo="text",
                hovertext=[
                    f"{safe(one.label)} · {safe(floor.label)}: {amount}"
                    for floor, amount in zip(one.floors, amounts, strict=True)
                ],
            )
        )
    drawn = [floor.amount / 100 for one in series for floor in one.floors] or [0]
    # Room for the amounts, which stand outside the ends of the bars.
    low, high = min(0, *drawn), max(0, *drawn)
    spare = (high - low or 1) * 0.3
    figure.update_xaxes(
        range=[low - spare if low < 0 else 0, high + spare],
        title={"text": safe(words.yuan)},
        tickformat=",d",
        nticks=5,
    )
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return finish(figure, barmode="group", bargap=0.25, showlegend=len(series) > 1)


def table(series: Sequence[CostSeries], words: CostWords) -> Table:
    """The same amounts as head and rows, one row for each floor."""
    head = [words.floor, *(f"{one.label} · {words.yuan}" for one in series)]
    labels = list(dict.fromkeys(floor.label for one in series for floor in one.floors))
    found = [{floor.label: floor for floor in one.floors} for one in series]
    rows: list[list[str | int]] = []
    for label in labels:
        own = any(floors[label].own for floors in found if label in floors)
        row: list[str | int] = [f"{label} · {words.own}" if own else label]
        for floors in found:
            floor = floors.get(label)
            row.append(format_money(floor.amount, grouped=True) if floor else "—")
        rows.append(row)
    return head, rows


BAR_WIDTH, BAR_HEIGHT = 160, 26


def bar_patterns(uid: str) -> Markup:
    """The hatchings that ``difference_bar`` fills with, once on a page."""
    drawn = "".join(hatching(uid, state) for state in (GAINS, LOSES))
    return Markup(
        f'<svg class="unseen" width="1" height="1" aria-hidden="true" focusable="false">'
        f"<defs>{drawn}</defs></svg>"
    )


def difference_bar(difference: int, most: int, uid: str) -> Markup:
    """Who gains stands to the left of the middle, who loses to the right; for a table's cell.

    ``most`` is the greatest difference of what it is compared with, in fen like ``difference``.
    """
    middle = BAR_WIDTH // 2
    length = middle * abs(difference) // max(most, 1)
    drawn = ""
    if length:
        x = middle if difference > 0 else middle - length
        state = LOSES if difference > 0 else GAINS
        drawn = (
            f'<rect x="{x}" y="3" width="{length}" height="{BAR_HEIGHT - 6}" '
            f'fill="{hatched(uid, state)}" stroke="#4f483b"/>'
        )
    return Markup(
        f'<svg class="bar" viewBox="0 0 {BAR_WIDTH} {BAR_HEIGHT}" preserveAspectRatio="none" '
        f'aria-hidden="true" focusable="false">{drawn}<path d="M{middle} 0v{BAR_HEIGHT}" '
        f'stroke="currentColor" stroke-width="2"/></svg>'
    )


def _floor(floor: CostFloor, words: CostWords) -> str:
    return f"{safe(floor.label)} · {safe(words.own)}" if floor.own else safe(floor.label)
