"""Who lives in a building and has no vote on a motion, and why."""

import pytest

from domain.accounts import Actor, Capacity, Grant, NoVote, Role, Scope, why_no_vote

HERE = Scope(1, 2, 3)
BUILDING = Scope(1, 2)


def living(*homes):
    return Actor(
        1,
        grants=tuple(
            Grant(Role.RESIDENT, Scope(1, 2, entrance, 10 + entrance), capacity)
            for entrance, capacity in homes
        ),
    )


@pytest.mark.rule("accounts.no_vote")
@pytest.mark.parametrize(
    ("homes", "electorate", "why"),
    [
        ([(3, Capacity.TENANT)], HERE, NoVote.TENANT),
        ([(3, Capacity.TENANT)], BUILDING, NoVote.TENANT),
        ([(4, Capacity.OWNER)], HERE, NoVote.ELSEWHERE),
        ([(4, Capacity.OWNER)], BUILDING, None),
        ([(3, Capacity.OWNER)], HERE, None),
        # Who rents here and owns next door is told about what is owned.
        ([(3, Capacity.TENANT), (4, Capacity.OWNER)], HERE, NoVote.ELSEWHERE),
        ([(3, Capacity.TENANT), (3, Capacity.OWNER)], HERE, None),
        ([], HERE, None),
    ],
)
def test_b7c_who_lives_here_and_has_no_vote_is_told_why(homes, electorate, why):
    assert why_no_vote(living(*homes), electorate) is why


def test_b7c_who_lives_in_another_building_is_told_nothing():
    assert why_no_vote(living((3, Capacity.TENANT)), Scope(1, 9)) is None
