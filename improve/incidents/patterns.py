"""Patterns of reports: kinds, conditions and pairs of them, counted so that no report shows. Pure.

A page that is counted anew each day would tell of the one report that came between two looks at
it. So reports are counted in lots: whole months, as many as it takes until ``LOT`` of them were
signed off. Each is in one lot, a lot is counted once, and nothing later changes it. Within a lot no
number of 1 to 4 is shown, nor one that would give another away (``shared.suppression``); a
condition tells two numbers, the reports with it and those without, and a pair tells four. No table
crosses a kind with a condition, or either with a team: there is none to be asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from math import comb
from typing import Final

from improve.incidents.factors import FACTORS, Factor
from improve.incidents.kinds import Kind
from improve.shared.suppression import FEWEST, Count, Hidden, suppress_list

#: Reports that a lot holds, at least: with fewer, most of what could be said of pairs is hidden.
LOT: Final = 30
#: Lots that the page shows.
LOTS_SHOWN: Final = 8
#: A pair that chance alone would bring about more often than this does not stand out.
SELDOM: Final = 0.01
_KINDS: Final = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a report that was signed off was coded as, and the Monday of that week."""

    week: date
    kind: str
    factors: frozenset[str]


@dataclass(frozen=True, slots=True)
class Together:
    """Two conditions that came together in ``both`` of the reports of a lot."""

    one: Factor
    other: Factor
    both: int


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot as it may be shown: first days of its first and last month, and its counts.

    ``kinds`` stand in the order of the form, none before another by its number; so do ``factors``
    and ``pairs``. ``total`` is the number of reports.
    """

    first: date
    last: date
    total: Count
    kinds: tuple[tuple[Kind, Count], ...]
    factors: tuple[tuple[Factor, Count], ...]
    pairs: tuple[Together, ...]

    @property
    def hides(self) -> bool:
        """Whether any number is hidden, so that the page says why."""
        counts = [count for _, count in (*self.kinds, *self.factors)]
        return any(isinstance(count, Hidden) for count in counts)


@dataclass(frozen=True, slots=True)
class Standing:
    """A pair that stands out, with its number in the newest lot that shows it."""

    pair: Together
    lot: Lot


def next_month(first: date) -> date:
    """Return the first day of the month after ``first``."""
    return (first + timedelta(days=31)).replace(day=1)


def is_over(month: date, today: date) -> bool:
    """Return whether all weeks that begin in a month are over: its last may end in the next."""
    return today >= next_month(month) + timedelta(days=7)


def lots_of(settled: Iterable[Settled], today: date) -> tuple[Lot, ...]:
    """Return the lots that are full and over, oldest first, as they may be shown."""
    by_month: dict[date, list[Settled]] = {}
    for one in settled:
        if one.kind not in _KINDS:
            continue  # nobody coded it
        by_month.setdefault(one.week.replace(day=1), []).append(one)
    lots: list[Lot] = []
    held: list[Settled] = []
    first: date | None = None
    for month in sorted(by_month):
        if not is_over(month, today):
            break
        first = first or month
        held += by_month[month]
        if len(held) >= LOT:
            lots.append(_lot(first, month, held))
            held, first = [], None
    return tuple(lots)


def to_test_next(lots: Sequence[Lot], settled: Iterable[Settled]) -> tuple[Standing, ...]:
    """Return the pairs worth a small test where they meet, in the order of the form.

    Those that one of ``lots`` shows, and that in the reports of all of them, ``settled``, came
    together more often than chance would bring about in one of a hundred pairs.
    """
    if not lots:
        return ()
    first, last = min(lot.first for lot in lots), max(lot.last for lot in lots)
    held = [
        one for one in settled if one.kind in _KINDS and first <= one.week.replace(day=1) <= last
    ]
    found: dict[tuple[str, str], Standing] = {}
    for lot in sorted(lots, key=lambda lot: lot.first, reverse=True):
        for pair in lot.pairs:
            found.setdefault((pair.one.code, pair.other.code), Standing(pair, lot))
    order = [factor.code for factor in FACTORS]
    return tuple(
        found[codes]
        for codes in sorted(found, key=lambda codes: [order.index(code) for code in codes])
        if _stands_out(four_of(*codes, held))
    )


def _stands_out(cells: Mapping[str, int]) -> bool:
    with_one, with_other = cells["both"] + cells["one"], cells["both"] + cells["other"]
    chance = chance_of_both(cells["both"], with_one, with_other, sum(cells.values()))
    return chance <= SELDOM


def _lot(first: date, last: date, held: Sequence[Settled]) -> Lot:
    of_kind = Counter(one.kind for one in held)
    kinds = suppress_list([of_kind[kind.value] for kind in Kind])
    return Lot(
        first=first,
        last=last,
        total=kinds.total,
        kinds=tuple(zip(Kind, kinds.counts, strict=True)),
        factors=tuple((factor, _with(factor.code, held)) for factor in FACTORS),
        pairs=tuple(_pairs(held)),
    )


def _with(code: str, held: Sequence[Settled]) -> Count:
    """Return in how many a condition was found, unless that or the rest of them is few."""
    found = sum(code in one.factors for one in held)
    return suppress_list((found, len(held) - found)).counts[0]


def _pairs(held: Sequence[Settled]) -> Iterable[Together]:
    for one, other in combinations(FACTORS, 2):
        cells = four_of(one.code, other.code, held)
        if cells["both"] >= FEWEST and all(n == 0 or n >= FEWEST for n in cells.values()):
            yield Together(one, other, cells["both"])


def chance_of_both(both: int, with_one: int, with_other: int, of: int) -> float:
    """Return how likely ``both`` or more would have two conditions that are there independently.

    The upper tail of the hypergeometric distribution, as in Fisher's exact test.
    """
    ways = sum(
        comb(with_one, n) * comb(of - with_one, with_other - n)
        for n in range(both, min(with_one, with_other) + 1)
    )
    return ways / comb(of, with_other)


def four_of(one: str, other: str, held: Sequence[Settled]) -> Mapping[str, int]:
    """Return the reports with both conditions, with one alone, the other alone, and neither."""
    found = Counter((one in report.factors, other in report.factors) for report in held)
    return {
        "both": found[True, True],
        "one": found[True, False],
        "other": found[False, True],
        "neither": found[False, False],
    }
