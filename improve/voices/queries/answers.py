"""What a voice led to, its answers and drafts, and what managers and coaches may draft for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.ideas.queries import idea_heads
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.voices.kinds import Ending, MayShow, State, StepKind
from improve.voices.languages import lang_of
from improve.voices.models import Voice, VoiceAnswer, VoiceSetup, VoiceStep, VoiceTheme
from improve.voices.queries.desk import title_of
from improve.voices.reading import FOR_READERS_ALONE

ON_A_PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Used:
    """What was done with a voice. ``complaints``: how to complain, where it may be a complaint.

    ``put_right``: what they said last of an answer, “yes”, “partly” or “no”; “” if nothing yet.
    """

    theme_id: int | None
    theme: str
    idea_id: int | None
    idea: str
    team: str
    topic: str
    by_helper: bool
    complaints: str
    put_right: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer, or a draft of one (``given_on`` None). ``by``: who wrote it."""

    id: int
    version: int
    words: str
    said: str
    tried: str
    happened: str
    ending: Ending
    is_public: bool
    given_on: date | None
    by: str
    written_by_id: int
    drafted_for_id: int | None
    own_words: str
    own_language: str
    own_by: str

    @property
    def own_lang(self) -> str:
        """The code of their language for a page."""
        return lang_of(self.own_language)


@dataclass(frozen=True, slots=True)
class ToDraft:
    """A voice as whoever drafts an answer sees it: settled words and the month, nothing else."""

    key: str
    title: str
    words: str
    topic: str
    month: date
    may_show: bool
    by_helper: bool
    is_complaint: bool
    complaints: str
    has_mine: bool
    language: str


@dataclass(frozen=True, slots=True)
class DraftsPage:
    """Voices that wait for an answer, what came first first."""

    rows: tuple[ToDraft, ...]
    page: int
    pages: int


def used_of(actor: Actor, key: str) -> Used:
    """Return what was done with a voice of the reader's council. ``NotFound``. One statement."""
    teams, ideas = team_names(), idea_heads()
    row = db.session.execute(
        select(
            Voice.theme_id,
            VoiceTheme.name.label("theme"),
            Voice.idea_id,
            ideas.c.title.label("idea"),
            teams.c.name.label("team"),
            Voice.topic,
            Voice.by_helper,
            Voice.is_complaint,
            VoiceSetup.complaints,
            Voice.put_right,
        )
        .outerjoin(VoiceTheme, VoiceTheme.id == Voice.theme_id)
        .outerjoin(ideas, ideas.c.id == Voice.idea_id)
        .outerjoin(teams, teams.c.id == Voice.given_to_team_id)
        .outerjoin(VoiceSetup, VoiceSetup.organisation_id == Voice.organisation_id)
        .where(Voice.key == key, Voice.organisation_id == actor.organisation_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Used(
        row.theme_id,
        row.theme or "",
        row.idea_id,
        row.idea or "",
        row.team or "",
        row.topic,
        row.by_helper,
        (row.complaints or "") if row.is_complaint else "",
        row.put_right,
    )


def answers_of(actor: Actor, key: str) -> tuple[AnswerView, ...]:
    """Return the answers and drafts of a voice, the newest first. One statement."""
    names = person_names()
    rows = db.session.execute(
        select(VoiceAnswer, names.c.name)
        .join(names, names.c.id == VoiceAnswer.written_by_id)
        .where(
            VoiceAnswer.voice_key == key,
            VoiceAnswer.organisation_id == actor.organisation_id,
        )
        .order_by(VoiceAnswer.id.desc())
    )
    return tuple(_view(row, name) for row, name in rows)


def newest_given(voice: Voice) -> VoiceAnswer | None:
    """Return the answer that was given last, None where none was."""
    return db.session.scalars(
        select(VoiceAnswer)
        .where(
            VoiceAnswer.voice_key == voice.key,
            VoiceAnswer.organisation_id == voice.organisation_id,
            VoiceAnswer.given_on.is_not(None),
        )
        .order_by(VoiceAnswer.given_on.desc(), VoiceAnswer.id.desc())
        .limit(1)
    ).first()


def draft_for_change(actor: Actor, key: str, draft_id: int) -> VoiceAnswer | None:
    """Return a draft of a voice, held until the end; None where it was given out, or is gone."""
    return db.session.scalars(
        select(VoiceAnswer)
        .where(
            VoiceAnswer.id == draft_id,
            VoiceAnswer.voice_key == key,
            VoiceAnswer.organisation_id == actor.organisation_id,
            VoiceAnswer.given_on.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def my_draft(actor: Actor, key: str, *, for_change: bool = False) -> VoiceAnswer | None:
    """Return the actor's own draft for a voice: never one that the ending of an idea made.

    ``for_change``: held until the end, so that no reader gives it out meanwhile.
    """
    found = (
        select(VoiceAnswer)
        .where(
            VoiceAnswer.voice_key == key,
            VoiceAnswer.organisation_id == actor.organisation_id,
            VoiceAnswer.written_by_id == actor.person_id,
            VoiceAnswer.given_on.is_(None),
            VoiceAnswer.drafted_for_id.is_(None),
        )
        .order_by(VoiceAnswer.id)
        .limit(1)
    )
    if for_change:
        found = found.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(found).first()


def my_draft_view(actor: Actor, key: str) -> AnswerView | None:
    """Return the actor's own draft for a voice, to show."""
    draft = my_draft(actor, key)
    return None if draft is None else _view(draft, actor.name)


def draftable(actor: Actor) -> ColumnElement[bool]:
    """Return whether an answer may be drafted: others may read its words, and they are settled."""
    is_open: ColumnElement[bool] = (
        (Voice.organisation_id == actor.organisation_id)
        & (Voice.may_show == MayShow.YES.value)
        & Voice.shared_at.is_not(None)
        & Voice.locked_at.is_(None)
        & Voice.hidden_at.is_(None)
        & Voice.state.not_in(FOR_READERS_ALONE)
    )
    return is_open


def voice_to_draft(actor: Actor, key: str) -> ToDraft:
    """Return a voice to draft an answer for. Raises ``NotFound``. One statement."""
    row = db.session.execute(_to_draft(actor).where(Voice.key == key)).one_or_none()
    if row is None:
        raise NotFound
    return _shape(row)


def voices_to_draft(actor: Actor, page: int) -> DraftsPage:
    """Return a page of voices that wait for an answer. Two statements."""
    waits = Voice.state == State.TO_ANSWER.value
    count = db.session.execute(
        select(func.count()).select_from(Voice).where(draftable(actor), waits)
    ).scalar_one()
    pages = max(1, -(-count // ON_A_PAGE))
    page = min(max(page, 1), pages)
    rows = db.session.execute(
        _to_draft(actor)
        .where(waits)
        .order_by(Voice.came_on, Voice.key)
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    )
    return DraftsPage(tuple(_shape(row) for row in rows), page, pages)


def step_ids(voice: Voice, kind: StepKind) -> list[int]:
    """Return the ids of the steps of one kind of a voice, the first first."""
    return list(
        db.session.scalars(
            select(VoiceStep.id)
            .where(
                VoiceStep.voice_key == voice.key,
                VoiceStep.organisation_id == voice.organisation_id,
                VoiceStep.kind == kind.value,
            )
            .order_by(VoiceStep.id)
        )
    )


def _to_draft(actor: Actor) -> Select[*tuple[Any, ...]]:
    mine = aliased(VoiceAnswer)
    has_mine = (
        select(mine.id)
        .where(
            mine.voice_key == Voice.key,
            mine.written_by_id == actor.person_id,
            mine.given_on.is_(None),
            mine.drafted_for_id.is_(None),
        )
        .exists()
    )
    return (
        select(
            Voice.key,
            Voice.speaker_kind,
            Voice.topic,
            Voice.shareable,
            Voice.came_on,
            Voice.may_show,
            Voice.by_helper,
            Voice.is_complaint,
            VoiceSetup.complaints,
            has_mine.label("has_mine"),
            Voice.language,
        )
        .outerjoin(VoiceSetup, VoiceSetup.organisation_id == Voice.organisation_id)
        .where(draftable(actor))
    )


def _shape(row: Any) -> ToDraft:
    return ToDraft(
        row.key,
        title_of(row.speaker_kind, row.topic),
        row.shareable,
        row.topic,
        row.came_on.replace(day=1),
        row.may_show == MayShow.YES.value,
        row.by_helper,
        bool(row.is_complaint),
        (row.complaints or "") if row.is_complaint else "",
        row.has_mine,
        row.language,
    )


def _view(row: VoiceAnswer, name: str) -> AnswerView:
    return AnswerView(
        row.id,
        row.version,
        row.words,
        row.said,
        row.tried,
        row.happened,
        Ending(row.ending),
        row.is_public,
        row.given_on,
        name,
        row.written_by_id,
        row.drafted_for_id,
        row.own_words,
        row.own_language,
        row.own_by,
    )
