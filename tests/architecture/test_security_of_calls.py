"""What the server says to others and to its database: nothing that somebody typed decides whom."""

from __future__ import annotations

import ast
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_code_rules import PYTHON, relative, syntax
from tests.network import CalledOut

#: It asks the site's own address, BASE_URL, as a visitor would.
DOCTOR = "improve/commands/doctor.py"
#: What can call another machine, and the modules that may: each follows the settings alone.
CALLS = {
    "smtplib": {"improve/mail/service.py", "improve/mail/trying.py"},
    "ssl": {DOCTOR, "improve/mail/service.py", "improve/mail/trying.py"},
    "socket": {DOCTOR, "improve/demo/command.py"},
    "requests": {"improve/accounts/oidc/provider_calls.py"},
    "urllib.request": {DOCTOR},
    "http.client": set(),
    "ftplib": set(),
    "httpx": set(),
    "aiohttp": set(),
    # Only for the names of its errors: what it reads, requests does not put into its own words.
    "urllib3": {"improve/accounts/oidc/provider_calls.py"},
    "xmlrpc": set(),
    "redis": set(),
}
#: The command line of whoever runs the server: it serves no page.
ON_THE_SERVER = ("improve/commands/", "improve/migrations/", "improve/demo/")
#: Modules that put SQL together, all from names of our own tables and settings.
SQL_PUT_TOGETHER = {
    "improve/open_data/service/bring_in.py",
    "improve/shared/database_facts.py",
    "improve/shared/db.py",
    "improve/shared/rewriting.py",
    "improve/shared/search.py",
    "improve/shared/unfinished_restore.py",
}


def imported(path: Path) -> Iterator[str]:
    """Yield the names of modules that a module imports."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.security(8)
def test_only_what_follows_the_settings_can_call_another_machine() -> None:
    found: dict[str, set[str]] = {name: set() for name in CALLS}
    for path in PYTHON:
        for module in imported(path):
            for name in CALLS:
                if module == name or module.startswith(f"{name}."):
                    found[name].add(relative(path))
    assert found == CALLS


@pytest.mark.security(8)
@pytest.mark.parametrize(
    "address",
    [("192.0.2.1", 80), ("198.51.100.7", 443), ("mail.example", 25), ("169.254.169.254", 80)],
)
def test_no_test_reaches_another_machine(address: tuple[str, int]) -> None:
    for ask in (socket.socket.connect, socket.socket.connect_ex):
        with socket.socket() as line, pytest.raises(CalledOut):
            ask(line, address)


@pytest.mark.security(8)
def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as line:
        line.connect(server.getsockname())


@pytest.mark.security(4)
def test_no_sql_is_put_together_from_what_people_type() -> None:
    """A text of SQL is a constant; where names are put in, they are of our own tables."""
    found = set()
    for path in PYTHON:
        if relative(path).startswith(ON_THE_SERVER):
            continue
        for node in ast.walk(syntax(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = ast.unparse(node.func)
            says_sql = called.endswith(("exec_driver_sql", "executescript")) or (
                called in {"text", "db.text", "sa.text", "sqlalchemy.text", "cursor.execute"}
            )
            if says_sql and not _is_constant(node.args[0]):
                found.add(relative(path))
            if isinstance(node.args[0], ast.JoinedStr) and called.endswith(".execute"):
                found.add(relative(path))
    assert found == SQL_PUT_TOGETHER


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_constant(node.body) and _is_constant(node.orelse)
    return isinstance(node, ast.Constant)
