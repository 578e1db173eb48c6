"""Real ids for every URL argument, and what the rules cannot say about single routes.

A new argument name in a URL needs one line in ``OBJECTS``: how its value is taken from the rows of
``tests.everything``. A new route with known arguments needs nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from domain.accounts import Role
from tests.access.people import HERE, OWN, Held, Person, Place
from tests.everything import Everything

# ``name`` or ``endpoint:name`` (which wins) → the value in the URL.
OBJECTS: dict[str, Callable[[Everything], object]] = {
    "building_id": lambda all_: all_.building.id,
    "chain": lambda all_: all_.chain,
    "accounts.letter:code": lambda all_: "ACEFHJKM2345",
    "home.language:code": lambda all_: "en",
    "community_id": lambda all_: all_.community.id,
    "company_id": lambda all_: all_.own_company.id,
    "dwelling_id": lambda all_: all_.dwelling.id,
    "entrance_id": lambda all_: all_.entrance.id,
    "grant_id": lambda all_: all_.grant.id,
    "import_id": lambda all_: all_.imported.id,
    "issue_id": lambda all_: all_.issue.id,
    "item_id": lambda all_: all_.item.id,
    "key": lambda all_: all_.resolution.number,
    "mandate_id": lambda all_: all_.mandate.id,
    "motion_id": lambda all_: all_.motion.id,
    "name": lambda all_: "majority-1",
    "number": lambda all_: 1,
    "objection_id": lambda all_: all_.objection.id,
    "option_id": lambda all_: all_.option.id,
    "owner_id": lambda all_: all_.owner.id,
    "plan_id": lambda all_: all_.plan.id,
    "position": lambda all_: 1,
    "preferences.receipt:receipt": lambda all_: all_.sheet.receipt,
    "request_id": lambda all_: all_.request.id,
    "publication_id": lambda all_: all_.publication.id,
    "resolution_id": lambda all_: all_.resolution.id,
    "version_id": lambda all_: all_.version.id,
    "votes.receipt:receipt": lambda all_: all_.ballot.receipt,
    "voter_id": lambda all_: all_.voter.id,
}

# Things of a community as a whole: for 3幢 those of another building are no less at home.
OF_COMMUNITY = {
    "community_id",
    "company_id",
    "grant_id",
    "import_id",
    "owner_id",
    "request_id",
}
# What is handed to a company is the company's, wherever the building is.
OF_COMPANY = {"issue_id"}

# Endpoints whose object is narrower than a place, with the reason: whoever holds the permission
# there may still be refused. Whoever does not hold it is refused all the same.
NARROWER = {
    "preferences.receipt": "one's own answers only",
    "votes.receipt": "one's own ballot only",
    "votes.ballot": "voters of the roll only",
    "votes.ballot_for": "the voter's own only",
    "votes.check": "voters of the roll only",
    "votes.cast": "voters of the roll only",
    "votes.enter_paper": "a paper that somebody else has entered",
    "votes.confirm_paper": "never by the person who entered it",
    "votes.door": "doors of one's own entrance only",
    "votes.signed": "owners of the electorate, after the count",
    "votes.result_sheet": "exact areas: owners of the electorate, after the count",
    "votes.result_workbook": "the same as votes.result_sheet",
    "votes.roll": "names are for the electorate and the committee",
    "votes.print_roll": "names are for the electorate and the committee",
    "resolutions.full_bundle": "owners of the electorate",
    "desk.my_cost": "one's own share of the cost only",
    "desk.my_cost_json": "one's own share of the cost only",
    "desk.my_cost_csv": "one's own share of the cost only",
    "accounts.confirm": "staff only",
    "accounts.second_factor": "staff only",
    "accounts.begin_second_factor": "staff only",
    "accounts.set_second_factor": "staff only",
    "accounts.renew_recovery_codes": "staff only",
    "publications.withdraw": "whoever prepared it only",
    "objections.seen": "the objector only",
    "objections.withdraw": "the objector only",
}


def is_at_home(held: Held, place: Place, names: set[str]) -> bool:
    """Whether the role holds where an object with these URL arguments is."""
    contractor = held.role is Role.CONTRACTOR
    if names & OF_COMPANY or contractor:
        return bool(names & OF_COMPANY) and contractor and place is OWN
    if names & OF_COMMUNITY and place in HERE:
        return bool(held.reach & HERE)
    return place in held.reach


def is_outsider(person: Person, place: Place, names: set[str]) -> bool:
    """Whether the person has nothing to do with where the object is: nothing is to be found."""
    return not any(is_at_home(held, place, names) for held in person.held)
