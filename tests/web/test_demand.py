"""The demand page, its chart and its download; the committee's answers and who is missing."""

from __future__ import annotations

import csv
import io
import json

import pytest

from domain.preferences import Stance
from services import demand
from tests.preferences_world import answered, items, published_plan
from tests.statements import counting

CYCLE = (Stance.NEED, Stance.ACCEPT, Stance.OPPOSE, Stance.INDIFFERENT)


@pytest.fixture
def plan(world):
    return published_plan(world)


def _everybody(world, plan, number=24):
    every = [*world.first_entrance.dwellings, *world.second_entrance.dwellings]
    answered(world, plan, [(door, CYCLE[n % 4]) for n, door in enumerate(every[:number])])


def _released(world, clock, plan):
    _everybody(world, plan)
    assert demand.renew_figures(world.actor(world.committee), plan, now=clock()) is not None


def test_the_committee_sees_each_window_with_its_stance(visit, world, plan):
    _everybody(world, plan)
    page = visit(world.committee).get(f"/plans/{plan.id}/demand")
    assert "24 of 24 owners’ households have answered" in page.text
    labels = " ".join(element.get("aria-label", "") for element in page.root.iter())
    assert "101, floor 1: Need it" in labels
    assert "202, floor 2: Indifferent" in labels
    lights = items(plan)[1]
    page = visit(world.committee).get(f"/plans/{plan.id}/demand?item={lights.id}")
    labels = " ".join(element.get("aria-label", "") for element in page.root.iter())
    assert "101, floor 1: No answer" in labels


def test_b7e_whoever_has_not_answered_is_counted_alike_in_every_table_of_the_page(
    visit, world, plan
):
    _everybody(world, plan, 5)
    page = visit(world.committee).get(f"/plans/{plan.id}/demand")
    assert "5 of 24 owners’ households have answered" in page.text
    every, first = (_rows(page, name) for name in ("Demand", "First choice"))
    lift = [row for row in every if row[0] == "加装电梯"]
    assert sum(int(row[-1]) for row in lift) == 19
    # Two of the five named no option; with the nineteen they are all of the 24 homes, by floor too.
    assert first[0][-1] == "No option named"
    assert sum(int(row[-1]) for row in first[1:]) == 19 + 2
    homes = [sum(map(int, row[2:])) for row in lift]
    assert [sum(map(int, row[1:])) for row in first[1:]] == homes


def _rows(page, title):
    """The cells of the first table whose caption begins like this, its head first."""
    for table in page.root.iter("table"):
        if "".join(table.find("caption").itertext()).startswith(title):
            return [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
    raise AssertionError(["".join(one.itertext()) for one in page.root.iter("caption")])


def test_a_neighbour_sees_bands_and_no_room(visit, world, plan, clock):
    _released(world, clock, plan)
    page = visit(world.sixth_floor).get(f"/plans/{plan.id}/demand")
    assert "At least 20 homes have answered" in page.text
    assert "Floors 1 to 6" in page.text
    assert "24 households" in page.text
    labels = " ".join(element.get("aria-label", "") for element in page.root.iter())
    for room in ("101", "301", "502"):
        assert room not in page.text + labels


def test_before_enough_have_answered_nothing_is_shown_and_why_is_not_told(visit, world, plan):
    _everybody(world, plan, 9)
    page = visit(world.sixth_floor).get(f"/plans/{plan.id}/demand")
    assert "not shown: too few answers yet, or too much alike" in page.text
    assert "At least 5 homes have answered" in page.text


def test_chart_and_download_hold_what_the_page_holds(visit, world, plan, clock):
    _released(world, clock, plan)
    for account, rows in ((world.committee, 12), (world.sixth_floor, 2)):
        visitor = visit(account)
        figure = json.loads(visitor.download(f"/plans/{plan.id}/demand.json").data)
        assert set(figure) == {"data", "layout"}
        content = visitor.download(f"/plans/{plan.id}/demand.csv")
        assert content.mimetype == "text/csv"
        listed = list(csv.reader(io.StringIO(content.get_data().decode("utf-8-sig"))))
        assert len(listed) == rows + 1
    assert listed[1][2:6] == ["6", "6", "6", "6"]


def test_chart_and_download_follow_the_access_rule_of_the_page(visit, world, plan):
    for rest in ("demand", "demand.json", "demand.csv"):
        path = f"/plans/{plan.id}/{rest}"
        assert visit(world.stranger).send("GET", path).status_code == 404
        assert visit(world.other_committee).send("GET", path).status_code == 404
        assert visit(world.contractor).send("GET", path).status_code == 404
        assert visit(world.administrator).send("GET", path).status_code == 403
        assert visit().send("GET", path).status_code == 302


def test_named_answers_are_the_committees_alone(visit, world, plan):
    _everybody(world, plan, 4)
    page = visit(world.committee).get(f"/plans/{plan.id}/answers")
    assert "杜文斌" in page.text
    assert "挡光" in page.text
    assert "Nothing answered yet" in page.text
    for account in (world.sixth_floor, world.head, world.auditor):
        visit(account).get(f"/plans/{plan.id}/answers", status=403)
    visit(world.stranger).get(f"/plans/{plan.id}/answers", status=404)


def test_a_stairwell_head_sees_missing_doors_and_no_answer(visit, world, plan):
    _everybody(world, plan, 4)
    page = visit(world.head).get(f"/plans/{plan.id}/reach")
    assert "8 homes to go" in page.text
    assert "601、602" in page.text
    for word in ("Need it", "Oppose", "挡光", "2单元"):
        assert word not in page.text
    page = visit(world.committee).get(f"/plans/{plan.id}/reach")
    assert "12 homes to go" in page.text
    visit(world.sixth_floor).get(f"/plans/{plan.id}/reach", status=403)


def test_the_committee_renews_figures_and_others_do_not(visit, world, plan):
    _everybody(world, plan)
    committee = visit(world.committee)
    path = f"/plans/{plan.id}/demand"
    page = committee.post(committee.get(path), action="/demand/renew")
    assert "The published figures are renewed" in page.text
    page = committee.post(page, action="/demand/renew")
    assert "Nothing new may be published" in page.text
    token = visit(world.sixth_floor).send("POST", f"{path}/renew")
    assert token.status_code in (400, 403)


def test_the_pages_need_few_statements_whatever_the_size(visit, world, plan, clock):
    _released(world, clock, plan)
    for account, where in (
        (world.committee, "demand"),
        (world.committee, "demand.json"),
        (world.committee, "demand.csv"),
        (world.committee, "answers"),
        (world.committee, "reach"),
        (world.head, "reach"),
        (world.sixth_floor, "demand"),
        (world.sixth_floor, "demand.json"),
    ):
        visitor = visit(account)
        with counting() as statements:
            visitor.send("GET", f"/plans/{plan.id}/{where}")
        assert len(statements) <= 15, (where, account.display_name, len(statements))


def test_in_chinese_the_windows_speak_chinese(visit, world, plan):
    _everybody(world, plan, 4)
    page = visit(world.committee, language="zh-CN").get(f"/plans/{plan.id}/demand")
    labels = " ".join(element.get("aria-label", "") for element in page.root.iter())
    assert "需要" in labels
    assert "Need it" not in page.html
