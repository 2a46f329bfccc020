"""Dates as people type them: day first, each taken rightly or refused in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improve.shared.parsing import NotReadable, day_words, month_number, parse_date, read_date

pytestmark = pytest.mark.security(11)

EARLIEST = date(1900, 1, 1)
LATEST = date(2027, 12, 31)


def parse(text: str) -> date:
    return parse_date(text, earliest=EARLIEST, latest=LATEST)


def answer(read: Callable[[], date]) -> date | str:
    """The date, or the words it was refused in."""
    try:
        return read()
    except NotReadable as refusal:
        return refusal.words


@pytest.mark.parametrize(
    "typed",
    [
        "23/03/2026",
        "23/3/26",
        "23.03.2026",
        "23-03-2026",
        "23 03 2026",
        "23 Mar 2026",
        "23 March 2026",
        "23rd March 2026",
        "23-Mar-26",
        "23-Mar-2026",
        "Mon 23 Mar 2026",
        "Monday, 23 March 2026",
        "March 23, 2026",
        "2026-03-23",
        "2026/03/23",
        "2026-03-23 00:00:00",
        "2026-03-23T09:30:00",
        "23/03/2026 00:00",
        " 23/03/2026\u00a0",
        "23 march 2026",
        "23 MAR 2026",
    ],
)
def test_date_is_taken(typed: str) -> None:
    assert parse(typed) == date(2026, 3, 23)
    assert not read_date(typed, earliest=EARLIEST, latest=LATEST).is_month


@pytest.mark.parametrize(
    "typed",
    ["Mar 2026", "March 2026", "Mar-26", "2026-03", "03/2026", "3/2026", "2026 March", "MAR 26"],
)
def test_month_is_its_first_day(typed: str) -> None:
    read = read_date(typed, earliest=EARLIEST, latest=LATEST)
    assert (read.on, read.is_month) == (date(2026, 3, 1), True)


def test_day_comes_first_when_both_could() -> None:
    assert parse("03/04/2026") == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("typed", "year"),
    [("1/1/00", 2000), ("1/1/27", 2027), ("1/1/70", 1970), ("1/1/99", 1999)],
)
def test_two_digit_years(typed: str, year: int) -> None:
    assert parse(typed).year == year


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "There is no date here"),
        ("soon", "“soon” is not a date"),
        ("31/02/2026", "There is no 31 February"),
        ("31/04/2026", "There is no 31 April"),
        ("29/02/2025", "There is no 29 February 2025"),
        ("00/03/2026", "There is no 0 March"),
        ("32/01/2026", "There is no 32 January"),
        ("23/00/2026", "There is no month 0"),
        ("23/13/2026", "There is no month 13"),
        ("2026-13", "There is no month 13"),
        (
            "03/23/2026",
            "There is no month 23. Dates are day first: did you mean 23/03/2026?",
        ),
        (
            "03-23-26",
            "There is no month 23. Dates are day first: did you mean 23-03-2026?",
        ),
        ("Tue 23 Mar 2026", "23 March 2026 is a Monday, not a Tuesday"),
        ("Foo 23 Mar 2026", "“Foo 23 Mar 2026” is not a date"),
        ("23 Mar", "“23 Mar” has no year"),
        ("23-Mar", "“23-Mar” has no year"),
        ("23/03", "“23/03” has no year"),
        ("46104", "“46104” is how a spreadsheet stores a date"),
        ("46104.5", "“46104.5” is how a spreadsheet stores a date"),
        ("23/03-2026", "“23/03-2026” is not a date"),
        ("23/03/202", "“23/03/202” is not a date"),
        ("２３/03/2026", "“２３/03/2026” is not a date"),
        ("23/03/0000", "There is no year 0"),
        ("31/12/1899", "31 December 1899 is too early"),
        ("01/01/2028", "1 January 2028 is too far ahead"),
        ("23/03/2026" + " " * 60, "This is too long to be a date"),
    ],
)
def test_date_is_refused_in_words(typed: str, words: str) -> None:
    with pytest.raises(NotReadable) as refusal:
        parse(typed)
    assert refusal.value.words == words


def test_refusal_suggests_the_date_that_may_be_meant() -> None:
    with pytest.raises(NotReadable) as refusal:
        parse("03/23/2026")
    assert refusal.value.suggestion == date(2026, 3, 23)
    with pytest.raises(NotReadable) as refusal:
        parse("31/04/2026")
    assert (refusal.value.suggestion, refusal.value.hint) == (
        date(2026, 5, 1),
        "April has 30 days.",
    )


def test_bounds_are_included_and_named() -> None:
    assert parse("01/01/1900") == EARLIEST
    assert parse("31/12/2027") == LATEST
    with pytest.raises(NotReadable) as refusal:
        parse("01/01/2028")
    assert refusal.value.hint == "Dates here end on 31 December 2027."


def test_month_names() -> None:
    assert [month_number(name) for name in ("April", "sept", "Mar", "Referrals", "")] == [
        4,
        9,
        3,
        None,
        None,
    ]


@given(st.text(max_size=80))
def test_any_text_is_a_date_or_a_refusal(text: str) -> None:
    found = answer(lambda: parse(text))
    assert isinstance(found, str) or EARLIEST <= found <= LATEST


@given(st.text(alphabet="0123456789/-. :TMarchSept,", max_size=30))
def test_any_text_of_date_characters_is_a_date_or_a_refusal(text: str) -> None:
    assert answer(lambda: parse_date(text, earliest=date.min, latest=date.max))


@given(st.dates(EARLIEST, LATEST))
def test_every_way_of_writing_a_date_gives_it_back(day: date) -> None:
    for written in (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day}.{day.month}.{day.year}",
        day_words(day),
        f"{day:%a} {day.day} {day:%b} {day.year}",
    ):
        assert parse(written) == day
