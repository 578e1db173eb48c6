"""What can be done with a menu, all in one place: items, options, versions, publishing."""

from services.menus_items import (
    ADDING,
    add_from_catalogue,
    add_item,
    catalogue_draft,
    edit_item,
    is_published,
    item_draft,
    remove_item,
)
from services.menus_options import (
    add_option,
    edit_draft,
    option_draft,
    publish_version,
    remove_draft,
    revise,
    withdraw_option,
)
from services.menus_publishing import (
    THRESHOLDS,
    Fault,
    Terms,
    bands,
    check_terms,
    faults_of_menu,
    publishable,
)

__all__ = [
    "ADDING",
    "THRESHOLDS",
    "Fault",
    "Terms",
    "add_from_catalogue",
    "add_item",
    "add_option",
    "bands",
    "catalogue_draft",
    "check_terms",
    "edit_draft",
    "edit_item",
    "faults_of_menu",
    "is_published",
    "item_draft",
    "option_draft",
    "publish_version",
    "publishable",
    "remove_draft",
    "remove_item",
    "revise",
    "withdraw_option",
]
