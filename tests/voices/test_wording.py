"""The words of the form: nothing missing, nothing that frightens or that children do not say."""

from __future__ import annotations

import re

import pytest

from improve.voices.kinds import SCALES, TOPICS, Wording
from improve.voices.wording import (
    AGES,
    TEXTS,
    WHO,
    WHOSE,
    name_of_rating,
    name_of_topic,
)

#: Words that councils stopped using because young people asked.
NOT_SAID = "case client contact lac placement respite engagement siblings non-compliant feedback"
#: How many words a sentence of the younger wording has at most.
MOST_WORDS = 11


def test_every_choice_has_words() -> None:
    for wording in Wording:
        for topic in TOPICS[wording]:
            assert TEXTS[name_of_topic(wording, topic)]
        for rating in range(1, SCALES[wording] + 1):
            assert TEXTS[name_of_rating(wording, rating)]
    for _, name in (*WHO, *WHOSE, *AGES):
        assert TEXTS[name]


def test_the_three_wordings_say_the_same_things() -> None:
    said = {
        wording: {
            name.split(".", 1)[1]
            for name in TEXTS
            if name.startswith(f"{wording.value}.")
            and ".about." not in name
            and ".how." not in name
        }
        for wording in Wording
    }
    assert said[Wording.YOUNGER] == said[Wording.OLDER] == said[Wording.ADULT]


@pytest.mark.parametrize("name", TEXTS)
def test_plain_and_kind(name: str) -> None:
    words = TEXTS[name]
    assert words == words.strip()
    assert words
    assert not set(re.findall(r"[\w-]+", words.lower())) & set(NOT_SAID.split())
    assert "999" not in words
    assert "0800" not in words


@pytest.mark.parametrize("name", [name for name in TEXTS if name.startswith("younger.")])
def test_short_sentences_for_the_younger(name: str) -> None:
    for sentence in re.split(r"[.?!]", TEXTS[name]):
        assert len(sentence.split()) <= MOST_WORDS
