"""Words of a query, and where a text holds them."""

from __future__ import annotations

import pytest

from improve.shared.query_words import QUERY_MOST, WORDS_MOST, fold, words_of
from improve.shared.search_words import SNIPPET_LENGTH, is_too_short, marked, snippet


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (None, ()),
        ("", ()),
        ("  ", ()),
        ("Photo visit", ("photo", "visit")),
        ("visits families boxes processes churches", ("visit", "famil", "box", "process", "church")),
        ("status this class bus gas", ("status", "this", "class", "bus", "gas")),
        ("don't", ("don",)),
        ("t", ("t",)),
        ("photo photo PHOTO", ("photo",)),
        ("café Ångström naïve", ("cafe", "angstrom", "naive")),
        ("Київ й", ("київ",)),
        ('"photo" AND -visit* title:x', ("photo", "and", "visit", "title")),
        ("snake_case", ("snake", "case")),
        ("15-minute 3rd COVID-19", ("15", "minute", "3rd", "covid", "19")),
        ("🦔 \u200b \u202e", ()),
        ("a" * 90, ("a" * 40,)),
        (" ".join(f"w{n}x" for n in range(40)), tuple(f"w{n}x" for n in range(WORDS_MOST))),
        ("x" * QUERY_MOST + " never", ("x" * 40,)),
    ],
)  # fmt: skip
def test_only_words_are_left(query: str | None, words: tuple[str, ...]) -> None:
    assert words_of(query) == words
    assert all(word.isalnum() for word in words_of(query))


def test_a_single_letter_is_too_short_and_a_digit_is_not() -> None:
    assert is_too_short(("v",))
    assert not is_too_short(("7",))
    assert not is_too_short(("ok",))
    assert not is_too_short(())


def test_folding_keeps_letters_of_other_scripts() -> None:
    assert fold("É e\u0301 Й ß ø") == "e e й ß ø"


def in_brackets(pieces: tuple[object, ...]) -> str:
    return "".join(f"[{p.text}]" if p.is_match else p.text for p in pieces)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Visits, and a revisit", ("visit",), "[Visits], and a revisit"),
        ("Le café", ("cafe",), "Le [café]"),
        ("Le cafe\u0301.", ("cafe",), "Le [cafe\u0301]."),
        ("<b>photo</b>", ("photo",), "<b>[photo]</b>"),
        ("nothing", ("photo",), "nothing"),
        ("", ("photo",), ""),
    ],
)
def test_words_found_are_marked_whole(text: str, words: tuple[str, ...], shown: str) -> None:
    assert in_brackets(marked(text, words)) == shown


def test_a_snippet_is_cut_between_words_around_the_first_found() -> None:
    text = "before " * 40 + "the photo came " + "after " * 40
    shown = in_brackets(snippet(["", None, "no such", text], ("photo",)))
    assert "the [photo] came" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < SNIPPET_LENGTH + 12


def test_a_snippet_of_one_long_word_is_still_short() -> None:
    shown = snippet(["x" * 5000], ("xx",))
    assert sum(len(piece.text) for piece in shown) <= SNIPPET_LENGTH + 4
    assert snippet([], ("a",)) == ()
    assert snippet([" ", None], ("a",)) == ()


def test_the_text_with_most_of_the_words_is_shown() -> None:
    shown = in_brackets(snippet(["a photo", "a photo of the visit"], ("photo", "visit")))
    assert shown == "a [photo] of the [visit]"
