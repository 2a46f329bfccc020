"""One row of a table read against a measure: its period, its numbers, the words beside them.

20,000 rows are read twice in a few seconds: what nearly every row looks like is read the short
way, and whatever differs goes to ``shared.parsing``, which has the words for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import isclose

from improve.measures.spc.phrases import value_words
from improve.measures.table_import.columns import PAIR_KINDS, Columns, Kind, Role
from improve.measures.table_import.periods import (
    Period,
    next_period,
    period_start,
    period_words,
    read_period,
    short_day,
    usual_date,
)
from improve.measures.table_import.preview import PreviewRow, Recorded
from improve.measures.table_import.tables import Row
from improve.measures.table_import.times import (
    middle_of,
    read_times,
    times_text,
    too_many_times,
)
from improve.shared import limits
from improve.shared.export import export_cell
from improve.shared.parsing import NotReadable, read_number

GAP_MARKS = frozenset(["", "c", "x", "u", "z", ":", "-", "–", "..", "...", "low"])
"""What stands in official statistics for a number not given, in brackets or not."""

_LEAVE_OUT = "Leave the row out, or type one."


class _Bad(Exception):
    def __init__(
        self,
        role: Role,
        words: str,
        hint: str = "",
        meant: date | None = None,
        repeats: int | None = None,
    ) -> None:
        super().__init__(words)
        self.role, self.words, self.hint, self.meant = role, words, hint, meant
        self.repeats = repeats


@dataclass(frozen=True, slots=True)
class _Numbers:
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    raw_values: tuple[float, ...] = ()


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one table in their order, and knows which periods are taken already."""

    kind: Kind
    period: Period | None
    earliest: date
    latest: date
    existing: Mapping[date, Recorded]
    labels: tuple[str, str] | None
    columns: Columns
    may_repeat: bool
    is_published: bool
    is_by_comma: bool
    taken: dict[date, int] = field(default_factory=dict)
    meant: dict[int, date] = field(default_factory=dict)

    def row(self, row: Row) -> PreviewRow:
        """The row as it will be taken: new, replacing, noted, the same, a gap, or bad."""
        cells = self.columns.cells(row)
        start: date | None = None
        try:
            if len(row.cells) > self.columns.width:
                raise self._too_many_cells(row)
            start, typed = self._period(cells[0])
            numbers = self._numbers(cells)
            note, left_out = self._words(cells)
            self._check_repeat(start)
        except _Bad as bad:
            if bad.meant is not None:
                self.meant[row.number] = bad.meant
            return PreviewRow(
                row.number,
                cells,
                start,
                state="bad",
                words=bad.words,
                hint=bad.hint,
                bad_column=bad.role,
                column=row.column,
                repeats=bad.repeats,
            )
        self.taken.setdefault(start, row.number)
        moved = "" if typed is start or typed == start else self._moved_words(typed, start)
        if numbers is None:
            return self._gap(PreviewRow(row.number, cells, start, column=row.column), moved)
        read = PreviewRow(
            row.number,
            cells,
            start,
            numbers.value,
            numbers.numerator,
            numbers.denominator,
            "new",
            "New",
            moved,
            None,
            row.column,
            numbers.raw_values,
            note,
            left_out,
        )
        return self._compared(read) if start in self.existing else read

    def with_hint(self, row: PreviewRow) -> PreviewRow:
        """A bad date's hint, now that every period already taken in the table is known."""
        meant = self.meant.get(row.row_number)
        if meant is None or self.period not in ("day", "week"):
            return row
        start = period_start(meant, self.period)
        if start < meant:
            start = next_period(start, self.period)
        for _ in range(4):
            if start > self.latest:
                break
            if start not in self.taken and start >= self.earliest:
                day = short_day(start, this_year=self.latest.year)
                return replace(row, hint=f"Did you mean {day}?")
            start = next_period(start, self.period)
        return row

    def put_together(self, rows: Sequence[PreviewRow]) -> list[PreviewRow]:
        """The rows with all times of one period in its first row; the others count with it."""
        by_start: dict[date, list[PreviewRow]] = {}
        for row in rows:
            if row.period_start is not None and row.value is not None and row.state != "bad":
                by_start.setdefault(row.period_start, []).append(row)
        changed: dict[int, PreviewRow] = {}
        for start, group in by_start.items():
            if len(group) > 1:
                changed |= {row.row_number: row for row in self._one_period(start, group)}
        return [changed.get(row.row_number, row) for row in rows]

    def _one_period(self, start: date, group: Sequence[PreviewRow]) -> list[PreviewRow]:
        first = group[0]
        times = tuple([t for row in group for t in (row.raw_values or (row.value or 0.0,))])
        if len(times_text(times)) > limits.length("raw_values"):
            refusal = too_many_times()
            return [
                replace(r, state="bad", words=refusal.words, hint=refusal.hint, bad_column="value")
                for r in group
            ]
        whole = replace(
            first,
            value=middle_of(times),
            raw_values=times,
            state="new",
            words="New",
            hint=_of_times(times),
            note=next((row.note for row in group if row.note), ""),
            left_out=next((row.left_out for row in group if row.left_out), ""),
        )
        if start in self.existing:
            whole = self._compared(whole)
        words = f"Counts with row {first.row_number}"
        others = [replace(row, state="joined", words=words, hint="") for row in group[1:]]
        return [whole, *others]

    # ---- the period

    def _period(self, text: str) -> tuple[date, date]:
        day = usual_date(text)
        if day is not None and self.earliest <= day <= self.latest:
            return (period_start(day, self.period) if self.period else day), day
        try:
            return read_period(text, self.period, earliest=self.earliest, latest=self.latest)
        except NotReadable as unread:
            # Without a hint the words themselves ask whether another date was meant.
            meant = unread.suggestion if unread.hint else None
            raise _Bad("period", unread.words, unread.hint, meant) from None

    def _check_repeat(self, start: date) -> None:
        if start not in self.taken or self.may_repeat or self.kind == "times":
            return
        named = period_words(start, self.period or "day", this_year=self.latest.year)
        first = self.taken[start]
        words = f"Row {first} already has {named}"
        if self.kind in ("days_between", "cases_between"):
            hint = "Two events on one day cannot both stand here. Keep one, with a note."
            raise _Bad("period", words, hint, repeats=first)
        raise _Bad("period", words, "Keep one of the two.", repeats=first)

    def _moved_words(self, typed: date, start: date) -> str:
        if self.period is None:
            return ""
        this_year = self.latest.year
        named = period_words(start, self.period, this_year=this_year)
        return f"{short_day(typed, this_year=this_year)} counts in {named}."

    # ---- the numbers

    def _numbers(self, cells: tuple[str, ...]) -> _Numbers | None:
        """The numbers of a row, or None for a gap."""
        if self.kind not in PAIR_KINDS:
            text = cells[1]
            if _is_gap_mark(text):
                return None
            if self.kind == "times":
                return self._times(text)
            return _Numbers(self._number("value", text))
        top, bottom = cells[1], cells[2]
        marks = _is_gap_mark(top), _is_gap_mark(bottom)
        if all(marks):
            return None
        if any(marks):
            self._check_half(top, bottom, marks)
            return None
        numerator = self._number("numerator", top)
        denominator = self._number("denominator", bottom)
        if self.is_published and numerator == denominator == 0:
            return None
        self._check_pair(numerator, denominator)
        return _Numbers(None, numerator, denominator)

    def _check_half(self, top: str, bottom: str, marks: tuple[bool, bool]) -> None:
        """Refuse a blank half and what cannot be read; half not published: both are lost."""
        pairs: tuple[tuple[Role, str], ...] = (("numerator", top), ("denominator", bottom))
        for (role, text), is_mark in zip(pairs, marks, strict=True):
            if not is_mark:
                self._number(role, text)
            elif not text.strip():
                raise _Bad(role, "There is no number here", _LEAVE_OUT)

    def _times(self, text: str) -> _Numbers:
        try:
            times = read_times(text)
        except NotReadable as unread:
            hint = _LEAVE_OUT if unread.words.endswith("is not a number") else ""
            raise _Bad("value", unread.words, unread.hint or hint) from None
        return _Numbers(middle_of(times), raw_values=times if len(times) > 1 else ())

    def _number(self, role: Role, text: str) -> float:
        if text.isascii() and text.isdigit() and len(text) < 10:
            return float(text)
        try:
            read = read_number(text)
        except NotReadable as unread:
            hint = _LEAVE_OUT if unread.words.endswith("is not a number") else ""
            raise _Bad(role, unread.words, unread.hint or hint) from None
        if self.kind == "value":
            return read.value
        shown = _exact(read.value)
        if self.kind == "days_between":
            if read.is_percent or read.value < 0:
                raise _Bad(role, f"{text.strip()} is not a number of days", "Type 0 or more.")
            return read.value
        if read.is_percent:
            raise _Bad(role, f"{shown}% is a percentage", "Give the count it was made from.")
        if read.value < 0:
            raise _Bad(role, f"{shown} is below 0", "A count is 0 or more.")
        if not read.value.is_integer() and not (self.kind == "rate" and role == "denominator"):
            raise _Bad(role, f"{shown} is not a whole number", "A count has no decimals.")
        return read.value

    def _check_pair(self, numerator: float, denominator: float) -> None:
        if denominator == 0:
            raise _Bad(
                "denominator",
                "The bottom line is 0, so there is nothing to "
                + ("take a share of" if self.kind == "proportion" else "count against"),
                "Leave the row out: it shows as a gap.",
            )
        if self.kind == "proportion" and numerator > denominator:
            top, bottom = self.labels or ("on the top line", "on the bottom line")
            raise _Bad(
                "numerator",
                f"{_exact(numerator)} {top}, but only {_exact(denominator)} {bottom}",
                "The top line cannot be the larger.",
            )

    # ---- the words beside them

    def _words(self, cells: tuple[str, ...]) -> tuple[str, str]:
        if len(cells) == len(self.columns.roles) == (3 if self.kind in PAIR_KINDS else 2):
            return "", ""
        found: dict[Role, str] = {"note": "", "left_out": ""}
        for role, limit in (("note", "point_note"), ("left_out", "reason")):
            at = self.columns.place(role)  # type: ignore[arg-type]
            if at is None:
                continue
            text = tidy_note(cells[at]) if role == "note" else cells[at].strip()
            if len(text) > limits.length(limit):
                what = "This note" if role == "note" else "This reason"
                raise _Bad(
                    role,  # type: ignore[arg-type]
                    f"{what} has {len(text)} characters",
                    f"Use {limits.length(limit)} or fewer.",
                )
            found[role] = text  # type: ignore[index]
        return found["note"], found["left_out"]

    def _too_many_cells(self, row: Row) -> _Bad:
        words = f"This row has {len(row.cells)} cells, and {self.columns.width} are asked for"
        hint = "Leave the comma out of a number like 1,234, or put it in quote marks."
        if not self.is_by_comma:
            hint = "Name every column above the numbers, or take the further cells out."
        return _Bad(self.columns.roles[-1], words, hint)

    # ---- what will happen

    def _gap(self, base: PreviewRow, moved: str) -> PreviewRow:
        numbers = base.cells[1 : 3 if self.kind in PAIR_KINDS else 2]
        mark = next((text.strip() for text in numbers if text.strip()), "")
        said = f"“{mark}” stands for a number not given." if mark else "No number here."
        if mark.isdigit():
            said = "0 of 0: there were none."
        if base.period_start and (old := self.existing.get(base.period_start)):
            said = f"{said} {self._recorded_words(old)} already there stays."
        words = "A gap, not a zero"
        return replace(base, state="gap", words=words, hint=f"{said} {moved}".strip())

    def _compared(self, row: PreviewRow) -> PreviewRow:
        old = self.existing[row.period_start]  # type: ignore[index]
        is_same = (
            _same(old.value, row.value)
            and _same(old.numerator, row.numerator)
            and _same(old.denominator, row.denominator)
            and old.raw_values == row.raw_values
        )
        if is_same and row.left_out in ("", old.left_out):
            if row.note in ("", old.note):
                return replace(row, state="same", words="Already there")
            words = "Replaces its note" if old.note else "Adds its note"
            return replace(row, state="noted", words=words)
        if is_same:
            return replace(row, state="replaces", words=f"Leaves {self._recorded_words(old)} out")
        words = f"Replaces {self._recorded_words(old)}"
        if old.numerator is not None and row.share is not None and old.denominator:
            was = value_words(100 * old.numerator / old.denominator, "%")
            if was == value_words(100 * row.share, "%") and self.kind == "proportion":
                words = f"{words} ({_exact(old.numerator)} of {_exact(old.denominator)})"
        if old.left_out and not row.left_out:
            row = replace(row, hint=f"{row.hint} It was left out, and counts again.".strip())
        return replace(row, state="replaces", words=words)

    def _recorded_words(self, old: Recorded) -> str:
        if old.value is not None:
            count = len(old.raw_values)
            return f"{_exact(old.value)} (middle of {count})" if count else _exact(old.value)
        if old.numerator is None or not old.denominator:
            return "no number"
        if self.kind == "proportion":
            return value_words(100 * old.numerator / old.denominator, "%")
        return f"{_exact(old.numerator)} of {_exact(old.denominator)}"


def tidy_note(text: str) -> str:
    """A note in one line, with single spaces."""
    return " ".join(text.split())


def _of_times(times: Sequence[float]) -> str:
    return f"The middle of {len(times)} times."


def _is_gap_mark(text: str) -> bool:
    if text.isdigit():
        return False
    mark = text.strip().lower()
    if mark[:1] == "[" and mark[-1:] == "]":
        mark = mark[1:-1]
    return mark in GAP_MARKS


def _same(old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return old is new
    return isclose(old, new, rel_tol=1e-9)


def _exact(number: float) -> str:
    """A number in full, with commas in its thousands."""
    whole, point, decimals = export_cell(abs(number)).partition(".")
    return f"{'-' if number < 0 else ''}{int(whole):,}{point}{decimals}"
