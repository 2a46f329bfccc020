"""Groups of teams: wide enough, never two that overlap, and never made narrower."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.accounts import service as accounts
from improve.accounts.models import Team
from improve.accounts.roles import Role
from improve.incidents.confidentiality import are_enough, size_words
from improve.incidents.queries.groups import GroupView, group, groups
from improve.incidents.queries.reviewers import group_teams
from improve.incidents.queries.setup import public_setup
from improve.incidents.service.groups import add_group, change_group, close_group, open_group
from improve.incidents.service.setup import change_choices_of_form
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.factories import Cast, make_person, make_team
from tests.incidents.open_council import make_staff, open_council, opened
from tests.pages import Visitor

Visit = Callable[..., Visitor]
HERE = "/admin/reports/groups"


def team_of(cast: Cast, people: int, name: str | None = None) -> int:
    team = make_team(cast.organisation, name)
    for _ in range(people):
        make_staff(cast.organisation, team_id=team)
    return team


def reasons(error: pytest.ExceptionInfo[RuleBroken]) -> str:
    return " ".join(reason.words for reason in error.value.reasons)


def shown(cast: Cast) -> list[GroupView]:
    return groups(cast.actor("administrator"), smallest=20)


@pytest.mark.security(65)
def test_who_makes_one_by_the_page(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        one, other = team_of(cast, 12, "Court team"), team_of(cast, 8, "Care leavers")
        db.session.commit()
    administrator = visit(cast.administrator)
    form = administrator.get(HERE).form(HERE, button="Make the group")
    page = administrator.send(form, {"name": "North", "teams": [str(one)]})
    assert page.status == 422
    assert page.error_for("teams")
    assert "fewer than 20 people" in page.main
    assert ("name", "North") in page.form(HERE, button="Make the group").values
    assert administrator.send(form, {"name": "", "teams": [str(one)]}).error_for("name")
    assert administrator.send(form, {"name": "North", "teams": []}).error_for("teams")
    for _ in range(2):
        page = administrator.send(form, {"name": "North", "teams": [str(one), str(other)]})
        assert page.status == 200
    assert "20 people or more" in page.main
    assert "Care leavers, Court team" in page.main
    with app.app_context():
        (made,) = shown(cast)
        assert made.team_ids == {one, other}
        assert made.is_offered
        acts = [
            act
            for act in db.session.scalars(db.select(AuditEntry.action))
            if act.startswith("reports_")
        ]
        assert acts == ["reports_group_added"]
    page = administrator.get(f"{HERE}/{made.id}")
    assert visit(cast.outsider_administrator).get(f"{HERE}/{made.id}").status == 404
    assert visit(cast.leader).get(f"{HERE}/{made.id}").status == 403


def test_everybody_counts_once_and_no_guest(app: Flask, cast: Cast) -> None:
    with app.app_context():
        administrator = cast.actor("administrator")
        team, second = team_of(cast, 19), make_team(cast.organisation)
        make_person(cast.organisation, role=Role.GUEST, team_id=team)
        # Invited, and never there.
        make_person(cast.organisation, team_id=team)
        (member,) = {make_staff(cast.organisation, team_id=second)}
        for other in (team, second):
            accounts.grant_role(
                organisation_id=cast.organisation,
                person_id=member,
                role=Role.MANAGER,
                team_id=other,
            )
        with pytest.raises(RuleBroken):
            add_group(administrator, name="Narrow", team_ids=[second])
        # With whom both teams share there are twenty.
        assert add_group(administrator, name="Wide", team_ids=[team, second])
        assert are_enough(20, smallest=1)
        assert not are_enough(19, smallest=1)
        assert not are_enough(29, smallest=30)


@pytest.mark.security(65)
def test_two_groups_never_overlap(app: Flask, cast: Cast) -> None:
    with app.app_context():
        administrator = cast.actor("administrator")
        team, second = team_of(cast, 20), team_of(cast, 20)
        first = add_group(administrator, name="North", team_ids=[team])
        with pytest.raises(RuleBroken) as error:
            add_group(administrator, name="All", team_ids=[team, second])
        assert "in the group “North” already" in reasons(error)
        with pytest.raises(RuleBroken) as error:
            add_group(administrator, name="north", team_ids=[second])
        assert "has this name" in reasons(error)
        close_group(administrator, group_id=first)
        close_group(administrator, group_id=first)
        both = add_group(administrator, name="All", team_ids=[team, second])
        # What was told from the first is still kept from its teams.
        assert group_teams(first) == {team}
        with pytest.raises(RuleBroken) as error:
            open_group(administrator, group_id=first)
        assert "in the group “All” already" in reasons(error)
        close_group(administrator, group_id=both)
        for _ in range(2):
            open_group(administrator, group_id=first)
        assert [one.name for one in shown(cast)] == ["North", "All"]
        with pytest.raises(RuleBroken):
            change_group(
                administrator, group_id=both, name="All of it", more_teams=[], seen_version=2
            )


def test_teams_only_become_more(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        administrator = cast.actor("administrator")
        team, second = team_of(cast, 20, "Court team"), team_of(cast, 1, "Care leavers")
        made = add_group(administrator, name="North", team_ids=[team])
        db.session.commit()
    visitor = visit(cast.administrator)
    page = visitor.get(f"{HERE}/{made}")
    form = page.form(f"{HERE}/{made}", button="Save")
    # Its own team is not offered: it could not be taken out.
    ticks = {tick["value"] for tick in page.soup.select("input[name=teams]")}
    assert str(team) not in ticks
    assert str(second) in ticks
    with app.app_context():
        change_group(
            administrator, group_id=made, name="North side", more_teams=[second], seen_version=1
        )
        db.session.commit()
        assert group_teams(made) == {team, second}
    page = visitor.send(form, {"name": "The north"})
    assert page.status == 409
    assert "North side" in page.main
    again = page.form(f"{HERE}/{made}", button="Save")
    assert ("name", "The north") in again.values
    for _ in range(2):
        assert visitor.send(again, {}).status == 200
    with app.app_context():
        assert group(administrator, made).name == "The north"
        assert group_teams(made) == {team, second}
        with pytest.raises(Stale):
            change_group(administrator, group_id=made, name="x", more_teams=[], seen_version=1)


def test_a_wider_choice_takes_narrow_groups_off_the_form(app: Flask, cast: Cast) -> None:
    found = open_council(app, cast)
    with app.app_context():
        administrator, today = cast.actor("administrator"), clock.today()
        assert public_setup(cast.organisation, today).groups
        change_choices_of_form(
            administrator, keep_days=60, smallest_group=25, leave_url="", seen_version=1
        )
        assert public_setup(cast.organisation, today).groups == ()
        view = group(administrator, found.group)
        assert (view.size, view.is_offered) == ("Fewer than 25 people", False)
        close_group(administrator, group_id=found.group)
        with pytest.raises(RuleBroken):
            open_group(administrator, group_id=found.group)


def test_refuses_others(app: Flask, cast: Cast) -> None:
    with app.app_context():
        administrator, outsider = (
            cast.actor("administrator"),
            cast.actor("outsider_administrator"),
        )
        found = opened(cast.organisation, cast.incident_reviewer)
        closed = team_of(cast, 20)
        db.session.get_one(Team, closed).closed_on = clock.today()
        db.session.flush()
        for teams in ([closed], [cast.outsider_team], [9_999]):
            with pytest.raises(RuleBroken) as error:
                add_group(administrator, name="Elsewhere", team_ids=teams)
            assert "open" in reasons(error)
        for act in (close_group, open_group):
            with pytest.raises(NotFound):
                act(outsider, group_id=found.group)
            with pytest.raises(Forbidden):
                act(cast.actor("leader"), group_id=found.group)
        with pytest.raises(NotFound):
            change_group(outsider, group_id=found.group, name="x", more_teams=[], seen_version=1)
        with pytest.raises(Forbidden):
            add_group(cast.actor("manager"), name="x", team_ids=[cast.team])


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (0, "Fewer than 20 people"),
        (19, "Fewer than 20 people"),
        (20, "20 people or more"),
        (49, "20 people or more"),
        (50, "50 people or more"),
        (1_200, "500 people or more"),
    ],
)
def test_sizes_are_said_in_safe_words(people: int, words: str) -> None:
    assert size_words(people, smallest=3) == words
    assert size_words(70, smallest=60) == "60 people or more"
