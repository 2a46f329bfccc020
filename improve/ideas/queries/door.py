"""The one door to an idea: only what the actor may know of, locked where it is to be changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, true

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, Role, may
from improve.ideas.models import (
    Comment,
    Cycle,
    Idea,
    IdeaEdit,
    IdeaGuest,
    IdeaMeasure,
    IdeaMember,
    StageMove,
)
from improve.ideas.rights import STANDING_COLUMNS, Standing, standing_of
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

#: Every move asks these: written once, so that only the values change.
_CYCLES = (
    select(Cycle)
    .where(Cycle.idea_id == bindparam("idea"), Cycle.organisation_id == bindparam("organisation"))
    .order_by(Cycle.number)
    .execution_options(populate_existing=True)
)
_TIED = (
    select(IdeaMeasure.place, IdeaMeasure.measure_id)
    .where(IdeaMeasure.idea_id == bindparam("idea"))
    .order_by(IdeaMeasure.place.desc())
)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of every read: own organisation, and on the board or one's own.

    A wall screen sees the board of its team. An idea that a coach answers is known to its author,
    its lead and coaches alone until its author puts it on the board. A guest sees what they are
    invited to.
    """
    mine = or_(Idea.author_id == actor.person_id, Idea.lead_id == actor.person_id)
    if not may(actor, Permission.SEE_IDEAS):
        # Someone who only keeps the accounts can log an idea and read that one.
        seen: ColumnElement[bool] = Idea.author_id == actor.person_id
        if Role.WALL in actor.roles:
            seen = and_(Idea.is_on_board, Idea.team_id.in_(sorted(actor.team_ids)))
        elif Role.GUEST in actor.roles:
            seen = is_invited(actor)
    elif Role.COACH in actor.roles:
        seen = true()
    else:
        seen = or_(Idea.is_on_board, mine)
    return and_(Idea.organisation_id == actor.organisation_id, seen)


def is_invited(actor: Actor) -> ColumnElement[bool]:
    """Return whether the actor is a guest of the idea today, as a column."""
    return (
        select(IdeaGuest.idea_id)
        .where(
            IdeaGuest.idea_id == Idea.id,
            IdeaGuest.person_id == actor.person_id,
            IdeaGuest.ended_at.is_(None),
            IdeaGuest.ends_on >= clock.today(),
        )
        # Also where the statement around it joins guests of its own.
        .correlate(Idea)
        .exists()
    )


def is_member(actor: Actor) -> ColumnElement[bool]:
    """Return whether the actor is a member of the idea, as a column."""
    return exists().where(IdeaMember.idea_id == Idea.id, IdeaMember.person_id == actor.person_id)


def idea_for_change(actor: Actor, idea_id: int) -> tuple[Idea, Standing]:
    """Return the idea, locked, and how the actor stands to it. Raises ``NotFound``.

    On PostgreSQL the row is locked; on SQLite the transaction holds the write lock already.
    """
    row = db.session.execute(
        _for_change().where(visible(actor)), {"idea": idea_id, "me": actor.person_id}
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], _standing(row[0], is_member=bool(row[1]))


@cache
def _for_change() -> Select[Idea, bool]:
    member = exists().where(IdeaMember.idea_id == Idea.id, IdeaMember.person_id == bindparam("me"))
    return (
        select(Idea, member)
        .where(Idea.id == bindparam("idea"))
        # Not FOR UPDATE: a number entered meanwhile writes a line of this idea's history, whose
        # foreign key only asks that the idea keeps its id.
        .with_for_update(of=Idea, key_share=True)
        .execution_options(populate_existing=True)
    )


def _standing(idea: Idea, *, is_member: bool) -> Standing:
    facts = {name: getattr(idea, name) for name in STANDING_COLUMNS}
    return standing_of({**facts, "is_member": is_member})


def cycles_for_change(actor: Actor, idea: Idea) -> list[Cycle]:
    """Return the idea's cycles, oldest first. The idea itself must be locked."""
    whose = {"idea": idea.id, "organisation": actor.organisation_id}
    return list(db.session.execute(_CYCLES, whose).scalars())


def tied_measures(idea_id: int) -> dict[str, int]:
    """Return measure ids by place, main and beside. The idea must have come through the door."""
    rows = db.session.execute(_TIED, {"idea": idea_id})
    return {row.place: row.measure_id for row in rows}


def move_for_undo(actor: Actor, idea_id: int, move_id: int) -> StageMove:
    """Return a move of an idea that came through the door. Raises ``NotFound``."""
    move = db.session.execute(
        select(StageMove).where(
            StageMove.id == move_id,
            StageMove.idea_id == idea_id,
            StageMove.organisation_id == actor.organisation_id,
        )
    ).scalar_one_or_none()
    if move is None:
        raise NotFound
    return move


def last_move(actor: Actor, idea_id: int) -> StageMove | None:
    """Return the last move of an idea that came through the door."""
    return db.session.execute(
        select(StageMove)
        .where(StageMove.idea_id == idea_id, StageMove.organisation_id == actor.organisation_id)
        .order_by(StageMove.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def pinned_of_team(actor: Actor, team_id: int) -> int:
    """Return how many ideas of a team's board wait for its next huddle."""
    return db.session.execute(
        select(func.count())
        .select_from(Idea)
        .where(
            Idea.organisation_id == actor.organisation_id,
            Idea.team_id == team_id,
            Idea.pinned_at.is_not(None),
        )
    ).scalar_one()


def pinned_among(actor: Actor, idea_ids: Iterable[int]) -> list[int]:
    """Return those of these ideas that are pinned, always in the same order."""
    return list(
        db.session.execute(
            select(Idea.id)
            .where(
                Idea.organisation_id == actor.organisation_id,
                Idea.id.in_(sorted(set(idea_ids))),
                Idea.pinned_at.is_not(None),
            )
            .order_by(Idea.id)
        ).scalars()
    )


def last_edit(actor: Actor, idea_id: int) -> IdeaEdit | None:
    """Return the last line of history that a person wrote in an idea that came through the door.

    A pin changes nothing that somebody could have seen otherwise, so it does not count.
    """
    return db.session.execute(
        select(IdeaEdit)
        .where(
            IdeaEdit.idea_id == idea_id,
            IdeaEdit.organisation_id == actor.organisation_id,
            IdeaEdit.by_id.is_not(None),
            IdeaEdit.kind.not_in(("pinned", "unpinned")),
        )
        .order_by(IdeaEdit.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def edits_of_others(
    actor: Actor, idea_id: int, *, fields: Sequence[str], since: int
) -> list[IdeaEdit]:
    """Return what others wrote in these fields after version ``since``, the newest first.

    The idea must have come through the door.
    """
    return list(
        db.session.execute(
            select(IdeaEdit)
            .where(
                IdeaEdit.idea_id == idea_id,
                IdeaEdit.organisation_id == actor.organisation_id,
                IdeaEdit.field.in_(fields),
                IdeaEdit.version > since,
                IdeaEdit.by_id != actor.person_id,
            )
            .order_by(IdeaEdit.id.desc())
        ).scalars()
    )


def comment_for_change(actor: Actor, comment_id: int) -> tuple[Comment, Idea, Standing]:
    """Return a comment with its idea. Raises ``NotFound``."""
    row = db.session.execute(
        select(Comment, Idea, is_member(actor))
        .join(Idea, Idea.id == Comment.idea_id)
        .where(Comment.id == comment_id, visible(actor))
        .with_for_update(of=Comment)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], _standing(row[1], is_member=bool(row[2]))


def reply_words_before(idea_id: int, version: int) -> str:
    """Return the words of the reply that stood before ``version``, “” for none."""
    words = db.session.execute(
        select(IdeaEdit.new)
        .where(IdeaEdit.idea_id == idea_id, IdeaEdit.kind == "replied", IdeaEdit.version < version)
        .order_by(IdeaEdit.id.desc())
        .limit(1)
    ).scalar()
    return words or ""


def last_writers(actor: Actor, idea_id: int) -> dict[str, int]:
    """Return who last wrote each field of an idea that came through the door."""
    rows = db.session.execute(
        select(IdeaEdit.field, IdeaEdit.by_id)
        .where(
            IdeaEdit.idea_id == idea_id,
            IdeaEdit.organisation_id == actor.organisation_id,
            IdeaEdit.kind == "edit",
            IdeaEdit.by_id.is_not(None),
        )
        .order_by(IdeaEdit.id)
    )
    return {row.field: row.by_id for row in rows}


@dataclass(frozen=True, slots=True)
class VerdictIdea:
    """What a rewritten verdict needs to know of its idea."""

    id: int
    organisation_id: int
    team_id: int
    version: int


def ideas_of_verdicts(idea_ids: Iterable[int]) -> dict[int, VerdictIdea]:
    """Return ideas by id, of whatever organisation: measures say which, inside a transaction."""
    rows = db.session.execute(
        select(Idea.id, Idea.organisation_id, Idea.team_id, Idea.version)
        .where(Idea.id.in_(sorted(set(idea_ids))))
        .order_by(Idea.id)
    )
    return {row.id: VerdictIdea(*row) for row in rows}
