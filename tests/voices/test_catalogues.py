"""Languages of the form: every text is there, fills in the same places, and holds no number."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from improve.voices.queries.wording import catalogue
from improve.voices.wording import TEXTS

PAGES = Path(__file__).resolve().parents[2] / "templates" / "voices"
#: Every page that families are asked or answered on.
SPOKEN = [
    *sorted(PAGES.glob("say_*.html")),
    *(PAGES / f"{name}.html" for name in ("look_up", "receipt_answer", "changed", "answer_base")),
]
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


def test_every_text_has_a_draft_in_each_language() -> None:
    """Easy read may say a short text as it is; Polish and Urdu say nothing in English."""
    for language in ("pl", "ur"):
        texts = catalogue(language)
        assert [name for name in TEXTS if not texts[name] or texts[name] == TEXTS[name]] == []
    assert all(catalogue("en_easy")[name] for name in TEXTS)


@pytest.mark.parametrize("page", SPOKEN, ids=lambda page: page.stem)
def test_no_page_of_the_form_says_a_word_past_the_catalogues(page: Path) -> None:
    said = re.sub(r"\{#.*?#\}", "", page.read_text(), flags=re.DOTALL)
    # What no eye and no ear meets: it is there for machines to fill in.
    said = re.sub(
        r'<div class="say-trap".*?</div>|{% block (?:say|page)_class %}.*?endblock', "", said
    )
    names = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', said)
    blocks = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
    texts = [re.sub(r"<[^>]*>", " ", blocks.sub("", said)), *(blocks.sub("", one) for one in names)]
    assert not re.findall(r"[A-Za-z]{2,}", " ".join(texts))


@pytest.mark.parametrize("language", ["en_easy", "pl", "ur"])
def test_fills_in_the_same_places(language: str) -> None:
    texts = catalogue(language)
    for name, english in TEXTS.items():
        assert sorted(re.findall(r"\{\w+\}", texts[name])) == sorted(
            re.findall(r"\{\w+\}", english)
        )
        assert "999" not in texts[name]
        assert "0800" not in texts[name]
