"""Hints in what families wrote: they raise, and only raise."""

from __future__ import annotations

import pytest

from improve.voices.hints import STAFF_NAME, hints_in, may_mean_danger


@pytest.mark.parametrize(
    "words",
    [
        "My dad hits me",
        "He is HURTING  me at night",
        "I don’t feel safe at home",
        "i dont want to live",
        "self-harm",
        "k\u200bill my\u00adself",
        "Boję się taty, on mnie bije",
        "Chcę umrzeć",
        "وہ مجھے مارتا ہے",
        "mujhe dar lagta hai",
        "ابو سے ڈر لگتا ہے",
    ],
)
def test_words_that_may_mean_danger(words: str) -> None:
    assert may_mean_danger("", None, words)


@pytest.mark.parametrize(
    "words", ["The room was cold.", "Nobody told me when.", "Było miło.", "", "سب اچھا تھا"]
)
def test_plain_words_raise_nothing(words: str) -> None:
    assert not may_mean_danger(words)


def test_what_points_to_a_person() -> None:
    found = hints_in(["Ring me on 01632 960111", "Priya was kind"], staff=["Priya Nair", "Jo Li"])
    assert "a phone number" in found.kinds
    assert STAFF_NAME in found.kinds
    assert not found.may_be_danger


def test_a_name_inside_a_word_is_none() -> None:
    assert hints_in(["The marketing was good"], staff=["Mark Et"]).kinds == ()


def test_a_long_text_is_quick() -> None:
    assert not may_mean_danger("la " * 50_000)


def test_an_account_that_is_nobodys_is_no_name() -> None:
    """Or every text with “the” or “team” in it would be marked."""
    staff = ["The\u00a0learning\u00a0team", "Ada Weirhope"]
    assert not hints_in(["The team was kind."], staff=staff).kinds
    assert hints_in(["Ada was kind."], staff=staff).kinds == (STAFF_NAME,)
