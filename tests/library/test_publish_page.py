"""Publishing a learning page: what goes out, what is refused, and that it can be taken back."""

from __future__ import annotations

from flask import Flask

from improve.library import queries, service
from improve.library.learning import PageWords
from tests.factories import Cast, finish_cycle

WORDS = PageWords(
    title="A photo before the first visit",
    was_hard="Children did not know who was coming.",
    tried="A photo and two lines, sent two days before.",
    happened="All five children knew the name.",
    use_when="A worker is new to a child.",
)


def test_a_page_goes_out_as_it_was_decided(cast: Cast, context: Flask) -> None:
    idea = finish_cycle(cast, "abandon", title="Photos")
    page = service.write_page(cast.actor("practitioner"), idea_id=idea, words=WORDS, share=True)
    coach = cast.actor("coach")
    shown = queries.page(coach, page)
    key = service.publish_page(
        coach, page_id=page, seen_version=shown.version, why="It may help others."
    )
    found = queries.public_page("larchdale-council", key)
    assert found.page is not None
    assert found.page.title == WORDS.title
    assert found.page.ending == "stopped"
    assert [p.key for p in queries.public_pages("larchdale-council").pages] == [key]
