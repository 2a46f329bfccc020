"""Patterns of reports as a page and a file say them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Protocol

from improve.incidents.days_between import Between
from improve.incidents.factors import FACTORS
from improve.incidents.kinds import KIND_WORDS
from improve.incidents.patterns import Lot, Together
from improve.measures.chart.table import period_words
from improve.shared.export import Cell
from improve.shared.suppression import Count, Hidden

CSV_HEAD: Final = ("Table", "Months", "What", "Reports", "Of")


class _Found(Protocol):
    @property
    def lots(self) -> tuple[Lot, ...]: ...
    @property
    def charts(self) -> tuple[Between, ...]: ...


def lot_words(lot: Lot) -> str:
    """Return the months of a lot: “Mar to Sep 2026”, “Nov 2025 to Feb 2026”, “Oct 2026”."""
    last = period_words(lot.last, "month", has_years=True)
    if lot.first == lot.last:
        return last
    first = period_words(lot.first, "month", has_years=lot.first.year != lot.last.year)
    return f"{first} to {last}"


def pair_rows(lots: Sequence[Lot]) -> list[tuple[str, list[Count]]]:
    """Return the pairs that any of these lots may show, in the order of the form.

    Each with its number in every lot, in the order of the lots.
    """
    order = [factor.code for factor in FACTORS]
    shown = {(pair.one.code, pair.other.code): pair for lot in lots for pair in lot.pairs}
    rows = []
    for codes in sorted(shown, key=lambda codes: [order.index(code) for code in codes]):
        numbers: list[Count] = [
            next(
                (pair.both for pair in lot.pairs if (pair.one.code, pair.other.code) == codes),
                Hidden.NOT_SHOWN,
            )
            for lot in lots
        ]
        rows.append((both_words(shown[codes]), numbers))
    return rows


def both_words(pair: Together) -> str:
    """Return two conditions as one name: each quoted, since their names hold “and”."""
    return f"“{pair.one.name}” + “{pair.other.name}”"


def received_rows(received: Sequence[tuple[date, Count]]) -> list[tuple[str, str]]:
    """Return the months of reports received as rows of a table: each in fives, “15 or more”."""
    return [
        (period_words(month, "month", has_years=True), _about(count)) for month, count in received
    ]


def _about(count: Count) -> str:
    return str(_cell(count)) if isinstance(count, Hidden) or not count else f"{count} or more"


def csv_rows(found: _Found) -> Iterable[tuple[Cell, ...]]:
    """Yield what the page shows, the newest lot first; a hidden number says why it is hidden."""
    for lot in found.lots:
        months, total = _plain(lot_words(lot)), _cell(lot.total)
        for kind, count in lot.kinds:
            yield "Kinds", months, KIND_WORDS[kind], _cell(count), total
        for factor, count in lot.factors:
            yield "Conditions", months, factor.name, _cell(count), total
        for pair in lot.pairs:
            yield "Two together", months, both_words(pair), pair.both, total
    for chart in found.charts:
        for row in chart.rows if chart.has_chart else ():
            yield "Mean days between two", _plain(row[0]), chart.name, row[1], row[2]


def _cell(count: Count) -> Cell:
    return count.value if isinstance(count, Hidden) else count


def _plain(words: str) -> str:
    return words.replace("\u00a0", " ")
