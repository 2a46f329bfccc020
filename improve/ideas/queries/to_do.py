"""What waits for a person: tests to look at, first replies owed; and the reply that landed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import and_, or_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.accounts.roles import Permission, may
from improve.ideas.kinds import Outcome, ReplyKind, Stage
from improve.ideas.models import Idea
from improve.ideas.queries import door
from improve.ideas.queries.lists import asked_of
from improve.shared.db import db
from improve.shared.to_do import ROWS_MOST, ToDoKind, to_do_rows

#: Ends that carry the sentence to the author which counts as the first reply.
ENDED_BY_REPLY: Final = frozenset({Outcome.NOT_NOW, Outcome.QUICK_FIX, Outcome.JOINED})


@dataclass(frozen=True, slots=True)
class LandedReply:
    """A first reply to one's own idea, whole, and whether its plan may be written by the author."""

    idea_id: int
    title: str
    kind: ReplyKind
    #: How the same act ended the idea, if it did: not now, a quick fix, joined to another.
    outcome: Outcome | None
    words: str
    at: datetime
    by_name: str
    look_again_on: date | None
    may_try: bool

    @property
    def by_first_name(self) -> str:
        """What colleagues call whoever replied."""
        return self.by_name.split(" ", 1)[0]


def landed_reply(actor: Actor, idea_id: int) -> LandedReply | None:
    """Return the first reply to an idea of the actor's own, until it goes on; else None."""
    by = person_names().alias("by")
    row = db.session.execute(
        select(
            Idea.id,
            Idea.title,
            Idea.team_id,
            Idea.stage,
            Idea.outcome,
            Idea.first_reply_kind,
            Idea.first_reply_words,
            Idea.first_reply_at,
            Idea.look_again_on,
            by.c.name,
        )
        .join(by, by.c.id == Idea.first_reply_by_id)
        .where(
            Idea.id == idea_id,
            Idea.organisation_id == actor.organisation_id,
            Idea.author_id == actor.person_id,
            Idea.first_reply_kind.is_not(None),
        )
    ).one_or_none()
    if row is None:
        return None
    kind = ReplyKind(row.first_reply_kind)
    is_early = row.stage in {Stage.SUGGESTED.value, Stage.PLAN.value}
    outcome = Outcome(row.outcome) if row.outcome else None
    if not is_early and outcome not in ENDED_BY_REPLY:
        # It went on long ago: what was said then is read on its page.
        return None
    may_edit = may(actor, Permission.EDIT_IDEA, team_id=row.team_id, is_own=True)
    return LandedReply(
        idea_id=row.id,
        title=row.title,
        kind=kind,
        outcome=outcome,
        words=row.first_reply_words,
        at=row.first_reply_at,
        by_name=row.name,
        look_again_on=row.look_again_on,
        may_try=kind is ReplyKind.WILL_TRY and is_early and may_edit,
    )


def study_rows(actor: Actor) -> Any:
    """Return tests in Do and Study that the actor wrote, leads or takes part in, by their day."""
    team = team_names()
    return (
        to_do_rows(
            ToDoKind.STUDY,
            subject_id=Idea.id,
            words=Idea.title,
            about=team.c.name,
            on=Idea.due_to_study_on,
        )
        .join(team, team.c.id == Idea.team_id)
        .where(
            Idea.organisation_id == actor.organisation_id,
            Idea.due_to_study_on.is_not(None),
            or_(
                Idea.author_id == actor.person_id,
                Idea.lead_id == actor.person_id,
                and_(door.is_member(actor), door.visible(actor)),
            ),
        )
        .order_by(Idea.due_to_study_on, Idea.id)
        .limit(ROWS_MOST)
    )


def reply_rows(actor: Actor) -> Any | None:
    """Return the ideas that wait for the actor's first reply, the longest waiting first, or None.

    The same as ``waiting_for_reply`` lists.
    """
    asked = asked_of(actor)
    if asked is None:
        return None
    team = team_names()
    return (
        to_do_rows(
            ToDoKind.REPLY,
            subject_id=Idea.id,
            words=Idea.title,
            about=team.c.name,
            at=Idea.created_at,
        )
        .join(team, team.c.id == Idea.team_id)
        .where(Idea.waiting_since.is_not(None), asked, door.visible(actor))
        .order_by(Idea.waiting_since, Idea.id)
        .limit(ROWS_MOST)
    )
