"""``flask demo``: makes the demo council and serves it on this machine."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import click
from flask import Flask
from werkzeug.serving import make_server

from improve.accounts import passwords
from improve.demo.load import load_demo
from improve.demo.place import DemoIsRunning, DemoPlace, Made, Secrets, mark_of
from improve.migrations import upgrade_database
from improve.shared import clock
from improve.shared.command_line import OneLineCommand, refuse
from improve.shared.db import db
from improve.shared.errors import RuleBroken

ADDRESS = "127.0.0.1"
MakeApp = Callable[[dict[str, Any]], Flask]


def register(app: Flask, make_app: MakeApp) -> None:
    """Give ``app`` the command ``demo``. ``make_app`` makes an application from settings."""

    @app.cli.command("demo", cls=OneLineCommand, with_appcontext=False)
    @click.option(
        "--port",
        envvar="PORT",
        default=8000,
        show_default=True,
        type=click.IntRange(1, 65535),
        help="Port to use, else the one in PORT.",
    )
    @click.option(
        "--keep", is_flag=True, help="Keep the demo as it is, even if it was made on another day."
    )
    @click.option(
        "--host", default=ADDRESS, show_default=True, help="Only this address is allowed."
    )
    def demo(port: int, keep: bool, host: str) -> None:
        """Try Improve with an invented council, on this machine only.

        The demo is made anew each day, so that its dates end today. Everybody can sign in as
        anybody in it: that is why it answers on 127.0.0.1 and nowhere else.

        DEMO_PASSWORD sets the password of its people; else a random one is printed. DATABASE_URL
        is not read: the demo has its own file, instance/demo.sqlite3.
        """
        if host != ADDRESS:
            refuse(f"The demo answers on {ADDRESS} only: in it anybody can be anybody.")
        serve(make_app, DemoPlace(Path.cwd() / "instance"), port=port, is_kept=keep)


def demo_settings(database: Path, secrets: Secrets, port: int) -> dict[str, Any]:
    """Return the settings that make an application the demo, whatever the environment says."""
    return {
        "ENV_NAME": "development",
        "IS_DEMO": True,
        "IS_SECURE": False,
        "SECRET_KEY": secrets.secret_key,
        "SIGNING_KEY": f"{secrets.secret_key} signs pages",
        "SEALING_KEYS": (f"{secrets.secret_key} seals words",),
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{database}",
        "BASE_URL": f"http://{ADDRESS}:{port}",
        "TRUSTED_HOSTS": [ADDRESS, "localhost"],
        "TRUSTED_PROXIES": 0,
        "MAIL_URL": "",
        "OIDC_PROVIDERS": (),
        "RATELIMIT_STORAGE_URI": "memory://",
        # The same password for everybody, printed on the screen: a dear hash would guard nothing.
        "ARGON2": {"time_cost": 1, "memory_cost": 8192, "parallelism": 1},
    }


def serve(make_app: MakeApp, place: DemoPlace, *, port: int, is_kept: bool) -> None:
    """Make the demo if it must be made, and serve it until it is stopped."""
    with _listen(port) as listener:
        password = os.environ.get("DEMO_PASSWORD") or None
        if password is not None:
            _check_password(password)
        secrets = place.secrets(password=password)
        _make_where_needed(make_app, place, secrets, port, is_kept=is_kept)
        app = make_app(demo_settings(place.database, secrets, port))
        if is_kept:
            upgrade_database(app)
        with place.in_use():
            _answer(app, listener, lambda: _say_where(port, secrets, is_given=password is not None))


def _answer(app: Flask, listener: socket.socket, say: Callable[[], None]) -> None:
    """Serve on ``listener``, after ``say``, until Ctrl+C."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    listener.listen(128)
    port = listener.getsockname()[1]
    server = make_server(ADDRESS, port, app, threaded=True, fd=listener.fileno())
    say()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("Stopped.")
    finally:
        server.server_close()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ADDRESS, port))
    except OSError as error:
        listener.close()
        refuse(
            f"Port {port} cannot be used ({os.strerror(error.errno or 0).lower()}). "
            f"Choose another, such as --port {port + 1 if port < 65535 else 8000}."
        )
    return listener


def _check_password(password: str) -> None:
    try:
        passwords.check_acceptable(password, names=())
    except RuleBroken as error:
        refuse(f"DEMO_PASSWORD: {error.reasons[0].words}")


def _make_where_needed(
    make_app: MakeApp, place: DemoPlace, secrets: Secrets, port: int, *, is_kept: bool
) -> None:
    made, wanted = place.made(), Made(clock.today(), mark_of(secrets.password))
    if made == wanted:
        return
    if made is not None and is_kept:
        days = (wanted.on - made.on).days
        if days:
            click.echo(f"Kept as it was made {days} day{'' if days == 1 else 's'} ago.")
        return
    click.echo("Making the demo. This takes a few seconds, once a day.")
    began = monotonic()
    try:
        with place.replaced(wanted) as path:
            _make(make_app, demo_settings(path, secrets, port), secrets.password)
    except DemoIsRunning:
        refuse("A demo made before is still running in this folder. Stop it first, or use --keep.")
    except RuleBroken as error:
        refuse(f"The demo cannot be made: {error.reasons[0].words}")
    click.echo(f"Made in {monotonic() - began:.0f} seconds.")


def _make(make_app: MakeApp, settings: dict[str, Any], password: str) -> None:
    app = make_app(settings)
    upgrade_database(app)
    load_demo(app, password=password, say=lambda words: click.echo(f"  {words}"))
    with app.app_context():
        db.engine.dispose()


def _say_where(port: int, secrets: Secrets, *, is_given: bool) -> None:
    password = "the password in DEMO_PASSWORD" if is_given else f"password {secrets.password}"
    click.echo(
        f"\nImprove, with the invented Merrowdale Council:\n\n"
        f"  http://{ADDRESS}:{port}\n\n"
        f"Choose a name there to sign in. Or sign in by e-mail, such as\n"
        f"tess@merrowdale.example, with {password}.\n"
        f"Families tell at http://{ADDRESS}:{port}/say/acorn; as Robin, its poster is under\n"
        f"http://{ADDRESS}:{port}/voices/addresses.\n"
        f"Ctrl+C stops it."
    )
