"""The one door to a huddle that is to be changed: only the actor's council, the row locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, or_, select, update

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.huddles.kinds import Part
from improve.huddles.models import (
    Decision,
    HardThing,
    Huddle,
    HuddleItem,
    HuddlePartTime,
    HuddlePerson,
    HuddlePlan,
    HuddleThanks,
)
from improve.shared.db import db
from improve.shared.errors import NotFound


def huddle_for_change(actor: Actor, huddle_id: int, *, team_id: int | None = None) -> Huddle:
    """Return a huddle of the organisation, and of the team if one is named, locked. ``NotFound``.

    On PostgreSQL the row is locked; on SQLite the transaction holds the write lock already. Where
    the team's row is to be written as well, write that first: acts on ideas take them so.
    """
    found = db.session.execute(
        select(Huddle)
        .where(Huddle.id == huddle_id, Huddle.organisation_id == actor.organisation_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None or team_id not in {None, found.team_id}:
        raise NotFound
    return found


def huddle_seen(actor: Actor, huddle_id: int) -> Huddle:
    """Return a huddle of the organisation as it stands, without locking it. ``NotFound``."""
    found = db.session.execute(
        select(Huddle).where(
            Huddle.id == huddle_id, Huddle.organisation_id == actor.organisation_id
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def running_id(actor: Actor, team_id: int) -> int | None:
    """Return the id of the team's huddle that goes on, or None."""
    return db.session.execute(
        select(Huddle.id).where(
            Huddle.organisation_id == actor.organisation_id,
            Huddle.team_id == team_id,
            Huddle.finished_at.is_(None),
        )
    ).scalar_one_or_none()


def started_with(actor: Actor, form_token: str) -> int | None:
    """Return the huddle that this form of the actor's has started, or None."""
    return db.session.execute(
        select(Huddle.id).where(
            Huddle.started_by_id == actor.person_id, Huddle.form_token == form_token
        )
    ).scalar_one_or_none()


def running_for_act(actor: Actor, team_id: int, *, acted_since: datetime) -> Huddle | None:
    """Return the team's huddle that goes on, locked, where the actor takes part in it.

    They drive, or are ticked as here, and something was said or done since ``acted_since``.
    """
    whose = {"organisation": actor.organisation_id, "team": team_id}
    return db.session.execute(
        _running_for_act(), {**whose, "me": actor.person_id, "since": acted_since}
    ).scalar_one_or_none()


@cache
def _running_for_act() -> Select[Huddle]:
    is_here = exists().where(
        HuddlePerson.huddle_id == Huddle.id, HuddlePerson.person_id == bindparam("me")
    )
    takes_part = or_(Huddle.driver_id == bindparam("me"), is_here)
    return _running().where(Huddle.acted_at >= bindparam("since"), takes_part)


def item_of(huddle: Huddle, item_id: int) -> HuddleItem:
    """Return an item of a huddle that came through the door. Raises ``NotFound``."""
    found = db.session.execute(
        select(HuddleItem).where(HuddleItem.id == item_id, HuddleItem.huddle_id == huddle.id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def items_of_part(huddle: Huddle, part: Part) -> list[HuddleItem]:
    """Return the items of a part in the order they are looked at, put-off ones last."""
    return list(
        db.session.execute(
            select(HuddleItem)
            .where(HuddleItem.huddle_id == huddle.id, HuddleItem.part == part.value)
            .order_by(*items_order())
        ).scalars()
    )


def items_order() -> tuple[Any, ...]:
    """Return the order of a part's items: those put off last, the first put off first."""
    return (
        HuddleItem.put_off_at.is_not(None),
        HuddleItem.put_off_at,
        HuddleItem.position,
        HuddleItem.id,
    )


def unsettled_of_idea(huddle: Huddle, idea_id: int) -> list[HuddleItem]:
    """Return the items of an idea about which nothing was done yet."""
    return list(
        db.session.execute(
            select(HuddleItem)
            .where(
                HuddleItem.huddle_id == huddle.id,
                HuddleItem.idea_id == idea_id,
                HuddleItem.settled_at.is_(None),
            )
            .order_by(HuddleItem.id)
        ).scalars()
    )


def running_for_change(actor: Actor, team_id: int) -> Huddle | None:
    """Return the team's huddle that goes on, locked, or None."""
    whose = {"organisation": actor.organisation_id, "team": team_id}
    return db.session.execute(_running(), whose).scalar_one_or_none()


@cache
def _running() -> Select[Huddle]:
    # Every act on an idea asks: written once, so that only the values change.
    return (
        select(Huddle)
        .where(
            Huddle.organisation_id == bindparam("organisation"),
            Huddle.team_id == bindparam("team"),
            Huddle.finished_at.is_(None),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def decision_of(huddle: Huddle, decision_id: int) -> Decision:
    """Return a decision of a huddle that came through the door. Raises ``NotFound``."""
    found = db.session.execute(
        select(Decision).where(Decision.id == decision_id, Decision.huddle_id == huddle.id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def decided_with(actor: Actor, form_token: str) -> int | None:
    """Return the decision that this form of the actor's has made, or None."""
    return db.session.execute(
        select(Decision.id).where(
            Decision.by_id == actor.person_id, Decision.form_token == form_token
        )
    ).scalar_one_or_none()


def is_hard_thing_noted(form_token: str) -> bool:
    """Return whether this form has noted something hard before. Whose form it was is not known."""
    found = select(HardThing.id).where(HardThing.form_token == form_token)
    return db.session.execute(found).scalar_one_or_none() is not None


def is_thanked_in(huddle: Huddle, thanks_id: int) -> bool:
    """Return whether a thank-you stands in the notes of a huddle that came through the door."""
    found = select(HuddleThanks.thanks_id).where(
        HuddleThanks.huddle_id == huddle.id, HuddleThanks.thanks_id == thanks_id
    )
    return db.session.execute(found).scalar_one_or_none() is not None


def people_here(huddle: Huddle) -> list[HuddlePerson]:
    """Return who is ticked as here."""
    return list(
        db.session.execute(
            select(HuddlePerson)
            .where(HuddlePerson.huddle_id == huddle.id)
            .order_by(HuddlePerson.person_id)
        ).scalars()
    )


def driver_name(actor: Actor, huddle: Huddle) -> str:
    """Return the name of who drives."""
    people = person_names()
    return db.session.execute(
        select(people.c.name).where(
            people.c.id == huddle.driver_id,
            people.c.organisation_id == actor.organisation_id,
        )
    ).scalar_one()


@dataclass(frozen=True, slots=True)
class TeamStanding:
    """How a team stands with huddles: the one going on, its parts, when it last finished one."""

    running_id: int | None
    parts: list[str] | None
    last_started_at: datetime | None

    @property
    def is_first(self) -> bool:
        """Whether the team has finished none."""
        return self.last_started_at is None


def standing(actor: Actor, team_id: int) -> TeamStanding:
    """Return how a team of the organisation stands, in one statement.

    ``last_started_at`` is when the last finished huddle began: what came since is new.
    """
    mine = (Huddle.organisation_id == actor.organisation_id, Huddle.team_id == team_id)
    row = db.session.execute(
        select(
            select(Huddle.id).where(*mine, Huddle.finished_at.is_(None)).scalar_subquery(),
            select(HuddlePlan.parts)
            .where(
                HuddlePlan.team_id == team_id,
                HuddlePlan.organisation_id == actor.organisation_id,
            )
            .scalar_subquery(),
            select(Huddle.started_at)
            .where(*mine, Huddle.finished_at.is_not(None))
            .order_by(Huddle.started_at.desc())
            .limit(1)
            .scalar_subquery(),
        )
    ).one()
    return TeamStanding(*row)


def add_part_seconds(huddle_id: int, part: str, seconds: int) -> None:
    """Add to the time of a part of a locked huddle."""
    changed = db.session.execute(
        update(HuddlePartTime)
        .where(HuddlePartTime.huddle_id == huddle_id, HuddlePartTime.part == part)
        .values(seconds=HuddlePartTime.seconds + seconds)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        db.session.add(HuddlePartTime(huddle_id=huddle_id, part=part, seconds=seconds))
        db.session.flush()
