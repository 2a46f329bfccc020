"""Who hears of an idea: it starts by itself, and one step ends it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from improve.accounts.actor import Actor
from improve.ideas.kinds import FollowReason
from improve.ideas.models import Idea, IdeaFollower
from improve.ideas.queries import door
from improve.shared import audit, clock
from improve.shared.db import db


def start_following(idea: Idea, person_id: int | None, why: FollowReason) -> None:
    """Let somebody hear of an idea from now on, because they do something in it.

    Whoever hears of it already keeps the reason they have. Whoever stopped hears no more of it,
    until they choose it themselves (``follow_idea``).
    """
    if person_id is not None:
        let_follow(idea, [person_id], why)


def let_follow(idea: Idea, people: Iterable[int], why: FollowReason) -> None:
    """Let several people hear of an idea from now on, as ``start_following`` does, at once."""
    rows = [
        {
            "idea_id": idea.id,
            "person_id": person_id,
            "is_following": True,
            "why": why.value,
            "at": clock.now(),
        }
        for person_id in sorted(set(people))
    ]
    if not rows:
        return
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    db.session.flush()
    db.session.execute(
        insert(IdeaFollower)
        .values(rows)
        .on_conflict_do_nothing(index_elements=[IdeaFollower.idea_id, IdeaFollower.person_id])
    )


def change_lead(idea: Idea, *, before: int | None, now: int | None) -> None:
    """Let the new lead hear of the idea, and the one before no more, had they no other reason."""
    if before == now:
        return
    if before is not None and before != idea.author_id:
        db.session.execute(
            delete(IdeaFollower)
            .where(
                IdeaFollower.idea_id == idea.id,
                IdeaFollower.person_id == before,
                IdeaFollower.is_following,
                IdeaFollower.why == FollowReason.LEAD.value,
            )
            .execution_options(synchronize_session=False)
        )
    start_following(idea, now, FollowReason.LEAD)


def follow_idea(actor: Actor, *, idea_id: int) -> None:
    """Choose to hear of an idea that one may read. Twice is harmless."""
    idea, _ = door.idea_for_change(actor, idea_id)
    start_following(idea, actor.person_id, FollowReason.CHOSE)
    if _turn(actor, idea, is_following=True):
        audit.record(actor, "idea_followed", "idea", idea.id)


def stop_following(actor: Actor, *, idea_id: int) -> None:
    """Hear no more of an idea, whatever one does in it later. Twice is harmless.

    News that is meant for one person alone still arrives: a first reply to one's own idea, being
    asked to lead it, one's own name in a comment.
    """
    idea, _ = door.idea_for_change(actor, idea_id)
    # A line that says no, also where somebody hears of it without one.
    start_following(idea, actor.person_id, FollowReason.CHOSE)
    if _turn(actor, idea, is_following=False):
        audit.record(actor, "idea_unfollowed", "idea", idea.id)


def _turn(actor: Actor, idea: Idea, *, is_following: bool) -> bool:
    """Change what the actor chose before; return whether it was otherwise."""
    changed = db.session.execute(
        update(IdeaFollower)
        .where(
            IdeaFollower.idea_id == idea.id,
            IdeaFollower.person_id == actor.person_id,
            IdeaFollower.is_following.is_not(is_following),
        )
        .values(is_following=is_following, why=FollowReason.CHOSE.value, at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]
