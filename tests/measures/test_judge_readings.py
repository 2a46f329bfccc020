"""How stored numbers and dates are taken for judging: several times, ends, a reader's own day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from improve.measures.judging import judge_window, observed
from improve.measures.reading import read
from improve.measures.views import MeasureView, ObservationView, WindowView
from improve.shared import clock

FIRST = date(2026, 1, 5)


def measure_view(**details: object) -> MeasureView:
    """A measure that is stored nowhere."""
    given: dict[str, object] = dict.fromkeys(
        ("name", "kind", "unit", "top_name", "bottom_name", "numerator", "denominator"), ""
    )
    given |= dict.fromkeys(("left_out", "source", "licence", "caution"), "")
    given |= dict.fromkeys(("team_id", "chart", "partner_id", "owner_id", "lookback_days"))
    given |= {"id": 1, "organisation_id": 1, "better_when": "higher", "frequency": "week"}
    given |= {"version": 1, "closed_on": None}
    return MeasureView(**given | details)  # type: ignore[arg-type]


def window_view(**details: object) -> WindowView:
    """A judged test that is stored nowhere."""
    given: dict[str, object] = {
        "id": 1,
        "idea_id": 7,
        "cycle_number": 1,
        "measure_id": 1,
        "measure_name": "",
        "better_when": "higher",
        "place": "main",
        "label": "Cycle 1",
        "ends_on": None,
        "is_judged": True,
        "is_current": True,
        "verdict_code": None,
    }
    return WindowView(**given | details)  # type: ignore[arg-type]


def test_one_time_by_itself_stands_for_one_case() -> None:
    measure = measure_view(recorded="times")
    points = [
        ObservationView(1, FIRST + timedelta(weeks=at), 9.0, None, None, raw_values=raw)
        for at, raw in enumerate([None, (8.0, 10.0), None])
    ]
    assert [row.raw for row in observed(measure, points)] == [(9.0,), (8.0, 10.0), (9.0,)]
    value = measure_view(recorded="value")
    assert [row.raw for row in observed(value, points[:1])] == [()]
    window = window_view(starts_on=FIRST + timedelta(weeks=40))
    many = [
        ObservationView(1, FIRST + timedelta(weeks=at), 5.0 + at % 3, None, None)
        for at in range(50)
    ]
    _, verdict = judge_window(measure, many, window, [window])
    assert verdict.facts["typical_denominator"] == 1
    assert "Each point rests on about 1 case, so points swing widely." in verdict.doubt


def test_a_closed_test_shows_no_points_to_come() -> None:
    points = [
        ObservationView(1, FIRST + timedelta(weeks=at), 5.0 + at % 3, None, None)
        for at in range(22)
    ]
    starts_on, ends_on = FIRST + timedelta(weeks=20), FIRST + timedelta(weeks=24)
    shown = [
        read(
            measure_view(recorded="value"),
            points,
            [window_view(starts_on=starts_on, ends_on=end)],
        )
        for end in (None, ends_on)
    ]
    assert [r.verdict.code if r.verdict else "" for r in shown] == ["too_early"] * 2
    with clock.moved(datetime(2027, 1, 4, 9, tzinfo=UTC)):
        over = read(
            measure_view(recorded="value"),
            points,
            [window_view(starts_on=starts_on, ends_on=ends_on)],
        )
    assert shown[0]._around(with_notes=False)["to_come"] == 5
    assert over._around(with_notes=False)["to_come"] == 0


def test_a_reader_s_own_day_is_called_that_day() -> None:
    points = [
        ObservationView(1, FIRST + timedelta(weeks=at), 5.0 + at % 3, None, None)
        for at in range(32)
    ]
    day = window_view(idea_id=0, starts_on=FIRST + timedelta(weeks=20))
    reading = read(measure_view(recorded="value"), points, [day])
    assert reading.words is not None
    assert "points since that day look like" in reading.words.sentence
    test = window_view(starts_on=FIRST + timedelta(weeks=20))
    tested = read(measure_view(recorded="value"), points, [test])
    assert tested.words is not None
    assert "points since the change look like" in tested.words.sentence
