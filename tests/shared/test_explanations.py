"""Words that need training are explained where they are asked for, shortly and with an example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from improve.shared.explanations import EXPLANATIONS
from tests.reading_age import reading_age, words_of

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
MOST_WORDS = 40
#: An example says so, or stands in quotation marks.
_EXAMPLE = re.compile(r"[Ff]or example|“")


@pytest.mark.parametrize("key", EXPLANATIONS)
def test_it_is_short_and_has_an_example(key: str) -> None:
    said = EXPLANATIONS[key]
    assert len(words_of(said.words)) <= MOST_WORDS
    assert _EXAMPLE.search(said.words)
    assert said.question.endswith("?")
    assert reading_age(said.words) <= 5 + 8


def test_each_stands_by_a_field() -> None:
    pages = [page.read_text() for page in TEMPLATES.rglob("*.html")]
    asked = {key for page in pages for key in re.findall(r"what_is\(\"(\w+)\"", page)}
    assert asked == set(EXPLANATIONS)
