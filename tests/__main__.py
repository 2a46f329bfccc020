"""Everything that must hold, in one command: ``python -m tests``.

Style, types, import contracts, then all tests on SQLite and PostgreSQL, with a real browser where
there is one. In CI a missing browser is a failure.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.browsers import browser_file

TOP = Path(__file__).resolve().parent.parent


def run(*command: str) -> int:
    """Run one check from the top of the project; return its exit code."""
    print("$", " ".join(command), flush=True)
    return subprocess.run(command, cwd=TOP, check=False).returncode


def run_beside(quick: list[str], long: list[str]) -> int:
    """Run two checks at once; return the exit code of the first that fails, else 0.

    If ``quick`` fails, ``long`` is stopped as by Ctrl-C, so that it tidies up after itself, and what
    ``quick`` found comes last, where it is seen.
    """
    # Begun behind a script, it would be deaf to Ctrl-C, and so would what it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for command in (quick, long):
        print("$", " ".join(command), flush=True)
    with subprocess.Popen(long, cwd=TOP) as at_work:
        found = subprocess.run(quick, cwd=TOP, check=False, capture_output=True, text=True)
        if not found.returncode:
            return at_work.wait()
        at_work.send_signal(signal.SIGINT)
    print(found.stdout, found.stderr, sep="", end="", file=sys.stderr, flush=True)
    return found.returncode


def main(arguments: list[str]) -> int:
    """Run the checks in order; stop at the first that fails. Returns its exit code."""
    here = str(Path(sys.executable).parent)
    checks = [
        (f"{here}/ruff", "check", "--quiet", "."),
        (f"{here}/lint-imports", "--no-cache"),
    ]
    for check in checks:
        if code := run(*check):
            return code
    # Each worker would otherwise read and rewrite every test anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    tests = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", *arguments]
    try:
        browser_file()
    except FileNotFoundError as error:
        print(f"Browser tests are left out. {error}")
        if os.environ.get("CI") == "true":
            return 1
        tests += ["-m", "not browser"]
    # To check types takes one core most of a minute, in which the other would wait.
    return run_beside([sys.executable, "-m", "mypy", "--no-error-summary"], tests)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
