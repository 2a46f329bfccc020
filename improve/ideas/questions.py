"""The questions an idea and its cycles answer: words, limits, kinds and when they may be written.

Pure. Forms, pages, the conflict page and the services read the same list, so that a field has one
name and one limit wherever it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from improve.ideas.kinds import AsPlanned, HowKnown, PredictionHeld, Stage


@dataclass(frozen=True, slots=True)
class Question:
    """One field: its name in code, how it is asked, and what it takes.

    ``kind`` is text, line, choice, count, date or tick. ``limit`` names a length in
    ``shared.limits``. ``choices`` are (value, words). ``stage`` is where it is asked.
    """

    name: str
    label: str
    kind: str = "text"
    limit: str | None = None
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    stage: Stage | None = None


_HELD: Final = (
    (PredictionHeld.YES.value, "Yes"),
    (PredictionHeld.PARTLY.value, "Partly"),
    (PredictionHeld.NO.value, "No"),
)
_PLANNED: Final = (
    (AsPlanned.YES.value, "Yes"),
    (AsPlanned.MOSTLY.value, "Mostly"),
    (AsPlanned.NO.value, "No"),
)
_KNOWN: Final = (
    (HowKnown.TAP.value, "We count as we go"),
    (HowKnown.WRITE.value, "I will ask and write it here"),
)

#: Fields of the idea itself, edited in place.
IDEA_QUESTIONS: Final[Mapping[str, Question]] = {
    q.name: q
    for q in (
        Question("title", "Title", "line", "title"),
        Question("suggestion", "The idea", "text", "idea_text"),
        Question("benefit", "What would be better", "text", "benefit"),
        Question("problem", "What happens now", "text", "problem"),
        Question("improves", "What we want to improve", "line", "improves"),
        Question(
            "family_in_team",
            "Who from a family takes part",
            "line",
            "scope",
            "A child, young person, parent, carer or care leaver who is in the team of this idea. "
            "A role is enough, such as “a care leaver”",
        ),
        Question(
            "document_link",
            "Link to a document",
            "line",
            "document_link",
            "A web address in the council’s own document store",
        ),
    )
}

#: Fields of a cycle, in the order of its life.
CYCLE_QUESTIONS: Final[Mapping[str, Question]] = {
    q.name: q
    for q in (
        Question("question", "What do you want to find out?", "line", "scope", stage=Stage.PLAN),
        Question("change_to_try", "What will you try?", "text", "plan_text", stage=Stage.PLAN),
        Question("scope", "Where and how long?", "line", "scope", stage=Stage.PLAN),
        Question("who", "With whom?", "line", "scope", stage=Stage.PLAN),
        Question("families_count", "Families", "count", stage=Stage.PLAN),
        Question("study_by_on", "Till when?", "date", stage=Stage.PLAN),
        Question(
            "prediction", "What do you expect to see?", "text", "prediction", stage=Stage.PLAN
        ),
        Question("expected_count", "Expected", "count", stage=Stage.PLAN),
        Question("expected_of", "of", "count", stage=Stage.PLAN),
        Question("how_known", "How will you know?", "choice", choices=_KNOWN, stage=Stage.PLAN),
        Question("is_wide", "This is wide enough to move a measure", "tick", stage=Stage.PLAN),
        Question(
            "might_go_wrong",
            "How might this go wrong, and how would we notice?",
            "text",
            "plan_text",
            stage=Stage.PLAN,
        ),
        Question("balancing", "What might get worse?", "line", "scope", stage=Stage.PLAN),
        Question(
            "what_happened",
            "What happened when you tried it?",
            "text",
            "what_happened",
            stage=Stage.DO,
        ),
        Question(
            "as_planned",
            "Did you try it as planned?",
            "choice",
            choices=_PLANNED,
            stage=Stage.DO,
        ),
        Question("surprises", "Any surprises?", "text", "plan_text", stage=Stage.DO),
        Question("seen_count", "Saw", "count", stage=Stage.DO),
        Question("seen_of", "of", "count", stage=Stage.DO),
        Question("has_no_number", "No number this time", "tick", stage=Stage.DO),
        Question(
            "prediction_held",
            "Did it go as you expected?",
            "choice",
            choices=_HELD,
            stage=Stage.STUDY,
        ),
        Question("learned", "What did you learn?", "text", "learned", stage=Stage.STUDY),
        Question(
            "read_by_outside",
            "Who outside the team read it? A role is enough",
            "line",
            "scope",
            stage=Stage.STUDY,
        ),
        Question("decision_why", "Why?", "text", "decision_why", stage=Stage.ACT),
        Question(
            "adopt_anyway",
            "The chart shows no improvement. Why keep it anyway?",
            "text",
            "decision_why",
            stage=Stage.ACT,
        ),
        Question("next_step", "What happens next?", "text", "next_step", stage=Stage.ACT),
    )
}

#: What is written while planning, and is carried over into the next cycle.
PLAN_FIELDS: Final = tuple(n for n, q in CYCLE_QUESTIONS.items() if q.stage is Stage.PLAN)
#: Locked when Do begins: learning is the distance between prediction and result.
LOCKED_FIELDS: Final = ("prediction", "expected_count", "expected_of")


def choice_words(field: str, value: str | None) -> str:
    """Return how a chosen value reads: “Mostly” for as_planned, mostly; “” for none."""
    return dict(CYCLE_QUESTIONS[field].choices).get(value or "", "")
