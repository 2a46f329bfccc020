"""Changes between what was written and what others may read, in numbered pieces."""

from __future__ import annotations

from time import process_time

import pytest

from improve.shared.marked_changes import RULE_WORDS, Kind, Rule, marked_changes

WRITTEN = "Our worker Saoirse was brilliant. She rang on Tuesday before. Ring me on 01632 960155."
NOW = "A worker was brilliant. She rang before. [removed]."


def test_each_change_has_a_number_on_both_sides() -> None:
    marked = marked_changes(WRITTEN, NOW)
    numbers = [change.n for change in marked.changes]
    assert numbers == list(range(1, len(numbers) + 1))
    for side in (marked.written, marked.now):
        assert [piece.n for piece in side if piece.n] == numbers


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (WRITTEN, NOW),
        ("", ""),
        ("", "New"),
        ("Gone", ""),
        ("Zażółć\ngęślą  jaźń 🙂 ", "Zażółć 🙂"),
        ("مرحبا بكم", "بكم"),
        ("a" * 4000, "b " * 2000),
        ("_x_ -- ’ ... @", "…"),
    ],
)
def test_joined_pieces_are_the_texts_again(before: str, after: str) -> None:
    marked = marked_changes(before, after)
    assert "".join(piece.words for piece in marked.written) == before
    assert "".join(piece.words for piece in marked.now) == after


def test_a_replaced_a_removed_and_an_unknown_word_differ() -> None:
    kinds = [
        marked_changes("Jamie knew it", after).changes[0].kind
        for after in ("A child knew it", "knew it", "[removed] knew it", "[not known] knew it")
    ]
    assert kinds == [Kind.REPLACED, Kind.REMOVED, Kind.REMOVED, Kind.NOT_KNOWN]


def test_two_words_of_a_name_are_one_change() -> None:
    (change,) = marked_changes("We saw Ann Marie today", "We saw a worker today").changes
    assert (change.written, change.now) == ("Ann Marie", "a worker")


def test_the_same_text_and_other_blanks_are_no_change() -> None:
    assert not marked_changes(WRITTEN, WRITTEN).changes
    assert not marked_changes("One\ntwo", "One two").changes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 2_000, "a " * 1_999),
        ("a b " * 1_000, "b a c " * 660),
        ("a b c d e f g h " * 250, "h g f e d c b a " * 250),
        ("!" * 4_000, "!?" * 2_000),
        # Hardly a word is the same, such as a text beside its translation.
        (" ".join(f"a{n}" for n in range(700)), " ".join(f"b{n}" for n in range(700))),
        (" ".join(f"a{n}" for n in range(700)), " ".join(f"a{n}" for n in range(699, -1, -1))),
        ("a b " * 86, "b a c " * 57),
    ],
)
def test_no_text_makes_its_reader_wait(before: str, after: str) -> None:
    began = process_time()
    marked = marked_changes(before, after)
    assert process_time() - began < 4
    assert "".join(piece.words for piece in marked.written) == before
    assert "".join(piece.words for piece in marked.now) == after


def test_a_text_said_over_and_over_is_compared_from_its_beginning() -> None:
    (change,) = marked_changes("help " * 400 + "Dylan", "help " * 400 + "me").changes
    assert (change.written, change.now) == ("Dylan", "me")


def test_every_rule_has_words() -> None:
    assert set(RULE_WORDS) == set(Rule)
