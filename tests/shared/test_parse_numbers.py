"""Numbers as people type them: each taken rightly or refused in words."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improve.shared.export import export_cell
from improve.shared.parsing import LARGEST_NUMBER, NotReadable, parse_number, read_number

pytestmark = pytest.mark.security(11)


def answer(text: str) -> float | str:
    """The number, or the words it was refused in."""
    try:
        return parse_number(text)
    except NotReadable as refusal:
        return refusal.words


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0", 0),
        ("45", 45),
        ("1,234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("12,345,678.5", 12345678.5),
        ("£1,234", 1234),
        ("£ 1,234.50", 1234.5),
        ("-£3", -3),
        ("£-3", -3),
        ("-3", -3),
        ("\u22123", -3),
        ("–3", -3),
        ("+3", 3),
        ("-0", 0),
        ("0.5", 0.5),
        (".5", 0.5),
        ("007", 7),
        (" 12 ", 12),
        ("\ufeff12", 12),
        ("12\t", 12),
        ("2147483647", LARGEST_NUMBER),
        ("123456789.012345", 123456789.012345),
        ("0.333333333333333", 0.333333333333333),
    ],
)
def test_number_is_taken(typed: str, value: float) -> None:
    assert parse_number(typed) == value
    assert not read_number(typed).is_percent


@pytest.mark.parametrize(
    ("typed", "value"), [("45%", 45), ("45 %", 45), ("12.5%", 12.5), ("-3%", -3)]
)
def test_percent_is_told_to_the_caller(typed: str, value: float) -> None:
    read = read_number(typed)
    assert (read.value, read.is_percent) == (value, True)


def test_minus_nought_has_no_sign() -> None:
    assert math.copysign(1, parse_number("-0.0")) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "There is no number here"),
        ("   ", "There is no number here"),
        ("n/a", "“n/a” is not a number"),
        ("NaN", "“NaN” is not a number"),
        ("inf", "“inf” is not a number"),
        ("-Infinity", "“-Infinity” is not a number"),
        ("1_000", "“1_000” is not a number"),
        ("0x10", "“0x10” is not a number"),
        ("１２", "“１２” is not a number"),
        ("٣", "“٣” is not a number"),
        ("1²", "“1²” is not a number"),
        ("12 visits", "“12 visits” is not a number"),
        ("--3", "“--3” is not a number"),
        ("3-", "“3-” is not a number"),
        ("££3", "“££3” is not a number"),
        ("$3", "“$3” is not a number"),
        ("3%%", "“3%%” is not a number"),
        ("1 23", "“1 23” is not a number"),
        ("1.2.3", "“1.2.3” is not a number"),
        (".", "“.” is not a number"),
        ("%", "“%” is not a number"),
        ("(12)", "“(12)” is not a number"),
        ("1\x002", "“12” is not a number"),
        ("1,23", "Use a point, not a comma: 1.23"),
        ("0,123", "Use a point, not a comma: 0.123"),
        ("1.234,56", "Use a point, not a comma: 1234.56"),
        ("1e3", "“1e3” is a shortened number"),
        ("1E+05", "“1E+05” is a shortened number"),
        ("1e999", "“1e999” is a shortened number"),
        ("2147483648", "“2147483648” is too big"),
        ("-9,999,999,999", "“-9,999,999,999” is too big"),
        ("1234567890123456", "“1234567890123456” has more than 15 digits"),
        ("0.1234567890123456", "“0.1234567890123456” has more than 15 digits"),
        ("9" * 61, "This is too long to be a number"),
    ],
)
def test_number_is_refused_in_words(typed: str, words: str) -> None:
    with pytest.raises(NotReadable) as refusal:
        parse_number(typed)
    assert refusal.value.words == words


def test_long_text_is_shortened_in_the_refusal() -> None:
    with pytest.raises(NotReadable) as refusal:
        parse_number("about as many as there were last year")
    assert refusal.value.words == "“about as many as there …” is not a number"


@given(st.text(max_size=80))
def test_any_text_is_a_number_or_a_refusal(text: str) -> None:
    value = answer(text)
    assert isinstance(value, str) or abs(value) <= LARGEST_NUMBER


@given(st.text(alphabet="0123456789.,+-–£% eE_\u00a0()", max_size=30))
def test_any_text_of_number_characters_is_a_number_or_a_refusal(text: str) -> None:
    value = answer(text)
    assert isinstance(value, str) or math.isfinite(value)


@given(st.floats(-LARGEST_NUMBER, LARGEST_NUMBER).filter(lambda value: not 0 < abs(value) < 1e-20))
def test_exported_number_is_read_back(value: float) -> None:
    assert parse_number(export_cell(value)) == float(format(value, ".15g"))


def test_reading_is_quick_whatever_comes() -> None:
    started = time.perf_counter()
    for text in ("1," * 30, "1 " * 30, "9" * 60, "1" * 40 + "," + "1" * 19, "(" * 100_000):
        with pytest.raises(NotReadable):
            parse_number(text)
    assert time.perf_counter() - started < 0.5
