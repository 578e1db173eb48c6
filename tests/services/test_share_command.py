"""``flask share``: a cost shared from a roster and a scheme, to the fen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commands import share

DATA = Path(__file__).parent.parent / "data"
GUANGZHOU = """\
kind = "floor_coefficient"
within = "area"
[floors]
1 = "0"
2 = "0.5"
3 = "1"
4 = "1.1"
5 = "1.2"
6 = 1.3
"""
EQUAL_FLATS = "楼号,单元,室号,面积,业主\n" + "".join(
    f"3幢,1单元,{floor}0{door},60.00,业主{floor}{door}\n"
    for floor in range(1, 7)
    for door in (2, 1)
)


@pytest.fixture
def run(tmp_path: Path):
    def run(
        scheme: str | bytes = GUANGZHOU, roster: str | Path = EQUAL_FLATS, **options: str | bool
    ) -> Result:
        if isinstance(roster, str):
            (tmp_path / "roster.csv").write_text(roster, "utf-8")
            roster = tmp_path / "roster.csv"
        data = scheme if isinstance(scheme, bytes) else scheme.encode()
        (tmp_path / "scheme.toml").write_bytes(data)
        arguments = ["--roster", str(roster), "--scheme", str(tmp_path / "scheme.toml")]
        given = {"cost": "700000.00", "subsidy": "300000.00", "json": True, **options}
        for name, value in given.items():
            arguments += [f"--{name}"] if value is True else [f"--{name}", value] if value else []
        return CliRunner().invoke(share, arguments)

    return run


@pytest.mark.rule("costs.largest_remainder")
def test_guangzhous_table_over_twelve_equal_flats_adds_up_to_the_fen(run) -> None:
    result = run()
    assert result.exit_code == 0
    written = json.loads(result.stdout)
    assert written["net"] == "400000.00"
    assert written["shares"][0] == {
        "building": "3幢",
        "entrance": "1单元",
        "room": "101",
        "floor": 1,
        "amount": "0.00",
    }
    assert [(own["room"], own["amount"]) for own in written["shares"]] == [
        ("101", "0.00"),
        ("102", "0.00"),
        ("201", "19607.84"),
        ("202", "19607.84"),
        ("301", "39215.69"),
        ("302", "39215.69"),
        # 43,137.2549: without these two fen the total would be 399,999.98.
        ("401", "43137.26"),
        ("402", "43137.26"),
        ("501", "47058.82"),
        ("502", "47058.82"),
        ("601", "50980.39"),
        ("602", "50980.39"),
    ]
    fen = [int(own["amount"].replace(".", "")) for own in written["shares"]]
    assert sum(fen) == 400_000_00


def test_it_prints_a_line_for_each_dwelling_and_the_total(run) -> None:
    lines = run(json="").stdout.splitlines()
    assert len(lines) == 13
    assert lines[11].split() == ["3幢1单元602", "floor", "6", "50,980.39"]
    assert lines[-1].split() == ["total", "12", "dwellings", "400,000.00"]


def test_an_entrance_of_the_real_roster_shares_by_area(run) -> None:
    result = run('kind = "area"', DATA / "roster-gongren.xlsx", scope="3幢/1单元")
    shares = json.loads(result.stdout)["shares"]
    assert len(shares) == 12
    assert sum(int(own["amount"].replace(".", "")) for own in shares) == 400_000_00
    # 400,000 × 62.35 / 726.56
    assert shares[0]["amount"] == "34326.14"


def test_a_garage_does_not_pay_and_is_named(run) -> None:
    result = run('kind = "equal"', DATA / "roster-gongren.xlsx", scope="8幢")
    assert len(json.loads(result.stdout)["shares"]) == 21
    assert "does not count and does not pay: 8幢1单元车库1" in result.stderr


def test_without_a_subsidy_the_whole_cost_is_shared(run) -> None:
    assert json.loads(run(subsidy="").stdout)["net"] == "700000.00"


@pytest.mark.parametrize(
    ("scheme", "options", "told"),
    [
        (
            GUANGZHOU.replace('5 = "1.2"\n', ""),
            {},
            "scheme.toml: key floors: scheme floor missing (floor 5)",
        ),
        (
            GUANGZHOU.replace('"1.2"', '"lots"'),
            {},
            'scheme.toml: key floors.5: number unreadable "lots"',
        ),
        (
            GUANGZHOU.replace("floor_coefficient", "floor_percent"),
            {},
            "scheme.toml: key floors: percent not hundred (total 5.1)",
        ),
        (GUANGZHOU.replace("within", "inside"), {}, "scheme.toml: key inside: scheme key unknown"),
        ("kind = area\n", {}, "scheme.toml: line 1, column 8: Invalid value"),
        ('kind = "area"\n# 按'.encode("gb18030"), {}, "scheme.toml: line 2: not UTF-8 text"),
        (GUANGZHOU, {"cost": "a lot"}, '--cost: money unreadable "a lot"'),
        (GUANGZHOU, {"subsidy": "0.001"}, '--subsidy: money unreadable decimals "0.001"'),
        (
            GUANGZHOU,
            {"cost": "1.00", "subsidy": "2.00"},
            "--subsidy: subsidy exceeds price (cost 1.00, subsidy 2.00)",
        ),
        (GUANGZHOU, {"scope": "4幢"}, "--scope: no dwelling of 4幢 in roster.csv"),
    ],
)
def test_what_cannot_be_shared_exits_with_2_and_says_where(
    run, scheme: str | bytes, options: dict[str, str], told: str
) -> None:
    result = run(scheme, **options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [told]


def test_a_roster_with_a_faulty_row_is_not_shared(run) -> None:
    result = run('kind = "equal"', DATA / "roster-messy.xlsx")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 4
