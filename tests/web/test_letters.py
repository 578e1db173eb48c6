"""Letters with codes: who gets one, how they are printed, what the overview says."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select

import blueprints.accounts.letters
from models.accounts import AccessCode
from models.database import session
from tests.letters import printed
from tests.statements import counting


@pytest.fixture
def letter(world, visit) -> Callable[[str], str]:
    """``letter(room)``: the code of the letter the committee prints for a room of entrance 1."""
    return partial(printed, world, visit)


def test_those_not_yet_reached_are_ticked_and_come_as_a_pdf(world, visit):
    committee = visit(world.committee)
    page = committee.get(f"/buildings/{world.building.id}/letters")
    ticked = page.form(button="Print as PDF").fields["recipients"]
    reached = f"{world.dwelling('101').id}-{world.owner('杜文斌').id}"
    assert reached not in ticked
    assert len(ticked) == 17
    form = page.form(button="Print as PDF")
    answer = committee.send("POST", form.action, data=form.filled({}))
    assert answer.mimetype == "application/pdf"
    assert len(re.findall(rb"/Type\s*/Page\b", answer.data)) == 17
    assert answer.headers["Cache-Control"] == "no-store"
    page = committee.get(f"/buildings/{world.building.id}/letters")
    assert page.form(button="Print as PDF").fields["recipients"] == []
    assert "Letter is out 17" in page.text


def test_b10_after_printing_the_page_says_when_and_by_whom_and_what_printing_again_means(
    world, visit
):
    committee = visit(world.committee)
    before = committee.get(f"/buildings/{world.building.id}/letters")
    assert "Last printed" not in before.text
    form = before.form(button="Print as PDF")
    committee.send("POST", form.action, data=form.filled({}))
    page = visit(world.second_committee).get(f"/buildings/{world.building.id}/letters")
    assert "by 居委会 林主任: 17 letters" in page.text
    assert "The codes printed before then stop working" in page.text
    assert page.form(button="Print as PDF again")
    assert "printed 1 September 2026" in page.text
    # The page that was open all the while prints nothing a second time by itself.
    again = committee.post(before, button="Print as PDF", status=422)
    assert "These letters were printed already" in again.errors


def test_many_letters_are_printed_in_batches_and_the_page_says_how_many_are_left(
    world, visit, monkeypatch
):
    monkeypatch.setattr(blueprints.accounts.letters, "BATCH", 10)
    committee = visit(world.committee)
    page = committee.get(f"/buildings/{world.building.id}/letters")
    form = page.form(button="Print as PDF")
    assert len(form.fields["recipients"]) == 10
    assert "The next 10 of 17 are ticked." in page.text
    printed = int(re.search(r"Letters printed (\d+) of", page.text)[1])
    committee.send("POST", form.action, data=form.filled({}))
    page = committee.get(f"/buildings/{world.building.id}/letters")
    assert len(page.form(button="Print as PDF").fields["recipients"]) == 7
    assert f"Letters printed {printed + 10} of" in page.text
    assert "are ticked" not in page.text


def test_letters_that_are_out_are_not_replaced_by_accident(world, visit, letter):
    letter("102")
    committee = visit(world.committee)
    page = committee.get(f"/buildings/{world.building.id}/letters")
    ticked = f"{world.dwelling('102').id}-{world.owner('姚志强').id}"
    page = committee.post(page, {"recipients": [ticked]}, button="Print as PDF", status=422)
    assert "1 of these letters are out" in page.errors
    assert page.form(button="Print as PDF").fields["recipients"] == [ticked]


def test_no_letter_is_printed_for_another_building(world, visit):
    committee = visit(world.committee)
    page = committee.get(f"/buildings/{world.building.id}/letters")
    form = page.form(button="Print as PDF")
    foreign = world.other_entrance.dwellings[0]
    forged = f"{foreign.id}-{foreign.ownerships[0].owner_id}"
    answer = committee.send("POST", form.action, data=form.filled({}) | {"recipients": [forged]})
    assert answer.status_code == 422
    assert session().execute(select(AccessCode)).first() is None


def test_the_overview_counts_letters_by_building(world, visit, letter):
    letter("102")
    page = visit(world.committee).get("/letters")
    row = next(r for r in page.all("tr") if "3幢" in page.text_of(r))
    assert [page.text_of(cell) for cell in row] == ["3幢", "16", "1", "8", "0"]


@pytest.mark.parametrize("path", ["/letters", "/buildings/{}/letters", "/accounts", "/me"])
def test_pages_take_few_statements_whatever_the_building(world, visit, path):
    committee = visit(world.committee)
    seen = []
    for address in [path.format(b.id) for b in (world.building, world.tower)]:
        with counting() as statements:
            committee.get(address)
        seen.append(len(statements))
    assert max(seen) <= 15
    assert seen[0] == seen[1]
