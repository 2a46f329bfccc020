"""The questions of the form: their order, which are asked of whom, and what is next. Pure.

Answers are a mapping of a question's name to what was chosen or written. What is not in it was
skipped or not asked yet. Nothing must be answered but who is writing, and one of the two texts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from improve.voices.kinds import (
    SCALES,
    TOPICS,
    AgeBand,
    MayShow,
    Speaker,
    Topic,
    Wording,
    wording_for,
)

Answers = Mapping[str, str]


class Step(StrEnum):
    """One question, one page. The value is the last part of its address."""

    WHO = "who"
    #: Somebody helps: whose words they are.
    WHOSE = "whose"
    AGE = "age"
    ABOUT = "about"
    HOW = "how"
    HAPPENED = "happened"
    BETTER = "better"
    SHOW = "show"


#: Those that are counted for whoever answers: “2 of 5”.
COUNTED: Final = (Step.ABOUT, Step.HOW, Step.HAPPENED, Step.BETTER, Step.SHOW)
#: Those that are written, not chosen.
WRITTEN: Final = (Step.HAPPENED, Step.BETTER)
#: What stands for “I’d rather not say” among the faces.
NOT_SAID: Final = "none"
_YOUNG: Final = frozenset({Speaker.CHILD, Speaker.YOUNG_PERSON})


def speaker_of(answers: Answers) -> Speaker | None:
    """Return whose words they are, None until that was said."""
    said = answers.get(Step.WHO)
    if said == Speaker.HELPER:
        said = answers.get(Step.WHOSE)
    return Speaker(said) if said else None


def is_helped(answers: Answers) -> bool:
    """Return whether somebody else types."""
    return answers.get(Step.WHO) == Speaker.HELPER


def age_of(answers: Answers) -> AgeBand | None:
    """Return the age band, None where it was skipped or is not asked."""
    said = answers.get(Step.AGE)
    return AgeBand(said) if said and speaker_of(answers) in _YOUNG else None


def wording_of(answers: Answers) -> Wording:
    """Return how to ask. Before anybody said who they are: as older ones are asked."""
    speaker = speaker_of(answers)
    return wording_for(speaker, age_of(answers)) if speaker else Wording.OLDER


def steps_for(answers: Answers) -> tuple[Step, ...]:
    """Return the questions, in order, that whoever answered so far is asked."""
    first = [Step.WHO]
    if is_helped(answers):
        first.append(Step.WHOSE)
    if speaker_of(answers) in _YOUNG:
        first.append(Step.AGE)
    return (*first, *COUNTED)


def next_after(step: Step, answers: Answers) -> Step | None:
    """Return the question after ``step``, None after the last."""
    steps = steps_for(answers)
    at = steps.index(step) + 1
    return steps[at] if at < len(steps) else None


def before(step: Step, answers: Answers) -> Step | None:
    """Return the question before ``step``, None before the first."""
    steps = steps_for(answers)
    at = steps.index(step)
    return steps[at - 1] if at else None


def asked_first(step: Step, answers: Answers) -> Step:
    """Return the question to show to somebody who asks for ``step``: an earlier one is needed."""
    for needed in (Step.WHO, Step.WHOSE):
        if needed in steps_for(answers) and needed != step and needed not in answers:
            return needed
    return step if step in steps_for(answers) else Step.WHO


def where_to_go_on(answers: Answers, skipped: Collection[str] = ()) -> Step:
    """Return the first question neither answered nor skipped; else the last."""
    done = {*answers, *skipped}
    return next((step for step in steps_for(answers) if step not in done), Step.SHOW)


def place_of(step: Step) -> tuple[int, int] | None:
    """Return (number, of how many), None for the first ones, which are not counted."""
    return (COUNTED.index(step) + 1, len(COUNTED)) if step in COUNTED else None


def choices(step: Step, answers: Answers) -> tuple[str, ...]:
    """Return the values that may be chosen, in order; none where it is written."""
    wording = wording_of(answers)
    if step is Step.ABOUT:
        return tuple(topic.value for topic in TOPICS[wording])
    if step is Step.HOW:
        ratings = (str(rating) for rating in range(1, SCALES[wording] + 1))
        return (*ratings, NOT_SAID)
    plain: dict[Step, tuple[str, ...]] = {
        Step.WHO: tuple(speaker.value for speaker in Speaker),
        Step.WHOSE: tuple(s.value for s in Speaker if s is not Speaker.HELPER),
        Step.AGE: tuple(age.value for age in AgeBand),
        Step.SHOW: tuple(answer.value for answer in MayShow),
    }
    return plain.get(step, ())


def with_answer(step: Step, said: str, answers: Answers) -> dict[str, str]:
    """Return the answers with this one, “” to skip it.

    What another wording does not offer goes: three faces are no answer among five.
    """
    now = {name: words for name, words in answers.items() if name != step}
    if said:
        now[step.value] = said
    if not is_helped(now):
        now.pop(Step.WHOSE, None)
    if speaker_of(now) not in _YOUNG:
        now.pop(Step.AGE, None)
    if SCALES[wording_of(now)] != SCALES[wording_of(answers)]:
        now.pop(Step.HOW, None)
    if now.get(Step.ABOUT) not in choices(Step.ABOUT, now):
        now.pop(Step.ABOUT, None)
    return now


def has_words(answers: Answers) -> bool:
    """Return whether one of the two texts was written: the one thing that is needed."""
    return any(answers.get(step) for step in WRITTEN)


def rating_of(answers: Answers) -> int | None:
    """Return the rating, 1 the best; None where it was skipped or not said."""
    said = answers.get(Step.HOW, "")
    return int(said) if said.isdecimal() else None


def topic_of(answers: Answers) -> Topic | None:
    """Return what it is about, None where it was skipped."""
    said = answers.get(Step.ABOUT)
    return Topic(said) if said else None
