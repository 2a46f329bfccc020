"""What a coach would ask: every rule, their order, and what was put away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from improve.ideas.coaching import (
    PROMPTS,
    WORDS_MOST,
    PlanFacts,
    plan_facts,
    prompt_for,
)
from improve.ideas.kinds import PredictionHeld, Stage

TODAY = date(2026, 11, 24)
#: A small plan in which nothing is left to ask.
GOOD = PlanFacts(
    Stage.PLAN,
    families_count=1,
    study_by_on=TODAY + timedelta(days=3),
    has_count=True,
    is_harm_named=True,
    is_telling_named=True,
)
RUNS = replace(GOOD, stage=Stage.DO, started_on=TODAY - timedelta(days=3))
STUDIED = replace(GOOD, stage=Stage.STUDY, is_read_by_outside=True, has_surprises=True)
ACTS = replace(GOOD, stage=Stage.ACT, held=PredictionHeld.YES)


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        (GOOD, None),
        # Could this be one family, one day?
        (replace(GOOD, is_wide=True), "smaller"),
        (replace(GOOD, is_for_many=True), "smaller"),
        (replace(GOOD, families_count=6), "smaller"),
        (replace(GOOD, families_count=5), None),
        (replace(GOOD, is_wide=True, cycle_number=2), None),
        (replace(GOOD, stage=Stage.SUGGESTED, is_wide=True), "smaller"),
        # What would tell you by Friday?
        (replace(GOOD, has_count=False), "sooner"),
        (replace(GOOD, study_by_on=TODAY + timedelta(days=15)), "sooner"),
        (replace(GOOD, study_by_on=TODAY + timedelta(days=14)), None),
        (replace(GOOD, study_by_on=None), None),
        (replace(GOOD, has_count=False, has_plan=False), None),
        (replace(GOOD, has_count=False, is_wide=True, cycle_number=2), None),
        # What might get worse?
        (replace(GOOD, is_harm_named=False), "worse"),
        (replace(GOOD, is_harm_named=False, has_plan=False), None),
        # Who tells the families?
        (replace(GOOD, is_telling_named=False, cycle_number=2), "tell"),
        (replace(GOOD, is_telling_named=False), None),
        # What did the first try show?
        (RUNS, "first_try"),
        (replace(RUNS, started_on=TODAY - timedelta(days=2)), None),
        (replace(RUNS, has_what_happened=True), None),
        (replace(RUNS, started_on=None), None),
        # Who outside the team has read it?
        (STUDIED, None),
        (replace(STUDIED, is_read_by_outside=False), "outside"),
        # What surprised you?
        (replace(STUDIED, held=PredictionHeld.YES, has_surprises=False), "surprise"),
        (replace(STUDIED, held=PredictionHeld.NO, has_surprises=False), None),
        # Would it hold on a bad day?
        (ACTS, "harder"),
        (replace(ACTS, is_wide=True), None),
        (replace(ACTS, held=PredictionHeld.PARTLY), None),
        (replace(GOOD, stage=Stage.DONE, is_wide=True, is_harm_named=False), None),
    ],
)
def test_each_rule(facts: PlanFacts, key: str | None) -> None:
    prompt = prompt_for(facts, put_away={}, today=TODAY)
    assert (prompt.key if prompt else None) == key


def test_small_comes_first_then_quick_then_safe() -> None:
    bare = replace(GOOD, is_for_many=True, has_count=False, is_harm_named=False)
    away: dict[str, date] = {}
    asked = []
    for day in range(4):
        prompt = prompt_for(bare, put_away=away, today=TODAY + timedelta(days=day))
        if prompt is not None:
            asked.append(prompt.key)
            away[prompt.key] = TODAY + timedelta(days=day)
    assert asked == ["smaller", "sooner", "worse"]


def test_one_put_away_today_leaves_the_rest_of_the_day_alone() -> None:
    bare = replace(GOOD, has_count=False, is_harm_named=False)
    assert prompt_for(bare, put_away={"sooner": TODAY}, today=TODAY) is None
    later = prompt_for(bare, put_away={"sooner": TODAY}, today=TODAY + timedelta(days=1))
    assert later is not None
    assert later.key == "worse"


@pytest.mark.parametrize("key", PROMPTS)
def test_a_prompt_is_short_kind_and_has_an_example(key: str) -> None:
    prompt = PROMPTS[key]
    assert len(f"{prompt.question} {prompt.why} {prompt.example}".split()) <= WORDS_MOST
    assert prompt.question.endswith("?")
    assert len(key) <= 30
    scolding = {"must", "should have", "failed", "forgot", "wrong", "late"}
    said = f"{prompt.question} {prompt.why} {prompt.example}".lower().split()
    assert not scolding & {word.strip(".,:”“?") for word in said}


@pytest.mark.parametrize(
    ("where", "is_many"),
    [
        ("The whole team, nine weeks", True),
        ("all visits", True),
        ("our team", True),
        ("Everyone on duty", True),
        ("one worker, two visits", False),
        ("a small hall", False),
        ("two families of the team next door", False),
    ],
)
def test_a_place_that_is_no_small_one(where: str, is_many: bool) -> None:
    values = dict.fromkeys(
        [
            "is_wide",
            "families_count",
            "study_by_on",
            "change_to_try",
            "prediction",
            "expected_count",
            "balancing",
            "might_go_wrong",
            "what_happened",
            "surprises",
            "read_by_outside",
            "prediction_held",
        ]
    )
    facts = plan_facts(Stage.PLAN, 1, {**values, "scope": where, "who": ""})
    assert facts.is_for_many is is_many
    assert facts.has_plan is False
