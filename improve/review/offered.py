"""What the review tells capabilities below it, without their knowing it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from improve.review.system_measures import DEFINITIONS


@dataclass(frozen=True, slots=True)
class CountedByItself:
    """A measure that the product counts of its own use: what it is, and where a team sees it."""

    name: str
    formula: str
    url: str


def counted_by_itself(team_slug: str) -> list[CountedByItself]:
    """Return the measures of a team's own work of improving, in the order of their page."""
    return [
        CountedByItself(
            each.name,
            each.formula,
            url_for("review.team_work", slug=team_slug, measure=each.key),
        )
        for each in DEFINITIONS
    ]
