"""You asked, leaders did: for all staff, newest first, with the leaders' own days to answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import text

from improve.accounts import service as accounts
from improve.accounts.days.working_calendar import WorkingCalendar
from improve.ideas.queries.month import waiting_for_leaders
from improve.redaction.service import hide_text, show_again, take_words_out
from improve.redaction.texts import Name
from improve.review.history import History
from improve.review.models import LeaderAnswer
from improve.review.month import ASKING, Answer, Asked, Line, Way, month_of
from improve.review.month_days import leader_days
from improve.review.month_lines import asked_of_blocked
from improve.review.queries.month import month_sheet
from improve.review.service import answer_line, say_outcome
from improve.review.showing import show
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast
from tests.pages import Visitor
from tests.review.test_month import block

Visit = Callable[..., Visitor]
PAGE = "/leaders-did"
TODAY = date(2026, 11, 24)


def answer(cast: Cast, number: int, way: Way = Way.DECIDE, words: str = "") -> int:
    asked = Asked(
        Line.BLOCKED, "none", number, TODAY - timedelta(days=9), f"Thing {number}", cast.team
    )
    row = LeaderAnswer(
        organisation_id=cast.organisation,
        month=date(2026, 11, 1),
        line=asked.line.value,
        subject_kind=asked.subject_kind,
        subject_id=number,
        team_id=cast.team,
        asked=asked.words,
        asked_on=asked.asked_on,
        way=way.value,
        words=words or f"Answer {number}",
        answered_by_id=cast.leader,
        answered_at=clock.now() + timedelta(minutes=number),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def test_a_no_stands_as_large_as_a_yes_and_what_waits_is_listed(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    empty = visit(cast.practitioner).get(PAGE)
    assert "Nothing was asked and answered yet." in empty.main
    with app.app_context():
        with clock.moved(NOW - timedelta(days=13)):
            block(cast, reason="A licence for the symbols.")
        answer(cast, 1)
        answer(cast, 2, Way.NO, "The contract ends in March.")
        db.session.commit()
    page = visit(cast.practitioner).get(PAGE)
    entries = page.soup.select(".did-entry")
    assert [e.find("h3").get_text() for e in entries] == [
        "Riverside asked: Thing 2",
        "Riverside asked: Thing 1",
    ]
    assert {tuple(e["class"]) for e in entries} == {("did-entry",)}
    assert "No, because: The contract ends in March." in entries[0].get_text()
    assert "A licence for the symbols." in page.main
    assert "Waiting 9 working days" in page.main.replace("\u00a0", " ")
    assert "November 2026" in page.main
    assert "Say what came of it" not in page.main
    assert "Say what came of it" in visit(cast.leader).get(PAGE).main
    assert not page.soup.select(".did-waiting .facts a"), "only leaders answer"


def test_a_leader_answers_each_that_waits_not_the_first_alone(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        with clock.moved(NOW - timedelta(days=20)):
            block(cast, reason="The first.")
        second = block(cast, reason="The second.")
    leader = visit(cast.leader)
    links = [a["href"] for a in leader.get(PAGE).soup.select(".did-waiting .facts a")]
    address = f"/review/month/answer/blocked/{second}/decide"
    assert address in links
    page = leader.get(address)
    assert "The second." in page.main
    assert "The first." not in page.main
    assert not page.soup.select("#form-blocked [hx-post]"), "alone it stands in no line"
    done = leader.send(page.form(address), {"words": "Signed this morning."})
    assert "Signed this morning." in done.main
    assert "1 more that waits" in done.main.replace("\u00a0", " ")
    after = leader.get(PAGE)
    assert "The first." in after.soup.select_one(".did-waiting").get_text()
    assert "The second." not in after.soup.select_one(".did-waiting").get_text()
    again = leader.post(address, {"words": "Signed this morning."})
    assert again.status == 303, "twice is harmless"


def test_what_was_asked_is_said_by_whoever_asked() -> None:
    said = {
        line: Answer(
            **{**dict.fromkeys(Answer.__slots__), "line": line, "asked": "A", "team_name": "Duty"}
        ).asked_words
        for line in ASKING
    }
    assert said == {
        Line.BLOCKED: "Duty asked: A",
        Line.VOICE: "A child or family asked Duty: “A”",
        Line.BALANCE: "Duty: A",
        Line.DEMAND: "Duty asked: A",
        Line.HOURS: "Hours to improve in: A",
    }


def test_three_thousand_answers_come_in_pages(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        for number in range(1, 3001):
            answer(cast, number, words="w" * 200)
        db.session.commit()
    page = visit(cast.practitioner).get(PAGE)
    assert len(page.soup.select(".did-entry")) == 30
    assert "Page 1 of 100" in page.main
    assert visit(cast.practitioner).get(f"{PAGE}?page=100").status == 200
    assert "No more answers." in visit(cast.practitioner).get(f"{PAGE}?page=101").main


def test_days_to_an_answer_are_a_run_chart_of_medians() -> None:
    rows: list[tuple[date, date | None]] = []
    for month in range(1, 11):
        rows += [(date(2026, month, 5), date(2026, month, 5) + timedelta(days=7))] * 3
    rows.append((date(2026, 10, 5), None))
    shown = show(leader_days(rows, today=TODAY, calendar=WorkingCalendar()), History(today=TODAY))
    points = {p.starts_on.month: p.value for p in shown.counted.points}
    assert points[9] == 5.0, "a week has five working days"
    assert shown.counted.table.rows[-1][1:3] == (4, 1), "what waits counts at its age today"
    assert "1 thing asked of leaders waits now." in " ".join(shown.counted.facts).replace(
        "\u00a0", " "
    )
    assert "run" in shown.reading.analysis.chart
    none = show(leader_days([], today=TODAY, calendar=WorkingCalendar()), History(today=TODAY))
    assert none.finding.startswith("Nothing to count yet")


def test_the_chart_has_its_definition_and_numbers(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        with clock.moved(NOW - timedelta(days=60)):
            block(cast)
        db.session.commit()
    page = visit(cast.practitioner).get(PAGE)
    assert "Days to a leader’s answer" in page.main
    assert "How it is counted" in page.main
    answered = visit(cast.practitioner).client.get(f"{PAGE}/data.csv")
    assert answered.mimetype == "text/csv"
    assert (
        answered.get_data(as_text=True)
        .splitlines()[0]
        .endswith('Still waiting,"Median, working days"')
    )
    assert visit(cast.guest).get(f"{PAGE}/data.csv").status == 403


def test_answers_follow_a_team_that_is_joined(app: Flask, cast: Cast, visit: Visit) -> None:
    from improve.accounts.service import join_teams

    with app.app_context():
        answer(cast, 1)
        db.session.commit()
        join_teams(
            cast.actor("administrator"), team_id=cast.team, into_id=cast.other_team, seen_version=1
        )
        db.session.commit()
    assert "Hillside asked: Thing 1" in visit(cast.other_manager).get(PAGE).main


def test_answers_of_another_council_do_not_stand_here(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = answer(cast, 1)
        db.session.commit()
    outsider = visit(cast.outsider)
    assert "Thing 1" not in outsider.get(PAGE).main
    assert outsider.get(f"{PAGE}/{made}").status == 404


def test_words_of_an_answer_are_hidden_with_those_of_its_idea(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    secret = "Rosalind Quickthorn"
    with app.app_context():
        idea_id = block(cast, reason=f"Wait for {secret}.")
        asked = asked_of_blocked(waiting_for_leaders(cast.actor("leader"))[0])
        made = answer_line(
            cast.actor("leader"), asked=asked, way=Way.DECIDE, words=f"Ring {secret} today."
        )
        say_outcome(cast.actor("leader"), answer_id=made, words=f"{secret} rang.", seen_version=1)
        hide_text(cast.actor("coach"), name=Name("leader_answer", made, "words"))
        hidden = db.session.execute(text("SELECT max(id) FROM hidden_texts")).scalar_one()
        take_words_out(
            cast.actor("data_protection_lead"), hidden_id=hidden, phrases=[secret], breach="no"
        )
        db.session.commit()
    for path in (PAGE, f"{PAGE}/{made}", f"/ideas/{idea_id}"):
        page = visit(cast.practitioner).get(path)
        assert secret not in page.text, path
        assert "[words removed by" in page.text, path
    assert secret not in visit(cast.leader).get("/review/month").text


def test_words_of_an_answer_about_no_idea_are_hidden_alone(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    secret = "Rosalind Quickthorn"
    month = month_of(TODAY)
    with app.app_context():
        asked = Asked(Line.HOURS, "month", 0, month, "18 hours promised, 13 kept")
        made = answer_line(cast.actor("leader"), asked=asked, way=Way.DECIDE, words=f"Ask {secret}")
        db.session.commit()
    reader = visit(cast.practitioner)
    page = reader.get(f"{PAGE}/{made}")
    assert f"/may-identify/answer/{made}" in [a["href"] for a in page.soup.select("a")]
    which = reader.get(f"/may-identify/answer/{made}")
    assert secret in which.main
    say = f"/may-identify/leader_answer/{made}/words"
    done = reader.send(reader.get(say).form(say), {})
    assert "It is hidden." in done.text
    assert visit(cast.outsider).get(f"/may-identify/answer/{made}").status == 404
    for path in (PAGE, f"{PAGE}/{made}"):
        assert secret not in visit(cast.manager).get(path).text, path
    assert secret not in visit(cast.leader).get("/review/month").text
    with app.app_context():
        hidden = db.session.execute(text("SELECT max(id) FROM hidden_texts")).scalar_one()
    desk = visit(cast.data_protection_lead).get(f"/words/{hidden}")
    assert secret in desk.main
    assert f"{PAGE}/{made}" in [a["href"] for a in desk.soup.select("a")]
    with app.app_context():
        take_words_out(
            cast.actor("data_protection_lead"), hidden_id=hidden, phrases=[secret], breach="no"
        )
        db.session.commit()
    assert "[words removed by" in visit(cast.manager).get(f"{PAGE}/{made}").text
    assert visit(cast.leader).get(f"/may-identify/answer/{made + 1}").status == 404


def test_words_of_an_answer_leave_the_busy_time_with_it(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    secret = "Rosalind Quickthorn"
    asks = f"{secret} from Monday, please."
    with app.app_context():
        accounts.set_busy_time(
            cast.actor("manager"), team_id=cast.team, why="Half the team is ill.", asks=asks
        )
        leader = cast.actor("leader")
        asked = month_sheet(leader, month_of(TODAY)).line(Line.DEMAND).asked
        assert asked is not None
        made = answer_line(leader, asked=asked, way=Way.GIVE, words="Sam from Monday.")
        db.session.commit()
    assert asks in visit(cast.leader).get("/busy-teams").main
    with app.app_context():
        hide_text(cast.actor("coach"), name=Name("leader_answer", made, "asked"))
        db.session.commit()
    for path in ("/busy-teams", "/review/month", f"{PAGE}/{made}"):
        page = visit(cast.leader).get(path)
        assert secret not in page.text, path
        assert "Sam from Monday." in page.text, path
    with app.app_context():
        hidden = db.session.execute(text("SELECT max(id) FROM hidden_texts")).scalar_one()
        show_again(cast.actor("coach"), hidden_id=hidden, why="A place, not a person.")
        db.session.commit()
    assert asks in visit(cast.leader).get("/busy-teams").main
