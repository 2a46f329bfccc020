"""What one month of measures holds for a leader. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class OneWorse:
    """A measure that a test made better while the one watched beside it gets worse.

    Sparks are facts for ``chart.draw_spark``; ``points`` is how many points the main one has
    since ``starts_on``, each a ``frequency``.
    """

    idea_id: int
    idea_title: str
    measure_id: int
    measure_name: str
    partner_id: int
    partner_name: str
    team_id: int | None
    team_name: str
    starts_on: date
    frequency: str
    spark: Mapping[str, Any] = field(default_factory=dict, hash=False)
    partner_spark: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def points(self) -> int:
        """How many points of the main measure lie after the change."""
        return sum(1 for value in self.spark.get("after") or () if value is not None)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a team's measure of its context says: the newest value, and what is usual.

    ``usual`` is the median of the values before it; None below five of them.
    """

    measure_id: int
    name: str
    unit: str
    frequency: str
    newest: float
    usual: float | None
