"""``flask demo``: refusals in one line, its own file and secrets, made once a day."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask import Flask

from improve.app import create_app
from improve.demo import command
from improve.demo.place import DemoIsRunning, DemoPlace, Made, Secrets, mark_of
from improve.shared import clock
from tests.conftest import NOW
from tests.databases import free_port

TOP = Path(__file__).resolve().parents[2]
SECRETS = Secrets("k" * 48, "seven quiet otters by the weir")


def refused(app: Flask, *arguments: str, **environ: str) -> str:
    """Return the one line that the command ends with."""
    result = app.test_cli_runner().invoke(args=["demo", *arguments], env=environ)
    assert result.exit_code == 2, result.output
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    return create_app({"IS_SECURE": False, "SQLALCHEMY_DATABASE_URI": "sqlite:///:memory:"})


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "localhost", ""])  # noqa: S104
def test_no_other_address_is_served(app: Flask, host: str) -> None:
    assert "127.0.0.1 only" in refused(app, "--host", host)


@pytest.mark.parametrize("port", ["abc", "0", "-1", "65536", "80 80", ""])
def test_a_port_that_is_none_is_refused(app: Flask, port: str) -> None:
    assert "--port" in refused(app, "--port", port)
    if port:
        assert "--port" in refused(app, PORT=port)


def test_a_port_in_use_is_refused_before_anything_is_made(app: Flask, tmp_path: Path) -> None:
    with taken_port() as port:
        assert f"Port {port} cannot be used" in refused(app, "--port", str(port))
    assert not (tmp_path / "instance").exists()


@pytest.mark.parametrize("password", ["short", "password1234", "aaaaaaaaaaaaaaaa"])
def test_a_weak_demo_password_is_refused(app: Flask, tmp_path: Path, password: str) -> None:
    line = refused(app, "--port", str(free_port()), DEMO_PASSWORD=password)
    assert line.startswith("Error: DEMO_PASSWORD: ")
    assert not (tmp_path / "instance" / "demo.sqlite3").exists()


def test_help_reads_well(app: Flask) -> None:
    words = app.test_cli_runner().invoke(args=["demo", "--help"]).output
    for told in ("--port", "--keep", "DEMO_PASSWORD", "DATABASE_URL", "127.0.0.1"):
        assert told in words


def test_the_demo_ignores_the_database_and_safety_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    monkeypatch.setenv("MAIL_URL", "smtp://mail.example")
    monkeypatch.setenv("IMPROVE_ENV", "production")
    made = create_app(command.demo_settings(tmp_path / "demo.sqlite3", SECRETS, 8000))
    assert made.config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path / 'demo.sqlite3'}"
    assert made.config["MAIL_URL"] == ""
    assert made.config["IS_DEMO"]
    assert not made.config["IS_SECURE"]
    assert made.config["TRUSTED_HOSTS"] == ["127.0.0.1", "localhost"]


def test_secrets_are_random_kept_and_private(tmp_path: Path) -> None:
    place = DemoPlace(tmp_path / "instance")
    secrets = place.secrets(password=None)
    assert len(secrets.secret_key) >= 48
    assert place.secrets(password=None) == secrets
    assert place.secrets(password="another").secret_key == secrets.secret_key
    assert place.secrets(password="another").password == "another"
    mode = stat.S_IMODE((tmp_path / "instance" / "demo.keys").stat().st_mode)
    assert mode == 0o600
    assert DemoPlace(tmp_path / "other").secrets(password=None) != secrets


def test_a_database_takes_its_place_only_when_it_is_whole(tmp_path: Path) -> None:
    place, made = DemoPlace(tmp_path), Made(date(2026, 11, 24), 7)
    with pytest.raises(RuntimeError):
        leave_half_made(place, made)
    assert place.made() is None
    with place.replaced(made) as path:
        fill(path, 1)
    assert place.made() == made
    with place.replaced(Made(date(2026, 11, 25), 7)) as path:
        fill(path, 2)
    assert place.made() == Made(date(2026, 11, 25), 7)
    with closing(sqlite3.connect(place.database)) as connection:
        assert connection.execute("SELECT n FROM t").fetchone() == (2,)
    place.database.write_bytes(b"not a database at all, whatever its name says" * 100)
    assert place.made() is None


def leave_half_made(place: DemoPlace, made: Made) -> None:
    with place.replaced(made) as path:
        path.write_bytes(b"half a database")
        raise RuntimeError


def fill(path: Path, number: int) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (n)")
        connection.execute("INSERT INTO t VALUES (?)", (number,))
        connection.commit()


def test_a_running_demo_is_not_replaced(tmp_path: Path) -> None:
    place = DemoPlace(tmp_path)
    tmp_path.mkdir(exist_ok=True)
    with place.in_use():
        with pytest.raises(DemoIsRunning), place.replaced(Made(date(2026, 11, 24), 7)):
            pytest.fail("made a database under a running demo")
        with DemoPlace(tmp_path).in_use():
            pass  # two may serve the same file


class Makes:
    """Stands for the making of a database, and counts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, place: DemoPlace) -> None:
        self.count = 0
        self.place = place
        monkeypatch.setattr(command, "_make", self._make)

    def _make(self, _make_app: object, settings: dict[str, str], _password: str) -> None:
        self.count += 1
        fill(Path(settings["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")), self.count)

    def start(self, *, password: str = SECRETS.password, is_kept: bool = False) -> int:
        """Return how often it has been made once this start is through."""
        secrets = Secrets(SECRETS.secret_key, password)
        command._make_where_needed(create_app, self.place, secrets, 8000, is_kept=is_kept)
        return self.count


@pytest.fixture
def makes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Makes:
    return Makes(monkeypatch, DemoPlace(tmp_path))


def test_it_is_made_once_a_day(makes: Makes) -> None:
    assert makes.start() == 1
    assert makes.start() == 1
    with clock.moved(NOW.replace(day=25)):
        assert makes.start() == 2


def test_keep_keeps_a_demo_of_another_day(makes: Makes, capsys: pytest.CaptureFixture[str]) -> None:
    assert makes.start(is_kept=True) == 1
    with clock.moved(NOW.replace(day=26)):
        assert makes.start(is_kept=True) == 1
        assert "Kept as it was made 2 days ago." in capsys.readouterr().out


def test_it_is_made_anew_for_other_content_or_another_password(
    makes: Makes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert makes.start() == 1
    assert makes.start(password="another long one here") == 2
    monkeypatch.setattr(command, "mark_of", lambda _password: 12345)
    assert makes.start() == 3


def test_the_mark_follows_the_password() -> None:
    assert mark_of("one") == mark_of("one") != mark_of("two")
    assert 0 <= mark_of("one") < 2**31


def test_the_command_makes_and_serves_the_demo(tmp_path: Path) -> None:
    port = free_port()
    environ = {
        **{k: v for k, v in os.environ.items() if k not in {"SECRET_KEY", "IMPROVE_ENV"}},
        "PORT": str(port),
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "PYTHONPATH": str(TOP),
        "PYTHONUNBUFFERED": "1",
    }
    environ.pop("DEMO_PASSWORD", None)
    address = f"http://127.0.0.1:{port}"
    for is_first in (True, False):
        with served(tmp_path, environ) as said:
            assert ("Making the demo" in said) == is_first
            assert address in said
            assert re.search(r"tess@merrowdale.example, with password \S{12,}", said)
            page = urlopen(f"{address}/sign-in", timeout=30).read().decode()
            assert "Tess Quillbury" in page
            assert "Sign in to the demo" in page
            with pytest.raises(HTTPError) as refusal:
                urlopen(Request(f"{address}/sign-in", headers={"Host": "elsewhere.example"}))
            assert refusal.value.code == 400
            refusal.value.close()
    assert {path.name for path in (tmp_path / "instance").glob("*.sqlite3")} == {"demo.sqlite3"}


@contextmanager
def served(folder: Path, environ: dict[str, str]) -> Iterator[str]:
    """Run the command and give what it says up to its last line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "demo"],
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = ""
        assert process.stdout
        for line in process.stdout:
            said += line
            if "Ctrl+C" in line:
                break
        else:
            assert process.stderr
            pytest.fail(f"it ended: {said} {process.stderr.read()}")
        yield said
    finally:
        process.terminate()
        process.communicate(timeout=30)
