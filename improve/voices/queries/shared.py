"""What all staff may read of voices: words that a reader settled, never what was written.

A quote stands beside its month, never its day or its team, so that it leads to nobody. Where the
idea behind it tells the team, the month stands there only if that team heard enough voices in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    extract,
    func,
    literal_column,
    select,
)

from improve.accounts.actor import Actor
from improve.accounts.roles import Role
from improve.ideas.queries.places import placed_ideas
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.suppression import FEWEST
from improve.voices.kinds import (
    AGE_WORDS,
    SPEAKER_WORDS,
    TOPIC_WORDS,
    AgeBand,
    MayShow,
    Speaker,
    State,
    Topic,
)
from improve.voices.models import Voice, VoiceAnswer, VoiceTheme

ON_A_PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class SharedFilter:
    """What somebody looks for. ``whose`` is a ``Speaker``; ``is_given``: to a team of theirs."""

    words: tuple[str, ...] = ()
    theme_id: int | None = None
    whose: str = ""
    is_given: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.theme_id or self.whose or self.is_given)


@dataclass(frozen=True, slots=True)
class SharedVoice:
    """One voice as staff read it. ``idea_title`` only where the actor may open that idea."""

    key: str
    words: str
    whose: str
    about: str
    #: None where month and team of its idea together could lead to somebody.
    month: date | None
    theme: str
    is_by_helper: bool
    is_given: bool
    idea_id: int | None
    idea_title: str
    answered_on: date | None
    put_right: str


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """An answer that was given."""

    words: str
    given_on: date
    is_public: bool


@dataclass(frozen=True, slots=True)
class SharedVoices:
    """A page of voices, the newest month first."""

    voices: tuple[SharedVoice, ...]
    page: int
    has_more: bool


def shared_voices(actor: Actor, chosen: SharedFilter, *, page: int = 1) -> SharedVoices:
    """Return thirty voices that staff may read, in one statement. Within a month by no order."""
    page = max(1, page)
    query = _shared(actor).where(*_narrowed(actor, chosen))
    # The key is random, so what stands first in a month says nothing of its day. Whatever has no
    # month stands last: a place among others would tell it.
    query = query.order_by(query.selected_columns.shown_month.desc(), Voice.key)
    rows = db.session.execute(query.limit(ON_A_PAGE + 1).offset((page - 1) * ON_A_PAGE)).all()
    voices = tuple(_view(actor, row) for row in rows[:ON_A_PAGE])
    return SharedVoices(voices, page, len(rows) > ON_A_PAGE)


def shared_voice(actor: Actor, key: str) -> tuple[SharedVoice, tuple[SharedAnswer, ...]]:
    """Return one voice that staff may read and its answers, the newest first. ``NotFound``."""
    row = db.session.execute(_shared(actor).where(Voice.key == key)).first()
    if row is None:
        raise NotFound
    answers = db.session.execute(
        select(VoiceAnswer.words, VoiceAnswer.given_on, VoiceAnswer.is_public)
        .where(
            VoiceAnswer.voice_key == key,
            VoiceAnswer.organisation_id == actor.organisation_id,
            VoiceAnswer.given_on.is_not(None),
        )
        .order_by(VoiceAnswer.given_on.desc(), VoiceAnswer.id.desc())
    )
    given = [(words, day, public) for words, day, public in answers if day is not None]
    return _view(actor, row), tuple(SharedAnswer(*answer) for answer in given)


def may_be_read() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which staff may read the words of a voice.

    Only where whoever told it said yes: the form says “Then we do not show them” of anything else.
    """
    return (
        Voice.may_show == MayShow.YES.value,
        Voice.shared_at.is_not(None),
        Voice.locked_at.is_(None),
        Voice.hidden_at.is_(None),
        Voice.state != State.SET_ASIDE.value,
        Voice.is_theme_only.is_(False),
        Voice.shareable != "",
    )


def heard_in_month(organisation_id: Any, team_id: Any = Voice.team_id) -> Subquery:
    """Return how many voices came to each team in each month, for joins: team_id, month, heard.

    Also what was locked since then: were it left out, the month would tell of it.
    """
    return (
        select(Voice.team_id, _month().label("month"), func.count().label("heard"))
        .where(
            Voice.organisation_id == organisation_id,
            Voice.team_id.is_not(None),
            Voice.team_id == team_id,
            Voice.state != State.SET_ASIDE.value,
        )
        .group_by(Voice.team_id, _month())
        .subquery("heard_in_month")
    )


def of_team_and_month(heard: Subquery, team_id: Any) -> ColumnElement[bool]:
    """Return what joins a voice to what the team heard in its month."""
    return and_(heard.c.team_id == team_id, heard.c.month == _month())


def _shared(actor: Actor) -> Select[Any]:
    idea, heard = placed_ideas(), heard_in_month(actor.organisation_id)
    may_tell = idea.c.id.is_(None) | (heard.c.heard >= FEWEST)
    return (
        select(
            Voice,
            VoiceTheme.name.label("theme"),
            idea.c.id.label("seen_idea_id"),
            idea.c.title.label("idea_title"),
            case((may_tell, _month()), else_=0).label("shown_month"),
        )
        .outerjoin(VoiceTheme, VoiceTheme.id == Voice.theme_id)
        .outerjoin(idea, idea.c.id == Voice.idea_id)
        .outerjoin(heard, of_team_and_month(heard, idea.c.team_id))
        .where(Voice.organisation_id == actor.organisation_id, *may_be_read())
    )


def _month() -> Any:
    return extract("year", Voice.came_on) * literal_column("12") + extract("month", Voice.came_on)


def _narrowed(actor: Actor, chosen: SharedFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Voice.shareable.icontains(word, autoescape=True) for word in chosen.words
    ]
    if chosen.theme_id is not None:
        found.append(Voice.theme_id == chosen.theme_id)
    if chosen.whose:
        found.append(Voice.speaker_kind == chosen.whose)
    if chosen.is_given:
        found.append(Voice.given_to_team_id.in_(_teams_of(actor)))
    return found


def _teams_of(actor: Actor) -> list[int]:
    own = {p.team_id for p in actor.places if p.role is not Role.GUEST}
    return sorted(team_id for team_id in own if team_id is not None)


def _view(actor: Actor, row: Any) -> SharedVoice:
    voice: Voice = row[0]
    age = AGE_WORDS[AgeBand(voice.age_band)] if voice.age_band else ""
    whose = SPEAKER_WORDS[Speaker(voice.speaker_kind)]
    return SharedVoice(
        key=voice.key,
        words=voice.shareable,
        whose=f"{whose}, {age}" if age else whose,
        about=TOPIC_WORDS[Topic(voice.topic)] if voice.topic else "",
        month=voice.came_on.replace(day=1) if row.shown_month else None,
        theme=row.theme or "",
        is_by_helper=voice.by_helper,
        is_given=voice.given_to_team_id in _teams_of(actor),
        idea_id=row.seen_idea_id,
        idea_title=row.idea_title or "",
        answered_on=voice.answered_on,
        put_right=voice.put_right,
    )
