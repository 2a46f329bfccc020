"""The security page says each line, and what it says of tests is what their marks say."""

from __future__ import annotations

from tests.security_lines import LINES, PAGE, marked, rows, written


def test_each_line_stands_there_once_in_order_and_says_how_it_stands() -> None:
    said = rows(PAGE.read_text("utf-8"))
    assert list(said) == list(LINES)
    vague = [
        n for n, (what, _, state) in said.items() if len(what) < 40 or not state.startswith("holds")
    ]
    assert vague == []


def test_each_line_has_a_test_and_no_test_names_another() -> None:
    found = marked()
    assert [n for n in LINES if n not in found] == []
    assert sorted(set(found) - set(LINES)) == []


def test_the_page_names_the_tests_that_are_marked() -> None:
    page = PAGE.read_text("utf-8")
    assert written(page) == page, "run: python -m tests.security_lines"
