"""Numbers rounded as people round them: a half goes up, away from nought. Pure.

Python rounds a half to the even side (12.5 to 12), and a share such as 29 of 200 is a hair under
its half in binary. So a number is first read to 14 figures, which is exact for every ratio of
counts below a million, and then rounded in decimals.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

#: From here on there are no decimals left to round.
_WHOLE_FROM = 1e13
_FIGURES = 14


def half_up(value: float, places: int = 0) -> Decimal:
    """Return the number to so many decimals: 12.5 is 13, -12.5 is -13. Needs a finite number."""
    read = Decimal(f"{value:.{_FIGURES}g}") if abs(value) < _WHOLE_FROM else Decimal(value)
    if abs(value) >= _WHOLE_FROM:
        return read.to_integral_value()
    return read.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def in_figures(value: float, places: int = 0) -> str:
    """Return “1,241” or “12.50”: so many decimals, a half rounded up, thousands separated."""
    if not isfinite(value):
        return str(value)
    return f"{half_up(value, places):,f}"


def without_idle_zeros(figures: str) -> str:
    """Return “12.5” for “12.50”, “12” for “12.00”, “0” for “-0.0”."""
    text = figures.rstrip("0").rstrip(".") if "." in figures else figures
    return "0" if text == "-0" else text
