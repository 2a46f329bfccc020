"""Any of the staff hides words that may identify someone; a reviewer shows or removes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from improve.accounts.models import AuthSession
from improve.incidents.models import IncidentLearning
from improve.incidents.queries.patterns import patterns
from improve.incidents.service.hide import hide_learning
from improve.notifications.kinds import NoticeKind
from improve.notifications.models import Notice
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import NotFound
from tests.factories import Cast
from tests.incidents.learnings import make_learning
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]
pytestmark = pytest.mark.database
KEY = "k" * 22
WORDS = "A plan was written, and a school did not get it."
HIDE = f"/reports/learned/{KEY}/hide"


@pytest.fixture(autouse=True)
def told(app: Flask, cast: Cast) -> None:
    with app.app_context():
        make_learning(
            cast.organisation,
            key=KEY,
            shareable=WORDS,
            settled_week=date(2026, 9, 7),
            shown_month=date(2026, 10, 1),
        )
        db.session.commit()


def test_the_session_does_not_tell_who_hid_it(app: Flask, cast: Cast, visit: Visit) -> None:
    """The log names nobody: nor does “Last here today”, which administrators read."""
    reader = visit(cast.practitioner)
    reader.get("/me")
    seen = select(AuthSession.last_used_at).order_by(AuthSession.id)
    with app.app_context():
        before = db.session.scalars(seen).all()
    with clock.moved(clock.now() + timedelta(minutes=20)):
        assert "Hidden. A reviewer looks at it" in hide(reader).text
    with app.app_context():
        assert db.session.scalars(seen).all() == before


def hide(who: Visitor) -> Page:
    return who.send(who.get("/reports").form(HIDE), button="This may identify someone")


def test_it_is_gone_at_once_and_reviewers_are_told(app: Flask, cast: Cast, visit: Visit) -> None:
    reader, reviewer = visit(cast.practitioner), visit(cast.incident_reviewer)
    page = hide(reader)
    assert "Hidden. A reviewer looks at it" in page.text
    assert WORDS not in page.main
    assert WORDS not in reviewer.get("/reports").main
    # Sent twice, nobody is told twice.
    assert reader.post(HIDE, {}).status == 303
    with app.app_context():
        notices = db.session.scalars(
            select(Notice).where(Notice.kind == NoticeKind.REPORT_HIDDEN.value)
        ).all()
        assert [notice.person_id for notice in notices] == [cast.incident_reviewer]
        hidden = select(AuditEntry).where(AuditEntry.action == "report_words_hidden")
        # Who hides it is mostly whom it tells of: administrators read that it was done, by nobody.
        entry = db.session.scalars(hidden).one()
        assert (entry.actor_id, entry.organisation_id) == (None, cast.organisation)
        log = [str(vars(entry)) for entry in db.session.scalars(select(AuditEntry))]
        assert not [line for line in log if KEY in line or WORDS in line]
    news = reviewer.follow(reviewer.get("/me/news"), "What we learned")
    assert news.path == "/reports/hidden"
    assert WORDS in news.main


def test_a_reviewer_shows_it_again(cast: Cast, visit: Visit) -> None:
    hide(visit(cast.practitioner))
    reviewer = visit(cast.incident_reviewer)
    form = reviewer.get("/reports/hidden").form(f"/reports/hidden/{KEY}/show")
    for _ in range(2):
        assert "Nothing is hidden" in reviewer.send(form).main
    assert WORDS in visit(cast.practitioner).get("/reports").main


def test_a_reviewer_takes_the_words_away_and_no_count_changes(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        for _ in range(30):
            make_learning(cast.organisation, settled_week=date(2026, 9, 7))
        db.session.commit()
        before = patterns(cast.actor("leader")).lots
    hide(visit(cast.practitioner))
    reviewer = visit(cast.incident_reviewer)
    form = reviewer.get("/reports/hidden").form(f"/reports/hidden/{KEY}/remove")
    for _ in range(2):
        assert "Nothing is hidden" in reviewer.send(form).main
    with app.app_context():
        row = db.session.scalars(select(IncidentLearning).where(IncidentLearning.key == KEY)).one()
        assert (row.shareable, row.theme, row.note, row.shown_month) == ("", "", "", None)
        assert patterns(cast.actor("leader")).lots == before


def test_the_same_words_of_another_report_are_hidden_with_it(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        for key, month in (("y" * 22, 10), ("z" * 22, 11)):
            make_learning(
                cast.organisation, key=key, shareable=WORDS, shown_month=date(2026, month, 1)
            )
        make_learning(cast.other_organisation, shareable=WORDS, shown_month=date(2026, 10, 1))
        db.session.commit()
    reader = visit(cast.practitioner)
    hide(reader)
    assert WORDS not in reader.get("/reports").main
    assert WORDS in visit(cast.outsider).get("/reports").main
    assert (
        len(visit(cast.incident_reviewer).get("/reports/hidden").soup.select(".learned-list > li"))
        == 1
    )


def test_others_hide_and_settle_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    assert visit(cast.outsider).post(HIDE, {}).status == 404
    for person in (cast.guest, cast.administrator):
        assert visit(person).post(HIDE, {}).status == 403
    for path in ("/reports/hidden", f"/reports/hidden/{KEY}/show", f"/reports/hidden/{KEY}/remove"):
        who = visit(cast.leader)
        answer = who.get(path) if path.endswith("hidden") else who.post(path, {})
        assert answer.status == 403
    with app.app_context():
        later = make_learning(cast.organisation, theme="Later", shown_month=date(2026, 12, 1))
        with pytest.raises(NotFound):
            hide_learning(cast.actor("practitioner"), key=later)
    assert WORDS in visit(cast.practitioner).get("/reports").main
