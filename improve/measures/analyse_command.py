"""The `analyse` command: its options and how it answers. The work is in `command_analysis`."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import click

from improve.measures.command_analysis import CHARTS, EARLIEST, analyse_file, as_json
from improve.measures.command_words import as_text
from improve.measures.spc.arithmetic import CannotChart
from improve.measures.spc.series import Better
from improve.measures.table_import import TableRefused
from improve.shared import clock
from improve.shared.parsing import NotReadable, read_date


class _OneLineCommand(click.Command):
    """Answers a wrong option in one line, without the usage lines around it."""

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        try:
            return super().make_context(*arguments, **options)
        except click.UsageError as error:
            error.ctx = None  # what click takes the usage lines from
            raise


class _Refused(click.ClickException):
    exit_code = 2

    def __init__(self, words: str, hint: str = "") -> None:
        super().__init__(" ".join(part for part in (_ended(words), _ended(hint)) if part))


def _ended(words: str) -> str:
    return words if not words or words[-1] in ".?!" else f"{words}."


def _baseline_end(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> date | None:
    if text is None:
        return None
    try:
        read = read_date(text, earliest=EARLIEST, latest=date(2200, 1, 1))
    except NotReadable as unread:
        raise _Refused(f"--baseline-end: {unread.words}", unread.hint) from None
    if read.is_month:
        return read.on.replace(day=monthrange(read.on.year, read.on.month)[1])
    return read.on


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


@click.command("analyse", cls=_OneLineCommand)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--chart",
    type=click.Choice(CHARTS),
    help="Kind of chart; without it, what is recorded decides: a p chart (or p′) for numerator "
    "and denominator, an XmR chart (i) for values, a c chart for a column named count.",
)
@click.option(
    "--better",
    type=click.Choice(["up", "down", "neutral"]),
    default="neutral",
    show_default=True,
    help="Which way is better.",
)
@click.option(
    "--baseline-end",
    metavar="DATE",
    callback=_baseline_end,
    help="Last day before the change, such as 2013-07-31 or 31/07/2013. Points up to it (at most "
    "the last 24) are the baseline. Without it there is no verdict.",
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
def analyse(
    context: click.Context,
    *,
    file: Path,
    chart: str | None,
    better: str,
    baseline_end: date | None,
    pick: dict[str, str],
    column: tuple[str, ...],
    answer_as: str,
) -> None:
    """Chart the numbers in FILE and say whether they changed. Needs no database.

    FILE is a CSV file (or an Excel workbook) with column names in its first row: a date or month
    first, then "value", or "numerator" and "denominator". Dates are day first (23/03/2026) or
    2026-03-23. Cells marked c, x, u, z or left blank are gaps, not zeros.

    Official statistics can be read as published, with a row for each year and a column for each
    month:

    \b
        flask --app wsgi analyse referrals.csv --pick la_name=Coventry

    A row that cannot be read is named, nothing is analysed, and the command ends with code 2.
    Rows are numbered as a spreadsheet does, column names being row 1.
    """
    try:
        analysis = analyse_file(
            file,
            chart=chart,
            better=cast(Better, better),
            baseline_end=baseline_end,
            pick=pick,
            column=column,
            latest=clock.today() + timedelta(days=1),
        )
    except TableRefused as refusal:
        raise _Refused(refusal.words, refusal.hint) from None
    except CannotChart as refusal:
        raise _Refused(str(refusal)) from None
    click.echo(as_json(analysis) if answer_as == "json" else as_text(analysis))
    if analysis.is_refused:
        click.echo(f"Error: {analysis.refusal}", err=True)
        context.exit(2)
