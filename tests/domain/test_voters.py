"""Who is a head on the roll, and whose hand may mark its ballot."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.vocabulary import AreaSource
from domain.voters import (
    Dwelling,
    Mandate,
    MandateKind,
    VoterKind,
    acts_in_name_of,
    best_area,
    check_proxy,
    may_act,
    natural,
    representative_of,
    voters_from,
)


def flat(room: str, *owners: str, area: int = 6000, **more: object) -> Dwelling:
    values: dict[str, object] = {
        "building": "3幢",
        "entrance": "1单元",
        "floor": int(room[:-2]) if room.isdigit() else -1,
        **more,
    }
    key = f"{values['building']}{values['entrance']}{room}"
    return Dwelling(key=key, room=room, area=area, owners=frozenset(owners), **values)  # type: ignore[arg-type]


@pytest.mark.rule("voters.one_buyer")
def test_the_buyer_of_two_flats_is_one_head_with_both_areas() -> None:
    voters = voters_from([flat("301", "尹志强", area=6235), flat("302", "尹志强", area=5890)])
    assert [(voter.number, voter.area, len(voter.dwellings)) for voter in voters] == [(1, 12125, 2)]
    assert voters[0].kind is VoterKind.OWNER


@pytest.mark.rule("voters.one_buyer")
def test_every_dwelling_of_another_owner_is_another_head() -> None:
    assert len(voters_from([flat("101", "杜文斌"), flat("102", "姚志强")])) == 2


@pytest.mark.rule("voters.same_owners")
def test_a_couple_named_in_either_order_is_one_buyer() -> None:
    voters = voters_from([flat("402", "范雨桐", "何家骏"), flat("502", "何家骏", "范雨桐")])
    assert len(voters) == 1
    assert voters[0].kind is VoterKind.CO_OWNERS


@pytest.mark.rule("voters.same_owners")
def test_a_flat_of_hers_alone_and_a_flat_of_the_couple_are_two_heads() -> None:
    voters = voters_from([flat("402", "范雨桐", "何家骏"), flat("502", "范雨桐")])
    assert [voter.owners for voter in voters] == [{"范雨桐", "何家骏"}, {"范雨桐"}]


@pytest.mark.rule("voters.developer")
def test_all_that_the_developer_has_not_sold_is_one_head_with_all_its_area() -> None:
    unsold = [
        flat("701", "新苑公司", area=8419, developer_unsold=True),
        flat("702", "新苑公司", area=5170, developer_unsold=True, building="8幢"),
        # Sold but not handed over, and so still the developer's to vote with.
        flat("703", "新苑置业", area=1000, developer_unsold=True),
    ]
    (developer,) = voters_from(unsold)
    assert developer.area == 14589
    assert developer.kind is VoterKind.DEVELOPER


@pytest.mark.rule("voters.developer")
def test_a_flat_the_developer_bought_back_is_a_head_of_its_own() -> None:
    voters = voters_from([flat("701", "新苑公司", developer_unsold=True), flat("601", "新苑公司")])
    assert [voter.kind for voter in voters] == [VoterKind.OWNER, VoterKind.DEVELOPER]


@pytest.mark.rule("voters.not_counting")
def test_a_garage_gives_neither_a_person_nor_area() -> None:
    voters = voters_from([flat("401", "谭立新"), flat("车库1", "谭立新", area=1820, counts=False)])
    assert [(voter.area, len(voter.dwellings)) for voter in voters] == [(6000, 1)]


def test_two_flats_of_which_no_owner_is_recorded_are_not_one_buyers() -> None:
    voters = voters_from([flat("101"), flat("102")])
    assert [voter.kind for voter in voters] == [VoterKind.UNRECORDED] * 2


def test_the_roll_is_in_order_of_building_entrance_floor_and_room() -> None:
    dwellings = [
        flat("1001", "a"),
        flat("902", "b"),
        flat("901", "c", entrance="2单元"),
        flat("101", "d", building="10幢"),
        flat("0903", "e", floor=9),
    ]
    order = [voter.dwellings[0].owners for voter in voters_from(dwellings)]
    assert order == [{"b"}, {"e"}, {"a"}, {"c"}, {"d"}]


@pytest.mark.parametrize("area", [0, -1])
def test_a_dwelling_without_area_is_refused(area: int) -> None:
    with pytest.raises(Refused) as refused:
        voters_from([flat("101", "杜文斌", area=area)])
    assert refused.value.code == "area_not_positive"


def test_a_dwelling_given_twice_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        voters_from([flat("101", "杜文斌"), flat("101", "姚志强")])
    assert (refused.value.code, refused.value.params) == ("dwelling_twice", {"room": "101"})


def test_numbers_in_names_sort_as_numbers() -> None:
    assert sorted(["10", "9", "9A", "车库1", "101"], key=natural) == [
        "9",
        "9A",
        "10",
        "101",
        "车库1",
    ]


OWNERS = st.frozensets(st.sampled_from("甲乙丙丁"), max_size=2)
DWELLINGS = st.lists(
    st.builds(
        lambda owners, area, unsold, counts: (owners, area, unsold, counts),
        OWNERS,
        st.integers(1, 20000),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
).map(
    lambda given: [
        flat(f"{place + 1}01", *owners, area=area, developer_unsold=unsold, counts=counts)
        for place, (owners, area, unsold, counts) in enumerate(given)
    ]
)


@given(DWELLINGS, st.randoms(use_true_random=False))
def test_the_order_of_the_input_never_matters(
    dwellings: list[Dwelling], chance: random.Random
) -> None:
    shuffled = chance.sample(dwellings, len(dwellings))
    assert voters_from(shuffled) == voters_from(dwellings)


@given(DWELLINGS)
def test_heads_hold_every_counting_dwelling_once_and_its_area(dwellings: list[Dwelling]) -> None:
    voters = voters_from(dwellings)
    held = [dwelling for voter in voters for dwelling in voter.dwellings]
    counting = [dwelling for dwelling in dwellings if dwelling.counts]
    assert sorted(held, key=str) == sorted(counting, key=str)
    assert sum(voter.area for voter in voters) == sum(dwelling.area for dwelling in counting)


@given(DWELLINGS)
def test_merging_two_heads_never_changes_area(dwellings: list[Dwelling]) -> None:
    one_buyer = [
        flat(d.room, "甲", area=d.area, developer_unsold=d.developer_unsold, counts=d.counts)
        for d in dwellings
    ]
    before, after = voters_from(dwellings), voters_from(one_buyer)
    assert len(after) <= 2
    assert sum(voter.area for voter in after) == sum(voter.area for voter in before)


@pytest.mark.rule("voters.area_source")
def test_the_registered_area_comes_before_the_survey_and_the_contract() -> None:
    recorded = [
        (AreaSource.CONTRACT, 6300),
        (AreaSource.SURVEY, 6250),
        (AreaSource.REGISTER, 6235),
    ]
    assert best_area(recorded) == (AreaSource.REGISTER, 6235)
    assert best_area(recorded[:2]) == (AreaSource.SURVEY, 6250)
    assert best_area(recorded[:1]) == (AreaSource.CONTRACT, 6300)


@pytest.mark.rule("voters.area_source")
def test_no_area_and_two_areas_of_one_source_are_refused() -> None:
    with pytest.raises(Refused, match="area_missing"):
        best_area([])
    with pytest.raises(Refused, match="area_conflicting"):
        best_area([(AreaSource.SURVEY, 6250), (AreaSource.SURVEY, 6251)])


COUPLE = voters_from([flat("402", "范雨桐", "何家骏")])[0]


def mandate(kind: MandateKind, holder: str, sequence: int = 1, **more: object) -> Mandate:
    return Mandate(kind, holder, sequence, **{"voter": 1, **more})  # type: ignore[arg-type]


def test_either_co_owner_may_act_and_a_stranger_may_not() -> None:
    assert may_act(COUPLE, "范雨桐", ())
    assert may_act(COUPLE, "何家骏", ())
    assert not may_act(COUPLE, "路人", ())


@pytest.mark.rule("voters.representative")
def test_once_a_representative_is_named_the_other_co_owner_may_not_act() -> None:
    named = [mandate(MandateKind.REPRESENTATIVE, "何家骏")]
    assert may_act(COUPLE, "何家骏", named)
    assert not may_act(COUPLE, "范雨桐", named)
    assert representative_of(COUPLE, named) == "何家骏"


@pytest.mark.rule("voters.representative")
def test_the_representative_named_last_counts() -> None:
    named = [
        mandate(MandateKind.REPRESENTATIVE, "何家骏", 2),
        mandate(MandateKind.REPRESENTATIVE, "范雨桐", 1),
    ]
    assert [may_act(COUPLE, person, named) for person in ("何家骏", "范雨桐")] == [True, False]


@pytest.mark.rule("voters.representative")
def test_an_outsider_or_a_representative_of_another_voter_is_no_representative() -> None:
    outsider = [mandate(MandateKind.REPRESENTATIVE, "路人")]
    other = [mandate(MandateKind.REPRESENTATIVE, "何家骏", voter=2)]
    assert not may_act(COUPLE, "路人", outsider)
    assert may_act(COUPLE, "范雨桐", outsider)
    assert may_act(COUPLE, "范雨桐", other)


@pytest.mark.rule("voters.ward")
def test_a_guardian_acts_in_the_wards_name_and_the_ward_does_not() -> None:
    guarded = [mandate(MandateKind.GUARDIAN, "女儿", principal="何家骏", voter=None)]
    assert acts_in_name_of(COUPLE, "女儿", guarded) == "何家骏"
    assert not may_act(COUPLE, "何家骏", guarded)
    assert may_act(COUPLE, "范雨桐", guarded)


@pytest.mark.rule("voters.ward")
def test_an_only_heir_acts_in_the_dead_owners_name_and_several_in_their_own() -> None:
    owner = voters_from([flat("503", "罗素芬")])[0]
    son = mandate(MandateKind.HEIR, "儿子", principal="罗素芬")
    daughter = mandate(MandateKind.HEIR, "女儿", 2, principal="罗素芬")
    assert acts_in_name_of(owner, "儿子", [son]) == "罗素芬"
    assert acts_in_name_of(owner, "儿子", [son, daughter]) == "儿子"
    assert acts_in_name_of(owner, "女儿", [son, daughter]) == "女儿"
    assert not may_act(owner, "罗素芬", [son])


@pytest.mark.rule("voters.ward")
def test_a_company_acts_through_its_representative() -> None:
    factory = voters_from([flat("102", "第二机床厂")])[0]
    chosen = [mandate(MandateKind.COMPANY, "厂长", principal="第二机床厂", voter=None)]
    assert acts_in_name_of(factory, "厂长", chosen) == "第二机床厂"
    assert not may_act(factory, "第二机床厂", chosen)


@pytest.mark.rule("voters.proxy")
def test_a_proxy_acts_in_the_name_of_whoever_gave_it() -> None:
    given = [mandate(MandateKind.PROXY, "邻居", principal="范雨桐")]
    assert acts_in_name_of(COUPLE, "邻居", given) == "范雨桐"
    assert may_act(COUPLE, "范雨桐", given), "the principal may still come in person"


@pytest.mark.rule("voters.proxy")
def test_a_proxy_of_somebody_who_may_not_act_is_worth_nothing() -> None:
    given = [
        mandate(MandateKind.REPRESENTATIVE, "何家骏"),
        mandate(MandateKind.PROXY, "邻居", principal="范雨桐"),
    ]
    assert not may_act(COUPLE, "邻居", given)


@pytest.mark.rule("voters.proxy")
@pytest.mark.parametrize("flaw", [{"written": False}, {"holder_is_property_staff": True}])
def test_an_oral_proxy_and_one_to_the_property_company_are_worth_nothing(
    flaw: dict[str, bool],
) -> None:
    assert not may_act(
        COUPLE, "邻居", [mandate(MandateKind.PROXY, "邻居", principal="范雨桐", **flaw)]
    )


def proxies(many: int) -> list[Mandate]:
    return [
        mandate(MandateKind.PROXY, "邻居", number, principal=f"业主{number}", voter=number)
        for number in range(1, many + 1)
    ]


@pytest.mark.rule("voters.proxy")
def test_of_more_proxies_than_the_limit_those_recorded_first_are_valid() -> None:
    voters = voters_from([flat(f"{number}01", f"业主{number}") for number in range(1, 5)])
    given = list(reversed(proxies(4)))
    assert [may_act(voter, "邻居", given, proxy_limit=3) for voter in voters] == [
        True,
        True,
        True,
        False,
    ]
    assert all(may_act(voter, "邻居", given) for voter in voters)


@pytest.mark.rule("voters.proxy")
@pytest.mark.parametrize(
    ("new", "code"),
    [
        ({"voter": 4}, "proxy_limit"),
        ({"voter": 4, "written": False}, "proxy_not_written"),
        ({"voter": 4, "holder_is_property_staff": True}, "proxy_property_staff"),
    ],
)
def test_a_proxy_too_many_an_oral_one_and_one_to_staff_are_refused(
    new: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        check_proxy(mandate(MandateKind.PROXY, "邻居", 9, **new), proxies(3), proxy_limit=3)


@pytest.mark.rule("voters.proxy")
def test_a_second_proxy_for_the_same_voter_uses_up_no_place() -> None:
    again = mandate(MandateKind.PROXY, "邻居", 9, voter=3)
    check_proxy(again, proxies(3), proxy_limit=3)
    check_proxy(mandate(MandateKind.PROXY, "邻居", 9, voter=4), proxies(3))
