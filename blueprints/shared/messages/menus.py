"""Sentences for refusals about menus: items, options, versions, pictures, publishing."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "item_title_missing": _l("Give the item a title."),
    "item_title_too_long": _l("The title is too long: at most %(most)s characters."),
    "item_title_taken": _l("“%(title)s” is already on this menu."),
    "unit_missing": _l("Say in what the item is measured, for example lamps or metres."),
    "unit_too_long": _l("The unit is too long: at most %(most)s characters."),
    "matter_unknown": _l("Choose one of the nine matters of article 278."),
    "nothing_chosen": _l("Tick at least one item."),
    "catalogue_key_unknown": _l("One of the ticked items is not in the catalogue."),
    "item_published": _l(
        "Households have already seen this item, so it can no longer be changed or removed. "
        "Revise its options, or withdraw them."
    ),
    "option_title_missing": _l("Give the option a title."),
    "option_title_too_long": _l("The title is too long: at most %(most)s characters."),
    "option_title_taken": _l("This item already has an option “%(title)s”."),
    "location_too_long": _l("The location is too long: at most %(most)s characters."),
    "quantity_not_positive": _l("The quantity must be more than zero."),
    "quantity_absurd": _l("This quantity is too large."),
    "price_negative": _l("A price cannot be below zero."),
    "change_note_missing": _l("Say what changed and why. Everybody will read it."),
    "nothing_changed": _l("Nothing was changed, so there is no new version."),
    "version_published": _l(
        "This version is published and never changes. Make a new version instead."
    ),
    "draft_exists": _l(
        "A new version of this option is already being written. Go on with that one."
    ),
    "option_not_published": _l("This option is not published yet. Edit its draft."),
    "option_withdrawn": _l("This option was withdrawn."),
    "option_under_vote": _l(
        "Motion %(number)s about this option is announced, so the option cannot change now."
    ),
    "option_decided": _l(
        "The owners have adopted motion %(number)s about this option, so it cannot change."
    ),
    "menu_not_published": _l("The menu is not published yet. Publish the whole menu first."),
    "withdrawal_reason_missing": _l("Say why the option is withdrawn. Everybody will read it."),
    "picture_empty": _l("The picture is empty."),
    "picture_too_large": _l("The picture is larger than 5 MB."),
    "picture_type_unknown": _l("This is not a picture in JPEG, PNG or WebP."),
    "picture_damaged": _l("This picture is damaged and cannot be read."),
    "picture_unknown": _l("The picture is no longer there. Choose it again."),
    "threshold_unknown": _l("Choose ten households or five."),
    "threshold_needs_decision": _l("Fewer than ten needs a recorded decision. Name it."),
    "menu_empty": _l("There is nothing on this menu yet."),
    "item_without_options": _l("“%(title)s” has no option yet. Add one or remove the item."),
    "menu_not_workable": _l("The menu cannot be published yet."),
    "no_building_chosen": _l("Choose at least one building."),
    "building_without_dwellings": _l(
        "%(building)s has no counted dwelling in the register. Import its roster first."
    ),
    "building_has_own_draft": _l(
        "%(building)s has a menu of its own that is being written. Publish or withdraw that first."
    ),
    "building_is_consulting": _l(
        "%(building)s is still being consulted on another menu. Wait until that closes."
    ),
    "building_of_other_community": _l("This building is in another community."),
    "menu_already_published": _l("This menu is already published."),
}
