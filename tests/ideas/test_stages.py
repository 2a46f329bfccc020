"""The gate between stages: every pair, and what each asks for. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from improve.ideas import stages
from improve.ideas.facts import readiness_of
from improve.ideas.stages import Decision, Outcome, Readiness, Stage, Way
from improve.shared.errors import RuleBroken

pytestmark = pytest.mark.security(16)

#: Everything answered: whatever a way asks for is there.
ALL = Readiness(
    is_replied=True,
    has_lead=True,
    has_improves=True,
    is_small_test=False,
    has_change_to_try=True,
    has_scope=True,
    has_prediction=True,
    has_study_by=True,
    has_measure=True,
    has_tally=True,
    has_definition=True,
    has_baseline=True,
    has_balancing=True,
    has_what_happened=True,
    is_as_planned_answered=True,
    has_number=True,
    study_by_on=date(2026, 11, 20),
    is_study_day_reached=True,
    is_prediction_answered=True,
    has_learned=True,
    is_read_by_outside=True,
    has_decision_why=True,
    is_verdict_unclear=True,
    has_adopt_anyway=True,
    has_reason=True,
    has_look_again=True,
    has_what_changed=True,
)

#: from, way, where it leads, how it ends, the cycle's decision.
MOVES = [
    (Stage.SUGGESTED, Way.PLAN, Stage.PLAN, None, None),
    (Stage.SUGGESTED, Way.QUICK_FIX, Stage.DONE, Outcome.QUICK_FIX, None),
    (Stage.SUGGESTED, Way.NOT_NOW, Stage.DONE, Outcome.NOT_NOW, None),
    (Stage.SUGGESTED, Way.WITHDRAW, Stage.DONE, Outcome.WITHDRAWN, None),
    (Stage.PLAN, Way.DO, Stage.DO, None, None),
    (Stage.PLAN, Way.SUGGESTED, Stage.SUGGESTED, None, None),
    (Stage.PLAN, Way.STOP, Stage.DONE, Outcome.ABANDONED, Decision.ABANDON),
    (Stage.PLAN, Way.WITHDRAW, Stage.DONE, Outcome.WITHDRAWN, None),
    (Stage.DO, Way.STUDY, Stage.STUDY, None, None),
    (Stage.DO, Way.PLAN, Stage.PLAN, None, None),
    (Stage.DO, Way.STOP, Stage.DONE, Outcome.ABANDONED, Decision.ABANDON),
    (Stage.DO, Way.WITHDRAW, Stage.DONE, Outcome.WITHDRAWN, None),
    (Stage.STUDY, Way.ACT, Stage.ACT, None, None),
    (Stage.STUDY, Way.DO, Stage.DO, None, None),
    (Stage.STUDY, Way.STOP, Stage.DONE, Outcome.ABANDONED, Decision.ABANDON),
    (Stage.STUDY, Way.WITHDRAW, Stage.DONE, Outcome.WITHDRAWN, None),
    (Stage.ACT, Way.KEEP, Stage.DONE, Outcome.ADOPTED, Decision.ADOPT),
    (Stage.ACT, Way.CHANGE, Stage.PLAN, None, Decision.ADAPT),
    (Stage.ACT, Way.STOP, Stage.DONE, Outcome.ABANDONED, Decision.ABANDON),
    (Stage.ACT, Way.STUDY, Stage.STUDY, None, None),
    (Stage.ACT, Way.WITHDRAW, Stage.DONE, Outcome.WITHDRAWN, None),
]
EXISTING = {(source, way) for source, way, *_ in MOVES}


@pytest.mark.parametrize(("source", "way", "to", "outcome", "decision"), MOVES)
def test_move_leads_where_the_table_says(source, way, to, outcome, decision):
    move = stages.check_move(way, source, ALL)
    assert (move.to.stage, move.to.outcome, move.to.decision) == (to, outcome, decision)
    assert move.soft_missing == ()


@pytest.mark.parametrize(
    ("source", "way"),
    [
        pair
        for pair in product([s for s in Stage if s is not Stage.DONE], Way)
        if pair not in EXISTING
    ],
)
def test_no_other_pair_exists(source, way):
    with pytest.raises(RuleBroken) as refused:
        stages.check_move(way, source, ALL)
    assert [reason.field for reason in refused.value.reasons] == ["to"]


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("way", Way)
def test_done_reopens_only_as_its_ending_allows(outcome, way):
    wanted = {
        Outcome.NOT_NOW: Way.BRING_BACK,
        Outcome.WITHDRAWN: Way.BRING_BACK,
        # It goes on in the other idea, until the two are taken apart.
        Outcome.JOINED: None,
    }.get(outcome, Way.AGAIN)
    if way is wanted:
        move = stages.check_move(way, Stage.DONE, ALL, outcome=outcome)
        assert move.to.is_new_cycle is (way is Way.AGAIN)
        return
    with pytest.raises(RuleBroken):
        stages.check_move(way, Stage.DONE, ALL, outcome=outcome)


#: The needs that cannot be passed, whatever is written: way, fact, field of the form.
HARD = [
    (Stage.SUGGESTED, Way.PLAN, "is_replied", "reply"),
    (Stage.SUGGESTED, Way.NOT_NOW, "has_reason", "note"),
    (Stage.SUGGESTED, Way.NOT_NOW, "has_look_again", "look_again_on"),
    (Stage.SUGGESTED, Way.QUICK_FIX, "has_what_changed", "what_happened"),
    (Stage.PLAN, Way.DO, "has_prediction", "prediction"),
    (Stage.PLAN, Way.DO, "has_study_by", "study_by_on"),
    (Stage.STUDY, Way.ACT, "is_prediction_answered", "prediction_held"),
    (Stage.STUDY, Way.ACT, "has_learned", "learned"),
    (Stage.ACT, Way.KEEP, "has_decision_why", "decision_why"),
    (Stage.ACT, Way.KEEP, "has_adopt_anyway", "adopt_anyway"),
    (Stage.ACT, Way.CHANGE, "has_decision_why", "decision_why"),
    (Stage.ACT, Way.STOP, "has_decision_why", "decision_why"),
    (Stage.PLAN, Way.STOP, "has_learned", "learned"),
    (Stage.DO, Way.STOP, "has_decision_why", "decision_why"),
    (Stage.STUDY, Way.STOP, "has_learned", "learned"),
    (Stage.PLAN, Way.SUGGESTED, "has_reason", "note"),
    (Stage.DO, Way.PLAN, "has_reason", "note"),
    (Stage.STUDY, Way.DO, "has_reason", "note"),
    (Stage.ACT, Way.STUDY, "has_reason", "note"),
]


@pytest.mark.parametrize(("source", "way", "fact", "field"), HARD)
def test_hard_need_is_refused_whatever_is_noted(source, way, fact, field):
    ready = replace(ALL, **{fact: False})
    with pytest.raises(RuleBroken) as refused:
        stages.check_move(way, source, ready, note="We go on all the same")
    assert [reason.field for reason in refused.value.reasons] == [field]


SOFT = [
    (Stage.SUGGESTED, Way.PLAN, "has_lead", "lead"),
    (Stage.SUGGESTED, Way.PLAN, "has_improves", "improves"),
    (Stage.SUGGESTED, Way.QUICK_FIX, "has_learned", "noticed"),
    (Stage.PLAN, Way.DO, "has_change_to_try", "change_to_try"),
    (Stage.PLAN, Way.DO, "has_scope", "scope"),
    (Stage.PLAN, Way.DO, "has_definition", "definition"),
    (Stage.PLAN, Way.DO, "has_baseline", "baseline"),
    (Stage.PLAN, Way.DO, "has_balancing", "balancing"),
    (Stage.DO, Way.STUDY, "has_what_happened", "what_happened"),
    (Stage.DO, Way.STUDY, "is_as_planned_answered", "as_planned"),
    (Stage.DO, Way.STUDY, "has_number", "number"),
    (Stage.DO, Way.STUDY, "is_study_day_reached", "study_day"),
    (Stage.STUDY, Way.ACT, "is_read_by_outside", "read_by_outside"),
]


@pytest.mark.parametrize(("source", "way", "fact", "key"), SOFT)
def test_soft_need_is_shown_and_passed_with_words(source, way, fact, key):
    ready = replace(ALL, **{fact: False})
    with pytest.raises(RuleBroken) as refused:
        stages.check_move(way, source, ready)
    assert refused.value.reasons[-1].field == "note"
    assert stages.check_move(way, source, ready, note="Not this time").soft_missing == (key,)
    with pytest.raises(RuleBroken):
        stages.check_move(way, source, ready, note="   ")


def test_all_unmet_needs_are_named_at_once():
    with pytest.raises(RuleBroken) as refused:
        stages.check_move(Way.DO, Stage.PLAN, Readiness())
    fields = [reason.field for reason in refused.value.reasons]
    assert fields == [
        "prediction",
        "study_by_on",
        "change_to_try",
        "scope",
        "how_known",
        "note",
    ]


def test_hard_needs_alone_are_named_when_words_pass_the_soft_ones():
    with pytest.raises(RuleBroken) as refused:
        stages.check_move(Way.DO, Stage.PLAN, Readiness(), note="Small and safe")
    assert [r.field for r in refused.value.reasons] == ["prediction", "study_by_on"]


def test_measure_stands_for_a_tally():
    ready = replace(ALL, has_tally=False)
    assert stages.check_move(Way.DO, Stage.PLAN, ready).soft_missing == ()


def test_small_test_is_not_asked_for_a_measure_on_paper():
    keys = {n.key for n in stages.needs_of(Way.DO, Stage.PLAN, Readiness(is_small_test=True))}
    assert keys == {"change_to_try", "scope", "prediction", "study_by", "measure_or_tally"}


def test_keeping_asks_why_anyway_only_where_the_verdict_is_unclear():
    ready = replace(ALL, is_verdict_unclear=False, has_adopt_anyway=False)
    assert stages.check_move(Way.KEEP, Stage.ACT, ready).to.outcome is Outcome.ADOPTED


@pytest.mark.parametrize("source", [s for s in Stage if s is not Stage.DONE])
def test_next_way_exists_in_the_table(source):
    way = stages.next_way(source)
    assert way in stages.WAYS[source]


def test_facts_follow_from_what_is_written():
    ready = readiness_of(
        {
            "prediction": "Five of six families know",
            "study_by_on": date(2026, 12, 8),
            "families_count": 5,
            "seen_count": 0,
            "as_planned": "mostly",
        },
        is_replied=True,
        has_lead=False,
        has_measure=False,
        today=date(2026, 12, 1),
    )
    assert ready.has_prediction
    assert ready.has_scope
    # Nought is a number too.
    assert ready.has_number
    assert not ready.is_study_day_reached
    assert not ready.has_learned
