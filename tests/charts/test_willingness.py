"""The chart of who would pay the share says what its table says."""

from __future__ import annotations

from charts import willingness as chart

WORDS = chart.WillingnessWords("floor", "share", "would", "would not", "silent", "households")
FLOORS = (
    chart.WillingnessFloor("6F", "50,980.39", willing=3, short=1, silent=2),
    chart.WillingnessFloor("<b>1F</b>", "0.00", willing=0, short=0, silent=6),
)


def test_each_part_of_a_floor_is_a_bar_with_its_number() -> None:
    figure = chart.willingness(FLOORS, WORDS)
    drawn = {trace["name"]: trace["x"] for trace in figure["data"]}
    assert drawn == {"would": [3, 0], "would not": [1, 0], "silent": [2, 6]}
    assert figure["layout"]["barmode"] == "stack"
    assert "<b>" not in str(figure)


def test_the_table_has_the_same_numbers_and_the_exact_share() -> None:
    head, rows = chart.table(FLOORS, WORDS)
    assert head == ["floor", "share", "would", "would not", "silent"]
    assert rows[0] == ["6F", "50,980.39", 3, 1, 2]


def test_without_floors_the_figure_is_empty() -> None:
    assert all(trace["x"] == [] for trace in chart.willingness((), WORDS)["data"])
