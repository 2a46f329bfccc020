"""What a coach would ask about a plan, from its facts alone: one question at a time. Pure.

The rules come from what makes first tests fail: they are too big, too long, count nothing and
watch for no harm. Each has a question, a sentence, and an example from the work. They never stop
anybody: whoever says “Not now” does not read that one again in the same cycle, and is asked
nothing more on that day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from improve.ideas.kinds import PredictionHeld, Stage
from improve.shared.limits import SMALL_TEST_MOST

#: Words that a reader takes in at a glance: question, sentence and example together.
WORDS_MOST: Final = 40
#: A small test that is studied later than this tells too late what needs mending.
SOON: Final = timedelta(days=14)
#: So long a test may run before it is asked what the first try showed.
FIRST_TRY: Final = timedelta(days=3)
#: A place or a group that is no small one.
_MANY: Final = re.compile(
    r"\b(all|every|everyone|everybody|whole)\b|(?<!of )\b(the|our) (team|service)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the rules read of an idea and its present cycle; no words that a person wrote.

    ``cycle_number`` is 1 before the first plan. ``is_for_many``: the words of where and with whom
    name a whole team. ``has_count``: an expected number, or a measure.
    """

    stage: Stage
    cycle_number: int = 1
    is_wide: bool = False
    is_for_many: bool = False
    families_count: int | None = None
    study_by_on: date | None = None
    started_on: date | None = None
    has_plan: bool = True
    has_count: bool = False
    is_harm_named: bool = False
    is_telling_named: bool = False
    has_what_happened: bool = False
    has_surprises: bool = False
    is_read_by_outside: bool = False
    held: PredictionHeld | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question of a coach, a sentence that says why, and an example."""

    key: str
    question: str
    why: str
    example: str


@dataclass(frozen=True, slots=True)
class _Rule:
    prompt: Prompt
    holds: Callable[[PlanFacts, date], bool]


def _is_first_plan(facts: PlanFacts) -> bool:
    return facts.stage in {Stage.SUGGESTED, Stage.PLAN} and facts.cycle_number == 1


def _is_too_big(facts: PlanFacts, today: date) -> bool:
    del today
    is_many = facts.is_wide or facts.is_for_many
    return _is_first_plan(facts) and (is_many or (facts.families_count or 0) > SMALL_TEST_MOST)


def _is_too_slow(facts: PlanFacts, today: date) -> bool:
    if facts.stage is not Stage.PLAN or facts.is_wide or not facts.has_plan:
        return False
    is_far = facts.study_by_on is not None and facts.study_by_on - today > SOON
    return is_far or not facts.has_count


def _is_harm_unnamed(facts: PlanFacts, today: date) -> bool:
    del today
    return facts.stage is Stage.PLAN and facts.has_plan and not facts.is_harm_named


def _is_telling_unnamed(facts: PlanFacts, today: date) -> bool:
    del today
    is_big_enough = facts.is_wide or facts.cycle_number > 1
    return facts.stage is Stage.PLAN and is_big_enough and not facts.is_telling_named


def _is_first_try_unwritten(facts: PlanFacts, today: date) -> bool:
    is_running = facts.stage is Stage.DO and facts.started_on is not None
    if not is_running or facts.started_on is None:
        return False
    return not facts.has_what_happened and today - facts.started_on >= FIRST_TRY


def _is_unread_outside(facts: PlanFacts, today: date) -> bool:
    del today
    return facts.stage is Stage.STUDY and not facts.is_read_by_outside


def _is_too_smooth(facts: PlanFacts, today: date) -> bool:
    del today
    is_as_hoped = facts.held is PredictionHeld.YES
    return facts.stage is Stage.STUDY and is_as_hoped and not facts.has_surprises


def _may_widen(facts: PlanFacts, today: date) -> bool:
    del today
    return facts.stage is Stage.ACT and facts.held is PredictionHeld.YES and not facts.is_wide


#: In the order in which they are asked: first make it small, then quick, then safe; while it runs,
#: write; then look with other eyes; then the next step.
_RULES: Final = (
    _Rule(
        Prompt(
            "smaller",
            "Could this be one family, one day?",
            "One try shows by tomorrow what needs mending.",
            "One reviewing officer sent one photo before one visit, and changed it that evening.",
        ),
        _is_too_big,
    ),
    _Rule(
        Prompt(
            "sooner",
            "What would tell you by Friday?",
            "A count you can make this week beats a figure in March.",
            "Ask three children “did you know who was coming?” and tick yes or no.",
        ),
        _is_too_slow,
    ),
    _Rule(
        Prompt(
            "worse",
            "What might get worse?",
            "Name one thing to keep an eye on.",
            "A shorter handover saved time; the team also counted calls back from the night team.",
        ),
        _is_harm_unnamed,
    ),
    _Rule(
        Prompt(
            "tell",
            "Who tells the families?",
            "A change that reaches them should not surprise them.",
            "The family worker said at the door: “We are trying a shorter form. Say if it misses "
            "something.”",
        ),
        _is_telling_unnamed,
    ),
    _Rule(
        Prompt(
            "first_try",
            "What did the first try show?",
            "Write it while it is fresh; one line will do.",
            "After visit one: “He asked what a reviewing officer is.” That became the next test.",
        ),
        _is_first_try_unwritten,
    ),
    _Rule(
        Prompt(
            "outside",
            "Who outside the team has read it?",
            "Other eyes see what you are used to.",
            "A foster carer read the new letter and asked which of the two numbers to ring.",
        ),
        _is_unread_outside,
    ),
    _Rule(
        Prompt(
            "surprise",
            "What surprised you?",
            "When all went as expected, the surprise is often the lesson.",
            "Every parent came on time. Two said the text was the first kind one.",
        ),
        _is_too_smooth,
    ),
    _Rule(
        Prompt(
            "harder",
            "Would it hold on a bad day?",
            "Before all use it, try it once where it is hardest.",
            "Next test: another worker, a duty week, one family who needs an interpreter.",
        ),
        _may_widen,
    ),
)
PROMPTS: Final[Mapping[str, Prompt]] = {rule.prompt.key: rule.prompt for rule in _RULES}


def prompt_for(facts: PlanFacts, *, put_away: Mapping[str, date], today: date) -> Prompt | None:
    """Return the first question that the facts ask for, or None.

    ``put_away``: what this person put away in this cycle, and on which day. On a day on which one
    was put away no other is asked.
    """
    if today in put_away.values():
        return None
    for rule in _RULES:
        if rule.prompt.key not in put_away and rule.holds(facts, today):
            return rule.prompt
    return None


def plan_facts(
    stage: Stage,
    cycle_number: int,
    values: Mapping[Any, Any] | None,
    *,
    has_measure: bool = False,
    has_beside: bool = False,
) -> PlanFacts:
    """Return the facts in the fields of a cycle, by name of ``questions``; None: no cycle yet."""
    if values is None:
        return PlanFacts(stage, max(1, cycle_number), has_plan=False)
    where = f"{values['scope'] or ''} {values['who'] or ''}"
    return PlanFacts(
        stage=stage,
        cycle_number=max(1, cycle_number),
        is_wide=bool(values["is_wide"]),
        is_for_many=bool(_MANY.search(where)),
        families_count=values["families_count"],
        study_by_on=values["study_by_on"],
        started_on=values.get("started_on"),
        has_plan=bool(values["change_to_try"] or values["prediction"]),
        has_count=values["expected_count"] is not None or has_measure,
        is_harm_named=bool(values["balancing"] or values["might_go_wrong"]) or has_beside,
        is_telling_named=bool(values["who"]),
        has_what_happened=bool(values["what_happened"]),
        has_surprises=bool(values["surprises"]),
        is_read_by_outside=bool(values["read_by_outside"]),
        held=PredictionHeld(values["prediction_held"]) if values["prediction_held"] else None,
    )
