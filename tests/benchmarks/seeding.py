"""Many ideas at once, for measuring: rows as the services would leave them, written in bulk."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from improve.ideas.models import Cycle, Idea
from improve.shared import clock
from improve.shared.db import db

OPEN_STAGES = ("suggested", "plan", "do", "study", "act")


def add_ideas(*, organisation_id: int, team_id: int, author_id: int, count: int) -> None:
    """Add ``count`` open ideas, the same number in each of the five open stages; flushes."""
    at = clock.now()
    first = db.session.scalar(db.select(db.func.coalesce(db.func.max(Idea.id), 0))) + 1
    ideas, cycles = [], []
    for number in range(count):
        stage = OPEN_STAGES[number % len(OPEN_STAGES)]
        entered = at - timedelta(days=number % 60, minutes=number)
        ideas.append(
            {
                "id": first + number,
                "organisation_id": organisation_id,
                "team_id": team_id,
                "author_id": author_id,
                "lead_id": author_id,
                "title": f"Idea {number}: say who is coming before the first visit",
                "suggestion": "Send each child a photo and two lines two days before.",
                "benefit": "Children know who is coming",
                "source": "child" if number % 3 == 0 else "own",
                "stage": stage,
                "stage_entered_at": entered,
                "created_at": entered,
                "first_reply_at": None if stage == "suggested" else entered,
                "first_reply_kind": None if stage == "suggested" else "will_try",
                "first_reply_words": "" if stage == "suggested" else "Yes, try it.",
                "first_reply_by_id": None if stage == "suggested" else author_id,
                "form_token": f"bench-{first + number}",
                "cycle_number": 0 if stage == "suggested" else 1,
                "waiting_since": entered if stage == "suggested" else None,
                "due_to_study_on": (at + timedelta(days=14)).date() if stage == "do" else None,
            }
        )
        if stage != "suggested":
            cycles.append(
                {
                    "organisation_id": organisation_id,
                    "idea_id": first + number,
                    "number": 1,
                    "change_to_try": "Two lines and a photo",
                    "prediction": "The child knows my name",
                    "created_at": entered,
                    "study_by_on": (at + timedelta(days=14)).date(),
                }
            )
    for start in range(0, len(ideas), 5000):
        db.session.execute(insert(Idea), ideas[start : start + 5000])
    for start in range(0, len(cycles), 5000):
        db.session.execute(insert(Cycle), cycles[start : start + 5000])
    if db.engine.dialect.name == "postgresql":
        # Ids were given above; the next idea must not be given one of them.
        db.session.execute(
            db.text(
                "SELECT setval(pg_get_serial_sequence('ideas', 'id'), (SELECT max(id) FROM ideas))"
            )
        )
