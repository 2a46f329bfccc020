"""Where a period begins, and what people call it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improve.measures.table_import import (
    next_period,
    period_start,
    period_words,
)
from improve.measures.table_import.periods import period_between
from tests.measures.test_read_tables import only_row


class TestPeriods:
    @pytest.mark.parametrize(
        ("period", "typed", "start", "words"),
        [
            ("week", "19/03/2026", date(2026, 3, 16), "19 Mar counts in the week of 16 Mar."),
            ("week", "01/01/2025", date(2024, 12, 30), "1 Jan 2025 counts in the week of 30 Dec"),
            ("month", "19/03/2026", date(2026, 3, 1), "19 Mar counts in March 2026."),
            ("quarter", "May 2026", date(2026, 4, 1), "1 May counts in April to June 2026."),
            ("year", "31/03/2026", date(2025, 4, 1), "31 Mar counts in 2025-26."),
        ],
    )
    def test_day_inside_a_period_moves_to_its_start(
        self, period: str, typed: str, start: date, words: str
    ) -> None:
        row = only_row(f"{typed},5\n", kind="value", period=period)
        assert (row.period_start, row.state) == (start, "new")
        assert row.hint.startswith(words)

    @pytest.mark.parametrize(
        ("period", "typed", "start"),
        [
            ("day", "19/03/2026", date(2026, 3, 19)),
            ("week", "16/03/2026", date(2026, 3, 16)),
            ("month", "Mar 2026", date(2026, 3, 1)),
            ("month", "2011-12", date(2011, 12, 1)),
            ("quarter", "April 2026", date(2026, 4, 1)),
            ("year", "2023-24", date(2023, 4, 1)),
            ("year", "2023/24", date(2023, 4, 1)),
            ("year", "202324", date(2023, 4, 1)),
            ("year", "2011-12", date(2011, 4, 1)),
            ("year", "1999-00", date(1999, 4, 1)),
        ],
    )
    def test_first_day_stays(self, period: str, typed: str, start: date) -> None:
        row = only_row(f"{typed},5\n", kind="value", period=period)
        assert (row.period_start, row.hint) == (start, "")

    def test_bare_year_could_be_two(self) -> None:
        row = only_row("period,value\n2024,5\n", kind="value", period="year")
        assert row.words == "“2024” could be one of two financial years"

    @given(st.dates(date(1900, 1, 8), date(2100, 1, 1)))
    def test_periods_follow_on(self, day: date) -> None:
        for period in ("day", "week", "month", "quarter", "year"):
            start = period_start(day, period)
            after = next_period(start, period)
            assert start <= day < after
            assert period_start(after, period) == after
            assert period_start(after - timedelta(days=1), period) == start
            assert period_words(start, period, this_year=day.year)

    def test_period_is_known_by_its_dates(self) -> None:
        def starts(period: Any) -> list[date]:
            found = [period_start(date(2024, 1, 9), period)]
            while len(found) < 9:
                found.append(next_period(found[-1], period))
            return found

        for period in ("day", "week", "month", "quarter", "year"):
            assert period_between(starts(period)) == period
        assert period_between([]) == "day"
