"""Who can be named in a comment on an idea: those who may read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import ReaderName, readers_named
from improve.accounts.roles import POLICY, Permission, Role
from improve.ideas import rights
from improve.ideas.mentions import Candidate, Mentions, find_mentions, first_words, handle
from improve.ideas.models import Idea, IdeaGuest
from improve.ideas.queries import door
from improve.ideas.queries.thanks import lead_and_members
from improve.ideas.rights import STANDING_COLUMNS, standing_of
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

#: People offered while somebody types a name.
OFFERED_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Mentionable:
    """Somebody who can be mentioned: what a list shows, and what is written into the comment."""

    id: int
    name: str
    job_title: str
    handle: str


def mentions_in(actor: Actor, idea: Idea, words: str) -> Mentions:
    """Return who is named in words about an idea that came through the door. Never the actor."""
    starts = first_words(words)
    if not starts:
        return Mentions()
    people = _readers(actor, idea, starts)
    found = find_mentions(words, [Candidate(p.id, p.name, p.is_near) for p in people])
    ids = tuple(i for i in found.ids if i != actor.person_id)
    return Mentions(ids, found.nobody, found.several)


def told_by(actor: Actor, idea_id: int, words: str) -> Mentions:
    """Return who is named in words about an idea. Raises ``NotFound``."""
    if not first_words(words):
        return Mentions()
    return mentions_in(actor, _idea(actor, idea_id), words)


def mentionable(actor: Actor, idea_id: int, typed: str) -> list[Mentionable]:
    """Return up to eight people to mention whose names begin so, the team's first.

    A guest is offered the people of the idea by first name, and no other guest.
    """
    idea = _idea(actor, idea_id)
    starts = [" ".join(typed.replace(".", " ").split())]
    people = [p for p in _readers(actor, idea, starts) if p.id != actor.person_id]
    if rights.is_guest(actor):
        firsts = [p.name.split(" ", 1)[0] for p in people[:OFFERED_MOST]]
        return [
            Mentionable(p.id, first, "", f"@{first}")
            for p, first in zip(people, firsts, strict=False)
        ]
    return [Mentionable(p.id, p.name, p.job_title, handle(p.name)) for p in people[:OFFERED_MOST]]


def _idea(actor: Actor, idea_id: int) -> Idea:
    found = db.session.execute(
        select(Idea).where(Idea.id == idea_id, door.visible(actor))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def _readers(actor: Actor, idea: Idea, starts: Sequence[str]) -> list[ReaderName]:
    """Return who may read the idea and is named so."""
    own = lead_and_members(idea)
    standing = standing_of(
        {**{name: getattr(idea, name) for name in STANDING_COLUMNS}, "is_member": False}
    )
    # Naming a hidden author here would tell who it is.
    author = {idea.author_id} if rights.may_see_author(actor, standing) else set()
    roles: Iterable[Role] = POLICY[Permission.SEE_IDEAS]
    also: set[int] = set()
    if rights.is_guest(actor):
        roles, also = (), own | author
    else:
        also = _guests(idea)
        if not idea.is_on_board:
            lead = {idea.lead_id} if idea.lead_id else set()
            roles, also = (Role.COACH,), also | lead | author
    return readers_named(
        actor,
        starts,
        roles=roles,
        also=also,
        near_team_id=idea.team_id,
        near=own | (author if not idea.hides_name else set()),
    )


def _guests(idea: Idea) -> set[int]:
    return set(
        db.session.execute(
            select(IdeaGuest.person_id)
            .where(
                IdeaGuest.idea_id == idea.id,
                IdeaGuest.ended_at.is_(None),
                IdeaGuest.ends_on >= clock.today(),
            )
            .order_by(IdeaGuest.person_id)
        ).scalars()
    )
