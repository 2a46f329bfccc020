"""What guests are invited to, and which of them have not come yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, literal, select

from improve.accounts.actor import Actor
from improve.accounts.queries import guest_ids, people_without_password, team_names
from improve.ideas.kinds import STAGE_WORDS, Stage
from improve.ideas.models import Idea, IdeaGuest
from improve.ideas.queries import door
from improve.shared import clock
from improve.shared.db import db


@dataclass(frozen=True, slots=True)
class InvitedIdea:
    """An idea that a guest may read until the end of a day."""

    id: int
    title: str
    team_name: str
    stage: Stage
    stage_words: str
    cycle_number: int
    outcome: str | None
    ends_on: date


def ideas_of_guest(actor: Actor) -> list[InvitedIdea]:
    """Return the ideas that the actor is invited to today, the last invited first."""
    team = team_names()
    rows = db.session.execute(
        select(
            Idea.id,
            Idea.title,
            Idea.stage,
            Idea.cycle_number,
            Idea.outcome,
            IdeaGuest.ends_on,
            team.c.name.label("team_name"),
        )
        .join(IdeaGuest, and_(IdeaGuest.idea_id == Idea.id))
        .join(team, team.c.id == Idea.team_id)
        .where(
            IdeaGuest.person_id == actor.person_id,
            IdeaGuest.ended_at.is_(None),
            IdeaGuest.ends_on >= clock.today(),
            door.visible(actor),
        )
        .order_by(IdeaGuest.at.desc(), Idea.id.desc())
    )
    return [
        InvitedIdea(
            id=row.id,
            title=row.title,
            team_name=row.team_name,
            stage=Stage(row.stage),
            stage_words=STAGE_WORDS[Stage(row.stage)],
            cycle_number=row.cycle_number,
            outcome=row.outcome,
            ends_on=row.ends_on,
        )
        for row in rows
    ]


def guests_to_come(idea_id: int) -> frozenset[int]:
    """Return which guests of an idea that came through the door have no password yet."""
    people = people_without_password()
    rows = db.session.execute(
        select(IdeaGuest.person_id)
        .join(people, people.c.id == IdeaGuest.person_id)
        .where(IdeaGuest.idea_id == idea_id, IdeaGuest.ended_at.is_(None))
        .order_by(IdeaGuest.person_id)
    ).scalars()
    return frozenset(rows)


def guests_of_idea(idea_id: int | None) -> Select[Any]:
    """Return a select of who is a guest of an idea today, by id; of None nobody."""
    return select(IdeaGuest.person_id).where(
        IdeaGuest.idea_id == (idea_id or 0),
        IdeaGuest.ended_at.is_(None),
        IdeaGuest.ends_on >= clock.today(),
    )


def ideas_invited_to(actor: Actor) -> Select[Any]:
    """Return a select of the ideas that somebody is a guest of today, by id."""
    return select(IdeaGuest.idea_id).where(
        IdeaGuest.person_id == actor.person_id,
        IdeaGuest.ended_at.is_(None),
        IdeaGuest.ends_on >= clock.today(),
    )


def is_stranger_to(person_id: int, idea_id: int | None) -> bool:
    """Return whether somebody is a guest, but not of this idea: nothing of it is named to them."""
    me = literal(person_id)
    return bool(
        db.session.execute(
            select(and_(me.in_(guest_ids()), me.not_in(guests_of_idea(idea_id))))
        ).scalar()
    )
