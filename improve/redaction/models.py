"""Texts that somebody said may identify a child, a family or a colleague."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class HiddenText(Base):
    """One text that somebody said may identify someone, until a person settled it.

    It is named by what it is (``kind``), its row and its field, all plain: texts stand above. Until
    it is settled its words, and those of its earlier versions, stand in ``kept`` and nowhere else:
    what reads the rows themselves (a board, a search, an export) finds a line that says so.
    """

    __tablename__ = "hidden_texts"
    __table_args__ = (
        Index("ix_hidden_texts_text", "kind", "subject_id", "field"),
        Index("ix_hidden_texts_idea", "idea_id"),
        Index(
            "ix_hidden_texts_open",
            "organisation_id",
            "id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    field: Mapped[str] = mapped_column(String(30))
    #: What it stands on: one of ``texts.RootKind``, and which.
    root_kind: Mapped[str] = mapped_column(String(10))
    root_id: Mapped[int]
    #: The idea that it stands on, where it stands on one.
    idea_id: Mapped[int | None]
    #: What it is, in words: “A comment”.
    label: Mapped[str] = mapped_column(String(60))
    #: The words taken out of sight, place by place; deleted when it is settled.
    kept: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON_TYPE)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    said_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    #: “removed” or “shown”.
    settled_as: Mapped[str] = mapped_column(String(10), default="")
    #: Why they were shown again.
    settled_why: Mapped[str] = mapped_column(Text, default="")
    #: Whether it is a data breach: “yes”, “no”, “unsure”; empty where nobody was asked.
    breach: Mapped[str] = mapped_column(String(10), default="")
