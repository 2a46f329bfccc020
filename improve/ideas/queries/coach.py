"""The coach's own page: who asked, what waits, what is due, who is quiet, what could grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select, union
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView, person_names, team_names, teams
from improve.ideas.kinds import STAGE_WORDS, PredictionHeld, Stage
from improve.ideas.models import CoachRequest, Comment, Cycle, Idea, StageMove
from improve.ideas.page import PersonRef, TeamRef
from improve.ideas.page_shaping import person
from improve.ideas.queries import door
from improve.ideas.reminding import OFFER_COACH_AFTER, waits_for_coach
from improve.ideas.rights import STANDING_COLUMNS
from improve.shared import clock
from improve.shared.db import db
from improve.shared.formatting import NBSP, day

#: Rows under one heading; more would be a list for nobody.
ROWS_MOST: Final = 40
#: A team in which nothing happened for so long is quiet.
QUIET_AFTER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CoachingIdea:
    """An idea that a coach could look at; ``words`` say why, ``note`` a person's own words."""

    id: int
    title: str
    team: TeamRef
    stage: Stage
    stage_words: str
    cycle_number: int
    words: str
    note: str = ""
    by: PersonRef | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuietTeam:
    """A team without an idea logged, moved or talked about for a month, or one in a busy time."""

    slug: str
    name: str
    words: str
    is_busy: bool


@dataclass(frozen=True, slots=True)
class CoachingPage:
    """Five lists, each the longest waiting or the first due on top; teams A to Z, never ranked."""

    asked: tuple[CoachingIdea, ...]
    waiting: tuple[CoachingIdea, ...]
    due: tuple[CoachingIdea, ...]
    quiet: tuple[QuietTeam, ...]
    widen: tuple[CoachingIdea, ...]
    rows_most: int = ROWS_MOST


def coaching_page(actor: Actor) -> CoachingPage:
    """Return the coach's page in six statements, however many teams there are."""
    all_teams = teams(actor)
    by_id = {team.id: team for team in all_teams}
    return CoachingPage(
        asked=_asked(actor),
        waiting=_waiting(actor, by_id),
        due=_due(actor, clock.today()),
        quiet=_quiet(actor, all_teams),
        widen=_ready_to_widen(actor),
    )


def _ideas(actor: Actor, *columns: Any) -> Select[Any]:
    team, author = team_names().alias("team"), person_names().alias("author")
    return (
        select(
            Idea.id,
            Idea.title,
            Idea.cycle_number,
            Idea.waiting_since,
            Idea.due_to_study_on,
            *(getattr(Idea, name) for name in STANDING_COLUMNS),
            door.is_member(actor).label("is_member"),
            team.c.slug.label("team_slug"),
            team.c.name.label("team_name"),
            author.c.name.label("author_name"),
            *columns,
        )
        .join(team, team.c.id == Idea.team_id)
        .join(author, author.c.id == Idea.author_id)
        .where(door.visible(actor))
        .limit(ROWS_MOST)
    )


def _shape(row: Any, words: str, **more: Any) -> CoachingIdea:
    stage = Stage(row["stage"])
    return CoachingIdea(
        id=row["id"],
        title=row["title"],
        team=TeamRef(row["team_id"], row["team_slug"], row["team_name"]),
        stage=stage,
        stage_words=STAGE_WORDS[stage],
        cycle_number=row["cycle_number"],
        words=words,
        **more,
    )


def _asked(actor: Actor) -> tuple[CoachingIdea, ...]:
    asker = person_names().alias("asker")
    rows = db.session.execute(
        _ideas(
            actor,
            CoachRequest.id.label("request_id"),
            CoachRequest.by_id.label("asker_id"),
            CoachRequest.words.label("asked_words"),
            CoachRequest.at.label("asked_at"),
            asker.c.name.label("asker_name"),
        )
        .join(CoachRequest, CoachRequest.idea_id == Idea.id)
        .join(asker, asker.c.id == CoachRequest.by_id)
        .where(
            CoachRequest.organisation_id == actor.organisation_id,
            CoachRequest.answered_at.is_(None),
        )
        .order_by(CoachRequest.id)
    ).mappings()
    return tuple(
        _shape(
            row,
            "",
            note=row["asked_words"],
            by=person(row, actor, row["asker_id"], row["asker_name"]),
            asked_at=row["asked_at"],
        )
        for row in rows
    )


def _waiting(actor: Actor, by_id: dict[int, TeamView]) -> tuple[CoachingIdea, ...]:
    """Return ideas without a first reply for five working days of their team."""
    today = clock.today()
    # A working week is at least five days of the calendar: nothing younger needs to be read.
    before = clock.at_local(today - timedelta(days=OFFER_COACH_AFTER - 1), 0)
    rows = db.session.execute(
        _ideas(actor)
        .where(
            Idea.waiting_since.is_not(None),
            Idea.waiting_since < before,
            Idea.stage == Stage.SUGGESTED.value,
        )
        .order_by(Idea.waiting_since, Idea.id)
    ).mappings()
    shown = []
    for row in rows:
        since, team = clock.local(row["waiting_since"]).date(), by_id.get(row["team_id"])
        if team is None or not waits_for_coach(since, today, team.calendar):
            continue
        waited = team.calendar.working_days_between(since, today)
        words = f"Waiting {waited}{NBSP}working days"
        if team.is_busy:
            words = f"{words} before the team’s busy time"
        shown.append(_shape(row, words))
    return tuple(shown)


def _due(actor: Actor, today: date) -> tuple[CoachingIdea, ...]:
    """Return tests whose study day is past or falls in this week, the first day first."""
    sunday = today + timedelta(days=6 - today.weekday())
    rows = db.session.execute(
        _ideas(actor)
        .where(Idea.due_to_study_on <= sunday, Idea.stage == Stage.DO.value)
        .order_by(Idea.due_to_study_on, Idea.id)
    ).mappings()
    return tuple(_shape(row, _study_words(row["due_to_study_on"], today)) for row in rows)


def _study_words(on: date, today: date) -> str:
    if on == today:
        return "Study day is today"
    return f"Study day {'was' if on < today else 'is'} {day(on)}"


def _quiet(actor: Actor, all_teams: Sequence[TeamView]) -> tuple[QuietTeam, ...]:
    """Return the teams where nothing was logged, moved or said for a month, A to Z."""
    today = clock.today()
    recent_from = today - QUIET_AFTER + timedelta(days=1)
    last = _last_before(
        actor,
        [team.id for team in all_teams if not team.is_busy],
        since=clock.at_local(recent_from, 0),
    )
    shown = []
    for team in all_teams:
        if team.is_busy:
            since = f"Busy time since {day(team.busy_since_on)}"
            shown.append(QuietTeam(team.slug, team.name, since, is_busy=True))
        elif team.id in last:
            at = last[team.id]
            words = f"Quiet since {day(clock.local(at).date())}" if at else "No idea yet"
            shown.append(QuietTeam(team.slug, team.name, words, is_busy=False))
    return tuple(shown)


def _last_before(
    actor: Actor, team_ids: Sequence[int], *, since: datetime
) -> dict[int, datetime | None]:
    """Return when something last happened in each of these teams where nothing has since then.

    An idea logged, a move or a comment; None where there was never any. Who has been busy lately
    is found by the days, and only what is left is looked through, team by team.
    """
    ours = Idea.organisation_id == actor.organisation_id
    moved, said = StageMove.organisation_id, Comment.organisation_id
    recent = union(
        select(Idea.team_id).where(ours, Idea.created_at >= since),
        select(Idea.team_id)
        .join(StageMove, StageMove.idea_id == Idea.id)
        .where(moved == actor.organisation_id, StageMove.at >= since, ours),
        select(Idea.team_id)
        .join(Comment, Comment.idea_id == Idea.id)
        .where(said == actor.organisation_id, Comment.created_at >= since, ours),
    ).cte("recent")
    team = team_names().alias("team")
    of_team = Idea.team_id == team.c.id
    parts = (
        select(func.max(Idea.created_at)).where(of_team),
        select(func.max(StageMove.at)).join(Idea, Idea.id == StageMove.idea_id).where(of_team),
        select(func.max(Comment.created_at)).join(Idea, Idea.id == Comment.idea_id).where(of_team),
    )
    rows = db.session.execute(
        select(team.c.id, *(part.correlate(team).scalar_subquery() for part in parts))
        .where(team.c.id.in_(team_ids), team.c.id.not_in(select(recent.c.team_id)))
        .order_by(team.c.id)
    )
    return {row[0]: max((at for at in row[1:] if at), default=None) for row in rows}


def _ready_to_widen(actor: Actor) -> tuple[CoachingIdea, ...]:
    """Return small tests that went as expected and could be tried again, a step wider.

    In Study or Act with the prediction answered yes; or in Plan again after such a cycle, while the
    next one is small as well.
    """
    now, before = Cycle.__table__.alias("now"), aliased(Cycle)
    held = PredictionHeld.YES.value
    rows = db.session.execute(
        _ideas(actor, before.number.label("held_number"))
        .join(now, and_(now.c.idea_id == Idea.id, now.c.number == Idea.cycle_number))
        .outerjoin(before, and_(before.idea_id == Idea.id, before.number == Idea.cycle_number - 1))
        .where(
            now.c.is_wide.is_(False),
            or_(
                and_(
                    Idea.stage.in_((Stage.STUDY.value, Stage.ACT.value)),
                    now.c.prediction_held == held,
                ),
                and_(Idea.stage == Stage.PLAN.value, before.prediction_held == held),
            ),
        )
        .order_by(Idea.stage_entered_at, Idea.id)
    ).mappings()
    return tuple(
        _shape(
            row,
            f"Cycle {row['held_number'] if row['stage'] == Stage.PLAN else row['cycle_number']} "
            "went as expected",
        )
        for row in rows
    )
