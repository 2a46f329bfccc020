"""What good looks like for children, and what is thought to move it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import Base, UTCDateTime


class Aim(Base):
    """What good looks like for children: what, for whom, how much, by when."""

    __tablename__ = "aims"
    __table_args__ = (Index("ix_aims_organisation", "organisation_id", "position", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    position: Mapped[int]
    statement: Mapped[str] = mapped_column(Text)
    for_whom: Mapped[str] = mapped_column(Text, default="")
    how_much: Mapped[str] = mapped_column(Text, default="")
    by_when_on: Mapped[date | None]
    #: The measure that says whether life gets better; its verdict stands beside the aim.
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measures.id"))
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Driver(Base):
    """What is thought to move an aim; a secondary one hangs under its ``parent``."""

    __tablename__ = "drivers"
    __table_args__ = (
        CheckConstraint("level IN (1, 2)", name="level"),
        CheckConstraint("(level = 2) = (parent_id IS NOT NULL)", name="secondary_has_parent"),
        Index("ix_drivers_aim", "aim_id", "position", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    aim_id: Mapped[int] = mapped_column(ForeignKey("aims.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("drivers.id"), index=True)
    level: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(limits.length("driver")))
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
