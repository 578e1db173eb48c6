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


CHANGES: tuple[Change, ...] = (
    change_choice,
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


def _chained(count: Any, roll: Any, ballots: Any) -> None:
    """Digests of roll and ballots, and the figures that follow from them, in the count."""
    for ballot in ballots:
        sealed = {key: ballot[key] for key in COMMITTED} | {"motion": count["motion"]["id"]}
        ballot["commitment"] = sha(sealed)
    count["roll"]["digest"] = sha(roll)
    count["ballots"]["digest"] = sha(sorted([b["receipt"], b["commitment"]] for b in ballots))
    count["ballots"]["cast"] = len(ballots)
    count["ballots"]["voters"] = len({ballot["voter"] for ballot in ballots})
    votes = counting.votes_of(roll, ballots, count["ballots"]["invalid_papers"])
    count |= counting.recount(count["matter"], roll, votes)[0]


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


def forged(files: Files, change: Change, rng: random.Random) -> Files:
    """The change with every digest up to the resolution put right; the signature stays."""
    resolution, counts, roll, ballots = changed(files, change, rng)
    _chained(counts[0], roll[0], ballots[0])
    decided = resolution["motions"][0]
    decided["count_digest"] = sha(counts[0])
    decided["shares"] = counting.shares_by_floor(roll[0])
    figures = counts[0]["persons"]
    decided["count"]["persons"] |= {
        key: figures[key] for key in ("total", "participating", "agree")
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


def _files(files: Files, other: Files) -> Iterator[tuple[str, Files]]:
    """Whole files exchanged, left out, added, or written in another way."""
    for name in files:
        if name != "public_key":
            yield f"{name} of another", files | {name: other[name]}
        yield f"{name} missing", {key: data for key, data in files.items() if key != name}
        yield f"{name} empty", files | {name: b""}
        yield f"{name} with a line more", files | {name: files[name] + b"\n"}
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
        for how, times in ((careless, 2), (forged, 2), (resigned, 2)):
            for number in range(times):
                yield f"{how.__name__} {change.__name__} {number}", how(files, change, rng)
    yield from _documents(files, rng)
    yield from _files(files, other)
