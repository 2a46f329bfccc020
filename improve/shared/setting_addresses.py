"""Whether the addresses among the settings can be used, in words for whoever runs the server.

An address may hold a password: what cannot be read is never repeated, not even in part, since a
password with a sign in it is read as a host.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit


def problem_of_database(url: str) -> str:
    """Return what is wrong with DATABASE_URL, whose beginning is right; “” where nothing is."""
    if not url.startswith("sqlite:///"):
        # By a socket no host is named: one stands in, and shows whether the rest can be read.
        whole = re.sub(r"^(\w+://([^/?#]*@)?)(?=[/?#])", r"\1socket", url)
        return _problem_of_parts("DATABASE_URL", whole)
    path = Path(url.removeprefix("sqlite:///")).absolute()
    if path.is_dir():
        return f"DATABASE_URL names a folder, {path}. Name the file in it."
    if _is_something_else(path):
        return f"DATABASE_URL names a file that is no database of SQLite: {path}"
    there = next(one for one in path.parents if one.exists())
    if there == path.parent or (there.is_dir() and os.access(there, os.W_OK)):
        return ""
    return (
        f"DATABASE_URL names a file in {path.parent}, which is not there and cannot be made. "
        "Make that folder, and give it to the user that the site runs as."
    )


def problem_of_site(url: str) -> str:
    """Return what is wrong with BASE_URL, whose beginning is right; it holds no secret."""
    if _problem_of_parts("BASE_URL", url) or "@" in url or re.search(r"\s", url):
        return f"BASE_URL is “{url}”. Set it to one such as https://improve.council.example"
    parts = urlsplit(url)
    if parts.path.strip("/") or parts.query or parts.fragment:
        return (
            f"BASE_URL is “{url}”. Improve needs a host name of its own: set it to "
            f"{parts.scheme}://{parts.netloc}, or to another name, with nothing after it."
        )
    return ""


def problem_of_mail(url: str) -> str:
    """Return what is wrong with MAIL_URL, whose beginning is right; “” where nothing is."""
    return _problem_of_parts("MAIL_URL", url)


def problem_of_sender(address: str) -> str:
    """Return what is wrong with MAIL_FROM; “” where nothing is, and where it is not set."""
    if not address or re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address):
        return ""
    return f"MAIL_FROM is “{address}”. Set it to an e-mail address and nothing else."


def problem_of_network(url: str) -> str:
    """Return a refusal of PostgreSQL over the network whose certificate is not checked.

    ``url`` can be read: see ``problem_of_database``.
    """
    if not url.startswith(("postgres://", "postgresql://")):
        return ""
    if not reaches_unchecked(url):
        return ""
    return (
        "DATABASE_URL reaches PostgreSQL over the network without checking its certificate. "
        "Add ?sslmode=verify-full&sslrootcert=… to it."
    )


def reaches_unchecked(url: str) -> bool:
    """Return whether PostgreSQL is reached over the network without checking its certificate."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query, keep_blank_values=True)
    # A host may also stand behind the question mark, a folder of sockets among them; hostaddr is
    # where the connection goes, whatever the host is called. Each may be several.
    named = asked.get("host", [parts.hostname or ""]) + asked.get("hostaddr", [])
    hosts = [host for one in named for host in one.split(",")]
    is_local = all(_is_here(host) or host.startswith(("/", "@")) for host in hosts)
    return not is_local and asked.get("sslmode", [""]) != ["verify-full"]


def _is_here(host: str) -> bool:
    return host in {"", "localhost", "127.0.0.1", "::1"}


def _is_something_else(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            begins = file.read(16)
    except OSError:
        return False  # there is none yet; or whoever opens it says more
    return bool(begins) and begins != b"SQLite format 3\0"


def _problem_of_parts(name: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        # Asked for, a port that is none is noticed. Where “@” comes behind the host, that was read
        # out of the middle of a password.
        behind = parts.path + parts.query + parts.fragment
        can_be_read = bool(parts.hostname) and parts.port != 0 and "@" not in behind
    except ValueError:
        can_be_read = False
    if can_be_read:
        return ""
    return (
        f"{name} cannot be read. After the host comes a port, which is a number, or none. In a "
        "user or password write @ as %40, / as %2F, : as %3A, ? as %3F, # as %23, % as %25."
    )
