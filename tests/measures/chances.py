"""Where the chances in a verdict's doubt come from: ``python -m tests.measures.chances``.

Steady measures of independent normal values, and the same with a shift of one standard deviation
when the test begins, judged by the product's own verdict on an XmR chart. ``--runs`` series a
cell (20,000 by default, a few minutes), ``--seed`` for another draw. Shares are of those that
reach the check: a measure already changing before is in the first table only.
"""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date, timedelta
from random import Random

from improve.measures.spc.series import Observed
from improve.measures.spc.verdict import judge

FIRST = date(2024, 1, 1)
BEFORE = (8, 12, 16, 20, 24)
AFTER = (7, 9, 12, 16, 20, 24, 30, 40)
HELD = ("improvement",)
ENDED = ("improvement_not_held",)


def codes(random: Random, before: int, after: int, shift: float, runs: int) -> Counter[str]:
    """How many of ``runs`` series get each verdict."""
    days = [FIRST + timedelta(7 * at) for at in range(before + after)]
    found: Counter[str] = Counter()
    for _ in range(runs):
        rows = [
            Observed(day, random.gauss(shift if at >= before else 0.0, 1.0))
            for at, day in enumerate(days)
        ]
        verdict = judge(rows, better="up", chart="i", starts_on=FIRST + timedelta(7 * before))
        found[verdict.code] += 1
    return found


def percent(found: Counter[str], *wanted: str) -> str:
    """Share of those that were compared with these codes, in percent."""
    compared = sum(found.values()) - found["baseline_unstable"]
    return f"{100 * sum(found[code] for code in wanted) / compared:5.1f}"


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=2026)
    chosen = options.parse_args()
    random = Random(chosen.seed)  # noqa: S311 - a draw that can be made again
    print(f"{chosen.runs} series a cell, seed {chosen.seed}; percent\n")
    print("Steady: what is found by chance, one good side")
    print("before after | refused | held | ended | worse, held | mixed | unusual point")
    for before in BEFORE:
        for after in (7, 12, 20, 30):
            found = codes(random, before, after, 0.0, chosen.runs)
            refused = 100 * found["baseline_unstable"] / chosen.runs
            print(
                f"{before:6} {after:5} | {refused:7.1f} | {percent(found, *HELD)} "
                f"| {percent(found, *ENDED)} | {percent(found, 'deterioration'):>11} "
                f"| {percent(found, 'mixed')} | {percent(found, 'unusual_point')}",
                flush=True,
            )
    print("\nA shift of one standard deviation: how often no run is found")
    print("before | " + " | ".join(f"{after:5}" for after in AFTER))
    for before in (12, 24):
        cells = []
        for after in AFTER:
            found = codes(random, before, after, 1.0, chosen.runs)
            cells.append(percent(found, "no_signal", "unusual_point"))
        print(f"{before:6} | " + " | ".join(cells), flush=True)


if __name__ == "__main__":
    main()
