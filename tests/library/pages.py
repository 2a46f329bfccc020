"""Learning pages from nothing, for tests: a test states only what matters to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from improve.library import queries, service
from improve.library.learning import PageWords
from tests.factories import Cast, finish_cycle

WORDS = PageWords(
    title="A photo before the first visit",
    was_hard="Children did not know who was coming.",
    tried="A photo and two lines, sent two days before.",
    happened="All five children knew the face.",
    use_when="A worker is new to a child.",
)


def written_page(
    cast: Cast, *, ending: str = "abandon", idea_id: int | None = None, **words: Any
) -> int:
    """Return the id of a shared page about a finished idea, by its author unless it has one."""
    idea = idea_id or finish_cycle(cast, ending, title=words.get("title", "Photos before visits"))
    return service.write_page(
        cast.actor("practitioner"), idea_id=idea, words=replace(WORDS, **words), share=True
    )


def published_page(cast: Cast, page_id: int | None = None, **words: Any) -> str:
    """Return the public key of a page that the coach published."""
    page = page_id or written_page(cast, **words)
    coach = cast.actor("coach")
    return service.publish_page(
        coach,
        page_id=page,
        seen_version=queries.page(coach, page).version,
        why="It may help others.",
        is_looked_at=True,
    )
