"""What the review tells capabilities below it, without their knowing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas.page import IdeaPage
from improve.review.month import Way, answer_words
from improve.review.queries.panels import ANSWER, READ
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


@dataclass(frozen=True, slots=True)
class ReadLine:
    """That a leader read how a cycle of the idea ended, with their words, “” for none."""

    by: str
    is_me: bool
    cycle_number: int
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What a leader answered about the idea, and what came of it, “” for nothing yet."""

    by: str
    at: datetime
    sentence: str
    outcome: str


def leaders_panel(actor: Actor, page: IdeaPage) -> tuple[str, dict[str, Any]] | None:
    """Return what leaders read and answered about an idea, for its page; None for nothing.

    No statement of its own: the rows came with the page's.
    """
    reads = [row for row in page.panel_rows if row["part"] == READ]
    answers = [row for row in page.panel_rows if row["part"] == ANSWER]
    if not reads and not answers:
        return None
    return "review/_idea_panel.html", {
        "reads": [
            ReadLine(
                by=_first_name(row["name"]),
                is_me=row["person_id"] == actor.person_id,
                cycle_number=row["cycle"],
                at=row["at"],
                words=row["a"],
            )
            for row in sorted(reads, key=lambda row: (row["at"], row["id"]))
        ],
        "answers": [
            AnswerLine(
                by=_first_name(row["name"]),
                at=row["at"],
                sentence=answer_words(
                    Way(row["kind"]), row["a"], date.fromisoformat(row["c"]) if row["c"] else None
                ),
                outcome=row["b"],
            )
            for row in sorted(answers, key=lambda row: (row["at"], row["id"]))
        ],
    }


def readers_of_lesson(actor: Actor, page: IdeaPage) -> dict[str, Any]:
    """Return what leaders wrote as they read it, and where to; for the page of a lesson.

    No statement. Of a cycle without a decision, such as what was fixed at once, nobody writes.
    """
    reads = [row for row in page.panel_rows if row["part"] == READ and row["a"]]
    ordered = sorted(reads, key=lambda row: (row["at"], row["id"]), reverse=True)
    told = {"readers": tuple((row["name"] or "A leader", row["a"]) for row in ordered[:3])}
    ended = next((one for one in page.cycles if one.decision is not None), None)
    if ended is None or not may(actor, Permission.TICK_READ):
        return told
    here = url_for("ideas.learned_page", idea_id=page.id)
    return {
        **told,
        "word_url": url_for("review.tick_read", idea_id=page.id, cycle=ended.number, back=here),
    }


def _first_name(name: str | None) -> str:
    return (name or "A leader").split(" ", 1)[0]
