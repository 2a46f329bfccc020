"""Reads about learning pages and spread. The actor first."""

from __future__ import annotations

from improve.library.queries.pages import draft, library, page, page_of_idea
from improve.library.queries.public import PublicFound, public_page, public_pages
from improve.library.queries.spread import spread_counts, spread_tree
from improve.library.queries.stories import stories

__all__ = [
    "PublicFound",
    "draft",
    "library",
    "page",
    "page_of_idea",
    "public_page",
    "public_pages",
    "spread_counts",
    "spread_tree",
    "stories",
]
