"""The order of questions: what is asked of whom, what is next, and what a change takes back."""

from __future__ import annotations

import pytest

from improve.voices.kinds import Wording
from improve.voices.questions import (
    COUNTED,
    Step,
    asked_first,
    before,
    choices,
    has_words,
    is_helped,
    next_after,
    rating_of,
    speaker_of,
    steps_for,
    topic_of,
    where_to_go_on,
    with_answer,
    wording_of,
)


@pytest.mark.parametrize(
    ("answers", "wording"),
    [
        ({}, Wording.OLDER),
        ({"who": "child"}, Wording.YOUNGER),
        ({"who": "child", "age": "12-15"}, Wording.OLDER),
        ({"who": "young_person"}, Wording.OLDER),
        ({"who": "young_person", "age": "8-11"}, Wording.YOUNGER),
        ({"who": "parent_or_carer"}, Wording.ADULT),
        ({"who": "parent_or_carer", "age": "7"}, Wording.ADULT),
        ({"who": "helper", "whose": "child"}, Wording.YOUNGER),
        ({"who": "helper"}, Wording.OLDER),
    ],
)
def test_how_somebody_is_asked(answers: dict[str, str], wording: Wording) -> None:
    assert wording_of(answers) is wording


def test_a_child_is_asked_its_age_and_an_adult_is_not() -> None:
    assert steps_for({"who": "child"}) == (Step.WHO, Step.AGE, *COUNTED)
    assert steps_for({"who": "care_leaver"}) == (Step.WHO, *COUNTED)


def test_whoever_helps_says_whose_words_they_are() -> None:
    answers = {"who": "helper", "whose": "child"}
    assert steps_for(answers) == (Step.WHO, Step.WHOSE, Step.AGE, *COUNTED)
    assert is_helped(answers)
    assert speaker_of(answers) == "child"
    assert asked_first(Step.SHOW, {"who": "helper"}) is Step.WHOSE


def test_there_and_back() -> None:
    answers = {"who": "child"}
    step: Step | None = Step.WHO
    walked = []
    while step:
        walked.append(step)
        step = next_after(step, answers)
    assert tuple(walked) == steps_for(answers)
    assert [before(step, answers) for step in walked] == [None, *walked[:-1]]


def test_nothing_is_asked_before_who_is_writing() -> None:
    assert asked_first(Step.BETTER, {}) is Step.WHO
    assert asked_first(Step.WHOSE, {"who": "child"}) is Step.WHO
    assert asked_first(Step.BETTER, {"who": "child"}) is Step.BETTER


def test_three_faces_are_no_answer_among_five() -> None:
    answers = {"who": "child", "how": "2", "about": "school", "happened": "It was long."}
    now = with_answer(Step.WHO, "parent_or_carer", answers)
    assert now == {"who": "parent_or_carer", "happened": "It was long."}
    assert with_answer(Step.AGE, "7", answers) == {**answers, "age": "7"}


def test_a_skipped_answer_goes() -> None:
    assert with_answer(Step.HOW, "", {"who": "child", "how": "1"}) == {"who": "child"}


def test_what_was_chosen() -> None:
    assert rating_of({"how": "none"}) is None
    assert rating_of({"how": "3"}) == 3
    assert topic_of({}) is None
    assert choices(Step.HOW, {"who": "child"}) == ("1", "2", "3", "none")
    assert len(choices(Step.HOW, {"who": "care_leaver"})) == 6
    assert not has_words({"who": "child", "how": "1"})
    assert has_words({"better": "A dog"})


def test_where_somebody_goes_on() -> None:
    assert where_to_go_on({"who": "care_leaver", "about": "visits"}) is Step.HOW
    assert where_to_go_on({"who": "care_leaver", **dict.fromkeys(COUNTED, "1")}) is Step.SHOW
