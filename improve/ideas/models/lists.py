"""Boards as somebody likes to see them, and logs brought in from elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class SavedView(Base):
    """A board as somebody likes to see it: the query of its address, with a name."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("person_id", "team_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    name: Mapped[str] = mapped_column(String(limits.length("view_name")))
    query: Mapped[str] = mapped_column(String(limits.length("view_query")))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class LogImport(Base):
    """An improvement log from a spreadsheet: rows to look at, then ideas, all or none.

    The rows are thrown away when they are brought in, dropped or a week old.
    """

    __tablename__ = "log_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(limits.length("file_name")), default="")
    #: The table as it was read, and how its columns are understood.
    rows: Mapped[dict[str, Any] | None] = mapped_column(JSON_TYPE)
    count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
