"""Nobody who gives roles reads reports; and who is made a reviewer is known to the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from improve.accounts import service as accounts
from improve.accounts.models import Membership
from improve.accounts.queries import person_view
from improve.accounts.roles import Role
from improve.incidents.queries.reviewers import reviewers
from improve.incidents.queries.waiting import reviewers_to_tell
from improve.incidents.service.setup import train_reviewer
from improve.notifications.kinds import NoticeKind
from improve.notifications.models import Notice
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from tests.factories import Cast, make_person, proved_session
from tests.incidents.desk import DESK, council, made
from tests.incidents.open_council import train
from tests.pages import Visitor

Visit = Callable[..., Visitor]
CLASH = "A reviewer of reports cannot also be a manager, a leader or an administrator."


@pytest.mark.security(57)
def test_an_administrator_cannot_make_themselves_a_reviewer(app: Flask, cast: Cast) -> None:
    with app.app_context(), pytest.raises(RuleBroken, match=CLASH):
        accounts.grant_role(
            organisation_id=cast.organisation,
            person_id=cast.administrator,
            role=Role.INCIDENT_REVIEWER,
        )


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.LEADER])
def test_who_held_both_from_before_has_no_desk(
    app: Flask, cast: Cast, visit: Visit, role: Role
) -> None:
    found = council(app, cast)
    here = made(app, found)
    with app.app_context():
        both = make_person(cast.organisation, role=role)
        row = {"organisation_id": cast.organisation, "person_id": both}
        db.session.add(Membership(**row, role=Role.INCIDENT_REVIEWER.value))
        train(cast.organisation, both)
        db.session.commit()
        assert both not in {one.person_id for one in reviewers(cast.organisation)}
        assert both not in reviewers_to_tell(cast.organisation, clock.today())
    for page in (DESK, here, f"{here}/coding", "/reports/hidden"):
        assert visit(both).get(page).status == 403
    assert visit(found.reviewers[0]).get(here).status == 200


def test_who_is_made_a_reviewer_reads_what_comes_from_then_on(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    """An administrator's second account, too: what stands was trusted to others."""
    found = council(app, cast)
    before = made(app, found, day=clock.today() - timedelta(days=1))
    here = made(app, found)
    with app.app_context():
        second = make_person(cast.organisation, role=Role.INCIDENT_REVIEWER)
        long_ago = clock.today() - timedelta(days=300)
        facts = {"person_id": second, "trained_on": long_ago, "trained_by": "Myself"}
        train_reviewer(cast.actor("administrator"), **facts)
        db.session.commit()
        with clock.moved(clock.now() + timedelta(days=1)):
            facts["trained_by"] = "The academy"
            train_reviewer(cast.actor("administrator"), **facts)
        db.session.commit()
    reviewer = visit(second)
    for page in ("", "/coding", "/words"):
        assert reviewer.get(f"{before}{page}").status == 404
    assert reviewer.get(here).status == 200
    assert before not in str(reviewer.get(DESK).soup)
    assert here in str(reviewer.get(DESK).soup)
    assert visit(found.reviewers[0]).get(before).status == 200


@pytest.mark.security(57)
def test_a_role_given_back_opens_no_report_of_before(app: Flask, cast: Cast, visit: Visit) -> None:
    """Whoever has got into somebody's account is not made a reviewer by training that stood."""
    found = council(app, cast)
    here, reviewer = made(app, found), found.reviewers[0]
    assert visit(reviewer).get(here).status == 200
    with app.app_context():
        for roles in ({Role.COACH}, {Role.COACH, Role.INCIDENT_REVIEWER}):
            administrator = cast.actor("administrator")
            accounts.change_roles(
                administrator,
                person_id=reviewer,
                in_teams={},
                across=frozenset(roles),
                home_team_id=None,
                seen_version=person_view(administrator, reviewer).version,
                session_id=proved_session(cast.administrator),
            )
        db.session.commit()
    assert visit(reviewer).get(here).status == 404
    with app.app_context(), clock.moved(clock.now() + timedelta(days=1)):
        facts = {"person_id": reviewer, "trained_on": clock.today(), "trained_by": "The academy"}
        train_reviewer(cast.actor("administrator"), **facts)
        db.session.commit()
        told = db.session.scalars(
            select(Notice.person_id).where(Notice.kind == NoticeKind.REPORT_REVIEWER.value)
        )
        assert list(told) == [found.reviewers[1]]
    assert visit(reviewer).get(here).status == 404
    assert visit(found.reviewers[1]).get(here).status == 200


def test_the_others_read_who_was_made_a_reviewer_and_by_whom(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found = council(app, cast)
    with app.app_context():
        third = make_person(cast.organisation, name="Wren Ash", role=Role.INCIDENT_REVIEWER)
        facts = {"person_id": third, "trained_on": clock.today(), "trained_by": "The academy"}
        for _ in range(2):
            train_reviewer(cast.actor("administrator"), **facts)
            db.session.commit()
        wanted = select(Notice).where(Notice.kind == NoticeKind.REPORT_REVIEWER.value)
        told = list(db.session.scalars(wanted))
        assert sorted(one.person_id for one in told) == sorted(found.reviewers)
        name = cast.actor("administrator").name
    news = visit(found.reviewers[0]).get("/me/news").main
    assert f"{name} made Wren Ash a reviewer of reports" in news
    with app.app_context():
        facts["trained_on"] = clock.today() - timedelta(days=1)
        train_reviewer(cast.actor("administrator"), **facts)
        db.session.commit()
        assert len(list(db.session.scalars(wanted))) == 4, "told of a change, too"
