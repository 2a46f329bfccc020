"""What everybody did is kept in the “log of acts”, by that name wherever people read of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
#: Names that it had, and that its pages do not know.
OTHER_NAMES = ("audit log", "log of who did what")


def read_by_people() -> Iterator[Path]:
    """Yield pages, documents, and the modules whose words are shown or printed."""
    yield from (TOP / "README.md", TOP / "CONTRIBUTING.md", TOP / "CHANGELOG.md")
    yield from (TOP / "templates").rglob("*.html")
    for kind in ("*.md", "*.json", "*.service", "*.py"):
        # A released step of the database says what it said.
        yield from (one for one in (TOP / "improve").rglob(kind) if "versions" not in one.parts)


def test_nobody_reads_another_name_of_the_log_of_acts() -> None:
    found = []
    for path in read_by_people():
        # A line may end within the name.
        words = " ".join(path.read_text("utf-8").split()).casefold()
        found += [(str(path.relative_to(TOP)), name) for name in OTHER_NAMES if name in words]
    assert found == []
