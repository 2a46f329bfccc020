"""The few numbers a sparkline is drawn from, small enough to store beside a verdict."""

from __future__ import annotations

from typing import Any

from improve.measures.spc.analysis import MOST_BEFORE
from improve.measures.spc.series import ChartAnalysis, Part
from improve.measures.spc.verdict import FEWEST_AFTER

MOST_AFTER = 36


def spark_facts(analysis: ChartAnalysis, code: str, *, is_over: bool = False) -> dict[str, Any]:
    """What a sparkline needs, JSON-able, six significant figures.

    ``before`` the last 24 usable values at most, ``after`` the last 36 since the change, both
    oldest first in units people read; ``centre`` the frozen centre or None; ``code`` the
    verdict; ``missing`` how many hollow dots stand for points still needed (only while it is
    too early and the test goes on, else 0).
    """
    is_waiting = code == "too_early" and not is_over
    after = [_short(point.value) for point in analysis.usable(Part.AFTER)]
    before = [_short(point.value) for point in analysis.usable(Part.BASELINE)]
    return {
        "before": before[-MOST_BEFORE:],
        "after": after[-MOST_AFTER:],
        "centre": _short(analysis.centre),
        "code": code,
        "missing": max(0, FEWEST_AFTER - len(after)) if is_waiting else 0,
    }


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")
