"""The numbers that turn spread into limits, each with its source.

For normal data and subgroups of k values: ``c4`` corrects the bias of a sample standard
deviation; A3, B3, B4 are the factors of x-bar and s charts (Montgomery, *Introduction to
Statistical Quality Control*, appendix VI).
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, sqrt

D2_OF_TWO = 1.128
"""Mean range of two normal values in standard deviations, as both reference packages round it."""

D4_OF_TWO = 3.267
"""Upper limit of a moving range of two, as a multiple of their mean."""

XMR_FACTOR = 2.66
"""3 / d2 as Wheeler and the NHS tools round it; qicharts2 keeps 3 / 1.128 = 2.6596."""

SIGMAS = 3.0
"""Distance of a limit from the centre (Shewhart 1931)."""

NEAR_SIGMAS = 2.0
"""Distance from which a point counts as near a limit."""

T_POWER = 3.6
"""Days between rare events become near normal as y ** (1 / 3.6) (Nelson 1994)."""


@lru_cache(maxsize=1024)
def c4(size: int) -> float:
    """Bias of the sample standard deviation of ``size`` (2 or more) normal values.

    c4 = sqrt(2 / (k - 1)) * gamma(k / 2) / gamma((k - 1) / 2), exactly, for any size.
    """
    if size < 2:
        raise ValueError("a subgroup of one has no standard deviation")
    return sqrt(2 / (size - 1)) * exp(lgamma(size / 2) - lgamma((size - 1) / 2))


def a3(size: int) -> float:
    """Limits of a subgroup mean as a multiple of the mean standard deviation: 3 / (c4 sqrt k)."""
    return SIGMAS / (c4(size) * sqrt(size))
