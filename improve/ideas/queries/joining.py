"""Two ideas of the same thing: the other one to pick, both side by side, and who has to do with
them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import RowMapping, exists, select

from improve.accounts.actor import Actor
from improve.ideas import page_shaping
from improve.ideas.join_views import JoinPair, JoinSearch, JoinSide
from improve.ideas.joining import joinable_of, why_not_joined, why_not_taken_in
from improve.ideas.kinds import STAGE_WORDS, FollowReason, Outcome, Stage
from improve.ideas.models import Comment, Idea, IdeaFollower, IdeaGuest, IdeaJoin, IdeaMember
from improve.ideas.queries.one import idea_row
from improve.ideas.queries.similar import ideas_holding, similar_ideas
from improve.ideas.queries.thanks import lead_and_members
from improve.shared.db import db

#: Ideas offered before anything is looked for.
OFFERED_MOST = 5


def join_search(actor: Actor, idea_id: int, typed: str) -> JoinSearch:
    """Return ideas to join this one to: those like it, or those with the words typed.

    Raises ``NotFound``.
    """
    row = idea_row(actor, idea_id)
    refusal = why_not_joined(joinable_of(row, has_joined=has_joined(idea_id)))
    words = " ".join(typed.split())
    found = []
    if not refusal and words:
        found = ideas_holding(actor, words, besides=[idea_id])
    elif not refusal:
        text = f"{row['title']} {row['suggestion']}"
        found = similar_ideas(actor, text, besides=[idea_id], most=OFFERED_MOST)
    return JoinSearch(
        idea=_side(row, actor),
        refusal=refusal,
        words=words,
        is_search=bool(words),
        found=tuple(found),
    )


def join_pair(actor: Actor, idea_id: int, into_id: int) -> JoinPair:
    """Return both ideas, side by side. Raises ``NotFound`` for either."""
    row, other = idea_row(actor, idea_id), idea_row(actor, into_id)
    refusal = why_not_joined(joinable_of(row, has_joined=has_joined(idea_id)))
    instead = None
    if not refusal:
        refusal = why_not_taken_in(joinable_of(other))
        if other["joined_to_id"] is not None and other["joined_to_id"] != idea_id:
            there = idea_row(actor, other["joined_to_id"])
            instead = (there["id"], there["title"])
    if idea_id == into_id:
        refusal = "Choose another idea than this one."
    return JoinPair(_side(row, actor), _side(other, actor), refusal, instead)


def _side(row: RowMapping, actor: Actor) -> JoinSide:
    stage = Stage(row["stage"])
    return JoinSide(
        id=row["id"],
        version=row["version"],
        title=row["title"],
        suggestion=row["suggestion"],
        benefit=row["benefit"],
        problem=row["problem"],
        stage=stage,
        stage_words=STAGE_WORDS[stage],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        cycle_number=row["cycle_number"],
        author=page_shaping.person(row, actor, row["author_id"], row["author_name"]),
        team=page_shaping.team_of(row),
        is_answered=row["first_reply_at"] is not None,
    )


# ---- for the service: both ideas have come through the door


def joined_to(actor: Actor, idea_id: int) -> int | None:
    """Return the idea that this one is joined to, or None. Raises ``NotFound``."""
    joined: int | None = idea_row(actor, idea_id)["joined_to_id"]
    return joined


def has_joined(idea_id: int) -> bool:
    """Return whether others are joined to an idea."""
    return bool(db.session.execute(select(exists().where(Idea.joined_to_id == idea_id))).scalar())


def joined_into(actor: Actor, idea_id: int) -> list[int]:
    """Return the ids of the ideas that are joined to one, in their order."""
    rows = db.session.execute(
        select(Idea.id)
        .where(Idea.joined_to_id == idea_id, Idea.organisation_id == actor.organisation_id)
        .order_by(Idea.id)
    )
    return list(rows.scalars())


def join_for_change(actor: Actor, idea_id: int) -> IdeaJoin | None:
    """Return the join of an idea that holds, or None."""
    return db.session.execute(
        select(IdeaJoin)
        .where(
            IdeaJoin.idea_id == idea_id,
            IdeaJoin.organisation_id == actor.organisation_id,
            IdeaJoin.split_at.is_(None),
        )
        .order_by(IdeaJoin.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def taking_part(idea: Idea) -> set[int]:
    """Return who takes part in an idea by name: members and lead, not a hidden author."""
    lead = {idea.lead_id} if idea.lead_id and not idea.hides_name else set()
    return lead_and_members(idea) | lead


def known_to(idea_id: int) -> set[int]:
    """Return who hears of an idea, or said that they will not."""
    return set(
        db.session.execute(
            select(IdeaFollower.person_id)
            .where(IdeaFollower.idea_id == idea_id)
            .order_by(IdeaFollower.person_id)
        ).scalars()
    )


def staff_who_follow(idea_id: int) -> list[int]:
    """Return who hears of an idea, without its guests: they were invited to that one alone."""
    is_guest = exists().where(
        IdeaGuest.idea_id == IdeaFollower.idea_id, IdeaGuest.person_id == IdeaFollower.person_id
    )
    return list(
        db.session.execute(
            select(IdeaFollower.person_id)
            .where(IdeaFollower.idea_id == idea_id, IdeaFollower.is_following, ~is_guest)
            .order_by(IdeaFollower.person_id)
        ).scalars()
    )


def taking_part_since(
    idea: Idea, people: Iterable[int], since: datetime
) -> dict[FollowReason, set[int]]:
    """Return those of these people who have a reason of their own to hear of an idea by now."""
    among = sorted(set(people))
    commented = db.session.execute(
        select(Comment.author_id)
        .where(
            Comment.idea_id == idea.id,
            Comment.author_id.in_(among),
            Comment.created_at >= since,
        )
        .order_by(Comment.author_id)
    ).scalars()
    members = db.session.execute(
        select(IdeaMember.person_id)
        .where(IdeaMember.idea_id == idea.id, IdeaMember.person_id.in_(among))
        .order_by(IdeaMember.person_id)
    ).scalars()
    found = {FollowReason.COMMENTED: set(commented), FollowReason.MEMBER: set(members)}
    if idea.lead_id in among:
        found[FollowReason.LEAD] = {idea.lead_id}
    return found
