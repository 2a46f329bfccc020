"""Parts of the feed of an idea's page: what people say, who hears of it, what is joined to it.

Each returns the columns that ``one._feed_rows`` joins, in its order. What stands beside an idea
from one that was joined to it has that one's id as version.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Text, bindparam, case, cast, null, or_, select
from sqlalchemy import literal as lit
from sqlalchemy.orm import aliased

from improve.ideas.models import Comment, Idea, IdeaFollower, IdeaJoin, Thanks
from improve.ideas.queries.following import why_column
from improve.shared.db import UTCDateTime

_IDEA = bindparam("idea", type_=Integer)
_NO_TIME = cast(null(), UTCDateTime)
_NO_PERSON = cast(null(), Integer)
#: Comments on a page; one more is read, to know whether there are earlier ones.
COMMENTS_SHOWN: Final = 50
#: Followers whose names a page needs, for those mentioned in its comments.
FOLLOWERS_MOST: Final = 500
#: Ideas joined to one; more would be a plan of its own.
JOINED_MOST: Final = 50


def comment_rows(*also: ColumnElement[bool], of_joined: bool = False) -> Any:
    """Return the newest comments: on the idea itself, or on those joined to it.

    ``also`` are conditions that they keep besides.
    Those mentioned as kind, by id. An edit as edited_at, a removal as other.
    """
    here: ColumnElement[bool] = Comment.idea_id == _IDEA
    if of_joined:
        here = Comment.idea_id.in_(_joined())
    return (
        select(
            lit("joined_comment" if of_joined else "comment").label("part"),
            Comment.id.label("id"),
            Comment.author_id.label("person_id"),
            Comment.created_at.label("at"),
            cast(Comment.mentions, Text).label("kind"),
            Comment.words.label("a"),
            lit("").label("b"),
            lit("").label("c"),
            Comment.edited_at.label("edited_at"),
            Comment.removed_at.label("other_at"),
            Comment.removed_by_id.label("other_id"),
            Comment.idea_id.label("version"),
            lit(0).label("cycle"),
        )
        .where(here, *also)
        .order_by(Comment.id.desc())
        .limit(COMMENTS_SHOWN + 1)
    )


def thanks_rows(most: int, *, of_joined: bool = False) -> Any:
    """Return the newest thank-yous about the idea, or about those joined to it."""
    here: ColumnElement[bool] = Thanks.idea_id == _IDEA
    if of_joined:
        here = Thanks.idea_id.in_(_joined())
    return (
        select(
            lit("joined_thanks" if of_joined else "thanks"),
            Thanks.id,
            Thanks.from_id,
            Thanks.created_at,
            lit(""),
            Thanks.words,
            lit("").label("b"),
            lit("").label("c"),
            _NO_TIME.label("edited_at"),
            _NO_TIME.label("other_at"),
            Thanks.to_id,
            Thanks.idea_id.label("version"),
            lit(0).label("cycle"),
        )
        .where(here, Thanks.removed_at.is_(None))
        .order_by(Thanks.id.desc())
        .limit(most)
    )


def follower_rows() -> Any:
    """Return who hears of the idea, or said that they will not: why as kind, 1 or 0 as cycle."""
    return (
        select(
            lit("follower"),
            IdeaFollower.person_id.label("id"),
            IdeaFollower.person_id.label("who_id"),
            IdeaFollower.at,
            why_column().label("kind"),
            lit("").label("a"),
            lit("").label("b"),
            lit("").label("c"),
            _NO_TIME.label("edited_at"),
            _NO_TIME.label("other_at"),
            _NO_PERSON.label("other_id"),
            lit(0).label("version"),
            case((IdeaFollower.is_following, 1), else_=0).label("cycle"),
        )
        .join(Idea, Idea.id == IdeaFollower.idea_id)
        .where(IdeaFollower.idea_id == _IDEA)
        .order_by(IdeaFollower.at.desc(), IdeaFollower.person_id)
        .limit(FOLLOWERS_MOST)
    )


def join_rows() -> Any:
    """Return joins that hold, of the idea to another (kind “to”) and of others to it (“from”).

    Title of the other idea as a, the sentence to the author as b, its team as c, its author as
    other, its id as version, whether its author's name is hidden as cycle.
    """
    other = aliased(Idea)
    is_to = IdeaJoin.idea_id == _IDEA
    return (
        select(
            lit("join"),
            IdeaJoin.id.label("id"),
            IdeaJoin.by_id.label("who_id"),
            IdeaJoin.at,
            case((is_to, "to"), else_="from").label("kind"),
            other.title.label("a"),
            IdeaJoin.words.label("b"),
            cast(other.team_id, Text).label("c"),
            _NO_TIME.label("edited_at"),
            _NO_TIME.label("other_at"),
            other.author_id.label("other_id"),
            other.id.label("version"),
            case((other.hides_name, 1), else_=0).label("cycle"),
        )
        .join(other, other.id == case((is_to, IdeaJoin.into_id), else_=IdeaJoin.idea_id))
        .where(or_(is_to, IdeaJoin.into_id == _IDEA), IdeaJoin.split_at.is_(None))
        .order_by(IdeaJoin.id)
        .limit(JOINED_MOST)
    )


def _joined() -> Any:
    return select(Idea.id).where(Idea.joined_to_id == _IDEA)
