"""Plotly figures: plain JSON, equal to their table, and nothing that residents wrote is run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from charts import cost, demand, majority, samples

EVIL = '<b>x</b><a href="javascript:alert(1)">y</a>'
WORDS = demand.DemandWords("option", "floor", "N", "A", "I", "O", "none", "households")


def option(label: str = "elevator") -> demand.DemandOption:
    return demand.DemandOption(
        label, (demand.DemandFloor("2F", 3, 1, 2, 0), demand.DemandFloor("1F", 0, 0, 1, 4, 1))
    )


def traces(figure: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [trace for trace in figure["data"] if trace["name"] == name]


def values(trace: dict[str, Any]) -> list[float]:
    assert isinstance(trace["x"], list), "numbers must not be packed: the page reads plain JSON"
    return trace["x"]


@pytest.mark.parametrize("name", ["demand", "majority", "cost"])
@pytest.mark.parametrize("lang", ["en", "zh_Hans"])
def test_every_figure_is_plain_json_with_data_and_layout(name: str, lang: str) -> None:
    figure = samples.figure(name, lang)
    assert set(json.loads(json.dumps(figure))) >= {"data", "layout"}
    assert all(trace["marker"]["pattern"] is not None for trace in figure["data"])


def test_support_stands_right_of_the_middle_and_opposition_left() -> None:
    figure = demand.demand([option()], WORDS)
    assert values(traces(figure, "N")[0]) == [3, 0]
    assert values(traces(figure, "A")[0]) == [1, 0]
    assert values(traces(figure, "O")[0]) == [0, -4]


def test_the_indifferent_stand_across_the_middle_and_weigh_for_neither() -> None:
    left, right = traces(demand.demand([option()], WORDS), "I")
    assert values(left) == [-1.0, -0.5]
    assert values(right) == [1.0, 0.5]


def test_each_word_of_the_legend_is_there_once_however_many_options() -> None:
    figure = demand.demand([option("a"), option("b"), option("c")], WORDS)
    shown = [trace["name"] for trace in figure["data"] if trace["showlegend"]]
    assert sorted(shown) == ["A", "I", "N", "O"]


def test_an_option_held_back_is_in_the_table_with_its_reason_and_not_in_the_figure() -> None:
    held = demand.DemandOption("lights", (), "too few answers")
    head, rows = demand.table([option(), held], WORDS)
    assert rows[-1] == ["lights", "too few answers", "—", "—", "—", "—", "—"]
    assert all(len(row) == len(head) for row in rows)
    assert demand.demand([held], WORDS)["data"] == []


def test_the_table_of_demand_holds_what_the_figure_shows() -> None:
    _, rows = demand.table([option()], WORDS)
    assert rows == [["elevator", "2F", 3, 1, 2, 0, 0], ["elevator", "1F", 0, 0, 1, 4, 1]]


def bar(label: str = "persons") -> majority.MajorityBar:
    parts = (
        majority.MajorityPart("agree", "agree", 8, "8 persons"),
        majority.MajorityPart("against", "against", 3, "3 persons"),
    )
    return majority.MajorityBar(label, parts, 11, 3, 4, "at least 3/4", "not reached")


def test_a_threshold_is_a_line_where_it_stands() -> None:
    figure = majority.majority([bar()], majority.MajorityWords("t", "f", "th", "v", "share"))
    (line,) = figure["layout"]["shapes"]
    assert line["x0"] == line["x1"] == 75
    assert values(figure["data"][0]) == [pytest.approx(800 / 11)]
    assert figure["layout"]["annotations"][0]["text"] == "at least 3/4"


def test_an_empty_electorate_draws_nothing_and_does_not_divide_by_nought() -> None:
    empty = majority.MajorityBar("persons", bar().parts, 0, 2, 3, "at least 2/3")
    figure = majority.majority([empty], majority.MajorityWords("t", "f", "th", "v", "share"))
    assert values(figure["data"][0]) == [0]


def test_the_table_of_the_majorities_says_figures_threshold_and_verdict() -> None:
    _, rows = majority.table([bar()], majority.MajorityWords("t", "f", "th", "v", "share"))
    assert rows == [
        ["persons", "agree 8 persons · against 3 persons", "at least 3/4", "not reached"]
    ]


COST = (
    cost.CostSeries(
        "by floor", (cost.CostFloor("2F", 1960784, own=True), cost.CostFloor("1F", -500000))
    ),
)


def test_amounts_are_written_to_the_fen_and_who_receives_stands_left_of_nought() -> None:
    figure = cost.cost(COST, cost.CostWords("floor", "yuan", "yours"))
    (trace,) = figure["data"]
    assert trace["text"] == ["19,607.84", "-5,000.00"]
    assert values(trace) == [19607.84, -5000.0]
    assert figure["layout"]["xaxis"]["range"][0] < -5000


def test_the_table_of_costs_marks_the_own_floor_and_keeps_missing_floors_empty() -> None:
    other = cost.CostSeries("equal", (cost.CostFloor("2F", 100),))
    head, rows = cost.table([*COST, other], cost.CostWords("floor", "yuan", "yours"))
    assert head == ["floor", "by floor · yuan", "equal · yuan"]
    assert rows == [["2F · yours", "19,607.84", "1.00"], ["1F", "-5,000.00", "—"]]


def test_what_residents_wrote_is_shown_and_never_interpreted() -> None:
    words = demand.DemandWords(*[EVIL] * 8)
    floors = (demand.DemandFloor(EVIL, 1, 1, 1, 1),)
    figures = [
        demand.demand([demand.DemandOption(EVIL, floors)], words),
        majority.majority(
            [
                majority.MajorityBar(
                    EVIL, (majority.MajorityPart("agree", EVIL, 1, EVIL),), 1, 2, 3, EVIL
                )
            ],
            majority.MajorityWords(*[EVIL] * 5),
        ),
        cost.cost(
            [cost.CostSeries(EVIL, (cost.CostFloor(EVIL, 1, own=True),))],
            cost.CostWords(*[EVIL] * 3),
        ),
    ]
    for figure in figures:
        text = json.dumps(figure)
        assert "&lt;b&gt;" in text
        assert "<" not in text
