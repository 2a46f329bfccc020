"""The one place that knows what time it is.

Everything asks here, so that tests and the demo can move the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_moved_to: ContextVar[datetime | None] = ContextVar("moved_to", default=None)
_zone = ZoneInfo("Europe/London")


def set_zone(name: str) -> None:
    """Use the time zone ``name`` for days and clocks. Raises ``KeyError`` for an unknown name."""
    global _zone  # noqa: PLW0603 - one setting for the whole process, set once at start
    _zone = ZoneInfo(name)


def zone() -> ZoneInfo:
    """Return the time zone of the council."""
    return _zone


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _moved_to.get() or datetime.now(UTC)


def today() -> date:
    """Return the present day where the council is."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return ``moment`` (aware) as the council's clocks show it."""
    return moment.astimezone(_zone)


def at_local(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return the moment, in UTC, when the council's clocks show this day and time."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=_zone).astimezone(UTC)


@contextmanager
def moved(to: datetime) -> Iterator[None]:
    """Let the clock stand at ``to`` (aware) inside the block."""
    token = _moved_to.set(to.astimezone(UTC))
    try:
        yield
    finally:
        _moved_to.reset(token)
