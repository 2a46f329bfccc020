"""What an idea is called: its first title, and when two titles say the same. Pure."""

from __future__ import annotations

import re

from improve.shared import limits


def title_of(text: str) -> str:
    """Return the title an idea begins with: its first line, cut at a word within 120 characters."""
    most = limits.length("title")
    line = " ".join(text.split("\n", 1)[0].split())
    if len(line) <= most:
        return line.rstrip(".") or line
    cut = line[: most - 1].rsplit(" ", 1)[0] if " " in line[:most] else line[: most - 1]
    return cut.rstrip(" ,;:.") + "…"


def title_key(title: str) -> str:
    """Return what two titles that say the same have in common: their letters and digits."""
    return " ".join(re.findall(r"[^\W_]+", title.casefold()))
