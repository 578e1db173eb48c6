"""The result of an official platform inside a count (docs/bundle.md, 5 and 7)."""

from __future__ import annotations

from typing import Any

from saying import Fault

PLATFORM = ("authority", "document", "date", "form")
CHOICES = ("agree", "against", "abstain")
VOTES = (*CHOICES, "disputed", "invalid")


def with_platform(
    where: str, count: dict[str, Any], roll: list[dict[str, Any]], cast: dict[int, str]
) -> tuple[dict[int, str], dict[str, dict[str, int]] | None]:
    """The votes that count, by voter number, and the totals to be added to them, if any.

    ``cast`` is what the ballots in the bundle amount to.
    """
    used = count["motion"].get("channel") == "official_platform"
    if used != ("platform" in count):
        raise Fault("form_wrong", where=where)
    if not used:
        return cast, None
    stated = count["platform"]
    if stated["form"] == "ballots":
        return _listed(where, stated, len(roll), cast), None
    if stated["form"] != "totals" or stated["votes"] is not None:
        raise Fault("form_wrong", where=f"{where}.form")
    included = {"included": True, "apart": False}[stated["papers"]]
    aside = sorted(cast) if included else []
    votes = {} if included else cast
    if stated["set_aside"] != aside:
        raise Fault("differs", where=f"{where}.set_aside", said=stated["set_aside"], found=aside)
    _check_totals(where, stated["totals"], roll, votes)
    return votes, stated["totals"]


def _listed(
    where: str, stated: dict[str, Any], voters: int, cast: dict[int, str]
) -> dict[int, str]:
    """The platform's list with the papers: a valid paper counts before it, an invalid one not."""
    votes: dict[int, str] = dict(stated["votes"])
    ordered = [number for number, _vote in stated["votes"]]
    if ordered != sorted(set(ordered)) or not set(ordered) <= set(range(1, voters + 1)):
        raise Fault("form_wrong", where=f"{where}.votes")
    if not set(votes.values()) <= set(VOTES) or stated["totals"] is not None:
        raise Fault("form_wrong", where=f"{where}.votes")
    aside = sorted(set(votes) & set(cast))
    if stated["set_aside"] != aside or stated["papers"] is not None:
        raise Fault("differs", where=f"{where}.set_aside", said=stated["set_aside"], found=aside)
    for number, vote in cast.items():
        if vote != "invalid" or votes.get(number, "invalid") == "invalid":
            votes[number] = vote
    return votes


def _check_totals(
    where: str, totals: dict[str, Any], roll: list[dict[str, Any]], votes: dict[int, str]
) -> None:
    """The roll has room for so many persons with so much area."""
    if set(totals) != set(CHOICES):
        raise Fault("form_wrong", where=f"{where}.totals")
    parts = [(totals[choice]["persons"], totals[choice]["area"]) for choice in CHOICES]
    whole = all(type(number) is int and number >= 0 for part in parts for number in part)
    if not whole or any(bool(persons) != bool(area) for persons, area in parts):
        raise Fault("form_wrong", where=f"{where}.totals")
    free = sorted(v["area"] for v in roll if votes.get(v["voter"], "invalid") == "invalid")
    persons, area = (sum(part[base] for part in parts) for base in (0, 1))
    least, most = sum(free[:persons]), sum(free[max(0, len(free) - persons) :])
    if persons > len(free) or not least <= area <= most:
        raise Fault("platform_exceeds_roll", where=where)
