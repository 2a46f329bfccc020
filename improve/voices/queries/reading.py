"""One voice as its reader sees it: what they wrote, what was said of it, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar
from improve.accounts.queries import names_of_staff, team_names
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.marked_changes import Change, marked_changes
from improve.shared.pointers import MarkedPiece, pointed, with_hints
from improve.voices.kinds import (
    AGE_WORDS,
    RATING_WORDS,
    WAY_IN_WORDS,
    AgeBand,
    State,
    StepKind,
    WayIn,
)
from improve.voices.models import Voice, VoiceCode, VoiceReply, VoiceSetup, VoiceTheme
from improve.voices.queries.desk import (
    StepView,
    asks_second,
    keys_with_unread_replies,
    original_of,
    steps_of,
    title_of,
)
from improve.voices.queries.same_words import unopened_with_same_words
from improve.voices.reading import (
    ANSWER_DAYS,
    KEEP_DAYS,
    OPEN_DAYS,
    WAITING,
    Read,
    Step,
    deleted_on,
    next_step,
)
from improve.voices.sealed import words_in


@dataclass(frozen=True)
class Told:
    """One of the texts that somebody wrote, with what may point to a person marked."""

    title: str
    pieces: tuple[MarkedPiece, ...]


@dataclass(frozen=True)
class ReplyView:
    """What the person said of an answer. ``words`` stay empty until the voice is opened.

    ``is_shut``: no key that is here opens what they wrote.
    """

    key: str
    said: str
    came_on: date
    words: str
    is_shut: bool
    is_read: bool


@dataclass(frozen=True)
class Reading:
    """A voice to read. What they wrote is here only for the reader who opened it."""

    key: str
    title: str
    days: int
    facts: tuple[str, ...]
    theme_id: int | None
    theme: str
    language: str
    version: int
    is_mine: bool
    is_locked: bool
    is_aside: bool
    is_hidden: bool
    is_theme_only: bool
    is_settled: bool
    may_show: str
    step: Step | None
    is_danger: bool | None
    is_about_staff: bool | None
    is_complaint: bool | None
    told: tuple[Told, ...]
    english: str
    original: str
    is_deleted: bool
    #: No key that is here opens what they wrote.
    is_shut: bool
    deleted_on: date
    keep_days: int
    shareable: str
    written: tuple[MarkedPiece, ...]
    now: tuple[MarkedPiece, ...]
    changes: tuple[Change, ...]
    rules: tuple[str, ...]
    steps: tuple[StepView, ...]
    replies: tuple[ReplyView, ...]
    waiting: int
    same: int
    opened_on: date | None
    #: The working day by which it is to be opened; None once it is. Below zero days: since then.
    open_by: date | None
    days_to_open: int
    answer_by: date
    #: Days until the answer is owed; below zero: since. None where none is owed any more.
    days_left: int | None

    @property
    def days_unanswered(self) -> int:
        """Days since it came, where an answer is owed."""
        return ANSWER_DAYS - (self.days_left or 0)

    @property
    def opened_by_reader(self) -> StepView | None:
        """The opening that this reader’s view began with."""
        found = [one for one in self.steps if one.kind is StepKind.OPENED]
        return found[-1] if found else None

    @property
    def complaint_step(self) -> StepView | None:
        """Who kept it as a complaint, and whom they told."""
        found = [one for one in self.steps if one.kind is StepKind.COMPLAINT_YES]
        return found[-1] if found else None

    @property
    def asked(self) -> StepView | None:
        """Who asks another reader whether their own worker could tell, until one has said."""
        return asks_second(self.steps)

    @property
    def danger_answer(self) -> StepView | None:
        """Who last said that nobody could be in danger, and when."""
        said = [one for one in self.steps if one.kind is StepKind.DANGER_NO]
        return said[-1] if said else None


def reading_of(actor: Actor, key: str) -> Reading:
    """Return a voice of the reader's council. ``NotFound``. Four statements, five until settled."""
    teams = team_names()
    waiting = (
        select(func.count())
        .select_from(Voice)
        .where(
            Voice.organisation_id == actor.organisation_id,
            Voice.state.in_([state.value for state in WAITING]),
        )
        .scalar_subquery()
    )
    found = db.session.execute(
        select(Voice, VoiceSetup.keep_days, teams.c.name, VoiceCode.label, VoiceTheme.name, waiting)
        .outerjoin(VoiceSetup, VoiceSetup.organisation_id == Voice.organisation_id)
        .outerjoin(teams, teams.c.id == Voice.team_id)
        .outerjoin(VoiceCode, VoiceCode.id == Voice.code_id)
        .outerjoin(VoiceTheme, VoiceTheme.id == Voice.theme_id)
        .where(Voice.key == key, Voice.organisation_id == actor.organisation_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    voice, keep_days, team, label, theme, waits = found
    is_mine = voice.reader_id == actor.person_id
    is_settled = voice.shared_at is not None or voice.is_theme_only
    kept = words_in(voice.sealed, about=voice.key) if is_mine else {}
    told = kept or {}
    staff = names_of_staff(actor.organisation_id) if told else []
    original = original_of(told)
    shareable = voice.shareable if is_mine or voice.shared_at else ""
    steps = steps_of(actor, key)
    both = marked_changes(original, shareable) if original and shareable else None
    council = WorkingCalendar(closing_days=actor.closing_days)
    answer_by = voice.came_on + timedelta(days=ANSWER_DAYS)
    open_by = _open_by(voice, council)
    return Reading(
        key=voice.key,
        title=title_of(voice.speaker_kind, voice.topic),
        days=council.working_days_between(voice.came_on, clock.today()),
        facts=_facts(voice, team, label),
        theme_id=voice.theme_id,
        theme=theme or "",
        language=voice.language,
        version=voice.version,
        is_mine=is_mine,
        is_locked=voice.locked_at is not None,
        is_aside=voice.state == "set_aside",
        is_hidden=voice.hidden_at is not None,
        is_theme_only=voice.is_theme_only,
        is_settled=is_settled,
        may_show=voice.may_show,
        step=_next(voice, steps),
        is_danger=voice.is_danger,
        is_about_staff=voice.is_about_staff,
        is_complaint=voice.is_complaint,
        told=tuple(
            Told(
                title,
                pointed(told[name], staff),
            )
            for name, title in (("happened", "What happened"), ("better", "What would be better"))
            if told.get(name)
        ),
        english=told.get("english", ""),
        original=original,
        is_deleted=voice.sealed is None,
        is_shut=kept is None,
        deleted_on=deleted_on(voice.came_on, keep_days or KEEP_DAYS),
        keep_days=keep_days or KEEP_DAYS,
        shareable=shareable,
        written=with_hints(both.written, staff) if both else (),
        now=with_hints(both.now, staff) if both else (),
        changes=both.changes if both else (),
        rules=tuple(str(one.get("rule", "")) for one in voice.changes),
        steps=steps,
        replies=_replies(actor, key, is_mine=is_mine),
        waiting=waits,
        # What is settled is not set aside any more.
        same=_same(voice) if is_mine and not is_settled else 0,
        opened_on=voice.opened_on,
        open_by=open_by,
        days_to_open=(open_by - clock.today()).days if open_by else 0,
        answer_by=answer_by,
        days_left=(answer_by - clock.today()).days if _is_owed(voice) else None,
    )


def _next(voice: Voice, steps: tuple[StepView, ...]) -> Step | None:
    return next_step(
        Read(
            voice.is_danger,
            voice.is_about_staff,
            voice.is_complaint,
            voice.shared_at is not None or voice.is_theme_only,
            _is_used(voice, steps),
            voice.answered_on is not None and voice.state == State.ANSWERED.value,
        )
    )


def _open_by(voice: Voice, council: WorkingCalendar) -> date | None:
    is_unopened = voice.state == State.WAITING.value and voice.opened_on is None
    return council.add_working_days(voice.came_on, OPEN_DAYS) if is_unopened else None


def _is_owed(voice: Voice) -> bool:
    is_open = State(voice.state) in (*WAITING, State.TO_ANSWER)
    return is_open and voice.answered_on is None


def _is_used(voice: Voice, steps: tuple[StepView, ...]) -> bool:
    done = (voice.theme_id, voice.idea_id, voice.given_to_team_id, voice.answered_on)
    is_thanked = any(step.kind is StepKind.THANKS_PASSED_ON for step in steps)
    return is_thanked or any(one is not None for one in done)


def _facts(voice: Voice, team: str | None, label: str | None) -> tuple[str, ...]:
    rating = "" if voice.rating is None else RATING_WORDS[voice.scale][voice.rating - 1]
    facts = (
        AGE_WORDS[AgeBand(voice.age_band)] if voice.age_band else "",
        WAY_IN_WORDS[WayIn(voice.way_in)],
        label or "",
        team or "",
        f"how was it: {rating or 'rather not say'}",
        "typed by someone helping" if voice.by_helper else "",
    )
    return tuple(fact for fact in facts if fact)


def _replies(actor: Actor, key: str, *, is_mine: bool) -> tuple[ReplyView, ...]:
    rows = db.session.scalars(
        select(VoiceReply)
        .where(VoiceReply.voice_key == key, VoiceReply.organisation_id == actor.organisation_id)
        .order_by(VoiceReply.came_on, VoiceReply.key)
    )
    views = []
    for row in rows:
        kept = words_in(row.sealed, about=row.key) if is_mine else {}
        words = (kept or {}).get("words", "")
        is_read = row.read_at is not None
        views.append(ReplyView(row.key, row.said, row.came_on, words, kept is None, is_read))
    return tuple(views)


def unread_replies(actor: Actor, key: str) -> bool:
    """Return whether a reply waits to be read: with words, or saying it is not right yet."""
    found = keys_with_unread_replies(actor).where(VoiceReply.voice_key == key)
    return db.session.execute(found.limit(1)).first() is not None


def _same(voice: Voice) -> int:
    same = unopened_with_same_words(voice)
    if same is None:
        return 0
    found = select(func.count()).select_from(Voice).where(*same)
    return int(db.session.execute(found).scalar_one())


@dataclass(frozen=True)
class ComplaintWords:
    """How to complain in a council, and who speaks up for a child; empty: not entered."""

    complaints: str
    advocates: str


def complaint_words(actor: Actor) -> ComplaintWords:
    """Return what the reader’s council says of complaints. One statement."""
    row = db.session.execute(
        select(VoiceSetup.complaints, VoiceSetup.advocates).where(
            VoiceSetup.organisation_id == actor.organisation_id
        )
    ).one_or_none()
    return ComplaintWords(row.complaints, row.advocates) if row else ComplaintWords("", "")


@dataclass(frozen=True)
class ThemeView:
    """A theme by its name."""

    id: int
    name: str


def themes(actor: Actor) -> tuple[ThemeView, ...]:
    """Return the themes of the reader's council, by name."""
    rows = db.session.scalars(
        select(VoiceTheme)
        .where(VoiceTheme.organisation_id == actor.organisation_id)
        .order_by(func.lower(VoiceTheme.name), VoiceTheme.id)
    )
    return tuple(ThemeView(row.id, row.name) for row in rows)
