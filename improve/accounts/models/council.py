"""A council, its services and its teams."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class Organisation(Base):
    """One council. Everything belongs to exactly one."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(limits.length("organisation_name")))
    slug: Mapped[str] = mapped_column(String(limits.length("slug")), unique=True)
    #: Days beside weekends and bank holidays on which the council is closed, as “2026-12-29”.
    closing_days: Mapped[list[str]] = mapped_column(JSON_TYPE, default=list)
    #: What is usual in a stage until a team knows its own: {"plan": 28, …} in days; empty: the
    #: starting norms of ``ideas.kinds``.
    starting_days: Mapped[dict[str, int]] = mapped_column(JSON_TYPE, default=dict)
    #: Whom to ring about a child, {"day": …, "night": …} in words with the number; empty: not said.
    duty_numbers: Mapped[dict[str, str]] = mapped_column(JSON_TYPE, default=dict)
    #: How long each class of data is kept, {"ideas": 72, …} in months; empty: as the product says.
    retention: Mapped[dict[str, int]] = mapped_column(JSON_TYPE, default=dict)
    #: What the privacy notice, DPIA, records and accessibility statement are filled with.
    document_facts: Mapped[dict[str, str]] = mapped_column(JSON_TYPE, default=dict)
    #: The council that this is an example board of; None: it is a council.
    example_of_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Service(Base):
    """A group of teams with a leader, such as a front door or a care service."""

    __tablename__ = "services"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(limits.length("team_name")))


class Team(Base):
    """A team with a board. ``board_version`` rises with every change that its board shows."""

    __tablename__ = "teams"
    __table_args__ = (
        UniqueConstraint("organisation_id", "slug"),
        CheckConstraint("wip_plan > 0 AND wip_do > 0 AND wip_study > 0", name="wip_above_zero"),
        CheckConstraint("huddle_minutes > 0 AND huddle_every > 0", name="huddle_above_zero"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"), index=True)
    name: Mapped[str] = mapped_column(String(limits.length("team_name")))
    slug: Mapped[str] = mapped_column(String(limits.length("slug")))
    aim: Mapped[str] = mapped_column(String(limits.length("aim")), default="")
    # Advice, not a wall: a move over the limit is named and still works.
    wip_plan: Mapped[int] = mapped_column(default=4)
    wip_do: Mapped[int] = mapped_column(default=3)
    wip_study: Mapped[int] = mapped_column(default=4)
    board_version: Mapped[int] = mapped_column(default=0)
    #: When the team meets, read by ``huddle_days``: weekdays such as “1,3” (Monday is 0), a time
    #: such as “09:30”, how long in minutes, and every how many weeks, counted from a day.
    huddle_days: Mapped[str] = mapped_column(String(20), default="")
    huddle_at: Mapped[str] = mapped_column(String(5), default="")
    huddle_minutes: Mapped[int] = mapped_column(default=15)
    huddle_every: Mapped[int] = mapped_column(default=1)
    huddle_from_on: Mapped[date | None]
    #: When the last huddle agreed to meet next, at midnight where only the day is agreed. It comes
    #: before the days above until it is past.
    huddle_next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The huddle that is going on. A plain number: huddles stand above teams.
    huddle_id: Mapped[int | None]
    #: Weekdays the team works, such as “0,1,2,3,4” (Monday is 0); empty: Monday to Friday.
    working_days: Mapped[str] = mapped_column(String(20), default="")
    #: What is usual in a stage here, {"plan": 18, …} in days: the 85th percentile of what the team
    #: finished. Empty until it has finished ten.
    usual_days: Mapped[dict[str, int]] = mapped_column(JSON_TYPE, default=dict)
    #: Busy times as [first day, last day]: clocks are paused. One that goes on has its last day.
    pauses: Mapped[list[list[str | None]]] = mapped_column(JSON_TYPE, default=list)
    #: The busy time that goes on now, copied from ``busy_periods`` for pages that only name it.
    busy_since_on: Mapped[date | None]
    busy_until_on: Mapped[date | None]
    busy_why: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    closed_on: Mapped[date | None]
    #: The team that took over its ideas and measures when it was closed.
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
