"""A year of 2,000 finished cycles on the review: statements and time of the page."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import insert

from improve.accounts.models import Team
from improve.accounts.service.found import add_service
from improve.ideas.models import Cycle, Idea
from improve.measures.service import open_window
from improve.review.models import CycleRead
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, make_measure, make_person, make_team
from tests.pages import Visitor
from tests.statements import watched

CYCLES = 2_000
TEAMS = 12
#: Every so many cycles have a measure with a verdict, and so many more a leader's tick.
_JUDGED, _READ = 4, 3
_DECISIONS = ("adopt", "adapt", "abandon")


def add_finished_year(cast: Cast) -> int:
    """Add a year of finished cycles in twelve teams of one service; return the service."""
    service_id = add_service(organisation_id=cast.organisation, name="Family Help")
    teams = [make_team(cast.organisation, f"Team {n} of the year") for n in range(TEAMS)]
    for team_id in teams:
        db.session.get_one(Team, team_id).service_id = service_id
    people = [
        make_person(cast.organisation, team_id=teams[n % TEAMS], name=f"Person{n} Year")
        for n in range(TEAMS * 8)
    ]
    first = db.session.scalar(db.select(db.func.coalesce(db.func.max(Idea.id), 0))) + 1
    ideas, cycles, reads = [], [], []
    for number in range(CYCLES):
        decided = clock.now() - timedelta(days=number * 360 / CYCLES, minutes=number % 60)
        begun = decided - timedelta(days=60)
        made = _DECISIONS[number % 3]
        is_over = made != "adapt"
        ideas.append(
            {
                "id": first + number,
                "organisation_id": cast.organisation,
                "team_id": teams[number % TEAMS],
                "author_id": people[number % len(people)],
                "lead_id": people[(number + 7) % len(people)],
                "title": f"Idea {number}: ring back by a time we name, also when there is no news",
                "suggestion": "Name a time.",
                "benefit": "Nobody waits by the phone",
                "source": ("own", "child", "parent_or_carer")[number % 3],
                "stage": "done" if is_over else "plan",
                "stage_entered_at": decided,
                "outcome": {"adopt": "adopted", "abandon": "abandoned"}.get(made),
                "finished_at": decided if is_over else None,
                "created_at": begun,
                "first_reply_at": begun + timedelta(days=number % 9),
                "first_reply_kind": "will_try",
                "first_reply_words": "Yes, try it.",
                "first_reply_by_id": cast.manager,
                "form_token": f"year-{first + number}",
                "cycle_number": 1 if is_over else 2,
                "lesson": "Say when we ring, and ring.",
            }
        )
        cycles.append(
            {
                "organisation_id": cast.organisation,
                "idea_id": first + number,
                "number": 1,
                "created_at": begun,
                "expected_count": 5,
                "expected_of": 6,
                "seen_count": 4,
                "seen_of": 6,
                "decision": made,
                "decided_at": decided,
                "decision_why": "Families said so.",
                "learned": "We named a time even when we did not have the answer. Only as good as "
                "Monday morning, when three of us are out.",
            }
        )
        if number % _READ == 0:
            reads.append(
                {
                    "organisation_id": cast.organisation,
                    "idea_id": first + number,
                    "cycle_number": 1,
                    "person_id": cast.leader,
                    "words": "The second sentence is what I take to the board.",
                    "read_at": decided,
                }
            )
    for model, rows in ((Idea, ideas), (Cycle, cycles), (CycleRead, reads)):
        for start in range(0, len(rows), 1_000):
            db.session.execute(insert(model), rows[start : start + 1_000])
    if db.engine.dialect.name == "postgresql":
        db.session.execute(
            db.text(
                "SELECT setval(pg_get_serial_sequence('ideas', 'id'), (SELECT max(id) FROM ideas))"
            )
        )
    _judge(cast, first)
    return service_id


def _judge(cast: Cast, first: int) -> None:
    """Give the newest cycles verdicts with lines: they are the ones a page draws."""
    measure_id = make_measure(
        cast,
        name="Call-backs by the time we named",
        numbers=[(38 + (w * 7) % 11 + (3 if w > 36 else 0), 52) for w in range(52)],
        first_on=clock.today() - timedelta(weeks=53, days=clock.today().weekday()),
    )
    for number in range(0, 200, _JUDGED):
        open_window(
            cast.actor("coach"),
            measure_id=measure_id,
            idea_id=first + number,
            cycle_number=1,
            place="main",
            label="Cycle 1, everybody",
            starts_on=clock.today() - timedelta(days=120),
            is_judged=True,
        )


def measure_review(
    app: Flask,
    cast: Cast,
    engine: str,
    *,
    report: Callable[[str, str, str], None],
    cpu_of: Callable[..., float],
) -> None:
    """The review of a year of 2,000 finished cycles, whole and of one service."""
    with app.app_context():
        service_id = add_finished_year(cast)
        db.session.commit()
        if engine == "postgresql":
            db.session.execute(db.text("ANALYZE"))
            db.session.commit()
    visitor = Visitor(app, cast.leader)

    def get(query: str) -> bytes:
        with visitor.client.get(f"/review{query}") as answer:
            return answer.get_data()

    for name, query in (
        ("a year", "?when=last-12-months"),
        ("its last page", "?when=last-12-months&page=40"),
        ("of one service", f"?when=last-12-months&service={service_id}"),
        ("unread, by verdict", "?when=last-12-months&unread=y&says=unclear"),
    ):
        with watched() as seen:
            page = get(query)
        if b'class="review-row"' not in page:
            raise SystemExit(f"the review shows nothing for {query}")
        taken = wall_of(partial(get, query))
        cpu = cpu_of(partial(get, query))
        report(
            f"Review of 2,000 finished cycles, {name} ({engine})",
            "≤ 8 statements, ≤ 150 ms",
            f"{len(seen)} statements, {taken:.0f} ms ({cpu:.0f} ms of CPU)",
        )


def wall_of(act: Callable[[], Any], times: int = 15) -> float:
    """Return the median time of ``act`` in milliseconds as a server takes it."""
    act(), act()
    taken = []
    for _ in range(times):
        before = time.perf_counter()
        act()
        taken.append((time.perf_counter() - before) * 1000)
    return statistics.median(taken)
