"""Who had a part in it, was ticked, or may know it, is barred from a report for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from improve.accounts import service as accounts
from improve.accounts.models import Membership
from improve.accounts.roles import Role
from improve.incidents.barred import barred_in
from improve.incidents.contents import Work
from improve.incidents.kinds import State, StepKind
from improve.incidents.models import Incident, IncidentReading, IncidentStep
from improve.incidents.queries.waiting import reviewers_to_tell
from improve.incidents.service.destroy import destroy
from improve.incidents.service.keep_by_order import end_keeping, keep_by_order
from improve.incidents.service.may_know import say_may_know
from improve.incidents.service.one import report_for_review
from improve.incidents.service.retention import delete_steps, destroy_past_their_days
from improve.incidents.service.settle import learn_from
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from tests.factories import Cast, actor
from tests.incidents.desk import DESK, council, made
from tests.incidents.make import make_report
from tests.incidents.open_council import Opened, make_reviewer
from tests.incidents.signed_off import add_step
from tests.incidents.test_read_joined_reports import joined
from tests.incidents.test_settle_words import SHARED, agreed, coded, write
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def reviewer_of(found: Opened, *, team_id: int | None = None) -> int:
    third = make_reviewer(found.organisation, team_id=team_id)
    db.session.commit()
    return third


def leave_team(person_id: int, team_id: int) -> None:
    left = (Membership.person_id == person_id, Membership.team_id == team_id)
    db.session.execute(delete(Membership).where(*left))
    db.session.commit()


def end(found: Opened, *keys: str) -> None:
    """Sign these off as one event, which both reviewers read. Commits."""
    rows = [db.session.get_one(Incident, key) for key in keys]
    learn_from(rows, work=Work(shareable=SHARED, kind="near_miss", factors=["F08"]), agreement=1.0)
    destroy(rows[:1], state=State.SIGNED_OFF)
    db.session.commit()


def is_listed(reviewer: Visitor, key: str) -> bool:
    lists = (reviewer.get(DESK), reviewer.get(f"{DESK}?show=ended"))
    return any(key in str(page.soup) for page in lists)


def test_a_part_that_was_given_up_bars_for_ever(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    with app.app_context():
        third = reviewer_of(found, team_id=found.team)
    here = made(app, found)
    key = here.rsplit("/", 1)[1]
    with app.app_context():
        leave_team(third, found.team)
    visitor = visit(third)
    assert visitor.get(here).status == 404
    assert not is_listed(visitor, key)
    later = made(app, found)
    assert visitor.get(later).status == 200
    with app.app_context():
        end(found, key)
    for page in ("use", "answer"):
        assert visitor.get(f"{here}/{page}").status == 404
    assert not is_listed(visitor, key)


def test_a_part_in_one_of_two_that_are_read_as_one_bars_from_both(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found, here, there, team = joined(app, cast, visit)
    with app.app_context():
        third = reviewer_of(found, team_id=team)
        key = there.rsplit("/", 1)[1]
    # Sent while they worked there, in a team they have left since.
    with app.app_context():
        group = db.session.get_one(Incident, key).group_id
        late = make_report(found.organisation, group)
        db.session.get_one(Incident, late).joined_into = here.rsplit("/", 1)[1]
        db.session.execute(delete(IncidentReading))
        db.session.commit()
        leave_team(third, team)
        assert third not in reviewers_to_tell(found.organisation, clock.today())
        assert set(found.reviewers) <= set(reviewers_to_tell(found.organisation, clock.today()))
    for address in (here, there, f"{DESK}/{late}"):
        assert visit(third).get(address).status == 404
    assert not is_listed(visit(third), here.rsplit("/", 1)[1])


def test_a_part_in_the_first_group_bars_from_what_was_joined(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found, _here, there, _team = joined(app, cast, visit)
    with app.app_context():
        accounts.grant_role(
            organisation_id=found.organisation,
            person_id=found.reviewers[1],
            role=Role.PRACTITIONER,
            team_id=found.team,
            is_home=True,
        )
        db.session.commit()
    for page in ("", "/coding", "/route", "/alert"):
        assert visit(found.reviewers[1]).get(f"{there}{page}").status == 404


def test_who_was_barred_from_a_part_that_lapsed_is_barred_from_what_stands(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found = council(app, cast)
    here, first, _ = coded(app, found, visit)
    write(first, here, SHARED)
    agreed(first, here)
    with app.app_context():
        ticked, knowing = reviewer_of(found), reviewer_of(found)
        before = clock.today() - timedelta(days=59)
        older = make_report(found.organisation, found.group, day=before, not_readers=[ticked])
        db.session.get_one(Incident, older).joined_into = here.rsplit("/", 1)[1]
        place = {"incident_key": older, "organisation_id": found.organisation}
        db.session.add(
            IncidentReading(**place, reviewer_id=knowing, position="none", may_know=True)
        )
        db.session.commit()
        second, key = found.reviewers[1], here.rsplit("/", 1)[1]
        assert report_for_review(actor(second), key).work.approved_by
        with clock.moved(clock.now() + timedelta(days=8)):
            assert destroy_past_their_days() == 1
        db.session.commit()
        left = report_for_review(actor(second), key)
        assert (left.work.shareable, left.work.approved_by) == (SHARED, ())
        # So that it is offered to more than the two who read it.
        db.session.execute(delete(IncidentReading))
        db.session.commit()
        told = set(reviewers_to_tell(found.organisation, clock.today()))
        assert told == set(found.reviewers)
    for one in (ticked, knowing):
        assert visit(one).get(here).status == 404
        assert not is_listed(visit(one), key)
    assert visit(second).get(here).status == 200
    with app.app_context():
        end(found, key)
        row = db.session.get_one(Incident, key)
        assert barred_in(row.sealed_barred, key=key) == {ticked, knowing}


def test_may_know_holds_for_each_report_of_an_event_after_the_end(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found, here, there, _team = joined(app, cast, visit)
    keys = tuple(one.rsplit("/", 1)[1] for one in (here, there))
    with app.app_context():
        reviewer_of(found)
        say_may_know(actor(found.reviewers[1]), key=keys[1])
        said = select(IncidentStep.incident_key).where(IncidentStep.kind == StepKind.MAY_KNOW.value)
        assert set(db.session.scalars(said)) == set(keys)
        db.session.commit()
        end(found, *keys)
    for address in (here, there):
        for page in ("use", "answer"):
            assert visit(found.reviewers[1]).get(f"{address}/{page}").status == 404
            assert visit(found.reviewers[0]).get(f"{address}/{page}").status == 200
    # Nor when nobody knows any more who read it.
    with app.app_context(), clock.moved(clock.now() + timedelta(days=366)):
        delete_steps()
        db.session.commit()
    for address in (here, there):
        assert visit(found.reviewers[1]).get(f"{address}/answer").status == 404


def test_a_tick_outlives_the_steps(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    with app.app_context():
        third, fourth = reviewer_of(found), reviewer_of(found)
    here = made(app, found, not_readers=[third])
    key = here.rsplit("/", 1)[1]
    with app.app_context():
        for one in found.reviewers:
            add_step(found, key, one, StepKind.OPENED)
        db.session.commit()
        with clock.moved(clock.now() + timedelta(days=366)):
            assert delete_steps() == 0, "an order keeps it: who opened it is kept as long"
        end(found, key)
        with clock.moved(clock.now() + timedelta(days=366)):
            delete_steps()
            db.session.commit()
        row = db.session.get_one(Incident, key)
        assert barred_in(row.sealed_barred, key=key) == {third}
    assert visit(third).get(f"{here}/answer").status == 404
    assert not is_listed(visit(third), key)
    # Whoever reported it is owed an answer: any other may give it.
    assert visit(fourth).get(f"{here}/answer").status == 200
    assert is_listed(visit(fourth), key)


def test_who_is_barred_cannot_be_opened_under_another_key(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found = council(app, cast)
    here = made(app, found)
    key = here.rsplit("/", 1)[1]
    with app.app_context():
        for one in found.reviewers:
            add_step(found, key, one, StepKind.OPENED)
        end(found, key)
        db.session.get_one(Incident, key).sealed_barred = b"x" * 60
        db.session.commit()
    assert visit(found.reviewers[0]).get(f"{here}/answer").status == 404
    assert not is_listed(visit(found.reviewers[0]), key)


def test_may_know_passes_on_what_an_order_keeps_and_changes_nothing_of_it(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found = council(app, cast)
    here, first, second = coded(app, found, visit)
    key = here.rsplit("/", 1)[1]
    write(first, here)
    for reader in (first, second):
        agreed(reader, here)
    with app.app_context():
        third = reviewer_of(found)
        for one in found.reviewers:
            incident = db.session.get_one(Incident, key)
            keep_by_order(actor(one), key=key, seen_version=incident.version)
        db.session.commit()
        sealed = db.session.get_one(Incident, key).sealed_work
        say_may_know(actor(found.reviewers[1]), key=key)
        db.session.commit()
        incident = db.session.get_one(Incident, key)
        assert incident.sealed_work == sealed
        left = db.session.get_one(IncidentReading, (key, found.reviewers[1]))
        assert (left.is_coded, left.may_know, left.position) == (True, True, "none")
        with pytest.raises(NotFound):
            end_keeping(actor(found.reviewers[1]), key=key, seen_version=incident.version)
        db.session.rollback()
    # It goes once the order has ended.
    reader = visit(third)
    assert reader.send(reader.get(here).form(f"{here}/open"), {}).status == 200
    with app.app_context():
        for one in (found.reviewers[0], third):
            incident = db.session.get_one(Incident, key)
            end_keeping(actor(one), key=key, seen_version=incident.version)
        db.session.commit()
        assert db.session.get_one(Incident, key).sealed_work != sealed
        assert not db.session.get_one(IncidentReading, (key, found.reviewers[1])).is_coded
