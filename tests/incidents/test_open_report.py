"""The reviewers' desk: what is offered, opening one, and passing it on because one may know it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, text

from improve.accounts import service as accounts
from improve.accounts.models import Membership
from improve.accounts.roles import Role
from improve.incidents.contents import Work, work_of
from improve.incidents.kinds import Kind, Safe, State, StepKind
from improve.incidents.models import Incident, IncidentReading, IncidentStep
from improve.incidents.queries.desk_ended import desk_ended
from improve.incidents.queries.one import loaded_report
from improve.incidents.service.one import ended_for_review, keep_work, report_for_review
from improve.incidents.service.open import open_report
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.factories import Cast, actor
from tests.incidents.desk import DESK, council, made, read
from tests.incidents.make import HAPPENED, make_report
from tests.incidents.open_council import make_reviewer
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]


def key_of(here: str) -> str:
    return here.rsplit("/", 1)[1]


def incident(app: Flask, here: str) -> Incident:
    with app.app_context():
        return db.session.get_one(Incident, key_of(here))


def test_a_reviewer_opens_a_report_and_both_are_told(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    first, second = (visit(one) for one in found.reviewers)
    desk = first.get(DESK)
    assert "Something nearly went wrong" in desk.main
    assert "Social work teams, north" in desk.main
    assert "not opened" in desk.main
    assert HAPPENED not in desk.main
    assert HAPPENED not in first.get(here).main
    assert first.get(f"{here}/coding").status == 422
    assert HAPPENED not in first.get(f"{here}/coding").main
    button = first.get(here).form(f"{here}/open")
    assert first.send(button, {}, follow=False).status == 303
    assert first.send(button, {}, follow=False).status == 303  # twice is harmless
    page = first.get(here)
    assert HAPPENED in page.main
    assert "With you" in page.main
    assert page.main.index("Could a child be in danger") < page.main.index(HAPPENED)
    assert "Waits for a second reader" in first.get(DESK).main
    assert "Second read" in second.get(DESK).main
    assert HAPPENED not in second.get(here).main
    read(second, here)
    assert HAPPENED in second.get(here).main
    assert second.get(here).main.count("Opened it") == 2
    with app.app_context():
        rows = db.session.scalars(select(IncidentReading).order_by(IncidentReading.position)).all()
        assert [(one.reviewer_id, one.position) for one in rows] == [
            (found.reviewers[0], "first"),
            (found.reviewers[1], "second"),
        ]
        audit = "SELECT count(*) FROM audit_entries WHERE object_kind LIKE '%incident%'"
        audit += " OR action LIKE '%report%'"
        assert db.session.execute(text(audit)).scalar_one() == 0


def test_two_read_it_and_nobody_else_is_offered_it(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    with app.app_context():
        third = make_reviewer(cast.organisation)
        db.session.commit()
    here = made(app, found)
    last = visit(third)
    old = last.get(here).form(f"{here}/open")
    for one in found.reviewers:
        read(visit(one), here)
    meanwhile = last.send(old, {}, follow=False)
    assert meanwhile.status == 409
    assert "Two other reviewers opened it meanwhile" in meanwhile.main
    assert visit(third).get(here).status == 404
    assert key_of(here) not in str(visit(third).get(DESK).soup)


@pytest.mark.security(57)
def test_never_to_somebody_with_a_part_in_it(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    first, second = found.reviewers
    ticked = made(app, found, not_readers=[first])
    with app.app_context():
        member = make_reviewer(cast.organisation, team_id=found.team)
        db.session.commit()
    for person in (first, member):
        assert visit(person).get(ticked).status == 404
        assert key_of(ticked) not in str(visit(person).get(DESK).soup)
        assert visit(person).post(f"{ticked}/open").status == 404
    read(visit(second), ticked)
    # Whoever joins a team of the group later has no part in it any more, though they opened it.
    with app.app_context():
        accounts.grant_role(
            organisation_id=cast.organisation,
            person_id=second,
            role=Role.PRACTITIONER,
            team_id=found.team,
            is_home=True,
        )
        db.session.commit()
    for tail in ("", "/coding", "/route", "/alert"):
        assert visit(second).get(f"{ticked}{tail}").status == 404


def test_whoever_may_read_it_again_is_no_third_reader(app: Flask, cast: Cast) -> None:
    found = council(app, cast)
    key = key_of(made(app, found))
    with app.app_context():
        third = make_reviewer(cast.organisation)
        for one in found.reviewers:
            open_report(actor(one), key=key)
        accounts.grant_role(
            organisation_id=cast.organisation,
            person_id=found.reviewers[0],
            role=Role.PRACTITIONER,
            team_id=found.team,
            is_home=True,
        )
        db.session.commit()
        open_report(actor(third), key=key)
        db.session.commit()
        held = (Membership.person_id == found.reviewers[0], Membership.team_id == found.team)
        db.session.execute(delete(Membership).where(*held))
        db.session.commit()
        with pytest.raises(NotFound):
            report_for_review(actor(found.reviewers[0]), key)
        read_by = [report_for_review(actor(one), key) for one in (found.reviewers[1], third)]
        assert [one.is_first for one in read_by] == [False, True]
        assert {one.other.reviewer_id for one in read_by if one.other} == {
            found.reviewers[1],
            third,
        }


@pytest.mark.security(57)
def test_administrators_and_others_get_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    here = made(app, council(app, cast))
    for person in (cast.administrator, cast.manager, cast.leader, cast.coach, cast.practitioner):
        for path in (DESK, here, f"{here}/coding", f"{here}/route", f"{here}/alert"):
            assert visit(person).get(path).status == 403, path
        for tail in ("open", "may-know", "no-danger", "passed-on", "agreed"):
            assert visit(person).post(f"{here}/{tail}").status == 403, tail
    with app.app_context():
        outside = make_reviewer(cast.other_organisation)
        db.session.commit()
    assert visit(outside).get(here).status == 404
    assert "nearly went wrong" not in visit(outside).get(DESK).main
    asked = visit().get(here)
    assert asked.path.startswith("/sign-in")
    assert HAPPENED not in asked.text
    with app.app_context(), pytest.raises(Forbidden):
        report_for_review(cast.actor("administrator"), key_of(here))


def test_i_may_know_this_passes_it_on(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    first, second = (visit(one) for one in found.reviewers)
    read(first, here)
    read(second, here)
    page = first.get(here)
    sent = first.send(page.form(f"{here}/may-know"), {}, follow=True)
    assert "offered to another reviewer" in sent.text
    assert first.get(here).status == 404
    assert key_of(here) not in str(first.get(DESK).soup)
    with app.app_context():
        loaded = loaded_report(actor(found.reviewers[1]), key_of(here))
        assert loaded.is_first
        assert loaded.other is None
        assert not loaded.has_two
    # Nobody else may be offered it now: it does not go to nobody.
    page = second.get(here)
    refused = second.send(page.form(f"{here}/may-know"), {}, follow=False)
    assert refused.status == 422
    assert "another trained reviewer" in refused.main
    with app.app_context():
        third = make_reviewer(cast.organisation)
        db.session.commit()
    second.send(second.get(here).form(f"{here}/may-know"), {})
    assert incident(app, here).state == State.WAITING
    read(visit(third), here)
    assert HAPPENED in visit(third).get(here).main


def test_a_child_who_may_not_be_safe_stands_first(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    today = clock.today()
    old = made(app, found, day=today - timedelta(days=21), kind=Kind.SOME_HARM)
    unsafe = made(app, found, safe=Safe.NO, kind=Kind.WENT_WELL)
    new = made(app, found, day=today - timedelta(days=1))
    reviewer = visit(found.reviewers[0])

    def order() -> list[str]:
        links = reviewer.get(DESK).soup.select(".report-row a")
        return [str(link["href"]) for link in links]

    assert order() == [unsafe, old, new]
    assert "A child may be at risk" in reviewer.get(DESK).main
    read(reviewer, unsafe)
    assert order() == [old, new, unsafe]


def test_what_is_planned_first_stands_first_on_a_weekend(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found = council(app, cast)
    friday = clock.today() - timedelta(days=4)
    assert friday.isoweekday() == 5
    for later in (1, 0, 1, 0):
        made(app, found, day=friday + timedelta(days=later))
    with clock.moved(clock.now() - timedelta(days=2)):
        desk = visit(found.reviewers[0]).get(DESK)
    rows = [row.get_text(" ", strip=True) for row in desk.soup.select(".report-row")]
    # Nobody reads that a Friday's came today, and it is not behind a Saturday's.
    assert ["was planned for Fri" in row for row in rows] == [True, True, False, False]
    assert ["by Mon" in row for row in rows] == [False, False, True, True]
    assert all("Less than a working day here · not opened" in row for row in rows)


def test_nobody_reads_from_the_desk_who_was_ticked(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found, not_readers=[found.reviewers[1]])
    both = made(app, found)
    first = visit(found.reviewers[0])
    heads = []
    for one in (here, both):
        read(first, one)
        heads.append(first.get(one).soup.select_one(".desk-facts").get_text())  # type: ignore[union-attr]
    assert heads[0] == heads[1]
    assert "where no second reviewer opens it" in heads[0]
    # Only whoever asks for another reader hears that there is none.
    refused = first.send(first.get(here).form(f"{here}/may-know"), {}, follow=False)
    assert "Nobody else may be offered this now" in refused.main


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_fifty_on_a_page_in_few_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    found = council(app, cast)
    first = made(app, found)
    with app.app_context():
        for day in range(59):
            make_report(found.organisation, found.group, day=clock.today() - timedelta(days=day))
        db.session.commit()
    reviewer, other = (visit(one) for one in found.reviewers)
    read(reviewer, first)
    read(other, first)
    for path, count in ((DESK, 50), (f"{DESK}?page=2", 10), (f"{DESK}?show=ended", 0)):
        with statements() as ran:
            page = reviewer.get(path)
        assert page.status == 200
        assert len(page.soup.select(".report-row")) == count
        assert len(ran) <= 8, path
    for tail in ("", "/coding", "/route", "/alert"):
        with statements() as ran:
            assert reviewer.get(f"{first}{tail}").status == 200
        assert len(ran) <= 8, tail


def test_what_was_destroyed_stays_with_its_readers(app: Flask, cast: Cast) -> None:
    found = council(app, cast)
    with app.app_context():
        third = make_reviewer(cast.organisation)
        db.session.commit()
    here = made(app, found, columns={"state": State.SIGNED_OFF.value, "wrapped_key": None})
    key = key_of(here)
    with app.app_context():
        for person, kind in (
            (found.reviewers[0], StepKind.OPENED),
            (found.reviewers[1], StepKind.OPENED),
            (found.reviewers[1], StepKind.MAY_KNOW),
        ):
            db.session.add(
                IncidentStep(
                    organisation_id=cast.organisation,
                    incident_key=key,
                    kind=kind.value,
                    person_id=person,
                    at=clock.now(),
                )
            )
        db.session.commit()
        with pytest.raises(NotFound):
            report_for_review(actor(found.reviewers[0]), key)
        assert ended_for_review(actor(found.reviewers[0]), key).incident.key == key
        for person in (found.reviewers[1], third):
            with pytest.raises(NotFound):
                ended_for_review(actor(person), key)

        def listed(person: int) -> list[str]:
            return [row.key for row in desk_ended(actor(person), 1).rows]

        assert listed(found.reviewers[0]) == [key]
        assert listed(found.reviewers[1]) == listed(third) == []
        # Whoever read it reviews no more: an answer is owed all the same.
        held = Membership.person_id == found.reviewers[0]
        db.session.execute(delete(Membership).where(held, Membership.role == "incident_reviewer"))
        db.session.commit()
        assert listed(third) == [key]
        assert ended_for_review(actor(third), key).incident.key == key
        assert listed(found.reviewers[1]) == []


def test_a_lost_key_is_said_in_words(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found, columns={"wrapped_key": b"no key opens this one, for it is none"})
    reviewer = visit(found.reviewers[0])
    assert "an earlier key" in reviewer.get(DESK).main
    page = reviewer.get(here)
    assert page.status == 422
    assert "No key that is here opens it" in page.text


def test_work_is_sealed_under_the_key_of_its_report(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    read(visit(found.reviewers[0]), here)
    with app.app_context():
        loaded = loaded_report(actor(found.reviewers[0]), key_of(here), for_change=True)
        keep_work(loaded, Work(shareable="A worker wrote a plan."))
        db.session.commit()
    with app.app_context():
        loaded = loaded_report(actor(found.reviewers[0]), key_of(here))
        assert loaded.work.shareable == "A worker wrote a plan."
        sealed = bytes(loaded.incident.sealed_work or b"")
        assert b"A worker wrote" not in sealed
        assert loaded.key.open(sealed, about=work_of(key_of(here)))["shareable"]
        with pytest.raises(RuleBroken):
            loaded_report(actor(found.reviewers[1]), key_of(here))


def test_clocks_run_in_working_days(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    # Today is Tuesday 24 November: the days between a Friday and its Monday are no working days.
    made(app, found, day=date(2026, 11, 20))
    main = visit(found.reviewers[0]).get(DESK).main
    assert "2 working days here" in main
    assert "week of Mon 16 Nov" in main
