"""Busy times of teams, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared.db import Base, UTCDateTime


class BusyPeriod(Base):
    """A busy time of a team: since when, why, and what it asks of leaders.

    It ends by itself on ``ends_on``. Making it longer takes a leader's answer: a new row then
    follows the one that it ``renews``. One that the council set for all its teams stands once in
    each of them, with the same ``round_key``.
    """

    __tablename__ = "busy_periods"
    __table_args__ = (
        Index("ix_busy_periods_team", "team_id", "id"),
        Index("ix_busy_periods_organisation", "organisation_id", "ends_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    why: Mapped[str] = mapped_column(Text)
    asks: Mapped[str] = mapped_column(Text, default="")
    started_on: Mapped[date]
    ends_on: Mapped[date]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ended_on: Mapped[date | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("busy_periods.id"))
    round_key: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class Cover(Base):
    """A deputy for a manager, from a day to a day: rights, clocks and reminders go to them."""

    __tablename__ = "covers"
    __table_args__ = (
        CheckConstraint("person_id <> deputy_id", name="not_by_oneself"),
        CheckConstraint("from_on <= to_on", name="from_before_to"),
        Index("ix_covers_deputy", "deputy_id", "to_on"),
        Index("ix_covers_team", "team_id", "to_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
