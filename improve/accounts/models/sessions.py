"""What lets a browser, a phone, a calendar or a screen in. Of each only a hash is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import JSON_TYPE, Base, UTCDateTime


class AuthSession(Base):
    """A signed-in device. Only a hash of its id is kept."""

    __tablename__ = "auth_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(60), default="")
    is_own_device: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When the password was last given on this device.
    password_at: Mapped[datetime] = mapped_column(UTCDateTime)
    rights_version: Mapped[int]
    #: When the council's own sign-in says that its person last proved themselves; None: it says
    #: nothing of it.
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: How it was proved beside a password: “code”, “recovery”, “provider”, “demo”; “”: not at all.
    factor: Mapped[str] = mapped_column(String(10), default="")
    #: As whom its person looks at their council's example board just now; None: they do not.
    visits_as_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: What the last act said, for the page that it leads to: {"id", "kind", "words", …}.
    message: Mapped[dict[str, Any] | None] = mapped_column(JSON_TYPE)


class CapturePass(Base):
    """A phone that may log ideas and tap tallies for a person without signing in.

    Only a hash of its id is kept, and no use of it.
    """

    __tablename__ = "capture_passes"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    #: Its forms are good with this pass alone.
    csrf_token: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CalendarFeed(Base):
    """A secret address that a calendar asks for a person's dates. Only its hash is kept."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class WallDevice(Base):
    """A screen that shows one team's board and huddle: reads, and no more, until it is ended.

    It is begun with a short code that works once and soon. Of code and id only hashes are kept.
    """

    __tablename__ = "wall_devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    name: Mapped[str] = mapped_column(String(limits.length("device_name")))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    #: Its one form, light or dark, is good with this screen alone.
    csrf_token: Mapped[str] = mapped_column(String(64))
    is_dark: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
