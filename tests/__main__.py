"""Everything that must hold, in one command: ``python -m tests``.

Style, types, import contracts, then all tests on SQLite and PostgreSQL, with a real browser where
there is one. In CI a missing browser is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def run(*command: str) -> int:
    """Run one check from the top of the project; return its exit code."""
    print("$", " ".join(command), flush=True)
    return subprocess.run(command, cwd=TOP, check=False).returncode


def main(arguments: list[str]) -> int:
    """Run the checks in order; stop at the first that fails. Returns its exit code."""
    here = str(Path(sys.executable).parent)
    checks = [
        (f"{here}/ruff", "check", "--quiet", "."),
        (f"{here}/lint-imports", "--no-cache"),
        (sys.executable, "-m", "mypy", "--no-error-summary"),
    ]
    for check in checks:
        if code := run(*check):
            return code
    # Each worker would otherwise read and rewrite every test anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    tests = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", *arguments]
    if not any(shutil.which(name) for name in BROWSERS):
        print("No Chromium found, so browser tests are left out: sudo apt install chromium")
        if os.environ.get("CI") == "true":
            return 1
        tests += ["-m", "not browser"]
    return run(*tests)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
