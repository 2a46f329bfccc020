"""Ideas that ended with something learned, for whoever writes it down for others."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Subquery, case, func, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.ideas.kinds import Decision, Outcome
from improve.ideas.models import Cycle, Idea
from improve.ideas.queries import door

#: The endings that teach something: what was put off, joined or taken back has no page.
TAUGHT = (Outcome.ADOPTED, Outcome.ABANDONED, Outcome.QUICK_FIX)


_ENDED = case(
    (Cycle.decision == Decision.ADOPT.value, Outcome.ADOPTED.value), else_=Outcome.ABANDONED.value
)


def finished_ideas(actor: Actor) -> Subquery:
    """Return the kept, stopped and quickly fixed ideas that the actor may see, for joins.

    Columns: id, organisation_id, title, lesson, outcome, finished_at, is_on_board, what
    ``rights.standing_of`` reads with ``is_member``, author_name, and of the team slug, name and
    service_id.
    """
    team, author = team_names(), person_names().alias("idea_author")
    # One that began again still has what its last ending taught.
    outcome = func.coalesce(Idea.outcome, _last(_ENDED))
    return (
        select(
            Idea.id,
            Idea.organisation_id,
            Idea.title,
            Idea.lesson,
            outcome.label("outcome"),
            func.coalesce(Idea.finished_at, _last(Cycle.decided_at)).label("finished_at"),
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
        .where(door.visible(actor), outcome.in_([one.value for one in TAUGHT]))
        .subquery("finished_ideas")
    )


def _last(column: Any) -> Any:
    """Return something of the last cycle of an idea that was kept or stopped, as a column."""
    return (
        select(column)
        .where(
            Cycle.idea_id == Idea.id,
            Cycle.decision.in_([Decision.ADOPT.value, Decision.ABANDON.value]),
        )
        .order_by(Cycle.number.desc())
        .limit(1)
        .correlate(Idea)
        .scalar_subquery()
    )
