"""What the `analyse` command does: a file of numbers to a chart and a verdict, without a database.

The same table reading, chart and verdict as on the pages, so that the command can check them.
Pure but for reading the one file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from improve.measures.command_reading import FileRead, read_file
from improve.measures.spc.analysis import Window, analyse_series
from improve.measures.spc.arithmetic import CannotChart
from improve.measures.spc.choose import ChartAlternative, chart_alternatives, choose_chart
from improve.measures.spc.companion import moving_ranges
from improve.measures.spc.doubt import CHANGED
from improve.measures.spc.marks import Assurance, Variation, assurance_of, variation_of
from improve.measures.spc.periods import is_within
from improve.measures.spc.series import Better, ChartAnalysis, Observed
from improve.measures.spc.special import SpecialPoint, special_points
from improve.measures.spc.verdict import Around, Verdict, code_of, judge_chart
from improve.measures.table_import import ImportPreview, Kind, Period, period_words

CHARTS = ("run", "i", "mr", "p", "pp", "u", "up", "c", "g", "t", "xbar")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was asked, beyond the file.

    Points up to `baseline_end` (at most the last 24, or from `baseline_start`) are the baseline.
    Those from `starts_on` are judged against it, to `ends_on` where it is given: the day after
    `baseline_end` by default. With neither there is no verdict. `exclude` are days whose points
    do not count, with why; `new_lines_on` first days of new middle lines. `target` is in the
    units people read, `per` turns a rate into one per so many, `within` turns times into the
    share of at most so many days.
    """

    chart: str | None = None
    recorded: Kind | None = None
    better: Better = "neutral"
    baseline_start: date | None = None
    baseline_end: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    exclude: tuple[tuple[date, str], ...] = ()
    new_lines_on: tuple[date, ...] = ()
    lookback_days: int | None = None
    target: float | None = None
    per: float | None = None
    within: float | None = None
    overlapping: int = 0
    pick: Mapping[str, str] = field(default_factory=dict)
    column: Sequence[str] = ()

    @property
    def judged_from(self) -> date | None:
        """The day the change began, or None where nothing is judged."""
        if self.starts_on:
            return self.starts_on
        return self.baseline_end + timedelta(days=1) if self.baseline_end else None

    @property
    def is_baseline_chosen(self) -> bool:
        """Whether a person set the days of the baseline, not only where the change began."""
        return self.baseline_start is not None or bool(self.starts_on and self.baseline_end)

    @property
    def window(self) -> Window:
        """The dates that part the series."""
        return Window(
            starts_on=self.judged_from,
            ends_on=self.ends_on,
            baseline_from=self.baseline_start,
            baseline_to=self.baseline_end,
            new_lines_on=self.new_lines_on,
        )


@dataclass(frozen=True, slots=True)
class FileAnalysis:
    """A file analysed, or the rows that kept it from being.

    `chart` is in units people read, `plain` the same with shares as ratios, as the numbers in
    the file give them; both are None, and so is `verdict`, when any row was refused: a file is
    analysed whole or not at all. `verdict` is None, too, without a day the change began.
    `excluded` are the points left out and why; `ranges` the moving ranges under an XmR chart, in
    the units of `plain`; `alternatives` the usual chart first.
    """

    asked: Asked
    read: FileRead
    asked_chart: str
    chart: ChartAnalysis | None = None
    plain: ChartAnalysis | None = None
    verdict: Verdict | None = None
    alternatives: tuple[ChartAlternative, ...] = ()
    special: tuple[SpecialPoint, ...] = ()
    excluded: tuple[tuple[date, str], ...] = ()
    variation: Variation | None = None
    assurance: Assurance | None = None
    ranges: ChartAnalysis | None = None

    @property
    def source(self) -> str:
        """The file and what was picked from it."""
        return self.read.source

    @property
    def preview(self) -> ImportPreview:
        """Every row of the file, checked."""
        return self.read.preview

    @property
    def period(self) -> Period:
        """What one point covers."""
        return self.read.period

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


def analyse_file(path: Path, asked: Asked, *, latest: date) -> FileAnalysis:
    """Analyse a CSV file (or .xlsx workbook) of dates and numbers.

    Its first column is a date or month, then `value`, or `numerator` and `denominator`; or it is
    an official file with years in rows, of which `asked.pick` leaves one row a year and
    `asked.column` names one figure, or two (months without). Columns “note” and “left out
    because” are read too. `asked.chart` None lets what is recorded decide. No date may be after
    `latest`.

    Refuses with `TableRefused` a file that can't be read at all, and with `CannotChart` a chart
    that doesn't fit the columns, dates in the wrong order, and a day to leave out that has no
    point. Rows that can't be read are in the answer.
    """
    _check_dates(asked)
    read = read_file(
        path,
        chart=asked.chart,
        recorded=asked.recorded,
        per=asked.per,
        within=asked.within,
        pick=asked.pick,
        column=asked.column,
        latest=latest,
    )
    answer = FileAnalysis(asked, read, asked.chart or "")
    if answer.is_refused:
        return answer
    excluded = _excluded(read, asked.exclude)
    rows = [replace(row, is_excluded=row.x in excluded) for row in read.observations]
    alternatives = chart_alternatives(read.measure_type, rows, asked.window)
    chart = asked.chart or alternatives[0].chart
    drawn_as = "i" if chart == "mr" else chart
    shown = _analysed(rows, drawn_as, asked, read.unit, asked.per)
    plain = _analysed(rows, drawn_as, asked, "", asked.per or 1.0)
    verdict = _judged(shown, rows, asked, read, latest=latest) if asked.judged_from else None
    special = special_points(shown, asked.better, period=read.period)
    variation = variation_of(shown, asked.better)
    has_changed = verdict is not None and verdict.code in CHANGED
    assurance = assurance_of(shown, asked.better, asked.target, has_changed=has_changed)
    ranges = moving_ranges(plain) if plain.chart == "i" else None
    if chart == "mr":
        shown, plain = moving_ranges(shown), moving_ranges(plain)
        special = special_points(shown, "neutral", period=read.period)
    return replace(
        answer,
        asked_chart=chart,
        chart=shown,
        plain=plain,
        verdict=verdict,
        alternatives=alternatives,
        special=special,
        excluded=tuple(sorted(excluded.items())),
        variation=variation,
        assurance=assurance,
        ranges=ranges,
    )


def _analysed(
    rows: Sequence[Observed], chart: str, asked: Asked, unit: str, multiply: float | None
) -> ChartAnalysis:
    window = asked.window
    return analyse_series(
        rows,
        chart=chart,
        starts_on=window.starts_on,
        ends_on=window.ends_on,
        baseline_from=window.baseline_from,
        baseline_to=window.baseline_to,
        new_lines_on=window.new_lines_on,
        unit=unit,
        multiply=multiply,
    )


def _judged(
    shown: ChartAnalysis,
    rows: Sequence[Observed],
    asked: Asked,
    read: FileRead,
    *,
    latest: date,
) -> Verdict:
    first, last = asked.judged_from or date.max, asked.ends_on or date.max

    def analysed(with_rows: Sequence[Observed], chart: str) -> ChartAnalysis:
        return _analysed(with_rows, chart, asked, read.unit, asked.per)

    def usual_of(with_rows: Sequence[Observed]) -> str:
        return choose_chart(read.measure_type, with_rows, window=asked.window).chart

    usual = analysed(rows, usual_of(rows)) if asked.chart else shown
    is_other = usual.chart != shown.chart
    with_all = None
    if any(row.is_excluded for row in rows):
        counted = [replace(row, is_excluded=False) for row in rows]
        drawn_as = shown.asked_chart if asked.chart else usual_of(counted)
        with_all = code_of(analysed(counted, drawn_as), asked.better)
    return judge_chart(
        shown,
        better=asked.better,
        period=read.period,
        lookback_days=asked.lookback_days,
        is_baseline_chosen=asked.is_baseline_chosen,
        around=Around(
            overlapping=asked.overlapping,
            notes_in_window=sum(first <= day <= last for day in read.noted_on),
            usual_chart=usual.chart if is_other else None,
            code_by_usual=code_of(usual, asked.better) if is_other else None,
            code_with_all=with_all,
            today=latest,
        ),
    )


def _check_dates(asked: Asked) -> None:
    """Refuse days in an order that leaves nothing to read."""
    start, end = asked.baseline_start, asked.baseline_end
    if start and end and start > end:
        raise CannotChart("--baseline-start is after --baseline-end.")
    if asked.starts_on and end and asked.starts_on <= end:
        raise CannotChart("--starts must be after --baseline-end.")
    if asked.ends_on:
        if asked.judged_from is None:
            raise CannotChart("--ends needs --starts or --baseline-end.")
        if asked.ends_on < asked.judged_from:
            raise CannotChart("--ends is before the change began.")
    if start and asked.judged_from and start >= asked.judged_from:
        raise CannotChart("--baseline-start is not before the change.")


def _excluded(read: FileRead, days: Sequence[tuple[date, str]]) -> dict[date, str]:
    """The points left out, by the file and by the command, and why."""
    found = dict(read.left_out)
    recorded = sorted({row.x for row in read.observations})
    for day, reason in days:
        at = next((x for x in recorded if x == day or is_within(day, x, read.period)), None)
        if at is None:
            named = period_words(day, "day", this_year=0)
            raise CannotChart(f"--exclude: there is no point on {named}.")
        found[at] = reason
    return found


def column_name(preview: ImportPreview, role: str | None, wide_column: str) -> str:
    """What the file calls the column of a role; empty without one."""
    if role is None:
        return ""
    if wide_column and role != "period":
        return wide_column
    return preview.column_names[[str(known) for known in preview.roles].index(role)]


def plain_spaces(text: str) -> str:
    """Text for a terminal, with plain spaces for no-break ones."""
    # No-break spaces keep dates together on a page; in a terminal they get in the way of search.
    return text.replace("\u00a0", " ")


def shown_value(value: float | None, chart: ChartAnalysis) -> str:
    """A value with its unit, for a terminal."""
    return plain_spaces(chart.in_words(value))
