"""What a table will do to a measure, row by row: plain values for the screen and for saving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from improve.measures.table_import.columns import Role

State = Literal["new", "replaces", "same", "noted", "joined", "start", "gap", "bad"]
"""What saving does with a row: a new number; another in the place of one there; nothing, as it is
there already; a note beside a number that stays; nothing by itself, as it is one of the times of
another row's period; nothing, as it is the first event and starts the count; nothing, as no number
is given; nothing can be saved before it is put right."""

READY: frozenset[State] = frozenset(["new", "replaces", "noted"])


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded for one period already: a value, or a numerator and a denominator."""

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    raw_values: tuple[float, ...] = ()
    note: str = ""
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it will be taken, or why it won't.

    `cells` are the texts as typed, in the order of `ImportPreview.roles`. `words` says what will
    happen and `hint` what to know or do; `bad_column` is the role of the cell to put right.
    Where there are two numbers `value` is None and `share` is their ratio. Several times of a
    period are `raw_values`, and `value` their median. `column` is the column the number came from
    in a wide table. `repeats` is the number of the row that has this row's period already.
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
    raw_values: tuple[float, ...] = ()
    note: str = ""
    left_out: str = ""
    repeats: int | None = None

    @property
    def share(self) -> float | None:
        """Numerator over denominator, or None where they are not both there."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator

    @property
    def is_ready(self) -> bool:
        """Whether saving would change something for this row."""
        return self.state in READY


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
    noted: int = 0
    same: int = 0
    joined: int = 0
    start: int = 0
    bad: int = 0
    gaps: int = 0

    @property
    def bad_rows(self) -> tuple[PreviewRow, ...]:
        """The rows to put right, in the order of the table."""
        return tuple(row for row in self.rows if row.state == "bad")

    @property
    def ready_rows(self) -> tuple[PreviewRow, ...]:
        """The rows that saving would add, replace or note, in the order of the table."""
        return tuple(row for row in self.rows if row.is_ready)
