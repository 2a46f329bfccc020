"""What Prometheus reads: answers by part, what is held up, and nothing of who told anything."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.app import create_app
from improve.mail import service as mail
from improve.mail.delayed import mails_held_up
from improve.shared import clock, contributions, metrics, metrics_port
from improve.shared.db import db
from tests import databases
from tests.conftest import NOW, test_settings
from tests.incidents.open_council import open_council
from tests.incidents.telling import tell
from tests.pages import Visitor
from tests.world import Cast


def counting(app: Flask, port: int = 1) -> Flask:
    """Return an application on the same database that counts."""
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    return create_app({**test_settings(uri), "METRICS_PORT": port})


def numbers(app: Flask) -> dict[str, float]:
    """Return what Prometheus would read, by name and labels."""
    lines = metrics.exposed(app).decode().splitlines()
    return {
        name: float(value)
        for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))
    }


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_answers_are_counted_by_part_and_never_by_address(app: Flask, cast: Cast) -> None:
    counted = counting(app)
    before = numbers(counted)
    visitor = Visitor(counted, cast.manager)
    visitor.get("/teams/riverside/board")
    visitor.get("/nowhere/at-all")
    visitor.get("/healthz")
    after = numbers(counted)
    risen = {
        name: value - before.get(name, 0.0)
        for name, value in after.items()
        if value != before.get(name, 0.0) and "_total{" in name
    }
    assert risen == {
        'improve_answers_total{part="ideas",status="2xx"}': 1.0,
        'improve_answers_total{part="other",status="4xx"}': 1.0,
    }
    for word in ("riverside", "nowhere", "board", "/"):
        assert not [name for name in after if word in name], word
    assert after["improve_readings_failed"] == 0.0
    close(counted)


@pytest.mark.security(61, 66)
def test_that_somebody_told_cannot_be_read_off_any_number(app: Flask, cast: Cast) -> None:
    open_council(app, cast)
    counted = counting(app)
    worker, family = Visitor(counted, cast.practitioner), Visitor(counted)
    before = metrics.exposed(counted)
    receipt = tell(worker)
    worker.get("/report-answer")
    family.get("/say/larchdale-council")
    family.get("/answer")
    family.get("/report/larchdale-council")
    assert metrics.exposed(counted) == before
    assert receipt
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM incidents")).scalar_one() == 1
        db.session.rollback()
    # Nor is it told which of the two somebody reads.
    assert {metrics.part_of("voices.desk"), metrics.part_of("incidents.desk")} == {
        "told in confidence"
    }
    close(counted)


def test_of_mails_only_what_is_held_up_is_seen_and_in_tens(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(context.config, "MAIL_URL", "")
    assert mails_held_up() == [], "without a mail host they wait for ever"
    monkeypatch.setitem(context.config, "MAIL_URL", "smtp://127.0.0.1:1")

    def held_up() -> float:
        (one,) = mails_held_up()
        return one.value

    mail.enqueue(key="one", to="duty@larchdale.example", subject="Wait", body="A link.\n")
    db.session.commit()
    assert held_up() == 0.0, "a wish for help is mailed at once, and must not be seen"
    with clock.moved(NOW + timedelta(minutes=16)):
        assert held_up() == 10.0
        for number in range(10):
            mail.enqueue(key=f"n{number}", to="a@b.example", subject="Wait", body="More.\n")
        db.session.commit()
        assert held_up() == 10.0
    with clock.moved(NOW + timedelta(minutes=40)):
        assert held_up() == 20.0


def test_when_a_timed_command_last_ended_is_seen(app: Flask) -> None:
    counted = counting(app)
    ended = 'improve_run_age_seconds{of="nightly"}'
    assert ended not in numbers(counted), "a command that never ran has no age"
    assert app.test_cli_runner().invoke(args=["nightly"]).exit_code == 0
    with clock.moved(NOW + timedelta(hours=26)):
        assert numbers(counted)[ended] == 26 * 3600
    assert any(name.startswith("improve_build{") for name in numbers(counted))
    close(counted)


def test_a_reading_that_cannot_be_had_leaves_the_others(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = counting(app)

    def away() -> list[metrics.Reading]:
        return [metrics.Reading("x", "x", db.session.execute(text("SELECT nothing")).scalar_one())]

    def there() -> list[metrics.Reading]:
        return [metrics.Reading("improve_there", "There", 3, "a part")]

    monkeypatch.setitem(contributions._offers, metrics.CONTRIBUTION, [away, there])
    found = numbers(counted)
    assert found['improve_there{of="a part"}'] == 3.0
    assert found["improve_readings_failed"] == 1.0
    close(counted)


def test_it_is_ready_when_the_tables_are_those_of_the_program(app: Flask) -> None:
    assert metrics_port.answer(app, "/readyz") == (200, "text/plain", b"ready\n")
    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0014'"))
        db.session.commit()
    try:
        status, _, words = metrics_port.answer(app, "/readyz")
        assert status == 503
        assert words.startswith(b"The tables are those of 0014, not of 00")
    finally:
        with app.app_context():
            from improve.migrations import newest_revision

            db.session.execute(
                text("UPDATE alembic_version SET version_num = :now"), {"now": newest_revision()}
            )
            db.session.commit()


def test_it_is_not_ready_without_a_database() -> None:
    nowhere = f"postgresql+psycopg://improve@127.0.0.1:{databases.free_port()}/improve"
    app = create_app(test_settings(nowhere))
    assert metrics_port.answer(app, "/readyz") == (
        503,
        "text/plain",
        b"The database does not answer.\n",
    )


def test_a_port_that_is_taken_does_not_stop_the_site(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as theirs:
        theirs.bind(("127.0.0.1", 0))
        theirs.listen()
        port = theirs.getsockname()[1]
        counted = counting(app, port)
        assert metrics_port.serve(counted) is None
        assert f"nothing answers at METRICS_PORT {port}" in caplog.text
        close(counted)


@pytest.mark.security(77)
def test_the_port_is_this_machine_s_alone_and_no_page_of_the_site(app: Flask) -> None:
    for path in ("/metrics", "/readyz"):
        answer = app.test_client().get(path)
        assert answer.status_code == 404
        answer.close()
    assert metrics_port.serve(app) is None, "without METRICS_PORT nothing listens"
    counted = counting(app, databases.free_port())
    first, second = metrics_port.serve(counted), metrics_port.serve(counted)
    assert first is not None
    assert second is not None, "each process of gunicorn listens at the same port"
    try:
        assert first.server_address[0] == "127.0.0.1"
        base = f"http://127.0.0.1:{first.server_address[1]}"
        for _ in range(4):
            with urllib.request.urlopen(f"{base}/metrics") as got:
                assert b"improve_answers_total" in got.read()
        with urllib.request.urlopen(f"{base}/readyz") as got:
            assert got.read() == b"ready\n"
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{base}/admin")
    finally:
        for server in (first, second):
            server.shutdown()
            server.server_close()
        close(counted)
