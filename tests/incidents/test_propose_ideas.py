"""The weekly batch: ideas that reports led to go out like those that coaches gave."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from improve.accounts.learning_team import LEARNING_TEAM
from improve.accounts.queries import actor_of_person, names_of_staff
from improve.accounts.roles import Role
from improve.accounts.service import change_roles, disable_person, enable_person
from improve.accounts.service.learning_team import learning_team
from improve.accounts.service.team_life import close_team
from improve.incidents.learning_days import batch_after, shown_month_of
from improve.incidents.models import Incident, IncidentProposal
from improve.incidents.queries.desk_ended import desk_ended
from improve.incidents.queries.proposals import given_ideas
from improve.incidents.service import use
from improve.incidents.service.answers import add_answer
from improve.incidents.service.give_idea import give_idea
from improve.incidents.service.propose import propose_waiting
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from tests.factories import Cast, actor, make_team
from tests.incidents.open_council import Opened, open_council
from tests.incidents.signed_off import learning_of, make_signed_off
from tests.pages import Visitor

Visit = Callable[..., Visitor]
#: The Monday of a batch for what is written on Tuesday 24 November 2026.
MONDAY: Final = datetime(2026, 12, 14, 3, 0, tzinfo=UTC)
#: Everything that is kept about an idea, or told of it, and the column that names it.
ABOUT: Final = (
    ("ideas", "id"),
    ("idea_edits", "idea_id"),
    ("idea_followers", "idea_id"),
    ("notices", "subject_id"),
    ("audit_entries", "object_id"),
    ("cycles", "idea_id"),
    ("comments", "idea_id"),
    ("stage_moves", "idea_id"),
)
#: Numbers in order, chains and secrets, and the words themselves.
OWN: Final = {
    "id", "idea_id", "subject_id", "object_id", "sequence", "hash", "previous_hash", "form_token",
    "title", "suggestion", "benefit",
}  # fmt: skip
REPORTED, COACHED = "Ring the school when plans change", "Read the plan aloud at the end"


@pytest.fixture
def council(app: Flask, cast: Cast) -> Opened:
    return open_council(app, cast)


def written(cast: Cast, council: Opened, *, team_id: int | None = None) -> str:
    """Return the key of a report from which an idea waits."""
    key = make_signed_off(council)
    use.write_idea(
        actor(cast.incident_reviewer),
        key=key,
        text=REPORTED,
        benefit="Schools",
        team_id=team_id or cast.team,
        seen_version=db.session.get_one(Incident, key).version,
    )
    return key


def gave(cast: Cast, words: str = COACHED, **facts: Any) -> None:
    team = facts.pop("team_id", cast.team)
    idea = {"text": words, "benefit": "Schools", "team_id": team, "form_token": words[:20]}
    give_idea(actor(cast.coach), **idea, **facts)


def ideas_named(*titles: str) -> list[int]:
    found = db.session.execute(text("SELECT id, title FROM ideas ORDER BY id")).all()
    return [next(row.id for row in found if row.title == title) for title in titles]


def proposed() -> int:
    with clock.moved(MONDAY):
        return propose_waiting()


def test_what_waits_goes_out_on_its_monday_and_not_before(
    app: Flask, cast: Cast, council: Opened
) -> None:
    with app.app_context():
        key = written(cast, council)
        with clock.moved(MONDAY - timedelta(days=1)):
            assert propose_waiting() == 0
        assert proposed() == 1
        assert proposed() == 0
        row = learning_of(key)
        assert (row.proposal, row.proposed_week) == (None, MONDAY.date())
        assert row.idea_id == ideas_named(REPORTED)[0]
        seen = db.session.get_one(Incident, key).version
        who = actor(cast.incident_reviewer)
        with pytest.raises(RuleBroken, match="led to an idea already"):
            use.take_idea_back(who, key=key, seen_version=seen)
        idea = {"text": COACHED, "benefit": "", "team_id": cast.team}
        with pytest.raises(RuleBroken, match="led to an idea already"):
            use.write_idea(who, key=key, seen_version=seen, **idea)


def test_an_idea_from_a_report_and_one_of_a_coach_differ_in_nothing(
    app: Flask, cast: Cast, council: Opened, visit: Visit
) -> None:
    with app.app_context():
        written(cast, council)
        gave(cast)
        assert proposed() == 2
        db.session.commit()
        both = ideas_named(REPORTED, COACHED)
        kept = [[about(table, column, idea) for table, column in ABOUT] for idea in both]
        assert kept[0] == kept[1]
        assert [bool(rows) for rows in kept[0]][:3] == [True] * 3, "nothing was looked at"
        assert kept[0][4], "no entry was looked at"
    for who in ("practitioner", "manager", "coach", "leader", "administrator", "incident_reviewer"):
        visitor = visit(getattr(cast, who))
        pages = [visitor.client.get(f"/ideas/{idea}") for idea in both]
        texts = [
            plain(page.text, idea, words)
            for page, idea, words in zip(pages, both, (REPORTED, COACHED), strict=True)
        ]
        assert texts[0] == texts[1]
        if who != "administrator":
            assert "The\u00a0learning\u00a0team" in pages[0].text


def about(table: str, column: str, idea_id: int) -> list[dict[str, Any]]:
    """Return what a table holds about an idea, without what every row has of its own."""
    which = " AND object_kind = 'idea'" if table == "audit_entries" else ""
    rows = db.session.execute(
        text(f"SELECT * FROM {table} WHERE CAST({column} AS TEXT) = :id{which}"),
        {"id": str(idea_id)},
    ).mappings()
    found = [{name: str(row[name]) for name in row if name not in OWN} for row in rows]
    for row in found:
        if "facts" in row:
            row["facts"] = row["facts"].replace(REPORTED, "…").replace(COACHED, "…")
        for name in ("old", "new"):
            if name in row:
                row[name] = row[name].replace(REPORTED, "…").replace(COACHED, "…")
    return sorted(found, key=str)


def plain(page: str, idea_id: int, words: str) -> str:
    """Return a page without the number of its idea, its words, and what each visit has anew."""
    page = page.replace("#columns-2", "#columns").replace(words, "…")
    page = re.sub(rf"(/ideas?/|[Ii]dea |[a-z]-){idea_id}\b", "…", page)
    return "\n".join(line for line in page.splitlines() if "csrf" not in line and line.strip())


def test_the_order_of_a_batch_tells_nothing(app: Flask, cast: Cast, council: Opened) -> None:
    with app.app_context():
        firsts = set()
        for number in range(12):
            written(cast, council)
            gave(cast, f"{COACHED} {number}")
            assert proposed() == 2
            rows = db.session.execute(text("SELECT title FROM ideas ORDER BY id DESC LIMIT 2"))
            firsts.add(rows.scalars().all()[0] == REPORTED)
        # One of both orders alone comes by chance once in 2,048 runs.
        assert firsts == {True, False}


def test_a_council_has_its_learning_team_before_any_report(
    app: Flask, cast: Cast, council: Opened
) -> None:
    with app.app_context():
        assert propose_waiting() == 0
        person_id = learning_team(cast.organisation)
        assert learning_team(cast.organisation) == person_id
        team = actor_of_person(person_id)
        assert (team.name, team.roles) == (LEARNING_TEAM, frozenset({Role.COACH}))
        # Nobody is called by its words: no reviewer is asked to take them out.
        assert LEARNING_TEAM not in names_of_staff(cast.organisation)
        row = db.session.execute(
            text("SELECT is_active, password_hash, email FROM people WHERE id = :id"),
            {"id": person_id},
        ).one()
        assert not row.is_active
        assert row.password_hash is None
        assert row.email.endswith(".invalid")
        others = text("SELECT count(*) FROM people WHERE name = :name AND organisation_id = :other")
        facts = {"name": LEARNING_TEAM, "other": cast.other_organisation}
        assert db.session.execute(others, facts).scalar_one() == 0
        disable_person(cast.actor("administrator"), person_id=person_id)


def test_nobody_opens_or_changes_the_account_of_the_learning_team(
    app: Flask, cast: Cast, council: Opened
) -> None:
    with app.app_context():
        key = written(cast, council)
        person_id = learning_team(cast.organisation)
        administrator = cast.actor("administrator")
        with pytest.raises(RuleBroken, match="nobody’s"):
            enable_person(administrator, person_id=person_id)
        with pytest.raises(RuleBroken, match="nobody’s"):
            change_roles(
                administrator, person_id=person_id, in_teams={}, across=frozenset({Role.GUEST}),
                home_team_id=None, seen_version=1,
            )  # fmt: skip
        # Were it a guest by another way, the batch goes on, and the idea stays with its reviewers.
        db.session.execute(
            text("UPDATE memberships SET role = 'guest' WHERE person_id = :id"), {"id": person_id}
        )
        assert proposed() == 0
        assert learning_of(key).propose_after is None


def test_an_idea_whose_team_was_closed_stays_with_its_reviewers(
    app: Flask, cast: Cast, council: Opened, visit: Visit
) -> None:
    with app.app_context():
        team = make_team(cast.organisation)
        key = written(cast, council, team_id=team)
        gave(cast, team_id=team)
        close_team(cast.actor("administrator"), team_id=team, seen_version=1)
        assert proposed() == 0
        db.session.commit()
        assert learning_of(key).propose_after is None
        assert given_ideas(cast.actor("coach"))[0].on is None
    page = visit(cast.incident_reviewer).get(f"/reports/desk/{key}/use")
    assert "choose another team" in page.text
    # It is to be used once more, whichever page says so.
    with app.app_context():
        row = db.session.get_one(Incident, key)
        add_answer(row, words="We look at it.", given_week=row.week)
        db.session.commit()
    reader = visit(cast.incident_reviewer)
    for step in ("use", "answer", "sign-off"):
        page = reader.get(f"/reports/desk/{key}/{step}")
        assert page.soup.select_one(".is-at").get_text(strip=True).endswith("What we do with it")
    (listed,) = reader.get("/reports/desk?show=ended").soup.select(".report-row")
    assert "What we do with it" in listed.get_text()
    with app.app_context():
        # Fifteen working days from the Monday of its week.
        (line,) = desk_ended(actor(cast.incident_reviewer), 1).rows
        assert line.by == date(2026, 12, 14)


def test_a_coach_gives_an_idea_once_and_takes_it_back(app: Flask, cast: Cast, visit: Visit) -> None:
    coach, path = visit(cast.coach), "/reports/learning-team"
    form = coach.get(path).form(path)
    assert coach.send(form, {"text": "", "team_id": str(cast.team)}, follow=False).status == 422
    assert coach.send(form, {"text": COACHED, "team_id": ""}, follow=False).status == 422
    sent = {"text": COACHED, "team_id": str(cast.team)}
    assert coach.send(form, sent, follow=False).status == 303
    assert coach.send(form, sent, follow=False).status == 303
    with app.app_context():
        (row,) = db.session.scalars(select(IncidentProposal))
        key, day = row.key, row.propose_after
        assert day == date(2026, 12, 14)
        entries = text("SELECT count(*) FROM audit_entries WHERE actor_id = :id AND action <> :in")
        found = db.session.execute(entries, {"id": cast.coach, "in": "signed_in"})
        assert found.scalar_one() == 0
    page = coach.get(path)
    assert COACHED in page.text
    back = page.form(f"{path}/{key}/back")
    for _ in range(2):
        assert coach.send(back, follow=False).status == 303
    with app.app_context():
        assert not db.session.scalars(select(IncidentProposal)).all()
    for who in ("manager", "administrator", "leader", "practitioner", "incident_reviewer"):
        assert visit(getattr(cast, who)).get(path).status == 403


@given(st.dates(date(2024, 1, 1), date(2031, 1, 1)))
def test_nothing_appears_near_the_day_it_was_written(day: date) -> None:
    batch, month = batch_after(day), shown_month_of(day)
    assert batch.weekday() == 0
    assert 14 <= (batch - day).days <= 20
    assert month.day == 1
    assert 14 <= (month - day).days <= 45
