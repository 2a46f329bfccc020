"""Languages of the form: every text is there, fills in the same places, and holds no number."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from babel.messages.pofile import read_po

from improve.voices.queries.wording import catalogue
from improve.voices.wording import TEXTS

#: Each is whole as a draft, and off until somebody who speaks it has read it.
WHOLE = ("en_easy", "pl", "ur")


@pytest.mark.parametrize("language", ["en_easy", "pl", "ur"])
def test_texts_are_of_today(language: str) -> None:
    file = resources.files("improve.voices").joinpath("catalogues", f"{language}.po")
    with file.open("rb") as opened:
        found = {message.context: message for message in read_po(opened) if message.context}
    # A text whose English changed must be looked at again.
    assert {name: found[name].id for name in found} == {name: TEXTS[name] for name in found}
    if language in WHOLE:
        assert set(found) == set(TEXTS)


@pytest.mark.parametrize("language", ["en_easy", "pl", "ur"])
def test_fills_in_the_same_places(language: str) -> None:
    texts = catalogue(language)
    for name, english in TEXTS.items():
        assert sorted(re.findall(r"\{\w+\}", texts[name])) == sorted(
            re.findall(r"\{\w+\}", english)
        )
        assert "999" not in texts[name]
        assert "0800" not in texts[name]
