"""Two hundred ways to falsify a bundle, each made from genuine ones.

``forged`` is what somebody without the key can do best: change the votes, then put every digest in
the chain right again, up to the resolution, whose signature is all that is left to stop it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.verifier.standalone import canonical, counting

Files = dict[str, bytes]
Change = Callable[[Any, Any, Any, random.Random], None]
NAMES = ("resolution.json", "counts.json", "roll.json", "ballots.json")
COMMITTED = ("cast_at", "channel", "choice", "nonce", "person", "receipt", "sequence", "voter")
ANOTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def sha(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def signed(resolution: bytes, key: Ed25519PrivateKey = ANOTHER_KEY) -> Files:
    """The three signed files, signed with another key."""
    message = b"louyi resolution bundle 1\n" + resolution
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {
        "resolution.json": resolution,
        "signature": base64.b64encode(key.sign(message)),
        "public_key": pem,
    }


# --- what can be changed in roll and ballots ----------------------------------------------------


def change_choice(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    ballot = rng.choice(ballots)
    others = [choice for choice in ("agree", "against", "abstain") if choice != ballot["choice"]]
    ballot["choice"] = rng.choice(others)


def change_replaced(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    """A ballot that another one replaced: no figure depends on it."""
    first, _second = next(
        pair
        for pair in pairwise(ballots)
        if pair[0]["voter"] == pair[1]["voter"] and pair[0]["person"] == pair[1]["person"]
    )
    first["choice"] = "agree" if first["choice"] != "agree" else "against"


def remove_ballot(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    ballots.remove(rng.choice(ballots))


def double_ballot(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    ballots.append(dict(rng.choice(ballots)))


def give_to_another(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    ballot = rng.choice(ballots)
    ballot["voter"] = ballot["voter"] % len(roll) + 1


def cast_late(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    rng.choice([b for b in ballots if b["channel"] == "in_app"])["cast_at"] = (
        "2036-01-01T00:00:00.000000+00:00"
    )


def add_voter(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    place = dict(rng.choice(roll)["dwellings"][0], room=f"9{rng.randrange(100):02d}")
    roll.append(
        {
            "voter": len(roll) + 1,
            "kind": "owner",
            "owners": [9000 + len(roll)],
            "representative": None,
            "area": place["area"],
            "dwellings": [place],
        }
    )


def remove_voter(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    gone = roll.pop()
    ballots[:] = [ballot for ballot in ballots if ballot["voter"] != gone["voter"]]


def change_area(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    voter = rng.choice(roll)
    more = rng.choice((-1, 1)) * rng.randrange(1, 3000)
    voter["area"] += more
    voter["dwellings"][0]["area"] += more


def split_buyer(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    voter = next(one for one in roll if len(one["dwellings"]) > 1)
    moved = voter["dwellings"].pop()
    voter["area"] -= moved["area"]
    roll.append(
        dict(voter, voter=len(roll) + 1, area=moved["area"], dwellings=[moved]),
    )


def change_share(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    rng.choice(roll)["dwellings"][0]["share"] += 100


def name_representative(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    voter = next(one for one in roll if one["kind"] == "co_owners")
    voter["representative"] = rng.choice(voter["owners"])


def forgive_invalid(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    count["ballots"]["invalid_papers"].append(rng.randrange(1, len(roll) + 1))


def reorder(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    ballots.reverse()


def leave_out_the_first(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    ballots.remove(next(a for a, b in pairwise(ballots) if a["voter"] == b["voter"]))


def vote_as_a_stranger(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    rng.choice(ballots)["person"] = 9999


def vote_something_else(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    # As the last of a voter's it would not be counted; here it was replaced and nothing shows.
    next(a for a, b in pairwise(ballots) if a["voter"] == b["voter"])["choice"] = "maybe"


def represent_as_a_stranger(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    rng.choice(roll)["representative"] = 9999


def add_an_owner(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    next(one for one in roll if one["kind"] == "owner")["owners"].append(9999)


def list_a_flat_twice(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    roll[-1]["dwellings"].append(dict(roll[0]["dwellings"][0]))
    roll[-1]["area"] += roll[0]["dwellings"][0]["area"]


def weigh_more(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    rng.choice(roll)["area"] += 1


def count_another_motion(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    count["motion"]["text"] = "同意拆除花坛。"


def close_another_day(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    count["motion"]["closes_at"] = "2036-01-01T00:00:00+00:00"


def call_a_paper_late(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    """It was read before the close: the vote of whom one does not like is left out."""
    papers = count["papers"]
    papers["set_aside"] = [next(one["receipt"] for one in ballots if one["channel"] == "paper")]
    papers["collected"] -= 1
    papers["late"] += 1


def lose_a_paper(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    """One came back and is in no ballot."""
    count["papers"]["collected"] += 1
    count["papers"]["outstanding"] -= 1


def list_more(count: Any, roll: Any, ballots: Any, rng: random.Random) -> None:
    count["papers"]["serials"] = "1-9, 11"


CHANGES: tuple[Change, ...] = (
    change_choice,
    change_replaced,
    remove_ballot,
    double_ballot,
    give_to_another,
    cast_late,
    add_voter,
    remove_voter,
    change_area,
    split_buyer,
    change_share,
    name_representative,
    forgive_invalid,
)


# --- putting the digests right again ------------------------------------------------------------


def read(files: Files) -> tuple[Any, Any, Any, Any]:
    """Resolution, counts, roll and ballots as plain values."""
    resolution, counts, roll, ballots = (json.loads(files[name]) for name in NAMES)
    return resolution, counts, roll, ballots


def _committed(count: Any, ballots: Any) -> None:
    for ballot in ballots:
        sealed = {key: ballot[key] for key in COMMITTED} | {"motion": count["motion"]["id"]}
        ballot["commitment"] = sha(sealed)


def _chained(count: Any, roll: Any, ballots: Any) -> dict[str, dict[str, int]]:
    """Digests of roll and ballots, and the figures that follow from them, in the count."""
    _committed(count, ballots)
    count["roll"]["digest"] = sha(roll)
    count["ballots"]["digest"] = sha(sorted([b["receipt"], b["commitment"]] for b in ballots))
    count["ballots"]["cast"] = len(ballots)
    count["ballots"]["voters"] = len({ballot["voter"] for ballot in ballots})
    count["ballots"]["paper"] = sum(ballot["channel"] == "paper" for ballot in ballots)
    aside = count.get("papers", {}).get("set_aside", ())
    counting_ones = [one for one in ballots if one["receipt"] not in aside]
    votes = counting.votes_of(roll, counting_ones, count["ballots"]["invalid_papers"])
    said, figures = counting.recount(count["matter"], roll, votes)
    count |= said
    return figures


def changed(files: Files, change: Change, rng: random.Random) -> tuple[Any, Any, Any, Any]:
    """The values with one change in one motion and nothing put right."""
    resolution, counts, roll, ballots = read(files)
    change(counts[0], roll[0], ballots[0], rng)
    return resolution, counts, roll, ballots


def careless(files: Files, change: Change, rng: random.Random) -> Files:
    """The change alone."""
    _resolution, counts, roll, ballots = changed(files, change, rng)
    return files | {
        "counts.json": canonical(counts),
        "roll.json": canonical(roll),
        "ballots.json": canonical(ballots),
    }


def mended(files: Files, change: Change, rng: random.Random) -> Files:
    """The change with the commitments of the ballots put right and nothing else."""
    _resolution, counts, roll, ballots = changed(files, change, rng)
    _committed(counts[0], ballots[0])
    return files | {
        "counts.json": canonical(counts),
        "roll.json": canonical(roll),
        "ballots.json": canonical(ballots),
    }


def forged(files: Files, change: Change, rng: random.Random) -> Files:
    """The change with every digest up to the resolution put right; the signature stays."""
    resolution, counts, roll, ballots = changed(files, change, rng)
    figures = _chained(counts[0], roll[0], ballots[0])
    decided = resolution["motions"][0]
    decided["count_digest"] = sha(counts[0])
    decided["shares"] = counting.shares_by_floor(roll[0])
    if "papers" in decided["count"]:
        decided["count"]["papers"] = {key: counts[0]["papers"][key] for key in counting.PAPERS}
    persons, area = figures["persons"], figures["area"]
    decided["count"]["persons"] |= {
        key: persons[key] for key in ("total", "participating", "agree")
    }
    part = area["participating"]
    decided["count"]["area"] |= {
        "participating_percent": counting.percent(part, area["total"]),
        "agree_percent": counting.percent(area["agree"], part),
    }
    return files | {
        "resolution.json": canonical(resolution),
        "counts.json": canonical(counts),
        "roll.json": canonical(roll),
        "ballots.json": canonical(ballots),
    }


def resigned(files: Files, change: Change, rng: random.Random) -> Files:
    """The same, signed by the forger, whose key is put into the bundle."""
    made = forged(files, change, rng)
    return made | signed(made["resolution.json"])


# --- the list -----------------------------------------------------------------------------------


def flipped(data: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << rng.randrange(8))]) + data[place + 1 :]


def _documents(files: Files, rng: random.Random) -> Iterator[tuple[str, Files]]:
    """The resolution itself rewritten, in canonical form."""
    for number in range(25):
        resolution = json.loads(files["resolution.json"])
        motion = resolution["motions"][0]
        edits: tuple[tuple[Any, str, Any], ...] = (
            (motion["option"], "price", f"{number}.00"),
            (motion["option"], "title", f"别的方案{number}"),
            (motion["count"]["persons"], "agree", 11),
            (motion["count"]["area"], "agree_percent", 90 + number % 10),
            (motion["shares"][number % 6], "total", f"{number}.50"),
        )
        place, key, value = edits[number % len(edits)]
        if place[key] == value:
            value = 89
        place[key] = value
        yield f"document {key} {number}", files | {"resolution.json": canonical(resolution)}


def _written_otherwise(signature: bytes) -> bytes:
    """The same 64 bytes in another base64 text: the last sign before == has four unused bits."""
    signs = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = signs.index(signature[-3:-2])
    return signature[:-3] + signs[last ^ 1 : (last ^ 1) + 1] + b"=="


def _files(files: Files, other: Files) -> Iterator[tuple[str, Files]]:
    """Whole files exchanged, left out, added, or written in another way."""
    for name in files:
        if name != "public_key":
            yield f"{name} of another", files | {name: other[name]}
        yield f"{name} missing", {key: data for key, data in files.items() if key != name}
        yield f"{name} empty", files | {name: b""}
        yield f"{name} with a line more", files | {name: files[name] + b"\n"}
    again = _written_otherwise(files["signature"])
    yield "signature written otherwise", files | {"signature": again}
    yield (
        "signed files of another",
        files | {name: other[name] for name in ("resolution.json", "signature", "public_key")},
    )
    evidence = ("counts.json", "roll.json", "ballots.json")
    yield "evidence of another", files | {name: other[name] for name in evidence}
    yield "a file more", files | {"note.txt": b"valid"}
    yield "own key", files | {"public_key": signed(b"")["public_key"]}
    yield "own signature", files | {"signature": signed(files["resolution.json"])["signature"]}
    yield "signed anew", files | signed(files["resolution.json"])
    without_context = base64.b64encode(ANOTHER_KEY.sign(files["resolution.json"]))
    yield (
        "without context",
        files
        | signed(b"")
        | {
            "resolution.json": files["resolution.json"],
            "signature": without_context,
        },
    )
    indented = json.dumps(json.loads(files["ballots.json"]), ensure_ascii=False, indent=1)
    yield "indented", files | {"ballots.json": indented.encode()}
    yield (
        "twice the motions",
        files
        | {name: b"[" + files[name][1:-1] + b"," + files[name][1:-1] + b"]" for name in evidence},
    )
    yield "roll kept back", files | {"roll.json": b"[null]"}


def tampered(files: Files, other: Files, seed: int = 7) -> Iterator[tuple[str, Files]]:
    """(what was done, the falsified files), always the same for the same bundles."""
    rng = random.Random(seed)
    for name in files:
        for number in range(12):
            yield f"bit {number} of {name}", files | {name: flipped(files[name], rng)}
    for change in CHANGES:
        for how, times in ((careless, 2), (mended, 1), (forged, 2), (resigned, 2)):
            for number in range(times):
                yield f"{how.__name__} {change.__name__} {number}", how(files, change, rng)
    yield from _documents(files, rng)
    yield from _files(files, other)
