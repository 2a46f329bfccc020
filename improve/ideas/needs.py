"""What each way of moving an idea asks for: the hard needs and the soft ones. Pure.

Sources: the four hard gates and the soft ones of the product's stage table, themselves cut from
the field lists that PDSA worksheets share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from improve.ideas.kinds import Way


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is known of an idea and its present cycle: facts only, no words of people."""

    is_replied: bool = False
    has_lead: bool = False
    has_improves: bool = False
    is_small_test: bool = True
    has_change_to_try: bool = False
    has_scope: bool = False
    has_prediction: bool = False
    has_study_by: bool = False
    has_measure: bool = False
    has_tally: bool = False
    has_definition: bool = False
    has_baseline: bool = False
    has_balancing: bool = False
    has_what_happened: bool = False
    is_as_planned_answered: bool = False
    has_number: bool = False
    study_by_on: date | None = None
    is_study_day_reached: bool = True
    is_prediction_answered: bool = False
    has_learned: bool = False
    is_read_by_outside: bool = False
    has_decision_why: bool = False
    is_verdict_unclear: bool = False
    has_adopt_anyway: bool = False
    has_reason: bool = False
    has_look_again: bool = False
    has_what_changed: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """One need that is not met: a key, words for the person, and the field that answers it.

    ``words`` completes “To move to Study: …” and also stands alone.
    """

    key: str
    words: str
    is_hard: bool
    field: str


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a way asks for, met or not, as the idea page lists them."""

    key: str
    label: str
    words: str
    is_hard: bool
    field: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class _Ask:
    key: str
    label: str
    words: str
    is_hard: bool
    field: str
    fact: str
    only_if: str = ""
    unless: str = ""

    def applies(self, ready: Readiness) -> bool:
        if self.only_if and not getattr(ready, self.only_if):
            return False
        return not (self.unless and getattr(ready, self.unless))

    def __call__(self, ready: Readiness) -> Need:
        is_met = bool(getattr(ready, self.fact))
        if self.key == "measure_or_tally":
            is_met = ready.has_measure or ready.has_tally
        return Need(self.key, self.label, self.words, self.is_hard, self.field, is_met)


def _hard(key: str, label: str, words: str, field: str, fact: str, **when: str) -> _Ask:
    return _Ask(key, label, words, True, field, fact, **when)


def _soft(key: str, label: str, words: str, field: str, fact: str, **when: str) -> _Ask:
    return _Ask(key, label, words, False, field, fact, **when)


_REASON: Final = _hard("reason", "A reason", "say in one line why", "note", "has_reason")
_WHY: Final = _hard("decision_why", "Why", "say why", "decision_why", "has_decision_why")
_LESSON: Final = _hard(
    "learned", "What we learned", "write what you learned", "learned", "has_learned"
)

_NEEDS: Final[Mapping[Way, tuple[_Ask, ...]]] = {
    Way.PLAN: (
        _hard("reply", "A first reply", "give it a first reply", "reply", "is_replied"),
        _soft("lead", "Someone to lead it", "choose who leads it", "lead_id", "has_lead"),
        _soft(
            "improves",
            "What we want to improve",
            "say what you want to improve",
            "improves",
            "has_improves",
            unless="is_small_test",
        ),
    ),
    Way.DO: (
        _soft(
            "change_to_try",
            "What you will try",
            "say what you will try",
            "change_to_try",
            "has_change_to_try",
        ),
        _soft("scope", "Who, where, how long", "say with whom you try it", "scope", "has_scope"),
        _hard(
            "prediction",
            "What you expect to see",
            "say what you expect to see",
            "prediction",
            "has_prediction",
        ),
        _hard(
            "study_by",
            "A study-by date",
            "choose when you will study it",
            "study_by_on",
            "has_study_by",
        ),
        _soft(
            "measure_or_tally",
            "A measure or a tally",
            "choose how you will know",
            "how_known",
            "has_tally",
        ),
        _soft(
            "definition",
            "A measure with a definition",
            "say what the measure counts",
            "measure",
            "has_definition",
            only_if="has_measure",
        ),
        _soft(
            "baseline",
            "Points from before",
            "add some points from before the test",
            "measure",
            "has_baseline",
            only_if="has_measure",
            unless="is_small_test",
        ),
        _soft(
            "balancing",
            "What might get worse",
            "say what might get worse",
            "balancing",
            "has_balancing",
            unless="is_small_test",
        ),
    ),
    Way.STUDY: (
        _soft(
            "what_happened",
            "What happened",
            "write what happened",
            "what_happened",
            "has_what_happened",
        ),
        _soft(
            "as_planned",
            "Tried as planned",
            "say whether you tried it as planned",
            "as_planned",
            "is_as_planned_answered",
        ),
        _soft(
            "number",
            "A number since the test",
            "add a number, or say there is none",
            "seen_count",
            "has_number",
        ),
        _soft(
            "study_day",
            "The end date",
            "the end date is not reached yet",
            "note",
            "is_study_day_reached",
        ),
    ),
    Way.ACT: (
        _hard(
            "prediction_held",
            "Prediction answered",
            "say whether it went as expected",
            "prediction_held",
            "is_prediction_answered",
        ),
        _LESSON,
        _soft(
            "read_by_outside",
            "Read by someone outside the team",
            "have someone outside the team read it",
            "read_by_outside",
            "is_read_by_outside",
            unless="is_small_test",
        ),
    ),
    Way.KEEP: (
        _WHY,
        _hard(
            "adopt_anyway",
            "Why keep it anyway",
            "say why you keep it although the chart shows no improvement",
            "adopt_anyway",
            "has_adopt_anyway",
            only_if="is_verdict_unclear",
        ),
    ),
    Way.CHANGE: (_WHY,),
    Way.STOP: (_LESSON, _WHY),
    Way.NOT_NOW: (
        _hard("reason", "A reason", "say why not now", "note", "has_reason"),
        _hard(
            "look_again",
            "A day to look again",
            "choose a day to look again",
            "look_again_on",
            "has_look_again",
        ),
    ),
    Way.QUICK_FIX: (
        _hard(
            "what_changed",
            "What we changed",
            "say what you changed",
            "what_happened",
            "has_what_changed",
        ),
        _soft("noticed", "What we noticed", "say what you noticed", "learned", "has_learned"),
    ),
}


def asked_by(way: Way, *, is_back: bool, ready: Readiness) -> list[Need]:
    """Return everything a way asks for, hard needs among soft, in the order of the form."""
    if is_back:
        return [_REASON(ready)]
    return [ask(ready) for ask in _NEEDS.get(way, ()) if ask.applies(ready)]
