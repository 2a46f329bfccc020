"""Official statistics as published: a place and its columns picked, gaps, source and licence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from improve.measures import queries
from improve.measures.models import MeasureChange
from improve.shared.db import db
from tests.factories import Cast, make_measure
from tests.measures.every_authority import bring_in, names_in
from tests.measures.test_import_numbers import paste, tallies, upload
from tests.pages import Visitor, words

Visit = Callable[..., Visitor]
DFE = Path(__file__).parent / "data" / "dfe_referrals_by_month_extract.csv"


def published(*rows: tuple[str, str, str, int]) -> bytes:
    """A file as the Department for Education publishes them: (level, region, authority, number)."""
    months = [date(2000, 4 + n if n < 9 else n - 8, 1).strftime("%B") for n in range(12)]
    head = "time_period,time_identifier,geographic_level,country_name,region_name,la_name,category"
    lines = [
        f"2024,Reporting year,{level},England,{region},{name},Referrals" + f",{number}" * 12
        for level, region, name, number in rows
        or (
            ("National", "", "", 100),
            ("Regional", "North", "", 10),
            ("Local authority", "North", "Northtown", 9),
            ("Local authority", "North", "Westtown", 1),
        )
    ]
    return "\n".join([f"{head},{','.join(months)}", *lines]).encode()


class TestOfficialStatistics:
    """A published file with years in its rows and months in its columns."""

    @pytest.fixture
    def referrals(self, app: Flask, cast: Cast) -> int:
        with app.app_context():
            made = make_measure(
                cast,
                name="Referrals in the month",
                kind="context",
                recorded="count",
                frequency="month",
                better_when="neither",
                source="Department for Education, Characteristics of children in need",
                licence="Open Government Licence v3.0",
            )
            db.session.commit()
        return made

    def test_one_authority_comes_in_through_the_web(
        self, app: Flask, cast: Cast, visit: Visit, referrals: int
    ) -> None:
        coach = visit(cast.coach)
        page = upload(coach, referrals, DFE.read_bytes(), DFE.name)
        assert page.heading == "Which numbers?"
        page = coach.send(page.form("/pick"), {"pick_value": "Coventry"})
        assert tallies(page) == ["144 new"]
        assert "2024 is read as the year from April 2023 to March 2024." in page.text
        page = coach.send(page.form("/confirm"), button="Add 144")
        assert "144 numbers added." in page.text.replace("\xa0", " ")
        with app.app_context():
            found = queries.observations_of(cast.actor("coach"), [referrals])[referrals]
            assert (found[0].period_start, found[0].value) == (date(2012, 4, 1), 285)
            assert (found[-1].period_start, found[-1].value) == (date(2024, 3, 1), 345)

    def test_the_years_after_the_trial(self, cast: Cast, visit: Visit, referrals: int) -> None:
        """July 2013: a trial made a child's death in Coventry widely known."""
        coach = visit(cast.coach)
        page = upload(coach, referrals, DFE.read_bytes(), DFE.name)
        page = coach.send(page.form("/pick"), {"pick_value": "Coventry"})
        coach.send(page.form("/confirm"), button="Add 144")
        page = coach.get(f"/measures/{referrals}?since=01/08/2013")
        assert (
            "Changed, then went back: it was higher than the usual level before (388)" in page.text
        )
        assert "for 36 months" in page.text.replace("\xa0", " ")
        assert "16 points" in page.text
        assert "The chart shows that it changed, not why." in page.text

    def test_suppressed_months_are_gaps(self, cast: Cast, visit: Visit, referrals: int) -> None:
        coach = visit(cast.coach)
        page = upload(coach, referrals, DFE.read_bytes(), DFE.name)
        page = coach.send(page.form("/pick"), {"pick_value": "isles of scilly"})
        assert any("gaps, not zeros" in line for line in tallies(page))
        assert not page.soup.select(".tally-bad")

    def test_a_name_not_in_the_file_is_told_with_a_guess(
        self, cast: Cast, visit: Visit, referrals: int
    ) -> None:
        coach = visit(cast.coach)
        page = upload(coach, referrals, DFE.read_bytes(), DFE.name)
        page = coach.send(page.form("/pick"), {"pick_value": "Coventyr"})
        assert page.status == 422
        assert "Did you mean Coventry?" in page.error_for("pick_value")

    def test_a_name_unlike_all_is_told_which_are_there(
        self, cast: Cast, visit: Visit, referrals: int
    ) -> None:
        coach = visit(cast.coach)
        page = upload(coach, referrals, DFE.read_bytes(), DFE.name)
        page = coach.send(page.form("/pick"), {"pick_value": "Xyz"})
        assert page.error_for("pick_value") == (
            "Error: No row has “Xyz” in the column la_name. "
            "Names that are there: Coventry, Isles of Scilly, Rutland."
        )

    def test_the_place_is_chosen_from_a_list(
        self, cast: Cast, visit: Visit, referrals: int
    ) -> None:
        coach = visit(cast.coach)
        page = upload(coach, referrals, published(), "referrals.csv")
        assert {
            group["label"]: [o["value"] for o in group.find_all("option")]
            for group in page.soup.select("#pick_value optgroup")
        } == {
            "Local authorities": ["la_name=Northtown", "la_name=Westtown"],
            "Regions": ["region_name=North"],
            "Whole country": ["country_name=England"],
        }
        assert "Say whose numbers to take." in coach.send(page.form("/pick")).error_for(
            "pick_value"
        )
        for place, first in (("la_name=Westtown", 1), ("region_name=North", 10)):
            page = upload(coach, referrals, published(), "referrals.csv")
            page = coach.send(page.form("/pick"), {"pick_value": place})
            assert tallies(page) == ["12 new"]
            assert words(page.soup.select_one(".preview .table-strong, .preview td.num")).endswith(
                str(first)
            )

    def test_more_than_300_places_are_typed(self, cast: Cast, visit: Visit, referrals: int) -> None:
        coach = visit(cast.coach)
        rows = [("Local authority", "North", f"Town {n}", n) for n in range(301)]
        page = upload(coach, referrals, published(*rows), "referrals.csv")
        assert not page.soup.select("#pick_value optgroup")
        wanted = {"pick_column": "la_name", "pick_value": "town 7"}
        page = coach.send(page.form("/pick"), wanted)
        assert tallies(page) == ["12 new"]

    def test_months_do_not_fit_a_weekly_measure(self, cast: Cast, visit: Visit, app: Flask) -> None:
        with app.app_context():
            weekly = make_measure(cast, recorded="count")
            db.session.commit()
        coach = visit(cast.coach)
        page = upload(coach, weekly, DFE.read_bytes(), DFE.name)
        page = coach.send(page.form("/pick"), {"pick_value": "Coventry"})
        assert "the measure is counted by week" in page.error_for("column")

    def test_a_pair_of_columns_makes_a_share_for_each_year(
        self, app: Flask, cast: Cast, visit: Visit
    ) -> None:
        with app.app_context():
            yearly = make_measure(cast, frequency="year")
            db.session.commit()
        content = (
            b"time_period,la_name,Plans,Reviewed_within_timescales\n"
            b"2024,Coventry,400,390\n2023,Coventry,380,c\n2024,Rutland,40,39\n"
        )
        coach = visit(cast.coach)
        page = upload(coach, yearly, content, "reviewed.csv")
        pair = {"column": "Reviewed_within_timescales", "column_of": "Plans"}
        page = coach.send(page.form("/pick"), {"pick_value": "Coventry", **pair})
        assert tallies(page) == ["1 new", "1 gap, not zeros"]
        assert "2023-24" in page.text
        page = paste(coach, yearly, "year,numerator,denominator\n2022-23,39,40")
        assert tallies(page) == ["1 new"]
        refused = {"pick_value": "Coventry", "column": "Plans", "column_of": ""}
        page = upload(coach, yearly, content, "reviewed.csv")
        page = coach.send(page.form("/pick"), refused)
        assert "a column for each of the two numbers" in page.error_for("column_of")

    def test_only_columns_that_fit_the_measure_are_offered(
        self, app: Flask, cast: Cast, visit: Visit, referrals: int
    ) -> None:
        with app.app_context():
            yearly = make_measure(cast, recorded="count", frequency="year")
            db.session.commit()
        coach = visit(cast.coach)
        for measure_id, offered in (
            (referrals, ["The columns for each month"]),
            (yearly, ["Referrals"]),
        ):
            page = upload(coach, measure_id, DFE.read_bytes(), DFE.name)
            assert [words(o) for o in page.soup.select("#column option")] == offered


def test_every_authority_of_the_extract_comes_in_and_is_drawn(app: Flask, cast: Cast) -> None:
    """The whole published file goes the same way: ``python -m tests.measures.every_authority``."""
    content = DFE.read_bytes()
    found = {name: bring_in(app, cast, content, name)[:2] for name in names_in(content)}
    assert found == {"Coventry": (144, 0), "Isles of Scilly": (64, 80), "Rutland": (140, 4)}


class TestWhereTheNumbersComeFrom:
    """A file that is known offers its source; a person confirms it."""

    @pytest.fixture
    def nameless(self, app: Flask, cast: Cast) -> int:
        """A monthly count that says nothing of its source."""
        with app.app_context():
            made = make_measure(cast, recorded="count", frequency="month")
            db.session.commit()
        return made

    def test_it_is_offered_and_noted(
        self, app: Flask, cast: Cast, visit: Visit, nameless: int
    ) -> None:
        coach = visit(cast.coach)
        page = upload(coach, nameless, DFE.read_bytes(), DFE.name)
        page = coach.send(page.form("/pick"), {"pick_value": "Rutland"})
        form = page.form("/confirm")
        said = "Department for Education, Month of referral, by month, Rutland"
        assert dict(form.values)["source"] == said
        assert dict(form.values)["licence"] == "Open Government Licence v3.0"
        refused = coach.send(form, {"seen": "x", "source": "Our own copy"})
        assert refused.status == 422
        assert dict(refused.form("/confirm").values)["source"] == "Our own copy"
        coach.send(refused.form("/confirm"))
        with app.app_context():
            measure = queries.measure(cast.actor("coach"), nameless)
            assert (measure.source, measure.licence) == (
                "Our own copy",
                "Open Government Licence v3.0",
            )
            kinds = db.session.execute(
                select(MeasureChange.kind).where(MeasureChange.measure_id == nameless)
            ).scalars()
            assert "edited" in list(kinds)

    def test_nothing_is_noted_where_both_are_emptied(
        self, app: Flask, cast: Cast, visit: Visit, nameless: int
    ) -> None:
        coach = visit(cast.coach)
        page = upload(coach, nameless, DFE.read_bytes(), DFE.name)
        page = coach.send(page.form("/pick"), {"pick_value": "Rutland"})
        coach.send(page.form("/confirm"), {"source": "", "licence": ""})
        with app.app_context():
            measure = queries.measure(cast.actor("coach"), nameless)
            assert (measure.source, measure.licence, measure.version) == ("", "", 1)

    def test_who_may_not_define_is_not_asked(self, cast: Cast, visit: Visit, nameless: int) -> None:
        person = visit(cast.practitioner)
        page = upload(person, nameless, DFE.read_bytes(), DFE.name)
        page = person.send(page.form("/pick"), {"pick_value": "Rutland"})
        assert "source" not in dict(page.form("/confirm").values)

    def test_a_file_of_ones_own_offers_none(self, cast: Cast, visit: Visit, nameless: int) -> None:
        page = paste(visit(cast.coach), nameless, "01/03/2026\t4")
        assert "source" not in dict(page.form("/confirm").values)
