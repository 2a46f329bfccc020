"""Words that may point to a person are marked for the reader, and the text stays whole."""

from __future__ import annotations

import time

import pytest

from improve.shared.identifiers import likely_identifiers, marked
from improve.shared.pointers import pointers

STAFF = (
    "Saoirse Whitebeam",
    "The\u00a0learning\u00a0team",
    "Duty and Front Desk",
    "Jo Li",
    "Sam Alder",
)


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


@pytest.mark.parametrize("number", ["01632 960155", "01632 960 155", "+44 1632 960155"])
def test_a_phone_number_is_one_and_no_reference(number: str) -> None:
    words = f"Ring {number} about it."
    assert [(part, kind) for part, kind in marked(words) if kind] == [(number, "a phone number")]
    assert likely_identifiers(words) == ["a phone number"]
    both = f"{words} Case 48201377."
    assert likely_identifiers(both) == ["a phone number", "a case or reference number"]


def test_an_account_of_several_people_is_nobodys_name() -> None:
    words = "The plan was lost. Team and duty knew. Duty rang. The desk did not. Front doors shut."
    assert kinds(words) == {}


def test_plain_words_are_not_marked() -> None:
    assert kinds("I waited and nobody told us why. I’m sad. My Mum said the learning is good") == {}
    assert pointers("") == []


@pytest.mark.security(6)
@pytest.mark.parametrize("words", ["A " * 9_000, "1 Aa " * 4_000, "Aa" * 9_000, "1" * 18_000])
def test_no_text_makes_it_slow(words: str) -> None:
    began = time.process_time()
    kinds(words)
    assert time.process_time() - began < 1
