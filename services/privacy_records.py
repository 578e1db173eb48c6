"""One's own records that are no answers, as plain values for ``privacy.export``."""

from __future__ import annotations

from datetime import datetime

from domain.accounts import Actor, Role
from domain.periods import ZONE
from models import privacy_records_queries as queries
from models.deliveries import Delivery
from models.mandates import Mandate
from models.platforms import PlatformResult
from models.publications import Publication


def of_actor(actor: Actor) -> dict[str, object]:
    """Mandates, deliveries, papers, platforms' lists, publications, second factor: by name."""
    owners = {grant.owner_id for grant in actor.grants_of(Role.RESIDENT)}
    factor, left = queries.own_factor(actor)
    return {
        "mandates": [_mandate(one, owners) for one in queries.own_mandates(actor)],
        "deliveries": [_delivery(one, title) for one, title in queries.own_deliveries(actor)],
        "papers": [
            {
                "motion": title,
                "typed_in": plain(entry.entered_at),
                "choice": entry.choice,
                "invalid_because": detail.reason,
                "handed_in": detail.handed_in.isoformat() if detail.handed_in else None,
                "fetched_by": [detail.first_collector, detail.second_collector],
            }
            for detail, entry, title in queries.own_papers(actor)
        ],
        "late_papers": [
            {
                "motion": title,
                "number": number,
                "handed_in": late.handed_in.isoformat(),
                "fetched_by": [late.first_collector, late.second_collector],
                "recorded": plain(late.recorded_at),
            }
            for late, number, title in queries.own_late_papers(actor)
        ],
        "official_platform": [
            _listed(result, title, number)
            for result, title, number in queries.own_lists(actor)
            if _vote(result, number) is not None
        ],
        "publications": [_publication(one, actor) for one in queries.own_publications(actor)],
        "second_factor": {
            "since": plain(factor.confirmed_at) if factor else None,
            "recovery_codes_left": left,
        },
    }


def _delivery(one: Delivery, title: str) -> dict[str, object]:
    return {
        "motion": title,
        "at": plain(one.at),
        "outcome": one.outcome,
        "place": one.place,
        "with_whom": one.with_whom,
    }


def _publication(one: Publication, actor: Actor) -> dict[str, object]:
    mine = one.prepared_by == actor.account_id
    return {
        "kind": one.kind,
        "plan": one.plan_id,
        "prepared": plain(one.prepared_at),
        "by_me": mine,
        "outcome": one.outcome,
        "ended": plain(one.ended_at),
        "said": one.arguments if mine else None,
        "reason": one.reason,
    }


def plain(instant: datetime | None) -> str | None:
    """An instant as it is written for people, with its zone."""
    return None if instant is None else instant.astimezone(ZONE).isoformat(timespec="seconds")


def _mandate(one: Mandate, owners: set[int | None]) -> dict[str, object]:
    return {
        "motion": one.motion.title,
        "rooms": [f"{place.entrance} {place.room}" for place in one.voter.dwellings],
        "kind": one.kind,
        "given_by_me": one.owner_id in owners,
        "held_by_me": one.holder_owner_id in owners,
        "holder": one.holder,
        "document": one.document,
        "seen_on": one.seen_on.isoformat(),
        "recorded": plain(one.recorded_at),
        "withdrawn": plain(one.withdrawn_at),
        "withdrawn_because": one.withdraw_reason,
    }


def _vote(result: PlatformResult, number: int) -> object:
    return next((vote for voter, vote in result.votes if voter == number), None)


def _listed(result: PlatformResult, title: str, number: int) -> dict[str, object]:
    return {
        "motion": title,
        "voter": number,
        "choice": _vote(result, number),
        "authority": result.authority,
        "document": result.document_number,
        "rejected": plain(result.rejected_at),
    }
