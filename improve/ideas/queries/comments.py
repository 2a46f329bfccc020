"""Comments beyond those on an idea's page: earlier ones, and one to be changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, select, union_all

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.ideas import page_shaping
from improve.ideas.conversation_views import comments_in
from improve.ideas.models import Comment
from improve.ideas.page import CommentView, TeamRef
from improve.ideas.queries.coach_rows import guest_rows
from improve.ideas.queries.conversation_rows import COMMENTS_SHOWN, comment_rows, follower_rows
from improve.ideas.queries.one import idea_row
from improve.ideas.rights import standing_of
from improve.shared.db import db
from improve.shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class CommentsPage:
    """Up to fifty comments on an idea, oldest first, and from which on there are earlier ones."""

    id: int
    title: str
    team: TeamRef
    comments: tuple[CommentView, ...]
    earlier_than: int | None


def earlier_comments(actor: Actor, idea_id: int, before: int) -> CommentsPage:
    """Return the fifty comments before the one with this id, 0 for the newest. Two statements.

    Raises ``NotFound``.
    """
    row = idea_row(actor, idea_id)
    found = _read(row, actor, *([Comment.id < before] if before else []))
    shown = found[-COMMENTS_SHOWN:]
    return CommentsPage(
        id=row["id"],
        title=row["title"],
        team=page_shaping.team_of(row),
        comments=shown,
        earlier_than=shown[0].id if len(found) > COMMENTS_SHOWN else None,
    )


def one_comment(actor: Actor, idea_id: int, comment_id: int) -> tuple[CommentsPage, CommentView]:
    """Return a comment of an idea, with the idea around it. Raises ``NotFound``."""
    row = idea_row(actor, idea_id)
    found = _read(row, actor, Comment.id == comment_id)
    if not found:
        raise NotFound
    head = CommentsPage(row["id"], row["title"], page_shaping.team_of(row), found, None)
    return head, found[0]


def _read(row: RowMapping, actor: Actor, *also: ColumnElement[bool]) -> tuple[CommentView, ...]:
    parts = union_all(
        *(
            part.subquery(name).select()
            for name, part in (
                ("comment_rows", comment_rows(*also)),
                ("follower_rows", follower_rows()),
                ("guest_rows", guest_rows()),
            )
        )
    ).subquery("feed")
    who, other = person_names().alias("who"), person_names().alias("other")
    statement: Any = (
        select(
            parts,
            who.c.name.label("name"),
            who.c.job_title.label("title"),
            other.c.name.label("other_name"),
        )
        .outerjoin(who, who.c.id == parts.c.person_id)
        .outerjoin(other, other.c.id == parts.c.other_id)
        .order_by(parts.c.at, parts.c.id)
    )
    feed = list(db.session.execute(statement, {"idea": row["id"]}).mappings())
    return comments_in(row, actor, standing_of(row), feed, names=page_shaping.person)
