"""Ideas by their numbers, for whoever keeps how they travel between teams and whether they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, select

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.ideas import rights
from improve.ideas.board import Card
from improve.ideas.kinds import Outcome
from improve.ideas.models import Idea
from improve.ideas.queries import door
from improve.ideas.queries.boards import card_rows
from improve.ideas.shaping import CardShaper
from improve.ideas.usual_days import clock_in
from improve.shared import clock
from improve.shared.db import db

_idea = Idea.__table__.c


@dataclass(frozen=True, slots=True)
class IdeaPlace:
    """An idea as its card shows it, and the team that it stands in."""

    card: Card
    team_id: int
    team_slug: str
    team_name: str
    created_at: datetime
    stage_entered_at: datetime
    finished_at: datetime | None
    #: Whether the one who looks may change it, and whether it is their own.
    may_edit: bool
    is_own: bool
    #: For those who tell people; nobody is shown them.
    author_id: int
    lead_id: int | None
    hides_name: bool

    def by(self, actor: Actor) -> str:
        """Return the first name under which the actor acts on it, “” where they hide their name."""
        is_hidden = self.hides_name and actor.person_id == self.author_id
        return "" if is_hidden else actor.first_name


def places_of_ideas(actor: Actor, idea_ids: Iterable[int]) -> dict[int, IdeaPlace]:
    """Return those of these ideas that the actor may see, by id. One statement, none for none."""
    wanted = sorted(set(idea_ids))
    if not wanted:
        return {}
    team = team_names()
    rows = db.session.execute(
        card_rows()
        .add_columns(
            _idea.created_at,
            team.c.slug.label("team_slug"),
            team.c.name.label("team_name"),
            team.c.working_days.label("team_working_days"),
            team.c.pauses.label("team_pauses"),
            team.c.usual_days.label("team_usual_days"),
        )
        .join(team, team.c.id == _idea.team_id)
        .where(_idea.id.in_(wanted), door.visible(actor))
        .order_by(_idea.id),
        {"me": actor.person_id},
    ).mappings()
    today, found = clock.today(), {}
    for row in rows:
        standing = rights.standing_of(row)
        found[row["id"]] = IdeaPlace(
            card=CardShaper(actor, today, clock_in(row, actor)).shape(row),
            team_id=row["team_id"],
            team_slug=row["team_slug"],
            team_name=row["team_name"],
            created_at=row["created_at"],
            stage_entered_at=row["stage_entered_at"],
            finished_at=row["finished_at"],
            may_edit=rights.may_edit(actor, standing),
            is_own=standing.is_own_of(actor),
            author_id=row["author_id"],
            lead_id=row["lead_id"],
            hides_name=row["hides_name"],
        )
    return found


def seen_ideas(actor: Actor) -> Subquery:
    """Return the ideas that the actor may see, for joins: id, title, team_name."""
    team = team_names()
    return (
        select(Idea.id, Idea.title, team.c.name.label("team_name"))
        .join(team, team.c.id == Idea.team_id)
        .where(door.visible(actor))
        .subquery("seen_ideas")
    )


def placed_ideas() -> Subquery:
    """Return ideas on boards with their team, for joins: id, title, team_id, team_name.

    The caller's own organisation filter must stand on the table it joins to.
    """
    team = team_names()
    return (
        select(Idea.id, Idea.title, Idea.team_id, team.c.name.label("team_name"))
        .join(team, team.c.id == Idea.team_id)
        .where(Idea.is_on_board)
        .subquery("placed_ideas")
    )


def kept_ideas() -> Subquery:
    """Return the ideas that were decided to be kept, for joins.

    Columns: id, organisation_id, team_id, team_name, title, author_id, lead_id,
    finished_at, is_from_list (it ended before the team had its board). The caller's own
    organisation filter must stand on it.
    """
    team = team_names()
    return (
        select(
            Idea.id,
            Idea.organisation_id,
            Idea.team_id,
            team.c.name.label("team_name"),
            Idea.title,
            Idea.author_id,
            Idea.lead_id,
            Idea.finished_at,
            Idea.log_import_id.is_not(None).label("is_from_list"),
        )
        .join(team, team.c.id == Idea.team_id)
        .where(Idea.outcome == Outcome.ADOPTED.value, Idea.is_on_board)
        .subquery("kept_ideas")
    )
