"""The file of a measure's numbers, of every kind, makes the same numbers again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from improve.measures import queries, service
from improve.measures.number_words import number_words
from improve.measures.routes.downloads import rows_of
from improve.measures.service import NewPoint
from improve.measures.table_import import Kind, read_observations, read_table
from improve.measures.views import MeasureView, ObservationView
from improve.shared.db import db
from improve.shared.export import csv_file
from tests.factories import Cast, make_measure
from tests.pages import Visitor, words

Visit = Callable[..., Visitor]
KINDS: tuple[Kind, ...] = (
    *("proportion", "rate", "count", "value", "times", "days_between", "cases_between"),
)
FIRST = date(2024, 1, 1)

whole = st.integers(0, 100_000).map(float)
broken = st.one_of(whole, st.floats(0.001, 1e6).map(lambda x: round(x, 4)))
signed = st.one_of(broken, broken.map(lambda x: -x))
note = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029"),
    max_size=60,
).map(lambda text: " ".join(text.split()))
dangerous = st.sampled_from(["=1+1", "@SUM(A1)", "-2+3", "+44", "'=x", "＝cmd", 'a "b", c; d'])


def numbers_of(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Numbers that a measure of this kind may have."""
    if kind == "proportion":
        pair = st.tuples(whole, st.integers(1, 100_000).map(float))
        return pair.map(lambda p: {"numerator": min(p), "denominator": max(*p, 1.0)})
    if kind == "rate":
        return st.fixed_dictionaries(
            {"numerator": whole, "denominator": broken.filter(lambda x: x > 0)}
        )
    if kind == "times":
        return st.lists(broken, min_size=1, max_size=9).map(lambda t: {"raw_values": tuple(t)})
    return (signed if kind == "value" else broken if kind == "days_between" else whole).map(
        lambda v: {"value": v}
    )


def points_of(kind: str) -> st.SearchStrategy[list[NewPoint]]:
    """Points on different days, some with notes, some left out."""
    one = st.tuples(
        st.integers(0, 900),
        numbers_of(kind),
        st.one_of(note, dangerous),
        st.one_of(st.just(""), note),
    )
    return st.lists(one, min_size=1, max_size=12, unique_by=lambda p: p[0]).map(
        lambda found: [
            NewPoint(FIRST + timedelta(days=day), note=said, left_out=why, **numbers)
            for day, numbers, said, why in sorted(found, key=lambda p: p[0])
        ]
    )


def view_of(kind: Kind) -> MeasureView:
    """A daily measure of this kind."""
    return MeasureView(
        *(
            1,
            1,
            None,
            "Any",
            "process",
            kind,
            "",
            "higher",
            "day",
            "Made",
            "Due",
            "",
            "",
            "",
            "",
            "",
        ),
        *("", None, None, None, None, 1, None),
    )


def held(measure: MeasureView, points: Sequence[NewPoint]) -> list[ObservationView]:
    """The points as they are kept."""
    from improve.measures.service.number_rules import NumberRules

    rules = NumberRules(measure)
    kept = [rules.held(p) for p in points]
    return [
        ObservationView(
            1, p.period_start, p.value, p.numerator, p.denominator, p.note,
            raw_values=list(p.raw_values) or None, excluded_reason=p.left_out,
        )
        for p in kept
    ]  # fmt: skip


@pytest.mark.security(10)
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_exported_reads_back_the_same(kind: Kind, data: st.DataObject) -> None:
    measure = view_of(kind)
    there = held(measure, data.draw(points_of(kind)))
    content = csv_file(*rows_of(measure, there))
    # Read as a spreadsheet reads it: a comma inside quotation marks begins no cell.
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        assert not [cell for cell in row if cell.strip()[:1] in ("=", "+", "@")]
    read = read_observations(
        read_table(content), kind=kind, period="day", earliest=date(1900, 1, 1),
        latest=date(2030, 1, 1), labels=("made", "due"), with_words=True,
    )  # fmt: skip
    assert [(r.state, r.words, r.hint) for r in read.rows if r.state != "new"] == []
    assert [
        (r.period_start, r.value, r.numerator, r.denominator, r.raw_values, r.note, r.left_out)
        for r in read.rows
    ] == [
        (o.period_start, o.value, o.numerator, o.denominator, tuple(o.raw_values or ()), o.note,
         o.excluded_reason)
        for o in there
    ]  # fmt: skip


SAMPLES: dict[str, list[dict[str, Any]]] = {
    "proportion": [{"numerator": 40, "denominator": 50}, {"numerator": 0, "denominator": 1234}],
    "rate": [{"numerator": 7, "denominator": 2310.5}, {"numerator": 9, "denominator": 3}],
    "count": [{"value": 0}, {"value": 14}],
    "value": [{"value": -3.25}, {"value": 0.1}],
    "times": [{"raw_values": (12, 15, 9, 30)}, {"raw_values": (4.5,)}],
    "days_between": [{"value": 61}, {"value": 2.5}],
    "cases_between": [{"value": 0}, {"value": 23}],
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_goes_into_an_empty_measure_and_back_into_its_own(
    app: Flask, cast: Cast, visit: Visit, kind: Kind
) -> None:
    with app.app_context():
        own, empty = (make_measure(cast, recorded=kind, denominator="Due") for _ in range(2))
        points = [
            NewPoint(date(2026, 1, 5) + timedelta(weeks=n), note=f"=note {n}", **numbers)
            for n, numbers in enumerate(SAMPLES[kind])
        ]
        points.append(
            NewPoint(date(2026, 3, 2), left_out="Counted twice, not ours", **SAMPLES[kind][0])
        )
        service.add_points(cast.actor("manager"), measure_id=own, points=points)
        db.session.commit()
    person = visit(cast.manager)
    data = person.client.get(f"/measures/{own}/data.csv").data
    for measure_id, said in ((own, "0 new"), (empty, "3 new")):
        form = person.get(f"/measures/{measure_id}/import").form("/import")
        page = person.send(form, files={"file": (io.BytesIO(data), "data.csv")})
        assert words(page.soup.select_one(".tally-item")) == said
    done = person.send(page.form("/confirm"), button="Add 3")
    assert "3 numbers added." in done.text
    with app.app_context():
        found = queries.observations_of(cast.actor("manager"), [own, empty])
        first, second = (
            [
                (o.period_start, o.value, o.numerator, o.denominator, tuple(o.raw_values or ()),
                 o.note, o.excluded_reason)
                for o in found[i]
            ]
            for i in (own, empty)
        )  # fmt: skip
        assert first == second
        view = queries.measure(cast.actor("manager"), own)
        assert number_words(view).file_names[0] in data.decode("utf-8-sig").splitlines()[0]
