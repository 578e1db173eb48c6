"""Equal shares against a second computation, and the properties a building relies on."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.packages import (
    POINTS,
    Candidate,
    Reason,
    Way,
    Wish,
    check_size,
    equal_shares,
    most_wanted_first,
)
from domain.preferences import Stance

NEED, ACCEPT, OPPOSE = Stance.NEED, Stance.ACCEPT, Stance.OPPOSE


def households(*groups: tuple[int, dict[str, Stance]]) -> list[Wish]:
    found: list[Wish] = []
    for number, stances in groups:
        found += [Wish(f"{len(found) + at + 1:03}", stances) for at in range(number)]
    return found


LIGHTS = Candidate("lights", 14_000_00)
ELEVATOR = Candidate("elevator", 60_000_00)
DOOR = Candidate("door", 20_000_00)


@pytest.mark.rule("packages.equal_shares")
@pytest.mark.rule("packages.most_wanted_first")
def test_fourteen_households_together_pay_for_the_lights():
    """A majority alone would take everything; the fourteen have a share of the budget too."""
    wishes = households(
        (26, {"elevator": NEED, "door": NEED}), (14, {"lights": NEED, "elevator": OPPOSE})
    )
    budget = 80_000_00
    shared = equal_shares([ELEVATOR, DOOR, LIGHTS], wishes, budget)
    lights = next(step for step in shared.steps if step.key == "lights")
    assert lights.way is Way.SHARED
    assert lights.payers == 14
    assert [paid for _, paid in lights.payments] == [Fraction(1_000_00)] * 14
    assert lights.rate == Fraction(500_00)
    wanted = most_wanted_first([ELEVATOR, DOOR, LIGHTS], wishes, budget)
    assert wanted.chosen == ("door", "elevator")
    assert wanted.left_out == {"lights": Reason.TOO_DEAR}
    assert wanted.served(wishes) == 26
    assert shared.served(wishes) == 40


def test_a_round_follows_by_hand():
    """Two purses of 50: A costs 60 and both need it (rate 15); B costs 30, one accepts it."""
    wishes = households((1, {"a": NEED, "b": ACCEPT}), (1, {"a": NEED}))
    result = equal_shares([Candidate("a", 60), Candidate("b", 30)], wishes, 100)
    first, second = result.steps
    assert (first.key, first.rate, first.left) == ("a", Fraction(15), 40)
    assert first.payments == (("001", Fraction(30)), ("002", Fraction(30)))
    # 20 is left in the purse that wants B: the common rest completes the package.
    assert (second.key, second.way, second.left, second.payers) == ("b", Way.COMPLETED, 10, 0)


def test_who_has_less_than_the_rate_asks_pays_all_it_has():
    wishes = households((1, {"a": NEED, "b": NEED}), (1, {"b": NEED}))
    poor = equal_shares([Candidate("a", 10), Candidate("b", 85)], wishes, 100)
    assert dict(poor.steps[1].payments) == {"001": Fraction(40), "002": Fraction(45)}


def test_ties_go_to_more_points_then_lower_cost_then_the_menus_order():
    two = households((2, {"a": NEED, "b": NEED, "c": NEED}))
    same = [Candidate(key, 10) for key in "bca"]
    assert equal_shares(same, two, 30).chosen == ("b", "c", "a")
    # Equal rates: A asks 10 of two households, B 20 of four.
    four = households((2, {"a": NEED, "b": NEED}), (2, {"b": NEED}))
    assert equal_shares([Candidate("a", 10), Candidate("b", 20)], four, 100).chosen == ("b", "a")
    assert most_wanted_first([Candidate("a", 9), Candidate("b", 7)], two, 20).chosen == ("b", "a")


def test_what_more_households_oppose_than_want_is_not_proposed():
    wishes = households((5, {"a": NEED}), (5, {"a": OPPOSE}))
    for propose in (equal_shares, most_wanted_first):
        result = propose([Candidate("a", 1)], wishes, 1000)
        assert result.chosen == ()
        assert result.left_out == {"a": Reason.NOT_WANTED}


def test_options_that_exclude_each_other_never_meet_and_requirements_come_first():
    candidates = [
        Candidate("lift", 50, excludes=frozenset({"chair"})),
        Candidate("chair", 10),
        Candidate("charging", 10, requires=frozenset({"hydrant"})),
        Candidate("hydrant", 10),
        Candidate("sprinkler", 10, requires=frozenset({"gold"})),
    ]
    wishes = households((10, dict.fromkeys(["lift", "chair", "charging", "sprinkler"], NEED)))
    wishes.append(Wish("x", {"hydrant": ACCEPT}))
    for propose in (equal_shares, most_wanted_first):
        result = propose(candidates, wishes, 1000)
        assert len({"lift", "chair"} & set(result.chosen)) == 1
        assert result.chosen.index("hydrant") < result.chosen.index("charging")
        assert result.left_out["sprinkler"] is Reason.REQUIREMENT_MISSING
        assert Reason.EXCLUDED in result.left_out.values()


def test_what_costs_nothing_is_bought_first_and_nobody_pays():
    wishes = households((3, {"free": ACCEPT, "a": NEED}))
    result = equal_shares([Candidate("a", 30), Candidate("free", 0)], wishes, 30)
    assert result.chosen == ("free", "a")
    assert result.steps[0].payers == 0


def test_nobody_answered_or_no_money_gives_an_empty_package():
    assert equal_shares([LIGHTS], [], 100).chosen == ()
    assert equal_shares([], households((2, {})), 100).chosen == ()
    result = equal_shares([LIGHTS], households((2, {"lights": NEED})), 0)
    assert result.left_out == {"lights": Reason.TOO_DEAR}


@pytest.mark.parametrize(
    ("candidates", "wishes", "budget", "code"),
    [
        ([LIGHTS], [], -1, "budget_negative"),
        ([Candidate("a", -1)], [], 1, "price_negative"),
        ([LIGHTS, LIGHTS], [], 1, "listed_twice"),
        ([LIGHTS], [Wish("1"), Wish("1")], 1, "listed_twice"),
    ],
)
def test_senseless_input_is_refused(candidates, wishes, budget, code):
    for propose in (equal_shares, most_wanted_first):
        with pytest.raises(Refused, match=code):
            propose(candidates, wishes, budget)


def second_computation(candidates, wishes, budget):
    """Equal shares written down again, slowly: every rate tried from every subset of the poor."""
    purse = {wish.household: Fraction(budget, len(wishes)) for wish in wishes}
    points = {
        one.key: {
            wish.household: POINTS[wish.stances[one.key]]
            for wish in wishes
            if wish.stances.get(one.key) in POINTS
        }
        for one in candidates
    }
    opposed = {
        one.key: sum(wish.stances.get(one.key) is OPPOSE for wish in wishes) for one in candidates
    }
    bought = []
    while True:
        offers = []
        for place, one in enumerate(candidates):
            who = points[one.key]
            if one.key in bought or len(who) <= opposed[one.key]:
                continue
            if sum(purse[name] for name in who) < one.cost:
                continue
            limits = sorted({Fraction(0), *(purse[name] / who[name] for name in who)})
            at = next(
                rate
                for rate in limits
                if sum(min(purse[name], rate * who[name]) for name in who) >= one.cost
            )
            rich = [name for name in who if purse[name] / who[name] >= at and at > 0]
            poor = sum(purse[name] for name in who if name not in rich)
            rate = (
                Fraction(one.cost - poor) / sum(who[name] for name in rich) if rich else Fraction(0)
            )
            offers.append((rate, -sum(who.values()), one.cost, place, one.key))
        if not offers:
            return bought, purse
        rate, *_, key = min(offers)
        for name, number in points[key].items():
            purse[name] -= min(purse[name], rate * number)
        bought.append(key)


def random_building(rng: random.Random):
    candidates = [Candidate(f"c{at}", rng.randint(0, 300)) for at in range(rng.randint(1, 7))]
    wishes = [
        Wish(f"{at}", {one.key: rng.choice(list(Stance)) for one in candidates})
        for at in range(rng.randint(1, 12))
    ]
    return candidates, wishes, rng.randint(0, 1000)


def test_a_second_computation_buys_the_same_for_the_same_money():
    for seed in range(400):
        candidates, wishes, budget = random_building(random.Random(seed))
        shared = [
            step
            for step in equal_shares(candidates, wishes, budget).steps
            if step.way is Way.SHARED
        ]
        bought, purse = second_computation(candidates, wishes, budget)
        assert [step.key for step in shared] == bought
        paid = {wish.household: Fraction(0) for wish in wishes}
        for step in shared:
            for name, amount in step.payments:
                paid[name] += amount
        for name, left in purse.items():
            assert Fraction(budget, len(wishes)) - paid[name] == left


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_a_package_keeps_to_the_budget_and_its_payments_add_up(seed):
    candidates, wishes, budget = random_building(random.Random(seed))
    result = equal_shares(candidates, wishes, budget)
    assert result.spent <= budget
    assert set(result.chosen) | set(result.left_out) == {one.key for one in candidates}
    for step in result.steps:
        if step.way is Way.SHARED:
            assert sum(amount for _, amount in step.payments) == step.cost
            assert all(amount > 0 for _, amount in step.payments)
    # Completed: nothing that was left out as too dear would still have fitted.
    left = budget - result.spent
    cost = {one.key: one.cost for one in candidates}
    too_dear = [key for key, why in result.left_out.items() if why is Reason.TOO_DEAR]
    assert all(cost[key] > left for key in too_dear)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_the_order_of_the_households_does_not_matter(seed, shuffler):
    candidates, wishes, budget = random_building(random.Random(seed))
    mixed = list(wishes)
    shuffler.shuffle(mixed)
    before, after = (equal_shares(candidates, group, budget) for group in (wishes, mixed))
    assert before.chosen == after.chosen
    assert [dict(step.payments) for step in before.steps] == [
        dict(step.payments) for step in after.steps
    ]


def test_b7m_the_sums_bought_by_equal_shares_and_added_by_completion_make_the_whole():
    wishes = [Wish(str(n), {"lift": NEED, "lamp": NEED if n else ACCEPT}) for n in range(3)]
    wishes.append(Wish("3", {"lamp": ACCEPT, "door": NEED}))
    candidates = [Candidate("lift", 2_00), Candidate("lamp", 1_00), Candidate("door", 1_50)]
    found = equal_shares(candidates, wishes, 5_00)
    sums = {way: found.spent_by(way) for way in (Way.SHARED, Way.COMPLETED)}
    assert sums == {Way.SHARED: 3_00, Way.COMPLETED: 1_50}
    assert sum(sums.values()) == found.spent


@pytest.mark.rule("packages.size")
def test_b7n_more_than_two_thousand_households_or_sixty_options_are_refused():
    check_size(2_000, 60)
    for households, options in ((2_001, 60), (2_000, 61)):
        with pytest.raises(Refused, match="package_too_large") as raised:
            check_size(households, options)
        assert raised.value.params["most_options"] == 60
