"""Official files with a year in each row, and workbooks: read as tables or refused as a whole."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from improve.measures.table_import import (
    TableRefused,
    read_table,
    read_wide,
    read_workbook,
)
from tests.measures.test_read_tables import cells_of, check

WIDE = """time_period,geographic_level,la_name,Referrals,April,May,June,July,August,September,\
October,November,December,January,February,March
2014,Local authority,Northtown,78,1,2,3,4,5,6,7,8,9,10,11,12
2013,Local authority,Northtown,c,13,c,15,16,17,18,19,20,x,22,23,24
2013,Local authority,"Southtown, City of",u,u,u,u,u,u,u,u,u,u,u,u,u
2014,Local authority,"Southtown, City of",78,1,2,3,4,5,6,7,8,9,10,11,12
"""


class TestWide:
    def test_months_come_in_date_order(self) -> None:
        picked = read_wide(read_table(WIDE), {"la_name": "northtown"})
        preview = check(picked.table, kind="count", period=picked.period)
        assert len(preview.rows) == 24
        assert (preview.new, preview.gaps, preview.bad) == (22, 2, 0)
        assert preview.rows[0].period_start == date(2012, 4, 1)
        assert preview.rows[-1].period_start == date(2014, 3, 1)
        assert [row.value for row in preview.rows][:3] == [13, None, 15]
        assert (preview.rows[1].row_number, preview.rows[1].column) == (3, "May")
        assert picked.words == "2014 is read as the year from April 2013 to March 2014."

    def test_calendar_years_with_january_first(self) -> None:
        text = "year,January,February,March,April,May,June\n2024,1,2,3,4,5,6\n"
        picked = read_wide(read_table(text), {})
        assert picked.table.rows[0].cells == ("2024-01-01", "1")

    @pytest.mark.parametrize(
        ("column", "names"),
        [(["Referrals"], ("year", "value")), (["June", "Referrals"], ("year", "numerator"))],
    )
    def test_one_figure_for_each_year(self, column: list[str], names: tuple[str, ...]) -> None:
        picked = read_wide(read_table(WIDE), {"la_name": "Northtown"}, column)
        assert picked.period == "year"
        assert picked.table.header is not None
        assert picked.table.header[:2] == names
        assert [row.cells[0] for row in picked.table.rows] == ["2012-04-01", "2013-04-01"]

    @pytest.mark.parametrize(
        ("pick", "column", "words", "hint"),
        [
            ({}, [], "More than one row is left for 2013", "Pick one by another column, such as"),
            ({"la": "x"}, [], "There is no column “la”", "The columns are: time_period, "),
            ({"la_nam": "x"}, [], "There is no column “la_nam”", "Did you mean la_name?"),
            (
                {"la_name": "Nortown"},
                [],
                "No row has “Nortown” in the column la_name",
                "Did you mean Northtown?",
            ),
            ({"la_name": "Northtown"}, ["Referals"], "There is no column", "Did you mean Referra"),
        ],
    )
    def test_pick_is_refused_in_words(
        self, pick: dict[str, str], column: list[str], words: str, hint: str
    ) -> None:
        with pytest.raises(TableRefused) as refusal:
            read_wide(read_table(WIDE), pick, column)
        assert refusal.value.words.startswith(words)
        assert refusal.value.hint.startswith(hint)

    def test_suggestion_names_the_place(self) -> None:
        with pytest.raises(TableRefused) as refusal:
            read_wide(read_table(WIDE), {})
        assert refusal.value.hint.endswith("la_name=Southtown, City of.")

    @pytest.mark.parametrize("year", ["next", "24", "20234", "202325", "²⁰²⁴", ""])
    def test_year_that_cannot_be_read(self, year: str) -> None:
        text = f"time_period,April,May,June,July,August,September\n{year},1,2,3,4,5,6\n"
        with pytest.raises(TableRefused, match="is not a year"):
            read_wide(read_table(text, has_header=True), {})


def workbook(fill: Callable[[Any], None]) -> bytes:
    book = Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class TestWorkbooks:
    def test_first_sheet_with_rows_is_read(self) -> None:
        def fill(book: Any) -> None:
            sheet = book.create_sheet("Data")
            sheet.append(["Week of", "Share", "Note"])
            sheet.append([date(2026, 3, 2), 0.07, "=1+1"])
            sheet.append([datetime(2026, 3, 9), 1234.5, True])  # noqa: DTZ001 - workbooks know no zones
            sheet.append([])
            sheet.append(["16/03/2026", 3, None])
            sheet["B2"].number_format = "0%"
            sheet["C2"].data_type = "s"

        table = read_workbook(workbook(fill))
        assert table.header == ("Week of", "Share", "Note")
        assert cells_of(table) == [
            ("2026-03-02", "7%", "=1+1"),
            ("2026-03-09", "1234.5", "TRUE"),
            ("16/03/2026", "3"),
        ]
        assert [row.number for row in table.rows] == [2, 3, 5]
        assert table.empty_rows == 1

    def test_cell_far_away_is_refused_quickly(self) -> None:
        def fill(book: Any) -> None:
            book.active["A1048576"] = 1

        with pytest.raises(TableRefused, match="too big"):
            read_workbook(workbook(fill))

    @pytest.mark.parametrize(
        "source", [b"PK\x03\x04xl/ nonsense", b"", b"not packed", b"PK\x05\x06" + b"\0" * 18]
    )
    def test_damage_is_refused(self, source: bytes) -> None:
        with pytest.raises(TableRefused):
            read_workbook(source)

    def test_damaged_part_is_refused(self) -> None:
        sound = workbook(lambda book: book.active.append(["02/03/2026", 1]))
        middle = len(sound) // 2
        for at in range(40, len(sound), 97):
            broken = sound[:at] + bytes([sound[at] ^ 0xFF]) + sound[at + 1 :]
            try:
                assert read_workbook(broken).rows
            except TableRefused as refusal:
                assert refusal.words  # noqa: PT017 - either outcome is right, others are not
        with pytest.raises(TableRefused):
            read_workbook(sound[:middle])

    @pytest.mark.security(31)
    def test_bomb_is_refused_before_unpacking(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/workbook.xml", b" " * (51 * 1024 * 1024))
        assert len(out.getvalue()) < 100_000
        with pytest.raises(TableRefused, match="too big when unpacked"):
            read_workbook(out.getvalue())

    @pytest.mark.security(12)
    def test_document_type_is_refused(self) -> None:
        sound = workbook(lambda book: book.active.append(["02/03/2026", 1]))
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(sound)) as old, zipfile.ZipFile(out, "w") as new:
            for part in old.infolist():
                text = old.read(part)
                if part.filename == "xl/workbook.xml":
                    head, mark, rest = text.partition(b"<workbook")
                    text = head + b'<!DOCTYPE w [<!ENTITY a "b">]>' + mark + rest
                new.writestr(part.filename, text)
        with pytest.raises(TableRefused, match="cannot be opened"):
            read_workbook(out.getvalue())

    @pytest.mark.security(31)
    def test_workbook_sent_as_csv_is_named(self) -> None:
        sound = workbook(lambda book: book.active.append(["02/03/2026", 1]))
        with pytest.raises(TableRefused, match="Excel workbook"):
            read_table(sound, filename="visits.csv")
