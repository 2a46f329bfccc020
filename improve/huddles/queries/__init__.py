"""Reads about huddles. The actor first; their organisation always inside."""

from __future__ import annotations

from improve.huddles.queries.actions import action_page, actions_to_do
from improve.huddles.queries.heads import going_on, huddle_head, wall_head
from improve.huddles.queries.page import add_page, huddle_page, start_page, wall_page

__all__ = [
    "action_page",
    "actions_to_do",
    "add_page",
    "going_on",
    "huddle_head",
    "huddle_page",
    "start_page",
    "wall_head",
    "wall_page",
]
