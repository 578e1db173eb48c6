"""Sample data for the style guide and the tests: one small building with something of all."""

from __future__ import annotations

from charts import cost, demand, majority
from charts.bands import BandBuilding, BandPart, FacadeBand, band_pieces
from charts.facade import FacadeBuilding, FacadeDwelling, FacadeEntrance, FacadeKey, page_pieces
from charts.figure import Figure, Table

LETTERS = {
    "zh_Hans": {
        "need": ("需", "需要"),
        "accept": ("可", "可以接受"),
        "indifferent": ("随", "无所谓"),
        "oppose": ("反", "反对"),
        "unanswered": ("", "没有填"),
    },
    "en": {
        "need": ("N", "need it"),
        "accept": ("A", "can accept"),
        "indifferent": ("I", "indifferent"),
        "oppose": ("O", "oppose"),
        "unanswered": ("", "no answer"),
    },
}
# From the ground floor up, two or three flats a floor: who lives low opposes, who lives high needs.
ANSWERS = (
    ("oppose", "oppose", "unanswered"),
    ("indifferent", "oppose", "accept"),
    ("accept", "indifferent", "accept"),
    ("accept", "need", "unanswered"),
    ("need", "need", "accept"),
    ("need", "need", "need"),
)


def building(lang: str = "zh_Hans") -> FacadeBuilding:
    """Building 3 with three entrances, six floors, two or three flats a floor."""
    words = LETTERS[lang]
    entrances = []
    for number, flats in ((1, 2), (2, 2), (3, 3)):
        dwellings = []
        for floor, answers in enumerate(ANSWERS, start=1):
            for flat, state in enumerate(answers[:flats], start=1):
                room = f"{floor}{flat:02d}"
                letter, word = words[state]
                label = f"{room}，{floor}层，62.35 m²：{word}"
                if lang == "en":
                    label = f"{room}, floor {floor}, 62.35 m²: {word}"
                dwellings.append(
                    FacadeDwelling(
                        room=room,
                        floor=floor,
                        state=state,
                        letter=letter,
                        label=label,
                        area_text="62.35 m²",
                        href=f"#d-{number}-{room}",
                        here=(number, room) == (2, "601"),
                        mark=("租" if lang == "zh_Hans" else "T")
                        if (number, room) == (1, "302")
                        else "",
                    )
                )
        name = f"{number}单元" if lang == "zh_Hans" else f"Entrance {number}"
        entrances.append(FacadeEntrance(name, tuple(dwellings)))
    key = tuple(FacadeKey(state, letter, word) for state, (letter, word) in words.items())
    title = "3幢：加装电梯的意愿" if lang == "zh_Hans" else "Building 3: who needs an elevator"
    return FacadeBuilding("3幢", tuple(entrances), key, title)


def bands(lang: str = "zh_Hans") -> BandBuilding:
    """The same building in bands, the lowest one held back."""
    words = LETTERS[lang]
    zh = lang == "zh_Hans"

    def part(state: str, weight: int) -> BandPart:
        return BandPart(state, words[state][0], weight, str(weight))

    return BandBuilding(
        "3幢",
        (
            FacadeBand(
                5, 6, "13 户答复" if zh else "13 households", (part("need", 12), part("accept", 1))
            ),
            FacadeBand(
                3,
                4,
                "12 户答复" if zh else "12 households",
                (part("need", 4), part("accept", 5), part("indifferent", 2), part("oppose", 1)),
            ),
            FacadeBand(1, 2, "答复太少，暂不公布" if zh else "too few answers to be shown"),
        ),
        building(lang).key,
        "3幢：分层段的意愿" if zh else "Building 3: demand by bands of floors",
    )


def _demand(zh: bool) -> tuple[list[demand.DemandOption], demand.DemandWords]:
    words = LETTERS["zh_Hans" if zh else "en"]
    floors = [
        demand.DemandFloor(f"{floor}F", *counts)
        for floor, counts in zip(
            range(6, 0, -1),
            ((7, 0, 0, 0), (5, 1, 0, 0), (3, 2, 0, 0), (0, 3, 3, 0), (0, 1, 2, 3), (0, 0, 0, 5)),
            strict=True,
        )
    ]
    options = [
        demand.DemandOption("加装电梯 <b>A</b>" if zh else "Elevator <b>A</b>", tuple(floors)),
        demand.DemandOption(
            "楼道照明" if zh else "Stair lighting",
            tuple(demand.DemandFloor(f"{floor}F", 2, 4, 1, 0) for floor in range(6, 0, -1)),
        ),
    ]
    return options, demand.DemandWords(
        option="选项" if zh else "Option",
        floor="楼层" if zh else "Floor",
        need=words["need"][1],
        accept=words["accept"][1],
        indifferent=words["indifferent"][1],
        oppose=words["oppose"][1],
        unanswered=words["unanswered"][1],
        households="户数" if zh else "Households",
    )


# Head of the bar in both languages, parts (kind, value), unit, whole, threshold, reached.
_TESTS = (
    ("参与人数", "Persons taking part", (("taking_part", 11),), "人", 14, (2, 3), True),
    ("参与面积", "Area taking part", (("taking_part", 720),), "m²", 900, (2, 3), True),
    ("同意人数", "Persons agreeing", (("agree", 8), ("against", 3)), "人", 11, (3, 4), False),
    ("同意面积", "Area agreeing", (("agree", 540), ("against", 180)), "m²", 720, (3, 4), True),
)
_KINDS = {
    "taking_part": ("参与", "taking part"),
    "agree": ("同意", "agree"),
    "against": ("反对", "against"),
}
_UNITS = {"人": "persons", "m²": "m²"}


def _majority(zh: bool) -> tuple[list[majority.MajorityBar], majority.MajorityWords]:
    bars = []
    for chinese, english, parts, unit, whole, (numerator, denominator), reached in _TESTS:
        least = "不少于" if zh else "at least"
        drawn = tuple(
            majority.MajorityPart(
                kind, _KINDS[kind][not zh], value, f"{value} {unit if zh else _UNITS[unit]}"
            )
            for kind, value in parts
        )
        verdict = ("达到", "reached") if reached else ("未达到", "not reached")
        bars.append(
            majority.MajorityBar(
                chinese if zh else english,
                drawn,
                whole,
                numerator,
                denominator,
                f"{least} {numerator}/{denominator}",
                verdict[not zh],
            )
        )
    chinese_heads = ("检验", "数字", "要求", "结果", "占比")
    heads = chinese_heads if zh else ("Test", "Figures", "Needed", "Result", "Share")
    return bars, majority.MajorityWords(*heads)


def _cost(zh: bool) -> tuple[list[cost.CostSeries], cost.CostWords]:
    table = (5098039, 4705882, 4313725, 3921569, 1960784, 0)
    even = (3333334, 3333334, 3333333, 3333333, 3333333, 3333333)
    series = [
        cost.CostSeries(
            name,
            tuple(
                cost.CostFloor(f"{floor}F", amount, own=floor == 5)
                for floor, amount in zip(range(6, 0, -1), amounts, strict=True)
            ),
        )
        for name, amounts in (
            ("按楼层系数" if zh else "by floor", table),
            ("每户均摊" if zh else "equal", even),
        )
    ]
    words = ("楼层", "元", "您家") if zh else ("Floor", "yuan", "yours")
    return series, cost.CostWords(*words)


def figure(name: str, lang: str = "zh_Hans") -> Figure:
    """The sample figure ``demand``, ``majority`` or ``cost``; another name is a ``KeyError``."""
    zh = lang == "zh_Hans"
    draw = {
        "demand": lambda: demand.demand(*_demand(zh)),
        "majority": lambda: majority.majority(*_majority(zh)),
        "cost": lambda: cost.cost(*_cost(zh)),
    }
    return draw[name]()


def tables(lang: str = "zh_Hans") -> list[tuple[str, Table]]:
    """The tables of the sample figures by their names."""
    zh = lang == "zh_Hans"
    return [
        ("demand", demand.table(*_demand(zh))),
        ("majority", majority.table(*_majority(zh))),
        ("cost", cost.table(*_cost(zh))),
    ]


def context(lang: str = "zh_Hans") -> dict[str, object]:
    """What the style guide's template wants."""
    return {
        "facade": page_pieces(building(lang), lang),
        "bands": band_pieces(bands(lang), lang),
        "tables": [(name, head, rows) for name, (head, rows) in tables(lang)],
    }
