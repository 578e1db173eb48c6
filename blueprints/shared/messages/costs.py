"""Sentences for refusals about prices, subsidies and the sharing of costs."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "no_dwellings": _l("There is no counted dwelling to share the cost among."),
    "dwelling_twice": _l("Room %(room)s is there twice."),
    "dwelling_unknown": _l("This dwelling does not take part in sharing this cost."),
    "net_negative": _l("The subsidy is larger than the price."),
    "subsidy_exceeds_price": _l("The subsidy is larger than the price."),
    "subsidy_negative": _l("A subsidy cannot be below zero."),
    "subsidy_floors_unknown": _l(
        "The subsidy goes by the number of floors, but says nothing for %(floors)s floors."
    ),
    "subsidy_kind_unknown": _l("Choose how the subsidy is worked out."),
    "subsidy_key_unknown": _l("The subsidy has a value that its kind does not know (%(key)s)."),
    "subsidy_key_missing": _l("The subsidy lacks a value (%(key)s)."),
    "subsidy_amounts_missing": _l("Give the subsidy for at least one number of floors."),
    "subsidy_money_unreadable": _l("“%(value)s” is not an amount. Write it like 1200.50."),
    "percent_out_of_range": _l("A percentage must be between 0 and 100; this says %(value)s."),
    "number_unreadable": _l("“%(value)s” is not a number. Write it like 1.1 or 8."),
    "floor_unreadable": _l("“%(value)s” is not a floor."),
    "floor_twice": _l("Floor %(floor)s is there twice."),
    "scheme_kind_unknown": _l("Choose how the cost is shared."),
    "scheme_within_unknown": _l("Choose how the part of a floor is split."),
    "scheme_key_unknown": _l("The sharing has a value that is not known (%(key)s)."),
    "scheme_floors_missing": _l("Fill in the floor table."),
    "scheme_floors_not_table": _l("Fill in the floor table."),
    "scheme_floor_missing": _l("The floor table says nothing for floor %(floor)s."),
    "percent_not_hundred": _l("The percentages add up to %(total)s, not to 100."),
    "shares_sum_not_positive": _l(
        "By this floor table nobody would pay. The parts together must be more than zero."
    ),
    "reduction_unknown_dwelling": _l("This dwelling does not take part in sharing this cost."),
    "reduction_out_of_range": _l("A reduction must be between nothing and the whole."),
    "reduction_on_receipt": _l("A dwelling that receives money cannot have a reduction."),
    "reductions_exceed_subsidy": _l("The reductions are larger than the subsidy that bears them."),
}
