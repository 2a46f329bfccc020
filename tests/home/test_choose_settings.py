"""Settings: mail, how pages look and the days I work, on one page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.notifications import queries
from improve.notifications.kinds import Group, Pace
from tests.factories import Cast
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]


def test_all_is_kept_together(app: Flask, cast: Cast, visit: Visit) -> None:
    person = visit(cast.practitioner)
    page = person.get("/me/settings")
    assert dict(page.form("/me/settings").values)["mail_replies"] == "at_once"
    assert page.soup.html.get("class") is None  # type: ignore[union-attr]
    page = person.send(
        page.form("/me/settings"),
        {
            "mail_team": "never",
            "mail_asked": "weekly",
            "text_size": "largest",
            "spacing": "wide",
            "board_view": "list",
            "weekdays": ["0", "1", "2"],
        },
    )
    assert "Your settings are kept." in page.main
    assert page.soup.html.get("class") == ["text-largest", "spacing-wide"]  # type: ignore[union-attr]
    with app.app_context():
        actor = cast.actor("practitioner")
        assert actor.calendar.weekdays == {0, 1, 2}
        assert actor.board_view == "list"
        assert queries.paces(actor) == {
            Group.REPLIES: Pace.AT_ONCE,
            Group.MENTIONS: Pace.AT_ONCE,
            Group.FOLLOWED: Pace.DAILY,
            Group.ASKED: Pace.WEEKLY,
            Group.TEAM: Pace.NEVER,
        }
    again = person.send(page.form("/me/settings"))
    assert "Your settings are kept." in again.main, "twice is harmless"


def test_the_days_of_the_team_are_not_kept_as_ones_own(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    person = visit(cast.practitioner)
    for days in (["0", "1", "2", "3", "4"], []):
        page = person.get("/me/settings")
        person.send(page.form("/me/settings"), {"weekdays": days})
        with app.app_context():
            assert cast.actor("practitioner").working_days == ""


@pytest.mark.parametrize("field", ["mail_replies", "theme", "text_size", "spacing", "board_view"])
def test_what_is_not_offered_is_refused(cast: Cast, visit: Visit, field: str) -> None:
    person = visit(cast.practitioner)
    page = person.send(person.get("/me/settings").form("/me/settings"), {field: "nonsense"})
    assert page.status == 422
    assert len(page.errors) == 1


def test_signed_out_pages_are_as_ever(cast: Cast, visit: Visit) -> None:
    person = visit(cast.practitioner)
    person.send(person.get("/me/settings").form("/me/settings"), {"text_size": "large"})
    assert visit().get("/sign-in").soup.html.get("class") is None  # type: ignore[union-attr]


def test_all_news_comes_in_pages(app: Flask, cast: Cast, visit: Visit, statements: Watch) -> None:
    from improve.notifications import service
    from improve.notifications.kinds import NoticeKind
    from improve.shared.db import db

    person = visit(cast.practitioner)
    assert "you read it here" in person.get("/me/news").main
    with app.app_context():
        for number in range(120):
            service.tell(
                cast.actor("manager"),
                [cast.practitioner, cast.outsider],
                NoticeKind.MOVED,
                subject_id=number,
                facts={"title": f"Idea {number} {'w' * 200}", "by": "Sam", "to": "Plan"},
            )
        db.session.commit()
    with statements() as seen:
        page = person.get("/me/news")
    assert len(seen) <= 4
    assert "Page 1 of 3" in page.main
    assert "Idea 119 " in page.main
    last = person.get("/me/news?page=3")
    assert "Idea 0 " in last.main
    assert person.get("/me/news?page=99").status == 200
    person.send(page.form(button="I have read these"))
    assert not person.get("/me/news").has_form("/news/read")


def test_one_piece_of_news_is_put_away_by_its_person_alone(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    from sqlalchemy import text

    from improve.notifications import service
    from improve.notifications.kinds import NoticeKind
    from improve.shared.db import db

    with app.app_context():
        service.tell(
            cast.actor("manager"),
            [cast.practitioner],
            NoticeKind.FIRST_REPLY,
            subject_id=1,
            facts={"title": "Ring back", "by": "Sam"},
        )
        db.session.commit()
        notice_id = db.session.execute(text("SELECT max(id) FROM notices")).scalar()
        db.session.rollback()
    for someone, is_read in ((cast.colleague, False), (cast.practitioner, True)):
        visitor = visit(someone)
        answer = visitor.post(f"/me/news/{notice_id}/read", follow=True)
        assert answer.status == (200 if is_read else 404)
        with app.app_context():
            found = db.session.execute(text("SELECT read_at FROM notices")).scalar()
            assert (found is not None) is is_read
            db.session.rollback()
