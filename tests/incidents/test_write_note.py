"""Reviewers write the monthly note; one of them lets all staff read it, and all are told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.incidents.models import IncidentNote
from improve.incidents.service.notes import write_note
from improve.notifications.kinds import NoticeKind
from improve.notifications.models import Notice
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.factories import Cast
from tests.incidents.learnings import make_learning
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]
pytestmark = pytest.mark.database
AT = "/reports/notes/write/2026-10"
HEARD = "Plans do not always reach those who need them."
TRYING = "Two teams ask who else needs the plan before they close it."
PUBLISH = "Let all staff read it"


def write(who: Visitor, button: str = PUBLISH, **texts: str) -> Page:
    form = who.get(AT).form(AT)
    return who.send(form, {"heard": HEARD, "trying": TRYING, **texts}, button=button)


def notices(app: Flask) -> list[int]:
    with app.app_context():
        kind = NoticeKind.REPORT_NOTE.value
        return list(db.session.scalars(select(Notice.person_id).where(Notice.kind == kind)))


def test_a_draft_is_for_reviewers_until_one_lets_all_staff_read_it(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reviewer, reader = visit(cast.incident_reviewer), visit(cast.practitioner)
    page = write(reviewer, "Keep for later", trying="")
    assert page.status == 200
    assert "Begun, not out yet" in page.main
    assert notices(app) == []
    assert "No note yet" in reader.get("/reports/notes").main
    assert HEARD not in reader.get("/reports").main
    assert "Last written by Stella Maple" in reviewer.get(AT).main

    page = write(reviewer)
    assert "All staff can read it now" in page.text
    there = reader.get("/reports/notes")
    assert HEARD in there.main
    assert TRYING in there.main
    assert "October 2026" in there.main
    assert HEARD in reader.get("/reports").main
    assert HEARD not in visit(cast.outsider).get("/reports/notes").main

    told = notices(app)
    assert len(told) == len(set(told))
    assert cast.practitioner in told
    assert not {cast.incident_reviewer, cast.administrator, cast.guest, cast.outsider} & set(told)
    news = reader.get("/me/news")
    assert "What we heard from reports" in news.main
    assert reader.follow(news, "October 2026").path == "/reports/notes"


def test_what_is_out_can_be_put_right_and_nobody_is_told_again(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reviewer = visit(cast.incident_reviewer)
    write(reviewer)
    before = notices(app)
    page = write(reviewer, "Save changes", heard="Plans reach too few.")
    assert page.status == 200
    assert notices(app) == before
    assert "Plans reach too few." in visit(cast.leader).get("/reports/notes").main
    page = write(reviewer, "Save changes", trying="")
    assert page.status == 422
    assert "say so, and why" in page.error_for("trying")
    with app.app_context():
        acts = list(
            db.session.scalars(
                select(AuditEntry.action)
                .where(AuditEntry.action.startswith("report_note"))
                .order_by(AuditEntry.id)
            )
        )
        assert acts == ["report_note_published", "report_note_changed"]


def test_empty_and_long_texts_are_refused_in_words_and_kept(cast: Cast, visit: Visit) -> None:
    reviewer = visit(cast.incident_reviewer)
    page = write(reviewer, heard="", trying="")
    assert page.status == 422
    assert "Write what we heard." in page.error_for("heard")
    assert reviewer.get("/reports/notes/write").main.count("Not written") == 12
    page = write(reviewer, "Keep for later", heard="", trying="")
    assert "Write something to keep." in page.error_for("heard")
    page = write(reviewer, heard="w" * 2001)
    assert page.status == 422
    assert "Use 2,000 characters or fewer" in page.error_for("heard")
    assert TRYING in str(page.form(AT).node)


def test_words_that_may_point_to_somebody_are_shown_to_be_read_again(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reviewer = visit(cast.incident_reviewer)
    page = write(reviewer, heard="Mrs Alder of 12 High Street told us, born 3/4/2011.")
    assert page.heading == "This may identify someone"
    assert notices(app) == []
    with app.app_context():
        assert db.session.scalar(select(func.count(IncidentNote.id))) == 0


def test_two_who_write_at_once_see_both_texts(app: Flask, cast: Cast, visit: Visit) -> None:
    reviewer = visit(cast.incident_reviewer)
    form = reviewer.get(AT).form(AT)
    with app.app_context():
        write_note(
            cast.actor("incident_reviewer"),
            month=date(2026, 10, 1),
            heard="Theirs.",
            trying="Theirs, too.",
            seen_version=0,
            is_to_publish=False,
        )
        db.session.commit()
    page = reviewer.send(form, {"heard": HEARD, "trying": TRYING}, button=PUBLISH)
    assert page.status == 409
    assert "Theirs, too." in page.main
    assert HEARD in page.main
    assert notices(app) == []
    page = reviewer.send(page.form(AT), button=PUBLISH)
    assert page.status == 200
    assert HEARD in visit(cast.practitioner).get("/reports/notes").main


def test_sent_twice_is_harmless(app: Flask, cast: Cast, visit: Visit) -> None:
    reviewer = visit(cast.incident_reviewer)
    form = reviewer.get(AT).form(AT)
    for _ in range(2):
        page = reviewer.send(form, {"heard": HEARD, "trying": TRYING}, button=PUBLISH)
        assert page.status == 200
    told = notices(app)
    assert len(told) == len(set(told))
    with app.app_context():
        row = db.session.scalars(select(IncidentNote)).one()
        assert (row.version, row.heard) == (1, HEARD)


def test_the_service_keeps_out_others_and_other_months(app: Flask, cast: Cast) -> None:
    with app.app_context():
        texts = {"heard": HEARD, "trying": TRYING, "is_to_publish": True}
        for name in ("practitioner", "leader", "coach", "administrator", "outsider"):
            with pytest.raises(Forbidden):
                write_note(cast.actor(name), month=date(2026, 10, 1), seen_version=0, **texts)  # type: ignore[arg-type]
        reviewer = cast.actor("incident_reviewer")
        for month in (date(2026, 12, 1), date(2025, 11, 1), date(2026, 10, 2)):
            with pytest.raises(NotFound):
                write_note(reviewer, month=month, seen_version=0, **texts)  # type: ignore[arg-type]
        with pytest.raises(Stale):
            write_note(reviewer, month=date(2026, 10, 1), seen_version=3, **texts)  # type: ignore[arg-type]
        with pytest.raises(RuleBroken):
            write_note(
                reviewer,
                month=date(2026, 10, 1),
                heard="",
                trying="",
                seen_version=0,
                is_to_publish=True,
            )


def test_only_reviewers_open_the_pages_and_no_odd_month_is_one(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    for person in (cast.practitioner, cast.leader, cast.coach, cast.administrator):
        for path in (AT, "/reports/notes/write", "/reports/disclosures"):
            assert visit(person).get(path).status == 403
    reviewer = visit(cast.incident_reviewer)
    for month in ("2026-13", "2026-1", "x", "2026-12", "0000-01", "٢٠٢٦-10", "2026-10-01"):
        assert reviewer.get(f"/reports/notes/write/{month}").status == 404, month
    with app.app_context():
        make_learning(
            cast.organisation,
            theme="Plans that do not arrive",
            settled_week=date(2026, 9, 7),
            shown_month=date(2026, 10, 1),
        )
        db.session.commit()
    # What staff read from that month on stands beside what is written.
    assert "Plans that do not arrive" in reviewer.get(AT).main
