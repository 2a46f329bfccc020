"""What the readers' desk shows. Every read is of one council alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import load_only

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar
from improve.accounts.queries import person_names
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.voices.kinds import SPEAKER_WORDS, TOPIC_WORDS, Speaker, State, StepKind, Topic
from improve.voices.models import Voice, VoiceAnswer, VoiceReply, VoiceStep
from improve.voices.queries.crowds import Crowd, crowds, how_alike, is_of
from improve.voices.queries.same_words import group_of_words
from improve.voices.reading import ANSWER_DAYS, LOCKED, OPEN_DAYS, WAITING

ON_A_PAGE: Final = 50


class Show(StrEnum):
    """Which list of the desk: what waits, what is owed an answer, what is locked, or aside."""

    WAITING = "waiting"
    TO_ANSWER = "to-answer"
    LOCKED = "locked"
    ASIDE = "aside"


class Among(StrEnum):
    """Which of what waits: all, what came on other days than a crowd, or the crowd alone."""

    ALL = "all"
    OTHERS = "others"
    CROWD = "crowd"


class Sort(StrEnum):
    """What comes first after possible danger."""

    LONGEST = "longest"
    NEWEST = "newest"


STATES_SHOWN: Final[Mapping[Show, tuple[State, ...]]] = {
    Show.WAITING: WAITING,
    Show.TO_ANSWER: (State.TO_ANSWER,),
    Show.LOCKED: LOCKED,
    Show.ASIDE: (State.SET_ASIDE,),
}


@dataclass(frozen=True)
class DeskRow:
    """A voice as the desk lists it: never its words. ``days``: working days waited.

    ``open_by`` and ``answer_by``: what the form promises, None where it is done or not owed.
    ``same``: how many others of the very same words stand behind it, unopened.
    """

    key: str
    title: str
    may_be_danger: bool
    days: int
    hints: tuple[str, ...]
    language: str
    is_by_helper: bool
    is_opened: bool
    is_hidden: bool
    has_reply: bool
    same: int
    open_by: date | None
    answer_by: date | None
    #: Days until the answer; below zero: since.
    days_left: int
    #: The first reader asks another: could their own worker tell?
    is_asked: bool

    @property
    def days_unanswered(self) -> int:
        """Days since it came, where an answer is owed."""
        return ANSWER_DAYS - self.days_left


@dataclass(frozen=True)
class Desk:
    """A page of voices, and how many there are."""

    show: Show
    rows: tuple[DeskRow, ...]
    count: int
    page: int
    pages: int
    among: Among = Among.ALL
    sort: Sort = Sort.LONGEST
    crowds: tuple[Crowd, ...] = ()

    @property
    def crowded(self) -> int:
        """How many came in a crowd."""
        return sum(crowd.count for crowd in self.crowds)


@dataclass(frozen=True)
class StepView:
    """What a reader did, and who by name."""

    kind: StepKind
    words: str
    person_id: int
    at: datetime
    by: str = ""


def desk(
    actor: Actor,
    page: int,
    show: Show = Show.WAITING,
    *,
    among: Among = Among.ALL,
    sort: Sort = Sort.LONGEST,
) -> Desk:
    """Return a page: possible danger first, then what waited longest, or the newest.

    Unopened voices of the very same words are one row, and a day on which a crowd came stands
    after other days, so that a flood hides nobody. Three statements.
    """
    unread = keys_with_unread_replies(actor)
    found = crowds(actor) if show is Show.WAITING else ()
    among = among if found else Among.ALL
    is_shown = stands_in(actor, show)
    if among is not Among.ALL:
        is_shown &= is_of(found) if among is Among.CROWD else ~is_of(found)
    group = group_of_words() if show is Show.WAITING else Voice.key
    apart = (Voice.may_be_danger, group)
    listed = (
        select(
            Voice.key,
            Voice.may_be_danger,
            Voice.came_on,
            how_alike(found).label("alike"),
            func.row_number()
            .over(partition_by=apart, order_by=(Voice.came_on, Voice.key))
            .label("nth"),
            func.count().over(partition_by=apart).label("same"),
        )
        .where(Voice.organisation_id == actor.organisation_id, is_shown)
        .subquery()
    )
    count, groups = db.session.execute(
        select(func.count(), func.count().filter(listed.c.nth == 1)).select_from(listed)
    ).one()
    pages = max(1, -(-groups // ON_A_PAGE))
    page = min(max(page, 1), pages)
    by_day = listed.c.came_on.desc() if sort is Sort.NEWEST else listed.c.came_on
    rows = db.session.execute(
        select(
            Voice,
            listed.c.same,
            Voice.key.in_(unread).label("has_reply"),
            _is_asked_of_another(actor).label("is_asked"),
        )
        .join(listed, listed.c.key == Voice.key)
        .where(Voice.organisation_id == actor.organisation_id, listed.c.nth == 1)
        .order_by(listed.c.may_be_danger.desc(), listed.c.alike, by_day, listed.c.key)
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
        .options(load_only(*_LISTED))
    ).all()
    return Desk(show, _rows(actor, rows), count, page, pages, among, sort, found)


def _rows(actor: Actor, rows: Iterable[Any]) -> tuple[DeskRow, ...]:
    council, today = WorkingCalendar(closing_days=actor.closing_days), clock.today()
    made = []
    for voice, same, has_reply, is_asked in rows:
        is_owed = State(voice.state) in (*WAITING, State.TO_ANSWER) and voice.answered_on is None
        answer_by = voice.came_on + timedelta(days=ANSWER_DAYS)
        is_unopened = voice.state == State.WAITING.value and voice.opened_on is None
        made.append(
            DeskRow(
                voice.key,
                title_of(voice.speaker_kind, voice.topic),
                voice.may_be_danger,
                council.working_days_between(voice.came_on, today),
                tuple(voice.hints),
                voice.language,
                voice.by_helper,
                voice.opened_on is not None,
                voice.hidden_at is not None,
                has_reply,
                same - 1,
                council.add_working_days(voice.came_on, OPEN_DAYS) if is_unopened else None,
                answer_by if is_owed else None,
                (answer_by - today).days,
                is_asked,
            )
        )
    return tuple(made)


def stands_in(actor: Actor, show: Show) -> ColumnElement[bool]:
    """Return what holds for a voice that stands in a list of the desk."""
    is_shown: ColumnElement[bool] = Voice.state.in_([state.value for state in STATES_SHOWN[show]])
    if show is Show.WAITING:
        is_answered = Voice.state.in_([State.ANSWERED.value, State.TO_ANSWER.value])
        return is_shown | (is_answered & Voice.key.in_(keys_with_unread_replies(actor)))
    if show is Show.TO_ANSWER:
        # Answered before, and now something came of it: a draft says what.
        drafted = Voice.key.in_(_drafted_for_ideas(actor))
        return is_shown | ((Voice.state == State.ANSWERED.value) & drafted)
    return is_shown


#: Never what was written: sealed words stay where they are until one is opened.
_LISTED: Final = (
    Voice.key,
    Voice.speaker_kind,
    Voice.topic,
    Voice.may_be_danger,
    Voice.came_on,
    Voice.hints,
    Voice.language,
    Voice.by_helper,
    Voice.opened_on,
    Voice.hidden_at,
    Voice.state,
    Voice.answered_on,
)


def keys_with_unread_replies(actor: Actor) -> Select[Any]:
    """Return the keys of voices with a reply that somebody must read: words, or not put right."""
    return select(VoiceReply.voice_key).where(
        VoiceReply.organisation_id == actor.organisation_id,
        VoiceReply.read_at.is_(None),
        VoiceReply.sealed.is_not(None) | (VoiceReply.said != "yes"),
    )


def _drafted_for_ideas(actor: Actor) -> Select[Any]:
    """Return the keys of voices with a draft that the ending of an idea made."""
    return select(VoiceAnswer.voice_key).where(
        VoiceAnswer.organisation_id == actor.organisation_id,
        VoiceAnswer.drafted_for_id.is_not(None),
        VoiceAnswer.given_on.is_(None),
    )


def _is_asked_of_another(actor: Actor) -> ColumnElement[bool]:
    """Return what holds for a voice on the desk again because a reader asks another to look."""
    asked = select(VoiceStep.voice_key).where(
        VoiceStep.organisation_id == actor.organisation_id,
        VoiceStep.kind == StepKind.SECOND_READER.value,
    )
    is_open = Voice.shared_at.is_(None) & Voice.is_theme_only.is_(False)
    return is_open & Voice.reader_id.is_(None) & Voice.key.in_(asked)


def title_of(speaker: str, topic: str) -> str:
    """Return how a voice is called: who tells, about what."""
    about = f", about {TOPIC_WORDS[Topic(topic)]}" if topic else ""
    return SPEAKER_WORDS[Speaker(speaker)] + about


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
    names = person_names()
    rows = db.session.execute(
        select(VoiceStep, names.c.name)
        .join(names, names.c.id == VoiceStep.person_id)
        .where(VoiceStep.voice_key == key, VoiceStep.organisation_id == actor.organisation_id)
        .order_by(VoiceStep.id)
    )
    return tuple(
        StepView(StepKind(row.kind), row.words, row.person_id, row.at, by) for row, by in rows
    )


#: What ends the question of a second reader.
_SETTLED: Final = (StepKind.WORDS_SETTLED, StepKind.SHOWN_AGAIN, StepKind.THEME_ONLY)


def asks_second(steps: Sequence[StepView]) -> StepView | None:
    """Return who asks another reader whether their own worker could tell, while it is open."""
    about = [one for one in steps if one.kind in (StepKind.SECOND_READER, *_SETTLED)]
    return about[-1] if about and about[-1].kind is StepKind.SECOND_READER else None


def original_of(written: Mapping[str, str]) -> str:
    """Return what the shareable words are compared with: the English where there is one."""
    if written.get("english"):
        return written["english"]
    return "\n\n".join(written[name] for name in ("happened", "better") if written.get(name))
