"""What the `analyse` command does: a file of numbers to a chart and a verdict, without a database.

The same table reading, chart and verdict as on the pages, so that the command can check them.
Pure but for reading the one file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from improve.measures.spc.analysis import analyse_series
from improve.measures.spc.arithmetic import CannotChart
from improve.measures.spc.choose import MeasureType, choose_chart
from improve.measures.spc.control_chart import analyse as control_chart
from improve.measures.spc.series import (
    CHART_NAMES,
    AnalysedPoint,
    Better,
    ChartAnalysis,
    Observed,
    Part,
    Signal,
    rule_set_for,
)
from improve.measures.spc.verdict import Verdict, judge_chart
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

CHARTS = ("run", "i", "mr", "p", "pp", "u", "up", "c", "g", "t", "xbar")
EARLIEST = date(1900, 1, 1)

_RATIO_CHARTS = ("p", "pp", "u", "up")
_RATE_CHARTS = ("u", "up")
_COUNT_CHARTS = ("c", "g")
_ONE_COLUMN_CHARTS = ("c", "g", "t", "xbar")


@dataclass(frozen=True, slots=True)
class FileAnalysis:
    """A file analysed, or the rows that kept it from being.

    `chart` is in units people read, `plain` the same with shares as ratios, as the numbers in
    the file give them; both are None, and so is `verdict`, when any row was refused: a file is
    analysed whole or not at all. `verdict` is None, too, without a baseline's end.
    """

    source: str
    preview: ImportPreview
    better: Better
    period: Period
    asked_chart: str
    chart: ChartAnalysis | None = None
    plain: ChartAnalysis | None = None
    verdict: Verdict | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether some row could not be read, and so nothing was analysed."""
        return self.preview.bad > 0

    @property
    def refusal(self) -> str:
        """The refused rows in one line: how many, and the first."""
        if not self.is_refused:
            return ""
        bad = self.preview.bad_rows
        rows = "1 row" if len(bad) == 1 else f"{len(bad)} rows"
        first = bad[0]
        column = column_name(self.preview, first.bad_column, first.column)
        return (
            f"{rows} cannot be read, so nothing was analysed. "
            f"Row {first.row_number}, {column}: {first.words}."
        )


def analyse_file(
    path: Path,
    *,
    chart: str | None = None,
    better: Better = "neutral",
    baseline_end: date | None = None,
    pick: Mapping[str, str] | None = None,
    column: Sequence[str] = (),
    latest: date,
) -> FileAnalysis:
    """Analyse a CSV file (or .xlsx workbook) of dates and numbers.

    Its first column is a date or month, then `value`, or `numerator` and `denominator`; or it is
    an official file with years in rows, of which `pick` leaves one row a year and `column` names
    one figure, or two (months without). Points up to `baseline_end` (at most the last 24) are
    the baseline, later ones are judged against it; without it there is no verdict. `chart` None
    lets what is recorded decide. No date may be after `latest`.

    Refuses with `TableRefused` a file that can't be read at all, and with `CannotChart` a chart
    that doesn't fit the columns. Rows that can't be read are in the answer.
    """
    table = _read(path)
    is_published = is_wide(table) and not _has_known_numbers(table)
    source = ", ".join([path.name, *(f"{name}={text}" for name, text in (pick or {}).items())])
    notes: tuple[str, ...] = ()
    if is_published:
        picked = read_wide(table, pick or {}, column)
        table, notes = picked.table, (picked.words,) if picked.words else ()
    else:
        table = _long(table, pick or {}, column)
    is_pair = _is_pair(table)
    _check_fit(chart, is_pair)
    kind = _kind(chart, is_pair)
    preview = read_observations(
        table,
        kind=kind,
        period=None,
        earliest=EARLIEST,
        latest=latest,
        may_repeat=chart == "xbar",
        is_published=is_published,
    )
    dates = [row.period_start for row in preview.rows if row.period_start]
    answer = FileAnalysis(
        source=", ".join([source, *column]),
        preview=preview,
        better=better,
        period=period_between(dates),
        asked_chart=chart or "",
        notes=(*notes, *(note for note in preview.notes if note != NAMES_NOTE)),
    )
    if answer.is_refused:
        return answer
    observations = [
        Observed(row.period_start, row.value, row.numerator, row.denominator)
        for row in preview.rows
        if row.period_start is not None
    ]
    starts_on = baseline_end + timedelta(days=1) if baseline_end else None
    if chart is None:
        chart = choose_chart(_measure_type(table, is_pair), observations).chart
    unit = _unit(table, kind, is_pair)
    drawn_as = "i" if chart == "mr" else chart
    shown = analyse_series(observations, chart=drawn_as, starts_on=starts_on, unit=unit)
    plain = analyse_series(observations, chart=drawn_as, starts_on=starts_on, multiply=1.0)
    verdict = judge_chart(shown, better=better, period=answer.period) if starts_on else None
    if chart == "mr":
        shown, plain = _moving_ranges(shown), _moving_ranges(plain)
    return replace(answer, asked_chart=chart, chart=shown, plain=plain, verdict=verdict)


def as_dict(analysis: FileAnalysis) -> dict[str, Any]:
    """The answer as the command's JSON: keys always there, None where there is nothing."""
    plain, verdict = analysis.plain, analysis.verdict
    baseline = plain.usable(Part.BASELINE) if plain else ()
    after = plain.usable(Part.AFTER) if plain else ()
    return {
        "chart": plain.chart if plain else analysis.asked_chart or None,
        "rule_set": plain.rule_set.name if plain else None,
        "better": analysis.better,
        "points": sum(point.value is not None for point in plain.points) if plain else 0,
        "baseline": {
            "start": baseline[0].x.isoformat() if baseline else None,
            "end": baseline[-1].x.isoformat() if baseline else None,
            "n": len(baseline),
            "centre": plain.centre if plain else None,
        },
        "after": {"n": len(after), "centre": plain.centre_after if plain else None},
        "verdict": {
            "code": verdict.code,
            "words": plain_spaces(verdict.words.in_full),
            "doubt": [plain_spaces(line) for line in verdict.doubt],
        }
        if verdict
        else None,
        "series": [_point(point) for point in plain.points] if plain else [],
        "refused": [
            {
                "row": row.row_number,
                "column": column_name(analysis.preview, row.bad_column, row.column),
                "value": row.cells[analysis.preview.roles.index(row.bad_column)],
                "reason": row.words,
            }
            for row in analysis.preview.bad_rows
            if row.bad_column is not None
        ],
        "source": analysis.source,
    }


def as_json(analysis: FileAnalysis) -> str:
    """The answer as JSON text."""
    return json.dumps(as_dict(analysis), ensure_ascii=False, indent=2, allow_nan=False)


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


def _long(table: Table, pick: Mapping[str, str], column: Sequence[str]) -> Table:
    """A long table cut to the picked rows and the columns that hold its numbers."""
    if pick:
        table = pick_rows(table, pick)
    if column:
        if len(column) > 2:
            raise TableRefused("At most two columns can be read", "Give a top and a bottom line.")
        table = pick_column(table, column)
    elif not _has_known_numbers(table) and table.width > 2:
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


def _has_known_numbers(table: Table) -> bool:
    return _is_pair(table) or not _names(table).isdisjoint(VALUE_NAMES)


def _check_fit(chart: str | None, is_pair: bool) -> None:
    if chart in _RATIO_CHARTS and not is_pair:
        raise CannotChart(f"A {CHART_NAMES[chart]} needs columns “numerator” and “denominator”.")
    if chart in _ONE_COLUMN_CHARTS and is_pair:
        article = "An" if chart == "xbar" else "A"
        raise CannotChart(f"{article} {CHART_NAMES[chart]} needs one column of numbers, “value”.")


def _kind(chart: str | None, is_pair: bool) -> Kind:
    if is_pair:
        return "rate" if chart in _RATE_CHARTS else "proportion"
    return "count" if chart in _COUNT_CHARTS else "value"


def _measure_type(table: Table, is_pair: bool) -> MeasureType:
    if is_pair:
        return "percent"
    # Whole numbers alone don't make a count (percentages are often rounded): its name does.
    return "count" if "count" in _names(table) else "number"


def _unit(table: Table, kind: Kind, is_pair: bool) -> str:
    if is_pair:
        return "%" if kind == "proportion" else ""
    return "%" if any(cell.endswith("%") for row in table.rows for cell in row.cells) else ""


def _moving_ranges(chart: ChartAnalysis) -> ChartAnalysis:
    """The moving range chart of a series whose XmR chart is given; same stretches."""
    in_base = [position for position, p in enumerate(chart.points, 1) if p.part is Part.BASELINE]
    ranges = control_chart(
        [point.x for point in chart.points],
        [point.value for point in chart.points],
        chart="mr",
        freeze=in_base[-1] if in_base else None,
        exclude=range(1, in_base[0]) if in_base else (),
    )
    points = tuple(
        replace(
            old,
            value=new.value,
            denominator=None,
            centre=new.centre,
            lower=new.lower if chart.has_limits else None,
            upper=new.upper if chart.has_limits else None,
            signals=(Signal.OUTSIDE_LIMITS,) if new.is_outside and chart.has_limits else (),
        )
        for old, new in zip(chart.points, ranges.points, strict=True)
    )
    after = [p.value for p in points if p.part is Part.AFTER and p.value is not None]
    return replace(
        chart,
        chart="mr",
        asked_chart="mr",
        rule_set=rule_set_for("mr"),
        points=points,
        centre=points[0].centre,
        centre_word="mean",
        centre_after=sum(after) / len(after) if after else None,
        has_runs_signal=False,
    )


def column_name(preview: ImportPreview, role: str | None, wide_column: str) -> str:
    """What the file calls the column of a role; empty without one."""
    if role is None:
        return ""
    if wide_column and role != "period":
        return wide_column
    return preview.column_names[[str(known) for known in preview.roles].index(role)]


def _point(point: AnalysedPoint) -> dict[str, Any]:
    return {
        "x": point.x.isoformat(),
        "value": point.value,
        "n": point.denominator,
        "centre": point.centre,
        "lower": point.lower,
        "upper": point.upper,
        "signals": [signal.value for signal in point.signals],
    }


def plain_spaces(text: str) -> str:
    """Text for a terminal, with plain spaces for no-break ones."""
    # No-break spaces keep dates together on a page; in a terminal they get in the way of search.
    return text.replace("\u00a0", " ")
