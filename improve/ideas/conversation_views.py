"""What people say about an idea, who hears of it, and what is joined to it, as its page shows it.

Pure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas import rights
from improve.ideas.coach_views import guest_places
from improve.ideas.kinds import FollowReason, Outcome, Stage
from improve.ideas.mentions import said_in
from improve.ideas.page import CommentView, PersonRef
from improve.ideas.rights import Standing
from improve.ideas.thanks_views import ThanksView, thanks_in

#: A row by name of its columns.
Row = Mapping[Any, Any]
#: Names a person of the row of an idea as the actor may read them: row, actor, id, name.
Names = Callable[[Row, Actor, int | None, str | None], PersonRef]

#: Why somebody hears of an idea, to follow “because”.
FOLLOW_WORDS: Final[Mapping[FollowReason, str]] = {
    FollowReason.AUTHOR: "it is yours",
    FollowReason.LEAD: "you lead it",
    FollowReason.MEMBER: "you take part in it",
    FollowReason.COMMENTED: "you commented",
    FollowReason.SUPPORTED: "you added your support",
    FollowReason.MENTIONED: "somebody mentioned you",
    FollowReason.JOINED: "an idea you follow was joined to it",
    FollowReason.CHOSE: "you chose to",
}


@dataclass(frozen=True, slots=True)
class FollowView:
    """Whether the one who looks hears of the idea; ``why`` follows “because”."""

    is_following: bool
    why: str


@dataclass(frozen=True, slots=True)
class JoinedTo:
    """The idea that this one was found to be the same as, and the sentence to its author."""

    idea_id: int
    title: str
    words: str
    by: PersonRef
    at: datetime
    may_split: bool


@dataclass(frozen=True, slots=True)
class JoinedIdea:
    """An idea that was joined to this one, with what was said there and its thanks."""

    idea_id: int
    title: str
    author: PersonRef
    at: datetime
    may_split: bool
    comments: tuple[CommentView, ...]
    has_earlier: bool


def talk_in(
    row: Row,
    actor: Actor,
    standing: Standing,
    feed: Sequence[Row],
    *,
    names: Names,
    most: int,
    now: datetime,
) -> dict[str, Any]:
    """Return what ``IdeaPage`` holds of this module, by the names of its fields."""
    comments = comments_in(row, actor, standing, feed, names=names)
    joins = [part for part in feed if part["part"] == "join"]
    out = next((part for part in joins if part["kind"] == "to"), None)
    # A guest is invited to the one idea, not to those that were joined to it.
    may_read = may(actor, Permission.SEE_IDEAS)
    joined = [part for part in joins if part["kind"] == "from"] if may_read else []
    thanks = thanks_in(row, actor, feed, now)
    for part in joined:
        thanks += _joined_thanks(part, actor, feed, now)
    return {
        "comments": comments[-most:],
        "has_earlier_comments": len(comments) > most,
        "thanks": tuple(sorted(thanks, key=lambda one: (one.said_at, one.id))),
        "following": _following(actor, feed),
        "joined_to": None if out is None else _joined_to(row, actor, standing, out, names),
        "joined_here": tuple(
            _joined_idea(part, actor, standing, feed, names=names, most=most) for part in joined
        ),
    }


def _following(actor: Actor, feed: Sequence[Row]) -> FollowView:
    mine = next(
        (p for p in feed if p["part"] == "follower" and p["person_id"] == actor.person_id), None
    )
    if mine is None or not mine["cycle"]:
        return FollowView(is_following=False, why="")
    return FollowView(is_following=True, why=FOLLOW_WORDS[FollowReason(mine["kind"])])


def _joined_to(row: Row, actor: Actor, standing: Standing, part: Row, names: Names) -> JoinedTo:
    return JoinedTo(
        idea_id=part["version"],
        title=part["a"],
        words=part["b"],
        by=names(row, actor, part["person_id"], part["name"]),
        at=part["at"],
        may_split=rights.may_split(actor, standing.team_id, int(part["c"])),
    )


def _row_of(part: Row) -> dict[str, Any]:
    """Return as much of the row of a joined idea as names and rights are read from."""
    return {
        "id": part["version"],
        "title": part["a"],
        "team_id": int(part["c"]),
        "team_slug": "",
        "team_name": "",
        "author_id": part["other_id"],
        "lead_id": None,
        "hides_name": bool(part["cycle"]),
        "stage": Stage.DONE.value,
        "outcome": Outcome.JOINED.value,
        "first_reply_kind": None,
        "is_member": False,
    }


def _joined_idea(
    part: Row,
    actor: Actor,
    standing: Standing,
    feed: Sequence[Row],
    *,
    names: Names,
    most: int,
) -> JoinedIdea:
    row = _row_of(part)
    comments = comments_in(
        row,
        actor,
        rights.standing_of(row),
        feed,
        names=names,
        part="joined_comment",
    )
    return JoinedIdea(
        idea_id=row["id"],
        title=row["title"],
        author=names(row, actor, row["author_id"], part["other_name"]),
        at=part["at"],
        may_split=rights.may_split(actor, standing.team_id, row["team_id"]),
        comments=comments[-most:],
        # All joined ideas share one more than fits: then the rest is read on its own page.
        has_earlier=sum(p["part"] == "joined_comment" for p in feed) > most,
    )


def _joined_thanks(
    part: Row, actor: Actor, feed: Sequence[Row], now: datetime
) -> tuple[ThanksView, ...]:
    own = [
        {**thanks, "part": "thanks"}
        for thanks in feed
        if thanks["part"] == "joined_thanks" and thanks["version"] == part["version"]
    ]
    return thanks_in(_row_of(part), actor, own, now)


def comments_in(
    row: Row,
    actor: Actor,
    standing: Standing,
    feed: Sequence[Row],
    *,
    names: Names,
    part: str = "comment",
) -> tuple[CommentView, ...]:
    """Return the comments of one idea in a feed, oldest first; ``row`` is that idea's."""
    steers, places = rights.steers(actor, standing), guest_places(feed)
    told, shown_as = _names_in(row, actor, feed, names)
    views = []
    for one in feed:
        if one["part"] != part or one["version"] != row["id"]:
            continue
        is_mine = one["person_id"] == actor.person_id
        is_removed = one["other_at"] is not None
        by = names(row, actor, one["person_id"], one["name"])
        remover = names(row, actor, one["other_id"], one["other_name"]).first_name
        is_shown = by.id is not None and not rights.is_guest(actor)
        job = (one["title"] or "") if is_shown else ""
        views.append(
            CommentView(
                id=one["id"],
                author=PersonRef(by.id, by.name, by.first_name, job),
                words=one["a"],
                created_at=one["at"],
                is_edited=one["edited_at"] is not None,
                removed_by=remover if is_removed else "",
                may_edit=is_mine and not is_removed,
                may_remove=(is_mine or steers) and not is_removed,
                guest_place=places.get(one["person_id"]),
                idea_id=row["id"],
                edited_at=one["edited_at"],
                said=said_in(one["a"], told, json.loads(one["kind"] or "[]"), shown_as),
            )
        )
    return tuple(views)


def _names_in(
    row: Row, actor: Actor, feed: Sequence[Row], names: Names
) -> tuple[dict[int, str], dict[int, str]]:
    """Return those who may be mentioned in a comment, since each of them follows the idea.

    By their whole names, and as the reader may know them: a guest knows first names.
    """
    found: dict[int, str] = {}
    shown_as: dict[int, str] = {}
    for part in feed:
        if part["part"] in {"follower", "comment", "member"}:
            who = names(row, actor, part["person_id"], part["name"])
            if who.id is not None:
                found[who.id], shown_as[who.id] = part["name"], who.name
    return found, shown_as
