"""Puts the application together. The only module that knows every capability."""

from __future__ import annotations

import hashlib
import hmac
import importlib
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask, Response, abort, g, request
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from config import SettingsError, read_settings
from improve.accounts import access, passwords
from improve.accounts.administrators_checkup import look_at_administrators
from improve.accounts.oidc.provider_checkup import look_at_providers
from improve.accounts.roles import Permission, may
from improve.accounts.sessions.session_times import ends_at
from improve.home.nav_links import nav_links
from improve.shared import (
    act_words,
    clock,
    contributions,
    error_pages,
    formatting,
    limits,
    logs,
    metrics,
    open_tables,
    patience,
    private_pages,
    security_headers,
    seen_from_outside,
    static_files,
    unfinished_restore,
)
from improve.shared.checkup import checks
from improve.shared.clearing import clears
from improve.shared.db import STATEMENTS_KEPT, db
from improve.shared.parsing import LARGEST_NUMBER
from improve.shared.rate_limits import limiter

TOP = Path(__file__).resolve().parent.parent
#: What the program ends with then: gunicorn takes it as “do not try again”.
CANNOT_START = 3
csrf = CSRFProtect()
compress = Compress()
migrate = Migrate()


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """Return the application. ``settings`` replace single values, for tests and the demo.

    Without safe settings in production it ends the program and says all that is wrong; under the
    ``flask`` command it starts, so that commands that need no settings run, and serves nothing.
    """
    problem = ""
    try:
        config = read_settings()
    except SettingsError as error:
        if settings is None and click.get_current_context(silent=True) is None:
            print(f"{error}\nImprove has not started.", file=sys.stderr)
            sys.exit(CANNOT_START)
        problem = str(error)
        config = read_settings({"IMPROVE_ENV": "development"})
    if settings is not None:
        config.update(settings)
        problem = ""
    app = Flask(
        "improve", template_folder=str(_folder("templates")), static_folder=str(_folder("static"))
    )
    app.config.from_mapping(config)
    app.config["SETTINGS_PROBLEM"] = problem
    app.config["AUDIT_KEY"] = hmac.new(
        app.config["SECRET_KEY"].encode(), b"audit chain", hashlib.sha256
    ).digest()
    clock.set_zone(app.config["TIME_ZONE"])
    passwords.configure(**app.config["ARGON2"])
    if count := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    _prepare_database(app)
    app.url_map.converters["int"] = IdConverter
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    formatting.register(app)
    logs.register(app)
    metrics.register(app)
    _refuse_without_settings(app)
    security_headers.register(app)
    error_pages.register(app)
    access.register(app)
    _check_origin(app)
    _refuse_nul(app)
    csrf.init_app(app)
    # The signed link in a mail is its own proof; mail programs send no token (RFC 8058).
    csrf.exempt("improve.home.routes.stop.end_mail")
    # Words kept for one person wait on a page from before they signed in; nothing is changed by it.
    csrf.exempt("improve.accounts.routes.provider.kept_words")
    limiter.init_app(app)
    compress.init_app(app)
    private_pages.register(app)
    static_files.register(app)
    _register_capabilities(app)
    _offer_open_data()
    for look in (look_at_providers, look_at_administrators):
        checks(look)
    _give_templates_words(app)

    @app.get("/healthz")
    @access.public
    def healthz() -> Response:
        """Say that the process answers, and nothing else; to doctor, how it sees who asks."""
        return Response(seen_from_outside.answer(), mimetype="text/plain")

    setattr(app.view_functions["static"], "access", "public")  # noqa: B010 - Flask's own view
    access.check_every_route(app)
    return app


class IdConverter(IntegerConverter):
    """An id in an address. One too large for a column is no page, on either engine."""

    def __init__(self, url_map: Map, **facts: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_NUMBER, **facts})


def _folder(name: str) -> Path:
    """Return the folder of templates or static files: beside the package, or inside when built."""
    beside = TOP / name
    return beside if beside.is_dir() else Path(__file__).resolve().parent / name


def _prepare_database(app: Flask) -> None:
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    if uri.startswith("sqlite:///") and uri != "sqlite:///:memory:":
        Path(uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        settings: dict[str, Any] = {"timeout": 10}
    else:
        # Whoever starts a command waits for it; a page must answer in seconds.
        is_command = click.get_current_context(silent=True) is not None
        settings = patience.connect_args(
            uri, for_pages=not is_command, has_pooler=app.config.get("HAS_POOLER", False)
        )
    # An error quotes no values: they may be somebody's words, or a link that opens a door.
    options = {
        "connect_args": settings,
        "hide_parameters": True,
        "query_cache_size": STATEMENTS_KEPT,
    }
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    unfinished_restore.refuse_pages(app)
    migrate.init_app(
        app, db, directory=str(Path(__file__).resolve().parent / "migrations"), compare_type=True
    )


def _refuse_without_settings(app: Flask) -> None:
    if not app.config["SETTINGS_PROBLEM"]:
        return

    @app.before_request
    def refuse() -> Response:
        return Response(app.config["SETTINGS_PROBLEM"] + "\n", 503, mimetype="text/plain")


def _check_origin(app: Flask) -> None:
    """Refuse a form that another site sends, told by the Origin header where there is one."""
    # A page of our own name that came unencrypted may be somebody else's: in production it is.
    schemes = {"https"} if app.config["IS_SECURE"] else {"http", "https"}

    @app.before_request
    def same_origin() -> None:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return
        origin = request.headers.get("Origin")
        if origin is None or (origin == "null" and private_pages.tells_nobody_where()):
            return  # pages that tell nobody where they are cannot say it here, either
        sender = urlsplit(origin)
        if sender.netloc != request.host or sender.scheme not in schemes:
            abort(400)


def _refuse_nul(app: Flask) -> None:
    """Answer an address with a zero byte in it like one that does not exist.

    No link of ours holds one, PostgreSQL takes none in a text, and SQLite would.
    """

    @app.before_request
    def no_nul() -> None:
        if "\0" in request.path or b"%00" in request.query_string or b"\0" in request.query_string:
            abort(404)


CAPABILITIES = (
    "accounts",
    "redaction",
    "measures",
    "ideas",
    "huddles",
    "library",
    "voices",
    "incidents",
    "cpd",
    "review",
    "open_data",
    "privacy",
    "home",
)


def _register_capabilities(app: Flask) -> None:
    for name in CAPABILITIES:
        module = importlib.import_module(f"improve.{name}.routes")
        app.register_blueprint(module.blueprint)
    from improve import commands, demo

    commands.register(app)
    demo.register(app, create_app)
    app.register_blueprint(demo.blueprint)
    from improve.cpd.service.texts import cpd_texts
    from improve.huddles.routes.address import huddle_address
    from improve.huddles.routes.wall import huddle_on_wall
    from improve.huddles.service.acts import follow_ideas
    from improve.huddles.service.texts import huddle_texts
    from improve.ideas.queries.search import search_sources as ideas_to_search
    from improve.ideas.routes.board_wall import board_wall
    from improve.ideas.service import follow_measures
    from improve.ideas.service.aim_texts import aim_texts
    from improve.ideas.service.bring_in_log import purge_log_drafts
    from improve.ideas.service.texts import idea_texts
    from improve.incidents.offered import offer_reports
    from improve.library.queries.search import search_sources as library_to_search
    from improve.library.service.exchange import purge_learning_imports
    from improve.measures.queries.search import search_sources as measures_to_search
    from improve.measures.service import purge_drafts
    from improve.measures.service.texts import measure_texts
    from improve.notifications.service import follow_accounts
    from improve.review.offered import counted_by_itself
    from improve.review.service.texts import review_texts
    from improve.voices.service.end_training import follow_roles
    from improve.voices.service.follow_ideas import follow_endings
    from improve.voices.service.measures import kept_numbers

    for follow in (follow_accounts, follow_measures, follow_ideas, follow_endings, follow_roles):
        follow()
    clears("files of numbers that were looked through and not taken", purge_drafts)
    clears("lists of ideas that were looked through and not taken", purge_log_drafts)
    clears("files of learning pages that were looked through", purge_learning_imports)
    _register_team_life()
    _register_month()
    # Whoever registers later shows its page first: a huddle that goes on before the board.
    contributions.register("wall", board_wall)
    contributions.register("wall", huddle_on_wall)
    contributions.register("huddle-address", huddle_address)
    for source in (*ideas_to_search(), *library_to_search(), *measures_to_search()):
        contributions.register("search", source)
    for texts in (idea_texts, aim_texts, huddle_texts, measure_texts, cpd_texts, review_texts):
        contributions.register("texts", texts)
    contributions.register("system-measures", counted_by_itself)
    contributions.register("numbers-kept", kept_numbers)
    _register_panels()
    offer_reports()
    _offer_act_words()


def _offer_open_data() -> None:
    """Plug in the tables that each capability offers, in the order of their page."""
    from improve.huddles.queries.tables import huddle_tables
    from improve.ideas.queries.cycle_tables import cycle_tables
    from improve.ideas.queries.more_tables import aim_tables, thanks_tables
    from improve.ideas.queries.tables import idea_tables
    from improve.library.queries.tables import library_tables
    from improve.measures.queries.tables import measure_tables
    from improve.review.queries.tables import review_tables
    from improve.voices.queries.tables import voice_tables

    of_teams = (idea_tables, cycle_tables, measure_tables, aim_tables, huddle_tables)
    of_councils = (library_tables, review_tables, voice_tables, thanks_tables)
    for offer in (*of_teams, *of_councils):
        contributions.register(open_tables.CONTRIBUTION, offer)


def _offer_act_words() -> None:
    """Plug in what the acts of each capability mean, for the log of acts."""
    for name in (*CAPABILITIES, "notifications", "commands"):
        if name != "home":  # it gathers, and notes nothing itself
            module = importlib.import_module(f"improve.{name}.act_words")
            contributions.register(act_words.CONTRIBUTION, module.act_words)


def _register_team_life() -> None:
    """Let what people lead be handed over, and what teams hold move with them."""
    from improve.huddles.service.hand_over import (
        actions_held,
        hand_over_actions,
        huddles_of_team,
        move_actions_of_team,
    )
    from improve.ideas.service.hand_over import hand_over_ideas, ideas_held
    from improve.ideas.service.join_teams import ideas_of_team, move_ideas_of_team
    from improve.library.service import hand_over_looks, looks_held
    from improve.measures.service.team_life import (
        end_tallies_of_team,
        measures_of_team_held,
        move_measures_of_team,
    )
    from improve.review.service.team_life import answers_of_team_held, move_answers_of_team

    for held, given in (
        (ideas_held, hand_over_ideas),
        (actions_held, hand_over_actions),
        (looks_held, hand_over_looks),
    ):
        contributions.register("led-by", held)
        contributions.register("hand-over", given)
    for holds in (ideas_of_team, measures_of_team_held, huddles_of_team, answers_of_team_held):
        contributions.register("team-holds", holds)
    for moved in (
        move_ideas_of_team,
        move_measures_of_team,
        move_actions_of_team,
        move_answers_of_team,
    ):
        contributions.register("team-joined", moved)
    contributions.register("team-closed", end_tallies_of_team)


def _register_month() -> None:
    """Mail leaders what a month asks, and tell those who read voices of what waits."""
    from improve.home.month_letters import mail_the_month
    from improve.voices.queries.month import voice_of_month
    from improve.voices.routes.help_wanted import tell_duty_again
    from improve.voices.service.help_wanted import delete_help
    from improve.voices.service.tell_readers import tell_of_danger, tell_of_waiting

    contributions.register("month-letters", mail_the_month)
    contributions.register("month-voice", voice_of_month)
    contributions.register("hourly", tell_of_danger)
    contributions.register("hourly", tell_duty_again)
    clears("wishes for help whose link has ended", delete_help)
    contributions.register("reminders", tell_of_waiting)


def _register_panels() -> None:
    """Let the review and the library add to an idea's page, and look after what is kept."""
    from improve.library.queries.panel import library_panel, panel_rows
    from improve.library.routes.pages import what_it_taught
    from improve.library.service import ending_undone, remind_of_sustaining
    from improve.library.service.spread_texts import spread_texts
    from improve.library.service.texts import learning_texts
    from improve.privacy.service import offer_privacy
    from improve.review.offered import leaders_panel, readers_of_lesson
    from improve.review.queries.panels import answer_rows, read_rows
    from improve.voices.queries.idea_panel import voice_rows, voices_panel

    for rows in (read_rows, answer_rows, panel_rows, voice_rows):
        contributions.register("idea-panel-rows", rows)
    for told in (what_it_taught, readers_of_lesson):
        contributions.register("learned-page", told)
    for texts in (learning_texts, spread_texts):
        contributions.register("texts", texts)
    for panel in (voices_panel, leaders_panel, library_panel):
        contributions.register("idea-panels", panel)
    contributions.register("ending-undone", ending_undone)
    contributions.register("reminders", remind_of_sustaining)
    offer_privacy()


def _give_templates_words(app: Flask) -> None:
    """Give every template what it may ask: limits, permissions, the links of the header."""

    @app.context_processor
    def words() -> dict[str, Any]:
        actor = g.get("actor")
        live = g.get("live_session")
        return {
            "actor": actor,
            "site_name": app.config["SITE_NAME"],
            "is_demo": app.config["IS_DEMO"],
            "htmx_url": app.config["HTMX_URL"],
            "htmx_integrity": app.config["HTMX_INTEGRITY"],
            "theme": actor.theme if actor else "",
            "limits": limits,
            "Permission": Permission,
            "may": may,
            "nav_links": nav_links(actor) if actor else [],
            "session_ends_at": ends_at(live) if live else None,
            "is_own_device": bool(live and live.is_own_device),
        }
