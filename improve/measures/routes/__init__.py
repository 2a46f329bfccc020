"""Pages about measures: a team's charts, one measure, its numbers, how verdicts come about."""

from __future__ import annotations

from improve.measures.routes import (
    catalogue,
    decisions,
    dip_samples,
    downloads,
    imports,
    lines,
    pages,
    pictures,
    points,
    setup,
    tallies,
    teams,
)
from improve.measures.routes.blueprint import blueprint

__all__ = [
    "blueprint",
    "catalogue",
    "decisions",
    "dip_samples",
    "downloads",
    "imports",
    "lines",
    "pages",
    "pictures",
    "points",
    "setup",
    "tallies",
    "teams",
]
