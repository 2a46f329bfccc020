"""Looking an installation over: what is wrong is said with what to do, and no secret is shown."""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.serving import make_server

from improve.accounts.models import Identity
from improve.accounts.oidc.provider import Provider
from improve.accounts.roles import Role
from improve.accounts.service import note_erasure
from improve.app import create_app
from improve.commands import looking_at_database, looking_at_settings
from improve.mail import service as mail
from improve.shared import checkup, clock, metrics_port, seen_from_outside
from improve.shared.checkup import Finding
from improve.shared.command_runs import note_run
from improve.shared.db import db
from tests.conftest import NOW, test_settings
from tests.factories import Cast, make_person

Ask = Callable[..., dict[str, str]]
NOBODY_THERE = "http://127.0.0.1:1"


@pytest.fixture
def ask(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """``ask()``: the grade of each finding, by its words."""
    monkeypatch.setitem(app.config, "BASE_URL", "http://127.0.0.1:1")

    def looked(*words: str) -> dict[str, str]:
        result = app.test_cli_runner().invoke(args=["doctor", "--json", *words])
        found = json.loads(result.output)
        is_wrong = any(one["grade"] == "wrong" for one in found)
        assert result.exit_code == int(is_wrong), result.output
        assert all(one["advice"] for one in found if one["grade"] != "ok")
        return {one["words"]: one["grade"] for one in found}

    return looked


def grade(found: dict[str, str], words: str) -> str:
    """Return the grade of the one finding with these words in it."""
    [given] = [one for said, one in found.items() if words in said]
    return given


def test_it_says_what_is_as_it_should_be(ask: Ask, app: Flask, cast: Cast) -> None:
    with app.app_context():
        for name in ("nightly", "deliver-mail", "verify-audit", "backup"):
            note_run(name)
    found = ask()
    for words in ("The database answers", "Every timed command ran", "Styles, scripts and fonts"):
        assert grade(found, words) == "ok"
    assert grade(found, "It is 09:30 on 24 November 2026") == "ok"
    assert grade(found, "does not answer at http://127.0.0.1:1: nothing listens") == "look at this"
    printed = app.test_cli_runner().invoke(args=["doctor"]).output
    assert printed.splitlines()[-1].endswith("wrong.")


def test_a_council_with_one_administrator_is_named(ask: Ask, app: Flask, cast: Cast) -> None:
    """Who is alone has nobody to help them. Who never came counts as little."""
    with app.app_context():
        db.session.execute(text("UPDATE people SET password_hash = 'x'"))
        db.session.commit()
    said = "Larchdale Council has only one administrator who can sign in"
    assert grade(ask(), said) == "look at this"
    with app.app_context():
        second = make_person(cast.organisation, role=Role.ADMINISTRATOR)
        db.session.commit()
    assert grade(ask(), said) == "look at this"
    with app.app_context():
        hashed = text("UPDATE people SET password_hash = 'x' WHERE id = :id")
        db.session.execute(hashed, {"id": second})
        db.session.commit()
    assert said not in str(ask())


def test_a_council_account_counts_while_its_provider_is_set(
    ask: Ask, app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        known = Identity(
            organisation_id=cast.organisation,
            person_id=make_person(cast.organisation, role=Role.ADMINISTRATOR),
            issuer=NOBODY_THERE,
            subject="one",
            created_at=NOW,
        )
        db.session.add(known)
        hashed = text("UPDATE people SET password_hash = 'x' WHERE id != :id")
        db.session.execute(hashed, {"id": known.person_id})
        db.session.commit()
    said = "Larchdale Council has only one administrator who can sign in"
    assert grade(ask(), said) == "look at this"
    provider = Provider(NOBODY_THERE, "improve", "a secret", takes_plain_http=True)
    monkeypatch.setitem(app.config, "OIDC_PROVIDERS", (provider,))
    assert said not in str(ask())
    with app.app_context():
        db.session.execute(text("UPDATE identities SET is_entered = true"))
        db.session.commit()
    assert grade(ask(), said) == "look at this", "their role asks them to join it themselves"


def test_a_timed_command_that_no_longer_runs_is_noticed(ask: Ask, app: Flask, cast: Cast) -> None:
    assert grade(ask(), "nightly has never come to its end") == "look at this"
    with clock.moved(NOW + timedelta(days=2)):
        assert grade(ask(), "backup has never come to its end") == "look at this"
    assert app.test_cli_runner().invoke(args=["nightly"]).exit_code == 0
    assert grade(ask(), "backup has never come to its end") == "look at this", "its first night"
    with clock.moved(NOW + timedelta(days=2)):
        found = ask()
    assert grade(found, "backup has never come to its end") == "wrong"
    assert grade(found, "nightly last came to its end at 09:30 on 24 November 2026") == "wrong"


def test_little_room_for_backups_is_said_on_either_engine(
    ask: Ask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_at_database, "_PLACES", {tmp_path: "for backups"})
    free = shutil.disk_usage(tmp_path).free
    monkeypatch.setattr(looking_at_database, "_SPARE", 0)
    assert "for backups" not in str(ask())
    monkeypatch.setattr(looking_at_database, "_SPARE", free * 2)
    assert grade(ask(), "are free for backups") == "look at this"
    monkeypatch.setattr(looking_at_database, "_LITTLE", free * 2)
    assert grade(ask(), "are free for backups") == "wrong"


@contextmanager
def as_a_real_site(app: Flask, **settings: Any) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setitem(app.config, name, value)
        yield


def test_settings_that_do_not_fit_each_other(ask: Ask, app: Flask, tmp_path: Path) -> None:
    seen = tmp_path / "heads.jsonl"
    seen.touch(0o644)
    seen.chmod(0o644)
    providers = tmp_path / "providers.json"
    providers.touch()
    providers.chmod(0o644)
    with as_a_real_site(
        app,
        IS_SECURE=True,
        RATELIMIT_ENABLED=False,
        BASE_URL="http://improve.invalid",
        AUDIT_HEAD_FILE=str(seen),
        ERASED_FILE=str(tmp_path / "nowhere" / "erased"),
        OIDC_FILE=str(providers),
        RATELIMIT_STORAGE_URI="redis://127.0.0.1",
    ):
        found = ask()
    for words in (
        "BASE_URL is http: nobody can sign in",
        "ALLOWED_HOSTS does not name improve.invalid",
        "tries are not limited",
        "AUDIT_HEAD_FILE may be read by others (it has mode 644)",
        "OIDC_FILE may be read by others (it has mode 644)",
        "ERASED_FILE cannot be written",
    ):
        assert grade(found, words) == "wrong"


def test_limits_that_each_process_counts_for_itself(
    ask: Ask, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "processes of the site counts tries for itself"
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    for storage, processes, is_said in (
        ("memory://", None, True),
        ("memory://", "4", True),
        ("memory://", "1", False),
        ("redis://127.0.0.1:1", "4", False),
    ):
        if processes is not None:
            monkeypatch.setenv("WEB_CONCURRENCY", processes)
        with as_a_real_site(app, RATELIMIT_ENABLED=True, RATELIMIT_STORAGE_URI=storage):
            found = {said: grade for said, grade in ask().items() if words in said}
        assert list(found.values()) == (["look at this"] if is_said else [])


def test_the_file_of_erasures_is_writable_and_whole(
    ask: Ask, app: Flask, cast: Cast, tmp_path: Path
) -> None:
    assert grade(ask(), "ERASED_FILE is not set") == "look at this"
    with app.app_context():
        note_erasure(cast.actor("administrator"), kind="person", object_id=cast.coach, facts={})
        db.session.commit()
    with as_a_real_site(app, ERASED_FILE=str(tmp_path)):
        assert grade(ask(), "ERASED_FILE cannot be written") == "wrong"
    with as_a_real_site(app, ERASED_FILE=str(tmp_path / "erased.jsonl")):
        assert grade(ask(), "ERASED_FILE does not name all that was erased: 1 would") == "wrong"
        assert app.test_cli_runner().invoke(args=["nightly"]).exit_code == 0
        assert grade(ask(), "ERASED_FILE can be written, and names all that was erased") == "ok"
        file = tmp_path / "erased.jsonl"
        whole = file.read_bytes()
        file.write_bytes(whole + b'{"key": "\xff\n')
        assert grade(ask(), "Lines of ERASED_FILE that cannot be read: 1") == "wrong"
        assert app.test_cli_runner().invoke(args=["nightly"]).exit_code == 0


def test_mail_is_tried_and_no_password_is_shown(ask: Ask, app: Flask) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"smtp://improve:hunter2@127.0.0.1:{nobody.getsockname()[1]}"
        with as_a_real_site(app, MAIL_URL=url):
            found = ask()
            assert grade(found, "The mail server 127.0.0.1 would take no mail") == "wrong"
            output = app.test_cli_runner().invoke(args=["doctor", "--send-to", "a@b.org"]).output
    assert "The mail on trial was not sent" in output
    nowhere = app.test_cli_runner().invoke(args=["doctor", "--send-to", "a@b.org"])
    assert (nowhere.exit_code, "--send-to needs MAIL_URL." in nowhere.output) == (2, True)
    for secret in ("hunter2", app.config["SECRET_KEY"]):
        assert secret not in output


def test_tables_of_another_age_and_a_log_that_was_cut(ask: Ask, app: Flask, cast: Cast) -> None:
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0009'"))
            connection.execute(text("UPDATE audit_heads SET hash = 'x' WHERE organisation_id = 1"))
        try:
            found = ask()
        finally:
            with db.engine.begin() as connection:
                newest = {"newest": looking_at_database.newest_revision()}
                connection.execute(text("UPDATE alembic_version SET version_num = :newest"), newest)
    assert grade(found, "The tables are of revision 0009") == "wrong"
    assert grade(found, "The log of acts of organisation 1 does not end as it should") == "wrong"


NGINX = {"X-Forwarded-For": "198.51.100.4"}
APPENDS = {"X-Forwarded-For": f"{seen_from_outside.NAMED}, 198.51.100.4"}
TWO = {"X-Forwarded-For": f"{seen_from_outside.NAMED}, 198.51.100.4, 10.0.0.2"}


@pytest.mark.parametrize(
    ("proxies", "sent", "says"),
    [
        (1, NGINX, []),
        (1, APPENDS, []),
        (0, {}, []),
        (2, TWO, []),
        (0, NGINX, ["TRUSTED_PROXIES is 0, and 1 in front said"]),
        (2, NGINX, ["TRUSTED_PROXIES is 2, and 1 in front said"]),
        (1, TWO, ["TRUSTED_PROXIES is 1, and 2 in front said"]),
        (2, APPENDS, ["TRUSTED_PROXIES is 2, and 1 in front said", "are believed what address"]),
        (1, {}, ["TRUSTED_PROXIES is 1, and 0 in front said", "are believed what address"]),
    ],
)
def test_proxies_that_are_counted_wrong_are_seen_from_outside(
    proxies: int, sent: dict[str, str], says: list[str]
) -> None:
    app = create_app({**test_settings("sqlite:///:memory:"), "TRUSTED_PROXIES": proxies})
    with app.app_context():
        headers = {**seen_from_outside.question(), **sent}
    said = app.test_client().get("/healthz", headers=headers).get_data(as_text=True)
    found = seen_from_outside.faults(said, proxies=proxies)
    assert len(found) == len(says)
    for (is_wrong, words, advice), wanted in zip(found, says, strict=True):
        assert is_wrong
        assert wanted in words
        assert advice


def test_nobody_but_doctor_is_told_more_than_ok(app: Flask) -> None:
    for proof in ("", "look", "look.a.b"):
        answer = app.test_client().get("/healthz", headers={seen_from_outside.HEADER: proof})
        assert answer.get_data() == b"ok"
    [(is_wrong, words, _)] = seen_from_outside.faults("ok", proxies=1)
    assert not is_wrong
    assert "another SECRET_KEY" in words


def test_a_site_that_runs_is_asked_as_a_visitor(ask: Ask, app: Flask) -> None:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    turning = threading.Thread(target=server.serve_forever, daemon=True)
    turning.start()
    try:
        with as_a_real_site(app, BASE_URL=f"http://127.0.0.1:{server.server_port}"):
            found = ask()
    finally:
        server.shutdown()
        turning.join()
    assert grade(found, "The site answers at http://127.0.0.1") == "ok"
    assert not any("TRUSTED_PROXIES is" in said for said in found)


@pytest.mark.parametrize(
    ("status", "said"), [("200 OK", "that is not this site"), ("404 NOT FOUND", "with 404")]
)
def test_another_site_at_its_address_is_not_taken_for_it(
    ask: Ask, app: Flask, status: str, said: str
) -> None:
    def theirs(_environ: Any, start: Any) -> list[bytes]:
        start(status, [("Content-Type", "text/plain")])
        return [b"It works!"]

    server = make_server("127.0.0.1", 0, theirs)
    turning = threading.Thread(target=server.serve_forever, daemon=True)
    turning.start()
    base = f"http://127.0.0.1:{server.server_port}"
    try:
        with as_a_real_site(app, BASE_URL=base):
            found = ask()
    finally:
        server.shutdown()
        turning.join()
        server.server_close()
    answers = f"Something answers at {base}"
    assert [(one, words.endswith(said)) for words, one in found.items() if answers in words] == [
        ("look at this", True)
    ]


def test_another_program_at_the_port_of_metrics_is_told_from_the_site(ask: Ask, app: Flask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as theirs:
        port = theirs.getsockname()[1]
        greeting = threading.Thread(target=_greet_once, args=(theirs,), daemon=True)
        greeting.start()
        with as_a_real_site(app, METRICS_PORT=port):
            assert grade(ask(), f"Another program has METRICS_PORT {port}") == "wrong"
        greeting.join()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        dropping = threading.Thread(target=_drop_once, args=(silent,), daemon=True)
        dropping.start()
        with as_a_real_site(app, METRICS_PORT=port):
            assert grade(ask(), f"Nothing came from METRICS_PORT {port}") == "look at this"
        dropping.join()
    with as_a_real_site(app, METRICS_PORT=port):
        assert grade(ask(), f"Nothing listens at METRICS_PORT {port}") == "look at this"
        ours = metrics_port.serve(app)
        assert ours is not None
        try:
            assert grade(ask(), f"The site answers at METRICS_PORT {port}") == "ok"
        finally:
            ours.shutdown()
            ours.server_close()


def _greet_once(theirs: socket.socket) -> None:
    line, _ = theirs.accept()
    with line:
        line.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")


def _drop_once(theirs: socket.socket) -> None:
    theirs.accept()[0].close()


def test_another_secret_key_is_told_from_a_changed_log(ask: Ask, app: Flask, cast: Cast) -> None:
    words = "The log of acts was written under another SECRET_KEY"
    assert not any(words in said for said in ask())
    with as_a_real_site(app, AUDIT_KEY=b"another"):
        assert grade(ask(), words) == "wrong"
        ended = app.test_cli_runner().invoke(args=["verify-audit"])
    assert ended.exit_code == 1
    assert "entry 1: was changed" in ended.output
    assert "No log begins under the present SECRET_KEY" in ended.output


def test_a_sealing_key_that_is_lost_is_noticed(ask: Ask, app: Flask, cast: Cast) -> None:
    assert grade(ask(), "SEALING_KEY names every key") == "ok"
    with app.app_context():
        mail.enqueue(key="k", to="a@b.example", subject="S", body="SEALED_HERE", sealed="link")
        db.session.commit()
    assert grade(ask(), "SEALING_KEY names every key") == "ok"
    kept = app.config["SEALING_KEYS"]
    with as_a_real_site(app, SEALING_KEYS=("o" * 40,)):
        words = "SEALING_KEY does not name the key that these need: mails that wait"
        assert grade(ask(), words) == "wrong"
    with as_a_real_site(app, SEALING_KEYS=("o" * 40, *kept)):
        assert grade(ask(), "SEALING_KEY names every key") == "ok"


def test_without_tables_the_way_on_is_all_it_says(tmp_path: Path) -> None:
    app = create_app(test_settings(f"sqlite:///{tmp_path / 'improve.sqlite3'}"))
    app.config["BASE_URL"] = "http://127.0.0.1:1"
    printed = app.test_cli_runner().invoke(args=["doctor"]).output
    assert "The tables are of revision none" in printed
    assert "does not answer what is asked" not in printed
    assert "could not be looked at" not in printed
    first = ["first-administrator", "--organisation", "A", "--name", "B", "--email", "b@a.example"]
    for args in (first, ["verify-audit"], ["recompute"], ["purge"]):
        ended = app.test_cli_runner().invoke(args=args)
        assert ended.exit_code == 1
        [line] = ended.output.splitlines()
        assert line.startswith("Error: The tables are of revision none, the program of 00")
        assert line.endswith("Run: flask --app wsgi upgrade")
    with app.app_context():
        db.engine.dispose()


def test_a_clock_that_is_wrong(ask: Ask, app: Flask, cast: Cast) -> None:
    with clock.moved(NOW - timedelta(days=30)):
        assert grade(ask(), "which is still to come") == "wrong"


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_files_that_others_may_read(ask: Ask, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    file.chmod(0o644)
    left = file.parent / ".improve-copy-left"
    left.mkdir()
    os.utime(left, (0, 0))
    monkeypatch.setattr(looking_at_database.shutil, "disk_usage", lambda _: _Usage)
    try:
        found = ask()
    finally:
        left.rmdir()
        file.chmod(0o600)
    assert grade(found, "The database may be read by others (it has mode 644)") == "wrong"
    assert grade(found, "may have left a plain copy") == "wrong"
    assert grade(found, "10 MB are free beside the database") == "wrong"


class _Usage:
    free = 10 * 1024**2


def test_a_htmx_that_is_not_the_one_it_should_be(
    ask: Ask, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_a_real_site(app, HTMX_INTEGRITY="sha384-other"):
        assert grade(ask(), "The copy of htmx here is not the one") == "wrong"
    monkeypatch.setattr(looking_at_settings, "_STATIC", ("css", "gone"))
    assert grade(ask(), "has no gone") == "wrong"


def test_a_check_that_cannot_be_done_stops_no_other(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_at_moon() -> list[Finding]:
        raise RuntimeError("a secret in its words")

    real = checkup.contributions.gather

    def gathered(kind: str) -> list[Callable[..., Any]]:
        return [*([look_at_moon] if kind == checkup.CONTRIBUTION else []), *real(kind)]

    monkeypatch.setattr(checkup.contributions, "gather", gathered)
    found = ask()
    assert grade(found, "Moon could not be looked at (RuntimeError)") == "wrong"
    assert not any("a secret" in one for one in found)
    assert grade(found, "The database answers") == "ok"


def test_settings_that_are_missing_are_all_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite:////nowhere/x.sqlite3"})
    app.config["SETTINGS_PROBLEM"] = "SECRET_KEY is not set.\nSEALING_KEY is not set."
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    assert "wrong          SECRET_KEY is not set." in result.output
    assert result.output.splitlines()[-1] == "0 ok, 0 worth a look, 2 wrong."
    assert app.test_cli_runner().invoke(args=["doctor", "--settings"]).exit_code == 1
    app.config["SETTINGS_PROBLEM"] = ""
    result = app.test_cli_runner().invoke(args=["doctor", "--settings"])
    assert result.exit_code == 0, "the database, which is nowhere, was not asked"


def test_a_database_that_is_away_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = "postgresql+psycopg://improve@127.0.0.1:1/improve"
    app = create_app(test_settings(nowhere))
    monkeypatch.setitem(app.config, "BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setitem(app.config, "BACKUP_KEY", "k" * 40)
    printed = app.test_cli_runner().invoke(args=["doctor"])
    assert printed.exit_code == 1
    assert printed.output.count("The database does not answer") == 1
    assert "Connection refused" in printed.output
    assert "look_at" not in printed.output
    for command in ("nightly", "deliver-mail"):
        ended = app.test_cli_runner().invoke(args=[command])
        assert ended.exit_code == 1
        [line] = ended.output.splitlines()
        assert line.startswith("Nothing was done: the database does not answer (OperationalError, ")
    for args in (["backup", str(tmp_path / "one")], ["upgrade"]):
        ended = app.test_cli_runner().invoke(args=args)
        assert ended.exit_code == 2
        assert "OperationalError, connection failed" in ended.output
    for args in (["verify-audit"], ["take-phone-away", "a@b.example", "--yes"]):
        ended = app.test_cli_runner().invoke(args=args)
        assert ended.exit_code == 1
        [line] = ended.output.splitlines()
        assert line.startswith("Error: The database does not answer (OperationalError, ")
    with app.app_context():
        db.engine.dispose()


def test_what_is_missing_is_fetched_by_its_hashes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_at_settings, "find_spec", lambda _name: None)
    with app.app_context():
        advice = " ".join(one.advice for one in looking_at_settings.look_at_packages())
    assert "--require-hashes -r requirements-pdf.txt" in advice
    assert "improve[" not in advice
