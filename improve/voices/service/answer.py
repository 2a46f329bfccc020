"""Answering: words to the person, and for everybody what was said, tried, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from improve.accounts.actor import Actor
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken, Stale
from improve.shared.quoting import quotes
from improve.voices.answer_rules import says_how_to_complain
from improve.voices.kinds import Ending, MayShow, State, StepKind
from improve.voices.languages import name_of
from improve.voices.models import Voice, VoiceAnswer
from improve.voices.queries.answers import draft_for_change, newest_given, used_of
from improve.voices.queries.reading import unread_replies
from improve.voices.service.one import check_seen, keep_step, written
from improve.voices.service.use import settled_voice

#: Endings of which nothing has to have happened yet.
_STILL_OPEN = (Ending.TRYING.value, Ending.LISTENING.value)


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """An answer as it was written. ``ending`` is of ``voices.kinds.Ending``.

    ``own_words``: the same in the language they wrote in, ``own_by`` put into ``own_language`` by.
    """

    words: str
    said: str = ""
    tried: str = ""
    happened: str = ""
    ending: str = Ending.LISTENING.value
    is_public: bool = False
    own_words: str = ""
    own_language: str = ""
    own_by: str = ""


def give_answer(
    actor: Actor,
    *,
    key: str,
    answer: AnswerWords,
    seen_version: int | None,
    draft_id: int | None = None,
    draft_version: int | None = None,
) -> int:
    """Give an answer out today, and return its id. The same one sent twice is given once.

    Only a reader who opened the voice. A draft given out becomes the answer, and keeps who wrote
    it. For everybody nothing is quoted unless the person let us; where it may be a complaint the
    words say how to complain. ``Stale`` where another reader, or the drafter, was faster.
    """
    voice = settled_voice(actor, key)
    last = newest_given(voice)
    if last is not None and last.given_on == clock.today() and answer_in(last) == answer:
        return last.id
    check_seen(voice, seen_version)
    if unread_replies(actor, key):
        raise RuleBroken("First read what they said of our last answer.")
    _check(actor, voice, answer)
    if draft_id is None:
        row = VoiceAnswer(
            organisation_id=voice.organisation_id,
            voice_key=voice.key,
            written_by_id=actor.person_id,
            created_at=clock.now(),
        )
        db.session.add(row)
    else:
        draft = draft_for_change(actor, key, draft_id)
        if draft is None or draft_version != draft.version:
            raise Stale(version=voice.version, shareable=voice.shareable)
        row = draft
        row.version += 1
    write(row, answer)
    row.given_by_id, row.given_on = actor.person_id, clock.today()
    voice.answered_on = voice.answered_on or clock.today()
    voice.state = State.ANSWERED.value
    keep_step(actor, voice, StepKind.ANSWERED)
    return row.id


def write(row: VoiceAnswer, answer: AnswerWords) -> None:
    """Put the words of an answer, or of a draft, into its row."""
    row.words, row.said = answer.words, answer.said
    row.tried, row.happened = answer.tried, answer.happened
    row.ending, row.is_public = answer.ending, answer.is_public
    row.own_words, row.own_language = answer.own_words, answer.own_language
    row.own_by = answer.own_by


def check_texts(answer: AnswerWords) -> list[Reason]:
    """Return what is wrong with the texts by themselves, of an answer or a draft."""
    most = limits.length("voice_answer")
    reasons = [
        Reason(f"Use {most:,} characters or fewer.", field)
        for field in ("words", "own_words", "said", "tried", "happened")
        if len(getattr(answer, field)) > most
    ]
    if answer.own_words and not name_of(answer.own_language):
        reasons.append(Reason("Choose which language it is.", "own_language"))
    if answer.own_words and not answer.own_by:
        reasons.append(Reason("Write who put it into their language: a person.", "own_by"))
    if not answer.words:
        reasons.append(Reason("Write the answer in words they would use.", "words"))
    if answer.ending not in list(Ending):
        reasons.append(Reason("Choose what came of it.", "ending"))
    return reasons


def _check(actor: Actor, voice: Voice, answer: AnswerWords) -> None:
    reasons = check_texts(answer)
    if voice.is_complaint and not says_how_to_complain(
        answer.words, used_of(actor, voice.key).complaints
    ):
        words = "It may be a complaint: say how to complain, and who can speak up for them."
        reasons.append(Reason(words, "words"))
    if answer.is_public:
        reasons += _check_public(voice, answer)
    if reasons:
        raise RuleBroken(reasons)


def _check_public(voice: Voice, answer: AnswerWords) -> list[Reason]:
    reasons = []
    if not answer.said:
        reasons.append(Reason("Write what they said, for everybody.", "said"))
    if not answer.happened and answer.ending not in _STILL_OPEN:
        reasons.append(Reason("Write what happened, also where it did not work.", "happened"))
    may_quote = voice.may_show == MayShow.YES.value
    told = [voice.shareable, *written(voice).values()]
    free = voice.shareable if may_quote else ""
    why = (
        "These are their own words, and nobody settled that others may read them."
        if may_quote
        else "These are their own words, and they did not say that we may show them."
    )
    return reasons + [
        Reason(f"{why} Say it in yours.", field)
        for field in ("said", "tried", "happened")
        if quotes(getattr(answer, field), told, but=free)
    ]


def answer_in(row: VoiceAnswer) -> AnswerWords:
    """Return an answer, or a draft, as it was written."""
    return AnswerWords(
        row.words,
        row.said,
        row.tried,
        row.happened,
        row.ending,
        row.is_public,
        row.own_words,
        row.own_language,
        row.own_by,
    )
