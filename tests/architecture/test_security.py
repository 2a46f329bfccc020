"""The door from outside: hosts, origins, headers, doubled fields, sizes, errors, what is kept."""

from __future__ import annotations

import http.client
import json
import logging
import re
import resource
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from sqlalchemy import text
from werkzeug.serving import make_server

from improve.app import create_app
from improve.shared.db import db
from improve.shared.logs import JSONLines
from tests.architecture.test_routes import RULES, path_of
from tests.architecture.test_routes import ids as ids  # noqa: PLC0414 - a fixture
from tests.conftest import migrated_file, test_settings
from tests.factories import Cast, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.mark.security(28)
@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example", ""],
)
def test_a_forged_host_is_refused_everywhere(cast: Cast, visit: Visit, host: str) -> None:
    visitor = visit(cast.manager)
    for path in ("/", "/sign-in", "/teams/riverside/board", "/nowhere", "/static/favicon.svg"):
        answer = visitor.client.get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert "evil.example" not in answer.get_data(as_text=True)
        assert "evil.example" not in answer.headers.get("Location", "")
        answer.close()
    answer = visitor.client.post("/sign-out", headers={"Host": host})
    assert answer.status_code == 400


@pytest.mark.security(28)
def test_what_a_proxy_says_is_believed_only_where_there_is_one(app: Flask) -> None:
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-For": "192.0.2.9",
    }
    answer = app.test_client().get("/", headers=forged)
    assert answer.headers["Location"].startswith("/sign-in")
    behind = create_app({**test_settings("sqlite:///:memory:"), "TRUSTED_PROXIES": 1})
    with behind.test_client() as client:
        assert (
            client.get("/sign-in", headers={"X-Forwarded-Host": "evil.example"}).status_code == 400
        )
        assert client.get("/sign-in", headers={"X-Forwarded-Host": "localhost"}).status_code == 200
    # Tries are counted by this address: who could choose it would never be slowed.
    for one, from_where in ((app, "127.0.0.1"), (behind, "192.0.2.9")):
        with one.test_client() as client:
            client.get("/healthz", headers={"X-Forwarded-For": "192.0.2.7, 192.0.2.9"})
            assert request.remote_addr == from_where


@pytest.mark.security(24)
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost.evil.example",
        "http://localhost:81",
        "",
        "file://",
    ],
)
def test_a_form_of_another_site_changes_nothing(
    app: Flask, cast: Cast, visit: Visit, origin: str
) -> None:
    visitor = visit(cast.practitioner)
    form = visitor.get("/me/details").form("/me/details")
    data = {**dict(form.values), "name": "Changed"}
    answer = visitor.client.post("/me/details", data=data, headers={"Origin": origin})
    assert answer.status_code == 400
    with app.app_context():
        names = db.session.execute(
            text("SELECT count(*) FROM people WHERE name = 'Changed'")
        ).scalar()
        db.session.rollback()
    assert names == 0
    answer = visitor.client.post("/me/details", data=data, headers={"Origin": "http://localhost"})
    assert answer.status_code == 303


@pytest.mark.security(20, 21)
def test_in_production_a_form_must_come_from_an_encrypted_page() -> None:
    app = create_app({**test_settings("sqlite:///:memory:"), "IS_SECURE": True})
    answer = app.test_client().post("/sign-out", headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    first = app.test_client().get("/help", base_url="https://localhost")
    assert first.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = (
        app.test_client()
        .get("/forgot-password", base_url="https://localhost")
        .headers["Set-Cookie"]
    )
    assert cookie.startswith("__Host-improve=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie


@pytest.mark.security(29)
def test_of_a_doubled_field_the_first_counts(app: Flask, cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.practitioner)
    form = visitor.get("/me/details").form("/me/details")
    page = visitor.send(form, {"job_title": ["First", "Second"]})
    assert page.status == 200
    with app.app_context():
        held = db.session.execute(
            text("SELECT job_title FROM people WHERE id = :id"), {"id": cast.practitioner}
        ).scalar()
        db.session.rollback()
        make_idea(cast)  # a board without one asks for no filter
        db.session.commit()
    assert held == "First"
    board = visitor.get("/teams/riverside/board?text=one&text=two")
    assert dict(board.form("/board").values)["text"] == "one"


@pytest.mark.security(9)
def test_line_ends_and_zero_bytes_reach_no_header(
    app: Flask, cast: Cast, visit: Visit, ids: dict[str, object]
) -> None:
    visitor = visit(cast.manager)
    for bad in ("%0d%0aSet-Cookie:x=1", "%00", "%0a", "%E2%80%A8", "%C2%85x"):
        for path in (
            f"/teams/{bad}/board", f"/admin/people?q={bad}", f"/sign-in?next=/{bad}", f"/ideas/1?back=/{bad}",
            f"/invitation/{bad}", f"/measures/1?since={bad}", f"/teams/riverside/board?text={bad}", f"/{bad}",
            f"/ideas/1/stage?back=/{bad}", f"/review?team={bad}", f"/ideas/1/edit/{bad}",
        ):  # fmt: skip
            answer = visitor.client.get(path)
            assert answer.status_code < 500, path
            for name, value in answer.headers:
                assert not {"\r", "\n", "\0"} & set(value), (path, name)
                assert name != "Set-Cookie" or "x=1" not in value
            answer.close()
    sent = visitor.client.get("/help", headers={"X-Request-Id": "x" * 8 + " {}<>"})
    assert " " not in sent.headers["X-Request-Id"]


@pytest.mark.security(9, 25)
def test_a_file_name_holds_no_line_ends(app: Flask, cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.manager)
    form = visitor.get("/teams/riverside/measures/new").form("/new")
    name = 'Visits"; filename="evil.exe\r\nX-Evil: 1'
    made = visitor.send(
        form, {"name": name, "kind": "outcome", "recorded": "count", "numerator": "Visits"}
    )
    assert made.status == 200, made.errors
    answer = visitor.client.get("/measures/1/data.csv")
    told = answer.headers["Content-Disposition"]
    assert told.startswith("attachment")
    assert "evil.exe\r" not in told
    assert told.count('"') in {0, 2}
    assert "X-Evil" not in dict(answer.headers)
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


@pytest.mark.security(70)
def test_nothing_is_kept_by_a_cache_but_the_board_and_what_is_public(
    cast: Cast, visit: Visit, ids: dict[str, object]
) -> None:
    for person in (None, cast.manager, cast.administrator):
        visitor = visit(person)
        for rule in RULES:
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            answer = visitor.client.get(path_of(rule, ids))
            kept = answer.headers["Cache-Control"]
            if rule.endpoint == "ideas.board" and answer.status_code == 200:
                assert kept == "private, no-cache"
                assert answer.headers["ETag"].startswith("W/")
            elif rule.rule.startswith("/learning/") and answer.status_code == 200:
                # Given to everybody alike, and asked about each time: it may be taken back.
                assert kept == "public, no-cache", rule.rule
                assert "ETag" in answer.headers, rule.rule
                assert "Set-Cookie" not in answer.headers, rule.rule
            else:
                assert kept == "no-store", rule.rule
                assert "ETag" not in answer.headers, rule.rule
            answer.close()


@pytest.mark.security(70)
def test_a_board_of_one_person_is_not_given_to_another(cast: Cast, visit: Visit) -> None:
    mark = visit(cast.manager).get("/teams/riverside/board").response.headers["ETag"]
    other = visit(cast.colleague).client.get(
        "/teams/riverside/board", headers={"If-None-Match": mark}
    )
    assert other.status_code == 200
    again = visit(cast.manager).client.get(
        "/teams/riverside/board", headers={"If-None-Match": mark}
    )
    assert again.status_code == 200, "another session has other forms"


def test_only_hashes_of_sessions_and_links_are_kept(app: Flask, cast: Cast, visit: Visit) -> None:
    visitor = visit(cast.manager)
    cookie = visitor.client.get_cookie("improve")
    assert cookie is not None
    token = cookie.value.removeprefix("s.")
    assert len(token) >= 43  # 256 bits
    with app.app_context():
        for table in ("auth_sessions", "one_time_links"):
            rows = db.session.execute(text(f"SELECT * FROM {table}")).all()
            assert not [row for row in rows if token in str(tuple(row))]
        db.session.rollback()


@pytest.mark.security(79, 81)
def test_control_characters_are_escaped_in_logs() -> None:
    record = logging.LogRecord(
        "improve", logging.INFO, "", 0, "a\r\nb\x1b[31m%s", ("\u2028",), None
    )
    line = JSONLines().format(record)
    assert not {"\r", "\n", "\x1b", "\u2028"} & set(line)
    assert json.loads(line)["message"] == "a\r\nb\x1b[31m\u2028"
    assert json.loads(line)["at"].endswith("+00:00")


@pytest.mark.security(77)
def test_debug_is_off_and_nothing_lies_about(visit: Visit, app: Flask) -> None:
    assert create_app({"IMPROVE_ENV": "x", **test_settings("sqlite:///:memory:")}).debug is False
    visitor = visit()
    for path in ("/debug", "/console", "/.git/config", "/.env", "/config.py", "/static/../config.py",
                 "/static/%2e%2e/config.py", "/instance/improve.sqlite3", "/server-status"):  # fmt: skip
        answer = visitor.client.get(path)
        assert answer.status_code == 404, path
        answer.close()
    health = visitor.client.get("/healthz")
    assert (health.data, health.status_code) == (b"ok", 200)
    assert "Server" not in health.headers or "Python" not in health.headers["Server"]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """The application behind a real socket; its port."""
    app = create_app(test_settings(f"sqlite:///{migrated_file(tmp_path)}"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port, 0
    server.shutdown()
    thread.join(10)
    with app.app_context():
        db.engine.dispose()


@pytest.mark.security(30)
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
@pytest.mark.parametrize("path", ["/sign-in", "/measures/1/import", "/nowhere"])
def test_half_a_gigabyte_is_refused_before_it_is_read(
    served: tuple[int, int], kind: str, path: str
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    connection = http.client.HTTPConnection("127.0.0.1", served[0], timeout=20)
    connection.putrequest("POST", path)
    connection.putheader("Content-Type", kind)
    connection.putheader("Content-Length", str(500 * 1024 * 1024))
    connection.endheaders()
    # Not a byte of the body is sent, and the answer is there.
    answer = connection.getresponse()
    assert answer.status in {413, 404} if path == "/nowhere" else answer.status == 413
    answer.read()
    connection.close()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 50 * 1024, f"{sys.platform}: grew by {grown} kB"


FORM_TOKEN = re.compile(r'(?<=name="csrf_token" value=")[\w.-]+')


@pytest.mark.security(83)
def test_errors_have_plain_pages_without_anything_from_inside(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        make_idea(cast)
        db.session.commit()
    manager, guest = visit(cast.manager), visit(cast.guest)
    token = manager.csrf_token()
    met = {
        400: manager.client.post("/sign-out", data={}),
        401: visit().client.post("/log", data={"csrf_token": ""}),
        403: guest.client.get("/teams"),
        404: manager.client.get("/ideas/999"),
        405: manager.client.get("/sign-out"),
        413: manager.client.post("/log", data=b"x" * (7 * 1024 * 1024), content_type="text/plain"),
        422: manager.client.post("/log", data={"csrf_token": token, "text": ""}),
    }
    for status, answer in met.items():
        # A form's token is random letters with dots between: ".py" may come up in it.
        body = FORM_TOKEN.sub("", answer.get_data(as_text=True))
        assert answer.status_code in {status, 400}, status
        for word in ("Traceback", "werkzeug", "sqlalchemy", "SELECT ", ".py"):
            assert word not in body, (status, word)
        assert "<h1" in body
        answer.close()
