"""The command line: the first administrator, waiting mail, the database's shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import queries, service
from improve.accounts.roles import Role
from improve.accounts.service.links import RESET, make_link
from improve.commands import mailing
from improve.mail import service as mail
from improve.migrations import newest_revision
from improve.shared import clock, contributions
from improve.shared.command_runs import last_runs
from improve.shared.db import db
from tests.accounts.phones import secret_on
from tests.conftest import NOW
from tests.factories import PASSWORD, Cast, actor, count_wrong_tries
from tests.pages import Visitor

Visit = Callable[..., Visitor]
ROBIN = ("--organisation", "Alder Council", "--name", "Robin Elm", "--email", "robin@alder.example")


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    """Run a command and return its exit code and everything it said."""
    done = app.test_cli_runner().invoke(args=list(arguments))
    return done.exit_code, done.output


@pytest.mark.security(42)
def test_a_council_begins_with_one_command(app: Flask, visit: Visit) -> None:
    code, said = run(app, "first-administrator", *ROBIN)
    assert code == 0
    link = re.search(r"http://localhost(/invitation/[\w-]{32})", said)
    assert link
    robin = visit()
    page = robin.get(link.group(1))
    assert "Alder Council" in page.main
    begin = robin.send(page.form(link.group(1)), {"password": PASSWORD})
    picture = robin.send(begin.form(button="Show the picture"))
    code = pyotp.TOTP(secret_on(picture)).at(NOW)
    codes = robin.send(picture.form("/confirm"), {"code": code})
    inside = robin.send(codes.form(button="I have written them down"))
    assert inside.heading == "Three things to know, Robin"
    assert robin.follow(inside, "Go on").heading == "People"
    with app.app_context():
        account = queries.person_for_sign_in("robin@alder.example")
        assert account is not None
        assert actor(account.id).roles == {Role.ADMINISTRATOR}


def test_a_second_first_administrator_is_refused(app: Flask, cast: Cast) -> None:
    again = ("--organisation", "Larchdale Council", "--name", "Bo", "--email", "bo@a.example")
    code, said = run(app, "first-administrator", *again)
    assert code == 2
    assert said.strip() == (
        "Error: Larchdale Council has an administrator already. Add --another to make one more."
    )
    assert run(app, "first-administrator", *again, "--another")[0] == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"--email": "robin"}, "This is not an e-mail address."),
        ({"--name": " "}, "--name: use 1 to 80 characters."),
        ({"--organisation": "x" * 121}, "--organisation: use 1 to 120 characters."),
    ],
)
def test_bad_input_gets_one_line(app: Flask, changed: dict[str, str], words: str) -> None:
    options = {**dict(zip(ROBIN[::2], ROBIN[1::2], strict=True)), **changed}
    code, said = run(
        app, "first-administrator", *[part for pair in options.items() for part in pair]
    )
    assert (code, said.strip()) == (2, f"Error: {words}")
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM organisations")).scalar() == 0


def test_a_missing_option_gets_one_line(app: Flask) -> None:
    code, said = run(app, "first-administrator", "--name", "Robin")
    assert code == 2
    assert said.strip() == "Error: Missing option '--organisation'."


def test_help_reads_well(app: Flask) -> None:
    code, said = run(app, "first-administrator", "--help")
    assert code == 0
    assert "Name a council's first administrator and print their link." in said
    for name in ("upgrade", "deliver-mail", "nightly", "recompute", "verify-audit", "analyse"):
        assert name in run(app, "--help")[1]


def test_waiting_mail_is_told_and_delivered(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        mail.enqueue(key="k", to="a@b.example", subject="s", body="b")
        db.session.commit()
    assert run(app, "deliver-mail") == (0, "MAIL_URL is not set. Mails that wait: 1.\n")
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://127.0.0.1:1")
    assert run(app, "deliver-mail") == (0, "Sent 0, put off 1, given up 0.\n")


def test_what_has_had_its_time_is_cleared(app: Flask, cast: Cast) -> None:
    with app.app_context():
        count_wrong_tries("s", "a@b.example", "c")
        mail.enqueue(key="sent", to="a@b.example", subject="s", body="b")
        mail.enqueue(key="waits", to="a@b.example", subject="s", body="b")
        mail.drop_waiting(key="sent")
        for _ in range(2):
            service.sign_in_demo_person(person_id=cast.coach, device="x")
        make_link(organisation_id=cast.organisation, person_id=cast.coach, kind=RESET)
        db.session.commit()
    assert run(app, "nightly") == (0, "Cleared 0 rows that had had their time.\n")
    # Three months and a day: what ended today has had its time by then.
    with clock.moved(NOW + timedelta(days=93)):
        # Two counters, one mail, one link, and all sessions of the coach but the newest.
        assert run(app, "nightly") == (0, "Cleared 5 rows that had had their time.\n")
        assert run(app, "nightly") == (0, "Cleared 0 rows that had had their time.\n")
    with app.app_context():
        assert mail.waiting() == 1


def test_what_cannot_be_done_at_night_stops_nothing_else(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble() -> int:
        mail.enqueue(key="half", to="a@b.example", subject="s", body="b")
        raise ValueError("what somebody told")

    def settle() -> int:
        mail.enqueue(key="other", to="a@b.example", subject="s", body="b")
        return 3

    with app.app_context():
        mail.enqueue(key="sent", to="a@b.example", subject="s", body="b")
        mail.drop_waiting(key="sent")
        db.session.commit()
    for kind in ("nightly", "hourly"):
        monkeypatch.setitem(contributions._offers, kind, [stumble, settle])
    with clock.moved(NOW + timedelta(days=91)):
        code, said = run(app, "nightly")
    assert code == 1
    assert "busy times that are over: 3.\nCleared 1 rows" in said
    assert "Not done: stumble. The next run tries again." in said
    assert "what somebody told" not in said + caplog.records[-1].getMessage()
    assert caplog.records[-1].getMessage().endswith("not done, the next run tries again: stumble")
    with app.app_context():
        assert mail.waiting() == 1, "the half of it is taken back"
    code, said = run(app, "deliver-mail")
    assert (code, said.splitlines()[0]) == (1, "MAIL_URL is not set. Mails that wait: 1.")


def test_mail_that_leaves_hourly_work_undone_did_not_come_to_its_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else doctor and the metrics would call a timer well that tells no reviewer of a report."""

    def stumble() -> int:
        raise ValueError("what somebody told")

    class Enough(Exception):
        """Stands for somebody who stops what keeps going."""

    def stop(_seconds: float) -> None:
        raise Enough

    def is_noted() -> bool:
        with app.app_context():
            return "deliver-mail" in last_runs()

    monkeypatch.setattr(mailing.time, "sleep", stop)
    monkeypatch.setitem(contributions._offers, "hourly", [stumble])
    for url in ("", "smtp://127.0.0.1:1"):
        monkeypatch.setitem(app.config, "MAIL_URL", url)
        assert run(app, "deliver-mail")[0] == 1
    result = app.test_cli_runner().invoke(args=["deliver-mail", "--keep-going"])
    assert isinstance(result.exception, Enough)
    assert "Not done: stumble. The next run tries again." in result.output
    assert not is_noted()
    monkeypatch.setitem(contributions._offers, "hourly", [])
    monkeypatch.setitem(app.config, "MAIL_URL", "")
    assert run(app, "deliver-mail")[0] == 0
    assert is_noted(), "the work of each hour matters where no mail leaves, too"


def test_the_database_is_brought_up_to_date(app: Flask) -> None:
    code, said = run(app, "upgrade")
    assert (code, said) == (0, f"The database is up to date ({newest_revision()}).\n")


@pytest.mark.parametrize("command", ["upgrade", "deliver-mail", "recompute", "verify-audit"])
def test_no_command_meets_another_database_for_want_of_settings(
    app: Flask, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS_PROBLEM", "SECRET_KEY is not set.")
    assert run(app, command) == (2, "Error: SECRET_KEY is not set.\n")
