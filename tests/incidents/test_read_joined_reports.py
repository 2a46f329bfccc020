"""Reports of one event are read as one: whoever may not read either of them reads neither."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import exists, select

from improve.accounts import service as accounts
from improve.accounts.roles import Role
from improve.incidents.kinds import State
from improve.incidents.models import (
    Incident,
    IncidentGroup,
    IncidentGroupTeam,
    IncidentMessage,
    IncidentReading,
)
from improve.incidents.queries.one import NO_KEY
from improve.incidents.queries.thread import is_in_thread_of
from improve.incidents.queries.waiting import reviewers_to_tell
from improve.incidents.service.coding import code
from improve.incidents.service.danger import note_route, pass_on
from improve.incidents.service.keep_by_order import keep_by_order
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from tests.factories import Cast, actor, make_team
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


def test_what_was_joined_is_worked_on_with_the_other_alone(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found, here, there, _ = joined(app, cast, visit)
    reader = visit(found.reviewers[0])
    for tail in ("coding", "route", "alert"):
        assert reader.get(f"{here}/{tail}").status == 200
        assert reader.get(f"{there}/{tail}").status == 404
    main, other = (address.rsplit("/", 1)[1] for address in (here, there))
    told = {"route": "serious_incident", "told": "The head of service, today."}
    with app.app_context():
        one = actor(found.reviewers[0])
        version = db.session.get_one(Incident, other).version
        for work_on in (
            lambda: code(one, key=other, kind="near_miss", factors=["F08"]),
            lambda: note_route(one, key=other, **told),
            lambda: pass_on(one, key=other, has_all=True),
            lambda: keep_by_order(one, key=other, seen_version=version),
        ):
            with pytest.raises(NotFound):
                work_on()
        note_route(one, key=main, **told)
        assert db.session.get_one(Incident, other).route == ""


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
        assert list(db.session.scalars(select(IncidentReading.may_know).where(own))) == [True] * 2
    # The one that was joined is read on its main page alone, whoever comes next.
    assert visit(third).get(there).status == 404
    read(visit(third), here)
    assert OTHER in visit(third).get(here).main


def test_a_tick_on_what_was_joined_holds_on_the_desk_and_in_notices(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found = council(app, cast)
    with app.app_context():
        third, fourth = make_reviewer(cast.organisation), make_reviewer(cast.organisation)
        db.session.commit()
    here = made(app, found)
    there = made(app, found, not_readers=[third])
    with app.app_context():
        db.session.get_one(Incident, there.rsplit("/", 1)[1]).joined_into = here.rsplit("/", 1)[1]
        db.session.commit()
        told = reviewers_to_tell(found.organisation, clock.today())
        assert (third in told, fourth in told) == (False, True)
    for person, listed in ((third, 0), (fourth, 1)):
        reviewer = visit(person)
        assert len(reviewer.get(DESK).soup.select(".report-row")) == listed
        assert reviewer.get(here).status == (200 if listed else 404)


def two_to_join(app: Flask, cast: Cast, visit: Visit) -> tuple[Opened, str, str, int]:
    """Return two reports as ``joined`` does, not joined yet."""
    found, here, there, team = joined(app, cast, visit)
    with app.app_context():
        db.session.get_one(Incident, there.rsplit("/", 1)[1]).joined_into = None
        db.session.commit()
    return found, here, there, team


def offers(reviewer: Visitor, here: str) -> list[str]:
    page = reviewer.get(f"{here}/together")
    assert page.status == 200
    return [str(one["value"]) for one in page.soup.select("input[name=other]")]


def test_what_a_reviewer_may_not_read_any_more_is_not_offered_to_be_joined(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found, here, there, team = two_to_join(app, cast, visit)
    key = there.rsplit("/", 1)[1]
    with app.app_context():
        third = make_report(found.organisation, found.group)
        db.session.commit()
    for one in found.reviewers:
        read(visit(one), f"{DESK}/{third}")
    assert sorted(offers(visit(found.reviewers[1]), here)) == sorted([key, third])
    with app.app_context():
        # What is read with one of them says to whom that is offered, too.
        late = make_report(found.organisation, found.group, not_readers=[found.reviewers[1]])
        db.session.get_one(Incident, late).joined_into = third
        accounts.grant_role(
            organisation_id=cast.organisation,
            person_id=found.reviewers[1],
            role=Role.PRACTITIONER,
            team_id=team,
            is_home=True,
        )
        db.session.commit()
    assert offers(visit(found.reviewers[1]), here) == []
    assert sorted(offers(visit(found.reviewers[0]), here)) == sorted([key, third])


def test_a_lost_key_of_one_shuts_no_page_of_another(app: Flask, cast: Cast, visit: Visit) -> None:
    found, here, there, _ = two_to_join(app, cast, visit)
    reader = visit(found.reviewers[0])
    with app.app_context():
        lost = db.session.get_one(Incident, there.rsplit("/", 1)[1])
        lost.wrapped_key = b"\x01" + bytes(60)
        db.session.commit()
    assert offers(reader, here) == []
    with app.app_context():
        lost = db.session.get_one(Incident, there.rsplit("/", 1)[1])
        lost.joined_into = here.rsplit("/", 1)[1]
        db.session.commit()
    page = reader.get(f"{here}/together")
    assert (page.status, NO_KEY in page.text) == (422, True)


def test_a_way_to_call_back_on_what_was_joined_is_said_on_each_page(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found = council(app, cast)
    here, there = made(app, found), made(app, found, contact="By bell, at four")
    reader = visit(found.reviewers[0])
    for one in (here, there):
        read(reader, one)
    sign_off = reader.get(f"{here}/sign-off")
    assert "none was left" in sign_off.main
    with app.app_context():
        db.session.get_one(Incident, there.rsplit("/", 1)[1]).joined_into = here.rsplit("/", 1)[1]
        db.session.commit()
    sign_off = reader.get(f"{here}/sign-off")
    assert "none was left" not in sign_off.main
    assert "they asked for it" in sign_off.main
    assert "May be called back" in sign_off.main
    assert "Done: Call back" not in sign_off.main


def test_another_route_takes_both(app: Flask, cast: Cast, visit: Visit) -> None:
    found, here, _, _ = joined(app, cast, visit)
    reader = visit(found.reviewers[0])
    page = reader.get(f"{here}/route")
    words = {"route": "serious_incident", "told": "The head of service, today."}
    reader.send(page.form(f"{here}/route"), words)
    for one in found.reviewers:
        reader = visit(one)
        page = reader.get(f"{here}/route")
        sent = reader.send(page.form(f"{here}/passed-on"), {"has_all": "y"}, follow=False)
        assert sent.status == 303
    with app.app_context():
        rows = db.session.scalars(select(Incident)).all()
        assert len(rows) == 2
        for row in rows:
            assert (row.state, row.route) == (State.PASSED_ON.value, "serious_incident")
            assert row.sealed_words is None


def test_a_message_belongs_to_its_own_event_alone(app: Flask, cast: Cast, visit: Visit) -> None:
    """A message about the joined report is said of both, and of no third one."""
    _, here, there, _ = joined(app, cast, visit)
    with app.app_context():
        group = db.session.scalars(select(IncidentGroup.id).order_by(IncidentGroup.id)).first()
        assert group is not None
        make_report(cast.organisation, group, happened="Something else.")
        told = IncidentMessage(
            key="m",
            organisation_id=cast.organisation,
            incident_key=there.rsplit("/", 1)[1],
            by="reporter",
            sealed=b"x",
        )
        db.session.add(told)
        db.session.flush()
        waits = exists(IncidentMessage.key).where(is_in_thread_of(Incident.key))
        found = set(db.session.scalars(select(Incident.key).where(waits)))
        db.session.rollback()
    assert found == {path.rsplit("/", 1)[1] for path in (here, there)}
