"""Where the chances in a verdict's doubt come from: ``python -m tests.measures.chances``.

Steady measures of independent values, and the same with a shift of one standard deviation when
the test begins, judged by the product's own verdict on the chart asked for: normal values on an
XmR or run chart (and on p′, t and x-bar, to see which they go with), Poisson counts on a c chart,
shares of 50 on a p chart, geometric numbers between events on a g chart. ``--runs`` series a cell
(20,000 by default, a few minutes a chart), ``--seed`` for another draw. Shares are of those that
reach the check: a measure already changing before is in the first column only.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from math import exp, floor, log
from random import Random

from improve.measures.spc.series import Observed
from improve.measures.spc.verdict import judge

FIRST = date(2024, 1, 1)
BEFORE = (8, 12, 16, 20, 24)
CHOSEN = (36, 52)
AFTER = (7, 9, 12, 16, 20, 24, 30, 40)
HELD = ("improvement",)
ENDED = ("improvement_not_held",)
MEAN_COUNT, SHARE_OF, SHARE = 16.0, 50, 0.8

Draw = Callable[[Random, date, float], Observed]


def _normal(random: Random, day: date, shift: float) -> Observed:
    return Observed(day, random.gauss(shift, 1.0))


def _count(random: Random, day: date, shift: float) -> Observed:
    mean, product, n = MEAN_COUNT + shift * MEAN_COUNT**0.5, 1.0, 0
    while (product := product * random.random()) > exp(-mean):
        n += 1
    return Observed(day, float(n))


def _share(random: Random, day: date, shift: float) -> Observed:
    chance = SHARE + shift * (SHARE * (1 - SHARE) / SHARE_OF) ** 0.5
    met = sum(random.random() < chance for _ in range(SHARE_OF))
    return Observed(day, None, float(met), float(SHARE_OF))


def _between(random: Random, day: date, shift: float) -> Observed:
    # A shift on the scale where waiting times look normal.
    chance = 0.05 / (1 + shift)
    return Observed(day, float(floor(log(1 - random.random()) / log(1 - chance))))


def _time(random: Random, day: date, shift: float) -> Observed:
    return Observed(day, random.expovariate(1 / (30 * (1 + shift))) + 1e-6)


def _several(random: Random, day: date, shift: float) -> Observed:
    raw = tuple([random.gauss(shift * 0.4, 1.0) for _ in range(6)])
    return Observed(day, None, raw=raw)


DRAWS: dict[str, Draw] = {
    "i": _normal,
    "run": _normal,
    "c": _count,
    "p": _share,
    "pp": _share,
    "g": _between,
    "t": _time,
    "xbar": _several,
}


def codes(
    random: Random, before: int, after: int, shift: float, *, runs: int, chart: str
) -> Counter[str]:
    """How many of ``runs`` series get each verdict. More than 24 before are a chosen baseline."""
    days = [FIRST + timedelta(7 * at) for at in range(before + after)]
    chosen = {"baseline_from": FIRST} if before > max(BEFORE) else {}
    draw = DRAWS[chart]
    found: Counter[str] = Counter()
    for _ in range(runs):
        rows = [draw(random, day, shift if at >= before else 0.0) for at, day in enumerate(days)]
        starts_on = FIRST + timedelta(7 * before)
        verdict = judge(rows, better="up", chart=chart, starts_on=starts_on, **chosen)
        found[verdict.code] += 1
    return found


def percent(found: Counter[str], *wanted: str) -> str:
    """Share of those that were compared with these codes, in percent."""
    compared = sum(found.values()) - found["baseline_unstable"]
    return f"{100 * sum(found[code] for code in wanted) / max(compared, 1):5.1f}"


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=2026)
    options.add_argument("--chart", choices=sorted(DRAWS), default="i")
    chosen = options.parse_args()
    random = Random(chosen.seed)  # noqa: S311 - a draw that can be made again
    print(f"{chosen.chart}: {chosen.runs} series a cell, seed {chosen.seed}; percent\n")
    print("Steady: what is found by chance, one good side")
    print("before after | refused | held | ended | worse, held | mixed | unusual point")
    cells = [(n, after) for n in BEFORE for after in (7, 12, 20, 30)]
    for before, after in [*cells, *((n, 12) for n in CHOSEN)]:
        found = codes(random, before, after, 0.0, runs=chosen.runs, chart=chosen.chart)
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
        shown = []
        for after in AFTER:
            found = codes(random, before, after, 1.0, runs=chosen.runs, chart=chosen.chart)
            shown.append(percent(found, "no_signal", "unusual_point"))
        print(f"{before:6} | " + " | ".join(shown), flush=True)


if __name__ == "__main__":
    main()
