"""Sending what somebody told: one row, the day alone, and words to come back with."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Final

from improve.accounts.queries import names_of_staff
from improve.shared import clock, receipt_words
from improve.shared.db import db, forget_deleted_words
from improve.shared.errors import Reason, RuleBroken
from improve.voices import questions
from improve.voices.hints import hints_in
from improve.voices.kinds import SCALES, MayShow, State, WayIn
from improve.voices.models import Voice
from improve.voices.queries.codes import Place
from improve.voices.queries.draft import (
    Draft,
    opened,
    row_of,
    voices_that_came_on,
)
from improve.voices.questions import Step
from improve.voices.sealed import sealer, words_hash
from improve.voices.service.draft import Gone, TooMany, keep
from improve.voices.service.surveys import answered_survey

#: Voices of one council in a day: above it only networks are heard that sent few.
CAME_MOST: Final = 1_000
#: The same whoever comes: a desk of people reads no more, and no children write more.
CAME_AT_ALL: Final = 20_000
#: Nobody fills the form in sooner.
SOONEST: Final = timedelta(seconds=3)
#: Names of the texts that say why it was not sent.
NOTHING: Final = "all.error.nothing"
TOO_FAST: Final = "all.error.fast"


def send(
    *, token: str, place: Place, code: str, is_trapped: bool = False, is_quiet: bool = False
) -> None:
    """Send the answers so far: a voice that waits to be read, and a receipt in their place.

    Sent twice it is one voice. Refuses nothing written, what a machine filled in, and a day with
    too many (``TooMany``) unless the client ``is_quiet``, its network having sent few, or answers
    a survey by a printed code; ``Gone`` where there is no draft. No notice leaves: its time would
    be the time it came. Reasons are names of texts of ``voices.wording``.
    """
    row = row_of(token, for_change=True)
    draft = opened(row, token, code)
    if row is None or draft is None:
        raise Gone
    if draft.is_sent:
        return
    if not questions.has_words(draft.answers):
        raise RuleBroken([Reason(NOTHING, Step.BETTER)])
    if is_trapped or clock.now() - draft.began_at < SOONEST:
        raise RuleBroken([Reason(TOO_FAST, Step.SHOW)])
    survey = answered_survey(draft, place.organisation_id)
    most = CAME_AT_ALL if is_quiet or survey else CAME_MOST
    if voices_that_came_on(place.organisation_id, clock.today()) >= most:
        raise TooMany
    receipt = receipt_words.new()
    add_voice(
        draft.answers,
        place=replace(place, team_id=survey.team_id) if survey else place,
        language=draft.language,
        way_in=WayIn.SURVEY if survey else WayIn.WEB,
        survey_id=survey.id if survey else None,
        receipt=receipt,
    )
    keep(row, token, _sent(draft, receipt))
    forget_deleted_words()


def add_voice(
    answers: questions.Answers,
    *,
    place: Place,
    language: str,
    way_in: WayIn,
    receipt: str,
    survey_id: int | None = None,
) -> str:
    """Make the voice of somebody's answers, as of today, and return its key. The words are sealed.

    ``answers``: as ``voices.questions`` names them; whose words they are must be among them.
    """
    speaker = questions.speaker_of(answers)
    if speaker is None:
        raise RuleBroken([Reason("all.error.who", Step.WHO)])
    key = secrets.token_urlsafe(16)
    written = {step.value: answers.get(step, "") for step in questions.WRITTEN}
    hints = hints_in(written.values(), staff=names_of_staff(place.organisation_id))
    wording = questions.wording_of(answers)
    age, topic = questions.age_of(answers), questions.topic_of(answers)
    db.session.add(
        Voice(
            key=key,
            organisation_id=place.organisation_id,
            came_on=clock.today(),
            code_id=place.code_id,
            survey_id=survey_id,
            team_id=place.team_id,
            speaker_kind=speaker.value,
            age_band=age.value if age else "",
            wording=wording.value,
            language=language,
            way_in=way_in.value,
            by_helper=questions.is_helped(answers),
            topic=topic.value if topic else "",
            scale=SCALES[wording],
            rating=questions.rating_of(answers),
            may_show=answers.get(Step.SHOW) or MayShow.UNKNOWN.value,
            sealed=sealer().seal(json.dumps(written), about=key),
            words_hash=words_hash(written[Step.HAPPENED], written[Step.BETTER]),
            receipt_hash=sealer().hash(receipt),
            hints=list(hints.kinds),
            may_be_danger=hints.may_be_danger,
            state=State.WAITING.value,
        )
    )
    db.session.flush()
    return key


def _sent(draft: Draft, receipt: str) -> Draft:
    """Return what stays: nothing of the answers, the code to come back for an hour.

    How they were asked stays too: a child reads the last page in the words of the others.
    """
    return replace(
        draft,
        answers={},
        wording=questions.wording_of(draft.answers).value,
        skipped={},
        survey_id=None,
        code_hash="",
        sent_at=clock.now(),
        receipt=receipt,
    )
