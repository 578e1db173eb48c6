"""City profiles: what is read, what is refused and under which key."""

from __future__ import annotations

from copy import deepcopy

import pytest

from domain.cities import Channel, city_profile, read_channels
from domain.errors import Refused
from domain.periods import PeriodKind
from domain.schemes import SchemeKind
from domain.subsidies import SubsidyKind


def given(value: object, verified: bool = False) -> dict[str, object]:
    return {"value": value, "source": "seen in a notice", "verified": verified}


FULL: dict[str, object] = {
    "name": {"zh": "工人新村市", "en": "Gongren"},
    "period_kind": given("working"),
    "roll_posting_days": given(7),
    "notice_days": given(10),
    "result_within_days": given(3),
    "result_posting_days": given(15),
    "channels": given(["paper", "official_platform"]),
    "proxy_limit": given(3),
    "subsidy": given({"kind": "fixed", "amount": "200000.00"}),
    "floor_table": given({"kind": "floor_coefficient", "floors": {"1": "0", "2": "0.5"}}),
    "exact_areas_posted": given(True, verified=True),
    "disclosure_households": given(5),
}


def test_a_full_profile_is_read_with_the_source_of_every_value():
    profile = city_profile("gongren", FULL)
    assert profile.notice_days.value == 10
    assert profile.notice_days.source == "seen in a notice"
    assert not profile.notice_days.verified
    assert profile.exact_areas_posted.verified
    assert profile.period_kind.value is PeriodKind.WORKING
    assert profile.subsidy.value.kind is SubsidyKind.FIXED
    assert profile.floor_table.value.kind is SchemeKind.FLOOR_COEFFICIENT
    assert profile.name("zh-CN") == "工人新村市"
    assert profile.name("en") == "Gongren"


def test_what_a_city_leaves_out_comes_from_the_default_with_the_defaults_source():
    default = city_profile("default", FULL)
    city = city_profile(
        "city", {"name": {"zh": "市", "en": "City"}, "notice_days": given(20)}, default
    )
    assert city.notice_days.value == 20
    assert city.proxy_limit is default.proxy_limit


@pytest.mark.rule("cities.paper_offered")
def test_paper_is_always_one_of_the_channels():
    assert read_channels(["in_app", "paper"]) == (Channel.IN_APP, Channel.PAPER)
    with pytest.raises(Refused, match="paper_not_offered"):
        read_channels(["in_app", "official_platform"])


WRONG = [
    (("notice_days", "value"), "ten", "notice_days.value", "not_a_whole_number"),
    (("notice_days", "value"), True, "notice_days.value", "not_a_whole_number"),
    (("notice_days", "value"), 0, "notice_days.value", "out_of_range"),
    (("notice_days", "source"), " ", "notice_days.source", "no_source"),
    (("notice_days", "verified"), "no", "notice_days.verified", "not_true_or_false"),
    (("notice_days", "verifed"), True, "notice_days.verifed", "unknown_key"),
    (("notice_days",), 10, "notice_days", "not_a_table"),
    (("period_kind", "value"), "lunar", "period_kind.value", "not_a_choice"),
    (("channels", "value"), ["fax", "paper"], "channels.value", "not_a_choice"),
    (("channels", "value"), ["paper", "paper"], "channels.value", "listed_twice"),
    (("channels", "value"), ["in_app"], "channels.value", "paper_not_offered"),
    (("exact_areas_posted", "value"), 1, "exact_areas_posted.value", "not_true_or_false"),
    (("disclosure_households", "value"), 4, "disclosure_households.value", "out_of_range"),
    (("subsidy", "value"), "none", "subsidy.value", "not_a_table"),
    (("subsidy", "value", "amount"), "much", "subsidy.value.amount", "subsidy_money_unreadable"),
    (("subsidy", "value", "kind"), "gift", "subsidy.value.kind", "subsidy_kind_unknown"),
    (("floor_table", "value", "floors", "2"), 0.5, "floor_table.value.floors.2", None),
    (("name", "zh"), "", "name.zh", "missing"),
    (("notice_day",), given(10), "notice_day", "unknown_key"),
]


@pytest.mark.parametrize(("path", "value", "key", "reason"), WRONG, ids=lambda one: str(one)[:40])
def test_a_wrong_value_is_refused_with_its_key_and_reason(path, value, key, reason):
    plain = deepcopy(FULL)
    place = plain
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(Refused) as refused:
        city_profile("gongren", plain)
    assert refused.value.code == "reference_value_wrong"
    assert refused.value.params["key"] == key
    assert reason is None or refused.value.params["reason"] == reason


@pytest.mark.parametrize("left_out", sorted(FULL))
def test_without_a_default_nothing_may_be_left_out(left_out):
    plain = {key: value for key, value in FULL.items() if key != left_out}
    with pytest.raises(Refused) as refused:
        city_profile("gongren", plain)
    assert refused.value.params["key"].startswith(left_out)
    assert refused.value.params["reason"] == "missing"
