"""Rosters as committees write them: what is read, what is refused, what is said aloud."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.register import DwellingRow, read_roster, totals_of
from domain.register_tables import Cell, CellKind, Merge, Table, column_letter
from tests.rosters import HEADER, SIXTH_FLOOR, one, reasons, roster, said, sheet


def test_a_row_says_where_the_flat_is_how_large_and_whose():
    read = roster(SIXTH_FLOOR)
    assert read.dwellings == (
        DwellingRow("3幢", "3", "1单元", "1", "602", 6, 5843, owners=("邱国强",), row=2),
    )
    assert read.dwellings[0].address == "3幢1单元602"


def test_two_numbers_in_an_address_are_kept_apart():
    assert DwellingRow("1号楼", "1", "1", "1", "101", 1, 1).address == "1号楼1-101"
    assert DwellingRow("", "", "", "", "101", 1, 1).address == "101"


def test_titles_stand_above_the_header_and_columns_come_in_any_order():
    rows = [
        ["工人新村小区房屋清册"],
        ["填表单位:居委会", "", "日期:2023.3.6"],
        [],
        ["业主姓名", "面积(平方米)", "房间号", "栋号", "所在层"],
        ["邱国强", "58.43", "602", "3", "6"],
    ]
    read = read_roster([Table.of_texts("a", rows)])
    assert read.header_row == 4
    assert [(d.row, d.room, d.area, d.owners) for d in read.dwellings] == [
        (5, "602", 5843, ("邱国强",))
    ]


@pytest.mark.parametrize(
    "header",
    [
        ["building", "entrance", "room", "area", "owners"],
        ["Building No.", "Stairwell", "Room_No", "Floor Area (m²)", "Owner"],
        ["楼　号", "单元号*", "【必填】门牌号", "建筑面积㎡", "共有人"],
        ["楼栋", "门洞", "房号", "房屋面积\n（平方米）", "户主姓名"],
    ],
)
def test_headers_are_known_in_both_languages_and_many_spellings(header):
    assert roster(SIXTH_FLOOR, header=header).dwellings[0].area == 5843


def test_an_unknown_column_is_kept_out_and_reported():
    read = roster([*SIXTH_FLOOR, "5"], header=[*HEADER, "户籍人数"])
    assert [(column.letter, column.header) for column in read.unknown_columns] == [
        ("F", "户籍人数")
    ]


def test_a_missing_column_is_named_and_nothing_is_read():
    read = roster(["3幢", "602", "邱国强"], header=["幢号", "室号", "产权人"])
    assert read.missing == ("area",)
    assert read.dwellings == ()


def test_owners_are_needed_for_a_vote_but_not_for_a_bill():
    header, row = ["室号", "面积"], ["602", "58.43"]
    assert roster(row, header=header).missing == ("owners",)
    assert roster(row, header=header, need_owners=False).dwellings[0].owners == ()


def test_a_header_mapped_by_hand_is_read():
    header = ["幢号", "套型编号", "产证登记数", "产权人"]
    row = ["3幢", "602", "58.43", "邱国强"]
    assert roster(row, header=header).missing == ("room", "area")
    mapped = roster(row, header=header, mapping={"套型编号": "room", "产证登记数(㎡)": "area"})
    assert [(d.room, d.area) for d in mapped.dwellings] == [("602", 5843)]


def test_headers_that_are_all_unknown_can_be_mapped_too():
    rows = [["甲", "乙", "丙"], ["602", "58.43", "邱国强"]]
    tables = [Table.of_texts("a", rows)]
    assert read_roster(tables).missing == ("room", "area", "owners")
    read = read_roster(tables, {"甲": "room", "乙": "area", "丙": "owners"})
    assert [d.owners for d in read.dwellings] == [("邱国强",)]


def test_a_column_without_a_header_is_mapped_by_its_letter():
    read = roster(["602", "58.43", "邱国强"], header=["室号", "面积", ""], need_owners=False)
    assert [column.key for column in read.unknown_columns] == ["#C"]
    mapped = roster(
        ["602", "58.43", "邱国强"], header=["室号", "面积", ""], mapping={"#C": "owners"}
    )
    assert mapped.dwellings[0].owners == ("邱国强",)


def test_a_column_that_two_headers_claim_is_left_to_a_person():
    header = [*HEADER, "房屋面积"]
    read = roster([*SIXTH_FLOOR, "50.00"], header=header)
    assert read.ambiguous == ("area",)
    assert read.dwellings == ()
    chosen = roster([*SIXTH_FLOOR, "50.00"], header=header, mapping={"房屋面积": ""})
    assert chosen.dwellings[0].area == 5843
    assert chosen.unknown_columns == ()


def test_a_mapping_to_an_unknown_field_is_refused():
    with pytest.raises(Refused) as refusal:
        roster(SIXTH_FLOOR, mapping={"备注": "password"})
    assert refusal.value.code == "mapping_unknown_field"


@pytest.mark.parametrize("rows", [[], [["", " "]], [["", ""], []]])
def test_an_empty_file_is_refused(rows):
    with pytest.raises(Refused) as refusal:
        read_roster([Table.of_texts("a", rows)])
    assert refusal.value.code == "file_empty"


def test_a_file_without_a_header_row_is_refused():
    with pytest.raises(Refused) as refusal:
        read_roster([Table.of_texts("说明", [["1. 面积以房产证为准"], ["2. 请于3月10日前上报"]])])
    assert refusal.value.code == "header_row_missing"


def test_the_first_sheet_with_a_header_is_read_and_the_others_are_reported():
    notes = Table.of_texts("填表说明", [["面积以房产证为准"]])
    first = Table.of_texts("3幢", [HEADER, SIXTH_FLOOR])
    second = Table.of_texts("5幢", [HEADER, ["5幢", "1单元", "101", "71.08", "丁淑珍"]])
    read = read_roster([notes, first, second])
    assert (read.sheet, read.sheets_not_read) == ("3幢", ("填表说明", "5幢"))
    assert said(read, "sheet_also_has_header") == [(0, "5幢")]
    assert read_roster([notes, first, second], sheet="5幢").dwellings[0].room == "101"


def test_a_sheet_that_is_not_there_is_refused():
    with pytest.raises(Refused) as refusal:
        roster(SIXTH_FLOOR, sheet="8幢")
    assert refusal.value.code == "sheet_missing"


# Buildings and entrances


@pytest.mark.parametrize(
    "spelling", ["3幢", "3栋", "3号楼", "3#", "3", "３幢", "三幢", "03", "3#楼", "第3幢", "3 幢"]
)
def test_the_spellings_of_a_building_are_one_building(spelling):
    assert one(HEADER, [spelling, *SIXTH_FLOOR[1:]]).building_key == "3"


@pytest.mark.parametrize("spelling", ["1单元", "一单元", "1", "１单元", "01单元", "1门", "一门洞"])
def test_the_spellings_of_an_entrance_are_one_entrance(spelling):
    assert one(HEADER, ["3幢", spelling, *SIXTH_FLOOR[2:]]).entrance_key == "1"


@pytest.mark.parametrize(
    ("spelling", "key"),
    [("十二幢", "12"), ("二十幢", "20"), ("一百零三号楼", "103"), ("A座", "a"), ("3-1幢", "3-1")],
)
def test_other_buildings_stay_other_buildings(spelling, key):
    assert one(HEADER, [spelling, *SIXTH_FLOOR[1:]]).building_key == key


def test_one_building_has_one_name_and_the_other_spelling_is_mentioned():
    read = roster(SIXTH_FLOOR, ["3栋", "一单元", "601", "61.88", "钟志强"])
    assert {(d.building, d.entrance) for d in read.dwellings} == {("3幢", "1单元")}
    assert said(read, "spelling_unified") == [(3, "3栋"), (3, "一单元")]


def test_without_the_columns_there_is_one_building_with_one_entrance():
    row = one(["室号", "面积", "产权人"], ["602", "58.43", "邱国强"])
    assert (row.building, row.building_key, row.entrance, row.entrance_key) == ("", "", "", "")


def test_merged_cells_speak_for_the_rows_below_and_that_is_said():
    def merged(text: str, merge: Merge) -> Cell:
        return Cell(text, CellKind.TEXT, merge)

    table = sheet(
        list(HEADER),
        [merged("3幢", Merge.TOP), merged("一单元", Merge.TOP), "101", "62.35", "杜文斌"],
        [merged("3幢", Merge.BELOW), merged("一单元", Merge.BELOW), "102", "58.90", "姚志强"],
        [merged("3幢", Merge.BELOW), merged("一单元", Merge.BELOW), "", "", ""],
    )
    read = read_roster([table])
    assert [d.key for d in read.dwellings] == [("3", "1", "101"), ("3", "1", "102")]
    assert said(read, "filled_from_merge") == [(3, "3幢"), (3, "一单元")]
    assert read.refused == ()


def test_a_blank_building_in_a_spreadsheet_is_refused_since_nothing_was_merged():
    read = read_roster(
        [sheet(list(HEADER), list(SIXTH_FLOOR), ["", "1单元", "601", "61.88", "钟志强"])]
    )
    assert reasons(read) == [(3, "A", "building_missing")]


def test_a_blank_building_in_a_text_file_is_the_one_above_and_that_is_said():
    read = roster(SIXTH_FLOOR, ["", "", "601", "61.88", "钟志强"])
    assert read.dwellings[1].key == ("3", "1", "601")
    assert said(read, "filled_from_above") == [(3, "3幢"), (3, "1单元")]


def test_an_entrance_is_never_carried_into_the_next_building():
    read = roster(SIXTH_FLOOR, ["5幢", "", "601", "61.88", "钟志强"])
    assert read.dwellings[1].key == ("5", "", "601")
    mixed = roster(
        SIXTH_FLOOR,
        ["5幢", "", "601", "61.88", "钟志强"],
        ["5幢", "2单元", "602", "61.88", "江晓东"],
    )
    assert reasons(mixed) == [(3, "B", "entrance_missing")]


def test_one_figure_merged_over_two_flats_is_neither_ones_area():
    top = Cell("121.25", CellKind.NUMBER, Merge.TOP)
    below = Cell("121.25", CellKind.NUMBER, Merge.BELOW)
    read = read_roster(
        [
            sheet(
                list(HEADER),
                ["3幢", "1单元", "301", top, "尹志强"],
                ["3幢", "1单元", "302", below, "尹志强"],
            )
        ]
    )
    assert reasons(read) == [(2, "D", "area_merged"), (3, "D", "area_merged")]


# Lines that are no dwellings


def test_a_total_that_agrees_is_said_to_agree():
    read = roster(
        ["3幢", "1单元", "101", "62.35", "杜文斌"],
        ["3幢", "1单元", "102", "58.90", "姚志强"],
        ["合 计", "", "2户", "121.25㎡", ""],
    )
    assert len(read.dwellings) == 2
    assert [r.params["figure"] for r in read.remarks if r.code == "total_agrees"] == [
        "area",
        "dwellings",
    ]


def test_a_total_that_differs_is_shown_with_both_figures():
    read = roster(SIXTH_FLOOR, ["合计", "", "", "121.25", ""])
    remark = next(r for r in read.remarks if r.code == "total_differs")
    assert remark.params == {"figure": "area", "stated": 12125, "read": 5843, "refused": 0}


def test_a_total_without_a_figure_is_not_said_to_agree_or_differ():
    total: list[Cell | str] = ["合计", "", "", Cell("=SUM(D2:D2)", CellKind.FORMULA), ""]
    read = read_roster([sheet(list(HEADER), list(SIXTH_FLOOR), total)])
    assert said(read, "total_not_stated") == [(3, "=SUM(D2:D2)")]
    assert not [r for r in read.remarks if r.code in ("total_agrees", "total_differs")]


def test_subtotals_speak_of_the_rows_since_the_last_one():
    read = roster(
        SIXTH_FLOOR,
        ["小计", "", "", "58.43", ""],
        ["5幢", "1单元", "101", "71.08", "丁淑珍"],
        ["小计", "", "", "71.08", ""],
        ["合计", "", "", "129.51", ""],
    )
    assert [r.row for r in read.remarks if r.code == "total_agrees"] == [3, 5, 6]
    assert not [r for r in read.remarks if r.code == "total_differs"]


def test_footnotes_repeated_headers_and_empty_rows_are_no_dwellings():
    read = roster([], SIXTH_FLOOR, HEADER, ["注:面积以房产证为准"], ["", "", "", "", ""])
    assert [d.row for d in read.dwellings] == [3]
    assert read.refused == ()
    assert said(read, "header_repeated") == [(4, "")]
    assert said(read, "line_not_read") == [(5, "注:面积以房产证为准")]


def test_invisible_characters_do_not_make_another_owner():
    assert one(HEADER, [*SIXTH_FLOOR[:4], "邱\u200b国强\ufeff"]).owners == ("邱国强",)


def test_totals_count_dwellings_and_area_with_and_without_garages():
    read = roster(SIXTH_FLOOR, ["3幢", "1单元", "车库1", "18.20", "邱国强"])
    assert read.totals == totals_of(read.dwellings)
    assert (read.totals.dwellings, read.totals.counted) == (2, 1)
    assert (read.totals.area, read.totals.counted_area) == (7663, 5843)


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (59, "BH")])
def test_columns_have_the_letters_of_the_spreadsheet(index, letter):
    assert column_letter(index) == letter


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.text("3幢单元一602.车库-、 合计０\n", max_size=6), min_size=5, max_size=7),
        max_size=8,
    )
)
def test_every_line_is_read_refused_or_mentioned_and_nothing_else_happens(rows):
    read = roster(*rows)
    spoken = {d.row for d in read.dwellings} | {f.row for f in read.refused}
    spoken |= {remark.row for remark in read.remarks}
    filled = {n for n, row in enumerate(rows, 2) if any(c.strip() for c in row)}
    assert filled <= spoken
    assert not {d.row for d in read.dwellings} & set(read.refused_rows)
    assert len({d.key for d in read.dwellings}) == len(read.dwellings)
    assert all(d.area > 0 and d.owners and d.room for d in read.dwellings)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 500_000))
def test_every_area_to_the_hundredth_is_read_exactly(hundredths):
    text = f"{hundredths // 100}.{hundredths % 100:02d}"
    assert one(HEADER, ["3幢", "1单元", "602", text, "邱国强"]).area == hundredths
