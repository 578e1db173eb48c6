"""The words of a roster: how buildings, rooms, floors, owners and choices are written.

The spellings follow formats.md ("Roster"). Each function returns what the text says or refuses
it; where a value is inferred the caller says so in a remark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from domain.errors import Refused
from domain.quantities import MAX_AREA, parse_area
from domain.register_headers import BODIES, SHORT_BODIES
from domain.register_tables import clean, folded
from domain.vocabulary import OwnerKind, Tenure

Choice = TypeVar("Choice")

# Above this a dwelling in an old residential building is a lost decimal point; a real one can be
# entered by hand, where only the bounds of quantities.py hold.
ABSURD_AREA = min(5_000_00, MAX_AREA)
UNUSUAL_AREA = range(5_00, 500_00)
FLOORS = range(-9, 100)
MAX_WORD = 40
MAX_NAME = 100
MAX_NOTE = 1000

NOT_COUNTING = ("车库", "车位")
# What is below ground by its very name, wherever no floor is given.
_BASEMENT = ("地下", "车库", "车位")

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0}
_NUMERAL = "零〇一二三四五六七八九十百"


def chinese_number(text: str) -> int | None:
    """十二 → 12, 一百零三 → 103, 二〇 → 20; None when the text is not a numeral below 1000."""
    if not text or any(char not in _NUMERAL for char in text):
        return None
    if "十" not in text and "百" not in text:
        return int("".join(str(_DIGITS[char]) for char in text))
    match = re.fullmatch(
        r"(?:([一二三四五六七八九])百零?)?(?:([一二三四五六七八九])?(十))?(.)?", text
    )
    if not match or (match[4] and match[4] not in _DIGITS):
        return None
    hundreds, tens, ten, ones = match.groups()
    value = _DIGITS[hundreds] * 100 if hundreds else 0
    value += (_DIGITS[tens] if tens else 1) * 10 if ten else 0
    return value + (_DIGITS[ones] if ones else 0)


def _key(text: str, suffixes: str) -> str:
    bare = folded(text).casefold().replace(" ", "").removeprefix("第")
    bare = re.sub(rf"(?<=.)(?:{suffixes})$", "", bare)
    number = chinese_number(bare)
    if number is not None:
        return str(number)
    return str(int(bare)) if re.fullmatch(r"\d{1,9}", bare) else bare


def building_key(text: str) -> str:
    """What identifies the building: 3幢, 3栋, 3号楼, 3#, 三幢 and 03 are all "3"."""
    return _key(text, "号楼栋?|号幢|号栋|#楼|#|幢|栋|座|楼|号|building")


def entrance_key(text: str) -> str:
    """What identifies the entrance: 1单元, 一单元 and 1门 are all "1"; "" is the only one."""
    return _key(text, "号单元|单元|号门洞|门洞|号门|门|号|楼道|entrance|unit")


def room_text(text: str) -> str:
    """The room as it is stored: full-width forms made ASCII, 室 dropped, 0101 left alone."""
    bare = folded(text).replace(" ", "")
    return re.sub(r"(?<=[0-9A-Za-z])(?:室|号房|房|号)$", "", bare)


def floor_of_text(text: str) -> int:
    """The floor that "6", "6层", "六楼", "-1", "负一层", "B1" or "地下一层" names.

    Refuses ``floor_unreadable``, ``floor_zero`` and ``floor_absurd`` (value).
    """
    bare = folded(text).replace(" ", "").casefold()
    bare = re.sub(r"(?<=.)(?:层|楼|f)$", "", bare.removeprefix("第"))
    below = re.match(r"负|地下|b|-", bare)
    digits = bare[below.end() :] if below else bare
    number = chinese_number(digits)
    if number is None and re.fullmatch(r"\d{1,4}", digits):
        number = int(digits)
    if number is None:
        raise Refused("floor_unreadable", value=text)
    if number == 0:
        raise Refused("floor_zero", value=text)
    floor = -number if below else number
    if floor not in FLOORS:
        raise Refused("floor_absurd", value=text)
    return floor


def floor_of_room(room: str) -> int:
    """The floor a room number stands for: all but its last two digits (602 → 6, 1203 → 12).

    A garage, parking place or cellar is floor -1. Refuses ``floor_not_in_room`` (value) for rooms
    that name no floor.
    """
    if any(word in room for word in _BASEMENT):
        return -1
    if re.fullmatch(r"负\d{1,3}|B\d{1,3}|-\d{1,3}", room, re.IGNORECASE):
        return -1
    match = re.fullmatch(r"[A-Za-z]?-?(\d{1,3})\d\d[A-Za-z]?", room)
    floor = int(match[1]) if match else 0
    if floor == 0 or floor not in FLOORS:
        raise Refused("floor_not_in_room", value=room)
    return floor


def area_of_text(text: str) -> int:
    """Hundredths of a m²; refuses what ``parse_area`` refuses, odd commas, and above 5,000 m²."""
    # "62,35" would lose its comma and become 6,235 m².
    if "," in text and not re.search(r"(?<![\d,])\d{1,3}(,\d{3})+(?![\d,])", text):
        raise Refused("area_unreadable", value=text)
    area = parse_area(text)
    if area > ABSURD_AREA:
        raise Refused("area_absurd", value=text)
    return area


_RELATIONS = (
    "配偶",
    "妻子",
    "丈夫",
    "儿子",
    "女儿",
    "父亲",
    "母亲",
    "父母",
    "子女",
    "共有人",
    "爱人",
)
_SHORT_RELATIONS = ("妻", "夫", "子", "女", "父", "母", "兄", "弟", "姐", "妹")
_RELATION = re.compile(
    rf"^(?:(?:{'|'.join(_RELATIONS)})\s*:?|(?:{'|'.join(_SHORT_RELATIONS)})(?:\s+|:))\s*(?=\S)"
)
_RELATION_BEHIND = re.compile(
    rf"\s*\((?:{'|'.join(_RELATIONS + _SHORT_RELATIONS)}|已故|故|亡故|已亡|去世)\)$"
)
_NOBODY = frozenset({"无", "/", "-", "--", "—", "——", "不详", "未知", "待查", "空", "none", "n/a"})
_ID_NUMBER = re.compile(r"(?<![0-9])[1-9]\d{5}(?:19|20)\d{9}[0-9Xx](?![0-9])")


@dataclass(frozen=True, slots=True)
class Owners:
    """The names in one or more cells, and what was done to them on the way."""

    names: tuple[str, ...]
    dropped: tuple[str, ...] = ()  # 配偶 and the like
    repeated: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()  # 张 三 written with a blank
    deceased: tuple[str, ...] = ()
    id_numbers: int = 0


def owners_of_texts(texts: tuple[str, ...]) -> Owners:
    """The owners named in these cells, in order, each once.

    Refuses ``owners_incomplete`` (张三等2人), ``owners_ambiguous`` (two names with only a blank
    between them) and ``owner_too_long``.
    """
    names: list[str] = []
    dropped: list[str] = []
    repeated: list[str] = []
    joined: list[str] = []
    deceased: list[str] = []
    id_numbers = 0
    for text in texts:
        text, found = without_id_numbers(text)
        id_numbers += found
        for part in re.split(r"[、,/;|\n\r]", unicodedata.normalize("NFKC", text)):
            raw = folded(part)
            bare, relation = _without_relation(raw)
            if not bare or bare.casefold() in _NOBODY:
                continue
            name = _one_name(bare, raw)
            if relation:
                (deceased if "故" in relation or "亡" in relation else dropped).append(relation)
            if name != bare:
                joined.append(name)
            (repeated if name in names else names).append(name)
    return Owners(
        tuple(names), tuple(dropped), tuple(repeated), tuple(joined), tuple(deceased), id_numbers
    )


def _without_relation(text: str) -> tuple[str, str]:
    bare = text
    relation = ""
    if match := _RELATION.match(bare):
        relation, bare = clean(match[0]).strip(": "), bare[match.end() :]
    if match := _RELATION_BEHIND.search(bare):
        relation, bare = clean(match[0]).strip("() "), bare[: match.start()]
    return bare.strip(), relation


def _one_name(text: str, raw: str) -> str:
    if re.search(r"等(?:\d+|[一二三四五六七八九十两]+)?[人户]?$", text) and len(text) > 2:
        raise Refused("owners_incomplete", value=raw)
    if len(text) > MAX_NAME:
        raise Refused("owner_too_long", value=text[:MAX_NAME], limit=MAX_NAME)
    parts = text.split(" ")
    if len(parts) == 1 or any(char.isascii() and char.isalpha() for char in text):
        return text
    if all(len(part) > 1 for part in parts):
        raise Refused("owners_ambiguous", value=raw)
    return "".join(parts)


def without_id_numbers(text: str) -> tuple[str, int]:
    """The text without identity card numbers, which are never stored, and how many there were."""
    return _ID_NUMBER.subn("", text)


def owner_kind(name: str, tenure: Tenure) -> OwnerKind:
    """Whether the name is a person's, a company's (公司, 厂, …) or, by tenure, the developer's."""
    if tenure is Tenure.DEVELOPER:
        return OwnerKind.DEVELOPER
    bare = re.sub(r"\(.*?\)|[. ]", "", name.casefold())
    # A person's name has at most four characters, and may end like an institution's.
    if len(bare) >= 4 and bare.endswith(BODIES):
        return OwnerKind.COMPANY
    return OwnerKind.COMPANY if len(bare) >= 5 and bare.endswith(SHORT_BODIES) else OwnerKind.PERSON


def choice_of(words: Mapping[Choice, tuple[str, ...]], text: str) -> Choice | None:
    """The choice one of whose spellings the text is, or None."""
    bare = folded(text).casefold().replace(" ", "")
    return next((choice for choice, known in words.items() if bare in known), None)


def phone_of_text(text: str) -> str:
    """The telephone numbers without blanks and dashes, several joined by " / ".

    Refuses ``phone_unreadable`` (value), as for a number that a spreadsheet has rounded.
    """
    parts = [part for part in re.split(r"[、,/;]", folded(text)) if part.strip()]
    bare = [re.sub(r"[\s()-]|\.0+$", "", part) for part in parts]
    if not bare or not all(re.fullmatch(r"\+?\d{5,15}", part) for part in bare):
        raise Refused("phone_unreadable", value=text)
    return " / ".join(bare)
