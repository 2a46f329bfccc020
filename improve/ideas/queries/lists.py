"""Lists of ideas: similar ones, one's own, waiting ones, all that finished."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, or_, select, union

from improve.accounts.actor import Actor
from improve.accounts.queries import (
    PersonName,
    TeamView,
    coaches,
    managers_of_team,
    person_names,
    team_names,
)
from improve.accounts.roles import POLICY, Permission, Role
from improve.ideas import page_shaping
from improve.ideas.kinds import STAGE_WORDS, Answerer, Outcome, Stage
from improve.ideas.listing import ListedIdea, ListPage, SentView
from improve.ideas.models import Idea, IdeaMember
from improve.ideas.page import PersonRef
from improve.ideas.queries import door
from improve.ideas.shaping import age_of, reply_due_on, reply_words
from improve.ideas.usual_days import clock_in
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.formatting import day, days

LIST_SIZE = 50


def logged_with(actor: Actor, form_token: str) -> int | None:
    """Return the idea that this form of the actor's made already, or None."""
    return db.session.execute(
        select(Idea.id).where(
            Idea.form_token == form_token,
            Idea.author_id == actor.person_id,
            Idea.organisation_id == actor.organisation_id,
        )
    ).scalar()


def sent(actor: Actor, idea_id: int) -> SentView:
    """Return who answers the author's idea and by when. Raises ``NotFound`` for others."""
    team = team_names()
    row = db.session.execute(
        select(
            Idea.id,
            Idea.title,
            Idea.team_id,
            Idea.is_on_board,
            Idea.answerer,
            Idea.created_at,
            team.c.slug,
            team.c.name,
            team.c.working_days.label("team_working_days"),
            team.c.pauses.label("team_pauses"),
            team.c.usual_days.label("team_usual_days"),
        )
        .join(team, team.c.id == Idea.team_id)
        .where(
            Idea.id == idea_id,
            Idea.author_id == actor.person_id,
            Idea.organisation_id == actor.organisation_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    answerer = Answerer(row.answerer)
    people = _answering(actor, row.team_id, answerer)
    return SentView(
        id=row.id,
        title=row.title,
        team=page_shaping.TeamRef(row.team_id, row.slug, row.name),
        is_on_board=row.is_on_board,
        answerers=tuple(_reference(p) for p in people),
        answerer=answerer,
        for_words=next(
            (f"for {p.for_name} until {day(p.until_on)}" for p in people if p.for_name), ""
        ),
        reply_due_on=reply_due_on(row.created_at, clock_in(row._mapping, actor)),
    )


def answerers(actor: Actor, team_id: int, answerer: Answerer) -> tuple[PersonRef, ...]:
    """Return who gives a team's ideas their first reply, or the coaches who do."""
    return tuple(_reference(p) for p in _answering(actor, team_id, answerer))


def _answering(actor: Actor, team_id: int, answerer: Answerer) -> list[PersonName]:
    return coaches(actor) if answerer is Answerer.COACH else managers_of_team(actor, team_id)


def _reference(person: PersonName) -> PersonRef:
    return PersonRef(person.id, person.name, person.first_name, person.job_title)


def my_ideas(actor: Actor, *, page: int = 1) -> ListPage:
    """Return the ideas the actor wrote, leads or takes part in, the newest first."""
    mine = union(
        select(Idea.id).where(Idea.author_id == actor.person_id),
        select(Idea.id).where(Idea.lead_id == actor.person_id),
        select(IdeaMember.idea_id).where(IdeaMember.person_id == actor.person_id),
    ).subquery("mine")
    condition = and_(Idea.id.in_(select(mine.c[0])), Idea.organisation_id == actor.organisation_id)
    return _list(actor, condition, page, Idea.created_at.desc(), Idea.id.desc())


def waiting_for_reply(actor: Actor) -> list[ListedIdea]:
    """Return ideas that the actor may answer and nobody has, the longest waiting first.

    A manager sees those of their teams, a coach those asked of a coach; both only what they may
    see. A leader may answer all but is not asked here.
    """
    asked = asked_of(actor)
    if asked is None:
        return []
    rows = db.session.execute(
        _listed(actor)
        .where(Idea.waiting_since.is_not(None), asked, door.visible(actor))
        .order_by(Idea.waiting_since, Idea.id)
        .limit(LIST_SIZE)
    ).mappings()
    return [_shape(row, actor) for row in rows]


def asked_of(actor: Actor) -> ColumnElement[bool] | None:
    """Return the condition of ideas whose first reply is asked of the actor; None: of none."""
    if not any(role in POLICY[Permission.REPLY_FIRST] for role in actor.roles):
        return None
    asked: list[ColumnElement[bool]] = []
    if actor.managed_team_ids:
        asked.append(
            and_(
                Idea.team_id.in_(sorted(actor.managed_team_ids)),
                Idea.is_on_board,
                Idea.answerer == Answerer.MANAGER.value,
            )
        )
    if Role.COACH in actor.roles:
        asked.append(Idea.answerer == Answerer.COACH.value)
    return or_(*asked) if asked else None


def all_finished(actor: Actor, team: TeamView, *, page: int = 1) -> ListPage:
    """Return every finished idea of a team, the last finished first."""
    condition = and_(Idea.team_id == team.id, Idea.stage == Stage.DONE.value, door.visible(actor))
    return _list(actor, condition, page, Idea.finished_at.desc(), Idea.id.desc())


def _list(actor: Actor, condition: ColumnElement[bool], page: int, *order: Any) -> ListPage:
    page = max(1, page)
    rows = (
        db.session.execute(
            _listed(actor)
            .add_columns(func.count().over().label("total"))
            .where(condition)
            .order_by(*order)
            .limit(LIST_SIZE)
            .offset((page - 1) * LIST_SIZE)
        )
        .mappings()
        .all()
    )
    total = rows[0]["total"] if rows else 0
    if not rows and page > 1:
        # Beyond the last page no row could tell how many there are.
        counted = select(func.count()).select_from(Idea).where(condition)
        total = db.session.execute(counted).scalar_one()
    return ListPage(
        ideas=tuple(_shape(row, actor) for row in rows), total=total, page=page, size=LIST_SIZE
    )


def _listed(actor: Actor) -> Any:
    author, team = person_names().alias("author"), team_names()
    is_member = exists().where(
        IdeaMember.idea_id == Idea.id, IdeaMember.person_id == actor.person_id
    )
    return (
        select(
            Idea.id,
            Idea.title,
            Idea.team_id,
            Idea.author_id,
            Idea.lead_id,
            Idea.hides_name,
            Idea.stage,
            Idea.stage_entered_at,
            Idea.outcome,
            Idea.cycle_number,
            Idea.created_at,
            Idea.finished_at,
            Idea.waiting_since,
            Idea.first_reply_kind,
            Idea.lesson,
            Idea.decision_why,
            Idea.version,
            author.c.name.label("author_name"),
            team.c.slug.label("team_slug"),
            team.c.name.label("team_name"),
            team.c.working_days.label("team_working_days"),
            team.c.pauses.label("team_pauses"),
            team.c.usual_days.label("team_usual_days"),
            is_member.label("is_member"),
        )
        .join(author, author.c.id == Idea.author_id)
        .join(team, team.c.id == Idea.team_id)
    )


def _shape(row: RowMapping, actor: Actor) -> ListedIdea:
    today, stage = clock.today(), Stage(row["stage"])
    outcome = Outcome(row["outcome"]) if row["outcome"] else None
    stage_clock = clock_in(row, actor)
    return ListedIdea(
        id=row["id"],
        title=row["title"],
        team=page_shaping.team_of(row),
        stage=stage,
        stage_words=STAGE_WORDS[stage],
        outcome=outcome,
        cycle_number=row["cycle_number"],
        who=page_shaping.person(row, actor, row["author_id"], row["author_name"]).first_name,
        created_at=row["created_at"],
        stage_entered_at=row["stage_entered_at"],
        finished_at=row["finished_at"],
        age_words=days(age_of(row["stage_entered_at"], today, stage_clock)),
        reply_words=reply_words(row["waiting_since"], today, stage_clock),
        lesson=(row["lesson"] or row["decision_why"]) if outcome else "",
        version=row["version"],
    )
