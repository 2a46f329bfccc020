"""Public learning pages of the first council, made as people make them."""

from __future__ import annotations

from typing import Any

from improve.library import queries, service
from improve.library.learning import PageWords
from improve.shared.db import db
from tests.factories import Cast, finish_cycle
from tests.ideas.judged import judged_idea, keep

WORDS = PageWords(
    title="A photo before the first visit",
    was_hard="Children did not know who was coming.",
    tried="A photo and two lines, sent two days before.",
    happened="All five children knew the name.",
    use_when="A worker is new to a child.",
)


def publish(cast: Cast, idea_id: int, words: PageWords = WORDS, *, version: int = 0) -> str:
    """Write, share and publish the page of a finished idea; return its public key. Commits."""
    coach = cast.actor("coach")
    page_id = service.write_page(
        coach, idea_id=idea_id, words=words, seen_version=version, share=True
    )
    key = service.publish_page(
        coach,
        page_id=page_id,
        seen_version=queries.page(coach, page_id).version,
        why="It may help others.",
        is_looked_at=True,
    )
    db.session.commit()
    return key


def stopped_page(cast: Cast, **words: Any) -> str:
    """Return the public key of a page about something that was stopped, without numbers."""
    idea_id = finish_cycle(cast, "abandon", title="Photos")
    return publish(cast, idea_id, PageWords(**{**_words(WORDS), **words}))


def kept_page(cast: Cast, **words: Any) -> str:
    """Return the public key of a page about something that was kept, with its chart."""
    idea_id = judged_idea(cast, "improvement")
    keep(cast, idea_id)
    return publish(cast, idea_id, PageWords(**{**_words(WORDS), "title": "Kept", **words}))


def _words(words: PageWords) -> dict[str, Any]:
    return {name: getattr(words, name) for name in PageWords.__dataclass_fields__}
