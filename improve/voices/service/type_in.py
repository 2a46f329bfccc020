"""Typing in what came on paper or was said: it goes to the readers, and no way leads back to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from improve.accounts.actor import Actor
from improve.shared import audit, clock, receipt_words
from improve.shared.errors import NotFound, Reason, RuleBroken
from improve.voices import questions
from improve.voices.kinds import SCALES, TOPICS, Speaker, Topic, WayIn
from improve.voices.queries.codes import Place, code, council_slug
from improve.voices.queries.draft import draft_of, opened, row_of, voices_that_came_on
from improve.voices.queries.setup import public_setup
from improve.voices.questions import Answers, Step
from improve.voices.service.draft import begin, keep
from improve.voices.service.send import CAME_AT_ALL, add_voice

#: The faces of both forms by their words, best first.
RATINGS: Final[Mapping[str, str]] = {
    "really_good": "Really good",
    "good": "Good",
    "ok": "OK",
    "not_good": "Not good",
    "really_bad": "Really bad",
}
#: The rating of each by how many faces the form has, 1 the best.
_NUMBER_OF: Final[Mapping[int, Mapping[str, int]]] = {
    5: {name: number for number, name in enumerate(RATINGS, start=1)},
    3: {"good": 1, "ok": 2, "not_good": 3},
}
NOT_OPEN: Final = (
    "Nobody reads voices here yet, so none can be taken. Keep the paper safe and ask your manager."
)


def answers_of(*, speaker: str, is_heard: bool, said: Mapping[Step, str]) -> dict[str, str]:
    """Return answers as the form for families keeps them; what was not said is left out.

    ``is_heard``: somebody else put the words down, as on the form “I am helping someone else”.
    """
    who = {Step.WHO: Speaker.HELPER.value, Step.WHOSE: speaker} if is_heard else {Step.WHO: speaker}
    return {step.value: words for step, words in {**who, **said}.items() if words}


def type_in(
    actor: Actor,
    *,
    sheet: str,
    answers: Answers,
    rating: str = "",
    language: str = "en",
    code_id: int | None = None,
) -> None:
    """Keep what came on paper or was said, as a voice that waits to be read.

    ``sheet`` names one sheet of paper: sent twice it is one voice, and its code to come back with
    is shown to this person for an hour (``receipt_of``). The audit holds that somebody typed, never
    which voice. Refuses a council that is not open, a day with too many, nothing written, and
    answers that the form of this age does not have. Raises ``NotFound`` for a foreign address.
    """
    if draft_of(sheet, _name(actor)) is not None:
        return
    today = clock.today()
    if not public_setup(actor.organisation_id, today).takes_words:
        raise RuleBroken(NOT_OPEN)
    if faults := _faults(answers, rating):
        raise RuleBroken(faults)
    if voices_that_came_on(actor.organisation_id, today) >= CAME_AT_ALL:
        raise RuleBroken("Too many came today. Keep the paper safe and type it in tomorrow.")
    if number := _NUMBER_OF[SCALES[questions.wording_of(answers)]].get(rating):
        answers = {**answers, Step.HOW.value: str(number)}
    receipt = receipt_words.new()
    add_voice(
        answers,
        place=_place(actor, code_id),
        language=language,
        way_in=WayIn.PAPER,
        receipt=receipt,
    )
    begin(
        token=sheet,
        organisation_id=actor.organisation_id,
        code=_name(actor),
        language=language,
        is_quiet=True,
    )
    row = row_of(sheet, for_change=True)
    draft = opened(row, sheet, _name(actor))
    if row is None or draft is None:
        raise NotFound
    keep(row, sheet, replace(draft, sent_at=clock.now(), receipt=receipt))
    audit.record(actor, "voice_typed_in", "voice", None)


def receipt_of(actor: Actor, *, sheet: str) -> str:
    """Return the code to come back with of a sheet that this person typed in; “” after an hour."""
    draft = draft_of(sheet, _name(actor))
    return draft.receipt if draft is not None else ""


def _name(actor: Actor) -> str:
    """Return what stands for the address of the form: one person's own."""
    return f"/type-in/{actor.person_id}"


def _place(actor: Actor, code_id: int | None) -> Place:
    slug = council_slug(actor)
    if code_id is None:
        return Place(actor.organisation_id, slug)
    found = code(actor, code_id, clock.today())
    return Place(actor.organisation_id, slug, found.id, found.team_id)


def _faults(answers: Answers, rating: str) -> list[Reason]:
    faults = []
    wording = questions.wording_of(answers)
    topic = answers.get(Step.ABOUT)
    if topic and Topic(topic) not in TOPICS[wording]:
        faults.append(Reason("The form of this age does not have it. Choose another.", "topic"))
    if rating in RATINGS and rating not in _NUMBER_OF[SCALES[wording]]:
        faults.append(
            Reason("The form for younger children has Good, OK and Not good only.", "rating")
        )
    if not questions.has_words(answers):
        faults.append(
            Reason("Write what they said, here or below. A drawing: say what is on it.", "happened")
        )
    return faults
