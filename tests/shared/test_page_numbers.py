"""Numbers that an address carries: a page, a version, an id. Anything may stand there."""

from __future__ import annotations

import pytest

from improve.shared.formatting import page_number, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("007", 7),
        ("999999999", 999_999_999),
        ("9999999999", None),
        ("9" * 5_000, None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_only_what_a_column_can_hold_is_a_number(text: str | None, number: int | None) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", [None, "", "0", "-3", "later", "9" * 30])
def test_anything_else_is_the_first_page(text: str | None) -> None:
    assert page_number(text) == 1
