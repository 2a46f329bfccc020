"""Ideas that ended with something learned, for whoever writes it down for others."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Subquery, case, func, literal, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.ideas.kinds import TAUGHT, Decision, Outcome, Way
from improve.ideas.models import Cycle, Idea, StageMove
from improve.ideas.queries import door

_HAS_ENDED_SO = Idea.outcome.in_([one.value for one in TAUGHT])
_ENDED = case(
    (Cycle.decision == Decision.ADOPT.value, Outcome.ADOPTED.value), else_=Outcome.ABANDONED.value
)


def finished_ideas(actor: Actor) -> Subquery:
    """Return the ideas that the actor may see which were kept, stopped or fixed at once, for joins.

    What began again since is among them, with its last such ending.

    Columns: id, organisation_id, title, lesson, outcome, finished_at, is_on_board, what
    ``rights.standing_of`` reads with ``is_member``, author_name, and of the team slug, name and
    service_id.
    """
    team, author = team_names(), person_names().alias("idea_author")
    outcome = _outcome()
    finished_at = case(
        (_HAS_ENDED_SO, Idea.finished_at),
        else_=func.coalesce(_last(Cycle.decided_at), _fixed_at_once(StageMove.at)),
    )
    return (
        select(
            Idea.id,
            Idea.organisation_id,
            Idea.title,
            Idea.lesson,
            outcome.label("outcome"),
            finished_at.label("finished_at"),
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


def last_endings() -> Subquery:
    """Return every idea with its last ending that taught something, for joins: id, outcome.

    ``outcome`` is None where there is none. The caller's own organisation filter must stand on it.
    """
    return select(Idea.id, _outcome().label("outcome")).subquery("last_endings")


def _outcome() -> Any:
    """Return how an idea ended; one that began again, or was put off since, as it ended before."""
    fixed = _fixed_at_once(literal(Outcome.QUICK_FIX.value))
    return case((_HAS_ENDED_SO, Idea.outcome), else_=func.coalesce(_last(_ENDED), fixed))


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


def _fixed_at_once(column: Any) -> Any:
    """Return something of the last quick fix of an idea that was not undone, as a column."""
    return (
        select(column)
        .select_from(StageMove)
        .where(
            StageMove.idea_id == Idea.id,
            StageMove.way == Way.QUICK_FIX.value,
            StageMove.undone_at.is_(None),
        )
        .order_by(StageMove.id.desc())
        .limit(1)
        .correlate(Idea)
        .scalar_subquery()
    )
