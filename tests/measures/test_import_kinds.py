"""Several times of a period, days between events, rates: entered one by one and by table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from improve.measures import queries
from improve.measures.models import MeasureChange
from improve.measures.table_import import read_times
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.parsing import NotReadable
from tests.factories import Cast, make_measure
from tests.measures.test_import_numbers import paste, tallies, why
from tests.pages import Page, Visitor, words

Visit = Callable[..., Visitor]


@pytest.fixture
def make(app: Flask, cast: Cast) -> Callable[..., int]:
    """Define a measure of a kind."""

    def one(recorded: str, **details: object) -> int:
        with app.app_context():
            made = make_measure(cast, recorded=recorded, **details)
            db.session.commit()
        return made

    return one


def held(app: Flask, cast: Cast, measure_id: int) -> list[tuple[object, ...]]:
    """Day, value and times of all there is."""
    with app.app_context():
        found = queries.observations_of(cast.actor("coach"), [measure_id])[measure_id]
        return [(o.period_start, o.value, tuple(o.raw_values or ())) for o in found]


def add(person: Visitor, measure_id: int, **fields: str) -> Page:
    """Fill in the form on the measure's page."""
    return person.send(person.get(f"/measures/{measure_id}").form("/points"), fields)


def happens(page: Page) -> list[str]:
    """What the preview says of each row that is ready."""
    return [
        words(r.find_all("td")[-1])
        for r in page.soup.select(".preview tbody:last-of-type tr:has(td)")
    ]


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "times"),
        [
            ("12, 15, 9, 30", (12, 15, 9, 30)),
            ("12,15,9", (12, 15, 9)),
            ("12; 15\n9", (12, 15, 9)),
            ("12 15.5", (12, 15.5)),
            ("12", (12,)),
            ("1,234 56", (1234, 56)),
            ("12, 15,", (12, 15)),
            ("0", (0,)),
        ],
    )
    def test_several_in_one_box(self, text: str, times: tuple[float, ...]) -> None:
        assert read_times(text) == times

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("1,234", "could be one time or more"),
            ("12, soon", "“soon” is not a number"),
            ("12, -3", "is below 0"),
            ("50%", "is a percentage"),
            ("", "no number here"),
            ("1 " * 1100, "more times than fit"),
        ],
    )
    def test_what_is_no_time(self, text: str, said: str) -> None:
        with pytest.raises(NotReadable, match=said):
            read_times(text)

    def test_the_middle_is_kept_with_all_of_them(
        self, app: Flask, cast: Cast, visit: Visit, make: Callable[..., int]
    ) -> None:
        made = make("times", frequency="month")
        person = visit(cast.manager)
        page = add(person, made, times="12, 15, 9, 30")
        assert "13.5 days added for Nov." in page.text
        assert held(app, cast, made) == [(date(2026, 11, 1), 13.5, (12, 15, 9, 30))]
        bad = add(person, made, times="12, soon")
        assert "“soon” is not a number" in bad.error_for("times")
        assert ("times", "12, soon") in bad.form("/points").values
        change = person.get(f"/measures/{made}/points/1")
        assert ("times", "12, 15, 9, 30") in change.form("/points/1").values
        person.send(change.form("/points/1"), {"times": "4, 5, 6", "reason": "One more came"})
        assert held(app, cast, made) == [(date(2026, 11, 1), 5, (4, 5, 6))]

    def test_one_row_each_or_all_in_one(
        self, app: Flask, cast: Cast, visit: Visit, make: Callable[..., int]
    ) -> None:
        made = make("times")
        person = visit(cast.manager)
        text = (
            "date,times\n02/03/2026,12\n04/03/2026,15\n09/03/2026,4,5,6\n16/03/2026,7\n02/03/2026,9"
        )
        page = paste(person, made, text)
        assert tallies(page) == ["3 new", "2 more times of the same week"]
        assert happens(page)[0] == "New The middle of 3 times."
        assert happens(page)[1] == "Counts with row 2"
        person.send(page.form("/confirm"), button="Add 3")
        assert held(app, cast, made) == [
            (date(2026, 3, 2), 12, (12, 15, 9)),
            (date(2026, 3, 9), 5, (4, 5, 6)),
            (date(2026, 3, 16), 7, ()),
        ]

    def test_bad_times_are_put_right_in_place(
        self, app: Flask, cast: Cast, visit: Visit, make: Callable[..., int]
    ) -> None:
        made = make("times")
        person = visit(cast.manager)
        page = paste(person, made, "02/03/2026,12,soon,9\n09/03/2026,4")
        assert why(page) == ["“soon” is not a number Leave the row out, or type one."]
        again = person.send(page.form("/check"), {"cell-1-1": "12, 11, 9"}, button="Check again")
        person.send(again.form("/confirm"), button="Add 2")
        assert held(app, cast, made)[0] == (date(2026, 3, 2), 11, (12, 11, 9))


class TestDaysBetween:
    def test_dates_alone_are_enough(
        self, app: Flask, cast: Cast, visit: Visit, make: Callable[..., int]
    ) -> None:
        made = make("days_between")
        person = visit(cast.manager)
        page = paste(person, made, "Date\n15/01/2026\n17/03/2026\n01/03/2026\n17/03/2026")
        assert tallies(page) == ["2 new", "1 starts the count", "1 needs a look"]
        assert why(page) == [
            (
                "Row 3 already has 17 Mar Two events on one day cannot both stand here. "
                "Keep one, with a note."
            )
        ]
        assert happens(page)[1:] == ["New 45 days since 15 Jan."]
        (twin,) = page.soup.select(".twin")
        assert "New, and another row has this day 16 days since 1 Mar." in words(twin)
        person.send(page.form("/check"), button="Leave the 1 out and add 2")
        assert held(app, cast, made) == [
            (date(2026, 3, 1), 45, ()),
            (date(2026, 3, 17), 16, ()),
        ]

    def test_one_more_is_counted_from_the_one_before(
        self, app: Flask, cast: Cast, visit: Visit, make: Callable[..., int]
    ) -> None:
        made = make("days_between")
        person = visit(cast.manager)
        first = add(person, made, on="01/03/2026")
        assert "No event before that day is known." in first.error_for("value")
        add(person, made, on="01/03/2026", value="30")
        add(person, made, on="31/03/2026")
        assert [v for _, v, _ in held(app, cast, made)] == [30, 30]
        page = add(person, made, on="11/03/2026")
        assert "31 Mar after it says 30 days: it is 20 days now. Change it too." in page.text
        twice = add(person, made, on="11/03/2026", value="3")
        assert "Two events on one day cannot both stand here." in twice.errors[0]
        assert "There is no date here" in add(person, made, value="3").error_for("on")

    def test_a_blank_cell_is_worked_out_and_a_mark_is_a_gap(
        self, cast: Cast, visit: Visit, make: Callable[..., int]
    ) -> None:
        page = paste(
            visit(cast.manager),
            make("days_between"),
            "date,days\n01/03/2026,12\n05/03/2026,\n09/03/2026,c",
        )
        assert tallies(page) == ["2 new", "1 gap, not zeros"]
        assert happens(page)[1] == "New 4 days since 1 Mar."


def test_a_rate_may_have_more_on_top_and_broken_nights(
    app: Flask, cast: Cast, visit: Visit, make: Callable[..., int]
) -> None:
    made = make("rate", per=1000, denominator="Nights", bottom_name="Nights")
    person = visit(cast.manager)
    page = paste(person, made, "02/03/2026\t7\t2310.5\n09/03/2026\t5\t2\n16/03/2026\t1.5\t9")
    assert tallies(page) == ["2 new", "1 needs a look"]
    assert why(page) == ["1.5 is not a whole number A count has no decimals."]
    assert "Per 1,000" in page.text
    refused = add(person, made, numerator="3", denominator="0")
    assert "nothing to count against" in refused.error_for("denominator")
    assert "A count is a whole number." in add(
        person, made, numerator="1.5", denominator="9"
    ).error_for("numerator")
    assert "added for 16 Nov" not in add(person, made, numerator="3", denominator="2").errors


class TestNotesAndPointsLeftOut:
    TEXT = "date,value,note,left out because\n02/03/2026,4,Snow,\n09/03/2026,5,,Counted twice"

    def test_they_come_with_the_numbers(
        self, app: Flask, cast: Cast, visit: Visit, make: Callable[..., int]
    ) -> None:
        made = make("count")
        person = visit(cast.manager)
        page = paste(person, made, self.TEXT)
        person.send(page.form("/confirm"), button="Add 2")
        with app.app_context():
            found = queries.observations_of(cast.actor("coach"), [made])[made]
            assert [(o.note, o.excluded_reason) for o in found] == [
                ("Snow", ""),
                ("", "Counted twice"),
            ]
            (change,) = db.session.execute(
                select(MeasureChange).where(MeasureChange.kind == "point_excluded")
            ).scalars()
            assert change.reason == "Counted twice"
        page = paste(person, made, "date,value,note\n02/03/2026,4,Snow and ice\n09/03/2026,5,")
        assert tallies(page) == ["0 new", "1 already there", "1 note beside a number"]
        person.send(page.form("/confirm"), button="Add 1")
        with app.app_context():
            found = queries.observations_of(cast.actor("coach"), [made])[made]
            assert (found[0].note, found[1].excluded_reason) == ("Snow and ice", "Counted twice")

    def test_a_practitioner_brings_notes_and_leaves_nothing_out(
        self, app: Flask, cast: Cast, visit: Visit, make: Callable[..., int]
    ) -> None:
        made = make("count")
        person = visit(cast.practitioner)
        page = paste(person, made, self.TEXT)
        assert "Which points are left out is not taken over" in page.text
        person.send(page.form("/confirm"), button="Add 2")
        with app.app_context():
            found = queries.observations_of(cast.actor("coach"), [made])[made]
            assert [(o.note, o.excluded_reason) for o in found] == [("Snow", ""), ("", "")]

    def test_a_long_note_needs_a_look(
        self, cast: Cast, visit: Visit, make: Callable[..., int]
    ) -> None:
        page = paste(
            visit(cast.manager), make("count"), f"date,value,note\n02/03/2026,4,{'x' * 61}"
        )
        assert why(page) == ["This note has 61 characters Use 60 or fewer."]
        again = visit(cast.manager)
        assert again.get(page.path).soup.find(attrs={"name": "cell-2-2"})["value"] == "x" * 61

    def test_words_that_may_identify_someone_are_read_once_more(
        self, app: Flask, cast: Cast, visit: Visit, make: Callable[..., int]
    ) -> None:
        made = make("count")
        person = visit(cast.manager)
        page = paste(person, made, "date,value,note\n02/03/2026,4,Moved to AB1 2CD")
        asked = person.send(page.form("/confirm"), button="Add 1")
        assert asked.heading == "This may identify someone"
        assert "Moved to AB1 2CD" in asked.text
        assert held(app, cast, made) == []
        back = person.send(asked.form("/confirm"), button="Change it")
        assert back.heading == "Check before you add"
        person.send(asked.form("/confirm"), button="It’s fine, continue")
        assert len(held(app, cast, made)) == 1
        with app.app_context():
            shown = db.session.execute(
                select(AuditEntry.facts).where(AuditEntry.action == "identifier_hint_shown")
            ).scalars()
            assert list(shown) == [{"kinds": ["a postcode"], "form": "import"}]
