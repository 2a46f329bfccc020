"""Six words in a row are somebody's own way of saying it."""

from __future__ import annotations

from improve.shared.quoting import quotes

WORDS = "We waited some weeks for the first visit and no one told us why."


def test_six_words_in_a_row_are_a_quote() -> None:
    assert quotes("We WAITED some weeks for the", [WORDS])
    assert not quotes("waited some weeks for the", [WORDS])
    assert not quotes("Nobody said how long it takes.", [WORDS, ""])


def test_what_may_be_quoted_is_none() -> None:
    assert not quotes(WORDS, [WORDS], but=WORDS)
