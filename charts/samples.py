"""Sample data for the style guide and the charts' tests: one small building with something of all."""

from __future__ import annotations

from charts.bands import BandBuilding, BandPart, FacadeBand, band_pieces
from charts.facade import FacadeBuilding, FacadeDwelling, FacadeEntrance, FacadeKey, page_pieces

LETTERS = {
    "zh_Hans": {
        "need": ("需", "需要"),
        "accept": ("可", "可以接受"),
        "indifferent": ("随", "无所谓"),
        "oppose": ("反", "反对"),
        "unanswered": ("", "未答复"),
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


def context(lang: str = "zh_Hans") -> dict[str, object]:
    """What the style guide's template wants."""
    return {
        "facade": page_pieces(building(lang), lang),
        "bands": band_pieces(bands(lang), lang),
    }
