"""The two marks of Making Data Count: how a measure varies, and whether it meets a hope.

Which mark it is follows NHSRplotthedots 0.2.2; the words are ours. Variation looks at the newest
point only: a run that ended one point ago shows the usual ups and downs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from improve.measures.spc.anhoej import FEWEST_USEFUL
from improve.measures.spc.arithmetic import outside
from improve.measures.spc.phrases import value_words
from improve.measures.spc.series import AnalysedPoint, Better, ChartAnalysis, Signal
from improve.measures.spc.special import Told, direction_of, tell

VariationCode = Literal[
    "common_cause",
    "improvement_high",
    "improvement_low",
    "concern_high",
    "concern_low",
    "neutral_high",
    "neutral_low",
]
AssuranceCode = Literal["pass", "fail", "inconsistent"]

_KINDS = {"better": "improvement", "worse": "concern", "changed": "neutral"}
_TONES = {"better": "Better", "worse": "Worse", "changed": "Changed"}


@dataclass(frozen=True, slots=True)
class Variation:
    """How the newest point varies: a code and one plain sentence."""

    code: VariationCode
    words: str


@dataclass(frozen=True, slots=True)
class Assurance:
    """Whether the usual ups and downs lie on the hoped-for side: a code and a plain sentence."""

    code: AssuranceCode
    words: str


def variation_of(analysis: ChartAnalysis, better: Better) -> Variation:
    """The variation mark, from the newest point that counts.

    The first rule it fires decides: outside the limits, trend, two in three, run. Read on a run
    chart it knows runs only, and the words say so while there are too few points to read one.
    """
    usable = [point for point in analysis.points if point.is_usable]
    if not usable:
        return Variation("common_cause", "No numbers yet.")
    last = usable[-1]
    told = next((one for one in reversed(tell(analysis)) if one.point.x == last.x), None)
    if told is None or not told.height:
        if len(usable) < FEWEST_USEFUL:
            words = f"Too few points to read a pattern: {len(usable)}\u00a0of\u00a010."
        else:
            words = "The usual ups and downs: nothing unusual about the newest point."
        return Variation("common_cause", words)
    direction = direction_of(told.height, better)
    side = "high" if told.height > 0 else "low"
    code: VariationCode = f"{_KINDS[direction]}_{side}"  # type: ignore[assignment]
    return Variation(code, f"{_TONES[direction]}: {_newest_words(usable, told)}.")


def _newest_words(usable: list[AnalysedPoint], told: Told) -> str:
    rule = told.rules[0]
    if rule.signal is not Signal.TWO_IN_THREE:
        return f"the newest point is {rule.words}"
    last = usable[-3:]
    near = sum(Signal.TWO_IN_THREE in p.signals and p.side == told.point.side for p in last)
    which = "upper" if told.point.side > 0 else "lower"
    many = "the last three points are" if near == len(last) else "two of the last three points are"
    return f"{many} near the {which} limit"


def assurance_of(
    analysis: ChartAnalysis, better: Better, target: float | None, *, has_changed: bool = False
) -> Assurance | None:
    """The assurance mark against ``target`` (in units people read), by the newest limits.

    ``has_changed`` says that the test which it is read by found a change: limits from before it
    no longer tell what comes. Where a new middle line was drawn since, its own limits speak. None
    without a target, where no side is the better one, and while there are no such limits: the
    package says hit or miss there, and a handful of points can't.
    """
    if target is None or better == "neutral":
        return None
    limits = _newest_limits(analysis, has_changed=has_changed)
    if limits is None:
        return None
    hope = value_words(target, analysis.unit)
    beyond = outside(target, *limits)
    if not beyond:
        return Assurance(
            "inconsistent",
            f"Left as it is, it will meet {hope} at times and miss it at times, by chance alone.",
        )
    if (beyond > 0) is (better == "up"):
        return Assurance("fail", f"Left as it is, it will not meet {hope} but by rare chance.")
    return Assurance("pass", f"Left as it is, it will go on meeting {hope}.")


def _newest_limits(
    analysis: ChartAnalysis, *, has_changed: bool
) -> tuple[float | None, float | None] | None:
    """The lower and upper limit that the next point is expected between; None without any."""
    if analysis.phases:
        phase = analysis.phases[-1]
        pairs = zip(reversed(phase.lower), reversed(phase.upper), strict=True)
        return next(((low, up) for low, up in pairs if up is not None), None)
    if has_changed:
        return None
    points = (p for p in reversed(analysis.points) if p.is_usable and p.upper is not None)
    last = next(points, None)
    return (last.lower, last.upper) if last else None
