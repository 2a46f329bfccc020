"""Every text of the form is read by somebody tired at the end of a day: school grade 9 at most."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from improve.incidents import kinds
from improve.incidents.factors import FACTORS
from improve.incidents.wording import PROMISE, ROUTES, TEXTS
from tests.reading_age import reading_age, words_of

#: From how many words a text is prose; the measure says nothing of a label of one or two words.
PROSE = 8
#: Grade 9 is read at about 14 years. One short text swings with a single long word; the whole,
#: which is what somebody reads, has to be easier.
EACH, ALL = 14.0, 10.0
TEMPLATES = Path(__file__).parents[2] / "templates" / "incidents"


def test_all_of_the_form() -> None:
    prose = [text for text in TEXTS.values() if len(words_of(text)) >= PROSE]
    assert len(prose) > 50
    assert reading_age(*prose) <= ALL
    assert reading_age(*(factor.prompt for factor in FACTORS)) <= ALL


@pytest.mark.parametrize("name", [*TEXTS, "promise"])
def test_each_text(name: str) -> None:
    text = TEXTS.get(name, PROMISE)
    if len(words_of(text)) >= PROSE:
        assert reading_age(text) <= EACH


@pytest.mark.parametrize("name", ["look_up", "receipt"])
def test_each_sentence_of_the_answer(name: str) -> None:
    """With what stands in each state of a report."""
    source = (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")
    prose = re.sub(
        r"\{%.*?%\}|\{#.*?#\}", "\n", re.sub(r"\{\{.*?\}\}", "5", source), flags=re.DOTALL
    )
    texts = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<p[ >].*?</p>", prose, re.DOTALL)]
    long_enough = [text for text in texts if len(words_of(text)) >= PROSE]
    assert len(long_enough) >= 2
    assert [text for text in long_enough if reading_age(text) > EACH] == []
    assert reading_age(*long_enough) <= ALL


def test_anonymous_is_said_only_where_it_is_true() -> None:
    """By the link, of what is not signed in; what all read speaks of it only to say it is over."""
    said = {name for name, text in TEXTS.items() if "anonym" in text.lower()}
    assert said == {
        "link.known.title", "link.known", "link.signed_in.known", "call_back.warn",
    }  # fmt: skip
    assert "not anonymous" in TEXTS["link.signed_in.known"]
    assert "no longer anonymous" in TEXTS["call_back.warn"]


def test_no_text_promises_what_no_text_can() -> None:
    for name, text in TEXTS.items():
        assert not re.search(r"\b(immun|guarantee|never be found|100%)", text, re.I), name


def test_each_route_out_has_a_text() -> None:
    assert {f"route.{route.value}" for route in kinds.Route} <= set(ROUTES)
