"""Ideas that ended with something learned, for whoever writes it down for others."""

from __future__ import annotations

from sqlalchemy import Subquery, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.ideas.kinds import Outcome
from improve.ideas.models import Idea
from improve.ideas.queries import door

#: The endings that teach something: what was put off, joined or taken back has no page.
TAUGHT = (Outcome.ADOPTED, Outcome.ABANDONED, Outcome.QUICK_FIX)


def finished_ideas(actor: Actor) -> Subquery:
    """Return the kept, stopped and quickly fixed ideas that the actor may see, for joins.

    Columns: id, organisation_id, title, lesson, outcome, finished_at, is_on_board, what
    ``rights.standing_of`` reads with ``is_member``, author_name, and of the team slug, name and
    service_id.
    """
    team, author = team_names(), person_names().alias("idea_author")
    return (
        select(
            Idea.id,
            Idea.organisation_id,
            Idea.title,
            Idea.lesson,
            Idea.outcome,
            Idea.finished_at,
            Idea.is_on_board,
            Idea.team_id,
            Idea.author_id,
            Idea.lead_id,
            Idea.stage,
            Idea.first_reply_kind,
            Idea.hides_name,
            author.c.name.label("author_name"),
            door.is_member(actor).label("is_member"),
            team.c.slug.label("team_slug"),
            team.c.name.label("team_name"),
            team.c.service_id.label("service_id"),
        )
        .join(team, team.c.id == Idea.team_id)
        .join(author, author.c.id == Idea.author_id)
        .where(door.visible(actor), Idea.outcome.in_([one.value for one in TAUGHT]))
        .subquery("finished_ideas")
    )
