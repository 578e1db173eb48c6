"""What each audience sees of 3幢, when figures are renewed, and what can no longer be widened."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cover import Member, all_covered
from domain.disclosure import (
    Audience,
    Policy,
    check_policy_change,
    publish,
    publish_compound,
    sees_floors,
    shown_area,
    shown_percent,
    shown_progress,
)
from domain.errors import NotNow, Refused
from domain.releases import (
    UNANSWERED,
    Answer,
    Band,
    Entry,
    Ledger,
    Question,
    Sheet,
    TableKind,
    Thresholds,
    band_of,
    bands_for,
    from_plain,
    may_enter,
    renew,
    to_plain,
)

STANCES = ("need", "accept", "indifferent", "oppose")
SHEET = Sheet("elevator", (Question("elevator", STANCES),))
START = datetime(2026, 4, 1, 9, 13, 5, 770021, tzinfo=UTC)
DAY = timedelta(days=1)
BANDS = {"3幢": (Band(1, 3), Band(4, 6))}


def household(floor: int, flat: int, choice: str | None, tenant: bool = False) -> Answer:
    key = f"3幢-{floor}0{flat}"
    choices = {} if choice is None else {"elevator": choice}
    return Answer(key, "3幢", floor, key, choices, tenant)


def building(low: str = "need oppose", high: str = "need accept", per: int = 4) -> list[Answer]:
    """Six floors of ``per`` flats; a half's answers alternate between two choices."""
    return [
        household(floor, flat, (low if floor <= 3 else high).split()[(floor + flat) % 2])
        for floor in range(1, 7)
        for flat in range(1, per + 1)
    ]


def renewed(answers: list[Answer], ledger: Ledger | None = None, days: int = 0) -> Ledger:
    return renew(ledger or Ledger("elevator"), answers, SHEET, BANDS, START + days * DAY)


def seen_by(audience: Audience, policy: Policy, ledger: Ledger, answers: list[Answer]):
    return publish(
        audience,
        policy,
        unit="3幢",
        sheet=SHEET,
        ledger=ledger,
        bands=BANDS["3幢"],
        answers=answers,
    )


def counts(figure) -> dict[str, int]:
    return {choice: number for choice, number in figure.counts["elevator"].items() if number}


@pytest.mark.rule("disclosure.bands")
@pytest.mark.parametrize(
    ("dwellings", "households", "bands"),
    [
        ({1: 6, 2: 6, 3: 6, 4: 6, 5: 6, 6: 6}, 10, (Band(1, 3), Band(4, 6))),
        ({1: 2, 2: 2, 3: 2, 4: 2, 5: 2, 6: 2}, 10, (Band(1, 6),)),
        ({1: 2, 2: 2, 3: 2, 4: 2, 5: 2, 6: 2}, 5, (Band(1, 6),)),
        ({1: 4, 2: 4, 3: 4, 4: 4}, 5, (Band(1, 2), Band(3, 4))),
        ({1: 8, 2: 8, 3: 8}, 10, (Band(1, 3),)),
        ({1: 20, 2: 0, 3: 20}, 10, (Band(1, 1), Band(3, 3))),
        ({}, 10, ()),
    ],
)
def test_a_building_gets_one_banding_out_of_its_dwellings(dwellings, households, bands):
    assert bands_for(dwellings, Thresholds(households=households)) == bands


@given(st.dictionaries(st.integers(-1, 30), st.integers(0, 12), min_size=1))
def test_bands_cover_every_floor_once_and_hold_enough_or_are_the_only_one(dwellings):
    bands = bands_for(dwellings, Thresholds())
    for floor, number in dwellings.items():
        assert sum(one.lowest <= floor <= one.highest for one in bands) == 1 or number == 0
    sizes = [sum(dwellings.get(f, 0) for f in range(b.lowest, b.highest + 1)) for b in bands]
    assert len(bands) < 2 or min(sizes) >= 15


def test_a_floor_nobody_thought_of_joins_the_nearest_band_below():
    assert band_of(9, BANDS["3幢"]) == Band(4, 6)
    assert band_of(-1, BANDS["3幢"]) == Band(1, 3)


@pytest.mark.rule("disclosure.publish")
def test_the_public_sees_bands_and_a_total_over_what_it_sees():
    answers = building()
    shown = seen_by(Audience.PUBLIC, Policy.BANDED, renewed(answers), answers)
    assert shown.kind is TableKind.BAND
    assert [figure.band for figure in shown.figures] == [Band(1, 3), Band(4, 6)]
    assert counts(shown.figures[0]) == {"need": 6, "oppose": 6}
    assert shown.total is not None
    assert shown.total.households == 24
    assert counts(shown.total) == {"need": 12, "accept": 6, "oppose": 6}


def test_a_hidden_band_is_missing_from_the_total_too():
    answers = building(high="need need")
    shown = seen_by(Audience.PUBLIC, Policy.BANDED, renewed(answers), answers)
    assert [figure.hidden for figure in shown.figures] == [False, True]
    assert shown.figures[1].households is None
    assert shown.total is not None
    assert shown.total.households == 12
    nothing = seen_by(Audience.PUBLIC, Policy.BANDED, Ledger("elevator"), answers)
    assert nothing.total is None


@pytest.mark.rule("disclosure.publish")
def test_floors_are_for_the_committee_and_for_residents_of_an_open_plan():
    answers = building()
    for audience in Audience:
        for policy in Policy:
            shown = seen_by(audience, policy, renewed(answers), answers)
            floors = shown.kind is TableKind.FLOOR
            assert floors is sees_floors(audience, policy)
            assert len(shown.figures) == (6 if floors else 2)
    assert not sees_floors(Audience.PUBLIC, Policy.OPEN)
    assert not sees_floors(Audience.RESIDENT, Policy.BANDED)


def test_the_committee_sees_the_answers_of_this_moment():
    answers = building()
    shown = seen_by(Audience.COMMITTEE, Policy.BANDED, Ledger("elevator"), answers)
    assert counts(shown.figures[5]) == {"need": 2, "accept": 2}
    assert shown.figures[5].households == 4


def test_tenants_stand_apart_and_need_as_many():
    answers = building()
    lodgers = [replace(one, tenant=True) for one in building()]
    few = answers + lodgers[:5]
    shown = seen_by(Audience.PUBLIC, Policy.BANDED, renewed(few), few)
    assert shown.total is not None
    assert shown.total.households == 24
    assert all(figure.hidden for figure in shown.tenants)
    committee = seen_by(Audience.COMMITTEE, Policy.BANDED, Ledger("elevator"), few)
    assert sum(figure.households or 0 for figure in committee.tenants) == 5
    many = lodgers
    shown = seen_by(Audience.PUBLIC, Policy.BANDED, renewed(many), many)
    assert shown.total is None
    assert [figure.households for figure in shown.tenants] == [12, 12]


def test_an_answer_left_open_is_counted_as_left_open():
    answers = building()
    answers[0] = household(1, 1, None)
    answers[1] = household(1, 2, None)
    shown = seen_by(Audience.PUBLIC, Policy.BANDED, renewed(answers), answers)
    assert counts(shown.figures[0])[UNANSWERED] == 2


@pytest.mark.rule("disclosure.renew")
def test_four_further_answers_change_nothing_and_five_do_but_not_on_the_same_day():
    answers = building()
    begun = renewed(answers[1:])
    assert [len(one.entered) for one in begun.releases] == [11, 12]
    extra = [household(1, flat, choice) for flat, choice in enumerate(("need", "oppose") * 3, 10)]
    assert renewed(answers[1:] + extra[:4], begun, days=1) is begun
    five = renewed(answers[1:] + extra[:5], begun, days=1)
    assert [len(one.entered) for one in five.releases] == [11, 12, 5]
    more = [household(2, flat, choice) for flat, choice in enumerate(("need", "oppose") * 3, 20)]
    everybody = answers[1:] + extra + more
    almost = renew(five, everybody, SHEET, BANDS, START + 2 * DAY - timedelta(seconds=1))
    assert almost is five
    assert len(renewed(everybody, five, days=2).releases) == 4


def test_five_further_answers_that_all_agree_wait_for_others():
    answers = building()
    begun = renewed(answers)
    same = [household(1, flat, "need") for flat in range(10, 15)]
    assert renewed(answers + same, begun, days=1) is begun
    mixed = [household(2, flat, "oppose") for flat in range(10, 12)]
    assert [len(one.entered) for one in renewed(answers + same + mixed, begun, 2).releases][2:] == [
        7
    ]


def test_changes_of_mind_are_shown_only_when_five_changed_and_differently():
    answers = building()
    begun = renewed(answers)
    flip = {"need": "oppose", "oppose": "accept", "accept": "indifferent"}

    def with_changed(number: int) -> list[Answer]:
        return [
            replace(one, choices={"elevator": flip[one.choices["elevator"]]})
            if at < number
            else one
            for at, one in enumerate(answers)
        ]

    assert renewed(with_changed(4), begun, days=1) is begun
    changed = renewed(with_changed(6), begun, days=1)
    newest = changed.releases[-1]
    assert len(newest.entered) == len(newest.left) == 6
    shown = seen_by(Audience.PUBLIC, Policy.BANDED, changed, answers)
    assert shown.figures[0].households == 12
    # Only two unchanged ones remain, of one mind each: they would be laid bare, so all wait.
    assert renewed(with_changed(11), begun, days=1) is begun


def test_changes_of_mind_away_from_one_and_the_same_answer_wait(monkeypatch):
    """Also without the alibis: what was left must have been as mixed as what is entered."""
    monkeypatch.setattr("domain.releases.is_covered", lambda *args: True)
    answers = building(low="need accept")
    begun = renewed(answers)
    needing = [one for one in answers if one.floor <= 3 and one.choices["elevator"] == "need"]
    mixed = dict(zip((one.dwelling for one in needing), STANCES[1:] * 2, strict=True))
    changed = [
        replace(one, choices={"elevator": mixed.get(one.dwelling, one.choices["elevator"])})
        for one in answers
    ]
    assert renewed(changed, begun, days=1) is begun


def test_a_withdrawn_answer_stays_counted_as_it_was():
    answers = building()
    begun = renewed(answers)
    assert renewed(answers[6:], begun, days=1) is begun


@pytest.mark.rule("disclosure.batch")
@pytest.mark.parametrize(
    ("choices", "owners", "first", "enough"),
    [
        ("ynynynynyn", "abcdefghij", True, True),
        ("ynynynyny", "abcdefghi", True, False),  # nine households
        ("yyyyyyyyyn", "abcdefghij", True, False),  # nine of ten alike
        ("yyyyyyyynn", "abcdefghij", True, True),
        ("ynynynynyn", "ababababab", True, False),  # two owners
        ("ynynynynyn", "abcabcabca", True, True),
        ("ynyny", "abcde", False, True),
        ("ynyn", "abcd", False, False),
        ("yyyyn", "abcde", False, False),
        ("yyynn", "abcde", False, True),
    ],
)
def test_a_batch_needs_households_owners_and_two_of_another_mind(choices, owners, first, enough):
    batch = [
        Entry(f"{at}", owner, (choice,))
        for at, (choice, owner) in enumerate(zip(choices, owners, strict=True))
    ]
    assert may_enter(batch, first=first, thresholds=Thresholds()) is enough


@pytest.mark.rule("disclosure.compound")
def test_all_sixth_floors_together_are_shown_under_the_same_thresholds():
    rng = random.Random(6)
    answers = [
        replace(
            household(floor, flat, rng.choice(STANCES)),
            dwelling=f"{unit}-{floor}-{flat}",
            owner_key=f"{unit}-{floor}-{flat}",
            unit=unit,
        )
        for unit in ("3幢", "5幢", "8幢")
        for floor in range(1, 7)
        for flat in range(4)
    ]
    bands = dict.fromkeys(("3幢", "5幢", "8幢"), BANDS["3幢"])
    ledger = renew(Ledger("elevator"), answers, SHEET, bands, START, compound=True)
    shown = publish_compound(Audience.PUBLIC, sheet=SHEET, ledger=ledger, floors=range(1, 7))
    assert [figure.households for figure in shown.figures] == [12] * 6
    few = renew(Ledger("elevator"), answers[:48], SHEET, bands, START, compound=True)
    hidden = publish_compound(Audience.PUBLIC, sheet=SHEET, ledger=few, floors=range(1, 7))
    assert all(figure.hidden for figure in hidden.figures)
    committee = publish_compound(
        Audience.COMMITTEE, sheet=SHEET, ledger=few, floors=(), answers=answers[:48]
    )
    assert [figure.households for figure in committee.figures] == [8] * 6


def test_a_ledger_is_kept_and_read_back_unchanged():
    ledger = renewed(building())
    plain = to_plain(ledger)
    assert from_plain(json.loads(json.dumps(plain))) == ledger


def test_a_choice_nobody_was_offered_and_a_ledger_of_another_sheet_are_refused():
    with pytest.raises(Refused, match="choice_unknown"):
        renewed([household(1, 1, "perhaps")])
    with pytest.raises(Refused, match="ledger_of_another_sheet"):
        seen_by(Audience.PUBLIC, Policy.BANDED, Ledger("lights"), [])
    with pytest.raises(Refused, match="ledger_of_another_sheet"):
        publish_compound(Audience.PUBLIC, sheet=SHEET, ledger=Ledger("lights"), floors=())


@pytest.mark.parametrize(
    "change", [{"households": 4}, {"owners": 2}, {"batch": 4}, {"pause": timedelta(hours=23)}]
)
def test_thresholds_have_a_floor(change):
    with pytest.raises(Refused, match="threshold_too_low"):
        Thresholds(**change)


@pytest.mark.trust("4.1")
def test_once_anybody_has_answered_nothing_is_widened():
    ten, five = Thresholds(), Thresholds(households=5)
    for answered in (False, True):
        check_policy_change(Policy.OPEN, Policy.BANDED, five, ten, answered=answered)
    check_policy_change(Policy.BANDED, Policy.OPEN, ten, five, answered=False)
    for change in ((Policy.BANDED, Policy.OPEN, ten, ten), (Policy.OPEN, Policy.OPEN, ten, five)):
        with pytest.raises(NotNow, match="disclosure_widened"):
            check_policy_change(*change, answered=True)


def test_answers_received_are_told_in_steps_of_five_but_to_the_committee():
    assert [shown_progress(number, Audience.RESIDENT) for number in (4, 5, 9, 10)] == [0, 5, 5, 10]
    assert shown_progress(9, Audience.COMMITTEE) == 9


@pytest.mark.rule("disclosure.area_share")
def test_areas_are_shown_in_whole_percent_beside_the_exact_pass_or_fail():
    # 66.66 of 100 m² looks like 67 %, and yet two thirds are not reached.
    shown = shown_area(66_66, 100_00, reached=False)
    assert (shown.percent, shown.reached) == (67, False)
    assert [shown_percent(part, 200) for part in (0, 1, 2, 3, 199, 200)] == [0, 1, 1, 2, 100, 100]
    assert shown_percent(0, 0) == 0
    with pytest.raises(Refused, match="part_above_whole"):
        shown_area(3, 2, reached=True)


def member(owner: str, row: str | None, column: str | None, choice: str) -> Member:
    history = ((choice,),)
    return Member(owner, row, column, history if row else None, history if column else None)


@pytest.mark.rule("disclosure.cover")
def test_two_neighbours_of_two_minds_cover_each_other_until_a_third_one_talks():
    yes, no = member("a", "r", None, "yes"), member("b", "r", None, "no")
    assert not all_covered([yes, no])
    more = [yes, no, member("c", "r", None, "yes"), member("d", "r", None, "no")]
    assert all_covered(more)
    # One owner of both "no" knows everything about the others.
    assert not all_covered([*more[:3], member("b", "r", None, "no")])


@pytest.mark.rule("disclosure.cover")
def test_households_in_crossing_tables_are_covered_round_a_corner():
    square = [("r1", "c1", "yes"), ("r1", "c2", "no"), ("r2", "c1", "no"), ("r2", "c2", "yes")]
    once = [member(f"{at}", *one) for at, one in enumerate(square)]
    assert not all_covered(once)
    assert all_covered([*once, *(replace(one, owner=f"{one.owner}'") for one in once)])
    # The same bands without the crossing: nobody of another mind on either floor.
    assert not all_covered(
        [member(f"{at}", "r1", f"c{at % 2}", ("yes", "no")[at % 2]) for at in range(8)]
    )
