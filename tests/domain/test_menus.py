"""What an option may say, and what its versions differ in."""

from dataclasses import replace

import pytest

from domain.errors import Refused
from domain.menus import (
    MAX_QUANTITY,
    DecidedBy,
    ItemClass,
    ItemDraft,
    OptionDraft,
    Payer,
    changes,
    checked_item,
    checked_option,
    total_price,
)

LIFT = OptionDraft(title="贴墙电梯", quantity=100, unit_price=700_000_00, payer=Payer.HOUSEHOLDS)
ITEM = ItemDraft(
    title="加装电梯",
    item_class=ItemClass.IMPROVE,
    matter=7,
    unit="台",
    decided_by=DecidedBy.ENTRANCE,
)


def refusal(act, *arguments):
    with pytest.raises(Refused) as caught:
        act(*arguments)
    return caught.value.code, caught.value.field


def test_half_a_fen_rounds_up():
    assert total_price(150, 1) == 2
    assert total_price(149, 1) == 1
    assert total_price(24_00, 180_00) == 4_320_00


@pytest.mark.parametrize(
    ("quantity", "unit_price", "code", "field"),
    [
        (0, 100, "quantity_not_positive", "quantity"),
        (-100, 100, "quantity_not_positive", "quantity"),
        (MAX_QUANTITY + 1, 100, "quantity_absurd", "quantity"),
        (100, -1, "price_negative", "unit_price"),
        (MAX_QUANTITY, 10**15, "money_absurd", "unit_price"),
    ],
)
def test_a_price_that_makes_no_sense_is_refused(quantity, unit_price, code, field):
    draft = replace(LIFT, quantity=quantity, unit_price=unit_price)
    assert refusal(checked_option, draft) == (code, field)


def test_an_option_may_cost_nothing():
    assert checked_option(replace(LIFT, unit_price=0)).unit_price == 0


def test_a_subsidy_above_the_price_is_refused():
    subsidy = {"kind": "fixed", "amount": "700000.01"}
    assert refusal(checked_option, replace(LIFT, subsidy=subsidy))[0] == "subsidy_exceeds_price"
    checked_option(replace(LIFT, subsidy={"kind": "fixed", "amount": "700000.00"}))


def test_titles_are_trimmed_and_needed():
    assert checked_option(replace(LIFT, title="  贴墙 \n 电梯 ")).title == "贴墙 电梯"
    assert refusal(checked_option, replace(LIFT, title=" \t")) == ("option_title_missing", "title")
    assert refusal(checked_option, replace(LIFT, title="梯" * 201))[0] == "option_title_too_long"
    assert refusal(checked_option, replace(LIFT, location="处" * 201))[0] == "location_too_long"


def test_an_item_needs_title_unit_and_one_of_the_nine_matters():
    assert checked_item(replace(ITEM, unit=" 台 ")) == ITEM
    assert refusal(checked_item, replace(ITEM, title="")) == ("item_title_missing", "title")
    assert refusal(checked_item, replace(ITEM, unit=" ")) == ("unit_missing", "unit")
    assert refusal(checked_item, replace(ITEM, unit="x" * 41))[0] == "unit_too_long"
    for matter in (0, 10):
        assert refusal(checked_item, replace(ITEM, matter=matter))[0] == "matter_unknown"


@pytest.mark.rule("menus.changes")
def test_two_versions_differ_in_exactly_the_fields_that_were_changed():
    new = replace(LIFT, unit_price=690_000_00, constraints="22:00 后不施工")
    assert [(one.field, one.old, one.new) for one in changes(LIFT, new)] == [
        ("unit_price", 700_000_00, 690_000_00),
        ("constraints", "", "22:00 后不施工"),
    ]
    assert changes(LIFT, LIFT) == ()


@pytest.mark.rule("menus.changes")
def test_one_table_written_in_two_ways_is_no_change():
    one, other = (
        checked_option(
            replace(LIFT, scheme={"kind": "floor_coefficient", "within": "area", "floors": table})
        )
        for table in ({"1": "0", "2": "1.10"}, {"2": "1.1", "1": "0.0"})
    )
    assert changes(one, other) == ()
