"""A file of numbers read for the `analyse` command: its table, what is recorded, its points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from improve.measures.recorded import TYPES
from improve.measures.spc.arithmetic import CannotChart
from improve.measures.spc.choose import MeasureType
from improve.measures.spc.plotted import within_standard
from improve.measures.spc.series import CHART_NAMES, Observed
from improve.measures.table_import import (
    MOST_BYTES,
    ImportPreview,
    Kind,
    Period,
    Table,
    TableRefused,
    is_wide,
    is_workbook,
    pick_column,
    read_observations,
    read_table,
    read_wide,
    read_workbook,
)
from improve.measures.table_import.columns import (
    DENOMINATOR_NAMES,
    NUMERATOR_NAMES,
    VALUE_NAMES,
)
from improve.measures.table_import.observations import NAMES_NOTE
from improve.measures.table_import.periods import period_between
from improve.measures.table_import.wide import pick_rows

EARLIEST = date(1900, 1, 1)
RECORDED: tuple[Kind, ...] = (
    *("proportion", "rate", "count", "value", "times", "days_between", "cases_between"),
)

_PAIRS = ("proportion", "rate")
_RATIO_CHARTS = ("p", "pp", "u", "up")
_RATE_CHARTS = ("u", "up")
_COUNT_CHARTS = ("c", "g")
_ONE_COLUMN_CHARTS = ("c", "g", "t", "xbar")


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a file holds: every row checked, and its points unless some row was refused.

    `notes` say what was done to the table as a whole; `noted_on` are the days with a note in the
    file, `left_out` why the file says a day's point does not count.
    """

    source: str
    preview: ImportPreview
    period: Period
    measure_type: MeasureType
    unit: str
    observations: tuple[Observed, ...] = ()
    notes: tuple[str, ...] = ()
    noted_on: tuple[date, ...] = ()
    left_out: tuple[tuple[date, str], ...] = ()


def read_file(
    path: Path,
    *,
    chart: str | None,
    recorded: Kind | None,
    per: float | None,
    within: float | None,
    pick: Mapping[str, str],
    column: Sequence[str],
    latest: date,
) -> FileRead:
    """Read the file's table and check each row by what is recorded.

    `recorded` None lets the columns say: a pair is a share (a rate on a u chart, or with `per`),
    one column a value, or a count where it is named so. Refuses as `analyse_file`.
    """
    table = _read(path)
    is_published = is_wide(table) and not _has_known_numbers(table, recorded)
    notes: tuple[str, ...] = ()
    if is_published:
        picked = read_wide(table, pick, column)
        table, notes = picked.table, (picked.words,) if picked.words else ()
    else:
        table = _long(table, pick, column, recorded)
    is_pair = recorded in _PAIRS if recorded else _is_pair(table)
    kind = recorded or _kind(chart, is_pair=is_pair, per=per)
    _check_fit(chart, kind, is_pair=is_pair, per=per, within=within)
    preview = read_observations(
        table,
        kind=kind,
        period=None,
        earliest=EARLIEST,
        latest=latest,
        may_repeat=chart == "xbar",
        is_published=is_published,
        with_words=True,
    )
    rows = [row for row in preview.rows if row.period_start is not None and row.state != "joined"]
    days = [row.period_start for row in rows if row.period_start is not None]
    observations = [
        Observed(
            row.period_start,
            row.value,
            row.numerator,
            row.denominator,
            raw=_raw(kind, row.value, row.raw_values),
        )
        for row in rows
        if row.period_start is not None
    ]
    measure_type = _measure_type(table, kind, recorded, chart)
    unit = "%" if kind == "proportion" else _unit(table, is_pair=is_pair)
    if within is not None:
        observations, measure_type, unit = within_standard(observations, within), "percent", "%"
    picks = [f"{name}={text}" for name, text in pick.items()]
    return FileRead(
        source=", ".join([path.name, *picks, *column]),
        preview=preview,
        period=period_between(days),
        measure_type=measure_type,
        unit=unit,
        observations=tuple(observations),
        notes=(*notes, *(note for note in preview.notes if note != NAMES_NOTE)),
        noted_on=tuple(row.period_start for row in rows if row.note and row.period_start),
        left_out=tuple(
            (row.period_start, row.left_out) for row in rows if row.left_out and row.period_start
        ),
    )


def _read(path: Path) -> Table:
    try:
        with path.open("rb") as file:
            source = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise TableRefused(f"There is no file {path}") from None
    except IsADirectoryError:
        raise TableRefused(f"{path} is a folder") from None
    except OSError as error:
        raise TableRefused(f"{path} cannot be read: {error.strerror or 'unknown error'}") from None
    if is_workbook(source):
        return read_workbook(source, has_header=True)
    return read_table(source, filename=path.name, has_header=True)


def _long(
    table: Table, pick: Mapping[str, str], column: Sequence[str], recorded: Kind | None
) -> Table:
    """A long table cut to the picked rows and the columns that hold its numbers."""
    if pick:
        table = pick_rows(table, pick)
    if column:
        if len(column) > 2:
            raise TableRefused("At most two columns can be read", "Give a top and a bottom line.")
        table = pick_column(table, column)
    elif not _has_known_numbers(table, recorded) and table.width > 2:
        raise TableRefused(
            "There is no column “value”, nor “numerator” and “denominator”",
            "Name the one that holds the numbers with --column.",
        )
    return table


def _names(table: Table) -> set[str]:
    return {name.strip().lower() for name in table.header or ()}


def _is_pair(table: Table) -> bool:
    names = _names(table)
    return not names.isdisjoint(NUMERATOR_NAMES) and not names.isdisjoint(DENOMINATOR_NAMES)


def _has_known_numbers(table: Table, recorded: Kind | None) -> bool:
    if recorded == "days_between":
        return True  # the days of the events alone are enough
    names = VALUE_NAMES.get(recorded or "value", VALUE_NAMES["value"])
    return _is_pair(table) or not _names(table).isdisjoint(names)


def _check_fit(
    chart: str | None, kind: Kind, *, is_pair: bool, per: float | None, within: float | None
) -> None:
    name = CHART_NAMES.get(chart or "", "")
    if within is not None:
        if kind != "times":
            raise CannotChart("--within needs --recorded times.")
        if chart not in {None, "p", "pp", "i", "run", "mr"}:
            raise CannotChart(f"--within makes a share, which {_a(name)} does not hold.")
        return
    if chart in _RATIO_CHARTS and not is_pair:
        raise CannotChart(f"{_a(name, is_first=True)} needs columns “numerator” and “denominator”.")
    if chart in _ONE_COLUMN_CHARTS and is_pair:
        raise CannotChart(f"{_a(name, is_first=True)} needs one column of numbers, “value”.")
    if per is not None and kind != "rate":
        words = "--per is for rates: it needs columns “numerator” and “denominator”"
        raise CannotChart(f"{words} and no p chart.")


def _a(name: str, *, is_first: bool = False) -> str:
    """“a p chart”, “an x-bar chart”."""
    article = "an" if name[:1].lower() == "x" else "a"
    return f"{article.capitalize() if is_first else article} {name}"


def _kind(chart: str | None, *, is_pair: bool, per: float | None) -> Kind:
    if is_pair:
        is_rate = chart in _RATE_CHARTS or (per is not None and chart not in _RATIO_CHARTS)
        return "rate" if is_rate else "proportion"
    return "count" if chart in _COUNT_CHARTS else "value"


def _measure_type(
    table: Table, kind: Kind, recorded: Kind | None, chart: str | None
) -> MeasureType:
    if recorded or kind in _PAIRS:
        return TYPES[kind]
    if chart == "g":
        return "cases_between"
    if chart == "t":
        return "days_between"
    # Whole numbers alone don't make a count (percentages are often rounded): its name does.
    return "count" if chart == "c" or "count" in _names(table) else "number"


def _raw(kind: Kind, value: float | None, several: tuple[float, ...]) -> tuple[float, ...]:
    if kind != "times":
        return ()
    return several or (() if value is None else (value,))


def _unit(table: Table, *, is_pair: bool) -> str:
    if is_pair:
        return ""
    return "%" if any(cell.endswith("%") for row in table.rows for cell in row.cells) else ""
