"""Sentences for refusals of the register: files, rows of a roster, what is typed by hand."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    # The file as a whole
    "file_empty": _l("The file is empty."),
    "file_too_big": _l("The file is larger than 5 MB. Split it by building."),
    "file_type_unknown": _l("Only .xlsx and .csv files can be read."),
    "file_not_what_it_says": _l(
        "The file is not what its name says. Open it in the spreadsheet program and save it "
        "again as .xlsx or .csv."
    ),
    "file_old_excel": _l(
        "The file is in the old Excel format or protected by a password. Open it and save it as "
        ".xlsx without a password."
    ),
    "file_unreadable": _l("The file is damaged. Open it and save it again, then try once more."),
    "file_too_big_unpacked": _l("The file unpacks to more than 20 MB. Split it by building."),
    "file_too_many_parts": _l("The file holds more parts than a roster has. Save it as .csv."),
    "file_too_complicated": _l("The file is too complicated to be read. Save it as .csv."),
    "file_hostile": _l("The file contains something that does not belong into a roster."),
    "file_encoding": _l("The text of the file cannot be read. Save it as .csv in UTF-8."),
    "file_quotes": _l("In row %(row)s a quotation mark is opened and not closed."),
    "too_many_rows": _l("The file has more than %(limit)s rows. Split it by building."),
    "too_many_columns": _l("The file has more than %(limit)s columns."),
    "cell_too_long": _l("Row %(row)s, column %(column)s: the text is too long."),
    "header_row_missing": _l(
        "No row with column names (such as 室号, 建筑面积) was found on the sheet “%(sheet)s”."
    ),
    "sheet_missing": _l("There is no sheet “%(sheet)s” in the file."),
    "mapping_unknown_field": _l("“%(header)s” is mapped to something that does not exist."),
    "columns_missing": _l("Columns are missing. Say below which columns they are."),
    "columns_ambiguous": _l("Two columns say the same. Say below which one is right."),
    # A row
    "cell_boolean": _l("“%(value)s” is a truth value, not a text or number."),
    "cell_date": _l("“%(value)s” was turned into a date by the spreadsheet."),
    "cell_error": _l("The cell holds an error: %(value)s."),
    "cell_formula": _l("The cell holds a formula without a result: %(value)s."),
    "building_missing": _l("The building is not given."),
    "entrance_missing": _l("The entrance is not given, and the building has several."),
    "room_missing": _l("The room is not given."),
    "room_repeated": _l("This room stands already in row %(first_row)s."),
    "area_missing": _l("The area is not given."),
    "area_merged": _l(
        "One area stands for several dwellings. Write the area of each into its own row."
    ),
    "floor_zero": _l("There is no floor 0. The ground floor is 1, the first basement -1."),
    "floor_absurd": _l("Floor %(value)s is not between -9 and 99."),
    "floor_not_in_room": _l("The floor cannot be told from “%(value)s”, and no column gives it."),
    "owners_missing": _l("No owner is named."),
    "owners_incomplete": _l("“%(value)s” does not name every owner."),
    "owners_ambiguous": _l("“%(value)s”: is this one name or several? Separate several by 、"),
    "owner_too_long": _l("A name has at most %(limit)s characters."),
    "tenure_unknown": _l("“%(value)s” is not a known kind of tenure."),
    "area_source_unknown": _l(
        "“%(value)s” is not a lawful source of an area: property register, survey or sale contract."
    ),
    "counts_unknown": _l("Whether it counts is said by 是 or 否, not by “%(value)s”."),
    "phone_unreadable": _l("“%(value)s” is not a telephone number."),
    # Typed by hand
    "text_missing": _l("Fill this in."),
    "text_too_long": _l("At most %(limit)s characters."),
    "year_absurd": _l("%(value)s is not a year of construction."),
    "owner_not_one": _l("Write exactly one name."),
    "community_exists": _l("There is already a community called %(name)s."),
    "city_unknown": _l("This city has no profile."),
    "building_exists": _l("There is already a building %(name)s."),
    "entrance_exists": _l("There is already an entrance %(name)s."),
    "room_exists": _l("There is already a room %(room)s in this entrance."),
    "has_history": _l(
        "Somebody has already answered, voted or been written to here, so it cannot be removed."
    ),
    "owner_exists": _l(
        "There is already a %(name)s with this mark. Choose another mark to tell them apart."
    ),
    "split_nothing": _l("Choose the dwellings that belong to the other person."),
    "split_all": _l("At least one dwelling must stay with this person."),
    "split_unknown": _l("Choose one of the persons of that name."),
    "owner_already": _l("The other person owns room %(room)s already."),
    # Importing
    "import_applied": _l("This roster is in the register already."),
    "import_outdated": _l(
        "The register has changed since this page was made. Nothing was written. Below is what the "
        "roster would change now."
    ),
    "import_refused_rows": _l(
        "%(rows)s rows cannot be read. Confirm that you have seen them, or correct the file and "
        "upload it again."
    ),
    "import_gone_undecided": _l(
        "%(dwellings)s dwellings are not in the file any more. Say what becomes of them."
    ),
    "import_no_dwellings": _l("No dwelling could be read from this file."),
    "import_no_building": _l("The file names no building. Say below which one it is."),
}
