"""The questions of a report: their order, which must be answered, and what is next. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from improve.incidents.factors import BY_CODE, NOT_SURE
from improve.incidents.kinds import Kind, Safe, When


class Step(StrEnum):
    """One question, one page. The value is the last part of its address."""

    SAFE = "safe"
    KIND = "kind"
    HAPPENED = "happened"
    FACTORS = "factors"
    HELPED = "helped"
    GROUP = "group"
    WHEN = "when"
    TRY = "try"
    CALL_BACK = "call-back"
    NOT_READERS = "not-readers"
    CHECK = "check"


STEPS: Final = tuple(Step)
#: The four that are counted for whoever answers: “2 of 4”.
COUNTED: Final = (Step.KIND, Step.HAPPENED, Step.FACTORS, Step.HELPED)
#: Those that come after, and are counted apart.
COUNTED_APART: Final = (Step.GROUP, Step.WHEN, Step.TRY, Step.CALL_BACK, Step.NOT_READERS)
#: Without these nothing is sent.
NEEDED: Final = (Step.SAFE, *COUNTED, Step.GROUP)
MAY_SKIP: Final = (Step.WHEN, Step.TRY, Step.NOT_READERS)
#: Those that are written in one's own words, looked through for what may point to someone.
WRITTEN: Final = (Step.HAPPENED, Step.HELPED, Step.TRY)
#: Those after which it may turn out that nobody is left to read.
ABOUT_READERS: Final = (Step.GROUP, Step.NOT_READERS)
YES: Final = "yes"
NO: Final = "no"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered so far; “”, nothing, or None where it was skipped or not asked yet.

    ``done``: the steps that were answered or skipped. ``contact`` is kept while somebody thinks
    about it, and sent only with ``call_back`` “yes”.
    """

    safe: str = ""
    kind: str = ""
    happened: str = ""
    factors: tuple[str, ...] = ()
    helped: str = ""
    group_id: int | None = None
    when: str = ""
    would_try: str = ""
    call_back: str = ""
    contact: str = ""
    not_readers: tuple[int, ...] = ()
    done: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Return what a draft keeps."""
        return asdict(self)

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Answers:
        """Return the answers that a draft kept."""
        lists = {"factors", "not_readers", "done"}
        kept: dict[str, Any] = {n: tuple(v) if n in lists else v for n, v in facts.items()}
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class Said:
    """What one page sent: words or a choice, ticks, and how to call back."""

    said: str = ""
    ticks: tuple[str, ...] = ()
    contact: str = ""
    is_skipped: bool = field(default=False)


def with_answer(step: Step, told: Said, answers: Answers) -> Answers:
    """Return the answers with this one. A skipped question has none, whatever stood there."""
    done = tuple(dict.fromkeys([*answers.done, step.value]))
    text, ticks = ("", ()) if told.is_skipped else (told.said, told.ticks)
    changed: dict[Step, dict[str, Any]] = {
        Step.SAFE: {"safe": text},
        Step.KIND: {"kind": text},
        Step.HAPPENED: {"happened": text},
        Step.FACTORS: {"factors": ticks},
        Step.HELPED: {"helped": text},
        Step.GROUP: {"group_id": int(text) if text.isdecimal() else None},
        Step.WHEN: {"when": text},
        Step.TRY: {"would_try": text},
        Step.CALL_BACK: {"call_back": text, "contact": told.contact},
        Step.NOT_READERS: {"not_readers": tuple(int(one) for one in ticks if one.isdecimal())},
        Step.CHECK: {},
    }
    return replace(answers, done=done, **changed[step])


def said_to(step: Step, answers: Answers) -> Said:
    """Return what was answered to one question, as its page shows it."""
    texts: dict[Step, str] = {
        Step.SAFE: answers.safe,
        Step.KIND: answers.kind,
        Step.HAPPENED: answers.happened,
        Step.HELPED: answers.helped,
        Step.GROUP: "" if answers.group_id is None else str(answers.group_id),
        Step.WHEN: answers.when,
        Step.TRY: answers.would_try,
        Step.CALL_BACK: answers.call_back or NO,
    }
    ticks = {Step.FACTORS: answers.factors, Step.NOT_READERS: map(str, answers.not_readers)}
    return Said(texts.get(step, ""), tuple(ticks.get(step, ())), answers.contact)


def is_answered(step: Step, answers: Answers) -> bool:
    """Return whether a question that must be answered is."""
    told = said_to(step, answers)
    return bool(told.said or told.ticks)


def first_missing(answers: Answers) -> Step | None:
    """Return the first question that must be answered and is not; None: it may be sent."""
    return next((step for step in NEEDED if not is_answered(step, answers)), None)


def asked_first(step: Step, answers: Answers) -> Step:
    """Return the question to show to somebody who asks for ``step``: an earlier one is needed."""
    earlier = STEPS[: STEPS.index(step)]
    missing = (one for one in NEEDED if one in earlier and not is_answered(one, answers))
    return next(missing, step)


def next_after(step: Step, answers: Answers) -> Step:
    """Return the first question after ``step`` that was neither answered nor skipped yet."""
    later = STEPS[STEPS.index(step) + 1 :]
    return next((one for one in later if one.value not in answers.done), Step.CHECK)


def where_to_go_on(answers: Answers) -> Step:
    """Return the first question that is open."""
    return next((one for one in STEPS if one.value not in answers.done), Step.CHECK)


def before(step: Step) -> Step | None:
    """Return the question before ``step``, None before the first."""
    at = STEPS.index(step)
    return STEPS[at - 1] if at else None


def place_of(step: Step) -> tuple[int, int] | None:
    """Return (number, of how many) among the four, or among those that come after.

    None for the first, and for the last page, where all are looked at.
    """
    for counted in (COUNTED, COUNTED_APART):
        if step in counted:
            return counted.index(step) + 1, len(counted)
    return None


def fault_in(step: Step, told: Said, allowed: frozenset[str]) -> str:
    """Return the name of the text that says what is wrong with an answer; “” for nothing.

    ``allowed``: the values that may be chosen, where one chooses.
    """
    if step in MAY_SKIP and told.is_skipped:
        return ""
    if step is Step.FACTORS:
        if not told.ticks:
            return "error.factors"
        if NOT_SURE in told.ticks and len(told.ticks) > 1:
            return "error.factors_both"
    if step in NEEDED and not (told.said or told.ticks):
        return f"error.{step.value}"
    if step is Step.CALL_BACK and told.said == YES and not told.contact:
        return "error.contact"
    chosen = {told.said, *told.ticks} - {""} if step not in WRITTEN else set()
    return "" if chosen <= allowed else "error.pick"


def fixed_choices(step: Step) -> tuple[str, ...]:
    """Return the values that may be chosen where they are the same for every council."""
    plain: dict[Step, tuple[str, ...]] = {
        Step.SAFE: tuple(one.value for one in Safe),
        Step.KIND: tuple(one.value for one in Kind),
        Step.FACTORS: (*BY_CODE, NOT_SURE),
        Step.WHEN: tuple(one.value for one in When),
        Step.CALL_BACK: (NO, YES),
    }
    return plain.get(step, ())
