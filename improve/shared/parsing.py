"""Numbers and dates as people type them: the one place that reads either.

What is taken is what a British council types or copies from a spreadsheet. What could mean two
things is refused with words that say what to type instead; nothing is guessed in silence, since a
wrong number on a chart does more harm than a refusal beside its row.

Pure: no clock, no web framework. Every pattern is bounded and the length is checked first, so no
input can make reading slow.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time, timedelta

from improve.shared import limits

LARGEST_NUMBER = 2**31 - 1
"""Largest size taken (OWASP ASVS 5.0.0, 1.4.2): fits every integer column of both databases."""

MOST_DIGITS = 15
"""More significant digits than this can't be held exactly by a float or by a spreadsheet."""

LONGEST_TEXT = limits.length("number_or_day")
"""No number or date is longer; anything longer is refused before a pattern sees it."""

LAST_TWO_DIGIT_YEAR = 69
"""Two-digit years: 00 to 69 are 2000 to 2069, 70 to 99 are 1970 to 1999."""

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "))
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
_INVISIBLE = str.maketrans(dict.fromkeys("\ufeff\u200b\u200e\u200f", None))

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH_NUMBERS = {name.lower(): number for number, name in enumerate(MONTH_NAMES, start=1)}
_MONTH_NUMBERS |= {name[:3].lower(): number for number, name in enumerate(MONTH_NAMES, start=1)}
_MONTH_NUMBERS["sept"] = 9
_WEEKDAYS = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    *("Saturday", "Sunday"),
)
_WEEKDAY_NUMBERS = {name.lower(): number for number, name in enumerate(_WEEKDAYS)}
_WEEKDAY_NUMBERS |= {name[:3].lower(): number for number, name in enumerate(_WEEKDAYS)}
_WEEKDAY_NUMBERS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}

# [0-9] and not \d, which would also take the digits of every other script.
_PLAIN = re.compile(r"[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40}")
_GROUPED = re.compile(
    r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){1,12}|(?: [0-9]{3}){1,12})(?:\.[0-9]{1,40})?"
)
_COMMA_DECIMAL = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3}){1,12},[0-9]{1,20}|[0-9]{1,20},[0-9]{1,20}")
_EXPONENT = re.compile(r"[0-9.,]{1,40}[eE][+-]?[0-9]{1,10}")

_DAY_FIRST = re.compile(
    r"([0-9]{1,2})([/.\- ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)
_ISO = re.compile(
    r"([0-9]{4})([/.\-])([0-9]{1,2})\2([0-9]{1,2})"
    r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?"
)
_DAY_NAMED = re.compile(
    r"(?:([A-Za-z]{3,9})\.?,? )?([0-9]{1,2})(?:st|nd|rd|th)?(?: of)?[ \-/.]{0,2}([A-Za-z]{3,9})\.?"
    r"(?:[ \-/,.]{1,2}([0-9]{4}|[0-9]{2}))?"
)
_NAMED_DAY = re.compile(
    r"(?:([A-Za-z]{3,9})\.?,? )?([A-Za-z]{3,9}) ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})"
)
_MONTH_NAMED = re.compile(r"([A-Za-z]{3,9})\.?[ \-/,']{0,2}([0-9]{4}|[0-9]{2})")
_NAMED_MONTH = re.compile(r"([0-9]{4})[ \-/]([A-Za-z]{3,9})")
_MONTH_ISO = re.compile(r"([0-9]{4})[\-/.]([0-9]{1,2})")
_MONTH_SLASH = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{4})")
_NO_YEAR = re.compile(r"[0-9]{1,2}[/.\- ][0-9]{1,2}")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?(?:[:.]00)? ?(am|pm|a\.m\.|p\.m\.)?")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]{1,15})?")


class NotReadable(ValueError):
    """A number or date that was not taken.

    `words` says what is wrong, in a sentence for the screen without a full stop; `hint` what to
    do about it (may be empty); `suggestion` a date that may have been meant, or None.
    """

    def __init__(self, words: str, hint: str = "", suggestion: date | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.hint = hint
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number as read, and whether a % stood behind it (`45%` has the value 45)."""

    value: float
    is_percent: bool


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date as read; `is_month` when only a month was given, and `on` is then its first day."""

    on: date
    is_month: bool


def parse_number(text: str) -> float:
    """The number typed: `1,234`, `1 234`, `£1,234`, `45%` (45), `-3`, `0.5`.

    Refuses with `NotReadable`: nothing, NaN, infinity, exponents, underscores, decimal commas,
    digits of other scripts, more than 15 digits, more than 2,147,483,647 in size.
    """
    return read_number(text).value


def read_number(text: str) -> ReadNumber:
    """Like `parse_number`, and says whether a % was there."""
    tidy = _tidied(text, "a number").translate(_MINUS)
    if not tidy:
        raise NotReadable("There is no number here", "Type a number.")
    body = tidy
    sign = 1
    is_percent = body.endswith("%")
    if is_percent:
        body = body[:-1].rstrip(" ")
    has_pound = False
    for _ in range(2):  # "-£3" and "£-3" are both written
        if body[:1] in ("-", "+") and sign == 1:
            sign = -1 if body[0] == "-" else 1
            body = body[1:]
        if body[:1] == "£" and not has_pound:
            has_pound = True
            body = body[1:].lstrip(" ")
    if not _PLAIN.fullmatch(body):
        if not _GROUPED.fullmatch(body):
            raise _not_a_number(text, body)
        body = body.replace(",", "").replace(" ", "")
    if len(body.replace(".", "").strip("0") or "0") > MOST_DIGITS:
        raise NotReadable(
            f"{_quoted(text)} has more than {MOST_DIGITS} digits", "Round it to fewer digits."
        )
    value = float(body)
    if value > LARGEST_NUMBER:
        raise NotReadable(
            f"{_quoted(text)} is too big", f"The largest number taken is {LARGEST_NUMBER:,}."
        )
    return ReadNumber(sign * value if value else 0.0, is_percent)


def parse_date(text: str, *, earliest: date, latest: date) -> date:
    """The date typed, day first; a month alone is its first day.

    Takes `23/03/2026`, `23/3/26`, `23.03.2026`, `23-03-2026`, `23 Mar 2026`, `Mon 23 March 2026`,
    `2026-03-23`, with a time behind it or not, and months as `Mar 2026`, `Mar-26`, `2026-03`,
    `03/2026`. Two-digit years: 00 to 69 are 2000 to 2069, 70 to 99 are 1970 to 1999.

    Refuses with `NotReadable`: days that don't exist, month-first dates, dates without a year, a
    weekday that doesn't fit, the numbers spreadsheets store dates as, anything before `earliest`
    or after `latest` (both included).
    """
    return read_date(text, earliest=earliest, latest=latest).on


def read_date(text: str, *, earliest: date, latest: date) -> ReadDate:
    """Like `parse_date`, and says whether only a month was given."""
    tidy = _tidied(text, "a date")
    if not tidy:
        raise NotReadable("There is no date here", "Type a date, like 23/03/2026.")
    found = _read_day(tidy) or _read_month(tidy)
    if found is None:
        raise _not_a_date(text, tidy)
    if found.on < earliest:
        raise NotReadable(
            f"{day_words(found.on)} is too early", f"Dates here begin on {day_words(earliest)}."
        )
    if found.on > latest:
        raise NotReadable(
            f"{day_words(found.on)} is too far ahead", f"Dates here end on {day_words(latest)}."
        )
    return found


def parse_time(text: str) -> time:
    """Read a time of day: `09:30`, `9.30`, `0930`, `9`, `2pm`, `2.30 pm`.

    Hours are those of the 24-hour clock unless am or pm stands behind them. Raises `NotReadable`.
    """
    tidy = _tidied(text, "a time").lower()
    found = _TIME.fullmatch(tidy)
    if found is None:
        raise _not_a_time(text)
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            raise _not_a_time(text)
        hour = hour % 12 + (12 if found[3].startswith("p") else 0)
    if hour > 23 or minute > 59:
        raise _not_a_time(text)
    return time(hour, minute)


def _not_a_time(text: str) -> NotReadable:
    return NotReadable(f"{_quoted(text)} is not a time", "Type it like 09:30.")


def month_number(name: str) -> int | None:
    """1 to 12 for the name of a month (`March`, `Mar`, `Sept`), in any case; None for others."""
    return _MONTH_NUMBERS.get(name.strip().lower()) if len(name) <= LONGEST_TEXT else None


def day_words(day: date) -> str:
    """A date in words: “23 March 2026”."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _tidied(text: str, what: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise NotReadable(f"This is too long to be {what}", "Check the columns are in order.")
    return text.translate(_SPACES).translate(_INVISIBLE).strip()


def _quoted(text: str) -> str:
    shown = " ".join(text.translate(_SPACES).split())
    shown = "".join(character for character in shown if character.isprintable())
    return f"“{shown if len(shown) <= 24 else shown[:23] + '…'}”"


def _not_a_number(text: str, body: str) -> NotReadable:
    if _EXPONENT.fullmatch(body):
        return NotReadable(
            f"{_quoted(text)} is a shortened number",
            "Write it out in full. In a spreadsheet, widen the column and copy it again.",
        )
    if _COMMA_DECIMAL.fullmatch(body):
        whole, _, decimals = body.replace(".", "").replace(" ", "").partition(",")
        return NotReadable(f"Use a point, not a comma: {whole}.{decimals}")
    if body.startswith("(") and body.endswith(")") and _PLAIN.fullmatch(body[1:-1]):
        return NotReadable(
            f"{_quoted(text)} is not a number", f"Write it with a minus: -{body[1:-1]}."
        )
    return NotReadable(f"{_quoted(text)} is not a number")


def _not_a_date(text: str, tidy: str) -> NotReadable:
    if _NO_YEAR.fullmatch(tidy):
        return NotReadable(f"{_quoted(text)} has no year", "Write it like 23/03/2026.")
    if _SERIAL.fullmatch(tidy):
        return NotReadable(
            f"{_quoted(text)} is how a spreadsheet stores a date",
            "Show that column as dates and copy it again.",
        )
    return NotReadable(f"{_quoted(text)} is not a date", "Write it day first, like 23/03/2026.")


def _read_day(tidy: str) -> ReadDate | None:
    if match := _DAY_FIRST.fullmatch(tidy):
        separator = match[2]
        return ReadDate(_day(match[1], match[3], match[4], separator=separator), False)
    if match := _ISO.fullmatch(tidy):
        return ReadDate(_day(match[4], match[3], match[1]), False)
    if (match := _DAY_NAMED.fullmatch(tidy)) and (month := _MONTH_NUMBERS.get(match[3].lower())):
        if match[4] is None:
            raise NotReadable(f"{_quoted(tidy)} has no year", "Write it like 23/03/2026.")
        return _with_weekday(match[1], _day(match[2], str(month), match[4]))
    if (match := _NAMED_DAY.fullmatch(tidy)) and (month := _MONTH_NUMBERS.get(match[2].lower())):
        return _with_weekday(match[1], _day(match[3], str(month), match[4]))
    return None


def _read_month(tidy: str) -> ReadDate | None:
    if (match := _MONTH_NAMED.fullmatch(tidy)) and (month := _MONTH_NUMBERS.get(match[1].lower())):
        return ReadDate(_day("1", str(month), match[2]), True)
    if (match := _NAMED_MONTH.fullmatch(tidy)) and (month := _MONTH_NUMBERS.get(match[2].lower())):
        return ReadDate(_day("1", str(month), match[1]), True)
    if match := _MONTH_ISO.fullmatch(tidy):
        return ReadDate(_day("1", match[2], match[1]), True)
    if match := _MONTH_SLASH.fullmatch(tidy):
        return ReadDate(_day("1", match[1], match[2]), True)
    return None


def _with_weekday(name: str | None, day: date) -> ReadDate | None:
    if name is None:
        return ReadDate(day, False)
    weekday = _WEEKDAY_NUMBERS.get(name.lower())
    if weekday is None:
        return None
    if weekday != day.weekday():
        raise NotReadable(
            f"{day_words(day)} is a {_WEEKDAYS[day.weekday()]}, not a {_WEEKDAYS[weekday]}",
            "Check the day and the date.",
        )
    return ReadDate(day, False)


def _day(day_text: str, month_text: str, year_text: str, *, separator: str = "") -> date:
    day, month, year = int(day_text), int(month_text), int(year_text)
    if len(year_text) == 2:
        year += 2000 if year <= LAST_TWO_DIGIT_YEAR else 1900
    if year < 1:
        raise NotReadable("There is no year 0")
    if not 1 <= month <= 12:
        if separator and 1 <= day <= 12 and 13 <= month <= monthrange(year, day)[1]:
            meant = separator.join((f"{month:02}", f"{day:02}", f"{year:04}"))
            raise NotReadable(
                f"There is no month {month}. Dates are day first: did you mean {meant}?",
                suggestion=date(year, day, month),
            )
        raise NotReadable(f"There is no month {month}", "Write it day first, like 23/03/2026.")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        # 29 February exists in other years, so the year is part of what is wrong.
        shown_year = f" {year}" if (day, month) == (29, 2) else ""
        suggestion = None
        if last < day <= 31 and (month, year) != (12, 9999):
            suggestion = date(year, month, last) + timedelta(days=day - last)
        raise NotReadable(
            f"There is no {day} {MONTH_NAMES[month - 1]}{shown_year}",
            f"{MONTH_NAMES[month - 1]}{shown_year} has {last} days.",
            suggestion=suggestion,
        )
    return date(year, month, day)
