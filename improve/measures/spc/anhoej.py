"""Anhøj's two rules for a run chart: one run too long, or too few crossings.

Anhøj & Olesen 2014, doi 10.1371/journal.pone.0113825; Anhøj 2015, doi
10.1371/journal.pone.0121349. Both look at a whole stretch and never name a point. Values on the
centre, and missing ones, are left out and do not break a run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log2

FEWEST_USEFUL = 10
"""Below this many useful points the product stays silent; the formulas reach down to 1."""


@dataclass(frozen=True, slots=True)
class Runs:
    """What the two rules find; all but ``n_useful`` are None when no point is useful."""

    n_useful: int
    longest_run: int | None
    longest_run_max: int | None
    n_crossings: int | None
    n_crossings_min: int | None
    is_signal: bool


def longest_run_max(n_useful: int) -> int:
    """Longest run that is still the usual: round(log2 m) + 3 for m useful points, m >= 1."""
    return round(log2(n_useful)) + 3


@lru_cache(maxsize=4096)
def n_crossings_min(n_useful: int) -> int:
    """Fewest crossings that are still the usual for m useful points, m >= 1.

    The smallest k with P(Bin(m - 1, 1/2) <= k) >= 0.05, counted in whole numbers.
    """
    chances = n_useful - 1
    wanted = 2**chances  # 0.05 of 2^(m-1), both sides times 20
    reached, ways = 0, 1
    for crossings in range(chances + 1):
        reached += ways
        if 20 * reached >= wanted:
            return crossings
        # The next binomial coefficient from this one: counting each afresh takes half a minute
        # for 20,000 points.
        ways = ways * (chances - crossings) // (crossings + 1)
    return 0


def runs(sides: Iterable[int]) -> Runs:
    """Judge a stretch from the side (+1, -1, 0) of each of its points, in order."""
    useful = [side for side in sides if side]
    if not useful:
        return Runs(0, None, None, None, None, False)
    longest = length = 1
    crossings = 0
    for before, now in pairwise(useful):
        if now == before:
            length += 1
            longest = max(longest, length)
        else:
            length = 1
            crossings += 1
    most, fewest = longest_run_max(len(useful)), n_crossings_min(len(useful))
    return Runs(
        n_useful=len(useful),
        longest_run=longest,
        longest_run_max=most,
        n_crossings=crossings,
        n_crossings_min=fewest,
        is_signal=longest > most or crossings < fewest,
    )
