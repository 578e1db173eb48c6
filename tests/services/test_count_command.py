"""``flask count``: a count from two files, without a server, a database or a secret."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from commands import count

DATA = Path(__file__).parent.parent / "data"
GONGREN = DATA / "roster-gongren.xlsx"


@pytest.fixture
def run(tmp_path: Path):
    """Runs the command with ballots given as text; ``{"--matter": …}`` and so on are options."""

    def run(ballots: str | Path, roll: str | Path = GONGREN, **options: str | bool) -> Result:
        if isinstance(ballots, str):
            ballots = written(tmp_path / "ballots.csv", ballots)
        if isinstance(roll, str):
            roll = written(tmp_path / "roll.csv", roll)
        arguments = ["--roll", str(roll), "--ballots", str(ballots)]
        for name, value in {"matter": "7", "json": True, **options}.items():
            arguments += [f"--{name}"] if value is True else [f"--{name}", value] if value else []
        return CliRunner().invoke(count, arguments)

    return run


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def entrance(*choices: str) -> str:
    """Ballots of 3幢/1单元, floor by floor; '' for silence."""
    rooms = [f"{floor}0{door}" for floor in range(1, 7) for door in (1, 2)]
    lines = [f"{room},{choice}" for room, choice in zip(rooms, choices, strict=False) if choice]
    return "\n".join(["室号,表决意见", *lines])


def test_the_entrance_of_the_elevator_is_counted_as_published(run) -> None:
    ballots = entrance("反对", "反对", *["同意"] * 10)
    result = run(ballots, scope="3幢/1单元")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "matter": 7,
        "rule": "special",
        "outcome": "adopted",
        # 尹志强 owns 301 and 302: twelve dwellings, eleven heads.
        "persons": {"total": 11, "participating": 11, "agree": 9, "against": 2, "abstain": 0},
        "area": {
            "total": "726.56",
            "participating": "726.56",
            "agree": "605.31",
            "against": "121.25",
            "abstain": "0.00",
        },
        "quorum": {"persons": True, "area": True},
        "approval": {"persons": True, "area": True},
        "short_by": {"persons": 0, "area": "0.00"},
        "disputed": [],
        "invalid": [],
        "unknown": [],
    }


def test_one_head_less_is_rejected_and_says_how_much_is_missing(run) -> None:
    result = json.loads(run(entrance(*["反对"] * 3, *["同意"] * 9), scope="3幢/1单元").stdout)
    assert result["outcome"] == "rejected"
    assert result["short_by"] == {"persons": 1, "area": "1.96"}


def test_an_ordinary_matter_needs_more_than_half(run) -> None:
    ballots = entrance(*["反对"] * 4, *["同意"] * 8)
    assert json.loads(run(ballots, scope="3幢/1单元", matter="5").stdout)["rule"] == "ordinary"
    assert json.loads(run(ballots, scope="3幢/1单元", matter="5").stdout)["outcome"] == "adopted"


def test_too_few_ballots_decide_nothing(run) -> None:
    result = run(entrance("同意", "同意"), scope="3幢/1单元")
    assert (result.exit_code, json.loads(result.stdout)["outcome"]) == (0, "not_quorate")


def test_disputed_invalid_and_unknown_ballots_are_listed_apart(run) -> None:
    ballots = entrance("无效", "", "", "", "同意", "反对") + "\n999,同意\n"
    result = json.loads(run(ballots, scope="3幢/1单元").stdout)
    assert result["disputed"] == ["3幢1单元301、3幢1单元302"]
    assert result["invalid"] == ["3幢1单元101"]
    assert result["unknown"] == ["999"]
    assert result["persons"]["participating"] == 1
    assert result["persons"]["agree"] == 0


def test_the_whole_compound_has_its_heads_and_area(run) -> None:
    result = json.loads(run("幢号,单元,室号,表决意见\n3,1,101,同意\n").stdout)
    # 81 dwellings: four buyers of two flats (one a couple, one a factory) and two unsold flats.
    assert result["persons"]["total"] == 76
    assert result["area"]["total"] == "5474.32"


def test_a_building_alone_is_a_scope(run) -> None:
    result = json.loads(run("单元,室号,表决意见\n1,101,同意\n", scope="3栋").stdout)
    assert (result["persons"]["total"], result["persons"]["agree"]) == (23, 1)


def test_it_prints_the_four_ratios_for_people(run) -> None:
    result = run(entrance(*["反对"] * 3, *["同意"] * 9), scope="3幢/1单元", json="")
    assert result.exit_code == 0
    assert "rejected" in result.stdout
    assert "at least 2/3 of all: persons yes, area yes" in result.stdout
    assert (
        "at least 3/4 of those: persons no, area no; short by 1 persons, 1.96 m²" in result.stdout
    )


ROLL = "楼号,单元,室号,面积,业主\n1,1,101,50.00,甲\n1,1,102,50.00,乙\n1,1,201,50.00,丙\n"
BALLOTS = "室号,表决意见\n101,同意\n102,同意\n201,反对\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_encoding_of_the_roster_is_read(run, tmp_path: Path, encoding: str) -> None:
    roll = written(tmp_path / "r.csv", ROLL, encoding)
    ballots = written(tmp_path / "b.csv", BALLOTS, encoding)
    result = json.loads(run(ballots, roll).stdout)
    assert (result["outcome"], result["area"]["agree"]) == ("rejected", "100.00")


def test_english_headers_in_any_order_and_a_workbook_of_ballots_are_read(
    run, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Ballots of 1 May"], ["choice", "room"], ["agree", 101], ["against", "102"]):
        sheet.append(row)
    path = tmp_path / "ballots.xlsx"
    book.save(path)
    roll = "area,owners,room,building\n50.00,A,101,1\n50,B,102,1\n50.0,C,201,1\n"
    result = json.loads(run(path, roll).stdout)
    assert (result["persons"]["agree"], result["persons"]["against"]) == (1, 1)


def test_a_roll_without_owners_has_one_head_for_each_dwelling(run) -> None:
    result = json.loads(run(BALLOTS, "室号,面积\n101,50\n102,50\n201,50\n").stdout)
    assert result["persons"]["total"] == 3


def test_what_the_developer_has_not_sold_or_handed_over_is_one_head(run) -> None:
    flats = ("101,50,甲,私有", "102,50,甲置业公司,开发单位未售", "201,50,乙,未交付")
    roll = "\n".join(["室号,面积,业主,产权性质", *flats])
    result = json.loads(run(BALLOTS, roll).stdout)
    assert (result["persons"]["total"], result["area"]["total"]) == (2, "150.00")
    assert result["disputed"] == ["102、201"]


def test_every_faulty_line_is_named_by_file_line_column_and_reason(run) -> None:
    ballots = "室号,表决意见\n101,同意\n102,也许\n,同意\n201,\n"
    result = run(ballots, DATA / "roster-messy.xlsx")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        'roster-messy.xlsx: line 21, column C: 门牌号: floor not in room "六楼东"',
        'roster-messy.xlsx: line 23, column F: 房屋面积: area not positive "-60.24"',
        "roster-messy.xlsx: line 26, column F: 房屋面积: area missing",
        'roster-messy.xlsx: line 30, column C: 门牌号: room repeated "602"'
        " (first row 29, differs area and owners)",
        'ballots.csv: line 3, column B: 表决意见: choice unknown "也许"',
        "ballots.csv: line 4, column A: 室号: room or voter missing",
        "ballots.csv: line 5, column B: 表决意见: choice missing",
    ]


def test_a_ballot_that_names_no_building_where_there_are_several_is_a_fault(run) -> None:
    result = run("幢号,单元,室号,表决意见\n3,1,101,同意\n,1,101,同意\n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "ballots.csv: line 3, column A: 幢号: building missing\n"


@pytest.mark.parametrize(
    ("ballots", "roll", "options", "told"),
    [
        ("室号,楼号\n101,1\n", ROLL, {}, "ballots.csv: line 1, column choice: column missing"),
        (BALLOTS, "室号,业主\n101,甲\n", {}, "roll.csv: line 1, column area: column missing"),
        (BALLOTS, ROLL, {"scope": "9幢"}, "--scope: no dwelling of 9幢 in roll.csv"),
        (BALLOTS, ROLL, {"scope": "1/1/1"}, "--scope: not a building or building/entrance: 1/1/1"),
        (BALLOTS, "室号,面积\n车库1,12.00\n", {}, "roll.csv: electorate empty (base persons)"),
        ("", ROLL, {}, "ballots.csv: file empty"),
        (BALLOTS, "室号,面积,业主\n", {}, "roll.csv: no dwelling found"),
    ],
)
def test_what_cannot_be_counted_exits_with_2_and_one_line_per_fault(
    run, ballots: str, roll: str, options: dict[str, str], told: str
) -> None:
    result = run(ballots, roll, **options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [told]


@pytest.mark.parametrize("matter", ["0", "10", "seven"])
def test_there_is_no_tenth_matter(run, matter: str) -> None:
    result = run(BALLOTS, ROLL, matter=matter)
    assert (result.exit_code, result.stdout) == (2, "")


def test_what_was_inferred_is_said_beside_the_result(run) -> None:
    result = run(BALLOTS, ROLL)
    assert "roll.csv: note: floor from room, 3 lines from 2" in result.stderr.splitlines()
