"""Words that may point to a person are marked for the reader, and the text stays whole."""

from __future__ import annotations

import time

import pytest

from improve.shared.pointers import pointers

STAFF = ("Saoirse Whitebeam", "The learning team", "Jo Li", "Sam Alder")


def kinds(words: str) -> dict[str, str]:
    found = pointers(words, staff=STAFF)
    assert "".join(part for part, _kind in found) == words
    return {part: kind for part, kind in found if kind}


def test_names_places_days_ages_and_rare_facts_are_marked() -> None:
    assert kinds(
        "Saoirse was good with the twins at 14 Alder Row. She rang on Tuesday so Jamie knew. We "
        "waited three weeks. I am 12 and go to Hillside Primary. Ring me on 01632 960155."
    ) == {
        "Saoirse": "a name of staff",
        "the twins": "a rare fact",
        "14 Alder Row": "a place",
        "on Tuesday": "a day or time",
        "Jamie": "a name",
        "three weeks": "an exact time",
        "I am 12": "an age",
        "Hillside Primary": "a place",
        "01632 960155": "a phone number",
    }


def test_plain_words_are_not_marked() -> None:
    assert kinds("I waited and nobody told us why. I’m sad. My Mum said the learning is good") == {}
    assert pointers("") == []


@pytest.mark.parametrize("words", ["A " * 9_000, "1 Aa " * 4_000, "Aa" * 9_000, "1" * 18_000])
def test_no_text_makes_it_slow(words: str) -> None:
    began = time.process_time()
    kinds(words)
    assert time.process_time() - began < 1
