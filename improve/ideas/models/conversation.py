"""What people say to each other about an idea, and who hears of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class Comment(Base):
    """What someone said about an idea. Removing leaves a line that says who removed it."""

    __tablename__ = "comments"
    __table_args__ = (
        UniqueConstraint("author_id", "form_token"),
        Index("ix_comments_idea", "idea_id", "id"),
        Index("ix_comments_at", "organisation_id", "created_at", "idea_id"),
        Index("ix_comments_author_at", "author_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    words: Mapped[str] = mapped_column(Text)
    form_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: Who is named in it with an @, by id.
    mentions: Mapped[list[int]] = mapped_column(JSON_TYPE, default=list)


class Thanks(Base):
    """A sentence from one person to another, about an idea or only to them. Never counted."""

    __tablename__ = "thanks"
    __table_args__ = (
        UniqueConstraint("from_id", "form_token"),
        CheckConstraint("from_id <> to_id", name="not_to_oneself"),
        Index("ix_thanks_idea", "idea_id", "id"),
        Index("ix_thanks_to", "to_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    from_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    words: Mapped[str] = mapped_column(Text)
    form_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class IdeaFollower(Base):
    """Somebody who hears of an idea, and why; or who said that they will not (``is_following``)."""

    __tablename__ = "idea_followers"
    __table_args__ = (Index("ix_idea_followers_person", "person_id", "idea_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    is_following: Mapped[bool] = mapped_column(default=True)
    #: One of ``kinds.FollowReason``.
    why: Mapped[str] = mapped_column(String(15))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class IdeaGuest(Base):
    """Somebody from outside who is invited to one idea: reads, comments, does actions."""

    __tablename__ = "idea_guests"
    __table_args__ = (Index("ix_idea_guests_person", "person_id", "idea_id"),)

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The last day on which they may read it.
    ends_on: Mapped[date]
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CoachRequest(Base):
    """Somebody asks a coach about an idea; answered when a coach says so."""

    __tablename__ = "coach_requests"
    __table_args__ = (
        Index("ix_coach_requests_idea", "idea_id", "id"),
        Index(
            "ix_coach_requests_open",
            "organisation_id",
            "id",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class PromptPutAway(Base):
    """A coach's prompt that somebody put away, in one cycle of an idea."""

    __tablename__ = "prompts_put_away"

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    cycle_number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(30), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class ReminderSent(Base):
    """A reminder about an idea that went out, so that it goes out once."""

    __tablename__ = "reminders_sent"

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
