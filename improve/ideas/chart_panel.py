"""What stands around an idea's chart: the few figures in words, and what else happened. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from improve.measures.chart import ChartNote
from improve.measures.reading import Reading
from improve.measures.spc.series import Part
from improve.measures.spc.words import value_words
from improve.measures.views import WindowView
from improve.shared.formatting import NBSP, day_short


@dataclass(frozen=True, slots=True)
class ChartPanel:
    """One measure on the idea page.

    ``figures`` are (label, words): points, usual before, since, rules. ``meanwhile`` are the notes
    on days since the test began: other things that could explain a change.
    """

    place: str
    reading: Reading
    window: WindowView | None
    figures: tuple[tuple[str, str], ...]
    meanwhile: tuple[ChartNote, ...]

    @property
    def has_changed_since_decision(self) -> bool:
        """Whether both verdicts must be shown: when decided, and now."""
        return bool(
            self.window and self.window.decided_words and self.window.has_changed_since_decision
        )


def chart_panel(place: str, reading: Reading, window: WindowView | None) -> ChartPanel:
    """Return what the page of an idea says around one of its charts."""
    since = window.starts_on if window else None
    notes = tuple(n for n in reading.notes if since and _is_within(n.noted_on, since, window))
    return ChartPanel(place, reading, window, _figures(reading), notes)


def _is_within(day: date, since: date, window: WindowView | None) -> bool:
    ends_on = window.ends_on if window else None
    return day >= since and (ends_on is None or day <= ends_on)


def _figures(reading: Reading) -> tuple[tuple[str, str], ...]:
    analysis, unit = reading.analysis, reading.measure.chart_unit
    rules = ("Rules", analysis.rule_set.name)
    if reading.window is None:
        count = sum(1 for p in analysis.points if p.is_usable)
        points = "1 so far" if count == 1 else f"{count}{NBSP}so{NBSP}far"
        usual = (("Usual", value_words(analysis.centre, unit)),) if count else ()
        return (("Points", points), *usual, rules)
    after = len(analysis.usable(Part.AFTER))
    since = f"Since {day_short(reading.window.starts_on)}"
    return (
        ("Points", f"{analysis.n_baseline}{NBSP}before, {after}{NBSP}since"),
        ("Usual before", value_words(analysis.centre, unit)),
        *(((since, value_words(analysis.centre_after, unit)),) if after else ()),
        rules,
    )
