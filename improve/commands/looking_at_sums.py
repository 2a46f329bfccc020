"""What ``flask doctor`` sees of months that are summed up: whether the sums are what was done."""

from __future__ import annotations

from typing import Final

from improve.ideas import service as ideas
from improve.shared.checkup import Finding

#: So many months are counted from all their moves each time, others each day.
_MOST: Final = 40


def look_at_sums() -> list[Finding]:
    """Whether kept sums of finished ideas are what a count of all their moves gives."""
    differ = ideas.months_that_differ(_MOST)
    if not differ:
        return [Finding(False, "Sums of finished ideas are what their moves give")]
    months = ", ".join(f"{month} of organisation {number}" for number, month in differ[:5])
    return [
        Finding(
            True,
            f"Sums of finished ideas differ from their moves: {months}",
            "Run: flask --app wsgi recompute – it sums up every month anew.",
        )
    ]
