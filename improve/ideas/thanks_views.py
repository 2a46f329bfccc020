"""A thank-you as pages show it. Never counted, never ranked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from improve.accounts.actor import Actor
from improve.accounts.roles import Role
from improve.ideas.page import PersonRef, TeamRef
from improve.ideas.shaping import A_COLLEAGUE, first_name

#: How long the one who said it may take it back.
TAKE_BACK_HOURS: Final = 24
#: In place of a person's id: whoever logged the idea, whose name may be hidden.
THE_AUTHOR: Final = 0

#: A row by name of its columns.
Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class ThanksView:
    """A sentence from one person to another, about an idea or only to them.

    ``idea_id`` and ``idea_title`` are empty where it is about no idea, or about one that the
    reader may not see. A hidden author reads “A colleague” on either side.
    """

    id: int
    words: str
    by: PersonRef
    to: PersonRef
    said_at: datetime
    team: TeamRef
    idea_id: int | None
    idea_title: str
    is_by_me: bool
    is_to_me: bool
    may_remove: bool


def may_remove_thanks(
    actor: Actor, *, by_id: int, to_id: int, team_id: int, said_at: datetime, now: datetime
) -> bool:
    """Return whether the actor may take a thank-you away.

    The one who said it for a day, since it then belongs to the one who was thanked; they may at
    any time; and, where they can read it, a manager of the team or a coach, should the words name
    somebody.
    """
    if actor.person_id == by_id and now - said_at <= timedelta(hours=TAKE_BACK_HOURS):
        return True
    return actor.person_id == to_id or Role.COACH in actor.roles or actor.manages(team_id)


def shape_thanks(row: Row, actor: Actor, now: datetime) -> ThanksView:
    """Return the thank-you of a row of ``queries.thanks``."""
    return ThanksView(
        id=row["id"],
        words=row["words"],
        by=_named(row, actor, "from"),
        to=_named(row, actor, "to"),
        said_at=row["created_at"],
        team=TeamRef(row["team_id"], row["team_slug"], row["team_name"]),
        idea_id=row["idea_id"] if row["is_visible"] else None,
        idea_title=(row["idea_title"] or "") if row["is_visible"] else "",
        is_by_me=row["from_id"] == actor.person_id,
        is_to_me=row["to_id"] == actor.person_id,
        may_remove=may_remove_thanks(
            actor,
            by_id=row["from_id"],
            to_id=row["to_id"],
            team_id=row["team_id"],
            said_at=row["created_at"],
            now=now,
        ),
    )


def thanks_in(row: Row, actor: Actor, feed: Sequence[Row], now: datetime) -> tuple[ThanksView, ...]:
    """Return the thank-yous in the feed of an idea's page; ``row`` is that of the idea."""
    facts = {
        "team_id": row["team_id"],
        "team_slug": row["team_slug"],
        "team_name": row["team_name"],
        "idea_id": row["id"],
        "idea_title": row["title"],
        "idea_team_id": row["team_id"],
        "author_id": row["author_id"],
        "hides_name": row["hides_name"],
        "is_visible": True,
    }
    return tuple(
        shape_thanks(
            {
                **facts,
                "id": part["id"],
                "words": part["a"],
                "created_at": part["at"],
                "from_id": part["person_id"],
                "from_name": part["name"],
                "from_title": part["title"] or "",
                "to_id": part["other_id"],
                "to_name": part["other_name"],
                "to_title": "",
            },
            actor,
            now,
        )
        for part in feed
        if part["part"] == "thanks"
    )


def names_in(row: Row, actor: Actor) -> tuple[str, str]:
    """Return who thanks and who is thanked, as the actor may read it."""
    return _named(row, actor, "from").name, _named(row, actor, "to").name


def _named(row: Row, actor: Actor, side: str) -> PersonRef:
    person_id, name = row[f"{side}_id"], row[f"{side}_name"]
    is_hidden = row["hides_name"] and person_id == row["author_id"]
    knows = (
        person_id == actor.person_id
        or Role.COACH in actor.roles
        or actor.manages(row["idea_team_id"] or 0)
    )
    if is_hidden and not knows:
        return PersonRef(None, A_COLLEAGUE, A_COLLEAGUE)
    if Role.GUEST in actor.roles:
        return PersonRef(person_id, first_name(name), first_name(name))
    return PersonRef(person_id, name, first_name(name), row[f"{side}_title"])
