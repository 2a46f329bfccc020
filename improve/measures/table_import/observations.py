"""Each row of a table checked against a measure: new, replacing, the same, a gap, or bad.

Nothing is saved here. Every row is answered beside it, so that a person can put it right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import isclose
from typing import Literal

from improve.measures.spc.words import value_words
from improve.measures.table_import.columns import Columns, Role, columns_of
from improve.measures.table_import.periods import (
    Period,
    next_period,
    period_start,
    period_words,
    read_period,
    short_day,
)
from improve.measures.table_import.tables import Row, Table
from improve.shared.export import export_cell
from improve.shared.parsing import NotReadable, read_number

Kind = Literal["proportion", "count", "value", "rate"]
"""What is recorded: some out of all, whole things, a measurement, or events per opportunity."""

State = Literal["new", "replaces", "same", "bad", "gap"]

GAP_MARKS = frozenset(["", "c", "x", "u", "z", ":", "-", "–", "..", "..."])
"""What stands in official statistics for a number not given, in brackets or not."""

NAMES_NOTE = "The first row was read as column names."

_PAIR_KINDS = ("proportion", "rate")
_LEAVE_OUT = "Leave the row out, or type one."


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded for one period already: a value, or a numerator and a denominator."""

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it will be taken, or why it won't.

    `cells` are the texts as typed, in the order of `ImportPreview.roles`. `words` says what will
    happen and `hint` what to know or do; `bad_column` is the role of the cell to put right.
    Where there are two numbers `value` is None and `share` is their ratio. `column` is the
    column the number came from in a wide table.
    """

    row_number: int
    cells: tuple[str, ...]
    period_start: date | None = None
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    state: State = "new"
    words: str = ""
    hint: str = ""
    bad_column: Role | None = None
    column: str = ""

    @property
    def share(self) -> float | None:
        """Numerator over denominator, or None where they are not both there."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator

    @property
    def is_ready(self) -> bool:
        """Whether saving would change something for this row."""
        return self.state in ("new", "replaces")


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """Every row of a table checked, with the counts shown above them.

    `roles` names the cells of each row; `column_names` are the file's own names for them (or
    plain ones). `notes` say what was done to the table as a whole.
    """

    rows: tuple[PreviewRow, ...]
    roles: tuple[Role, ...]
    column_names: tuple[str, ...]
    notes: tuple[str, ...] = ()
    new: int = 0
    replaces: int = 0
    same: int = 0
    bad: int = 0
    gaps: int = 0

    @property
    def bad_rows(self) -> tuple[PreviewRow, ...]:
        """The rows to put right, in the order of the table."""
        return tuple(row for row in self.rows if row.state == "bad")

    @property
    def ready_rows(self) -> tuple[PreviewRow, ...]:
        """The rows that saving would add or replace, in the order of the table."""
        return tuple(row for row in self.rows if row.is_ready)


class _Bad(Exception):
    def __init__(self, role: Role, words: str, hint: str = "", meant: date | None = None) -> None:
        super().__init__(words)
        self.role, self.words, self.hint, self.meant = role, words, hint, meant


def read_observations(
    table: Table,
    *,
    kind: Kind,
    period: Period | None,
    earliest: date,
    latest: date,
    existing: Mapping[date, Recorded] | None = None,
    labels: tuple[str, str] | None = None,
    may_repeat: bool = False,
    is_published: bool = False,
) -> ImportPreview:
    """Check every row of a table against a measure.

    `period` None takes each date as it stands. `existing` is what is recorded, by first day of
    the period. `labels` name the two numbers in a sentence (“visits made”, “fell due”) and may be
    the column names too. `may_repeat` takes several rows for one date (samples), else the second
    is bad. `is_published` is for official files, where 0 of 0 is a place that had none that year: a
    gap, while from a person it is refused.

    A date inside a period is taken for its first day and the row says so. Marks for numbers not
    published (c, x, u, z, :, -, ..) and blanks are gaps, never zeros. Bad are: what
    `shared.parsing` refuses, a numerator above its denominator, a zero denominator, a negative or
    broken count, a percentage where a count is asked for, cells beyond the last column. Refuses
    the table with `TableRefused` when it has too few columns.
    """
    is_pair = kind in _PAIR_KINDS
    columns = columns_of(table, is_pair=is_pair, labels=labels)
    reader = _Reader(
        kind=kind,
        period=period,
        earliest=earliest,
        latest=latest,
        existing=existing or {},
        labels=labels,
        columns=columns,
        may_repeat=may_repeat,
        is_published=is_published,
    )
    read = [reader.row(row) for row in table.rows]
    rows = tuple(reader.with_hint(row) if row.state == "bad" else row for row in read)
    counts = Counter(row.state for row in rows)
    return ImportPreview(
        rows=rows,
        roles=columns.roles,
        column_names=columns.names,
        notes=_notes(table, columns),
        new=counts["new"],
        replaces=counts["replaces"],
        same=counts["same"],
        bad=counts["bad"],
        gaps=counts["gap"],
    )


def _notes(table: Table, columns: Columns) -> tuple[str, ...]:
    notes = []
    if table.header is not None:
        notes.append(NAMES_NOTE)
    if table.empty_rows:
        rows = "1 empty row was" if table.empty_rows == 1 else f"{table.empty_rows} empty rows were"
        notes.append(f"{rows} left out.")
    if columns.left_out:
        named = ", ".join(f"“{name}”" for name in columns.left_out[:5])
        more = " and others" if len(columns.left_out) > 5 else ""
        notes.append(f"Not used: {named}{more}.")
    return tuple(notes)


@dataclass(slots=True)
class _Reader:
    kind: Kind
    period: Period | None
    earliest: date
    latest: date
    existing: Mapping[date, Recorded]
    labels: tuple[str, str] | None
    columns: Columns
    may_repeat: bool
    is_published: bool
    taken: dict[date, int] = field(default_factory=dict)
    meant: dict[int, date] = field(default_factory=dict)

    def row(self, row: Row) -> PreviewRow:
        cells = self.columns.cells(row)
        base = PreviewRow(row.number, cells, column=row.column)
        start: date | None = None
        try:
            if len(row.cells) > self.columns.width:
                raise self._too_many_cells(row)
            start, typed = self._period(cells[0])
            numbers = self._numbers(cells[1:])
            self._check_repeat(start)
        except _Bad as bad:
            if bad.meant is not None:
                self.meant[row.number] = bad.meant
            return replace(
                base,
                period_start=start,
                state="bad",
                words=bad.words,
                hint=bad.hint,
                bad_column=bad.role,
            )
        self.taken.setdefault(start, row.number)
        moved = "" if typed == start else self._moved_words(typed, start)
        if numbers is None:
            return self._gap(base, start, moved)
        known = replace(
            base,
            period_start=start,
            value=numbers.value,
            numerator=numbers.numerator,
            denominator=numbers.denominator,
        )
        return self._compared(known, moved)

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

    def _period(self, text: str) -> tuple[date, date]:
        try:
            return read_period(text, self.period, earliest=self.earliest, latest=self.latest)
        except NotReadable as unread:
            # Without a hint the words themselves ask whether another date was meant.
            meant = unread.suggestion if unread.hint else None
            raise _Bad("period", unread.words, unread.hint, meant) from None

    def _numbers(self, texts: tuple[str, ...]) -> Recorded | None:
        """The numbers of a row, or None for a gap."""
        roles = self.columns.roles[1:]
        marks = [_is_gap_mark(text) for text in texts]
        if all(marks):
            return None
        found: dict[str, float] = {}
        for role, text, is_mark in zip(roles, texts, marks, strict=True):
            if not is_mark:
                found[role] = self._number(role, text)
            elif not text.strip():
                raise _Bad(role, "There is no number here", _LEAVE_OUT)
        if len(found) < len(roles):
            return None  # half of a pair was not published: both are lost
        if len(roles) == 2:
            if self.is_published and found["numerator"] == found["denominator"] == 0:
                return None
            self._check_pair(found["numerator"], found["denominator"])
        return Recorded(**found)

    def _number(self, role: Role, text: str) -> float:
        try:
            read = read_number(text)
        except NotReadable as unread:
            hint = _LEAVE_OUT if unread.words.endswith("is not a number") else ""
            raise _Bad(role, unread.words, unread.hint or hint) from None
        shown = _exact(read.value)
        if self.kind == "value":
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
                "The bottom line is 0, so there is nothing to take a share of",
                "Leave the row out: it shows as a gap.",
            )
        if self.kind == "proportion" and numerator > denominator:
            top, bottom = self.labels or ("on the top line", "on the bottom line")
            raise _Bad(
                "numerator",
                f"{_exact(numerator)} {top}, but only {_exact(denominator)} {bottom}",
                "The top line cannot be the larger.",
            )

    def _check_repeat(self, start: date) -> None:
        if start in self.taken and not self.may_repeat:
            named = period_words(start, self.period or "day", this_year=self.latest.year)
            raise _Bad(
                "period",
                f"Row {self.taken[start]} already has {named}",
                "Keep one of the two.",
            )

    def _too_many_cells(self, row: Row) -> _Bad:
        return _Bad(
            self.columns.roles[-1],
            f"This row has {len(row.cells)} cells, and {self.columns.width} are asked for",
            "Leave the comma out of a number like 1,234, or put it in quote marks.",
        )

    def _moved_words(self, typed: date, start: date) -> str:
        if self.period is None:
            return ""
        this_year = self.latest.year
        named = period_words(start, self.period, this_year=this_year)
        return f"{short_day(typed, this_year=this_year)} counts in {named}."

    def _gap(self, base: PreviewRow, start: date, moved: str) -> PreviewRow:
        mark = next((text.strip() for text in base.cells[1:] if text.strip()), "")
        said = f"“{mark}” stands for a number not given." if mark else "No number here."
        if mark.isdigit():
            said = "0 of 0: there were none."
        if start in self.existing:
            said = f"{said} {self._recorded_words(self.existing[start])} already there stays."
        return replace(
            base,
            period_start=start,
            state="gap",
            words="A gap, not a zero",
            hint=f"{said} {moved}".strip(),
        )

    def _compared(self, row: PreviewRow, moved: str) -> PreviewRow:
        old = self.existing.get(row.period_start) if row.period_start else None
        if old is None:
            return replace(row, state="new", words="New", hint=moved)
        if (
            _same(old.value, row.value)
            and _same(old.numerator, row.numerator)
            and _same(old.denominator, row.denominator)
        ):
            return replace(row, state="same", words="Already there", hint=moved)
        words = f"Replaces {self._recorded_words(old)}"
        if old.numerator is not None and row.share is not None and old.denominator:
            was = value_words(100 * old.numerator / old.denominator, "%")
            if was == value_words(100 * row.share, "%") and self.kind == "proportion":
                words = f"{words} ({_exact(old.numerator)} of {_exact(old.denominator)})"
        return replace(row, state="replaces", words=words, hint=moved)

    def _recorded_words(self, old: Recorded) -> str:
        if old.value is not None:
            return _exact(old.value)
        if old.numerator is None or not old.denominator:
            return "no number"
        if self.kind == "proportion":
            return value_words(100 * old.numerator / old.denominator, "%")
        return f"{_exact(old.numerator)} of {_exact(old.denominator)}"


def _is_gap_mark(text: str) -> bool:
    mark = text.strip().lower()
    if len(mark) == 3 and mark[0] == "[" and mark[2] == "]":
        mark = mark[1]
    return mark in GAP_MARKS


def _same(old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return old is new
    return isclose(old, new, rel_tol=1e-9)


def _exact(number: float) -> str:
    """A number in full, with commas in its thousands."""
    whole, point, decimals = export_cell(abs(number)).partition(".")
    return f"{'-' if number < 0 else ''}{int(whole):,}{point}{decimals}"
