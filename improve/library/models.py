"""Learning pages, who took an idea up, whether it held, and pages from other councils."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class LearningPage(Base):
    """What a finished idea taught, written by its team for the next one.

    A draft until ``shared_at``, then every member of staff reads it. ``public_at`` is set by a
    decision of its own, with a name and a reason; ``public_key`` is its address outside, and its
    name between councils for ever.
    """

    __tablename__ = "learning_pages"
    __table_args__ = (
        CheckConstraint("public_at IS NULL OR shared_at IS NOT NULL", name="public_is_shared"),
        CheckConstraint("public_at IS NULL OR public_key IS NOT NULL", name="public_has_key"),
        Index("ix_learning_pages_shared", "organisation_id", "shared_at", "id"),
        Index(
            "ix_learning_pages_public",
            "organisation_id",
            "public_at",
            "id",
            sqlite_where=text("public_at IS NOT NULL"),
            postgresql_where=text("public_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), unique=True)
    title: Mapped[str] = mapped_column(String(limits.length("title")))
    was_hard: Mapped[str] = mapped_column(Text, default="")
    tried: Mapped[str] = mapped_column(Text, default="")
    happened: Mapped[str] = mapped_column(Text, default="")
    changed_for_child: Mapped[str] = mapped_column(Text, default="")
    use_when: Mapped[str] = mapped_column(Text, default="")
    beware: Mapped[str] = mapped_column(Text, default="")
    did_not_work: Mapped[str] = mapped_column(Text, default="")
    #: The team picked it as a story for leaders: what was hard, what we tried, what changed.
    is_story: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    shared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    public_key: Mapped[str | None] = mapped_column(String(32), unique=True)
    public_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    public_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    public_why: Mapped[str] = mapped_column(Text, default="")
    #: The page exactly as it was decided: all that anybody outside is ever given.
    public_content: Mapped[dict[str, Any] | None] = mapped_column(JSON_TYPE)


class TrustedCouncil(Base):
    """Another council whose signature is known here, as a person compared it."""

    __tablename__ = "trusted_councils"
    __table_args__ = (UniqueConstraint("organisation_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(limits.length("organisation_name")))
    #: Ed25519, 32 bytes in base64.
    verify_key: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    feed_address: Mapped[str] = mapped_column(Text, default="")
    how_compared: Mapped[str] = mapped_column(Text, default="")
    added_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class BorrowedPage(Base):
    """A learning page of another council, as it was signed there, and who brought it in.

    ``content`` is the page exactly as it came, checked against the open format; ``title`` and
    ``words`` are copies to search.
    """

    __tablename__ = "borrowed_pages"
    __table_args__ = (
        UniqueConstraint("organisation_id", "source_key"),
        Index("ix_borrowed_pages_brought_in", "organisation_id", "brought_in_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    source_council: Mapped[str] = mapped_column(String(limits.length("organisation_name")))
    source_key: Mapped[str] = mapped_column(String(64))
    source_version: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    #: Whether the signature was one of a council trusted here when it was brought in.
    was_trusted: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(String(limits.length("title")))
    words: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE)
    brought_in_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    brought_in_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When the file was signed there, and where the page stands to be read by everybody.
    made_on: Mapped[date]
    source_address: Mapped[str] = mapped_column(Text, default="")
    #: The version that this one took the place of, if it was here before.
    replaced_version: Mapped[int | None]
    taken_out_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)


class LearningImport(Base):
    """Pages from another council between their preview and the decision: gone after a day."""

    __tablename__ = "learning_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(limits.length("file_name")), default="")
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON_TYPE)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Spread(Base):
    """Somebody tries elsewhere what began in one place: a team here, or a place that told us.

    It hangs under an idea, a page from another council or another place that told us. A team of
    this council has an idea of its own, whose stage and verdict say how it goes; of another place
    only what it told is known.
    """

    __tablename__ = "spreads"
    __table_args__ = (
        CheckConstraint("(idea_id IS NULL) = (place <> '')", name="idea_or_place"),
        CheckConstraint(
            "parent_idea_id IS NOT NULL OR borrowed_page_id IS NOT NULL", name="has_parent"
        ),
        CheckConstraint("told_ending IN ('', 'trying', 'kept', 'stopped')", name="told_ending"),
        UniqueConstraint("idea_id"),
        UniqueConstraint("by_id", "form_token"),
        Index("ix_spreads_parent_idea", "parent_idea_id", "id"),
        Index("ix_spreads_borrowed_page", "borrowed_page_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    parent_idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    borrowed_page_id: Mapped[int | None] = mapped_column(ForeignKey("borrowed_pages.id"))
    #: A place that told us may have heard it from another place that told us.
    parent_spread_id: Mapped[int | None] = mapped_column(ForeignKey("spreads.id"), index=True)
    place: Mapped[str] = mapped_column(String(limits.length("organisation_name")), default="")
    adaptation: Mapped[str] = mapped_column(Text, default="")
    told_ending: Mapped[str] = mapped_column(String(10), default="")
    told_words: Mapped[str] = mapped_column(Text, default="")
    told_on: Mapped[date | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    form_token: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)


class SustainCheck(Base):
    """A look, half a year after something was kept, at whether it is still done and still helps.

    ``verdict_*`` is what the chart said on the day of the answer, computed, never typed.
    """

    __tablename__ = "sustain_checks"
    __table_args__ = (
        UniqueConstraint("idea_id", "due_on"),
        CheckConstraint("answer IN ('held', 'partly', 'gone')", name="answer"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_has_answer"),
        Index("ix_sustain_checks_due", "organisation_id", "due_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    due_on: Mapped[date]
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str | None] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    verdict_code: Mapped[str | None] = mapped_column(String(30))
    verdict_facts: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)
    #: When to look again; None: no more.
    again_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
