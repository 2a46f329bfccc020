"""What whoever watches an installation reads of it: its version, and whether timers run."""

from __future__ import annotations

from importlib.metadata import version

from improve.shared import clock
from improve.shared.command_runs import last_runs
from improve.shared.metrics import Reading


def build() -> list[Reading]:
    """Return the version that answers."""
    return [Reading("improve_build", "The version that answers", 1, version("improve"))]


def run_ages() -> list[Reading]:
    """Return how many seconds ago each timed command came to its end, of those that ever did."""
    now = clock.now()
    return [
        Reading(
            "improve_run_age_seconds",
            "Seconds since a timed command last came to its end with nothing left undone",
            round((now - ended).total_seconds()),
            name,
        )
        for name, ended in sorted(last_runs().items())
    ]
