"""Which question comes next: danger first, always, and a locked voice asks nothing more."""

from __future__ import annotations

from itertools import product

from improve.voices.reading import STEP_WORDS, Read, Step, next_step


def test_danger_is_asked_before_anything() -> None:
    for staff, complaint in product((None, True, False), repeat=2):
        read = Read(None, staff, complaint, is_settled=True)
        assert next_step(read) is Step.DANGER


def test_a_danger_and_an_allegation_end_the_questions() -> None:
    assert next_step(Read(True)) is None
    assert next_step(Read(False, True)) is None


def test_each_no_leads_on() -> None:
    assert next_step(Read(False)) is Step.STAFF
    assert next_step(Read(False, False)) is Step.COMPLAINT
    assert next_step(Read(False, False, False)) is Step.WORDS
    assert next_step(Read(False, False, True)) is Step.WORDS, "a complaint still teaches"
    assert next_step(Read(False, False, False, is_settled=True)) is Step.USE
    settled = Read(False, False, False, is_settled=True, is_used=True)
    assert next_step(settled) is Step.ANSWER
    assert next_step(Read(False, False, False, True, True, True)) is None


def test_every_step_has_words() -> None:
    assert list(STEP_WORDS) == list(Step)
