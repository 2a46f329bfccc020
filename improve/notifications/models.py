"""Notices on a person's own page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class Notice(Base):
    """One thing that happened, for one person.

    ``subject_id`` is a plain number: the idea's, or the thank-you's.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_person", "person_id", "id"),
        Index(
            "ix_notices_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notices_to_mail",
            "person_id",
            "id",
            sqlite_where=text("mailed_at IS NULL"),
            postgresql_where=text("mailed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON_TYPE, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Why this person is told: one of ``kinds.Why``.
    why: Mapped[str] = mapped_column(String(15), default="")
    #: When it was settled by mail: sent, or not wanted. Empty: still to be looked at.
    mailed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MailChoice(Base):
    """How somebody wants to hear of one group of news by mail, where it is not the usual way."""

    __tablename__ = "mail_choices"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    #: One of ``kinds.Group`` and one of ``kinds.Pace``.
    group: Mapped[str] = mapped_column(String(20), primary_key=True)
    pace: Mapped[str] = mapped_column(String(10))
