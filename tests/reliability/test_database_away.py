"""Database locked, not writable, full or gone, mail server down: a plain page, nothing half saved."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from improve.shared import clock
from improve.shared.db import SQLITE_PRAGMAS, db
from tests.conftest import NOW
from tests.factories import Cast, make_idea
from tests.pages import Page, Visitor

pytestmark = pytest.mark.security(84)

Visit = Callable[..., Visitor]
TABLES = ("ideas", "idea_edits", "stage_moves", "cycles", "comments", "notices", "audit_entries",
          "people", "memberships", "outbox_messages", "one_time_links")  # fmt: skip


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table holds."""
    with app.app_context():
        found = {
            name: int(db.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())
            for name in TABLES
        }
        db.session.rollback()
    return found


def is_sqlite(app: Flask) -> bool:
    return str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")


def fresh_connections(app: Flask) -> None:
    """Let the next statement open a connection anew, with the settings as they are now."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def locked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(SQLITE_PRAGMAS, "busy_timeout", 100)
    fresh_connections(app)
    holder = sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    holder.isolation_level = None
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


@contextmanager
def read_only(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if is_sqlite(app):
        monkeypatch.setitem(SQLITE_PRAGMAS, "query_only", "ON")
        fresh_connections(app)
        yield
        return
    with _database(
        app, "SET default_transaction_read_only = on", "RESET default_transaction_read_only"
    ):
        yield


@contextmanager
def full(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with app.app_context():
        pages = db.session.execute(text("PRAGMA page_count")).scalar_one()
        db.session.rollback()
    monkeypatch.setitem(SQLITE_PRAGMAS, "max_page_count", pages)
    fresh_connections(app)
    yield


@contextmanager
def gone(app: Flask, _monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with _database(app, "ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true"):
        yield


@contextmanager
def _database(app: Flask, setting: str, back: str) -> Iterator[None]:
    """Change a setting of this worker's PostgreSQL database for a while."""
    address, name = app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "").rsplit("/", 1)
    fresh_connections(app)
    with psycopg.connect(f"{address}/postgres", autocommit=True) as owner:
        owner.execute(f'ALTER DATABASE "{name}" {setting}')
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        try:
            yield
        finally:
            owner.execute(f'ALTER DATABASE "{name}" {back}')
            fresh_connections(app)


def log(visitor: Visitor, token: str, words: str, *, htmx: bool = False) -> Page:
    fields = {"csrf_token": token, "text": words, "source": "own", "answerer": "manager",
              "form_token": words[:20], "similar_seen": "1", "confirmed": "1"}  # fmt: skip
    answer = visitor.client.post(
        "/log", data=fields, headers={"HX-Request": "true"} if htmx else {}
    )
    page = Page(answer, "/log", is_part=htmx)
    answer.close()
    return page


TROUBLES = {"locked": locked, "read only": read_only, "full": full, "gone": gone}


@pytest.mark.parametrize(
    ("app", "trouble"),
    [
        ("sqlite", "locked"),
        ("sqlite", "full"),
        ("sqlite", "read only"),
        ("postgresql", "read only"),
        ("postgresql", "gone"),
    ],
    indirect=["app"],
)
def test_a_plain_page_says_what_was_not_saved(
    app: Flask, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    with app.app_context():
        idea_id = make_idea(cast)
        db.session.commit()
    visitor = visit(cast.manager)
    token, before = visitor.csrf_token(), rows(app)
    # As in real use, an error becomes a page and does not reach the server.
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    long = "A long idea of many words. " * 70  # more than one page of a file
    with TROUBLES[trouble](app, monkeypatch):
        if trouble == "full":
            # What room is left in the pages of the file is used up first.
            filled = [log(visitor, token, f"{n}. {long}").status for n in range(60)]
            assert filled[-5:] == [503] * 5
            before = rows(app)
            assert before["ideas"] == filled.count(303) + 1
            assert before["idea_edits"] == before["ideas"], "no idea without its first line"
        posts = [log(visitor, token, long)]
        for path, fields in (
            ()
            if trouble == "full"
            else (
                (
                    f"/ideas/{idea_id}/comments",
                    {"words": long, "form_token": "c", "confirmed": "1"},
                ),
                (
                    f"/ideas/{idea_id}/reply",
                    {"words": long[:900], "kind": "will_try", "version": "1", "confirmed": "1"},
                ),
            )
        ):
            answer = visitor.client.post(path, data={"csrf_token": token, **fields})
            posts.append(Page(answer, path))
            answer.close()
        for page in posts:
            assert page.status == 503, (page.path, page.status, page.main[:200])
            assert page.heading == "We cannot reach our records just now"
            assert "was not saved" in page.main
            assert "give this reference" in page.text
            for word in ("sqlite", "psycopg", "INSERT", "database is"):
                assert word not in page.text
            assert page.response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        part = log(visitor, token, long, htmx=True)
        assert part.status == 503
        assert part.response.headers["HX-Retarget"] == "#page-error"
        if trouble in {"locked", "read only"}:
            # Also when it is time to note the session's use, which cannot be written now.
            with clock.moved(NOW + timedelta(minutes=6)):
                answer = visitor.client.get(f"/ideas/{idea_id}")
            assert answer.status_code == 200, "reading goes on"
            answer.close()
    monkeypatch.undo()
    fresh_connections(app)
    assert rows(app) == before
    assert log(visitor, token, long).status == 303, "and afterwards all is well"


def test_a_mail_server_that_is_down_stops_nothing(
    app: Flask, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inviting is saved; its mail waits in the outbox until the server is back."""
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://127.0.0.1:1")
    admin = visit(cast.administrator)
    form = admin.get("/admin/people/invite").form("/invite")
    preview = admin.send(
        form, {"addresses": "new.person@larchdale.example", "team": str(cast.team)}
    )
    done = admin.send(preview.form("/send"))
    assert (done.status, done.heading) == (200, "Invitations")
    result = app.test_cli_runner().invoke(args=["deliver-mail"])
    assert "Traceback" not in result.output
    with app.app_context():
        waiting = db.session.execute(
            text("SELECT body, sent_at, last_error FROM outbox_messages")
        ).one()
        db.session.rollback()
    assert waiting.body
    assert waiting.sent_at is None
    assert waiting.last_error == "mail server not reached"
