"""What comes of a report that was signed off: what staff may read, an idea, a link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.incidents.contents import Work
from improve.incidents.kinds import State, StepKind
from improve.incidents.models import Incident, IncidentStep
from improve.incidents.service import use as service
from improve.incidents.service.answer import give_answer
from improve.incidents.service.answers import add_answer
from improve.incidents.service.destroy import destroy
from improve.incidents.service.settle import learn_from
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import NotFound, RuleBroken, Stale
from tests.factories import Cast, actor, make_idea
from tests.incidents.make import make_report
from tests.incidents.open_council import Opened, make_reviewer, open_council
from tests.incidents.signed_off import SHAREABLE, add_step, learning_of, make_signed_off
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
IDEA = "Ring the school when a plan is new"


@pytest.fixture
def council(app: Flask, cast: Cast) -> Opened:
    return open_council(app, cast)


def signed_off(app: Flask, council: Opened, **work: object) -> str:
    with app.app_context():
        key = make_signed_off(council, **work)
        db.session.commit()
    return key


def test_a_sign_off_keeps_what_was_agreed_and_nothing_that_was_told(
    app: Flask, cast: Cast, council: Opened
) -> None:
    with app.app_context():
        key = make_report(council.organisation, council.group)
        other = make_report(council.organisation, council.group)
        rows = list(db.session.scalars(select(Incident).where(Incident.key.in_([key, other]))))
        changes = [{"n": 1, "rule": "names", "written": "Ann Lee"}]
        work = Work(shareable=SHAREABLE, theme="Plans", kind="near_miss", factors=["F08", "F07"])
        made = learn_from(rows, work=work, changes=changes, agreement=0.5)
        assert learn_from(rows, work=work) is made
        assert made.changes == [{"n": 1, "rule": "names"}]
        assert made.factors == ["F07", "F08"]
        assert made.shown_month is None
        assert {row.learning_key for row in rows} == {made.key}
        destroy(rows, state=State.SIGNED_OFF)
        db.session.commit()
        assert learning_of(key).key == learning_of(other).key


def test_of_a_report_told_strictly_only_the_theme_is_kept(app: Flask, council: Opened) -> None:
    key = signed_off(app, council, theme="Plans", is_strict=True)
    with app.app_context():
        assert (learning_of(key).shareable, learning_of(key).theme) == ("", "Plans")


def test_a_reviewer_says_what_staff_may_read(
    app: Flask, cast: Cast, council: Opened, visit: Visit
) -> None:
    key = signed_off(app, council)
    reviewer, path = visit(cast.incident_reviewer), f"/reports/desk/{key}/use"
    page = reviewer.get(path)
    assert SHAREABLE in page.text
    form = page.form(path)
    sent = {"theme": "Plans that do not arrive", "note": "Ring once.", "is_shown": "y"}
    assert reviewer.send(form, sent, follow=False).status == 303
    assert reviewer.send(form, sent, follow=False).status == 303
    with app.app_context():
        row = learning_of(key)
        # Two weeks from 24 November a month begins on 1 January.
        assert (row.theme, row.shown_month) == ("Plans that do not arrive", date(2027, 1, 1))
        used = select(func.count()).where(IncidentStep.kind == StepKind.USED.value)
        assert db.session.execute(used).scalar_one() == 1
        acts = select(AuditEntry.action).where(AuditEntry.actor_id == cast.incident_reviewer)
        assert set(db.session.scalars(acts)) <= {"signed_in"}
    assert "Since January" not in reviewer.get(path).text
    stale = reviewer.send(form, {**sent, "note": "Another note."}, follow=False)
    assert stale.status == 409
    assert "Another note." in stale.text
    assert "Ring once." in stale.text


def test_what_is_shown_needs_words(app: Flask, cast: Cast, council: Opened, visit: Visit) -> None:
    key = signed_off(app, council, shareable="")
    reviewer, path = visit(cast.incident_reviewer), f"/reports/desk/{key}/use"
    answer = reviewer.send(reviewer.get(path).form(path), {"is_shown": "y"}, follow=False)
    assert answer.status == 422
    assert "there is nothing to read" in answer.text


def test_words_that_may_name_somebody_are_read_again_and_leave_no_entry(
    app: Flask, cast: Cast, council: Opened, visit: Visit
) -> None:
    key = signed_off(app, council)
    reviewer, path = visit(cast.incident_reviewer), f"/reports/desk/{key}/use"
    sent = {"note": "Ring Mrs Hargreaves on 01632 960200."}
    page = reviewer.send(reviewer.get(path).form(path), sent, follow=False)
    assert page.status == 200
    assert "This may identify someone" in page.text
    with app.app_context():
        assert learning_of(key).note == ""
        shown = select(AuditEntry.id).where(AuditEntry.action == "identifier_hint_shown")
        assert not db.session.scalars(shown).all()


def test_an_idea_is_written_from_empty_boxes_and_waits(
    app: Flask, cast: Cast, council: Opened, visit: Visit
) -> None:
    key = signed_off(app, council)
    reviewer, path = visit(cast.incident_reviewer), f"/reports/desk/{key}/use/idea"
    form = reviewer.get(path).form(path)
    page = reviewer.get(path)
    assert not page.soup.find("textarea", {"name": "text"}).get_text(strip=True)
    assert SHAREABLE not in page.text
    assert reviewer.send(form, {"text": IDEA}, follow=False).status == 422
    sent = {"text": IDEA, "benefit": "Schools know", "team_id": str(cast.team)}
    assert reviewer.send(form, sent, follow=False).status == 303
    assert reviewer.send(form, sent, follow=False).status == 303
    stale = reviewer.send(form, {**sent, "text": "Send it by post"}, follow=False)
    assert stale.status == 409
    assert "Send it by post" in stale.text
    assert IDEA in stale.text
    with app.app_context():
        row = learning_of(key)
        assert row.proposal == {"text": IDEA, "benefit": "Schools know", "team_id": cast.team}
        # A Monday, and fourteen days from Tuesday 24 November at least.
        assert row.propose_after == date(2026, 12, 14)
    used = reviewer.get(f"/reports/desk/{key}/use")
    assert IDEA in used.text
    back = used.form(f"/reports/desk/{key}/use/idea/back")
    assert reviewer.send(back, follow=False).status == 303
    assert reviewer.send(back, follow=False).status == 303
    with app.app_context():
        assert learning_of(key).proposal is None


def test_an_idea_says_nothing_as_what_staff_read_does(
    app: Flask, cast: Cast, council: Opened
) -> None:
    key = signed_off(app, council)
    with app.app_context():
        seen = db.session.get_one(Incident, key).version
        who, words = actor(cast.incident_reviewer), f"Because {SHAREABLE.lower()}"
        idea = {"text": words, "benefit": "", "team_id": cast.team}
        with pytest.raises(RuleBroken, match="fresh words"):
            service.write_idea(who, key=key, seen_version=seen, **idea)
        with pytest.raises(Stale):
            service.write_idea(who, key=key, seen_version=seen - 1, **idea)
        elsewhere = {"text": IDEA, "benefit": "", "team_id": cast.outsider_team}
        with pytest.raises(NotFound):
            service.write_idea(who, key=key, seen_version=seen, **elsewhere)


def test_an_idea_of_a_board_is_linked_on_this_side_alone(
    app: Flask, cast: Cast, council: Opened, visit: Visit
) -> None:
    key = signed_off(app, council)
    with app.app_context():
        idea = make_idea(cast, text="Ring before each visit")
        db.session.commit()
    reviewer, path = visit(cast.incident_reviewer), f"/reports/desk/{key}/use/link"
    form = reviewer.get(path).form(path)
    assert reviewer.send(form, {"number": "9999"}, follow=False).status == 422
    assert reviewer.send(form, {"number": "one"}, follow=False).status == 422
    before = visit(cast.manager).get(f"/ideas/{idea}").text
    assert reviewer.send(form, {"number": f"#{idea}"}, follow=False).status == 303
    assert reviewer.send(form, {"number": f"#{idea}"}, follow=False).status == 303
    assert reviewer.send(form, {"number": str(idea + 1)}, follow=False).status == 409
    assert "Ring before each visit" in reviewer.get(f"/reports/desk/{key}/use").text
    after = visit(cast.manager).get(f"/ideas/{idea}").text
    assert plain(before) == plain(after)


def plain(page: str) -> str:
    """Return a page without what differs each time it is asked for."""
    return "\n".join(line for line in page.splitlines() if "csrf" not in line)


@pytest.mark.parametrize("tail", ["use", "use/idea", "use/link", "answer"])
def test_only_who_read_it_goes_on_with_it(
    app: Flask, cast: Cast, council: Opened, visit: Visit, tail: str
) -> None:
    key = signed_off(app, council, by=council.reviewers[:1])
    path = f"/reports/desk/{key}/{tail}"
    assert visit(council.reviewers[0]).get(path).status == 200
    # A reviewer who did not read it finds nothing, as long as one who did still reviews.
    assert visit(council.reviewers[1]).get(path).status == 404
    for who in ("manager", "administrator", "leader", "coach"):
        assert visit(getattr(cast, who)).get(path).status == 403
    assert visit(cast.outsider).get(path).status == 403
    assert visit(council.reviewers[0]).client.get(path.replace(key, "x" * 22)).status_code == 404


def test_a_reviewer_of_the_group_or_who_may_know_it_never_goes_on_with_it(
    app: Flask, cast: Cast, council: Opened, visit: Visit
) -> None:
    with app.app_context():
        inside = make_reviewer(council.organisation, team_id=council.team)
        key = make_signed_off(council, by=(*council.reviewers, inside))
        add_step(council, key, council.reviewers[1], StepKind.MAY_KNOW)
        elsewhere = make_reviewer(cast.other_organisation)
        db.session.commit()
    for person in (inside, council.reviewers[1], elsewhere):
        assert visit(person).get(f"/reports/desk/{key}/use").status == 404
        assert visit(person).get(f"/reports/desk/{key}/answer").status == 404


def test_what_was_joined_is_followed_with_the_other_alone(
    app: Flask, cast: Cast, council: Opened, visit: Visit
) -> None:
    key, joined = signed_off(app, council), signed_off(app, council)
    with app.app_context():
        row = db.session.get_one(Incident, joined)
        row.joined_into, row.learning_key = key, learning_of(key).key
        db.session.commit()
        who, seen = actor(cast.incident_reviewer), row.version
        told = {"theme": "Plans", "note": "", "is_shown": False}
        for follow in (
            lambda: service.keep_learning(who, key=joined, seen_version=seen, **told),
            lambda: service.link_idea(who, key=joined, idea_id=1, seen_version=seen),
            lambda: give_answer(who, key=joined, words="We changed it.", seen_version=seen),
        ):
            with pytest.raises(NotFound):
                follow()
    reviewer = visit(cast.incident_reviewer)
    for tail in ("use", "use/idea", "use/link", "answer"):
        assert reviewer.get(f"/reports/desk/{key}/{tail}").status == 200
        page = reviewer.get(f"/reports/desk/{joined}/{tail}")
        assert page.response.request.path == f"/reports/desk/{joined}/sign-off"
        assert not page.soup.select(".read-step"), "nothing leads to where nothing is"


def test_nothing_is_kept_of_what_was_passed_on(
    app: Flask, cast: Cast, council: Opened, visit: Visit
) -> None:
    with app.app_context():
        key = make_report(council.organisation, council.group)
        add_step(council, key, cast.incident_reviewer, StepKind.OPENED)
        row = db.session.get_one(Incident, key)
        destroy([row], state=State.PASSED_ON)
        db.session.commit()
        with pytest.raises(RuleBroken):
            service.keep_learning(
                actor(cast.incident_reviewer),
                key=key,
                theme="Plans",
                note="",
                is_shown=False,
                seen_version=row.version,
            )
    page = visit(cast.incident_reviewer).get(f"/reports/desk/{key}/use")
    assert page.response.request.path == f"/reports/desk/{key}/sign-off", "what is left of it"
    assert visit(cast.incident_reviewer).get(f"/reports/desk/{key}/answer").status == 200


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_its_pages_take_eight_statements_whatever_there_is(
    app: Flask, cast: Cast, council: Opened, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        key = make_signed_off(council)
        row = db.session.get_one(Incident, key)
        who, idea = actor(cast.incident_reviewer), {"text": IDEA, "benefit": ""}
        service.write_idea(who, key=key, team_id=cast.team, seen_version=row.version, **idea)
        for number in range(30):
            add_answer(row, words=f"Answer {number}", given_week=row.week)
            add_step(council, key, council.reviewers[0], StepKind.USED)
        db.session.commit()
    reviewer = visit(cast.incident_reviewer)
    reviewer.get("/help")
    for tail in ("use", "use/idea", "use/link", "answer"):
        with statements() as seen:
            assert reviewer.get(f"/reports/desk/{key}/{tail}").status == 200
        assert len(seen) <= 8, "\n\n".join(seen)
