"""How a file that somebody sends is called where its name is shown."""

from __future__ import annotations

from pathlib import PurePath

from improve.shared import limits


def tidy_name(file_name: str) -> str:
    """Return the name of a sent file as it is shown: no path, and no sign that nobody sees."""
    name = " ".join(PurePath(file_name.replace("\\", "/")).name.split())
    return "".join(c for c in name if c.isprintable())[: limits.length("file_name")]
