"""A measure's history as sentences: who did what. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from improve.measures.spc.phrases import value_words
from improve.measures.spc.series import CHART_NAMES
from improve.measures.table_import import times_text
from improve.measures.views import BETTER_WORDS, MeasureView, ObservationView
from improve.shared.formatting import plural

Facts = Mapping[str, Any]
#: How a period is named, given its first day.
Named = Callable[[date], str]

#: Parts of a definition by the names that people know them by.
FIELD_WORDS: Mapping[str, str] = {
    "name": "its name",
    "kind": "what it is for",
    "recorded": "what is recorded",
    "unit": "the unit",
    "better_when": "which side is better",
    "frequency": "how often",
    "top_name": "a short name",
    "bottom_name": "a short name",
    "numerator": "what is counted",
    "denominator": "out of what",
    "left_out": "what is left out",
    "source": "the source",
    "licence": "the licence",
    "caution": "why to read it with care",
    "chart": "the chart",
    "per": "per how many",
    "target": "the hope",
    "target_by": "whose hope",
    "standard": "within how many days",
    "partner_id": "what it is shown beside",
    "context_id": "what was going on",
    "owner_id": "who keeps it",
    "lookback_days": "how far it looks back",
}
#: More times than these are named by how many they are.
TIMES_SHOWN = 12
NOT_ON_BOARD = "an idea that is not on the board"


def change_words(
    kind: str,
    facts: Facts,
    measure: MeasureView,
    *,
    named: Named,
    idea_names: Mapping[int, str],
    old: ObservationView | None = None,
    new: ObservationView | None = None,
    on: date | None = None,
) -> str:
    """What was done, as it follows a name: “left out 3 Oct”, “chose the run chart”."""
    if kind in ("number_changed", "number_removed"):
        was = _number(old, measure) if old else ""
        at = named(on) if on else ""
        if new is None:
            return f"took out {was} for {at}"
        return f"put {_number(new, measure)} in the place of {was} for {at}"
    words = _WORDS.get(kind)
    return words(facts, measure, named, idea_names) if words else "changed it"


def _number(o: ObservationView, measure: MeasureView) -> str:
    """A number in words; of several times the times too, where they are few enough to read."""
    times = o.raw_values or ()
    if not times:
        return o.words(measure)
    which = times_text(times) if len(times) <= TIMES_SHOWN else str(len(times))
    return f"{o.words(measure)} (the middle of {which})"


def _day(facts: Facts, name: str, named: Named) -> str:
    text = facts.get(name)
    return named(date.fromisoformat(text)) if isinstance(text, str) else "a day"


def _of_whom(facts: Facts, idea_names: Mapping[int, str]) -> str:
    idea_id = facts.get("idea_id")
    if idea_id is None:
        return "the measure by itself"
    name = idea_names.get(int(idea_id))
    return f"the test of “{name}”" if name else f"the test of {NOT_ON_BOARD}"


def _baseline_set(f: Facts, _m: MeasureView, named: Named, ideas: Mapping[int, str]) -> str:
    stretch = f"{_day(f, 'from', named)} to {_day(f, 'to', named)}"
    held = f" ({plural(int(f['n_points']), 'point')})" if f.get("n_points") else ""
    return f"chose the baseline for {_of_whom(f, ideas)}: {stretch}{held}"


def _baseline_removed(f: Facts, _m: MeasureView, named: Named, ideas: Mapping[int, str]) -> str:
    stretch = f"{_day(f, 'from', named)} to {_day(f, 'to', named)}"
    return f"took the baseline {stretch} for {_of_whom(f, ideas)} back"


def _line_drawn(f: Facts, _m: MeasureView, named: Named, _ideas: Mapping[int, str]) -> str:
    return f"drew a new middle line from {_day(f, 'from', named)} on"


def _line_removed(f: Facts, _m: MeasureView, named: Named, _ideas: Mapping[int, str]) -> str:
    return f"took the middle line from {_day(f, 'from', named)} back"


def _point_excluded(f: Facts, _m: MeasureView, named: Named, _ideas: Mapping[int, str]) -> str:
    return f"left {_day(f, 'on', named)} out"


def _point_included(f: Facts, _m: MeasureView, named: Named, _ideas: Mapping[int, str]) -> str:
    return f"had {_day(f, 'on', named)} count again"


def _chart_chosen(f: Facts, _m: MeasureView, _named: Named, _ideas: Mapping[int, str]) -> str:
    new = f.get("new")
    return f"chose the {CHART_NAMES.get(new, new)}" if new else "went back to the usual chart"


def _target_set(f: Facts, m: MeasureView, _named: Named, _ideas: Mapping[int, str]) -> str:
    if f.get("new") is None:
        return "took the hope away"
    return f"wrote down a hope: {value_words(float(f['new']), m.chart_unit)}"


def _edited(f: Facts, _m: MeasureView, _named: Named, _ideas: Mapping[int, str]) -> str:
    fields = f.get("fields") or ()
    old, new = f.get("old") or {}, f.get("new") or {}
    parts = list(
        dict.fromkeys(
            f"{FIELD_WORDS[name]} from {_value(name, old[name])} to {_value(name, new[name])}"
            if name in old and name in new
            else FIELD_WORDS[name]
            for name in fields
            if name in FIELD_WORDS
        )
    )
    return f"changed {_listed(parts)}" if parts else "changed what the measure says of itself"


def _value(name: str, value: Any) -> str:
    """The value of a field as it was or is: “higher is better”, “1,000”, “90 days”, “none”."""
    if name == "better_when":
        return f"“{BETTER_WORDS.get(value, value)}”"
    if value is None:
        return "none"
    shown = value_words(float(value), "")
    return shown if name == "per" else f"{shown} {'day' if value == 1 else 'days'}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _says(words: str) -> Callable[[Facts, MeasureView, Named, Mapping[int, str]], str]:
    return lambda _facts, _measure, _named, _ideas: words


_WORDS: Mapping[str, Callable[[Facts, MeasureView, Named, Mapping[int, str]], str]] = {
    "defined": _says("defined the measure"),
    "adopted": _says("took the measure from the ready definitions"),
    "edited": _edited,
    "chart_chosen": _chart_chosen,
    "baseline_set": _baseline_set,
    "baseline_removed": _baseline_removed,
    "line_drawn": _line_drawn,
    "line_removed": _line_removed,
    "point_excluded": _point_excluded,
    "point_included": _point_included,
    "target_set": _target_set,
    "closed": _says("stopped counting it"),
    "reopened": _says("began counting it again"),
}
