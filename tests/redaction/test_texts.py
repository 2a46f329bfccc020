"""How phrases are found and what is left in their place. Pure."""

from __future__ import annotations

from datetime import date

import pytest

from improve.redaction.texts import (
    Name,
    hidden_line,
    holds,
    is_hidden,
    leaves_of,
    removed_line,
    with_leaf,
    without,
)

LEFT = removed_line("Coach", date(2026, 11, 28))


@pytest.mark.parametrize(
    ("words", "phrases", "left"),
    [
        ("Leo came", ["leo"], "[out] came"),
        ("Leon and Leo’s mum", ["Leo"], "Leon and [out]’s mum"),
        ("Leo\n  Birch came", ["Leo Birch"], "[out] came"),
        ("Leo Birch came", ["Leo", "Birch"], "[out] came"),
        ("12/03/2019, call", ["12/03/2019"], "[out], call"),
        ("a.b c", ["a.b"], "[out] c"),
        ("aXb c", ["a.b"], "aXb c"),
        ("Łukasz, łukasz", ["Łukasz"], "[out], [out]"),
    ],
)
def test_whole_words_in_any_case(words: str, phrases: list[str], left: str) -> None:
    assert without(words, phrases, left="[out]", most=500) == left
    assert holds(words, phrases) is (words != left)


def test_a_limit_is_kept() -> None:
    assert LEFT == "[words removed by coach, 28 Nov 2026]"
    assert without("Leo " + "x" * 50, ["Leo"], left=LEFT, most=60) == "[removed] " + "x" * 50
    assert len(without("Leo " + "x" * 50, ["Leo"], left=LEFT, most=54)) == 54


def test_the_line_left_fits_its_column() -> None:
    day = date(2026, 11, 26)
    line = hidden_line(Name("comment", 1, "words"), 2000, day)
    assert line == (
        "Hidden since Thu 26 Nov, until a coach or the data protection lead has read it."
        " It may identify someone."
    )
    short = hidden_line(Name("point", 1, "note"), 60, day)
    assert is_hidden(line)
    assert is_hidden(short)
    assert len(hidden_line(Name("measure", 1, "unit"), 30, day)) <= 30
    assert hidden_line(Name("idea", 1, "title"), 120, day) == "Title hidden"
    assert not is_hidden("Hidden since Thursday")


def test_texts_inside_plain_data() -> None:
    data = {"a": "one", "b": ["two", 3, {"c": "four"}]}
    assert leaves_of(data) == [("a", "one"), ("b/0", "two"), ("b/2/c", "four")]
    assert with_leaf(data, "b/2/c", "x") == {"a": "one", "b": ["two", 3, {"c": "x"}]}
    assert data["b"] == ["two", 3, {"c": "four"}]
