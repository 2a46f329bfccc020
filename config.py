"""Every setting of Improve, in one table, read from the environment.

``README.md`` shows the same table for people; a test keeps the two equal.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from improve.accounts.oidc.provider import ProviderFault, read_providers
from improve.shared import setting_addresses as addresses

HERE = Path(__file__).resolve().parent

#: The shortest secret that production accepts, in bytes.
SHORTEST_SECRET = 32
#: Words that show that a secret was copied from an example.
EXAMPLE_SECRETS = ("example", "changeme", "change-me", "secret", "development")

#: Asked again of another database, such as one that a backup is restored into.
problem_of_database = addresses.problem_of_database
problem_of_network = addresses.problem_of_network

#: How an address of a database may begin, and one of a store of counted tries.
DATABASES = ("sqlite:///", "postgresql://", "postgres://")
STORES = ("memory://", "redis://", "rediss://", "redis+", "rediss+")

HTMX_CDN = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"


@dataclass(frozen=True)
class Setting:
    """One setting: its name, what it is when unset, and what it does, in plain words."""

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting("IMPROVE_ENV", "production", "production, or development on your own machine"),
    Setting("SECRET_KEY", "", "Signs forms. 32 characters or more, random. Needed in production"),
    Setting(
        "DATABASE_URL",
        "sqlite:///instance/improve.sqlite3",
        "Where the data is kept: sqlite:///path or postgresql://user:password@host/name",
    ),
    Setting(
        "DATABASE_POOLER",
        "0",
        "1 where DATABASE_URL leads to PgBouncer in transaction mode; see national.md",
    ),
    Setting("SITE_NAME", "Improve", "The name in the header and in mails"),
    Setting("BASE_URL", "http://127.0.0.1:8000", "The address people type; used in mailed links"),
    Setting(
        "ALLOWED_HOSTS",
        "",
        "Host names this site answers to, by comma. Empty: the host of BASE_URL only",
    ),
    Setting("TIME_ZONE", "Europe/London", "Days and clocks on screen"),
    Setting(
        "MAIL_URL",
        "",
        "smtp://user:password@host:port (a host elsewhere has to offer STARTTLS) or smtps://…; "
        "empty: no mail, links are shown to give by hand",
    ),
    Setting("MAIL_FROM", "", "The address mails come from; empty: improve@ the host of BASE_URL"),
    Setting("HTMX_URL", HTMX_CDN, "Where htmx comes from; empty: the copy on this server only"),
    Setting("TRUSTED_PROXIES", "0", "How many reverse proxies stand in front of the site"),
    Setting("RATELIMIT_ENABLED", "1", "0 turns the limits on tries off, for load tests only"),
    Setting(
        "RATELIMIT_STORAGE",
        "memory://",
        "memory:// for one process, redis://host:port for many",
    ),
    Setting("PORT", "8000", "The port of the demo"),
    Setting("DEMO_PASSWORD", "", "Password of the demo people; empty: a random one is printed"),
    Setting(
        "SIGNING_KEY",
        "",
        "Signs learning pages for other councils. 32 characters or more, random, another than "
        "SECRET_KEY, and kept: a new one makes every council’s fingerprint new. Empty: no signing",
    ),
    Setting(
        "SEALING_KEY",
        "",
        "Seals what children and families write, the own key of each confidential report, its "
        "drafts and answers. It seals the words that people come back with, links in mails that "
        "wait, and what makes the codes of people’s phones, too. 32 characters or more, random, "
        "another than SECRET_KEY, and kept apart from backups. A new one goes first, earlier ones "
        "after commas; then `flask --app wsgi rotate-sealing-key` seals all anew and says what "
        "still needs an earlier one. Needed in production",
    ),
    Setting("AUDIT_HEAD_FILE", "", "A file elsewhere that verify-audit writes the log’s head to"),
    Setting(
        "ERASED_FILE",
        "",
        "A file elsewhere that each erasure is noted in, without words; restore erases again what "
        "stands in it",
    ),
    Setting(
        "BACKUP_KEY",
        "",
        "Encrypts backups. 32 characters or more, random, another than all other keys, and kept "
        "away from where the backups are. Needed by backup and restore",
    ),
    Setting(
        "OIDC_ISSUER",
        "",
        "The council’s own sign-in (OpenID Connect), such as "
        "https://login.microsoftonline.com/<tenant>/v2.0; empty: none",
    ),
    Setting("OIDC_CLIENT_ID", "", "The name that this site has there"),
    Setting("OIDC_CLIENT_SECRET", "", "Its secret there"),
    Setting("OIDC_NAME", "", "What people call that sign-in; empty: “your council account”"),
    Setting("OIDC_ORGANISATION", "", "The council’s short name; empty: the only council there is"),
    Setting("OIDC_GROUPS_CLAIM", "groups", "The claim that names somebody’s groups"),
    Setting(
        "OIDC_ADMITS",
        "invited",
        "invited: people who were invited by the same address; groups: also everybody in a group "
        "that has a role here",
    ),
    Setting(
        "OIDC_DOMAINS",
        "",
        "What its people’s addresses end in, by comma; finds the council where several are here; "
        "needed with groups",
    ),
    Setting(
        "OIDC_HOSTS",
        "",
        "Hosts besides the issuer’s that its addresses name, by comma; most have none",
    ),
    Setting(
        "OIDC_PROOF",
        "time",
        "What proves people without a password once more, before what matters. time: the provider "
        "says when they last proved themselves; return: that they come back from it, for one that "
        "never says when",
    ),
    Setting(
        "OIDC_FILE",
        "",
        "Several councils in one installation: a JSON file with a list of the settings above, one "
        "object for each council, by their names in small letters without OIDC_",
    ),
    Setting(
        "METRICS_PORT",
        "0",
        "A port on 127.0.0.1 for metrics (Prometheus) and /readyz, under gunicorn; 0: none",
    ),
)


class SettingsError(Exception):
    """A setting is missing or unsafe. The message says what to do."""


def read_settings(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the Flask configuration made from ``environ`` (the process's own by default).

    Raises ``SettingsError`` with a line for everything that is wrong, so that nobody mends one,
    starts again and finds the next: unknown names and numbers that are none; in production also
    secrets that are missing, short, an example or used twice, and PostgreSQL over the network
    that is not verified by certificate. No line holds a secret or an address with a password.
    """
    source = os.environ if environ is None else environ
    value = {s.name: source.get(s.name, s.default) for s in SETTINGS}
    env = value["IMPROVE_ENV"]
    if env == "development":
        value["SECRET_KEY"] = value["SECRET_KEY"] or "development-only-" + "0" * 32
        value["SIGNING_KEY"] = value["SIGNING_KEY"] or f"{value['SECRET_KEY']} signs pages"
        value["SEALING_KEY"] = value["SEALING_KEY"] or f"{value['SECRET_KEY']} seals words"
        value["BACKUP_KEY"] = value["BACKUP_KEY"] or f"{value['SECRET_KEY']} encrypts backups"
    problems = [words for words in _problems(value) if words]
    if problems:
        raise SettingsError("\n".join(problems))
    # Browsers send a host without capitals.
    base_url = value["BASE_URL"].rstrip("/").lower()
    host = base_url.split("://", 1)[-1]
    hosts = [h.strip() for h in value["ALLOWED_HOSTS"].split(",") if h.strip()] or [host]
    return {
        "ENV_NAME": env,
        "SECRET_KEY": value["SECRET_KEY"],
        "SQLALCHEMY_DATABASE_URI": database_uri(value["DATABASE_URL"]),
        "HAS_POOLER": value["DATABASE_POOLER"] != "0",
        "SITE_NAME": value["SITE_NAME"],
        "BASE_URL": base_url,
        "TRUSTED_HOSTS": hosts,
        "TIME_ZONE": value["TIME_ZONE"],
        "MAIL_URL": value["MAIL_URL"],
        "MAIL_FROM": value["MAIL_FROM"] or "improve@" + host.split(":", 1)[0],
        "HTMX_URL": value["HTMX_URL"],
        "HTMX_INTEGRITY": HTMX_INTEGRITY,
        "TRUSTED_PROXIES": int(value["TRUSTED_PROXIES"]),
        "METRICS_PORT": int(value["METRICS_PORT"]),
        "RATELIMIT_ENABLED": value["RATELIMIT_ENABLED"] != "0",
        "RATELIMIT_STORAGE_URI": value["RATELIMIT_STORAGE"],
        "AUDIT_HEAD_FILE": value["AUDIT_HEAD_FILE"],
        "ERASED_FILE": value["ERASED_FILE"],
        "OIDC_FILE": value.get("OIDC_FILE", ""),
        "OIDC_PROVIDERS": read_providers(value, _read_file),
        "SIGNING_KEY": value["SIGNING_KEY"],
        "BACKUP_KEY": value["BACKUP_KEY"],
        "SEALING_KEYS": _sealing_keys(value["SEALING_KEY"]),
        "IS_SECURE": env == "production",
        "IS_DEMO": False,
        # 5 MB of upload and some room for the form around it.
        "MAX_CONTENT_LENGTH": 6 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 6 * 1024 * 1024,
        "MAX_FORM_PARTS": 100,
        # Long-lived files carry their content's mark in the address.
        "SEND_FILE_MAX_AGE_DEFAULT": 31536000,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
        "WTF_CSRF_SSL_STRICT": False,  # Origin is checked by our own rule on every POST
        "COMPRESS_ALGORITHM": ["gzip"],
        "COMPRESS_LEVEL": 5,
        "ARGON2": {"time_cost": 3, "memory_cost": 65536, "parallelism": 1},
    }


def database_uri(url: str) -> str:
    """Return ``url`` as SQLAlchemy needs it: psycopg 3 for PostgreSQL, SQLite paths made whole."""
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("postgresql://"):
        return "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        path = Path(url.removeprefix("sqlite:///"))
        return f"sqlite:///{Path.cwd() / path}"
    return url


def _sealing_keys(text: str) -> tuple[str, ...]:
    """Return the present key first, then earlier ones, which stand after commas."""
    return tuple(key for key in (part.strip() for part in text.split(",")) if key)


def _problems(value: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the settings, one sentence or two each; “” for what is right."""
    env = value["IMPROVE_ENV"]
    if env not in {"production", "development"}:
        yield f"IMPROVE_ENV is “{env}”. Set it to production or development."
    if env == "production":
        yield from _problems_of_secrets(value)
    yield from _problems_of_addresses(value)
    yield _problem_of_zone(value["TIME_ZONE"])
    for name, most in (("TRUSTED_PROXIES", 9), ("PORT", 65535), ("METRICS_PORT", 65535)):
        yield _problem_of_number(name, value[name], most)
    yield _problem_of_sign_in(value)


def _problems_of_addresses(value: Mapping[str, str]) -> Iterator[str]:
    """Yield one sentence for each address that cannot be used; none repeats a password."""
    is_public = value["IMPROVE_ENV"] == "production"

    def of_database(url: str) -> str:
        return addresses.problem_of_database(url) or (
            addresses.problem_of_network(url) if is_public else ""
        )

    checks: tuple[tuple[str, tuple[str, ...], Callable[[str], str]], ...] = (
        ("DATABASE_URL", DATABASES, of_database),
        ("BASE_URL", ("https://", "http://"), addresses.problem_of_site),
        ("MAIL_URL", ("smtp://", "smtps://"), addresses.problem_of_mail),
        ("RATELIMIT_STORAGE", STORES, _problem_of_store),
    )
    for name, beginnings, problem_of in checks:
        if value[name] or name != "MAIL_URL":
            problem = _problem_of_beginning(name, value[name], beginnings)
            yield problem or problem_of(value[name])
    yield addresses.problem_of_sender(value["MAIL_FROM"])


def _problem_of_store(url: str) -> str:
    if url.startswith("memory://") or find_spec("redis"):
        return ""
    return "RATELIMIT_STORAGE is a Redis, and its package is missing. Run: pip install redis"


def _problems_of_secrets(value: Mapping[str, str]) -> Iterator[str]:
    used: set[str] = set()
    for name in ("SECRET_KEY", "SIGNING_KEY", "SEALING_KEY", "BACKUP_KEY"):
        keys = _sealing_keys(value[name]) if name == "SEALING_KEY" else (value[name],)
        is_needed = name in {"SECRET_KEY", "SEALING_KEY"}
        found = [_problem_of_secret(name, key) for key in keys or ("",) if key or is_needed]
        if not any(found) and used & {*keys}:
            found = [f"{name} is the same as another key. Set it to its own."]
        yield from dict.fromkeys(found)
        used |= {key for key in keys if key}


def _problem_of_number(name: str, text: str, most: int) -> str:
    if text.isascii() and text.isdecimal() and int(text) <= most:
        return ""
    return f"{name} is “{text}”. Set it to a whole number from 0 to {most}."


def _problem_of_beginning(name: str, text: str, beginnings: tuple[str, ...]) -> str:
    """Return what is wrong with an address; it may hold a password, and so it is not repeated."""
    if text.startswith(beginnings) and text not in {*beginnings} - {"memory://"}:
        return ""
    return f"{name} does not begin with {' or '.join(beginnings)} and go on from there."


def _problem_of_sign_in(value: Mapping[str, str]) -> str:
    try:
        providers = read_providers(value, _read_file)
    except ProviderFault as fault:
        return str(fault)
    if providers and not all(find_spec(name) for name in ("authlib", "requests")):
        return (
            "OIDC_ISSUER or OIDC_FILE is set, and packages for it are missing. Install them: "
            "pip install --require-hashes -r requirements-sso.txt"
        )
    return ""


def _read_file(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def _problem_of_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return f"TIME_ZONE is “{name}”. Set it to a name such as Europe/London."
    return ""


def _problem_of_secret(name: str, secret: str) -> str:
    advice = (
        "Set it to a long random text, for example the output of: "
        'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
    )
    if not secret:
        return f"{name} is not set. {advice}"
    if len(secret.encode()) < SHORTEST_SECRET:
        return f"{name} is shorter than {SHORTEST_SECRET} characters. {advice}"
    if any(word in secret.lower() for word in EXAMPLE_SECRETS):
        return f"{name} looks like an example. {advice}"
    return ""
