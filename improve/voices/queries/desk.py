"""What the readers' desk shows. Every read is of one council alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from improve.accounts.actor import Actor
from improve.accounts.working_calendar import WorkingCalendar
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.voices.kinds import SPEAKER_WORDS, TOPIC_WORDS, Speaker, StepKind, Topic
from improve.voices.models import Voice, VoiceDraft, VoiceReply, VoiceSetup, VoiceStep
from improve.voices.reading import WAITING

ON_A_PAGE: Final = 50
#: Where a council chose nothing.
KEEP_DAYS: Final = 90


@dataclass(frozen=True)
class DeskRow:
    """A voice as the desk lists it: never its words. ``days``: working days waited."""

    key: str
    title: str
    may_be_danger: bool
    days: int
    hints: tuple[str, ...]
    is_opened: bool
    is_hidden: bool


@dataclass(frozen=True)
class Desk:
    """A page of voices that wait, and how many there are."""

    rows: tuple[DeskRow, ...]
    count: int
    page: int
    pages: int


@dataclass(frozen=True)
class StepView:
    """What a reader did: who by name is joined by the page."""

    kind: StepKind
    words: str
    person_id: int
    at: datetime


def desk(actor: Actor, page: int) -> Desk:
    """Return a page of what waits: possible danger first, then what waited longest."""
    mine = (
        Voice.organisation_id == actor.organisation_id,
        Voice.state.in_([state.value for state in WAITING]),
    )
    count = db.session.execute(select(func.count()).select_from(Voice).where(*mine)).scalar_one()
    pages = max(1, -(-count // ON_A_PAGE))
    page = min(max(page, 1), pages)
    rows = db.session.execute(
        select(
            Voice.key,
            Voice.speaker_kind,
            Voice.topic,
            Voice.may_be_danger,
            Voice.came_on,
            Voice.hints,
            Voice.opened_on,
            Voice.hidden_at,
        )
        .where(*mine)
        .order_by(Voice.may_be_danger.desc(), Voice.came_on, Voice.key)
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    ).all()
    council, today = WorkingCalendar(closing_days=actor.closing_days), clock.today()
    return Desk(
        tuple(
            DeskRow(
                row.key,
                title_of(row.speaker_kind, row.topic),
                row.may_be_danger,
                council.working_days_between(row.came_on, today),
                tuple(row.hints),
                row.opened_on is not None,
                row.hidden_at is not None,
            )
            for row in rows
        ),
        count,
        page,
        pages,
    )


def title_of(speaker: str, topic: str) -> str:
    """Return how a voice is called: who tells, about what."""
    about = f", about {TOPIC_WORDS[Topic(topic)]}" if topic else ""
    return SPEAKER_WORDS[Speaker(speaker)] + about


def voice_to_read(actor: Actor, key: str) -> Voice:
    """Return a voice of the reader's council to show. ``NotFound``."""
    row = db.session.scalars(
        select(Voice).where(Voice.key == key, Voice.organisation_id == actor.organisation_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def voice_for_change(actor: Actor, key: str) -> Voice:
    """Return a voice of the reader's council, held against others until the end. ``NotFound``."""
    row = db.session.scalars(
        select(Voice)
        .where(Voice.key == key, Voice.organisation_id == actor.organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def steps_of(actor: Actor, key: str) -> tuple[StepView, ...]:
    """Return what readers did with a voice, first to last."""
    rows = db.session.scalars(
        select(VoiceStep)
        .where(VoiceStep.voice_key == key, VoiceStep.organisation_id == actor.organisation_id)
        .order_by(VoiceStep.id)
    )
    return tuple(StepView(StepKind(r.kind), r.words, r.person_id, r.at) for r in rows)


def keep_days_of(actor: Actor) -> int:
    """Return after how many days what was written is deleted."""
    kept = db.session.execute(
        select(VoiceSetup.keep_days).where(VoiceSetup.organisation_id == actor.organisation_id)
    ).scalar_one_or_none()
    return kept or KEEP_DAYS


def original_of(written: Mapping[str, str]) -> str:
    """Return what the shareable words are compared with: the English where there is one."""
    if written.get("english"):
        return written["english"]
    return "\n\n".join(written[name] for name in ("happened", "better") if written.get(name))


def voices_to_empty() -> Sequence[Voice]:
    """Return voices of all councils whose written words are past their days."""
    today = clock.today()
    return [
        row
        for row, keep_days in db.session.execute(
            select(Voice, VoiceSetup.keep_days)
            .outerjoin(VoiceSetup, VoiceSetup.organisation_id == Voice.organisation_id)
            .where(Voice.sealed.is_not(None), Voice.came_on < today)
            .order_by(Voice.key)
        )
        if _is_past(row.came_on, keep_days, today)
    ]


def replies_to_empty() -> Sequence[VoiceReply]:
    """Return replies of all councils whose words are past their days."""
    today = clock.today()
    return [
        row
        for row, keep_days in db.session.execute(
            select(VoiceReply, VoiceSetup.keep_days)
            .outerjoin(VoiceSetup, VoiceSetup.organisation_id == VoiceReply.organisation_id)
            .where(VoiceReply.sealed.is_not(None), VoiceReply.came_on < today)
            .order_by(VoiceReply.key)
        )
        if _is_past(row.came_on, keep_days, today)
    ]


def drafts_to_delete() -> Sequence[VoiceDraft]:
    """Return drafts that were begun before yesterday: older than a day whatever the hour."""
    before = clock.today() - timedelta(days=1)
    return list(
        db.session.scalars(
            select(VoiceDraft).where(VoiceDraft.began_on < before).order_by(VoiceDraft.token_hash)
        )
    )


def _is_past(came_on: date, keep_days: int | None, today: date) -> bool:
    return today >= came_on + timedelta(days=keep_days or KEEP_DAYS)
