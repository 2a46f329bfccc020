"""What can be recorded each time, in words, and what has to be said for each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from improve.measures.spc.choose import FITTING, MeasureType


@dataclass(frozen=True, slots=True)
class RecordedKind:
    """One way of recording: its name, an example, and the parts of a definition that it needs.

    ``asks`` are names of fields beyond name, kind and what is counted.
    """

    code: str
    name: str
    example: str
    asks: tuple[str, ...]

    @property
    def has_bottom_line(self) -> bool:
        """Whether there is something that it is out of, or for each of."""
        return "denominator" in self.asks

    @property
    def is_of_events(self) -> bool:
        """Whether a number is entered each time that something happens, not each period."""
        return "frequency" not in self.asks


_KINDS = (
    RecordedKind(
        "proportion",
        "So many out of so many",
        "48 of 52 visits. Shown as a share",
        ("denominator", "frequency"),
    ),
    RecordedKind(
        "rate",
        "A rate: so many for every so many",
        "7 times missing in 2,310 nights in care. Shown as 3.0 per 1,000 nights",
        ("denominator", "per", "unit", "frequency"),
    ),
    RecordedKind(
        "count",
        "A count",
        "14 moves in the month, when there is about the same chance of one each time",
        ("unit", "frequency"),
    ),
    RecordedKind(
        "value",
        "A measurement",
        "12.4 hours, £310: one number that says it all for the week or month",
        ("unit", "frequency"),
    ),
    RecordedKind(
        "times",
        "How long each one took",
        "9, 14, 6, 21 days: all of the month’s, and the middle one is shown",
        ("unit", "standard", "frequency"),
    ),
    RecordedKind(
        "days_between",
        "Days between rare events",
        "Homes that ended in a crisis: 61 days since the one before",
        (),
    ),
    RecordedKind(
        "cases_between",
        "Cases between rare events",
        "23 court statements filed since one was last sent back",
        ("unit",),
    ),
)
KINDS: Mapping[str, RecordedKind] = {kind.code: kind for kind in _KINDS}

#: The type of measure, as charts are chosen by it, of what is recorded.
TYPES: Mapping[str, MeasureType] = {
    "proportion": "percent",
    "rate": "rate",
    "count": "count",
    "value": "number",
    "times": "times",
    "days_between": "days_between",
    "cases_between": "cases_between",
}
#: The charts that a person may choose from, by what is recorded.
CHART_CHOICES: Mapping[str, tuple[str, ...]] = {
    recorded: FITTING[measure_type] for recorded, measure_type in TYPES.items()
}
