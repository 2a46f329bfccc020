"""How days, times and numbers read on screen. British, day first, no line breaks inside."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from improve.shared import clock
from improve.shared.explanations import EXPLANATIONS
from improve.shared.rounding import in_figures, without_idle_zeros

if TYPE_CHECKING:
    from flask import Flask

NBSP = "\u00a0"


def day(value: date | datetime | None) -> str:
    """Return “Thu 26 Nov”, with the year when it is not the present one; “” for nothing."""
    if value is None:
        return ""
    on = clock.local(value).date() if isinstance(value, datetime) else value
    words = f"{on:%a} {on.day} {on:%b}"
    if on.year != clock.today().year:
        words += f" {on.year}"
    return words.replace(" ", NBSP)


def day_short(value: date | datetime | None) -> str:
    """Return “26 Nov”, with the year when it is not the present one."""
    return day(value).split(NBSP, 1)[-1]


def day_year(value: date | datetime | None) -> str:
    """Return “26 Nov 2026”."""
    if value is None:
        return ""
    on = clock.local(value).date() if isinstance(value, datetime) else value
    return f"{on.day}{NBSP}{on:%b}{NBSP}{on.year}"


def day_typed(value: date | None) -> str:
    """Return “26/11/2026”, as people type it into a form."""
    return "" if value is None else f"{value:%d/%m/%Y}"


def clock_time(value: datetime) -> str:
    """Return “10:42” by the council's clocks."""
    return f"{clock.local(value):%H:%M}"


def when(value: datetime) -> str:
    """Return “today 10:42”, “yesterday 10:42” or “Thu 26 Nov, 10:42”."""
    on = clock.local(value).date()
    today = clock.today()
    if on == today:
        return f"today{NBSP}{clock_time(value)}"
    if on == today - timedelta(days=1):
        return f"yesterday{NBSP}{clock_time(value)}"
    return f"{day(value)}, {clock_time(value)}"


def days(count: int) -> str:
    """Return an age: “Today”, “Yesterday” or “9 days”."""
    if count <= 0:
        return "Today"
    if count == 1:
        return "Yesterday"
    return f"{count}{NBSP}days"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return “1 idea” or “2 ideas”, on one line."""
    word = one if count == 1 else (many or one + "s")
    return f"{number(count)}{NBSP}{word}"


def whose(name: str) -> str:
    """Return “Hillside’s”, “Next Steps’”, or a name that says whose it is already as it stands."""
    if name.casefold().endswith(("’s", "'s", "s’", "s'")):
        return name
    return f"{name}’" if name.casefold().endswith("s") else f"{name}’s"


def number(value: float | int | None) -> str:
    """Return a number with thousands separated, without idle decimals; “” for nothing."""
    if value is None:
        return ""
    if float(value).is_integer():
        return f"{int(value):,}"
    return without_idle_zeros(in_figures(value, 2))


def percent(share: float | None) -> str:
    """Return “81%” for a share between 0 and 1."""
    return "" if share is None else f"{in_figures(share * 100)}%"


def whole_number(text: str | None) -> int | None:
    """Return the number that an address carries; None for anything that no column could hold."""
    if not text or len(text) > 9 or not (text.isascii() and text.isdecimal()):
        return None
    return int(text)


def page_number(text: str | None) -> int:
    """Return the page that an address asks for; 1 for anything that is no page."""
    return whole_number(text) or 1


def register(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.globals["explanations"] = EXPLANATIONS
    app.jinja_env.filters.update(
        day=day,
        day_short=day_short,
        day_year=day_year,
        day_typed=day_typed,
        clock_time=clock_time,
        when=when,
        days=days,
        plural=plural,
        number=number,
        percent=percent,
    )
