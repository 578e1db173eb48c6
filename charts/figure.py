"""What all Plotly figures share: colours and hatchings, fonts, escaping, and leaving as plain JSON.

Plotly reads ``<b>`` and ``<a href>`` inside labels, and residents write labels; every text goes
through ``safe``. Values are drawn as numbers, shown as the exact text that was handed in.
"""

from __future__ import annotations

import html
import json
from typing import Any

import plotly.graph_objects as go

from charts.windows import FONTS, LOOKS, FacadeState

INK = "#1f2421"
GRID = "#ddd5c5"
# The hatching that stands for the same state as in the facade's windows.
SHAPES = {
    FacadeState.NEED: "",
    FacadeState.ACCEPT: "/",
    FacadeState.INDIFFERENT: ".",
    FacadeState.OPPOSE: "x",
    FacadeState.UNANSWERED: "",
}

Figure = dict[str, Any]
Table = tuple[list[str], list[list[str | int]]]


def safe(text: object) -> str:
    """``text`` so that Plotly shows it and does not interpret it."""
    return html.escape(str(text), quote=False)


def marker(state: str) -> dict[str, Any]:
    """Colour, outline and hatching of a state."""
    known = FacadeState(state)
    look = LOOKS[known]
    return {
        "color": look.fill,
        "line": {"color": INK, "width": 1},
        "pattern": {
            "shape": SHAPES.get(known, ""),
            "fgcolor": look.ink,
            "bgcolor": look.fill,
            "size": 7,
            "solidity": 0.2,
            "fillmode": "overlay",
        },
    }


def finish(figure: go.Figure, **layout: Any) -> Figure:
    """The figure as plain JSON data, laid out for a narrow page, without Plotly's own template."""
    figure.update_layout(
        template="none",
        font={"family": FONTS, "size": 15, "color": INK},
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        margin={"l": 8, "r": 20, "t": 56, "b": 52},
        legend={
            "orientation": "h",
            "yref": "container",
            "y": 1,
            "yanchor": "top",
            "xref": "container",
            "x": 0.02,
            "traceorder": "normal",
        },
        hoverlabel={"font": {"size": 15}},
        dragmode=False,
        autosize=True,
    )
    figure.update_xaxes(automargin=True, gridcolor=GRID, zerolinecolor=INK, fixedrange=True)
    figure.update_yaxes(automargin=True, gridcolor=GRID, zerolinecolor=INK, fixedrange=True)
    figure.update_layout(**layout)
    plain: Figure = json.loads(figure.to_json())
    return plain
