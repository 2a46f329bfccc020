"""When each timed command last came to its end: so that one that no longer runs is noticed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from improve.shared import clock
from improve.shared.db import Base, UTCDateTime, db, writing_apart


class CommandRun(Base):
    """The last time that a command came to its end with nothing left undone."""

    __tablename__ = "command_runs"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(UTCDateTime)


def note_run(name: str) -> None:
    """Note that the command ``name`` came to its end just now, in a transaction of its own."""
    with writing_apart() as connection:
        ended = {"ended_at": clock.now()}
        done = connection.execute(update(CommandRun).where(CommandRun.name == name).values(ended))
        if not done.rowcount:
            connection.execute(insert(CommandRun).values(name=name, **ended))


def last_runs() -> dict[str, datetime]:
    """Return when each command that ever came to its end last did."""
    rows = db.session.execute(select(CommandRun.name, CommandRun.ended_at))
    return {row.name: row.ended_at for row in rows}
