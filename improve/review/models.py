"""What leaders read and answered. The review writes nothing else."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import Base, UTCDateTime


class CycleRead(Base):
    """A leader's tick that they read a finished cycle, with what they wrote to the team."""

    __tablename__ = "cycle_reads"
    __table_args__ = (
        UniqueConstraint("idea_id", "cycle_number", "person_id"),
        Index("ix_cycle_reads_organisation", "organisation_id", "read_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    cycle_number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class LeaderAnswer(Base):
    """A leader's answer to one line of a month, and later what came of it.

    ``line`` is one of ``month.Line``, ``way`` one of ``month.Way``. ``asked`` is what stood there,
    in the words of whoever asked; ``asked_on`` since when it waited. One thing asked has one
    answer: ``subject_id`` is an id of ``subject_kind``, 0 for what belongs to the month alone.
    """

    __tablename__ = "leader_answers"
    __table_args__ = (
        UniqueConstraint("organisation_id", "line", "subject_kind", "subject_id", "asked_on"),
        CheckConstraint("way IN ('decide', 'give', 'no', 'visit', 'write')", name="way"),
        Index("ix_leader_answers_month", "organisation_id", "month", "id"),
        Index("ix_leader_answers_answered", "organisation_id", "answered_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    month: Mapped[date]
    line: Mapped[str] = mapped_column(String(12))
    subject_kind: Mapped[str] = mapped_column(String(12), default="")
    subject_id: Mapped[int] = mapped_column(default=0)
    #: Whom the answer goes to; None: every team.
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    asked: Mapped[str] = mapped_column(Text)
    asked_on: Mapped[date]
    way: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text)
    #: The day of a visit.
    visit_on: Mapped[date | None]
    #: The comment on the idea that says the same, where the answer is to an idea that is blocked.
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comments.id"))
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome_words: Mapped[str] = mapped_column(Text, default="")
    outcome_on: Mapped[date | None]
    outcome_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)


class SavedReview(Base):
    """The review as somebody likes to see it: the query of its address, with a name."""

    __tablename__ = "saved_reviews"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(limits.length("view_name")))
    query: Mapped[str] = mapped_column(String(limits.length("view_query")))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class MonthLetter(Base):
    """That the leaders of a council were sent the letter of a month: once."""

    __tablename__ = "month_letters"
    __table_args__ = (UniqueConstraint("organisation_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    month: Mapped[date]
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
