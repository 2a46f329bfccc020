"""What the night deletes of reports, class by class as it does."""

from __future__ import annotations

from improve.incidents.service import retention


def delete_what_was_reported() -> int:
    """Delete all of reports that has had its time; return how many."""
    return sum(delete_them() for delete_them in retention._CLASSES.values())
