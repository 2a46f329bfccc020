"""To whom a report is offered: never to somebody with a part in the teams it comes from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from improve.accounts import service as accounts
from improve.accounts.models import Cover, Membership, Person, Service, Team
from improve.accounts.roles import Role
from improve.incidents.models import IncidentCover, IncidentGroup, IncidentReviewer
from improve.incidents.queries.readiness import readiness
from improve.incidents.queries.reviewers import group_teams, offered_for, reviewers, teams_by_group
from improve.incidents.queries.setup import organisation_of, public_setup
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from tests.factories import Cast, make_person, make_team
from tests.incidents.open_council import Opened, make_reviewer, opened
from tests.statements import Watch


def offered(found: Opened, **facts: object) -> set[int]:
    return {one.person_id for one in offered_for(found.group, **facts)}  # type: ignore[arg-type]


def test_offers_to_those_without_a_part_in_the_group(app: Flask, cast: Cast) -> None:
    with app.app_context():
        found = opened(cast.organisation, cast.incident_reviewer)
        member = make_reviewer(cast.organisation, team_id=found.team)
        assert offered(found) == set(found.reviewers)
        assert member in {one.person_id for one in reviewers(cast.organisation)}
        first, second = found.reviewers
        assert offered(found, not_readers=[first]) == {second}
        assert offered(found, not_readers=[first], may_know=[second]) == set()
        assert group_teams(found.group) == {found.team, found.other_team}
        assert teams_by_group(cast.organisation) == {found.group: group_teams(found.group)}


def test_a_line_over_the_service_and_standing_in_count(app: Flask, cast: Cast) -> None:
    with app.app_context():
        found = opened(cast.organisation, cast.incident_reviewer)
        first, second = found.reviewers
        service = Service(organisation_id=cast.organisation, name="Front door")
        db.session.add(service)
        db.session.flush()
        db.session.get_one(Team, found.other_team).service_id = service.id
        db.session.add(
            Membership(
                organisation_id=cast.organisation,
                person_id=first,
                role=Role.COACH.value,
                service_id=service.id,
            )
        )
        db.session.flush()
        assert offered(found) == {second}
        today = clock.today()
        cover = Cover(
            organisation_id=cast.organisation,
            team_id=found.team,
            person_id=found.people[0],
            deputy_id=second,
            from_on=today - timedelta(days=40),
            to_on=today - timedelta(days=20),
            made_by_id=cast.administrator,
            created_at=clock.now(),
        )
        db.session.add(cover)
        db.session.flush()
        # Over for three weeks: they still know the team.
        assert offered(found) == set()
        cover.from_on = cover.to_on = today - timedelta(days=91)
        db.session.flush()
        assert offered(found) == {second}


def test_a_team_that_was_joined_to_another_counts(app: Flask, cast: Cast) -> None:
    with app.app_context():
        found = opened(cast.organisation, cast.incident_reviewer)
        member = make_reviewer(cast.organisation, team_id=cast.team)
        assert member in offered(found)
        # The group's team became part of one, and that of the one where they work.
        between = make_team(cast.organisation)
        db.session.get_one(Team, found.team).joined_to_id = between
        db.session.get_one(Team, between).joined_to_id = cast.team
        db.session.flush()
        assert offered(found) == set(found.reviewers)


def test_training_role_and_account_are_needed(app: Flask, cast: Cast) -> None:
    with app.app_context():
        found = opened(cast.organisation, cast.incident_reviewer)
        first, second = found.reviewers
        db.session.delete(db.session.get_one(IncidentReviewer, first))
        db.session.flush()
        assert offered(found) == {second}
        db.session.get_one(Person, second).is_active = False
        db.session.flush()
        assert offered(found) == set()
        assert public_setup(cast.organisation, clock.today()).reviewers == ()


def test_a_group_of_nobody_is_offered_to_nobody(app: Flask, cast: Cast) -> None:
    with app.app_context():
        opened(cast.organisation, cast.incident_reviewer)
        empty = IncidentGroup(organisation_id=cast.organisation, name="Nobody yet")
        db.session.add(empty)
        db.session.flush()
        assert offered_for(empty.id) == offered_for(9_999) == []


def test_says_what_the_form_needs(app: Flask, cast: Cast, statements: Watch) -> None:
    with app.app_context():
        found = opened(cast.organisation, cast.incident_reviewer, keep_days=45)
        db.session.flush()
        db.session.expire_all()
        with statements() as ran:
            setup = public_setup(cast.organisation, clock.today())
        assert len(ran) <= 4
        assert setup.takes_reports
        assert [group_id for group_id, _ in setup.groups] == [found.group]
        assert {person_id for person_id, _ in setup.reviewers} == set(found.reviewers)
        assert setup.next_read_on == clock.today()
        assert setup.read_by == clock.today() + timedelta(days=1)
        assert (setup.keep_days, setup.promised_by) == (45, "Stella Maple")
        assert organisation_of(setup.slug) == cast.organisation
        elsewhere = public_setup(cast.other_organisation, clock.today())
        assert (elsewhere.is_open, elsewhere.takes_reports, elsewhere.groups) == (False, False, ())
        for nobody in ("nowhere", ""):
            with pytest.raises(NotFound):
                organisation_of(nobody)
        with pytest.raises(NotFound):
            public_setup(9_999, clock.today())


def test_a_day_counts_only_if_each_group_has_a_reviewer(app: Flask, cast: Cast) -> None:
    with app.app_context():
        found = opened(cast.organisation, cast.incident_reviewer)
        member = make_reviewer(cast.organisation, team_id=found.team)
        today, days = clock.today(), timedelta(days=3)
        spans = db.session.query(IncidentCover)
        for span in spans.filter(IncidentCover.person_id.in_(found.reviewers)):
            span.from_on = today + days
        db.session.flush()
        # Until then only somebody of the group itself is there.
        setup = public_setup(cast.organisation, today)
        assert setup.next_read_on == setup.read_by == today + days
        spans.filter(IncidentCover.person_id != member).delete()
        assert public_setup(cast.organisation, today).read_by is None
        ready = readiness(cast.actor("administrator"), today)
        assert len(ready.days_without) == 10
        assert not ready.is_read_at_all
        assert ready.uncovered[today] == ("Social work teams, north",)


def test_a_group_that_shrinks_is_offered_no_more(app: Flask, cast: Cast) -> None:
    with app.app_context():
        found = opened(cast.organisation, cast.incident_reviewer, people=20)
        today = clock.today()
        assert public_setup(cast.organisation, today).groups
        # Who works in both teams counts once, a guest not at all.
        accounts.grant_role(
            organisation_id=cast.organisation,
            person_id=found.people[0],
            role=Role.PRACTITIONER,
            team_id=found.other_team,
        )
        make_person(cast.organisation, role=Role.GUEST, team_id=found.team)
        db.session.get_one(Person, found.people[1]).ends_on = today - timedelta(days=1)
        db.session.flush()
        assert public_setup(cast.organisation, today).groups == ()
        assert not public_setup(cast.organisation, today).takes_reports
