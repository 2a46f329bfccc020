"""Tables brought in: every shape people paste or upload, each row answered beside it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.measures.table_import import (
    MOST_ROWS,
    ImportPreview,
    Recorded,
    Table,
    TableRefused,
    read_observations,
    read_table,
    read_wide,
    table_from_cells,
)
from improve.shared.export import csv_file

EARLIEST = date(1900, 1, 1)
LATEST = date(2026, 11, 25)
VISITS = "Week of,Visits made,Fell due\n02/03/2026,42,51\n09/03/2026,40,50\n"


def check(source: str | bytes | Table, **wanted: Any) -> ImportPreview:
    table = source if isinstance(source, Table) else read_table(source)
    options = {"kind": "proportion", "period": "week", "earliest": EARLIEST, "latest": LATEST}
    return read_observations(table, **(options | wanted))


def only_row(text: str, **wanted: Any) -> Any:
    (row,) = check(text, **wanted).rows
    return row


def cells_of(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


class TestShapes:
    @pytest.mark.parametrize(
        ("text", "separator"),
        [
            ("02/03/2026\t42\t51\n09/03/2026\t40\t50", "\t"),
            ("02/03/2026,42,51\n09/03/2026,40,50", ","),
            ("02/03/2026;42;51\n09/03/2026;40;50", ";"),
            ("02/03/2026;42;51\r\n09/03/2026;40;50\r\n", ";"),
            ("02/03/2026,42,51\r09/03/2026,40,50\r", ","),
            ('"02/03/2026","42","51"\n"09/03/2026","40","50"', ","),
            ("\ufeff02/03/2026,42,51\n09/03/2026,40,50", ","),
        ],
    )
    def test_separator_is_found(self, text: str, separator: str) -> None:
        table = read_table(text)
        assert table.separator == separator
        assert cells_of(table) == [("02/03/2026", "42", "51"), ("09/03/2026", "40", "50")]
        assert table.header is None

    @pytest.mark.parametrize(
        "text",
        [
            "02/03/2026,5,quiet; two away\n09/03/2026,6,busy; one back\n",
            "date,value,note\n02/03/2026,5,quiet; two away\n",
        ],
    )
    def test_semicolons_in_a_note_do_not_part_cells(self, text: str) -> None:
        assert read_table(text).separator == ","

    def test_commas_in_numbers_do_not_part_cells(self) -> None:
        table = read_table("02/03/2026;1,234\n09/03/2026;1,250\n")
        assert cells_of(table)[0] == ("02/03/2026", "1,234")

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
    )
    def test_encoding_is_found(self, encoding: str) -> None:
        table = read_table("Week of,Cost – £\n02/03/2026,£42\n".encode(encoding))
        assert table.header == ("Week of", "Cost – £")
        assert cells_of(table) == [("02/03/2026", "£42")]

    def test_big_endian_mark(self) -> None:
        table = read_table(b"\xfe\xff" + "02/03/2026,42\n".encode("utf-16-be"))
        assert cells_of(table) == [("02/03/2026", "42")]

    @pytest.mark.parametrize(
        ("first_row", "has_names"),
        [
            ("Week of,Visits made,Fell due", True),
            ("date,value", True),
            ("02/03/2026,42,51", False),
            ("31/04/2026,42,51", False),
            ("March 2026,42", False),
            ("n/a,42,51", False),
        ],
    )
    def test_column_names_are_told_from_rows(self, first_row: str, has_names: bool) -> None:
        table = read_table(f"{first_row}\n09/03/2026,40,50\n")
        assert (table.header is not None) == has_names

    @pytest.mark.parametrize("parted", [",", "\t"])
    def test_a_title_over_the_names_is_left_out(self, parted: str) -> None:
        """As people keep their sheets: a title, an empty row, names, numbers, a remark."""
        rows = [
            ["Interpreters 2026"],
            ["Assessment South"],
            [],
            ["Week commencing", "Booked", "Needed", "Comment"],
            ["16/11/2026", "12", "14", "snow"],
            ["23/11/2026", "11", "13"],
        ]
        table = read_table("\n".join(parted.join(row) for row in rows))
        assert table.header == ("Week commencing", "Booked", "Needed", "Comment")
        assert [(row.number, row.cells[1]) for row in table.rows] == [(5, "12"), (6, "11")]

    def test_what_only_looks_like_a_title_stays(self) -> None:
        table = read_table("Moved on\nnot sure\n02/03/2026\n09/03/2026\n")
        assert table.header == ("Moved on",)
        assert cells_of(table) == [("not sure",), ("02/03/2026",), ("09/03/2026",)]
        # A row under the numbers is no name of a column.
        late = read_table("date,value\n02/03/2026,1\nwhen,what\n09/03/2026,2\n")
        assert late.header == ("date", "value")
        assert len(late.rows) == 3

    def test_rows_are_numbered_as_a_spreadsheet_does(self) -> None:
        table = read_table("\nWeek of,value\n02/03/2026,1\n\n,,\n09/03/2026,2\n\n\n")
        assert [row.number for row in table.rows] == [3, 6]
        assert table.empty_rows == 3

    def test_line_break_inside_quotes_stays_in_its_cell(self) -> None:
        table = read_table('date,value,note\n02/03/2026,5,"two\nlines"\n09/03/2026,6,x\n')
        assert [row.number for row in table.rows] == [2, 3]
        assert table.rows[0].cells[2] == "two\nlines"

    def test_own_export_comes_back(self) -> None:
        sent = csv_file(
            ["period", "value", "note"],
            [[date(2026, 3, 2), -3.5, "=quiet"], [date(2026, 3, 9), 1234.0, None]],
        )
        preview = check(sent, kind="value")
        assert [(row.period_start, row.value) for row in preview.rows] == [
            (date(2026, 3, 2), -3.5),
            (date(2026, 3, 9), 1234),
        ]
        assert read_table(sent).rows[0].cells[2] == "=quiet"
        assert preview.notes[-1] == "Not used: “note”."


class TestRefusedAsAWhole:
    @pytest.mark.parametrize(
        ("source", "words"),
        [
            ("", "There are no rows here"),
            ("\n \n,,,\n", "There are no rows here"),
            (b"", "There are no rows here"),
            (b"\xff\xfe", "There are no rows here"),
            ("date,value\n", "There are only column names here"),
            (b"PK\x03\x04 xl/workbook.xml", "This is an Excel workbook"),
            (b"PK\x03\x04 other", "This is a packed file"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "This is a workbook of the old Excel kind (.xls)"),
            (b"%PDF-1.7", "This is a PDF"),
            (b"\x89PNG\r\n\x1a\n", "This is a picture"),
            (b"a,b\n1,\x00\x01\x02", "This is not a table in text form"),
            (b"\xff\xfe\x00\xd8", "This is not a table in text form"),
            ("a\x00b,1", "This is not a table in text form"),
            ("\ud800,1", "This is not a table in text form"),
            ('02/03/2026,"5\n09/03/2026,6', "Row 1 has a quote mark that is not closed"),
            ("x" * (5 * 1024 * 1024 + 1), "This is more than 5 MB"),
            ("£" * (3 * 1024 * 1024), "This is more than 5 MB"),
            (b"x" * (5 * 1024 * 1024 + 1), "This is more than 5 MB"),
            ("02/03/2026,5\n" * (MOST_ROWS + 1), "There are more than 20,000 rows"),
            (",".join(["1"] * 201), "Row 1 has more than 200 columns"),
            ("date,value\n02/03/2026," + "5" * 2001, "Row 2 has a cell with more than 2,000"),
            ("date,value\n02/03/2026," + "5" * 200_000, "Row 2 has a cell with more than 2,000"),
            ("a" + "," * 1_000_000, "There are only column names here"),
        ],
    )
    def test_table_is_refused_in_words(self, source: str | bytes, words: str) -> None:
        with pytest.raises(TableRefused) as refusal:
            read_table(source)
        assert refusal.value.words.startswith(words)

    def test_one_column_is_refused(self) -> None:
        with pytest.raises(TableRefused, match="one column"):
            check("42\n43\n", kind="value")

    def test_percentage_alone_is_refused_for_a_proportion(self) -> None:
        with pytest.raises(TableRefused) as refusal:
            check("02/03/2026,45%\n")
        assert "two are needed" in refusal.value.words
        assert check("02/03/2026,45%\n", kind="value").rows[0].value == 45

    def test_twenty_thousand_rows_are_taken(self) -> None:
        start = date(1970, 1, 5)
        days = [start + timedelta(days=at) for at in range(MOST_ROWS)]
        text = "".join(f"{day:%d/%m/%Y},{day.day},{day.day + 3}\n" for day in days)
        preview = check(text, period="day")
        assert (preview.new, preview.bad) == (MOST_ROWS, 0)


class TestRows:
    def test_preview_as_drawn(self) -> None:
        text = (
            "02/03/2026\t42\t51\n09/03/2026\t40\t50\n16/03/2026\t39\t53\n23/03/2026\tn/a\t52\n"
            "30/03/2026\t43\t51\n06/04/2026\t41\t50\n31/04/2026\t41\t50\n29/06/2026\t54\t51\n"
        )
        preview = check(
            text,
            existing={
                date(2026, 3, 9): Recorded(numerator=40, denominator=50),
                date(2026, 3, 16): Recorded(numerator=38, denominator=50),
            },
            labels=("visits made", "fell due"),
        )
        shown = [(row.row_number, row.words, row.hint, row.bad_column) for row in preview.rows]
        assert shown == [
            (1, "New", "", None),
            (2, "Already there", "", None),
            (3, "Replaces 76%", "", None),
            (4, "“n/a” is not a number", "Leave the row out, or type one.", "numerator"),
            (5, "New", "", None),
            (6, "New", "", None),
            (7, "There is no 31 April", "Did you mean 4 May?", "period"),
            (
                8,
                "54 visits made, but only 51 fell due",
                "The top line cannot be the larger.",
                "numerator",
            ),
        ]
        assert (preview.new, preview.replaces, preview.same, preview.bad) == (3, 1, 1, 3)
        assert [row.row_number for row in preview.bad_rows] == [4, 7, 8]
        assert [row.row_number for row in preview.ready_rows] == [1, 3, 5, 6]
        assert preview.rows[0].share == 42 / 51

    def test_suggested_week_is_not_one_already_there(self) -> None:
        preview = check("31/04/2026,41,50\n04/05/2026,41,50\n")
        assert preview.rows[0].hint == "Did you mean 11 May?"

    @pytest.mark.parametrize(
        ("text", "words", "column"),
        [
            ("02/03/2026,54,51", "54 on the top line, but only 51 on the bottom line", "numerator"),
            (
                "02/03/2026,0,0",
                "The bottom line is 0, so there is nothing to take a share of",
                "denominator",
            ),
            ("02/03/2026,-3,5", "-3 is below 0", "numerator"),
            ("02/03/2026,3,-5", "-5 is below 0", "denominator"),
            ("02/03/2026,1.5,5", "1.5 is not a whole number", "numerator"),
            ("02/03/2026,45%,50", "45% is a percentage", "numerator"),
            ("02/03/2026,NaN,50", "“NaN” is not a number", "numerator"),
            ("02/03/2026,1e999,50", "“1e999” is a shortened number", "numerator"),
            ("02/03/2026,,50", "There is no number here", "numerator"),
            ("02/03/2026,50", "There is no number here", "denominator"),
            (",5,50", "There is no date here", "period"),
            ("31/02/2026,5,50", "There is no 31 February", "period"),
            ("soon,5,50", "“soon” is not a date", "period"),
            ("March 2026,5,50", "“March 2026” is a whole month, and this measure is", "period"),
            ("02/03/2027,5,50", "2 March 2027 is too far ahead", "period"),
            ("46083,5,50", "“46083” is how a spreadsheet stores a date", "period"),
            (
                "03/23/2026,5,50",
                "There is no month 23. Dates are day first: did you mean 23/03/2026?",
                "period",
            ),
        ],
    )
    def test_row_is_refused_in_words(self, text: str, words: str, column: str) -> None:
        row = only_row(f"Week of,numerator,denominator\n{text}\n")
        assert row.state == "bad"
        assert row.words.startswith(words)
        assert row.bad_column == column

    def test_numbers_are_read_as_typed(self) -> None:
        row = only_row('02/03/2026,"1,234","£2,000"\n')
        assert (row.numerator, row.denominator, row.value) == (1234, 2000, None)

    def test_comma_in_a_number_that_parts_its_cell_is_noticed(self) -> None:
        row = only_row("date,value\n02/03/2026,1,234\n", kind="count")
        assert row.words == "This row has 3 cells, and 2 are asked for"
        assert "comma" in row.hint
        copied = only_row("date\tvalue\n02/03/2026\t1\tsnow\n", kind="count")
        assert copied.hint.startswith("Name every column")

    def test_count_must_be_whole_and_not_negative(self) -> None:
        preview = check("02/03/2026,-3\n09/03/2026,1.5\n16/03/2026,0\n", kind="count")
        assert [row.state for row in preview.rows] == ["bad", "bad", "new"]

    def test_value_may_be_negative_or_broken(self) -> None:
        preview = check("02/03/2026,-3\n09/03/2026,1.5\n", kind="value")
        assert [row.value for row in preview.rows] == [-3, 1.5]

    def test_rate_may_be_above_one(self) -> None:
        row = only_row("02/03/2026,5,2.5\n", kind="rate")
        assert (row.state, row.share) == ("new", 2)

    def test_second_row_for_a_period_is_bad(self) -> None:
        preview = check("02/03/2026,42,51\n09/03/2026,1,2\n04/03/2026,40,50\n")
        assert preview.rows[2].words == "Row 1 already has the week of 2 Mar"
        assert preview.bad == 1

    def test_second_row_for_a_date_is_taken_for_samples(self) -> None:
        preview = check("02/03/2026,4\n02/03/2026,5\n", kind="value", period=None, may_repeat=True)
        assert preview.new == 2

    @pytest.mark.parametrize("mark", ["c", "x", "u", "z", ":", "-", "..", "C", "[c]", ""])
    def test_number_not_published_is_a_gap(self, mark: str) -> None:
        row = only_row(f"month,value\nMar 2026,{mark}\n", kind="count", period="month")
        assert (row.state, row.value, row.period_start) == ("gap", None, date(2026, 3, 1))
        assert row.words == "A gap, not a zero"

    def test_half_a_pair_not_published_is_a_gap(self) -> None:
        assert only_row("02/03/2026,c,50\n").state == "gap"

    def test_gap_leaves_what_is_recorded(self) -> None:
        existing = {date(2026, 3, 2): Recorded(value=62)}
        row = only_row("02/03/2026,c\n", kind="value", existing=existing)
        assert row.hint == "“c” stands for a number not given. 62 already there stays."

    def test_empty_rows_are_counted(self) -> None:
        preview = check("Week of,a,b\n02/03/2026,42,51\n\n\t\n09/03/2026,40,50\n\n")
        assert preview.notes == (
            "The row above the numbers was read as column names.",
            "2 empty rows were left out.",
        )

    def test_columns_are_found_by_name_in_any_order(self) -> None:
        preview = check(
            "Team,Fell due,Visits made,Week of\nNorth,51,42,02/03/2026\n",
            labels=("visits made", "fell due"),
        )
        row = preview.rows[0]
        assert (row.numerator, row.denominator) == (42, 51)
        assert preview.column_names == ("Week of", "Visits made", "Fell due")
        assert preview.notes[-1] == "Not used: “Team”."

    def test_corrected_rows_can_be_checked_again(self) -> None:
        table = table_from_cells([["23/03/2026", "40", "52"], ["31/04/2026", "41", "50"]])
        assert [row.state for row in check(table).rows] == ["new", "bad"]


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["02/03/2026", "Mar 2026", "2024", "45%", "1,234", "c", "", "n/a", '"', "April"]
    ),
)
TEXTS = st.lists(st.lists(CELLS, max_size=6), max_size=6).flatmap(
    lambda rows: st.sampled_from(",;\t").map(
        lambda separator: "\n".join(separator.join(row) for row in rows)
    )
)


@settings(max_examples=300)
@given(
    st.one_of(TEXTS, st.text(), st.binary(), TEXTS.map(lambda text: text.encode("utf-16"))),
    st.sampled_from(["proportion", "count", "value", "rate"]),
    st.sampled_from(["day", "week", "month", "quarter", "year", None]),
)
def test_anything_is_read_or_refused(source: str | bytes, kind: str, period: str | None) -> None:
    try:
        preview = check(source, kind=kind, period=period)
    except TableRefused as refusal:
        assert refusal.words  # noqa: PT017 - either outcome is right, others are not
        return
    assert preview.rows
    for row in preview.rows:
        assert row.words
        assert len(row.cells) == len(preview.roles)
        assert (row.bad_column is None) == (row.state != "bad")


@settings(max_examples=200)
@given(TEXTS, st.lists(CELLS, max_size=2))
def test_anything_wide_is_read_or_refused(text: str, column: list[str]) -> None:
    head = "time_period,la_name,April,May,June,July,August,September\n"
    try:
        picked = read_wide(read_table(head + text), {}, column)
    except TableRefused as refusal:
        assert refusal.words  # noqa: PT017 - either outcome is right, others are not
        return
    assert picked.table.rows
