"""A half is rounded up wherever a number is shown."""

from __future__ import annotations

import pytest

from improve.shared.formatting import number, percent
from improve.shared.rounding import in_figures


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2.5, "2.5"),
        (0.125, "0.13"),
        (2.675, "2.68"),
        (-0.125, "-0.13"),
        (1234.5, "1,234.5"),
        (-0.001, "0"),
        (3.0, "3"),
        (None, ""),
    ],
)
def test_numbers(value: float | None, words: str) -> None:
    assert number(value) == words


@pytest.mark.parametrize(
    ("share", "words"), [(1 / 8, "13%"), (29 / 200, "15%"), (0.005, "1%"), (0.375, "38%")]
)
def test_shares(share: float, words: str) -> None:
    assert percent(share) == words


def test_numbers_beyond_decimals_are_whole() -> None:
    assert in_figures(2e13 + 0.5, 2) == "20,000,000,000,000"
    assert in_figures(float("inf")) == "inf"
