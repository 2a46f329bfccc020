"""What ``flask doctor`` sees in the settings, the files and the packages, without the database."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from flask import current_app

from improve.mail.trying import fault_of_server
from improve.shared import clock
from improve.shared.checkup import Finding

#: What a page cannot do without: a folder that was not copied over is noticed here.
_STATIC: Final = ("css", "js", "icons.svg", "vendor/htmx", "vendor/fonts")
#: Packages that a setting, or a part of the site, asks for: the file that brings each.
_PACKAGES: Final = (
    ("gunicorn", "requirements.txt", "to serve the site"),
    ("weasyprint", "requirements-pdf.txt", "charts and pages as PDF"),
)
_KEYS: Final = (
    "Set it to the output of: "
    'python3 -c "import secrets; print(secrets.token_urlsafe(48))" – and keep a copy elsewhere.'
)


def _setting(name: str) -> Any:
    return current_app.config.get(name)


def look_at_keys() -> list[Finding]:
    """Which keys are set; whether they are good was checked at the start."""
    found = [Finding(False, "The settings are complete")]
    if not _setting("BACKUP_KEY"):
        found.append(Finding(False, "BACKUP_KEY is not set: no backup can be made", _KEYS))
    if not _setting("AUDIT_HEAD_FILE"):
        found.append(
            Finding(
                False,
                "AUDIT_HEAD_FILE is not set: a log whose end was cut off would not always show",
                "Set it to a file on another machine, and run verify-audit every day.",
            )
        )
    if not _setting("ERASED_FILE"):
        found.append(
            Finding(
                False,
                "ERASED_FILE is not set: what was erased would come back with a backup",
                "Set it to a file that is kept away from the database.",
            )
        )
    return found


def look_at_address() -> list[Finding]:
    """The address of the site, what stands in front of it, and the limits on tries."""
    base, proxies = urlsplit(_setting("BASE_URL")), _setting("TRUSTED_PROXIES")
    found = []
    is_here = base.hostname in {"localhost", "127.0.0.1", "::1"}
    if base.scheme != "https" and _setting("IS_SECURE") and is_here:
        found.append(
            Finding(
                False,
                f"BASE_URL is {base.geturl()}: mailed links lead nowhere but to this machine",
                "Set it to the address that people type, with https, and put a web server with a "
                "certificate in front.",
            )
        )
    elif base.scheme != "https" and _setting("IS_SECURE"):
        found.append(
            Finding(
                True,
                f"BASE_URL is {base.scheme}: nobody can sign in, since the cookie needs https",
                "Put a web server with a certificate in front, and set BASE_URL to https://…",
            )
        )
    if base.hostname not in _setting("TRUSTED_HOSTS") and base.netloc not in _setting(
        "TRUSTED_HOSTS"
    ):
        found.append(
            Finding(
                True,
                f"ALLOWED_HOSTS does not name {base.hostname}, the host of BASE_URL",
                "Add it, or leave ALLOWED_HOSTS empty.",
            )
        )
    if base.scheme == "https" and not proxies:
        found.append(
            Finding(
                False,
                "TRUSTED_PROXIES is 0 although the address is https: forms would be refused where "
                "a web server stands in front",
                "Set it to the number of web servers in front of gunicorn, mostly 1.",
            )
        )
    if not _setting("RATELIMIT_ENABLED"):
        found.append(
            Finding(
                bool(_setting("IS_SECURE")),
                "RATELIMIT_ENABLED is 0: tries are not limited",
                "Set it to 1. Only load tests need 0.",
            )
        )
    processes = os.environ.get("WEB_CONCURRENCY", "2")
    is_shared = _setting("RATELIMIT_STORAGE_URI") != "memory://"
    if _setting("RATELIMIT_ENABLED") and not is_shared and processes != "1":
        found.append(
            Finding(
                False,
                f"Each of the {processes} processes of the site counts tries for itself: "
                f"up to {processes} times as many get past as the limits say",
                "Set RATELIMIT_STORAGE to a Redis, or WEB_CONCURRENCY to 1. The wait after wrong "
                "passwords is counted in the database, whatever stands there.",
            )
        )
    return found or [Finding(False, f"The site is {base.scheme}://{base.netloc}")]


def look_at_mail() -> list[Finding]:
    """Whether the mail server would take a mail. None is sent."""
    url = _setting("MAIL_URL")
    if not url:
        advice = "Set MAIL_URL. Until then links for new people are shown, to be given by hand."
        return [Finding(False, "MAIL_URL is not set: no mail leaves", advice)]
    host = urlsplit(url).hostname
    fault = fault_of_server(url, sender=_setting("MAIL_FROM"))
    if fault:
        return [
            Finding(
                True,
                f"The mail server {host} would take no mail: {fault}",
                "Compare MAIL_URL with what the server’s people gave you; mail waits meanwhile.",
            )
        ]
    return [Finding(False, f"The mail server {host} answers")]


def look_at_static_files() -> list[Finding]:
    """Whether styles, scripts and fonts are there, and htmx is the one whose hash pages name."""
    folder = Path(str(current_app.static_folder or ""))
    gone = [name for name in _STATIC if not (folder / name).exists()]
    if gone:
        return [
            Finding(
                True,
                f"{folder} has no {', '.join(gone)}",
                "Install the program again, whole.",
            )
        ]
    copies = sorted((folder / "vendor" / "htmx").glob("htmx*.js"))
    marks = {
        "sha384-" + base64.b64encode(hashlib.sha384(one.read_bytes()).digest()).decode()
        for one in copies
    }
    if _setting("HTMX_INTEGRITY") not in marks:
        return [
            Finding(
                True,
                "The copy of htmx here is not the one whose hash the pages name",
                "Install the program again, whole.",
            )
        ]
    return [Finding(False, "Styles, scripts and fonts are there, and htmx is the one it should be")]


def look_at_packages() -> list[Finding]:
    """Which packages are not there that something here asks for."""
    found = []
    asked = list(_PACKAGES)
    if str(_setting("RATELIMIT_STORAGE_URI")).startswith("redis"):
        asked.append(("redis", "", "RATELIMIT_STORAGE"))
    if _setting("OIDC_PROVIDERS"):
        asked.append(("authlib", "requirements-sso.txt", "the council’s own sign-in"))
    if _setting("METRICS_PORT"):
        asked.append(("prometheus_client", "requirements.txt", "METRICS_PORT"))
    for package, part, purpose in asked:
        if find_spec(package) is None:
            is_wrong = package in {"authlib", "redis", "prometheus_client"}
            # By the hashes that were tried; never by this program's name, which is nobody's there.
            how = f"pip install --require-hashes -r {part}" if part else f"pip install {package}"
            is_part = part not in {"", "requirements.txt"}
            advice = f"Name {part} in IMPROVE_PARTS of upgrade.sh, or run: " if is_part else "Run: "
            found.append(Finding(is_wrong, f"{package} is not installed ({purpose})", advice + how))
    return found or [Finding(False, "Every package that is asked for is installed")]


def look_at_files() -> list[Finding]:
    """Whether files that hold data or keys can be read by others on this machine."""
    if os.name != "posix":
        return []
    found = []
    for name in ("AUDIT_HEAD_FILE", "ERASED_FILE"):
        path = Path(_setting(name)) if _setting(name) else None
        if path is None:
            continue
        if path.exists():
            found += others_may(path, name)
            is_writable = os.access(path, os.W_OK)
        else:
            is_writable = os.access(path.parent, os.W_OK)
        # Of the other one more is asked: see ``look_at_erasures``.
        if not is_writable and name != "ERASED_FILE":
            advice = "Give this user the right to write there, or name another place."
            found.append(Finding(True, f"{name} cannot be written: {path}", advice))
    providers = _setting("OIDC_FILE")
    if providers and Path(providers).exists():
        # It holds secrets. A group of the site's own may read it: the file then belongs to root.
        found += others_may(Path(providers), "OIDC_FILE", may_group=True)
    mask = os.umask(0o077)
    os.umask(mask)
    if mask & 0o077 != 0o077:
        found.append(
            Finding(
                False,
                f"New files may be read by others on this machine (umask {mask:03o})",
                "Run the site and its commands with umask 077; in a systemd unit: UMask=0077.",
            )
        )
    return found or [Finding(False, "Files with data are this user’s alone")]


def others_may(path: Path, what: str, *, may_group: bool = False) -> list[Finding]:
    """Return a finding where others on this machine may read or change a file.

    ``may_group``: its group may read it.
    """
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & (0o037 if may_group else 0o077):
        return []
    advice = f"Run: chmod {640 if may_group else 600} {path}"
    return [Finding(True, f"{what} may be read by others (it has mode {mode:03o}): {path}", advice)]


def look_at_clock() -> list[Finding]:
    """What day and time it is here, so that a person can see whether that is so."""
    at = clock.local(clock.now())
    return [Finding(False, f"It is {at:%H:%M} on {at.day} {at:%B %Y} ({_setting('TIME_ZONE')})")]
