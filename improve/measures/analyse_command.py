"""The `analyse` command: its options and how it answers. The work is in `command_analysis`."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from improve.measures.command_analysis import CHARTS, Asked, analyse_file
from improve.measures.command_json import as_json
from improve.measures.command_reading import EARLIEST, RECORDED
from improve.measures.command_words import as_text
from improve.measures.spc.arithmetic import CannotChart
from improve.measures.table_import import TableRefused
from improve.shared import clock
from improve.shared.command_line import OneLineCommand, Refused
from improve.shared.parsing import NotReadable, read_date, read_number


class _Refused(Refused):
    def __init__(self, words: str, hint: str = "") -> None:
        super().__init__(" ".join(part for part in (_ended(words), _ended(hint)) if part))


def _ended(words: str) -> str:
    return words if not words or words[-1] in ".?!" else f"{words}."


def _read_day(option: click.Parameter, text: str, *, is_end: bool = False) -> date:
    """The day an option gives; a month stands for its first day, or its last at an end."""
    name = option.opts[0]
    try:
        read = read_date(text, earliest=EARLIEST, latest=date(2200, 1, 1))
    except NotReadable as unread:
        raise _Refused(f"{name}: {unread.words}", unread.hint) from None
    if read.is_month and is_end:
        return read.on.replace(day=monthrange(read.on.year, read.on.month)[1])
    return read.on


def _day(_context: click.Context, option: click.Parameter, text: str | None) -> date | None:
    return None if text is None else _read_day(option, text)


def _end(_context: click.Context, option: click.Parameter, text: str | None) -> date | None:
    return None if text is None else _read_day(option, text, is_end=True)


def _days(
    _context: click.Context, option: click.Parameter, texts: tuple[str, ...]
) -> tuple[date, ...]:
    return tuple(_read_day(option, text) for text in texts)


def _left_out(
    _context: click.Context, option: click.Parameter, texts: tuple[str, ...]
) -> tuple[tuple[date, str], ...]:
    parted = [text.partition("=") for text in texts]
    return tuple((_read_day(option, day), reason.strip()) for day, _equals, reason in parted)


def _number(_context: click.Context, option: click.Parameter, text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return read_number(text).value
    except NotReadable as unread:
        raise _Refused(f"{option.opts[0]}: {unread.words}", unread.hint) from None


def _above_zero(context: click.Context, option: click.Parameter, text: str | None) -> float | None:
    number = _number(context, option, text)
    if number is not None and number <= 0:
        raise _Refused(f"{option.opts[0]}: {text} is not above 0")
    return number


def _pick(
    _context: click.Context, _option: click.Parameter, texts: tuple[str, ...]
) -> dict[str, str]:
    picked = {}
    for text in texts:
        column, equals, value = text.partition("=")
        if not equals or not column.strip():
            raise _Refused(f"--pick: “{text}” is not COLUMN=VALUE", "Try --pick la_name=Coventry.")
        picked[column.strip()] = value.strip()
    return picked


def _dates(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say when the change began and what it is compared with."""
    for option in reversed(
        [
            click.option(
                "--baseline-end",
                metavar="DATE",
                callback=_end,
                help="Last day before the change, such as 2013-07-31 or 31/07/2013. Points up to "
                "it (at most the last 24) are the baseline. Without it there is no verdict.",
            ),
            click.option(
                "--baseline-start",
                metavar="DATE",
                callback=_day,
                help="First day of the baseline, in place of the last 24 points.",
            ),
            click.option(
                "--starts",
                "starts_on",
                metavar="DATE",
                callback=_day,
                help="First day of the change, where it is not the day after --baseline-end.",
            ),
            click.option(
                "--ends",
                "ends_on",
                metavar="DATE",
                callback=_end,
                help="Last day that is judged. Later points are shown only.",
            ),
            click.option(
                "--exclude",
                metavar="DATE[=WHY]",
                multiple=True,
                callback=_left_out,
                help="Leave out the point of this day or month, and why; it is still shown. Can "
                "be given more than once.",
            ),
            click.option(
                "--new-line",
                "new_lines_on",
                metavar="DATE",
                multiple=True,
                callback=_days,
                help="First day of a new middle line; can be given more than once. Before the "
                "change it cuts the baseline; after it the verdict stays as it is.",
            ),
        ]
    ):
        command = option(command)
    return command


@click.command("analyse", cls=OneLineCommand)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--chart",
    type=click.Choice(CHARTS),
    help="Kind of chart; without it, what is recorded decides: a p chart (or p′) for numerator "
    "and denominator, an XmR chart (i) for values, a c chart for a column named count.",
)
@click.option(
    "--recorded",
    type=click.Choice(RECORDED),
    help="What is recorded, where the columns do not say: several times for each date (times), "
    "days or cases from one rare event to the next, events for so many chances (rate).",
)
@click.option(
    "--better",
    type=click.Choice(["up", "down", "neutral"]),
    default="neutral",
    show_default=True,
    help="Which way is better.",
)
@_dates
@click.option(
    "--per",
    metavar="NUMBER",
    callback=_above_zero,
    help="Read a rate per so many: 1000 for incidents per 1,000 nights.",
)
@click.option(
    "--within",
    metavar="NUMBER",
    callback=_above_zero,
    help="With --recorded times: chart the share that took at most so many days.",
)
@click.option(
    "--target",
    metavar="NUMBER",
    callback=_number,
    help="A hope to compare the usual ups and downs with, as people read it: 90 for 90%.",
)
@click.option(
    "--lookback-days",
    metavar="DAYS",
    type=click.IntRange(1, 3660),
    help="How many days back each point looks, where that is longer than its period.",
)
@click.option(
    "--other-tests",
    "overlapping",
    metavar="NUMBER",
    type=click.IntRange(0, 99),
    default=0,
    help="How many other tests ran at the same time; the doubt names them.",
)
@click.option(
    "--pick",
    metavar="COLUMN=VALUE",
    multiple=True,
    callback=_pick,
    help="Read only rows with this value; can be given more than once.",
)
@click.option(
    "--column",
    metavar="NAME",
    multiple=True,
    help="Column that holds the numbers; given twice, numerator and denominator.",
)
@click.option(
    "--format",
    "answer_as",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to answer.",
)
@click.pass_context
def analyse(context: click.Context, *, file: Path, answer_as: str, **asked: Any) -> None:
    """Chart the numbers in FILE and say whether they changed. Needs no database.

    FILE is a CSV file (or an Excel workbook) with column names in its first row: a date or month
    first, then "value", or "numerator" and "denominator". Columns "note" and "left out because"
    are read too. Dates are day first (23/03/2026) or 2026-03-23. Cells marked c, x, u, z or left
    blank are gaps, not zeros.

    Official statistics can be read as published, with a row for each year and a column for each
    month:

    \b
        flask --app wsgi analyse referrals.csv --pick la_name=Coventry

    Without --baseline-end (or --starts) the chart is read by itself; with it the points since are
    judged against those before, and the answer says what that leaves open.

    A row that cannot be read is named, nothing is analysed, and the command ends with code 2.
    Rows are numbered as a spreadsheet does, column names being row 1.
    """
    try:
        analysis = analyse_file(file, Asked(**asked), latest=clock.today() + timedelta(days=1))
    except TableRefused as refusal:
        raise _Refused(refusal.words, refusal.hint) from None
    except CannotChart as refusal:
        raise _Refused(str(refusal)) from None
    click.echo(as_json(analysis) if answer_as == "json" else as_text(analysis))
    if analysis.is_refused:
        click.echo(f"Error: {analysis.refusal}", err=True)
        context.exit(2)
