"""The before-and-after verdict on a test of change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from improve.measures.spc.series import Observed
from improve.measures.spc.words import CODES, VerdictWords, verdict_words

__all__ = [
    "ANALYSIS_VERSION",
    "CODES",
    "Check",
    "Verdict",
    "VerdictWords",
    "judge",
    "verdict_words",
]

ANALYSIS_VERSION = 1
"""Stored beside every verdict; raised whenever the same data may give another answer."""

Better = Literal["up", "down", "neutral"]
Period = Literal["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Check:
    """One numbered question asked of the data, and its answer; the settling one comes last."""

    question: str
    answer: str
    is_settling: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict: its code, the facts for its words (JSON-able), the checks made, the doubt."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    doubt: tuple[str, ...] = ()


def judge(
    observations: Sequence[Observed],
    *,
    better: Better,
    starts_on: date,
    first_judged_on: date | None = None,
    ends_on: date | None = None,
    baseline_from: date | None = None,
    baseline_to: date | None = None,
    chart: str = "run",
    period: Period = "week",
    lookback_days: int | None = None,
    unit: str = "",
    multiply: float | None = None,
) -> Verdict:
    """Judge a test of change."""
    raise NotImplementedError
