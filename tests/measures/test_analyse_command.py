"""The `analyse` command: a file of numbers to a chart and a verdict, without a database."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from improve.measures.analyse_command import analyse
from improve.measures.spc.control_chart import analyse as control_chart
from improve.measures.table_import import read_table, read_wide

EXAMPLE = Path(__file__).parents[2] / "improve/docs/examples/coventry_referrals_by_month.csv"
COVENTRY = ["--baseline-end", "2013-07-31", "--better", "neutral"]

# Rows of the published file as they are: two years of one place, and each of the marks.
AS_PUBLISHED = """\
time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,\
old_la_code,new_la_code,la_name,category,Referrals,April,May,June,July,August,September,October,\
November,December,January,February,March
2024,Reporting year,Local authority,E92000001,England,E12000005,West Midlands,884,E06000019,\
"Herefordshire, County of",Month of referral,u,u,u,u,u,u,u,u,u,u,u,u,u
2014,Reporting year,Local authority,E92000001,England,E12000005,West Midlands,331,E08000026,\
Coventry,Month of referral,6000,340,338,378,501,480,565,604,572,475,561,513,673
2014,Reporting year,Local authority,E92000001,England,E13000001,Inner London,201,E09000001,\
City of London,Month of referral,14,0,c,0,c,0,c,c,c,c,c,c,c
2014,Reporting year,Local authority,E92000001,England,E12000009,South West,908,E06000052,\
Cornwall,Month of referral,x,x,x,x,x,x,x,x,x,x,x,x,x
2013,Reporting year,Local authority,E92000001,England,E12000005,West Midlands,331,E08000026,\
Coventry,Month of referral,4656,285,425,339,418,466,385,461,393,289,452,362,381
2013,Reporting year,Local authority,E92000001,England,E13000001,Inner London,201,E09000001,\
City of London,Month of referral,19,c,c,c,c,c,7,c,c,0,0,c,c
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(analyse, [str(argument) for argument in arguments])


def answer(*arguments: str | Path) -> dict[str, Any]:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(text: str | bytes, name: str = "visits.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


class TestOfficialStatistic:
    def test_referrals_after_the_trial(self) -> None:
        said = answer(EXAMPLE, *COVENTRY)
        assert said["chart"] == "i"
        assert said["rule_set"] == "Making Data Count rules"
        assert said["points"] == 144
        assert said["baseline"] == {
            "start": "2012-04-01",
            "end": "2013-07-01",
            "n": 16,
            "centre": pytest.approx(6213 / 16),
        }
        assert said["after"] == {"n": 128, "centre": pytest.approx(63201 / 128)}
        assert said["verdict"]["code"] == "changed_ended"
        assert said["verdict"]["words"] == (
            "Changed, then went back: it was higher than the usual level before (388) for "
            "36 months. That did not last."
        )
        assert any("not why" in line for line in said["verdict"]["doubt"])
        assert any("only 16 points before" in line for line in said["verdict"]["doubt"])
        assert said["refused"] == []
        assert said["source"] == "coventry_referrals_by_month.csv"

    def test_every_month_of_three_years_after_it_is_marked(self) -> None:
        series = {point["x"]: point for point in answer(EXAMPLE, *COVENTRY)["series"]}
        run_of_36 = [x for x in series if "2013-08-01" <= x <= "2016-07-01"]
        assert len(run_of_36) == 36
        assert all("shift" in series[x]["signals"] for x in run_of_36)
        assert series["2016-08-01"]["signals"] == ["trend"]
        assert series["2013-07-01"]["signals"] == []

    def test_words_for_a_terminal(self) -> None:
        said = run(EXAMPLE, *COVENTRY).stdout
        assert "XmR chart, Making Data Count rules" in said
        assert "Before  16 points, April 2012 to July 2013: mean 388\n" in said
        assert "After   128 points, August 2013 to March 2024: mean 494\n" in said
        assert "Changed, then went back" in said
        assert "August 2013 to July 2016 (36 above)" in said
        assert max(map(len, said.splitlines())) <= 88

    def test_wide_form_gives_the_same_series(self, file: Any) -> None:
        wide = answer(file(AS_PUBLISHED), "--pick", "la_name=Coventry", *COVENTRY)
        long = answer(EXAMPLE)
        assert [(point["x"], point["value"]) for point in wide["series"]] == [
            (point["x"], point["value"]) for point in long["series"][:24]
        ]
        assert wide["source"] == "visits.csv, la_name=Coventry"
        # Eight months after the trial are enough to say that they were higher.
        assert wide["verdict"]["code"] == "changed_higher"

    def test_suppressed_months_are_gaps_not_zeros(self, file: Any) -> None:
        path = file(AS_PUBLISHED)
        said = answer(path, "--pick", "la_name=City of London")
        values = {point["x"]: point["value"] for point in said["series"]}
        assert (said["points"], len(values)) == (6, 24)
        assert values["2012-09-01"] == 7
        assert values["2013-04-01"] == 0
        assert values["2013-05-01"] is None
        for place in ("Cornwall", "Herefordshire, County of"):
            nothing = answer(path, "--pick", f"la_name={place}")
            assert (nothing["points"], len(nothing["series"])) == (0, 12)

    def test_example_is_the_published_series(self) -> None:
        published = read_wide(read_table(AS_PUBLISHED), {"la_name": "Coventry"}).table
        kept = read_table(EXAMPLE.read_bytes())
        assert [row.cells[1] for row in kept.rows][:24] == [row.cells[1] for row in published.rows]
        # Each year adds up to the total published beside it.
        totals = [4656, 6000, 8178, 8011, 5433, 5923, 5660, 5382, 5754, 4987, 4925, 4505]
        numbers = [int(row.cells[1]) for row in kept.rows]
        assert [sum(numbers[at : at + 12]) for at in range(0, 144, 12)] == totals

    def test_one_figure_for_each_year(self, file: Any) -> None:
        said = answer(file(AS_PUBLISHED), "--pick", "la_name=Coventry", "--column", "Referrals")
        assert [(point["x"], point["value"]) for point in said["series"]] == [
            ("2012-04-01", 4656),
            ("2013-04-01", 6000),
        ]

    def test_none_of_none_in_an_official_file_is_a_gap(self, file: Any) -> None:
        columns = ["--column", "April", "--column", "June"]
        said = answer(file(AS_PUBLISHED), "--pick", "la_name=City of London", *columns)
        assert [point["value"] for point in said["series"]] == [None, None]
        assert run(file("date,numerator,denominator\n02/03/2026,0,0\n")).exit_code == 2


def visits(before: list[int], after: list[int], first: str = "numerator,denominator") -> str:
    lines = [f"date,{first}"]
    for at, made in enumerate([*before, *after]):
        day = date.fromordinal(date(2026, 1, 5).toordinal() + 7 * at)
        lines.append(f"{day:%d/%m/%Y},{made}" + (",50" if "," in first else ""))
    return "\n".join(lines) + "\n"


BEFORE = [40, 42, 39, 41, 43, 40, 38, 41, 42, 39, 40, 41]
AFTER = [46, 47, 45, 48, 46, 47, 46, 48, 45]


class TestAnswers:
    def test_shares_are_ratios_in_json_and_percentages_in_words(self, file: Any) -> None:
        path = file(visits(BEFORE, AFTER))
        said = answer(path, "--baseline-end", "29/03/2026", "--better", "up")
        assert said["chart"] == "p"
        assert said["rule_set"] == "Making Data Count rules on a p chart"
        assert said["baseline"]["centre"] == pytest.approx(sum(BEFORE) / 600)
        assert said["after"]["centre"] == pytest.approx(sum(AFTER) / 450)
        assert said["series"][0]["value"] == 0.8
        assert said["series"][0]["n"] == 50
        assert said["verdict"]["code"] == "improvement"
        assert "(81%)" in said["verdict"]["words"]

    @pytest.mark.parametrize(
        ("better", "code"),
        [("up", "improvement"), ("down", "deterioration"), ("neutral", "changed_higher")],
    )
    def test_better_side_decides_the_verdict(self, file: Any, better: str, code: str) -> None:
        path = file(visits(BEFORE, AFTER, "value"))
        said = answer(path, "--baseline-end", "2026-03-29", "--better", better)
        assert (said["better"], said["verdict"]["code"]) == (better, code)

    def test_no_verdict_without_a_baseline_end(self, file: Any) -> None:
        said = answer(file(visits(BEFORE, AFTER, "value")))
        assert said["verdict"] is None
        assert (said["baseline"]["n"], said["after"]) == (21, {"n": 0, "centre": None})
        assert "No verdict" in run(file(visits(BEFORE, AFTER, "value"))).stdout

    def test_baseline_end_as_a_month_is_its_last_day(self, file: Any) -> None:
        path = file(visits(BEFORE, AFTER, "value"))
        said = answer(path, "--baseline-end", "March 2026")
        assert said["baseline"]["end"] == "2026-03-30"

    @pytest.mark.parametrize("chart", ["run", "i", "mr", "c", "g", "t", "xbar"])
    def test_charts_of_values(self, file: Any, chart: str) -> None:
        said = answer(
            file(visits(BEFORE, AFTER, "value")), "--chart", chart, "--baseline-end", "29/03/2026"
        )
        # One value a date has no spread within it, so an x-bar chart has no limits.
        assert said["chart"] == chart
        assert said["verdict"]["code"]

    @pytest.mark.parametrize("chart", ["run", "i", "mr", "p", "pp", "u", "up"])
    def test_charts_of_shares(self, file: Any, chart: str) -> None:
        said = answer(file(visits(BEFORE, AFTER)), "--chart", chart, "--baseline-end", "29/03/2026")
        assert said["chart"] == chart

    def test_moving_ranges_are_those_of_the_reference(self, file: Any) -> None:
        path = file(visits(BEFORE, AFTER, "value"))
        said = answer(path, "--chart", "mr", "--baseline-end", "29/03/2026")
        wanted = control_chart(list(range(21)), [*BEFORE, *AFTER], chart="mr", freeze=12)
        assert [point["value"] for point in said["series"]] == [
            point.value for point in wanted.points
        ]
        assert said["baseline"]["centre"] == wanted.points[0].centre
        assert said["series"][3]["upper"] == wanted.points[3].upper

    def test_samples_share_a_date_on_an_xbar_chart_only(self, file: Any) -> None:
        path = file(
            "date,value\n"
            + "".join(f"{day:02}/03/2026,{n}\n" for day in range(1, 15) for n in (4, day))
        )
        said = answer(path, "--chart", "xbar")
        assert (said["chart"], said["points"]) == ("xbar", 14)
        assert run(path, "--chart", "i").exit_code == 2

    def test_rates_may_be_above_one_on_a_u_chart(self, file: Any) -> None:
        path = file("month,numerator,denominator\nJan 2026,5,2.5\nFeb 2026,4,3\n")
        assert answer(path, "--chart", "u")["series"][0]["value"] == 2
        assert run(path).exit_code == 2

    def test_workbook_is_read_too(self, tmp_path: Path) -> None:
        book = Workbook()
        for row in (["month", "value"], [date(2026, 1, 1), 5], [date(2026, 2, 1), 6]):
            book.active.append(row)
        book.save(tmp_path / "visits.xlsx")
        assert answer(tmp_path / "visits.xlsx")["points"] == 2

    def test_picked_rows_of_a_long_file(self, file: Any) -> None:
        path = file("month,team,value\nJan 2026,North,5\nJan 2026,South,9\nFeb 2026,North,6\n")
        said = answer(path, "--pick", "team=north")
        assert [point["value"] for point in said["series"]] == [5, 6]


def weeks(values: list[Any], heading: str = "date,value") -> str:
    days = [date.fromordinal(date(2026, 1, 5).toordinal() + 7 * at) for at in range(len(values))]
    return f"{heading}\n" + "".join(
        f"{day:%d/%m/%Y},{value}\n" for day, value in zip(days, values, strict=True)
    )


STEADY = [50, 53, 48, 51, 47, 52, 49, 54, 50, 46, 51, 48, 53, 49, 50, 52]
KEYS = {
    *("chart", "rule_set", "better", "points", "baseline", "after", "verdict", "series"),
    *("refused", "source"),
}


class TestDatesOfTheChange:
    def test_keys_that_others_rely_on_are_there(self, file: Any) -> None:
        said = answer(file(weeks([*STEADY, 57])), "--baseline-end", "26/04/2026")
        assert set(said) >= KEYS
        assert set(said["baseline"]) == {"start", "end", "n", "centre"}
        assert set(said["after"]) == {"n", "centre"}
        assert set(said["verdict"]) >= {"code", "words", "doubt"}
        point = {"x", "value", "n", "centre", "lower", "upper", "signals"}
        assert all(set(one) >= point for one in said["series"])

    def test_baseline_may_be_chosen_by_its_days(self, file: Any) -> None:
        path = file(weeks([90, 91, 89, *STEADY, *[57] * 8]))
        said = answer(
            path,
            *("--baseline-start", "26/01/2026", "--baseline-end", "10/05/2026"),
            *("--starts", "18/05/2026", "--ends", "28/06/2026", "--better", "up"),
        )
        assert said["baseline"]["n"] == 15
        assert said["after"]["n"] == 6
        parts = [point["part"] for point in said["series"]]
        assert parts[2:4] + parts[-3:] == ["earlier", "baseline", "after", "later", "later"]
        assert parts.count("between") == 1
        assert "A person chose which points count as before." in said["verdict"]["doubt"]
        assert said["verdict"]["points_worth_waiting"] is None  # no more can fall in it
        assert said["verdict"]["checks"][-1]["settles"] is True

    def test_points_left_out_are_named_with_why(self, file: Any) -> None:
        path = file(weeks([*STEADY[:4], 95, *STEADY[4:]]))
        plain = answer(path)
        said = answer(path, "--exclude", "04/02/2026=office flooded", "--exclude", "2026-01-05")
        assert said["excluded"] == [
            {"x": "2026-01-05", "reason": ""},
            {"x": "2026-02-02", "reason": "office flooded"},
        ]
        assert said["baseline"]["n"] == plain["baseline"]["n"] - 2
        assert [point["is_excluded"] for point in said["series"]].count(True) == 2
        assert said["special"][1]["words"].startswith("2 February, 95: left out, and above the")
        text = run(path, "--exclude", "04/02/2026=office flooded").stdout
        assert "Left out: the week of 2 Feb 2026, office flooded." in text

    def test_notes_and_reasons_stand_in_the_file(self, file: Any) -> None:
        rows = [f"{value},," for value in [*STEADY, *[51, 48, 52]]]
        rows[3] = "90,,counted twice"
        rows[17] = "48,new form,"
        path = file(weeks(rows, "date,value,note,left out because"))
        said = answer(path, "--baseline-end", "26/04/2026", "--other-tests", "2")
        assert said["excluded"] == [{"x": "2026-01-26", "reason": "counted twice"}]
        doubt = " ".join(said["verdict"]["doubt"])
        assert "One note on the chart tells what else happened" in doubt
        assert "Two other tests overlap this one." in doubt

    def test_what_steers_the_verdict_is_said(self, file: Any) -> None:
        path = file(weeks([*STEADY, *[v + 9 for v in STEADY[:9]]]))
        judged = ["--baseline-end", "26/04/2026", "--better", "up"]
        plain = answer(path, *judged)
        assert "A person chose this chart" not in " ".join(plain["verdict"]["doubt"])
        chosen = answer(path, *judged, "--chart", "run")
        assert (
            "A person chose this chart; the usual one is an XmR chart."
            in chosen["verdict"]["doubt"]
        )
        cut = answer(path, *judged, "--new-line", "02/02/2026")
        assert (
            "A person drew a new middle line from 2 February on, so only points since then count "
            "as before." in cut["verdict"]["doubt"]
        )

    def test_new_lines_part_the_series(self, file: Any) -> None:
        path = file(weeks([*STEADY, *[v + 20 for v in STEADY]]))
        said = answer(path, "--new-line", "24/04/2026", "--better", "up")
        first, second = said["phases"]
        assert (first["start"], first["end"], first["n"]) == ("2026-01-05", "2026-04-20", 16)
        assert (second["start"], second["end"]) == ("2026-04-27", None)
        assert second["centre"] == pytest.approx(first["centre"] + 20)
        assert said["baseline"]["centre"] == second["centre"]
        assert len(second["x"]) == len(second["lower"]) == len(second["upper"]) == 16
        assert (
            "Phase 2  16 points, the week of 27 Apr 2026"
            in run(path, "--new-line", "24/04/2026").stdout
        )
        judged = ["--baseline-end", "26/04/2026", "--better", "up"]
        plain = answer(path, *judged)
        later = answer(path, *judged, "--new-line", "01/06/2026")
        assert later["verdict"] == plain["verdict"]
        assert [phase["start"] for phase in later["phases"]] == ["2026-06-01"]
        cut = answer(path, *judged, "--new-line", "02/02/2026")
        assert (cut["baseline"]["start"], cut["baseline"]["n"]) == ("2026-02-02", 12)

    def test_how_far_a_point_looks_back_is_doubted(self, file: Any) -> None:
        path = file(weeks([*STEADY, *STEADY[:8]]))
        said = answer(path, "--baseline-end", "26/04/2026", "--lookback-days", "28")
        assert any("looks back 28 days" in line for line in said["verdict"]["doubt"])


class TestWhatIsRecorded:
    @pytest.mark.parametrize(
        ("recorded", "chart"),
        [("value", "i"), ("count", "c"), ("days_between", "t"), ("cases_between", "g")],
    )
    def test_one_number_a_date(self, file: Any, recorded: str, chart: str) -> None:
        heading = "week,days between" if recorded == "days_between" else "date,value"
        said = answer(file(weeks(STEADY, heading)), "--recorded", recorded)
        assert said["chart"] == said["why_chart"]["usual"] == chart
        assert said["why_chart"]["reason"].endswith(".")
        assert {one["chart"] for one in said["why_chart"]["alternatives"]} >= {"run"}

    def test_days_of_rare_events_alone(self, file: Any) -> None:
        days = [date(2026, 1, 5 + at * 2 - at // 3) for at in range(13)]
        path = file("date of event\n" + "".join(f"{day:%d/%m/%Y}\n" for day in days))
        said = answer(path, "--recorded", "days_between")
        assert [point["value"] for point in said["series"]][:4] == [None, 2, 2, 1]
        assert said["chart"] == "t"

    def test_several_times_of_each_date(self, file: Any) -> None:
        path = file(weeks([f'"{at}, {at + 2}, 60"' for at in range(10, 26)], "week,times"))
        said = answer(path, "--recorded", "times")
        assert (said["chart"], said["series"][0]["value"]) == ("run", 12)
        assert said["series"][0]["size"] == 3
        mean = answer(path, "--recorded", "times", "--chart", "i")
        assert mean["series"][0]["value"] == pytest.approx(82 / 3)
        xbar = answer(path, "--recorded", "times", "--chart", "xbar")
        assert xbar["chart"] == "xbar"
        assert xbar["series"][0]["upper"] > xbar["series"][0]["value"]
        within = answer(path, "--recorded", "times", "--within", "20", "--chart", "p")
        assert (within["chart"], within["series"][0]["value"]) == ("p", pytest.approx(2 / 3))
        assert within["series"][15]["n"] == 3
        refused = run(path, "--recorded", "times", "--within", "20", "--chart", "c")
        assert refused.stderr == "Error: --within makes a share, which a c chart does not hold.\n"

    def test_rates_per_so_many(self, file: Any) -> None:
        path = file(weeks([f"{4 + at % 3},500" for at in range(16)], "date,numerator,denominator"))
        said = answer(path, "--per", "1000")
        assert (said["chart"], said["per"]) == ("u", 1000)
        assert said["series"][0]["value"] == pytest.approx(8)
        assert said["baseline"]["centre"] == pytest.approx(2000 * 79 / 16 / 1000, rel=0.02)
        assert run(path, "--per", "1000", "--chart", "p").exit_code == 2
        assert answer(path, "--recorded", "rate")["series"][0]["value"] == pytest.approx(0.008)


class TestMarks:
    def test_variation_and_assurance(self, file: Any) -> None:
        path = file(weeks([*STEADY, 75]))
        said = answer(path, "--better", "up", "--target", "20")
        assert said["variation"]["code"] == "improvement_high"
        assert said["variation"]["words"].startswith("Better: the newest point is above the limits")
        assert (said["target"], said["assurance"]["code"]) == (20, "pass")
        assert answer(path, "--better", "down", "--target", "20")["assurance"]["code"] == "fail"
        unsure = answer(path, "--better", "up", "--target", "52")["assurance"]
        assert unsure["code"] == "inconsistent"
        assert answer(path, "--target", "52")["assurance"] is None
        assert "needs --better up or down" in run(path, "--target", "52").stdout
        assert unsure["words"] in " ".join(
            run(path, "--better", "up", "--target", "52").stdout.split()
        )

    def test_a_hope_for_a_share_is_in_percent(self, file: Any) -> None:
        said = answer(file(visits(BEFORE, AFTER)), "--better", "up", "--target", "20%")
        assert said["assurance"]["code"] == "pass"
        assert "20%" in said["assurance"]["words"]

    def test_every_special_point_has_its_words(self, file: Any) -> None:
        path = file(visits(BEFORE, AFTER))
        said = answer(path, "--baseline-end", "29/03/2026", "--better", "up")
        marked = [point for point in said["series"] if point["signals"]]
        assert [one["x"] for one in said["special"]] == [point["x"] for point in marked]
        assert [one["value"] for one in said["special"]] == [point["value"] for point in marked]
        assert said["special"][0]["words"] == (
            "30 March, 92%: one of 9 in a row above the usual level before (81%)."
        )
        assert {one["direction"] for one in said["special"]} == {"better"}

    def test_moving_ranges_come_with_an_xmr_chart(self, file: Any) -> None:
        path = file(weeks(STEADY))
        ranges = answer(path)["moving_ranges"]
        under = answer(path, "--chart", "mr")
        assert ranges["centre"] == under["baseline"]["centre"]
        assert ranges["upper"] == under["series"][5]["upper"]
        assert ranges["series"][1] == {"x": "2026-01-12", "value": 3}
        assert answer(path, "--chart", "run")["moving_ranges"] is None


class TestRefusals:
    def test_bad_rows_are_named_and_nothing_is_analysed(self, file: Any) -> None:
        path = file(
            "date,numerator,denominator\n02/03/2026,n/a,5\n09/03/2026,4,5\n31/04/2026,7,5\n"
        )
        result = run(path, "--format", "json")
        assert result.exit_code == 2
        said = json.loads(result.stdout)
        assert said["refused"] == [
            {"row": 2, "column": "numerator", "value": "n/a", "reason": "“n/a” is not a number"},
            {"row": 4, "column": "date", "value": "31/04/2026", "reason": "There is no 31 April"},
        ]
        assert (said["points"], said["series"], said["verdict"]) == (0, [], None)
        assert result.stderr == (
            "Error: 2 rows cannot be read, so nothing was analysed. "
            "Row 2, numerator: “n/a” is not a number.\n"
        )

    def test_bad_rows_in_words(self, file: Any) -> None:
        result = run(file("date,value\n02/03/2026,1e999\n"))
        assert result.exit_code == 2
        assert "  Row 2, value: “1e999” is a shortened number. Write it out in full." in (
            result.stdout
        )

    def test_bad_cell_of_a_wide_file_is_named_by_its_month(self, file: Any) -> None:
        text = AS_PUBLISHED.replace(",338,", ",about 338,")
        result = run(file(text), "--pick", "la_name=Coventry", "--format", "json")
        assert result.exit_code == 2
        refused = json.loads(result.stdout)["refused"]
        assert [(bad["row"], bad["column"]) for bad in refused] == [(3, "May")]

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (["--chart", "zz"], "Invalid value for '--chart'"),
            (["--better", "more"], "Invalid value for '--better'"),
            (["--pick", "la_name"], "--pick: “la_name” is not COLUMN=VALUE."),
            (["--pick", "team=North"], "There is no column “team”."),
            (["--column", "vlue"], "There is no column “vlue”. Did you mean value?"),
            (["--baseline-end", "31/02/2026"], "--baseline-end: There is no 31 February."),
            (["--chart", "p"], "A p chart needs columns “numerator” and “denominator”."),
            (["--nope"], "No such option '--nope'."),
            (["--starts", "soon"], "--starts: “soon” is not a date."),
            (["--new-line", "31/02/2026"], "--new-line: There is no 31 February."),
            (["--exclude", "=flood"], "--exclude: "),
            (["--exclude", "01/03/2026=flood"], "--exclude: there is no point on 1 Mar 2026."),
            (["--ends", "2026-03-03"], "--ends needs --starts or --baseline-end."),
            (
                ["--starts", "2026-03-03", "--ends", "2026-03-01"],
                "--ends is before the change began.",
            ),
            (
                ["--baseline-end", "2026-03-03", "--starts", "2026-03-03"],
                "--starts must be after --baseline-end.",
            ),
            (
                ["--baseline-end", "2026-03-03", "--baseline-start", "2026-03-04"],
                "--baseline-start is after --baseline-end.",
            ),
            (
                ["--starts", "2026-03-03", "--baseline-start", "2026-03-03"],
                "--baseline-start is not before the change.",
            ),
            (["--target", "lots"], "--target: “lots” is not a number."),
            (["--per", "1000"], "--per is for rates: it needs columns"),
            (["--per", "0"], "--per: 0 is not above 0."),
            (["--within", "45"], "--within needs --recorded times."),
            (["--recorded", "feelings"], "Invalid value for '--recorded'"),
            (["--recorded", "rate"], "There is one number in each row, and two are needed"),
            (["--lookback-days", "0"], "Invalid value for '--lookback-days'"),
            (["--other-tests", "some"], "Invalid value for '--other-tests'"),
            (["more.csv"], "Got unexpected extra argument"),
        ],
    )
    def test_wrong_options_get_one_line(self, file: Any, options: list[str], words: str) -> None:
        result = run(file("date,value\n02/03/2026,5\n"), *options)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.startswith(f"Error: {words}")
        assert result.stderr.count("\n") == 1

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("", "There are no rows here"),
            ("date,value\n", "There are only column names here"),
            ("value\n5\n", "There is one column here"),
            ("date,cases,other\n02/03/2026,5,6\n", "There is no column “value”, nor"),
            (b"\x89PNG\r\n\x1a\n", "This is a picture"),
            (b"\x00\x01\x02\x03", "This is not a table in text form"),
            (AS_PUBLISHED, "More than one row is left for 2014. Pick one by another column,"),
            ("date,numerator,denominator\n02/03/2026,5,6\n", ""),
        ],
    )
    def test_unreadable_file_gets_one_line(
        self, file: Any, content: str | bytes, words: str
    ) -> None:
        result = run(file(content), "--chart", "c")
        assert result.exit_code == 2
        assert result.stderr.startswith(f"Error: {words}")
        assert result.stderr.count("\n") == 1

    def test_file_that_is_not_there(self, tmp_path: Path) -> None:
        result = run(tmp_path / "none.csv")
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
        assert result.stderr.startswith("Error: There is no file ")
        assert run(tmp_path).stderr.endswith(" is a folder.\n")

    def test_no_file_named(self) -> None:
        result = run()
        assert (result.exit_code, result.stderr) == (2, "Error: Missing argument 'FILE'.\n")


def test_help_says_how() -> None:
    said = run("--help").stdout
    for word in (
        *("--pick COLUMN=VALUE", "--baseline-end DATE", "Needs no database", "code 2"),
        *("--exclude DATE[=WHY]", "--new-line DATE", "--starts DATE", "--ends DATE", "--per"),
        *("--baseline-start DATE", "--lookback-days DAYS", "--target", "--within", "--recorded"),
    ):
        assert word in said
