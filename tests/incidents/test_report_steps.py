"""The questions of a report: their order, what is needed, and what is next."""

from __future__ import annotations

import pytest

from improve.incidents.journey import (
    NEEDED,
    Answers,
    Said,
    Step,
    asked_first,
    before,
    fault_in,
    first_missing,
    fixed_choices,
    next_after,
    place_of,
    said_to,
    where_to_go_on,
    with_answer,
)

TOLD = {
    Step.SAFE: Said("yes"),
    Step.KIND: Said("near_miss"),
    Step.HAPPENED: Said("The plan was lost."),
    Step.FACTORS: Said(ticks=("F07",)),
    Step.HELPED: Said("A call."),
    Step.GROUP: Said("7"),
    Step.WHEN: Said("week"),
    Step.TRY: Said("A list."),
    Step.CALL_BACK: Said("yes", contact="01632 960111"),
    Step.NOT_READERS: Said(ticks=("3", "5")),
}


def told(*steps: Step) -> Answers:
    answers = Answers()
    for step in steps:
        answers = with_answer(step, TOLD[step], answers)
    return answers


def test_the_order_and_what_is_needed() -> None:
    assert [step.value for step in Step] == [
        "safe", "kind", "happened", "factors", "helped", "group", "when", "try", "call-back",
        "not-readers", "check",
    ]  # fmt: skip
    assert [place_of(step) for step in NEEDED] == [
        None, (1, 4), (2, 4), (3, 4), (4, 4), (1, 5),
    ]  # fmt: skip
    assert (place_of(Step.NOT_READERS), place_of(Step.CHECK)) == ((5, 5), None)
    assert [before(step) for step in (Step.SAFE, Step.CHECK)] == [None, Step.NOT_READERS]


@pytest.mark.parametrize("step", TOLD)
def test_an_answer_comes_back_as_it_was_given(step: Step) -> None:
    answers = told(step)
    assert said_to(step, answers) == TOLD[step]
    assert Answers.of(answers.facts()) == answers
    assert answers.done == (step.value,)


def test_a_skipped_answer_is_none_and_counts_as_done() -> None:
    answers = with_answer(Step.TRY, Said("A list.", is_skipped=True), told(*TOLD))
    assert (answers.would_try, next_after(Step.WHEN, answers)) == ("", Step.CHECK)


def test_nobody_jumps_over_a_needed_question() -> None:
    assert asked_first(Step.CHECK, Answers()) is Step.SAFE
    assert asked_first(Step.FACTORS, told(Step.SAFE, Step.KIND)) is Step.HAPPENED
    assert asked_first(Step.KIND, Answers()) is Step.SAFE
    assert asked_first(Step.CHECK, told(*NEEDED)) is Step.CHECK
    assert first_missing(told(*NEEDED[:-1])) is Step.GROUP
    assert first_missing(told(*NEEDED)) is None


def test_a_change_leads_back_to_where_one_was() -> None:
    assert next_after(Step.KIND, told(*TOLD)) is Step.CHECK
    assert next_after(Step.KIND, told(Step.SAFE, Step.KIND)) is Step.HAPPENED
    assert where_to_go_on(told(Step.SAFE, Step.KIND)) is Step.HAPPENED
    assert where_to_go_on(told(*TOLD)) is Step.CHECK


@pytest.mark.parametrize(
    ("step", "said", "fault"),
    [
        (Step.SAFE, Said(), "error.safe"),
        (Step.SAFE, Said("perhaps"), "error.pick"),
        (Step.KIND, Said(), "error.kind"),
        (Step.HAPPENED, Said(), "error.happened"),
        (Step.HAPPENED, Said("Anything at all"), ""),
        (Step.FACTORS, Said(), "error.factors"),
        (Step.FACTORS, Said(ticks=("F01", "not_sure")), "error.factors_both"),
        (Step.FACTORS, Said(ticks=("not_sure",)), ""),
        (Step.FACTORS, Said(ticks=("F15",)), "error.pick"),
        (Step.HELPED, Said(), "error.helped"),
        (Step.GROUP, Said(), "error.group"),
        (Step.GROUP, Said("8"), "error.pick"),
        (Step.GROUP, Said("7"), ""),
        (Step.WHEN, Said(is_skipped=True), ""),
        (Step.WHEN, Said(), ""),
        (Step.CALL_BACK, Said("yes"), "error.contact"),
        (Step.CALL_BACK, Said("no", contact="01632"), ""),
        (Step.CALL_BACK, Said("yes", contact="01632"), ""),
        (Step.NOT_READERS, Said(ticks=("9",)), "error.pick"),
    ],
)
def test_what_is_wrong_with_an_answer(step: Step, said: Said, fault: str) -> None:
    allowed = frozenset({*fixed_choices(step), "7"})
    assert fault_in(step, said, allowed) == fault
