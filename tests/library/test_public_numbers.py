"""Small numbers on public pages: not drawn, named as gaps, and not to be computed from the rest."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from improve.ideas.kinds import Outcome
from improve.library.public_numbers import (
    PublicMeasure,
    is_small,
    public_measure_of,
    reading_of,
)
from improve.library.public_pages import (
    kept_of,
    page_facts,
    page_of_kept,
    public_page_of,
    team_said,
)
from improve.measures.reading import read
from improve.measures.views import MeasureView, ObservationView, WindowView
from tests.conftest import NOW
from tests.library.pages import WORDS

FIRST = date(2025, 9, 1)


def measure(recorded: str, **facts: Any) -> MeasureView:
    plain: dict[str, Any] = dict.fromkeys(
        [
            "top_name",
            "bottom_name",
            "numerator",
            "denominator",
            "left_out",
            "source",
            "licence",
            "caution",
        ],
        "",
    )
    return MeasureView(
        id=1,
        organisation_id=1,
        team_id=None,
        name="Children seen alone",
        kind="outcome",
        recorded=recorded,  # type: ignore[arg-type]
        unit=facts.pop("unit", ""),
        better_when="higher",
        frequency="week",
        chart=None,
        partner_id=None,
        owner_id=None,
        lookback_days=None,
        version=1,
        closed_on=None,
        **{**plain, **facts},
    )


def point(
    n: int, value: float | None = None, top: Any = None, whole: Any = None
) -> ObservationView:
    return ObservationView(1, FIRST + timedelta(weeks=n), value, top, whole, id=n)


def window(starts: int, judged: bool = True) -> WindowView:
    return WindowView(
        id=1,
        idea_id=9,
        cycle_number=1,
        measure_id=1,
        measure_name="Children seen alone",
        better_when="higher",
        place="main",
        label="Kai’s visits, cycle 1",
        starts_on=FIRST + timedelta(weeks=starts),
        ends_on=None,
        is_judged=judged,
        is_current=True,
        verdict_code=None,
    )


@pytest.mark.parametrize(
    ("recorded", "top", "whole", "small"),
    [
        ("proportion", 0, 20, False),
        ("proportion", 1, 20, True),
        ("proportion", 4, 20, True),
        ("proportion", 5, 20, False),
        ("proportion", 15, 20, False),
        ("proportion", 16, 20, True),
        ("proportion", 19, 20, True),
        ("proportion", 20, 20, False),
        ("proportion", 3, 3, True),
        ("rate", 3, 2310, True),
        ("rate", 5, 2310, False),
    ],
)
def test_a_count_from_one_to_four_or_its_rest_is_small(
    recorded: str, top: int, whole: int, small: bool
) -> None:
    assert is_small(point(0, top=top, whole=whole), measure(recorded)) is small


@pytest.mark.parametrize(
    ("recorded", "unit", "value", "small"),
    [
        ("count", "moves", 0, False),
        ("count", "moves", 4, True),
        ("count", "moves", 5, False),
        ("value", "children", 3, True),
        ("value", "days", 3, False),
        ("value", "£", 4, False),
        ("value", "children", 3.5, False),
    ],
)
def test_single_values(recorded: str, unit: str, value: float, small: bool) -> None:
    assert is_small(point(0, value), measure(recorded, unit=unit)) is small


def test_times_of_few_cases_and_single_events_stay_inside() -> None:
    few = replace(point(0, 12.0), raw_values=(10.0, 12.0, 14.0))
    many = replace(point(0, 12.0), raw_values=(10.0, 11.0, 12.0, 13.0, 14.0))
    assert is_small(few, measure("times"))
    assert not is_small(many, measure("times"))
    events = [point(n, float(20 + n)) for n in range(9)]
    assert public_measure_of(read(measure("days_between"), events, ())) is None


def given(recorded: str, observations: Sequence[ObservationView], starts: int) -> PublicMeasure:
    reading = read(measure(recorded, unit="moves"), observations, [window(starts)])
    found = public_measure_of(reading)
    assert found is not None
    return found


@pytest.mark.parametrize("recorded", ["proportion", "rate", "count"])
@pytest.mark.parametrize("seed", range(20))
def test_nothing_given_depends_on_what_is_hidden(recorded: str, seed: int) -> None:
    """Any hidden values: the same lines, verdict, doubt and facts. So none can be computed."""
    chance = random.Random(seed)  # noqa: S311 - a series for a test
    size, starts = chance.randint(9, 40), chance.randint(8, 26)
    shown: list[Any] = []
    for n in range(size):
        if chance.random() < 0.25:
            shown.append(None)
        elif recorded == "count":
            shown.append(point(n, float(chance.choice([0, *range(5, 15)]))))
        else:
            whole = chance.randint(10, 30)
            shown.append(point(n, top=float(chance.randint(5, whole - 5)), whole=float(whole)))

    def one_way() -> list[ObservationView]:
        made = []
        for n, kept in enumerate(shown):
            if kept is not None:
                made.append(kept)
            elif recorded == "count":
                made.append(point(n, float(chance.randint(1, 4))))
            else:
                whole = chance.randint(9, 60)
                few = chance.randint(1, 4)
                top = few if recorded == "rate" or chance.random() < 0.5 else whole - few
                made.append(point(n, top=float(top), whole=float(whole)))
        return made

    first = given(recorded, one_way(), starts)
    assert [p.is_suppressed for p in first.points] == [kept is None for kept in shown]
    for _ in range(3):
        other = given(recorded, one_way(), starts)
        assert other == first
        drawn = [str(reading_of(m).views("idea")) for m in (first, other)]
        assert drawn[0] == drawn[1]


def test_no_note_reason_or_label_goes_along() -> None:
    observations = [
        replace(point(n, top=10.0 + n % 3, whole=20.0), note="Kai was ill", excluded_reason="")
        for n in range(30)
    ]
    observations[3] = replace(observations[3], excluded_reason="Kai’s mother complained")
    found = given("proportion", observations, 20)
    page = public_page_of(
        key="0123456789abcdef",
        version=2,
        words=WORDS,
        outcome=Outcome.ABANDONED,
        finished_at=NOW,
        decided_at=NOW,
        kind_of_team="",
        reading=read(measure("proportion"), observations, [window(20)]),
    )
    assert "Kai" not in repr(found)
    assert "Kai" not in json.dumps(page_facts(page))
    assert page_of_kept(json.loads(json.dumps(kept_of(page)))) == page
    assert page_facts(page)["measure"]["points"][0] == {"x": "2025-09-01", "value": 50.0}
    assert "numerator" not in json.dumps(page_facts(page))


def test_where_nothing_is_hidden_the_verdict_is_the_same() -> None:
    observations = [point(n, top=10.0 + n % 2, whole=20.0) for n in range(24)]
    observations += [point(24 + n, top=15.0, whole=20.0) for n in range(9)]
    reading = read(measure("proportion"), observations, [window(24)])
    found = public_measure_of(reading)
    assert reading.verdict is not None
    assert found is not None
    assert found.verdict is not None
    assert found.verdict.code == reading.verdict.code == "improvement"
    assert found.verdict.words == reading.verdict.words.in_full
    assert found.chart == reading.analysis.chart


def test_a_name_stands_for_five_people() -> None:
    assert team_said([("Riverside", 5), ("Families", 40)]) == "Riverside"
    assert team_said([("Riverside", 4), ("Families", 40)]) == "Families"
    assert team_said([("Riverside", 4), ("Families", 4)]) == ""
