"""Looking an installation over, and saying what is wrong with it."""

from __future__ import annotations

import json
import socket
import ssl
import urllib.error
import urllib.request
from contextlib import suppress
from typing import Final

import click
from flask import current_app
from flask.cli import with_appcontext

from improve.commands import looking_at_database as of_database
from improve.commands import looking_at_settings as of_settings
from improve.commands.looking_at_erasures import look_at_erasures
from improve.commands.looking_at_sealed import look_at_sealed
from improve.commands.looking_at_sums import look_at_sums
from improve.mail.trying import fault_of_server
from improve.shared import metrics_port, seen_from_outside
from improve.shared.checkup import Finding, checks, findings
from improve.shared.command_line import OneLineCommand, refuse
from improve.shared.db import db, reading

_OK: Final = "ok"
_LOOK: Final = "look at this"
_WRONG: Final = "wrong"
#: Seconds to wait for the site.
_PATIENCE: Final = 5
#: Bytes of an answer that tell who it is from.
_ENOUGH: Final = 1000


def offer_checks() -> None:
    """Offer what is looked at whatever the site is used for."""
    for look in (
        of_settings.look_at_keys,
        of_settings.look_at_address,
        look_at_site,
        look_at_metrics_port,
        of_settings.look_at_mail,
        of_settings.look_at_static_files,
        of_settings.look_at_packages,
        of_settings.look_at_files,
        of_settings.look_at_clock,
        of_database.look_at_database,
        of_database.look_at_log,
        look_at_sealed,
        look_at_erasures,
        look_at_sums,
        of_database.look_at_backup_room,
        of_database.look_at_timers,
    ):
        checks(look)


@click.command("doctor", cls=OneLineCommand)
@click.option("--json", "is_json", is_flag=True, help="Print it for a program to read.")
@click.option("--send-to", default="", metavar="ADDRESS", help="Also send a mail there, on trial.")
@click.option("--settings", "is_short", is_flag=True, help="Look at the settings alone.")
@with_appcontext
def doctor(is_json: bool, send_to: str, is_short: bool) -> None:
    """Look this installation over: settings, database, disk, mail, files, clock and timers.

    It changes nothing and shows no secret. Each line is ok, worth a look, or wrong, with what to do
    about it. Exit code 1 when something is wrong.
    """
    problem = current_app.config["SETTINGS_PROBLEM"]
    if problem:
        # With incomplete settings everything else would be looked for in another place.
        found = [
            Finding(True, line, "Nothing else was looked at.") for line in problem.splitlines()
        ]
    elif is_short:
        found = [Finding(False, "The settings are complete")]
    else:
        with reading():
            found = findings()
            db.session.rollback()
        if send_to:
            found.append(_send_to(send_to))
    if is_json:
        click.echo(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=1))
    else:
        _print(found)
    if any(one.is_wrong for one in found):
        raise SystemExit(1)


def _send_to(address: str) -> Finding:
    url = current_app.config["MAIL_URL"]
    if not url:
        refuse("--send-to needs MAIL_URL.")
    fault = fault_of_server(url, sender=current_app.config["MAIL_FROM"], send_to=address)
    if fault:
        return Finding(True, f"The mail on trial was not sent: {fault}", "Compare MAIL_URL.")
    return Finding(False, "The mail on trial was sent: see whether it arrives")


def _grade(one: Finding) -> str:
    return _WRONG if one.is_wrong else _LOOK if one.advice else _OK


def _as_json(one: Finding) -> dict[str, str]:
    return {"grade": _grade(one), "words": one.words, "advice": one.advice}


def _print(found: list[Finding]) -> None:
    for one in found:
        click.echo(f"{_grade(one):<14} {one.words.rstrip('.')}.")
        if one.advice:
            click.echo(f"{'':<14} {one.advice}")
    grades = [_grade(one) for one in found]
    click.echo(
        f"{grades.count(_OK)} ok, {grades.count(_LOOK)} worth a look, {grades.count(_WRONG)} wrong."
    )


def _reason(error: Exception) -> str:
    """Return why an address does not answer, in words."""
    reason = getattr(error, "reason", error)
    for kind, words in (
        (socket.gaierror, "the name of its host is not known here"),
        (ssl.SSLError, "its certificate does not hold"),
        (TimeoutError, f"nothing came within {_PATIENCE} seconds"),
        (ConnectionRefusedError, "nothing listens there"),
    ):
        if isinstance(reason, kind):
            return words
    return getattr(reason, "strerror", None) or type(reason).__name__


def look_at_site() -> list[Finding]:
    """Whether the site answers at the address that people type."""
    base = current_app.config["BASE_URL"]
    if not base.startswith(("https://", "http://")) or current_app.config["IS_DEMO"]:
        return []
    asked = urllib.request.Request(f"{base}/healthz", headers=seen_from_outside.question())  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310
            said = answer.read(40).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        words = f"Something answers at {base}, with {error.code}"
    except (OSError, ValueError) as error:
        words = f"The site does not answer at {base}: {_reason(error)}"
    else:
        if said.split()[:1] == ["ok"]:
            return [Finding(False, f"The site answers at {base}"), *_as_seen(said)]
        words = f"Something answers at {base} that is not this site"
    advice = "If the site runs, see the web server in front of it, and the name in BASE_URL."
    return [Finding(False, words, advice)]


def _as_seen(said: str) -> list[Finding]:
    """Return whether the site takes a visitor for who they are, by what it said to this command."""
    proxies = current_app.config["TRUSTED_PROXIES"]
    found = seen_from_outside.faults(said, proxies=proxies)
    return [Finding(*one) for one in found]


def look_at_metrics_port() -> list[Finding]:
    """Whether it is the site that answers at METRICS_PORT: where it is taken, it goes without."""
    port = current_app.config.get("METRICS_PORT", 0)
    if not port or current_app.config["IS_DEMO"]:
        return []
    said = b""
    try:
        with socket.create_connection((metrics_port.ADDRESS, port), _PATIENCE) as line:
            line.sendall(b"GET / HTTP/1.0\r\n\r\n")
            # Whoever ends the line roughly has said something before that.
            with suppress(OSError):
                while len(said) < _ENOUGH and (more := line.recv(_ENOUGH)):
                    said += more
    except ConnectionRefusedError:
        advice = "If the site runs under gunicorn, see its log (journalctl -u improve)."
        return [Finding(False, f"Nothing listens at METRICS_PORT {port}", advice)]
    except OSError:
        pass
    if not said:
        advice = "The site may hang, or another program have the port. Who has it: ss -ltnp"
        return [Finding(False, f"Nothing came from METRICS_PORT {port} in time", advice)]
    if metrics_port.ELSEWHERE in said:
        return [Finding(False, f"The site answers at METRICS_PORT {port}")]
    words = f"Another program has METRICS_PORT {port}: the site goes without metrics and /readyz"
    advice = "Set it to a port that is free, and start the site anew. Who has it: ss -ltnp"
    return [Finding(True, words, advice)]
