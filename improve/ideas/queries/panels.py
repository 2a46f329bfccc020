"""Rows that capabilities above add to the feed of an idea's page, so that they cost no statement.

What is offered as ``"idea-panel-rows"`` returns a select of the columns that ``panel_row`` gives;
the rows come back in ``IdeaPage.panel_rows``, with the names of their people. It is written once
and asks by ``idea_asked`` and ``council_asked``.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Integer, Text, bindparam, cast, literal, null, select

from improve.ideas.coach_views import PANEL
from improve.shared import contributions
from improve.shared.db import UTCDateTime

#: What stands for the idea, and its council, when the feed is read.
idea_asked: Final = bindparam("idea", type_=Integer)
council_asked: Final = bindparam("organisation", type_=Integer)


def panel_row(
    part: str,
    *,
    id: Any,
    kind: Any = None,
    a: Any = None,
    b: Any = None,
    c: Any = None,
    person_id: Any = None,
    at: Any = None,
    edited_at: Any = None,
    other_at: Any = None,
    other_id: Any = None,
    version: Any = None,
    number: Any = None,
) -> Any:
    """Return a select of the columns of the feed, still without tables and conditions.

    ``part`` names the rows. ``kind``, ``a``, ``b``, ``c`` are texts, those that end in ``_at``
    moments, ``person_id`` and ``other_id`` people, whose names are added as ``name`` and
    ``other_name``; ``number`` is read as ``cycle``.
    """
    return select(
        literal(PANEL + part).label("part"),
        cast(id, Integer).label("id"),
        _or_none(person_id, Integer).label("who_id"),
        _or_none(at, UTCDateTime).label("at"),
        _text(kind).label("kind"),
        _text(a).label("a"),
        _text(b).label("b"),
        _text(c).label("c"),
        _or_none(edited_at, UTCDateTime).label("edited_at"),
        _or_none(other_at, UTCDateTime).label("other_at"),
        _or_none(other_id, Integer).label("other_id"),
        literal(0).label("version") if version is None else version.label("version"),
        literal(0).label("cycle") if number is None else number.label("cycle"),
    )


def panel_selects() -> list[tuple[str, Any]]:
    """Return the selects that were offered, each with a name of its own."""
    offers = contributions.gather("idea-panel-rows")
    return [(f"panel_rows_{number}", offer()) for number, offer in enumerate(offers)]


def _text(value: Any) -> Any:
    return literal("") if value is None else cast(value, Text)


def _or_none(value: Any, kind: Any) -> Any:
    return cast(null(), kind) if value is None else value
