"""The building that is walked through, as the walk types it in, and what has to come of it.

Everything that a page, the resolution or the workbook is held against is worked out here, from what
is typed in here.
"""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook

from walk.sums import Count, count, shares

COMMUNITY, BUILDING, ENTRANCE = "槐树里", "6幢", "1单元"
ADDRESS = f"{COMMUNITY}{BUILDING}"

# Room → hundredths of a square metre; entrance 1, which decides on its elevator.
AREAS = {
    "101": 6235, "102": 5890, "201": 6235, "202": 5890, "301": 6235, "302": 5890,
    "401": 6240, "402": 5895, "501": 6235, "502": 5890, "601": 6188, "602": 5843,
}  # fmt: skip
OWNERS = {
    "101": "杜文斌", "102": "姚志强", "201": "周慧敏、丁援朝", "202": "马雨桐", "301": "尹志诚",
    "302": "尹志诚", "401": "邱国强", "402": "谢秋芬", "501": "何建平", "502": "罗月英",
    "601": "程树德", "602": "沈玉珍",
}  # fmt: skip
BESIDE_AREA = 6055
PHONES = {room: f"1390000{place:04}" for place, room in enumerate(OWNERS, start=1)}
NAMES = sorted({name for names in OWNERS.values() for name in names.split("、")})

# The elevator: yuan in fen, and the coefficients of the floors in tenths.
ELEVATOR, LIGHTS = "elevator", "stair_lighting"
OPTION, LAMP = "贴墙井道电梯", "感应式 LED 灯"
PRICE, SUBSIDY = 718_350_40, 287_340_16
NET = PRICE - SUBSIDY
TENTHS = {1: 0, 2: 5, 3: 10, 4: 11, 5: 12, 6: 13}
SHARES = shares(NET, AREAS, TENTHS)
LAMP_PRICE, LAMPS = 185_50, 24
CONDITION, TAKEN_UP = "井道距厨房窗不少于 1.5 米。", "方案已修改"

# Who owns two dwellings is one person with one vote: the rooms of each head on the roll.
HEADS = {
    room: sum(AREAS[other] for other in OWNERS if OWNERS[other] == owner)
    for room, owner in OWNERS.items()
    if room == min(other for other in OWNERS if OWNERS[other] == owner)
}
# Room → votes in the order they are sent; the last one counts.
ONLINE = {
    "101": ["against"],
    "202": ["agree"],
    "301": ["agree"],
    "401": ["agree"],
    "502": ["agree"],
    "601": ["abstain", "agree"],
    "602": ["against"],
}
# Paper that is in hand before the close; 602's prevails over what was sent online.
PAPER = {"602": "agree", "501": "agree"}
# Paper that is handed in after the close.
LATE = {"102": "against"}
# Room → what the household says of the elevator.
ANSWERS = {"602": "need", "601": "need", "401": "accept", "101": "oppose"}


def counted(late: set[str]) -> Count:
    """What the votes come to when the slips of these rooms are late."""
    votes = {room: sent[-1] for room, sent in ONLINE.items()} | PAPER
    votes |= {room: choice for room, choice in LATE.items() if room not in late}
    return count(HEADS, votes)


def floors(at: int) -> tuple[int, int, int, int]:
    """Of a floor: its dwellings, the least and the most that one pays, and their sum."""
    amounts = [amount for room, amount in SHARES.items() if int(room[0]) == at]
    return len(amounts), min(amounts), max(amounts), sum(amounts)


def roster() -> bytes:
    """The committee's workbook: both entrances, twelve dwellings each."""
    book = Workbook()
    sheet = book.active
    sheet.append([f"{COMMUNITY}小区房屋清册"])
    sheet.append(["幢号", "单元", "室号", "建筑面积(㎡)", "产权人", "联系电话"])
    for room, area in AREAS.items():
        sheet.append([BUILDING, ENTRANCE, room, area / 100, OWNERS[room], PHONES[room]])
    for place, room in enumerate(AREAS):
        sheet.append([BUILDING, "2单元", room, BESIDE_AREA / 100, f"邻居{place + 1:02}", None])
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def all_area() -> int:
    """The area of both entrances."""
    return sum(AREAS.values()) + len(AREAS) * BESIDE_AREA
