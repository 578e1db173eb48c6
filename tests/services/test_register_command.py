"""``flask import-roster``: the same as in the browser, from a shell."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.database import session
from models.register import Community, Dwelling, RosterImport

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def run(app):
    def invoke(name, *options, community="工人新村"):
        path = name if isinstance(name, Path) else DATA / name
        arguments = ["import-roster", str(path), "--community", community, *options]
        return app.test_cli_runner().invoke(args=arguments)

    return invoke


def dwellings():
    session().rollback()
    return session().scalar(select(func.count()).select_from(Dwelling))


def test_the_clean_roster_makes_a_new_community(run):
    result = run("roster-gongren.xlsx", "--city", "nanjing")
    assert result.exit_code == 0
    assert "Read: 82 dwellings, 5492.52 m²; in votes count 81, 5474.32 m²." in result.output
    assert "One owner: 孔立新: 5幢2单元502, 5幢3单元102" in result.output
    assert "Imported into 工人新村: 82 added" in result.output
    assert dwellings() == 82
    assert session().scalars(select(Community.city)).all() == ["nanjing"]


def test_a_second_time_nothing_changes(run):
    run("roster-gongren.xlsx")
    result = run("roster-gongren.xlsx")
    assert "New: 0, changed: 0, unchanged: 82, no longer in the file: 0." in result.output
    assert dwellings() == 82


def test_every_line_that_cannot_be_read_is_named_and_the_good_ones_are_imported(run):
    result = run("roster-messy.xlsx")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "roster-messy.xlsx: line 21, column C 门牌号 “六楼东”: "
        "The floor cannot be told from “六楼东”, and no column gives it.",
        "roster-messy.xlsx: line 23, column F 房屋面积 “-60.24”: "
        "An area must be more than zero; this says “-60.24”.",
        "roster-messy.xlsx: line 26, column F 房屋面积: The area is not given.",
        "roster-messy.xlsx: line 30, column C 门牌号 “602”: This room stands already in row 29. "
        "The two differ in: Area, Owners. Check both.",
    ]
    assert dwellings() == 21


@pytest.mark.parametrize(("option", "status"), [("--strict", 2), ("--dry-run", 0)])
def test_a_strict_or_a_dry_run_imports_nothing_of_it(run, option, status):
    result = run("roster-messy.xlsx", option)
    assert (result.exit_code, dwellings()) == (status, 0)
    assert "Nothing was imported." in result.output
    for table in (Community, RosterImport):
        assert session().scalar(select(func.count()).select_from(table)) == 0


def test_what_cannot_be_read_at_all_makes_no_community(run, tmp_path):
    wrong = tmp_path / "a.xlsx"
    wrong.write_text("室号")
    result = run(wrong)
    assert result.exit_code == 2
    assert "not what its name says" in result.stderr
    assert session().scalar(select(func.count()).select_from(Community)) == 0


def test_a_file_without_a_building_is_told_which_one_it_is(run, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("室号,面积,业主\n602,58.43,邱国强\n")
    assert "names no building" in run(file).stderr
    assert run(file, "--building", "3幢").exit_code == 0
    assert dwellings() == 1


def test_dwellings_that_are_gone_can_be_kept(run, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("幢号,室号,面积,业主\n3幢,602,58.43,邱国强\n3幢,601,61.88,钟志强\n")
    run(file)
    file.write_text("幢号,室号,面积,业主\n3幢,602,58.43,邱国强\n")
    assert "0 retired, 0 deleted" in run(file, "--keep-gone").output
    assert dwellings() == 2
    assert "0 retired, 1 deleted" in run(file).output
    assert dwellings() == 1
