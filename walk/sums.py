"""The walk's own arithmetic: codes of a phone, shares of a price, the lawful count."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


def phone_code(secret: str, at: float) -> str:
    """The six digits that a phone with this key shows at an instant (RFC 6238)."""
    plain = secret.replace(" ", "").upper()
    key = base64.b32decode(plain + "=" * (-len(plain) % 8))
    seal = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = seal[-1] & 15
    number = struct.unpack(">I", seal[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def yuan(fen: int, mark: str = ",") -> str:
    """An amount as pages write it, or without marks of thousands."""
    return f"{fen // 100:{mark}}.{fen % 100:02}"


def square_metres(hundredths: int) -> str:
    """An area as pages write it."""
    return f"{hundredths // 100:,}.{hundredths % 100:02}"


def shares(net: int, areas: Mapping[str, int], tenths: Mapping[int, int]) -> dict[str, int]:
    """Room → fen: a floor's part by its coefficient, inside the floor by area; largest remainder,
    ties to the lower floor and room. A room's first sign is its floor."""
    exact: dict[str, Fraction] = {}
    for room, area in areas.items():
        floor = int(room[0])
        beside = sum(other for one, other in areas.items() if int(one[0]) == floor)
        exact[room] = net * Fraction(tenths[floor], sum(tenths.values())) * Fraction(area, beside)
    given = {room: int(amount) for room, amount in exact.items()}
    by_rest = sorted(exact, key=lambda room: (given[room] - exact[room], room))
    for room in by_rest[: net - sum(given.values())]:
        given[room] += 1
    return given


@dataclass(frozen=True)
class Count:
    """What the votes come to: persons and hundredths of a square metre."""

    persons: int
    area: int
    part_persons: int
    part_area: int
    agree_persons: int
    agree_area: int

    @property
    def is_adopted(self) -> bool:
        """Two thirds take part, three quarters of those agree, by persons and by area alike."""
        return (
            3 * self.part_persons >= 2 * self.persons
            and 3 * self.part_area >= 2 * self.area
            and 4 * self.agree_persons >= 3 * self.part_persons
            and 4 * self.agree_area >= 3 * self.part_area
        )


def count(heads: Mapping[str, int], votes: Mapping[str, str]) -> Count:
    """``heads``: a voter → area; ``votes``: a voter → what counts of them."""
    agreeing = [one for one, choice in votes.items() if choice == "agree"]
    return Count(
        persons=len(heads),
        area=sum(heads.values()),
        part_persons=len(votes),
        part_area=sum(heads[one] for one in votes),
        agree_persons=len(agreeing),
        agree_area=sum(heads[one] for one in agreeing),
    )
