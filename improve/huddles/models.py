"""Huddles, what was looked at, decided and promised in them, and the hour protected for this."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from improve.huddles.kinds import DecisionKind, Kept, Part
from improve.shared.db import JSON_TYPE, Base, UTCDateTime


def _one_of(column: str, kinds: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(kind.value) for kind in kinds)})"


class HuddlePlan(Base):
    """Which parts a team's huddle has, in which order. No row: the usual seven."""

    __tablename__ = "huddle_plans"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    parts: Mapped[list[str]] = mapped_column(JSON_TYPE)
    version: Mapped[int] = mapped_column(default=1)


class Huddle(Base):
    """One huddle of a team, going on until it is finished. At most one at a time goes on.

    ``version`` rises with everything said or done in it, so that a wall and a phone know when to
    look again. ``part`` and ``item_id`` are where the driver stands. A pause stops the clock:
    ``paused_seconds`` are those of pauses that have ended.
    """

    __tablename__ = "huddles"
    __table_args__ = (
        UniqueConstraint("started_by_id", "form_token"),
        CheckConstraint("planned_minutes > 0", name="planned_above_zero"),
        CheckConstraint("others_here >= 0", name="others_not_below_zero"),
        CheckConstraint(_one_of("part", Part), name="part"),
        Index(
            "uq_huddles_going_on",
            "team_id",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index("ix_huddles_team", "team_id", "started_at", "id"),
        Index("ix_huddles_organisation", "organisation_id", "started_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    form_token: Mapped[str] = mapped_column(String(64))
    started_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    driver_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    planned_minutes: Mapped[int]
    parts: Mapped[list[str]] = mapped_column(JSON_TYPE)
    is_short: Mapped[bool] = mapped_column(default=False)
    #: People who were there and are not ticked by name.
    others_here: Mapped[int] = mapped_column(default=0)

    part: Mapped[str] = mapped_column(String(10))
    #: The item that the wall shows; a plain number, since items point here.
    item_id: Mapped[int | None]
    part_opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    paused_seconds: Mapped[int] = mapped_column(default=0)
    acted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)

    good_news: Mapped[str] = mapped_column(Text, default="")
    help_needed: Mapped[str] = mapped_column(Text, default="")
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_driver_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: The first finish; a huddle may be reopened for a day after it.
    first_finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    notes_mailed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    notes_mailed_to: Mapped[int] = mapped_column(default=0)


class HuddlePartTime(Base):
    """How long one part took, in seconds, without pauses."""

    __tablename__ = "huddle_part_times"

    huddle_id: Mapped[int] = mapped_column(ForeignKey("huddles.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(10), primary_key=True)
    seconds: Mapped[int] = mapped_column(default=0)


class HuddlePerson(Base):
    """Someone who was here. Ticking it is left to the team."""

    __tablename__ = "huddle_people"

    huddle_id: Mapped[int] = mapped_column(ForeignKey("huddles.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)


class HuddleItem(Base):
    """One thing to look at in one part: an idea, a measure or an action.

    Taken from the board when the huddle starts, so that a list does not move under a meeting.
    ``facts`` say how it stood then, such as the points a verdict had: the wall compares with them.
    """

    __tablename__ = "huddle_items"
    __table_args__ = (
        CheckConstraint(_one_of("part", Part), name="part"),
        CheckConstraint(
            "(CASE WHEN idea_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN measure_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN action_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_thing",
        ),
        Index("ix_huddle_items_huddle", "huddle_id", "part", "position", "id"),
        Index("ix_huddle_items_idea", "idea_id", "huddle_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    huddle_id: Mapped[int] = mapped_column(ForeignKey("huddles.id"))
    part: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("huddle_actions.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)
    #: When something was done about it, and in which words.
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_words: Mapped[str] = mapped_column(Text, default="")
    #: “Come back to this one”: it goes to the end of its part.
    put_off_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Decision(Base):
    """One line under “What we decided”, written by a person or noted from what they did."""

    __tablename__ = "huddle_decisions"
    __table_args__ = (
        UniqueConstraint("by_id", "form_token"),
        CheckConstraint(_one_of("kind", DecisionKind), name="kind"),
        Index("ix_huddle_decisions_huddle", "huddle_id", "id"),
        Index("ix_huddle_decisions_idea", "idea_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    huddle_id: Mapped[int] = mapped_column(ForeignKey("huddles.id"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"))
    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    form_token: Mapped[str] = mapped_column(String(64))
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Action(Base):
    """Something a person said they would do, by a day.

    ``first_due_on`` is the day named first; ``due_on`` moves when the team moves it. It ends done,
    or dropped with a reason.
    """

    __tablename__ = "huddle_actions"
    __table_args__ = (
        UniqueConstraint("added_by_id", "form_token"),
        Index("ix_huddle_actions_team", "team_id", "ended_at", "due_on", "id"),
        Index("ix_huddle_actions_owner", "owner_id", "ended_at", "due_on", "id"),
        Index("ix_huddle_actions_huddle", "huddle_id", "id"),
        Index("ix_huddle_actions_idea", "idea_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    huddle_id: Mapped[int | None] = mapped_column(ForeignKey("huddles.id"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    what: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    due_on: Mapped[date]
    first_due_on: Mapped[date]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When it was done or dropped. Its day counts for “done on time”.
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_on: Mapped[date | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    dropped_why: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    form_token: Mapped[str] = mapped_column(String(64))


class HardThing(Base):
    """What made the right thing hard this week: a condition, never a person. Who said it is not
    kept."""

    __tablename__ = "huddle_hard_things"
    __table_args__ = (Index("ix_huddle_hard_things_team", "team_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    huddle_id: Mapped[int] = mapped_column(ForeignKey("huddles.id"), index=True)
    condition: Mapped[str] = mapped_column(String(3))
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    form_token: Mapped[str] = mapped_column(String(64), unique=True)


class HuddleThanks(Base):
    """A thank-you that was said in a huddle, for its notes."""

    __tablename__ = "huddle_thanks"

    huddle_id: Mapped[int] = mapped_column(ForeignKey("huddles.id"), primary_key=True)
    thanks_id: Mapped[int] = mapped_column(ForeignKey("thanks.id"), primary_key=True)


class ProtectedHour(Base):
    """The time a team states for this in a fortnight, and whether it could be kept.

    Read by leaders as what they owe; never shown as the team's failing.
    """

    __tablename__ = "protected_hours"
    __table_args__ = (
        UniqueConstraint("team_id", "from_on"),
        CheckConstraint("minutes > 0", name="minutes_above_zero"),
        CheckConstraint(_one_of("kept", Kept), name="kept"),
        Index("ix_protected_hours_organisation", "organisation_id", "from_on", "team_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    #: A Monday; the fortnight is this day and the 13 after it.
    from_on: Mapped[date]
    minutes: Mapped[int]
    when_words: Mapped[str] = mapped_column(Text, default="")
    promised_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    promised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    kept: Mapped[str | None] = mapped_column(String(6))
    in_the_way: Mapped[str] = mapped_column(Text, default="")
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    kept_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
