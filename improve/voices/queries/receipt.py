"""What somebody reads who comes back with the code of their receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from improve.accounts.queries import councils, organisation_slugs
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.voices.kinds import Ending, State
from improve.voices.languages import lang_of
from improve.voices.models import Voice, VoiceAnswer, VoiceReply
from improve.voices.queries.setup import languages_on
from improve.voices.reading import ANSWER_DAYS, LOCKED
from improve.voices.wording import ENGLISH


@dataclass(frozen=True, slots=True)
class Given:
    """One answer that was given, on a day; ``own_words`` in the language they wrote in, or “”."""

    id: int
    words: str
    tried: str
    happened: str
    ending: Ending
    given_on: date
    own_words: str
    own_language: str

    @property
    def own_lang(self) -> str:
        """The code of the language they wrote in, for a page."""
        return lang_of(self.own_language)


@dataclass(frozen=True, slots=True)
class Told:
    """Where a voice is, for the person who told it: nothing of what they wrote.

    ``answers``: the newest first; none where ``is_locked``. ``said``: what they said of the newest
    (“yes”, “partly”, “no”), “” if nothing yet.
    """

    key: str
    slug: str
    #: What the form was filled in in, a code of ``voices.wording.LANGUAGES``.
    language: str
    came_on: date
    is_read: bool
    is_locked: bool
    answers: tuple[Given, ...]
    said: str

    @property
    def answer_by(self) -> date:
        """The last day on which an answer is owed."""
        return self.came_on + timedelta(days=ANSWER_DAYS)


@dataclass(frozen=True, slots=True)
class AnswersOf:
    """What the pages of answers say of a council."""

    organisation_id: int
    name: str
    slug: str
    duty_numbers: Mapping[str, str]
    #: Codes of ``voices.wording.LANGUAGES`` that are on, English first.
    languages: tuple[str, ...]


def answers_of(slug: str) -> AnswersOf:
    """Return what the pages of answers say of a council. Raises ``NotFound``. Two statements."""
    facts = councils()
    row = db.session.execute(
        select(facts.c.id, facts.c.name, facts.c.duty_numbers).where(facts.c.slug == slug)
    ).one_or_none()
    if row is None:
        raise NotFound
    return AnswersOf(row.id, row.name, slug, row.duty_numbers, (ENGLISH, *languages_on(row.id)))


def key_of(hashes: Sequence[str], slug: str | None) -> str | None:
    """Return the key of the voice with one of these hashes, of this council where one is named."""
    slugs = organisation_slugs()
    found = (
        select(Voice.key)
        .join(slugs, slugs.c.id == Voice.organisation_id)
        .where(Voice.receipt_hash.in_(hashes))
    )
    if slug:
        found = found.where(slugs.c.slug == slug)
    return db.session.execute(found).scalar()


def told(key: str) -> Told:
    """Return where a voice is. Raises ``NotFound`` for one that is gone."""
    slugs = organisation_slugs()
    voice = db.session.execute(
        select(
            Voice.came_on,
            Voice.opened_on,
            Voice.state,
            Voice.locked_at,
            Voice.organisation_id,
            Voice.language,
            slugs.c.slug,
        )
        .join(slugs, slugs.c.id == Voice.organisation_id)
        .where(Voice.key == key)
    ).one_or_none()
    if voice is None:
        raise NotFound
    is_locked = voice.locked_at is not None or voice.state in LOCKED
    answers = () if is_locked else _answers(voice.organisation_id, key)
    said = _said(voice.organisation_id, answers[0].id) if answers else ""
    return Told(
        key=key,
        slug=voice.slug,
        language=voice.language,
        came_on=voice.came_on,
        is_read=voice.opened_on is not None or voice.state != State.WAITING.value,
        is_locked=is_locked,
        answers=answers,
        said=said,
    )


def _answers(organisation_id: int, key: str) -> tuple[Given, ...]:
    rows = db.session.execute(
        select(
            VoiceAnswer.id,
            VoiceAnswer.words,
            VoiceAnswer.tried,
            VoiceAnswer.happened,
            VoiceAnswer.ending,
            VoiceAnswer.given_on,
            VoiceAnswer.own_words,
            VoiceAnswer.own_language,
        )
        .where(
            VoiceAnswer.organisation_id == organisation_id,
            VoiceAnswer.voice_key == key,
            VoiceAnswer.given_on.is_not(None),
        )
        .order_by(VoiceAnswer.given_on.desc(), VoiceAnswer.id.desc())
    ).all()
    return tuple(
        Given(
            id=row.id,
            words=row.words,
            tried=row.tried,
            happened=row.happened,
            ending=Ending(row.ending),
            given_on=row.given_on,
            own_words=row.own_words,
            own_language=row.own_language,
        )
        for row in rows
    )


def _said(organisation_id: int, answer_id: int) -> str:
    """Return what was said of an answer; one row an answer, see ``service.put_right``."""
    said = db.session.execute(
        select(VoiceReply.said)
        .where(
            VoiceReply.organisation_id == organisation_id,
            VoiceReply.answer_id == answer_id,
        )
        .order_by(VoiceReply.key)
        .limit(1)
    ).scalar()
    return str(said or "")
