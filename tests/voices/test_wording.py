"""The words of the form: nothing missing, nothing that frightens or that children do not say."""

from __future__ import annotations

import re
from itertools import groupby

import pytest

from improve.voices.answer_wording import ANSWER_TEXTS
from improve.voices.kinds import SCALES, TOPICS, Wording
from improve.voices.queries.wording import catalogue
from improve.voices.wording import (
    AGES,
    LANGUAGES,
    TEXTS,
    WHO,
    WHOSE,
    Words,
)

#: Words that councils stopped using because young people asked.
NOT_SAID = "case client contact lac placement respite engagement siblings non-compliant feedback"
#: How many words a sentence of the younger wording has at most.
MOST_WORDS = 11


def test_words_of_one_page_stand_together() -> None:
    assert [page for page, _ in groupby(ANSWER_TEXTS, lambda name: name.split(".")[0])] == [
        "answer",
        "changed",
    ]


def test_every_choice_has_words() -> None:
    for wording in Wording:
        for topic in TOPICS[wording]:
            assert TEXTS[f"{wording.value}.about.{topic.value}"]
        for rating in range(1, SCALES[wording] + 1):
            assert TEXTS[f"{wording.value}.how.{rating}"]
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


@pytest.mark.parametrize(
    ("language", "readers", "said"),
    [
        ("en", ["Tamsin"], "Tamsin reads it. It is their job."),
        ("en", ["Stellan", "Tamsin"], "Stellan and Tamsin read it. It is their job."),
        ("en", ["Ana", "Bo", "Cy"], "Ana, Bo and Cy read it. It is their job."),
        ("en_easy", ["Stellan", "Tamsin"], "Stellan and Tamsin will read it. It is their job."),
        ("pl", ["Tamsin"], "To czyta: Tamsin. To praca tej osoby."),
        ("pl", ["Stellan", "Tamsin"], "To czytają: Stellan i Tamsin. To ich praca."),
        ("ur", ["Ana", "Bo", "Cy"], "اسے Ana، Bo اور Cy پڑھتے ہیں۔ یہ ان کا کام ہے۔"),
    ],
)
def test_names_one_reader_and_several(language: str, readers: list[str], said: str) -> None:
    words = Words(LANGUAGES[language], catalogue(language))
    assert words.with_readers("older.who_reads", readers) == said
    assert words.with_readers("all.about.who", readers)
