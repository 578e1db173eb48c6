"""What was done, in words: one sentence for each act the program records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from blueprints.shared.words import word
from domain.accounts import STAFF, Role
from models.accounts import Account
from models.audit import AuditEntry

ACTIONS: Mapping[str, LazyString] = {
    # accounts
    "letters_issued": _l("Household letters were issued"),
    "letter_used": _l("A household came in with its letter"),
    "role_given": _l("Somebody was given a role"),
    "role_ended": _l("A role was ended"),
    "first_password_renewed": _l("Somebody got a new first password"),
    "password_set": _l("Somebody set a password"),
    "signed_out_everywhere": _l("Somebody signed out everywhere"),
    "company_created": _l("A company was entered"),
    "request_made": _l("Somebody asked about the data kept of them"),
    "request_answered": _l("A request about data was answered"),
    "personal_data_purged": _l("Personal data whose time was over was erased"),
    "plan_data_erased": _l("Names, answers and objections of the plan were erased"),
    "second_factor_set": _l("Somebody set up the second factor"),
    "second_factor_reset": _l("A second factor was taken off"),
    "recovery_code_used": _l("Somebody used a recovery code"),
    "recovery_codes_renewed": _l("Somebody made new recovery codes"),
    # register
    "community_added": _l("A community was added"),
    "community_edited": _l("The community was edited"),
    "roster_imported": _l("A roster was imported"),
    "building_added": _l("A building was added"),
    "building_edited": _l("A building was edited"),
    "building_removed": _l("A building was removed"),
    "entrance_added": _l("An entrance was added"),
    "entrance_edited": _l("An entrance was edited"),
    "dwelling_added": _l("A dwelling was added"),
    "dwelling_edited": _l("A dwelling was edited"),
    "dwelling_retired": _l("A dwelling was retired"),
    "dwelling_restored": _l("A dwelling was restored"),
    "owner_edited": _l("An owner was edited"),
    "owner_split": _l("Two owners of one name were told apart"),
    # plan and menu
    "plan_created": _l("The plan was made"),
    "plan_withdrawn": _l("The plan was withdrawn"),
    "menu_published": _l("The menu was published"),
    "consultation_extended": _l("The consultation was extended"),
    "notice_posted": _l("A notice was posted"),
    "item_added": _l("An item was added to the menu"),
    "item_changed": _l("An item of the menu was changed"),
    "item_removed": _l("An item was removed from the menu"),
    "option_added": _l("An option was added"),
    "draft_changed": _l("The draft of an option was changed"),
    "draft_removed": _l("The draft of an option was removed"),
    "version_drafted": _l("A new version of an option was drafted"),
    "version_published": _l("A new version of an option was published"),
    "option_withdrawn": _l("An option was withdrawn"),
    # two people
    "publication_prepared": _l("Something was prepared for a second person to publish"),
    "publication_sent_back": _l("A second person sent back what was prepared"),
    "publication_withdrawn": _l("What was prepared was taken back"),
    "publication_stale": _l("What was prepared had changed and was not published"),
    "publication_lapsed": _l("What was prepared waited until its plan's year was over"),
    # households
    "answers_saved": _l("A household saved its answers"),
    "answers_sent": _l("A household sent its answers"),
    "answers_put_apart": _l("Answers of a former owner or tenant were put apart"),
    "answers_seen": _l("Answers of households were looked at by name"),
    "demand_seen": _l("Demand was looked at household by household"),
    "demand_renewed": _l("New figures of demand were released"),
    "objection_raised": _l("An objection was raised"),
    "objection_answered": _l("An objection was answered"),
    "objection_accepted": _l("An objection was accepted"),
    "objection_mediated": _l("An objection was settled by mediation"),
    "objection_unresolved": _l("An objection was left unresolved"),
    "objection_withdrawn": _l("An objection was withdrawn"),
    # votes
    "motion_drafted": _l("A motion was drafted"),
    "motion_edited": _l("A motion was edited"),
    "motion_announced": _l("A motion was announced"),
    "motion_cancelled": _l("A motion was cancelled"),
    "motion_counted": _l("A motion was counted"),
    "motion_put_away": _l("A motion that was not adopted was put away"),
    "motion_taken_up": _l("A motion that had been put away was taken up again"),
    "roll_posted": _l("The roll of owners was posted"),
    "roll_corrected": _l("The roll of owners was corrected"),
    "representative_named": _l("A representative of co-owners was named"),
    "ballot_cast": _l("A ballot was cast"),
    "papers_printed": _l("Paper ballots were printed"),
    "paper_entered": _l("A paper ballot was entered"),
    "paper_confirmed": _l("A paper ballot was confirmed"),
    "paper_rejected": _l("Two entries of a paper ballot differed"),
    "paper_voided": _l("A paper ballot was voided"),
    "box_read": _l("Somebody wrote down the numbers of the paper ballots in hand"),
    "box_listed": _l("Two readings agreed: the list of paper ballots in hand is made"),
    "box_readings_differ": _l("Two readings of the paper ballots in hand differed"),
    "box_missed": _l("No list of the paper ballots in hand was made in time"),
    "paper_late": _l("A paper ballot was recorded as late"),
    "delivery_settled": _l("A door is settled: the paper ballot came back"),
    "mandate_given": _l("It was recorded that somebody votes for an owner"),
    "mandate_withdrawn": _l("A mandate to vote for an owner was withdrawn"),
    "delivery_noted": _l("A delivery at a door was recorded"),
    "platform_entered": _l("The result of the official platform was entered"),
    "platform_confirmed": _l("The result of the official platform was confirmed"),
    "platform_rejected": _l("Two entries of the official platform's result differed"),
    "signed_file_opened": _l("The signed file was opened"),
    # resolutions
    "resolution.issued": _l("The resolution was issued"),
    "resolution.stated": _l("Something was stated about the resolution"),
    "requirements.issued": _l("Requirements were handed to a contractor"),
}

# What stands behind an act: ids and figures. A name that is missing here is shown as it is stored.
DETAILS: Mapping[str, LazyString] = {
    "account": _l("account"),
    "building": _l("building"),
    "community": _l("community"),
    "company": _l("company"),
    "days": _l("days"),
    "digest": _l("digest"),
    "dwelling": _l("dwelling"),
    "dwellings": _l("dwellings"),
    "ends_at": _l("until"),
    "entrance": _l("entrance"),
    "form": _l("form"),
    "grant": _l("grant"),
    "item": _l("item"),
    "items": _l("items"),
    "kind": _l("kind"),
    "letter": _l("letter"),
    "letters": _l("letters"),
    "mandate": _l("mandate"),
    "matter": _l("matter"),
    "motion": _l("motion"),
    "number": _l("number"),
    "objection": _l("objection"),
    "option": _l("option"),
    "outcome": _l("outcome"),
    "owner": _l("owner"),
    "paper": _l("paper"),
    "plan": _l("plan"),
    "prepared_by": _l("prepared by account"),
    "publication": _l("publication"),
    "receipt": _l("receipt"),
    "released_by": _l("released by account"),
    "replaced": _l("replaced"),
    "resolution": _l("resolution"),
    "role": _l("role"),
    "roll": _l("roll"),
    "version": _l("version"),
    "voter": _l("voter"),
    "voters": _l("voters"),
}


@dataclass(frozen=True)
class Line:
    """An entry as a reader reads it."""

    seq: int
    at: datetime
    what: str
    who: str
    details: str
    digest: str


def line_of(entry: AuditEntry, account: Account | None) -> Line:
    """The entry in the reader's language; a resident is a number, never a name."""
    known = ACTIONS.get(entry.action)
    details = json.loads(entry.event)["details"]
    return Line(
        seq=entry.seq,
        at=entry.at,
        what=entry.action if known is None else str(known),
        who=_who(account),
        details=" · ".join(
            f"{DETAILS.get(name, name)} {_plain(name, value)}" for name, value in details.items()
        ),
        digest=entry.digest,
    )


def _who(account: Account | None) -> str:
    if account is None:
        return _("the program itself")
    roles = {Role(grant.role) for grant in account.grants}
    if roles & STAFF:
        return account.display_name
    named = ", ".join(word("roles", role.value) for role in sorted(roles))
    return _("%(role)s, account %(number)s", role=named or _("account"), number=account.id)


def _plain(name: str, value: object) -> str:
    if name == "role":
        return word("roles", value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) if len(value) <= 12 else f"({len(value)})"
    return "—" if value is None else str(value)
