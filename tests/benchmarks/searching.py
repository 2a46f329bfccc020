"""Search among 100,000 ideas: rare and common words, one council among others."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import quote_plus

from flask import Flask
from sqlalchemy import insert

from improve.ideas.models import Idea
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, make_team
from tests.pages import Visitor

IDEAS = 100_000
#: With those of another council.
ALL = IDEAS * 6 // 5
#: (what, the words): in most ideas, in one of a hundred, in a handful, in none.
ASKED = (
    ("a word of every idea", "visit"),
    ("two common words", "photo first"),
    ("the beginning of many words", "pho"),
    ("one in a hundred", "lantern"),
    ("one idea", "heron 777"),
    ("nothing", "zebra"),
)
#: What the words of ideas are drawn from.
WORDS = [
    "photo",
    "first",
    "before",
    "child",
    "family",
    "school",
    "worker",
    "name",
    "letter",
    "phone",
    "call",
    "evening",
    "meeting",
    "plan",
    "review",
    "handover",
    "calendar",
    "interpreter",
    "language",
    "door",
    "street",
    "morning",
    "supervision",
    "carer",
    "court",
    "statement",
]


def add_texts(cast: Cast) -> None:
    """Add the ideas, and a fifth as many of another council; commits."""
    chance, at = Random("search"), clock.now()  # noqa: S311 - only to be many
    team = make_team(cast.organisation, "Wide", slug="wide")
    places = (
        (cast.organisation, team, cast.colleague),
        (cast.other_organisation, cast.outsider_team, cast.outsider),
    )
    rows = []
    for number in range(ALL):
        organisation, team_id, author = places[number % 6 == 5]
        words = [chance.choice(WORDS) for _ in range(30)]
        if number % 100 == 0:
            words.append("lantern")
        if number == 1554:
            words.append("heron 777")
        rows.append(
            {
                "organisation_id": organisation,
                "team_id": team_id,
                "author_id": author,
                "title": " ".join(("Visit", *words[:6])),
                "suggestion": " ".join(words[6:20]),
                "benefit": " ".join(words[20:]),
                "stage": "suggested",
                "stage_entered_at": at,
                "created_at": at,
                "form_token": f"search-{number}",
            }
        )
    for start in range(0, len(rows), 5000):
        db.session.execute(insert(Idea), rows[start : start + 5000])
    db.session.commit()


def measure_search(
    app: Flask, cast: Cast, engine: str, report: Callable[[str, str, str], None]
) -> None:
    """Report how long the whole page takes for each of ``ASKED``, and a log of an idea beside it."""
    with app.app_context():
        before = time.perf_counter()
        add_texts(cast)
        filled = time.perf_counter() - before
        if engine == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
    report(f"Adding {ALL:,} ideas with their words, {engine}", "-", f"{filled:.0f} s")
    visitor = Visitor(app, cast.manager)
    # SQLite works in this process, so that what others do on the machine need not count.
    clock_of = time.process_time if engine == "sqlite" else time.perf_counter
    meant = "CPU" if engine == "sqlite" else "waited"

    def took(path: str) -> float:
        taken = []
        for _ in range(7):
            before = clock_of()
            response = visitor.client.get(path)
            response.get_data()
            response.close()
            taken.append((clock_of() - before) * 1000)
        return statistics.median(taken[2:])

    for what, query in ASKED:
        found: Any = took(f"/search?q={quote_plus(query)}")
        report(
            f"Search of {IDEAS:,} ideas: {what}, {engine}",
            "about 100 ms",
            f"{found:.0f} ms {meant}",
        )
    deep = took("/search?q=visit&kind=ideas&page=10")
    report(
        f"Search of {IDEAS:,} ideas: the tenth page, {engine}",
        "about 100 ms",
        f"{deep:.0f} ms {meant}",
    )
