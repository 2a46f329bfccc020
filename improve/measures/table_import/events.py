"""Days between rare events: a list of dates is enough. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from improve.measures.table_import.periods import short_day
from improve.measures.table_import.preview import PreviewRow, Recorded
from improve.shared.export import export_cell


def counted_from_before(
    rows: Sequence[PreviewRow], existing: Mapping[date, Recorded], *, this_year: int
) -> list[PreviewRow]:
    """The rows with the days since the event before, where none were typed.

    A row that waits for its days is a gap with an empty cell. The very first event has none
    before it: it only starts the count. An event between two that are there says so.
    """
    known = sorted({*existing, *(r.period_start for r in rows if r.period_start and _is_event(r))})
    return [_counted(row, known, existing, this_year) for row in rows]


def _is_event(row: PreviewRow) -> bool:
    return row.state != "bad"


def _counted(
    row: PreviewRow, known: Sequence[date], existing: Mapping[date, Recorded], this_year: int
) -> PreviewRow:
    day = row.period_start
    if day is None or row.state == "bad":
        return row
    if row.state == "gap":
        if any(row.cells[1:2]) and row.cells[1].strip():
            return row  # a mark: how long it was is not known
        if day in existing:
            return replace(row, state="same", words="Already there", hint="")
        before = bisect_left(known, day)
        if not before:
            hint = "No event before it is known, so it has no number of days."
            return replace(row, state="start", words="Starts the count", hint=hint)
        days = float((day - known[before - 1]).days)
        since = short_day(known[before - 1], this_year=this_year)
        hint = f"{days_words(days)} since {since}."
        row = replace(row, value=days, state="new", words="New", hint=hint)
    return _told_of_next(row, known, existing, this_year)


def _told_of_next(
    row: PreviewRow, known: Sequence[date], existing: Mapping[date, Recorded], this_year: int
) -> PreviewRow:
    """An event between two others makes the later one's number of days too large."""
    words = between_words(row.period_start, known, existing, this_year=this_year)
    if row.state != "new" or not words:
        return row
    return replace(row, hint=f"{row.hint} {words}".strip())


def between_words(
    day: date | None, known: Sequence[date], existing: Mapping[date, Recorded], *, this_year: int
) -> str:
    """What to put right in the event after a new one, or nothing. `known` are sorted dates."""
    after = bisect_right(known, day) if day else len(known)
    if day is None or after == len(known) or (later := known[after]) not in existing:
        return ""
    days, old = float((later - day).days), existing[later].value
    if old is None or old <= days:
        return ""
    named = short_day(later, this_year=this_year)
    return f"{named} after it says {days_words(old)}: it is {days_words(days)} now. Change it too."


def days_words(days: float) -> str:
    """“1 day”, “12 days”."""
    return "1 day" if days == 1 else f"{export_cell(days)} days"
