"""Recording who votes for whom: what a mandate needs before it may be used (代理、监护、继承).

Sources: 《业主大会和业主委员会指导规则》 arts. 25, 26; 民法典 23, 34, 161; 潍坊 (at most three).
Who then may act is ``domain.voters.acts_in_name_of``; a mandate never changes what a head weighs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.errors import Refused
from domain.sources import rule
from domain.vocabulary import OwnerKind
from domain.voters import Mandate, MandateKind, check_proxy

# A representative of co-owners is named on the roll's own page, from among the co-owners.
RECORDABLE = (MandateKind.PROXY, MandateKind.GUARDIAN, MandateKind.HEIR, MandateKind.COMPANY)


@dataclass(frozen=True, slots=True)
class MandateDraft:
    """A mandate as it is to be recorded: for ``voter``, in the name of its owner ``principal``.

    ``holder`` is the key of who acts; ``document`` the paper that was seen, on ``seen_on``.
    """

    kind: MandateKind
    voter: int
    principal: str
    principal_kind: OwnerKind
    holder: str
    document: str
    seen_on: date
    not_property_staff: bool


@rule(
    "mandates.recorded",
    source="指导规则 25, 26; 民法典 23, 161, 165 / Guiding rules arts. 25, 26; Civil Code",
    says="A mandate rests on a paper that was seen; one at a time for each owner of a voter.",
    basis="practice",
)
def check_mandate(
    draft: MandateDraft,
    standing: Iterable[tuple[Mandate, bool]],
    *,
    owners: frozenset[str],
    today: date,
    proxy_limit: int | None,
) -> None:
    """Nothing, when the mandate may be recorded beside the ``standing`` ones.

    ``standing`` pairs each live mandate with whether its holder is the draft's. Refuses
    ``mandate_kind_unknown``, ``document_missing``, ``mandate_seen_later``, ``owner_not_of_voter``,
    ``mandate_holder_owns`` (a co-owner: name a representative), ``mandate_of_person`` and
    ``mandate_of_company``, ``mandate_stands`` and what ``check_proxy`` refuses.
    """
    if draft.kind not in RECORDABLE:
        raise Refused("mandate_kind_unknown", field="kind")
    if not draft.document.strip():
        raise Refused("mandate_document_missing", field="document")
    if draft.seen_on > today:
        raise Refused("mandate_seen_later", field="seen_on")
    if draft.principal not in owners:
        raise Refused("owner_not_of_voter", field="principal")
    if draft.holder in owners:
        raise Refused("mandate_holder_owns", field="holder_owner")
    _check_kind(draft)
    listed = list(standing)
    if any(m.voter == draft.voter and m.principal == draft.principal for m, _same in listed):
        raise Refused("mandate_stands", field="principal")
    if draft.kind is MandateKind.PROXY:
        held = [_with_holder(one, draft.holder) for one, same in listed if same]
        check_proxy(_as_mandate(draft), held, proxy_limit=proxy_limit)


def _check_kind(draft: MandateDraft) -> None:
    is_person = draft.principal_kind is OwnerKind.PERSON
    if draft.kind is MandateKind.COMPANY and is_person:
        raise Refused("mandate_of_person", field="kind")
    if draft.kind in (MandateKind.GUARDIAN, MandateKind.HEIR) and not is_person:
        raise Refused("mandate_of_company", field="kind")


def _as_mandate(draft: MandateDraft) -> Mandate:
    return Mandate(
        draft.kind,
        draft.holder,
        0,
        draft.principal,
        draft.voter,
        holder_is_property_staff=not draft.not_property_staff,
    )


def _with_holder(mandate: Mandate, holder: str) -> Mandate:
    return Mandate(mandate.kind, holder, mandate.sequence, mandate.principal, mandate.voter)


def names_open_to(
    owners: Iterable[int], own: Iterable[int], standing: Iterable[Mandate]
) -> list[int]:
    """The owners of one head in whose names whoever is ``own`` may answer, lowest first.

    A ward, the dead, and a company with somebody named for it do not answer themselves.
    """
    mine = {str(owner) for owner in own}
    listed = list(standing)
    found = []
    for owner in sorted(owners):
        of_owner = [one for one in listed if one.principal == str(owner)]
        replaced = any(one.kind is not MandateKind.PROXY for one in of_owner)
        if (str(owner) in mine and not replaced) or any(one.holder in mine for one in of_owner):
            found.append(owner)
    return found
