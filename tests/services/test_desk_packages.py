"""A package under a budget: the households' own money, each entrance's wishes for itself."""

from __future__ import annotations

import pytest

from domain.errors import Refused
from domain.packages import Reason, Way
from domain.preferences import Stance
from domain.quantities import MAX_MONEY
from services import desk, desk_packages
from tests.preferences_world import answered, published_plan

LIFT = 700_000_00


@pytest.fixture
def plan(world):
    return published_plan(world)


def _proposed(world, clock, plan, budget, *, each=False):
    found = desk.look(world.actor(world.committee), plan, now=clock())
    return desk_packages.propose(found, desk_packages.whole_budget(found, budget, each=each))


def _titles(package, proposal):
    lots = [package.lots[key] for key in proposal.chosen]
    return [(lot.offer.version.title, lot.place) for lot in lots]


def test_twelve_households_who_all_want_it_pay_for_their_lift_together(world, clock, plan):
    answered(world, plan, [(door, Stance.NEED) for door in world.first_entrance.dwellings])
    package = _proposed(world, clock, plan, LIFT)
    assert _titles(package, package.shared) == [("平层入户电梯", "1单元")]
    (step,) = package.shared.steps
    assert (step.way, step.payers, step.left) == (Way.SHARED, 12, 0)
    assert sum(amount for _who, amount in step.payments) == LIFT
    assert (package.served_shared, package.answered, package.homes) == (12, 12, 24)


def test_one_fen_less_and_only_the_cheaper_lift_fits(world, clock, plan):
    answered(world, plan, [(door, Stance.NEED) for door in world.first_entrance.dwellings])
    package = _proposed(world, clock, plan, LIFT - 1)
    assert package.shared.steps == ()
    reasons = {
        (package.lots[key].offer.version.title, package.lots[key].place): reason
        for key, reason in package.shared.left_out.items()
    }
    assert reasons["平层入户电梯", "1单元"] is Reason.TOO_DEAR
    # Nobody ranked the other lift, and nobody in entrance 2 said anything.
    assert reasons["半层入户电梯", "1单元"] is Reason.NOT_WANTED
    assert reasons["平层入户电梯", "2单元"] is Reason.NOT_WANTED


def test_the_wishes_of_one_entrance_do_not_buy_the_others_lift(world, clock, plan):
    answered(world, plan, [(door, Stance.NEED) for door in world.first_entrance.dwellings])
    package = _proposed(world, clock, plan, 10 * LIFT)
    assert _titles(package, package.shared) == [("平层入户电梯", "1单元")]
    assert _titles(package, package.plain) == [("平层入户电梯", "1单元")]


def test_a_budget_for_each_household_is_that_for_every_home_of_the_building(world, clock, plan):
    found = desk.look(world.actor(world.committee), plan, now=clock())
    assert desk_packages.whole_budget(found, 5_000_00, each=True) == 24 * 5_000_00
    assert desk_packages.whole_budget(found, 5_000_00, each=False) == 5_000_00
    with pytest.raises(Refused, match="budget_negative"):
        desk_packages.whole_budget(found, -1, each=True)
    with pytest.raises(Refused, match="money_absurd"):
        desk_packages.whole_budget(found, MAX_MONEY, each=True)
