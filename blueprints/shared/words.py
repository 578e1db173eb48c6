"""The stored words as a reader reads them: one table per vocabulary, used by every page and export.

A template says ``word('grounds', objection.ground)``; see docs/glossary.md for the terms.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms.fields.choices import SelectChoice

WORDS: Mapping[str, Mapping[str, LazyString]] = {
    "item_classes": {
        "basic": _l("Basic works"),
        "improve": _l("Improvements"),
        "enhance": _l("Enhancements"),
    },
    "payers": {
        "households": _l("The owners together"),
        "maintenance_fund": _l("The maintenance fund"),
        "state": _l("The state"),
        "operator": _l("The operator"),
    },
    "decided_by": {
        "building": _l("The whole building"),
        "entrance": _l("Each entrance for itself"),
    },
    "stances": {
        "need": _l("Need it"),
        "accept": _l("Can accept"),
        "indifferent": _l("Indifferent"),
        "oppose": _l("Oppose"),
        "unanswered": _l("No answer"),
    },
    "grounds": {
        "light": _l("Daylight"),
        "noise": _l("Noise"),
        "ventilation": _l("Ventilation"),
        "privacy": _l("Privacy"),
        "access": _l("Access"),
        "structure": _l("Structural safety"),
        "cost": _l("Cost"),
        "value": _l("Property value"),
        "procedure": _l("Procedure"),
        "other": _l("Other"),
    },
    "objection_outcomes": {
        "accepted": _l("Accepted: the option was revised"),
        "withdrawn": _l("Withdrawn"),
        "mediated": _l("Settled by mediation"),
        "unresolved": _l("Not resolved"),
        "open": _l("Still open"),
    },
    "objection_states": {
        "submitted": _l("Waiting for an answer"),
        "answered": _l("Answered"),
        "closed": _l("Closed"),
    },
    "choices": {
        "agree": _l("Agree"),
        "against": _l("Against"),
        "abstain": _l("Abstain"),
        "disputed": _l("Disputed"),
        "invalid": _l("Invalid"),
        "silent": _l("No ballot"),
    },
    "channels": {
        "in_app": _l("Online here and on paper"),
        "paper": _l("On paper only"),
        "official_platform": _l("On the authority's own platform and on paper"),
    },
    "mandate_kinds": {
        "proxy": _l("Proxy, in writing"),
        "guardian": _l("Guardian of an owner who cannot decide alone"),
        "heir": _l("Heir of an owner who has died"),
        "company": _l("Representative of a company"),
    },
    "deliveries": {
        "delivered": _l("Delivered"),
        "undeliverable": _l("Nobody found: a notice was posted"),
        "refused": _l("Not accepted"),
        "open": _l("Not been there yet"),
    },
    "statement_acts": {
        "suspended": _l("Suspended"),
        "resumed": _l("In force again"),
        "annulled": _l("Annulled"),
        "withdrawn": _l("Withdrawn by the owners"),
    },
    "outcomes": {
        "adopted": _l("Adopted"),
        "rejected": _l("Not adopted"),
        "not_quorate": _l("Too few took part"),
    },
    "not_adopted": {
        "rejected": _l("voted on and not adopted"),
        "not_quorate": _l("voted on, but too few took part"),
        "not_voted": _l("not put to the vote"),
        "consulted_only": _l("consulted on only; no vote is needed"),
    },
    "rules": {
        "special": _l(
            "Special matter: at least three quarters of those taking part, by heads and by area"
        ),
        "ordinary": _l(
            "Ordinary matter: more than half of those taking part, by heads and by area"
        ),
    },
    "matters": {
        "1": _l("Rules of procedure of the owners' assembly"),
        "2": _l("Management covenant"),
        "3": _l("Electing or replacing the owners' committee"),
        "4": _l("Choosing or dismissing the property manager"),
        "5": _l("Using the maintenance fund"),
        "6": _l("Raising the maintenance fund"),
        "7": _l("Altering or rebuilding the building and its facilities"),
        "8": _l("Changing the use of common parts or running a business there"),
        "9": _l("Other important matters of common ownership"),
    },
    "scheme_kinds": {
        "area": _l("By area"),
        "equal": _l("The same for every household"),
        "floor_percent": _l("A percentage for each floor"),
        "floor_coefficient": _l("A coefficient for each floor"),
        "coefficient_times_area": _l("Floor coefficient times area"),
        "household_percent": _l("A percentage for each household"),
    },
    "schemes_within": {
        "area": _l("By area inside the floor"),
        "equal": _l("The same for every household of the floor"),
    },
    "subsidy_kinds": {
        "none": _l("No subsidy"),
        "fixed": _l("A fixed amount"),
        "by_floors": _l("By the number of floors of the building"),
        "percent_capped": _l("A percentage, up to a limit"),
    },
    "stages": {
        "collecting_needs": _l("Collecting needs"),
        "menu_published": _l("Menu published"),
        "consulting": _l("Households answer"),
        "drafting": _l("Motions drawn up"),
        "roll_posted": _l("Roll of owners posted"),
        "notice": _l("Vote announced"),
        "voting": _l("Owners vote"),
        "closed": _l("Vote closed, to be counted"),
        "counted": _l("Votes counted"),
        "result_posted": _l("Resolution posted"),
        "failed": _l("Not adopted"),
        "in_force": _l("Resolution in force"),
        "requirements_issued": _l("Requirements given to the contractor"),
        "works": _l("Works under way"),
        "accepted": _l("Works accepted"),
        "evaluated": _l("Evaluated by the households"),
        "maintained": _l("In maintenance"),
        "withdrawn": _l("Withdrawn"),
        "suspended": _l("Suspended"),
        "annulled": _l("Annulled"),
    },
    "phases": {
        "menu": _l("Menu and answers"),
        "motions": _l("What is voted on"),
        "vote": _l("Vote and count"),
        "resolution": _l("Resolution"),
        "works": _l("Works"),
    },
    "motion_stages": {
        "draft": _l("Draft"),
        "roll_posted": _l("Roll posted"),
        "notice": _l("Announced"),
        "voting": _l("Voting is open"),
        "closed": _l("Closed, to be counted"),
        "counted": _l("Adopted"),
        "failed": _l("Not adopted"),
        "cancelled": _l("Cancelled"),
    },
    "acts_next": {
        "committee": _l("The residents' committee"),
        "households": _l("Every household"),
        "owners": _l("The owners"),
        "contractor": _l("The contractor"),
        "nobody": _l("Nobody"),
    },
    "papers": {
        "menu": _l("Menu"),
        "household_letter": _l("Letter to every household"),
        "objection_answers": _l("Answers to objections"),
        "motion_text": _l("Text of the motion"),
        "roll": _l("Roll of owners"),
        "notice": _l("Notice of the vote"),
        "ballot": _l("Ballot"),
        "count_record": _l("Record of the count"),
        "result_notice": _l("Notice of the result"),
        "resolution": _l("Resolution"),
        "requirement_list": _l("Requirement list"),
        "statement": _l("Statement"),
        "none": _l("None"),
    },
    "notice_kinds": {
        "menu": _l("The menu and its consultation"),
        "roll": _l("The roll of owners"),
        "vote": _l("A vote"),
        "result": _l("The result of a vote"),
        "resolution": _l("The resolution"),
    },
    "policies": {
        "banded": _l("Bands of floors"),
        "open": _l("Floor by floor within the building"),
    },
    "area_sources": {
        "register": _l("Property register"),
        "survey": _l("Survey"),
        "contract": _l("Sale contract"),
    },
    "tenures": {
        "private": _l("Private"),
        "work_unit": _l("Work unit"),
        "public": _l("Public housing"),
        "developer": _l("The developer's: not sold, or not handed over"),
    },
    "occupancies": {
        "owner": _l("Lived in by the owner"),
        "let": _l("Let"),
        "vacant": _l("Vacant"),
    },
    "owner_kinds": {
        "person": _l("Person"),
        "company": _l("Company or other body"),
        "developer": _l("Developer"),
    },
    "roles": {
        "administrator": _l("System administrator"),
        "committee": _l("Residents' committee"),
        "stairwell_head": _l("Stairwell head"),
        "resident": _l("Resident"),
        "contractor": _l("Contractor"),
        "auditor": _l("Auditor"),
    },
    "capacities": {"owner": _l("Owner"), "tenant": _l("Tenant")},
    "letter_states": {
        "never": _l("No letter yet"),
        "sent": _l("Letter is out"),
        "used": _l("Signed in"),
        "expired": _l("Out of date"),
    },
}


def word(vocabulary: str, value: object) -> str:
    """The reader's word for a stored value; an unknown value is shown as it is."""
    found = WORDS[vocabulary].get(str(value))
    return str(value) if found is None else str(found)


def choices(vocabulary: str) -> list[SelectChoice]:
    """What a choice field of this vocabulary offers."""
    return [SelectChoice(value, label) for value, label in WORDS[vocabulary].items()]


def register(app: Flask) -> None:
    """Give templates ``word``."""
    app.jinja_env.globals["word"] = word
