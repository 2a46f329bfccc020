"""Exported cells: no formula gets out, and what goes out comes back as it was."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.shared.export import csv_file, export_cell, import_cell

pytestmark = pytest.mark.security(10)

SIGNS = "=+-@\t\r\n＝＋－＠"
RISKY_TEXT = st.one_of(
    st.text(),
    st.builds(
        "".join,
        st.tuples(
            st.text(alphabet="' ", max_size=4),
            st.sampled_from(list(SIGNS)),
            st.text(alphabet="'=+-@\t\r\n＝＠ 0123.cmd|!A1,;\"", max_size=12),
        ),
    ),
    st.integers(-(10**6), 10**6).map(str),
)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 7700 900000",
        "-cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠A1",
        " =1+1",
        "-1+1",
        "-",
        "'=1",
    ],
)
def test_formula_leaves_as_text(text: str) -> None:
    assert export_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-3", "-3.25", "-2147483647"])
def test_plain_negative_number_stays_a_number(text: str) -> None:
    assert export_cell(text) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (-3, "-3"),
        (-3.0, "-3"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (1e-7, "0.0000001"),
        (123456789.25, "123456789.25"),
        (Decimal("12.50"), "12.5"),
        (date(2026, 3, 2), "2026-03-02"),
        ("Visits made", "Visits made"),
        ("it's", "it's"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_value_as_cell(value: object, text: str) -> None:
    assert export_cell(value) == text  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_only_finite_numbers_leave(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        export_cell(value)


@settings(max_examples=1000)
@given(RISKY_TEXT)
def test_cell_comes_back_as_it_was(text: str) -> None:
    cell = export_cell(text)
    assert import_cell(cell) == text
    assert cell[:1] not in SIGNS or cell.removeprefix("-").replace(".", "").isdigit() or not cell


@settings(max_examples=200)
@given(
    st.lists(st.lists(RISKY_TEXT.filter(lambda text: "\x00" not in text), min_size=2, max_size=2))
)
def test_file_comes_back_as_it_was(rows: list[list[str]]) -> None:
    rows = [[cell.encode("utf-8", "ignore").decode() for cell in row] for row in rows]
    sent = csv_file(["=name", "value"], rows)
    assert sent.startswith(b"\xef\xbb\xbf")
    back = list(csv.reader(io.StringIO(sent.decode("utf-8-sig"), newline="")))
    assert [[import_cell(cell) for cell in row] for row in back] == [["=name", "value"], *rows]
