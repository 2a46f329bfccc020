"""Times of day as people type them."""

from __future__ import annotations

import contextlib
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improve.shared.parsing import NotReadable, parse_time


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("09:30", time(9, 30)),
        ("9.30", time(9, 30)),
        ("0930", time(9, 30)),
        (" 9 ", time(9)),
        ("9am", time(9)),
        ("2 pm", time(14)),
        ("2.15PM", time(14, 15)),
        ("12am", time(0)),
        ("12:05 p.m.", time(12, 5)),
        ("23:59", time(23, 59)),
        ("14:00:00", time(14)),
    ],
)
def test_what_people_type_is_read(typed: str, read: time) -> None:
    assert parse_time(typed) == read


@pytest.mark.parametrize(
    "typed", ["", "soon", "25:00", "9:60", "13pm", "0am", "9:3", "１２:００", "x" * 90]
)
def test_what_is_no_time_is_refused_with_a_way_to_write_it(typed: str) -> None:
    with pytest.raises(NotReadable) as raised:
        parse_time(typed)
    assert raised.value.words
    assert len(typed) > 60 or raised.value.hint == "Type it like 09:30."


@given(st.times())
def test_every_minute_of_the_day_is_read_back(at: time) -> None:
    assert parse_time(f"{at:%H:%M}") == at.replace(second=0, microsecond=0)


@given(st.text(max_size=70))
def test_any_text_is_read_or_refused(typed: str) -> None:
    with contextlib.suppress(NotReadable):
        parse_time(typed)
