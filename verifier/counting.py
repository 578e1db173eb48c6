"""The rules by which a count is checked: the published figures, the roll, the ballots, the recount.

docs/bundle.md, 4 to 7.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from platform_result import PLATFORM, with_platform
from reading import digest
from saying import Fault

BASES = ("persons", "area")
PERCENTAGES = (("participating_percent", "quorum"), ("agree_percent", "approval"))
PAPERS = ("printed", "collected", "void", "outstanding", "late")
CHOICES = ("agree", "against", "abstain")
# Counts before papers had a list.
FIRST_FORM = "louyi-count-1"
# How many owners a voter of each kind has: at least, at most.
KINDS = {"owner": (1, 1), "co_owners": (2, None), "developer": (0, None), "unrecorded": (0, 0)}
COMMITTED = ("cast_at", "channel", "choice", "nonce", "person", "receipt", "sequence", "voter")


def same(where: str, said: Any, found: Any) -> None:
    """Nothing, when what is said is what was found; objects are compared key by key."""
    if isinstance(said, dict) and isinstance(found, dict):
        for key in sorted(said.keys() | found.keys()):
            same(f"{where}.{key}", said.get(key), found.get(key))
    elif said != found or type(said) is not type(found):
        raise Fault("differs", where=where, said=json.dumps(said), found=json.dumps(found))


def quorum(total: int, part: int) -> bool:
    """At least two thirds of all take part."""
    return 3 * part >= 2 * total


def approval(special: bool, part: int, agree: int, first_form: bool = False) -> bool:
    """At least three quarters (special) or more than half of those taking part agree. Of nothing
    there is no share; in the first form of counts nothing was three quarters of nothing."""
    if special:
        return 4 * agree >= 3 * part and (part > 0 or first_form)
    return 2 * agree > part


def percent(part: int, whole: int) -> int:
    """Whole per cent, halves up."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def hundredths(value: int) -> str:
    """``-1205`` as ``-12.05``."""
    return f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}"


def published(matter: int, persons: dict[str, int], outcome: str = "adopted") -> dict[str, Any]:
    """What the resolution must say of a matter decided by these persons, areas left out."""
    special = 6 <= matter <= 8
    total, part, agree = (persons[key] for key in ("total", "participating", "agree"))
    return {
        "matter": matter,
        "rule": "special" if special else "ordinary",
        "outcome": outcome,
        "quorum": {"numerator": 2, "denominator": 3},
        "approval": {
            "numerator": 3 if special else 1,
            "denominator": 4 if special else 2,
            "included": special,
        },
        "persons": {
            "total": total,
            "participating": part,
            "agree": agree,
            "quorum": quorum(total, part),
            "approval": part > 0 and approval(special, part, agree),
        },
    }


def _check_matter(where: str, count: dict[str, Any]) -> None:
    if count["matter"] not in range(1, 10) or isinstance(count["matter"], bool):
        raise Fault("form_wrong", where=f"{where}.matter")


def _check_percent(where: str, count: dict[str, Any], base_test: tuple[str, str]) -> None:
    """The percentage lies where its answer allows."""
    name, test = base_test
    shown, reached = count["area"][name], count["area"][test]
    edge, doubled = 200 * count[test]["numerator"], 2 * shown * count[test]["denominator"]
    allowed = (
        doubled + count[test]["denominator"] > edge
        if reached is True
        else reached is False and doubled - count[test]["denominator"] < edge
    )
    if not (allowed and 0 <= shown <= 100):
        raise Fault("form_wrong", where=f"{where}.area.{name}")


def check_failed(where: str, motion: dict[str, Any]) -> None:
    """The count of a motion that failed agrees with itself and with the law."""
    count = motion["count"]
    _check_matter(where, count)
    enough = count["persons"]["quorum"] and count["area"]["quorum"]
    expected = published(count["matter"], count["persons"], "rejected" if enough else "not_quorate")
    same(where, {key: count[key] for key in expected}, expected)
    for pair in PERCENTAGES:
        _check_percent(where, count, pair)
    if enough and count["persons"]["approval"] and count["area"]["approval"]:
        raise Fault("form_wrong", where=f"{where}.outcome")


def check_published(where: str, count: dict[str, Any]) -> None:
    """The count in the resolution agrees with itself and with the law; every answer is yes."""
    _check_matter(where, count)
    expected = published(count["matter"], count["persons"])
    same(where, {key: count[key] for key in expected}, expected)
    for base in BASES:
        for test in ("quorum", "approval"):
            same(f"{where}.{base}.{test}", count[base][test], True)
    for pair in PERCENTAGES:
        _check_percent(where, count, pair)


def check_roll(where: str, roll: list[dict[str, Any]]) -> None:
    """The roll is one that the rules allow."""
    places: set[tuple[str, ...]] = set()
    buyers: set[tuple[Any, ...]] = set()
    for number, voter in enumerate(roll, start=1):
        here = f"{where}, voter {number}"
        same(here, voter["voter"], number)
        areas = [dwelling["area"] for dwelling in voter["dwellings"]]
        if not areas or min(areas) <= 0:
            raise Fault("roll_area", where=here)
        same(f"{here}, area", voter["area"], sum(areas))
        for one in voter["dwellings"]:
            place = (one["building"], one["entrance"], one["room"])
            if place in places:
                raise Fault("roll_twice", where=here, place=" ".join(place))
            places.add(place)
        owners, (least, most) = voter["owners"], KINDS[voter["kind"]]
        if (
            len(owners) < least
            or (most is not None and len(owners) > most)
            or owners != sorted(set(owners))
        ):
            raise Fault("roll_owners", where=here)
        if voter["representative"] not in (None, *owners):
            raise Fault("roll_representative", where=here)
        if voter["kind"] != "unrecorded":
            buyer = ("developer",) if voter["kind"] == "developer" else tuple(owners)
            if buyer in buyers:
                raise Fault("roll_buyer", where=here)
            buyers.add(buyer)


def shares_by_floor(roll: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the resolution must say the floors pay."""
    floors: dict[int, list[int]] = {}
    for voter in roll:
        for one in voter["dwellings"]:
            floors.setdefault(one["floor"], []).append(one["share"] or 0)
    return [
        {
            "floor": floor,
            "dwellings": len(amounts),
            "lowest": hundredths(min(amounts)),
            "highest": hundredths(max(amounts)),
            "total": hundredths(sum(amounts)),
        }
        for floor, amounts in sorted(floors.items())
    ]


def instant(text: str) -> datetime:
    """An instant with its zone."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(text)
    return read


def _ballot_fault(ballot: dict[str, Any], voter: dict[str, Any], motion: dict[str, Any]) -> str:
    """The code of what is wrong with one ballot; empty when nothing is."""
    committed = {key: ballot[key] for key in COMMITTED} | {"motion": motion["id"]}
    if digest(committed) != ballot["commitment"]:
        return "ballot_commitment"
    if ballot["person"] not in voter["owners"]:
        return "ballot_person"
    if ballot["choice"] not in CHOICES or ballot["channel"] not in ("in_app", "paper"):
        return "ballot_choice"
    at = instant(ballot["cast_at"])
    late = ballot["channel"] == "in_app" and at >= instant(motion["closes_at"])
    if late or at < instant(motion["opens_at"]):
        return "ballot_time"
    return ""


def check_ballots(
    where: str, ballots: list[dict[str, Any]], roll: list[dict[str, Any]], count: dict[str, Any]
) -> None:
    """The ballots are those of the closed list, whole, in order, each as it was cast."""
    listed = sorted([ballot["receipt"], ballot["commitment"]] for ballot in ballots)
    if digest(listed) != count["ballots"]["digest"]:
        raise Fault("digest_differs", where=where)
    last: dict[int, int] = {}
    before, receipts = (0, 0), set()
    for ballot in ballots:
        receipt, number, sequence = ballot["receipt"], ballot["voter"], ballot["sequence"]
        on_roll = 1 <= number <= len(roll)
        fault = "ballot_voter"
        if on_roll:
            fault = _ballot_fault(ballot, roll[number - 1], count["motion"])
        if not fault and (sequence != last.get(number, 0) + 1 or (number, sequence) <= before):
            fault = "ballot_order"
        if not fault and (receipt in receipts or len(ballot) != len(COMMITTED) + 1):
            fault = "ballot_twice"
        if fault:
            raise Fault(fault, where=where, receipt=receipt)
        last[number], before = sequence, (number, sequence)
        receipts.add(receipt)
    stated = {key: count["ballots"][key] for key in ("cast", "voters", "paper")}
    paper = sum(ballot["channel"] == "paper" for ballot in ballots)
    same(where, stated, {"cast": len(ballots), "voters": len(last), "paper": paper})


def standing(ballots: Iterable[dict[str, Any]], representative: int | None) -> str | None:
    """What one voter's ballots amount to, given in the order in which they were cast; a person's
    paper prevails over what the same person cast online, whichever came first."""
    online_first = sorted(ballots, key=lambda ballot: ballot.get("channel") == "paper")
    latest = {ballot["person"]: ballot["choice"] for ballot in online_first}
    if representative in latest:
        return latest[representative]
    choices = set(latest.values())
    return "disputed" if len(choices) > 1 else next(iter(choices), None)


def votes_of(
    roll: list[dict[str, Any]], ballots: list[dict[str, Any]], invalid: list[int]
) -> dict[int, str]:
    """Voter number → agree, against, abstain, disputed or invalid; the silent are left out."""
    cast: dict[int, list[dict[str, Any]]] = {}
    for ballot in ballots:
        cast.setdefault(ballot["voter"], []).append(ballot)
    votes = {}
    for voter in roll:
        number = voter["voter"]
        vote = standing(cast.get(number, ()), voter["representative"])
        if vote is None and number in invalid:
            vote = "invalid"
        if vote is not None:
            votes[number] = vote
    return votes


def recount(
    matter: int,
    roll: list[dict[str, Any]],
    votes: dict[int, str],
    totals: dict[str, dict[str, int]] | None = None,
    first_form: bool = False,
) -> tuple[dict[str, Any], dict[str, dict[str, int]]]:
    """What the count must say, and its figures (areas in hundredths); ``totals`` are added."""
    special = 6 <= matter <= 8
    figures: dict[str, dict[str, int]] = {}
    for base in BASES:
        sums = dict.fromkeys((*CHOICES, "disputed", "invalid", "silent"), 0)
        for voter in roll:
            weight = voter["area"] if base == "area" else 1
            sums[votes.get(voter["voter"], "silent")] += weight
        for choice, stated in (totals or {}).items():
            sums[choice] += stated[base]
            sums["silent"] -= stated[base]
        part = sum(sums[key] for key in (*CHOICES, "disputed"))
        figures[base] = {"total": sum(sums.values()), "participating": part}
        figures[base] |= {key: sums[key] for key in CHOICES}
    enough = {b: quorum(f["total"], f["participating"]) for b, f in figures.items()}
    agreed = {
        base: approval(special, f["participating"], f["agree"], first_form)
        for base, f in figures.items()
    }
    short = {}
    for base, one in figures.items():
        part = one["participating"]
        needed = (3 * part + 3) // 4 if special else part // 2 + 1
        short[base] = max(0, needed - one["agree"])
    outcome = "adopted" if all(agreed.values()) else "rejected"
    said = {
        "matter": matter,
        "rule": "special" if special else "ordinary",
        "outcome": outcome if all(enough.values()) else "not_quorate",
        "persons": figures["persons"],
        "area": {key: hundredths(value) for key, value in figures["area"].items()},
        "quorum": enough,
        "approval": agreed,
        "short_by": {"persons": short["persons"], "area": hundredths(short["area"])},
        "disputed": sorted(number for number, vote in votes.items() if vote == "disputed"),
        "invalid": sorted(number for number, vote in votes.items() if vote == "invalid"),
        "unknown": [],
    }
    return said, figures


def set_aside(where: str, count: dict[str, Any], ballots: list[dict[str, Any]]) -> set[str]:
    """The receipts of late papers, which do not count; the figures of the papers add up."""
    papers = count.get("papers")
    if papers is None:
        if count["format"] != FIRST_FORM and count["ballots"]["paper"]:
            raise Fault("form_wrong", where=where)
        return set()
    parts = ("collected", "void", "outstanding", "late")
    figures = [papers[key] for key in parts]
    if min(figures) < 0 or papers["box"] not in ("listed", "missed"):
        raise Fault("form_wrong", where=where)
    same(f"{where}.printed", papers["printed"], sum(figures))
    same(f"{where}.serials", papers["serials"] is None, papers["box"] == "missed")
    if not 1 <= papers["hours"] <= 24:
        raise Fault("form_wrong", where=f"{where}.hours")
    on_paper = {b["receipt"]: instant(b["cast_at"]) for b in ballots if b["channel"] == "paper"}
    aside = set(papers["set_aside"])
    closed = instant(count["motion"]["closes_at"])
    # What two people had read before the close was in hand then, and is not late.
    late = {receipt for receipt, at in on_paper.items() if at >= closed}
    if papers["set_aside"] != sorted(aside) or not aside <= late:
        raise Fault("form_wrong", where=f"{where}.set_aside")
    # Every collected slip has been read: it is a ballot, or invalid.
    read = len(on_paper) - len(aside) + len(count["ballots"]["invalid_papers"])
    same(f"{where}.collected", papers["collected"], read)
    if listed(papers["serials"] or "") > papers["collected"]:
        raise Fault("form_wrong", where=f"{where}.serials")
    return aside


def listed(serials: str) -> int:
    """How many numbers stand in ``1-8, 11``."""
    spans = [[int(one) for one in part.split("-")] for part in serials.split(", ") if part]
    return sum(span[-1] - span[0] + 1 for span in spans)


def check_identity(where: str, motion: dict[str, Any], counted: dict[str, Any]) -> None:
    """The count is one of this motion."""
    for key in ("number", "title", "text"):
        same(f"{where}.{key}", counted[key], motion[key])
    for ours, theirs in (("opens_at", "opened_at"), ("closes_at", "closed_at")):
        if instant(counted[ours]).replace(microsecond=0) != instant(motion[theirs]):
            same(f"{where}.{ours}", counted[ours], motion[theirs])


def check_recount(
    place: str,
    motion: dict[str, Any],
    count: dict[str, Any],
    roll: list[dict[str, Any]],
    ballots: list[dict[str, Any]],
) -> None:
    """Roll and ballots are those of the count, and give what count and resolution say."""
    if digest(count) != motion["count_digest"]:
        raise Fault("digest_differs", where=f"{place}: counts.json")
    check_identity(f"{place}: count", motion, count["motion"])
    if digest(roll) != count["roll"]["digest"]:
        raise Fault("digest_differs", where=f"{place}: roll.json")
    check_roll(f"{place}: roll.json", roll)
    check_ballots(f"{place}: ballots.json", ballots, roll, count)
    aside = set_aside(f"{place}: count.papers", count, ballots)
    counting = [ballot for ballot in ballots if ballot["receipt"] not in aside]
    cast = votes_of(roll, counting, count["ballots"]["invalid_papers"])
    votes, totals = with_platform(f"{place}: count.platform", count, roll, cast)
    first_form = count["format"] == FIRST_FORM
    said, figures = recount(count["matter"], roll, votes, totals, first_form)
    same(f"{place}: count", {key: count[key] for key in said}, said)
    if "deliveries" in count:
        same(f"{place}: count.deliveries", sum(count["deliveries"].values()), len(roll))
    in_resolution, area = motion["count"], figures["area"]
    expected = published(count["matter"], figures["persons"])
    expected["area"] = {
        "participating_percent": percent(area["participating"], area["total"]),
        "agree_percent": percent(area["agree"], area["participating"]),
        "quorum": said["quorum"]["area"],
        "approval": said["approval"]["area"],
    }
    if "platform" in count:
        expected["platform"] = {key: count["platform"][key] for key in PLATFORM}
    same(f"{place}: resolution.papers", "papers" in in_resolution, "papers" in count)
    if "papers" in count:
        expected["papers"] = {key: count["papers"][key] for key in PAPERS}
    if "area_exact" in in_resolution:
        exact = ("total", "participating", "agree")
        expected["area_exact"] = {key: said["area"][key] for key in exact}
    found = {key: in_resolution.get(key) for key in expected}
    same(f"{place}: resolution.platform", "platform" in in_resolution, "platform" in count)
    same(f"{place}: resolution", found, expected)
    same(f"{place}: shares", motion["shares"], shares_by_floor(roll))
