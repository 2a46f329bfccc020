"""Ready-made measures of children’s services, for a team to take as they are or adapt. Pure.

The definitions stand in ``catalogue.json``. Each says what is on the top line and the bottom line,
what is left out, where the numbers come from, how to read them with care, and which other measure
would show it if quality paid the price. Facts that change outside (national figures, headings of
inspection lists) are kept apart from the definition and carry the day on which they were last
compared with their source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from improve.measures.recorded import KINDS
from improve.measures.views import BETTER_WORDS, FREQUENCY_WORDS, MeasureView

_FILE = Path(__file__).resolve().parent / "catalogue.json"
#: What a measure is made of; the rest of an entry is about the entry.
DEFINITION_FIELDS = (
    "name",
    "kind",
    "recorded",
    "unit",
    "chart",
    "better_when",
    "frequency",
    "top_name",
    "bottom_name",
    "numerator",
    "denominator",
    "left_out",
    "source",
    "caution",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyMeasure:
    """One ready definition.

    ``partner`` and ``context`` are keys of other entries: the measure to read beside it, and the
    one that says what was going on. ``beside_idea`` is what one might count beside it where
    nothing is ready. ``national`` is said to everybody, ``inspection`` to coaches.
    """

    key: str
    name: str
    kind: str
    recorded: str
    better_when: str
    frequency: str
    top_name: str
    numerator: str
    source: str
    caution: str
    unit: str = ""
    chart: str | None = None
    bottom_name: str = ""
    denominator: str = ""
    left_out: str = ""
    partner: str | None = None
    context: str | None = None
    beside_idea: str = ""
    national: str = ""
    inspection: str = ""

    @property
    def definition(self) -> dict[str, Any]:
        """The fields of a measure that this defines, and the key that it is from."""
        return {name: getattr(self, name) for name in DEFINITION_FIELDS} | {
            "catalogue_key": self.key
        }

    @property
    def recorded_words(self) -> str:
        """What is recorded: “So many out of so many, weekly, higher is better”."""
        kind = KINDS[self.recorded].name
        return f"{kind}, {FREQUENCY_WORDS[self.frequency]}, {BETTER_WORDS[self.better_when]}"

    def has_words(self, words: Sequence[str]) -> bool:
        """Whether every one of ``words`` (lower case) stands somewhere in the definition."""
        said = " ".join(
            (self.name, self.numerator, self.denominator, self.left_out, self.caution)
        ).lower()
        return all(word in said for word in words)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All ready definitions by key, and how fresh the facts around them are."""

    measures: dict[str, ReadyMeasure]
    national_as_of: str
    inspection_as_of: str
    checked_on: date | None

    def __iter__(self) -> Iterator[ReadyMeasure]:
        return iter(self.measures.values())

    def found(self, *, kind: str = "", words: str = "") -> list[ReadyMeasure]:
        """Return the entries of a kind that hold all of these words, in their order."""
        wanted = words.lower().split()
        return [m for m in self if kind in ("", m.kind) and m.has_words(wanted)]

    def offered_with(self, entry: ReadyMeasure) -> list[ReadyMeasure]:
        """Return what may be taken together with an entry: its partner, then its context."""
        return [self.measures[key] for key in (entry.partner, entry.context) if key]


@cache
def catalogue() -> Catalogue:
    """Return the ready definitions; the file is read once."""
    content: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    checked_on = content["checked_on"]
    return Catalogue(
        {each["key"]: ReadyMeasure(**each) for each in content["measures"]},
        content["national_as_of"],
        content["inspection_as_of"],
        date.fromisoformat(checked_on) if checked_on else None,
    )


def sets_chart(measure: MeasureView) -> bool:
    """Whether a measure has its chart from the ready definition that it was taken from."""
    entry = catalogue().measures.get(measure.catalogue_key or "")
    return entry is not None and entry.chart is not None and measure.chart == entry.chart
