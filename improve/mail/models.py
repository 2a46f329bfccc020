"""The outbox: mails that wait to leave. Addresses and text only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import limits
from improve.shared.db import Base, UTCDateTime


class OutboxMessage(Base):
    """One mail to one address. Its body is removed as soon as it has left."""

    __tablename__ = "outbox_messages"
    # Those still to be sent, in the order in which they may be tried.
    __table_args__ = (Index("ix_outbox_messages_waiting", "sent_at", "next_try_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Makes queuing the same mail twice harmless.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    to_address: Mapped[str] = mapped_column(String(limits.length("email")))
    subject: Mapped[str] = mapped_column(String(150))
    body: Mapped[str | None] = mapped_column(Text)
    #: What comes into the body as it leaves, sealed till then: whoever reads this table has not it.
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: The address that stops mails of this kind in one click, for the header of the same purpose.
    stop_url: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    given_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The kind of the last failure, such as “refused”, never the server's words.
    last_error: Mapped[str] = mapped_column(String(40), default="")
