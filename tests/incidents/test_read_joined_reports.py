"""Reports of one event are read as one: whoever may not read either of them reads neither."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from improve.accounts import service as accounts
from improve.accounts.roles import Role
from improve.incidents.kinds import State
from improve.incidents.models import Incident, IncidentGroup, IncidentGroupTeam, IncidentReading
from improve.shared.db import db
from tests.factories import Cast, make_team
from tests.incidents.desk import DESK, council, made, read
from tests.incidents.make import make_report
from tests.incidents.open_council import Opened, make_reviewer
from tests.pages import Visitor

Visit = Callable[..., Visitor]
OTHER = "The night team wrote it on paper, and the paper was lost."


def joined(app: Flask, cast: Cast, visit: Visit) -> tuple[Opened, str, str, int]:
    """Return two reports of one event, of two groups, that both reviewers read; and a team."""
    found = council(app, cast)
    here = made(app, found)
    with app.app_context():
        team = make_team(cast.organisation)
        group = IncidentGroup(organisation_id=cast.organisation, name="Night teams")
        db.session.add(group)
        db.session.flush()
        db.session.add(
            IncidentGroupTeam(team_id=team, group_id=group.id, organisation_id=cast.organisation)
        )
        key = make_report(cast.organisation, group.id, happened=OTHER)
        db.session.commit()
    there = f"{DESK}/{key}"
    for one in found.reviewers:
        read(visit(one), here)
        read(visit(one), there)
    with app.app_context():
        row = db.session.get_one(Incident, key)
        row.joined_into = here.rsplit("/", 1)[1]
        db.session.commit()
    return found, here, there, team


def test_both_stand_on_one_page(app: Flask, cast: Cast, visit: Visit) -> None:
    found, here, there, _ = joined(app, cast, visit)
    reader = visit(found.reviewers[0])
    page = reader.get(here)
    assert OTHER in page.main
    assert "Report 2 of 2 of this event" in page.main
    assert reader.get(there).path.endswith(here)
    assert len(reader.get(DESK).soup.select(".report-row")) == 1


def test_a_part_in_either_group_ends_the_reading(app: Flask, cast: Cast, visit: Visit) -> None:
    found, here, there, team = joined(app, cast, visit)
    with app.app_context():
        accounts.grant_role(
            organisation_id=cast.organisation,
            person_id=found.reviewers[1],
            role=Role.PRACTITIONER,
            team_id=team,
            is_home=True,
        )
        db.session.commit()
    for address in (here, there):
        assert visit(found.reviewers[1]).get(address).status == 404
        assert visit(found.reviewers[0]).get(address).status == 200


def test_whoever_may_know_one_sees_neither(app: Flask, cast: Cast, visit: Visit) -> None:
    found, here, there, _ = joined(app, cast, visit)
    with app.app_context():
        third = make_reviewer(cast.organisation)
        db.session.commit()
    reader = visit(found.reviewers[0])
    page = reader.get(here)
    assert reader.send(page.form(f"{here}/may-know"), {}, follow=False).status == 303
    for address in (here, there):
        assert reader.get(address).status == 404
    with app.app_context():
        own = IncidentReading.reviewer_id == found.reviewers[0]
        assert all(db.session.scalars(select(IncidentReading.may_know).where(own)))
    # The one that was joined is read on its main page alone, whoever comes next.
    assert visit(third).get(there).status == 404
    read(visit(third), here)
    assert OTHER in visit(third).get(here).main


def test_another_route_takes_both(app: Flask, cast: Cast, visit: Visit) -> None:
    found, here, _, _ = joined(app, cast, visit)
    reader = visit(found.reviewers[0])
    page = reader.get(f"{here}/route")
    words = {"route": "serious_incident", "told": "The head of service, today."}
    reader.send(page.form(f"{here}/route"), words)
    page = reader.get(f"{here}/route")
    sent = reader.send(page.form(f"{here}/passed-on"), {"has_all": "y"}, follow=False)
    assert sent.status == 303
    with app.app_context():
        for row in db.session.scalars(select(Incident)):
            assert (row.state, row.route) == (State.PASSED_ON.value, "serious_incident")
            assert row.sealed_words is None
