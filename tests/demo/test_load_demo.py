"""The demo is loaded through the services: states, verdicts, audit and news are real."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import queries as accounts
from improve.accounts.actor import Actor
from improve.accounts.days.huddle_days import days_of
from improve.demo import Demo, load_demo
from improve.demo.load import read_content
from improve.huddles.queries import hours, notes, past
from improve.ideas import queries as ideas
from improve.ideas.board import BoardPage, Card
from improve.ideas.kinds import Outcome, Stage
from improve.measures import queries as measures
from improve.measures import service as measure_service
from improve.measures.catalogue import catalogue
from improve.measures.queries import dip_samples as sample_queries
from improve.measures.queries import tallies as tally_queries
from improve.measures.views import WindowView
from improve.notifications import queries as notices
from improve.privacy.document_facts import FACTS, Document, missing
from improve.privacy.queries import documents as privacy_documents
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.reading_age import reading_age
from improve.voices.kinds import Ending
from improve.voices.queries.changed import changed
from improve.voices.queries.help_wanted import waits_for_duty
from tests.open_data.moving import House, check_same, export, run
from tests.pages import Visitor

PASSWORD = "seven quiet otters by the weir"
#: Moments to load at, besides the usual Tuesday: a Sunday night as the clocks go back, the leap
#: day, just after midnight of the year. Many more days are tried without a database.
MOMENTS = [
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 8, 0, tzinfo=UTC),
    datetime(2027, 1, 1, 0, 0, 20, tzinfo=UTC),
]
REPORT_BORN = ("IDEA-017", "IDEA-018", "IDEA-024", "IDEA-029")

Board = Callable[[str], BoardPage]


def tess(demo: Demo) -> Actor:
    return demo.council.actor("tess")


def board_of(demo: Demo, team: str) -> BoardPage:
    actor = tess(demo)
    return ideas.board(actor, accounts.team_by_id(actor, demo.council.teams[team]))


def card_of(demo: Demo, ref: str) -> Card:
    return ideas.card(tess(demo), demo.council.ideas[ref])


def windows_now(demo: Demo) -> dict[tuple[str, str], WindowView]:
    refs = {idea_id: ref for ref, idea_id in demo.council.ideas.items()}
    found = measures.windows_of_ideas(tess(demo), refs)
    return {(refs[w.idea_id], w.place): w for w in found if w.is_current}


def faults_of_verdicts(demo: Demo) -> list[str]:
    """Return where the stored verdicts differ from what the content expects."""
    found, windows = [], windows_now(demo)
    for idea in read_content()["councils"][0]["ideas"]:
        ref, codes = idea["ref"], idea["codes"]
        main, beside = windows.get((ref, "main")), windows.get((ref, "beside"))
        if codes.get("now") == "small_test":
            seen = main.verdict_code if main else None
            if seen is not None:
                found.append(f"{ref} is small, and judged {seen}")
            continue
        for name, window in (("now", main), ("beside", beside)):
            if name in codes and (window is None or window.verdict_code != codes[name]):
                found.append(f"{ref} {name}: {window and window.verdict_code}")
        if "decided" in codes and (main is None or main.decided_code != codes["decided"]):
            found.append(f"{ref} decided: {main and main.decided_code}")
    return found


def test_the_demo_tells_its_stories(context: Flask) -> None:
    demo = load_demo(context)
    check_verdicts(demo)
    check_boards(demo)
    check_times()
    check_where_ideas_came_from(demo)
    check_news_and_second_council(demo)
    check_huddles(demo)
    check_measures(demo)
    check_counting(demo)
    check_voices(demo)
    check_reports()
    check_documents(demo)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_the_demo_tells_the_same_whenever_it_is_loaded(context: Flask, moment: datetime) -> None:
    with clock.moved(moment):
        demo = load_demo(context)
        check_verdicts(demo)
        check_boards(demo)
        check_times()


def check_moves_house(app: Flask, house: House) -> None:
    """The demo council leaves, comes in elsewhere, and leaves again as the same archive."""
    first, again = house.file("first.zip"), house.file("again.zip")
    export(app, first, "merrowdale-council", "--with-private")
    with house.empty() as other:
        code, said = run(other, "import-archive", first)
        assert code == 0, said
        export(other, again, "merrowdale-council", "--with-private")
        with other.app_context():
            assert measure_service.recompute_all() == 0
            assert audit.find_faults() == []
    check_same(first, again)


def check_verdicts(demo: Demo) -> None:
    assert faults_of_verdicts(demo) == []
    assert measure_service.recompute_all() == 0, "stored verdicts are what the numbers say"
    assert audit.find_faults() == []


def check_boards(demo: Demo) -> None:
    cards = {ref: card_of(demo, ref) for ref in demo.council.ideas}
    assert {card.stage for card in cards.values()} == set(Stage)
    blocked = cards["IDEA-019"].blocked
    assert blocked
    assert "licence" in blocked.reason
    assert blocked.who == "Florence"
    assert cards["IDEA-020"].is_over_usual
    full = next(c for c in board_of(demo, "assess-south").columns if c.stage is Stage.DO)
    assert full.total == full.wip == 1
    assert cards["IDEA-028"].needs_reply
    assert cards["IDEA-028"].age_days == 9
    assert cards["IDEA-030"].age_words == "Today"
    endings = {card.outcome for card in cards.values()}
    assert {Outcome.ADOPTED, Outcome.ABANDONED, Outcome.NOT_NOW, Outcome.QUICK_FIX} <= endings
    counted = cards["IDEA-032"].small_test
    assert counted
    assert (counted.expected_count, counted.expected_of) == (5, 6)
    assert (counted.seen_count, counted.seen_of) == (6, 6)
    beside = cards["IDEA-001"].beside
    assert beside
    assert beside.measure_name == "Child seen alone at the visit"
    ending = cards["IDEA-005"].ending
    assert ending
    assert "first night" in ending.adopt_anyway
    done = [board_of(demo, team).columns[-1].total for team in demo.council.teams]
    assert sum(done) >= 6, "finished ideas stand on boards, not only in lists"


def check_times() -> None:
    """Nothing in the database lies after now, and nobody moved a card at night."""
    now = clock.now()
    late = []
    for table, column in (
        ("stage_moves", "at"),
        ("idea_edits", "at"),
        ("ideas", "created_at"),
        ("comments", "created_at"),
        ("observations", "entered_at"),
        ("audit_entries", "at"),
    ):
        newest = db.session.execute(text(f"SELECT max({column}) FROM {table}")).scalar()
        newest = datetime.fromisoformat(newest) if isinstance(newest, str) else newest
        if newest.replace(tzinfo=UTC) > now:
            late.append((table, newest))
    assert not late
    rows = db.session.execute(text("SELECT at FROM stage_moves ORDER BY id")).scalars().all()
    moments = [datetime.fromisoformat(at) if isinstance(at, str) else at for at in rows]
    hours = {clock.local(at.replace(tzinfo=UTC)).hour for at in moments}
    assert hours <= set(range(8, 19))
    period = db.session.execute(text("SELECT max(period_start) FROM observations")).scalar()
    assert date.fromisoformat(str(period)) < clock.today()
    ahead = db.session.execute(
        text("SELECT count(*) FROM observations WHERE entered_at < period_start")
    ).scalar()
    assert ahead == 0, "a number is entered after its week or month"


def check_measures(demo: Demo) -> None:
    """Every chart kind is there, and what people decided: lines, an exclusion, a hope."""
    ids = demo.council.measures
    views = measures.measures_by_id(tess(demo), ids.values())
    cards = {c.reading.measure.id: c for c in measures.measure_cards(tess(demo), [*views.values()])}
    charts = {cards[i].reading.analysis.chart for i in ids.values()}
    assert {"run", "i", "p", "pp", "c", "u", "t", "g"} <= charts
    taken = {view.catalogue_key for view in views.values()}
    assert taken - {None} == set(catalogue().measures)
    assert views[ids["cp_visits_on_time"]].partner_id == ids["cp_seen_alone"]
    assert views[ids["re_referral"]].context_id == ids["contacts"]
    assert views[ids["calls_answered"]].target == 85
    lines = measures.lines_of(ids.values())
    assert lines[ids["missing_nights"]].baselines[0].set_by == "Nadia Stonebrook"
    assert lines[ids["voice_in_plan"]].middle_lines
    left_out = [o for o in cards[ids["re_referral"]].reading.observations if o.is_excluded]
    assert len(left_out) == 1
    assert any(o.raw_values for o in cards[ids["short_break_days"]].reading.observations)


def check_counting(demo: Demo) -> None:
    """A tally runs: ended weeks are points, this one is tapped. Two people have read and agreed."""
    actor, council = tess(demo), demo.council
    page = tally_queries.tally_page(actor, council.tallies["picked_up"])
    assert page.tally.idea_id == council.ideas["IDEA-009"]
    assert page.tally.is_open
    assert len(page.before) >= 5
    assert all(week.is_as_counted for week in page.before)
    assert page.now.counts.taps
    assert not page.now.is_as_counted
    read = sample_queries.sample_page(actor, council.samples["own_words"])
    assert read.compared.is_open
    assert not read.compared.unsettled
    assert read.compared.agreement_words(1) == "11 of 12 the same"
    assert read.sample.measure_name == read.sample.title
    assert not sample_queries.sample_page(actor, council.samples["plan_said"]).compared.is_open
    check_the_dot(demo)


def check_the_dot(demo: Demo) -> None:
    """One test is due to be studied, with four points of seven and a week of taps to bring in."""
    actor, council = demo.council.actor("helena"), demo.council
    idea_id = council.ideas["IDEA-036"]
    team = accounts.team_by_id(actor, council.teams["assess-north"])
    due = {idea.id: idea for idea in ideas.for_huddle(actor, team, clock.today())}[idea_id]
    assert due.is_due_to_study
    assert (due.n_after, due.needed) == (4, 7)
    tied = council.measures
    numbers = measures.huddle_chart(
        actor,
        tied["names_known"],
        since=clock.now(),
        idea_id=idea_id,
        beside_id=tied["caseload"],
    )
    (tally,) = numbers.tallies
    assert tally.may_settle
    assert tally.counts.taps >= 5
    assert numbers.chart is not None
    assert numbers.chart.beside is not None


def check_voices(demo: Demo) -> None:
    """Stories of every ending, of two groups at least; a voice began an idea, and help waits."""
    told = changed("merrowdale-council", group="", page=1)
    assert len(told.groups) >= 2
    assert {story.ending for story in told.stories} == set(Ending)
    assert [story.ending for story in told.stories].count(Ending.STOPPED) >= 3
    for story in told.stories:
        assert story.tried
        assert story.happened or story.ending is Ending.TRYING
        assert reading_age(story.said, story.tried, story.happened) <= 9.5
    for group in told.groups:
        own = changed("merrowdale-council", group=group, page=1).stories
        assert {story.group for story in own} == {group}
    began = text("SELECT count(*) FROM voice_steps WHERE kind = 'idea_started'")
    assert db.session.execute(began).scalar() == 1
    assert waits_for_duty(tess(demo)) == 1


def check_reports() -> None:
    """Nearly all were answered: what is left to do on the desk is not buried."""
    due = text(
        "SELECT count(*) FROM incidents WHERE state = 'signed_off' AND joined_into IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM incident_answers "
        "WHERE incident_key = incidents.key AND given_week IS NOT NULL)"
    )
    assert db.session.execute(due).scalar() in (2, 3)
    told = json.dumps(read_content(), ensure_ascii=False)
    assert "too late" not in told


def check_documents(demo: Demo) -> None:
    """Every document is filled in; the assessment of impact waits for its outcome."""
    facts = privacy_documents.own_council(tess(demo)).facts
    waiting = {document: missing(facts, document) for document in Document}
    assert waiting.pop(Document.DPIA) == [
        FACTS[key].label for key in ("dpia_outcome", "dpia_signed", "dpia_again")
    ]
    assert not any(waiting.values())


def check_where_ideas_came_from(demo: Demo) -> None:
    by_team = [ref for ref in demo.council.ideas if "learning" in card_of(demo, ref).author]
    assert set(REPORT_BORN) < set(by_team), "not every idea of the learning team is from a report"
    assert all(card_of(demo, ref).badge is None for ref in REPORT_BORN)
    told = json.dumps(read_content(), ensure_ascii=False).lower()
    assert "confidential report" not in told
    assert "INC-" not in told.upper()
    assert "FB-0" not in told.upper()
    assert card_of(demo, "IDEA-003").badge
    offered = {person.name for person in accounts.demo_people()}
    assert "Tess Quillbury" in offered
    assert not any("learning" in name for name in offered)


def check_news_and_second_council(demo: Demo) -> None:
    ines = demo.council.actor("ines")
    news = notices.notices(ines)
    assert news
    old = [n for n in news if n.created_at < clock.now() - timedelta(days=8)]
    assert all(n.is_read for n in old)
    dilys = demo.other.actor("dilys")
    assert [team.name for team in accounts.teams(dilys)] == ["Children We Care For"]
    assert [idea.title for idea in ideas.my_ideas(dilys).ideas] == [
        "A first page that the child fills in"
    ]


def check_huddles(demo: Demo) -> None:
    """Four teams met in the last working days; one of them has a year behind it."""
    tess_ = tess(demo)
    teams = {team.name: team for team in accounts.teams(tess_)}
    assert all(days_of(team) for name, team in teams.items() if "Quality" not in name)
    assert not any(team.huddle_id for team in teams.values())
    coach = demo.council.actor("miriam")
    for name in ("Safeguarding and Court", "Front Door", "Children in Care"):
        newest = past.past_huddles(coach, teams[name].id).huddles[0]
        shown = notes.notes(coach, teams[name].slug, newest.id)
        assert shown.decisions
        assert shown.actions
        assert shown.thanks
        assert any(decision.idea for decision in shown.decisions)
        assert shown.next_at
        assert shown.next_at > clock.now() - timedelta(days=7)
        assert shown.count_here >= 8
    held = past.past_huddles(coach, teams["Safeguarding and Court"].id)
    assert held.total > 20
    assert {huddle.minutes for huddle in held.huddles} <= set(range(9, 20))
    promised = {team.name: team.hours for team in hours.hours_promised(coach)}
    assert len(promised["Front Door"]) == 5
    assert promised["Assessment North"] == ()
    assert any(hour.in_the_way for hour in promised["Assessment South"])


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_people_sign_in_and_every_page_of_the_demo_opens(
    app: Flask, visit: Callable[..., Visitor], tmp_path: Path, worker: str
) -> None:
    demo = load_demo(app, password=PASSWORD)
    check_moves_house(app, House(tmp_path, worker))
    council = demo.council
    somebody = visit(council.people["tess"])
    with app.app_context():
        slugs = [team.slug for team in accounts.teams(tess(demo))]
    for slug in slugs:
        assert somebody.get(f"/teams/{slug}/board").status == 200
        assert somebody.get(f"/teams/{slug}/measures").status == 200
        assert somebody.get(f"/teams/{slug}/finished").status == 200
    for idea_id in council.ideas.values():
        assert somebody.get(f"/ideas/{idea_id}").status == 200
    for measure_id in council.measures.values():
        assert somebody.get(f"/measures/{measure_id}").status == 200
    assert somebody.get("/review").status == 200
    for key, person_id in council.people.items():
        if key != "learning":
            assert visit(person_id).get("/me").status == 200
    check_sign_in(visit())


def check_sign_in(nobody: Visitor) -> None:
    """People of the demo sign in by e-mail with its password."""
    form = nobody.get("/sign-in").form(button="Sign in")
    page = nobody.send(
        form,
        {"email": "ines@merrowdale.example", "password": PASSWORD},
        button="Sign in",
    )
    assert page.heading == "Safeguarding and Court"
