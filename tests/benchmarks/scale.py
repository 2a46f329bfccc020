"""Pages of a small installation beside those of a national one: ``python -m tests.benchmarks scale``.

Both hold the very same council of 1,000 ideas. The national one holds 149 others besides, one of
them 200 times as large, and its pages are measured too. ``scale-tenth`` makes a tenth of it.

What is compared is work: the time that the process and the server's backend were on a core, which
other programs on the machine can hardly add to. Rows come as figures.md has them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask

from improve.accounts.roles import Role
from improve.app import create_app
from improve.ideas import service as ideas
from improve.measures.service import open_window
from improve.migrations import upgrade_database
from improve.shared import clock
from improve.shared.db import db
from tests import databases
from tests.benchmarks import national
from tests.conftest import test_settings
from tests.factories import Cast, make_cast, make_measure, make_person
from tests.pages import Visitor
from tests.statements import watched
from tests.world import make_world

#: How running.md has a server set up that holds this much.
SERVER = (
    "shared_buffers=2GB effective_cache_size=8GB random_page_cost=1.1 max_wal_size=16GB"
    " max_parallel_workers_per_gather=0 fsync=off synchronous_commit=off"
)
#: Seconds of work for one page of one place, all askings together.
PATIENCE = 6
#: So many times the work of the same council alone, and so many statements, at most.
FLAT, MOST_STATEMENTS = 1.2, 8
#: (what, whose, the address, what its page must hold), of one council.
PAGES: tuple[tuple[str, str, str, bytes], ...] = (
    ("board", "manager", "/teams/{team}/board", b'class="card'),
    ("board as a list, by age", "manager", "/teams/{team}/board?view=list&sort=age", b"<tr"),
    ("finished ideas of a team", "manager", "/teams/{team}/finished", b"n"),
    ("all boards", "manager", "/board", b"/board"),
    ("idea", "manager", "/ideas/{idea}", b"stage"),
    ("history of an idea", "manager", "/ideas/{idea}/history", b"<li"),
    ("measure", "manager", "/measures/{measure}", b"<svg"),
    ("measures of a team", "manager", "/teams/{team}/measures", b"measure"),
    ("measures of all teams", "leader", "/measures", b"measure"),
    ("review of a year", "leader", "/review?when=last-12-months", b'class="review-row"'),
    ("its tenth page", "leader", "/review?when=last-12-months&page=10", b"review"),
    ("how all teams work", "leader", "/review/how-we-work", b"<h1"),
    ("how a team works", "manager", "/teams/{team}/how-we-work", b"<h1"),
    ("month", "leader", "/review/month", b"<h1"),
    ("aims from above", "leader", "/review/aims", b"<h1"),
    ("search: a word of every other text", "manager", "/search?q=photo", b"/ideas/"),
    ("search: two words", "manager", "/search?q=photo+first", b"/ideas/"),
    ("search: a word of one text in a hundred", "manager", "/search?q=lantern", b"/ideas/"),
    ("search: one idea", "manager", "/search?q=n{idea}", b"/ideas/"),
    ("search: nothing", "manager", "/search?q=zebra", b"<h1"),
    ("like this one, while typing", "manager", "/ideas/similar?text=photo+first+letter", b""),
    ("my page", "practitioner", "/me", b"<h1"),
    ("news", "practitioner", "/me/news", b"<h1"),
    ("library", "practitioner", "/library", b"/library/"),
    ("blocked ideas", "leader", "/blocked", b"<h1"),
    ("coaching", "coach", "/coaching", b"<h1"),
    ("past huddles", "manager", "/teams/{team}/huddles", b"<h1"),
    ("teams to choose from", "manager", "/teams", b"<h1"),
    ("people", "administrator", "/admin/people", b"<h1"),
    ("voices desk", "voices_reader", "/voices/desk", b"<h1"),
    ("reports desk", "incident_reviewer", "/reports/desk", b"<h1"),
)


@dataclass(frozen=True)
class Place:
    """A council in an installation: whom its pages are asked for by, and what they are about."""

    app: Flask
    people: dict[str, int]
    names: dict[str, Any]

    def visitors(self) -> dict[str, Visitor]:
        """Return somebody signed in for each part."""
        return {part: Visitor(self.app, person) for part, person in self.people.items()}


def make_installation(
    name: str, size: national.Size, say: Callable[[str], object]
) -> tuple[Flask, Cast, int]:
    """Return an application on a new database of this size, its cast and its large council."""
    databases.make_postgres_database(name)
    app = create_app(test_settings(databases.postgres_url(name)))
    upgrade_database(app)
    with app.app_context():
        cast = make_cast()
        db.session.commit()
        make_world(cast)
        judge_one(cast)
        db.session.commit()
        large = national.fill(cast, size, say)
        # As a night of the two councils that are measured leaves them.
        for month in ideas.months_to_sum():
            if month.organisation_id in {cast.organisation, large}:
                month()
                db.session.commit()
    return app, cast, large


def judge_one(cast: Cast) -> None:
    """Judge one test: what the chart says of it is copied to all others."""
    measure_id = make_measure(
        cast,
        numbers=[(38 + (w * 7) % 11 + (3 if w > 36 else 0), 52) for w in range(52)],
        first_on=clock.today() - timedelta(weeks=53, days=clock.today().weekday()),
    )
    open_window(
        cast.actor("coach"),
        measure_id=measure_id,
        idea_id=1,
        cycle_number=1,
        place="main",
        label="Cycle 1, everybody",
        starts_on=clock.today() - timedelta(days=120),
        is_judged=True,
    )


def council_of(app: Flask, cast: Cast) -> Place:
    """Return the council of the cast."""
    people = {part: getattr(cast, part) for part in {whose for _, whose, _, _ in PAGES}}
    with app.app_context():
        return Place(app, people, _names(cast.organisation, cast.team))


def large_council_of(app: Flask, organisation_id: int) -> Place:
    """Return the large council; it gets one person for each part; commits."""
    with app.app_context():
        team_id = _one("SELECT min(id) FROM teams WHERE organisation_id = :it", it=organisation_id)
        people = {
            part: make_person(
                organisation_id,
                role=Role(part),
                team_id=team_id if part in {"manager", "practitioner"} else None,
            )
            for part in sorted({whose for _, whose, _, _ in PAGES})
        }
        db.session.commit()
        # Somebody who has been at it for three years, not somebody new.
        people["practitioner"] = _one(
            "SELECT min(person_id) FROM memberships WHERE team_id = :it AND role = 'practitioner'",
            it=team_id,
        )
        return Place(app, people, _names(organisation_id, team_id))


def _names(organisation_id: int, team_id: int) -> dict[str, Any]:
    """Return what the addresses are about: an idea with a verdict, its measure, the team."""
    idea = _one(
        "SELECT max(i.id) FROM ideas i JOIN test_windows w ON w.idea_id = i.id WHERE"
        " i.organisation_id = :it AND i.team_id = :team AND i.form_token LIKE 'scale-%'"
        " AND i.stage = 'done'",
        it=organisation_id,
        team=team_id,
    )
    measure = _one("SELECT max(id) FROM measures WHERE organisation_id = :it", it=organisation_id)
    team = _one("SELECT slug FROM teams WHERE id = :it", it=team_id)
    return {"idea": idea, "measure": measure, "team": team}


def _one(statement: str, **values: Any) -> Any:
    return db.session.execute(db.text(statement), values).scalar_one()


def measure_scale(
    *,
    report: Callable[[str, str, str], None],
    only: Sequence[str] = (),
    size: national.Size = national.NATIONAL,
) -> None:
    """Make both installations and report each page of them."""

    def say(words: str) -> None:
        print(words, file=sys.stderr, flush=True)

    small_app, small_cast, _ = make_installation("small", national.SMALL, len)
    before = time.perf_counter()
    app, cast, large_id = make_installation("national", size, say)
    with app.app_context():
        ideas, points = (
            _one("SELECT count(*) FROM ideas"),
            _one("SELECT count(*) FROM observations"),
        )
        bytes_held = _one("SELECT pg_size_pretty(pg_database_size('national'))")
        councils = _one("SELECT count(*) FROM organisations")
        version = str(_one("SHOW server_version")).split(" ", 1)[0].split(".", 1)[0]
    report(
        "The national installation",
        f"{size.ideas:,} ideas, {size.ideas * 10:,} points, 150 councils",
        f"{ideas:,} ideas, {points:,} points, {councils} councils, {bytes_held},"
        f" made in {time.perf_counter() - before:.0f} s",
    )
    places = (
        council_of(small_app, small_cast),
        council_of(app, cast),
        large_council_of(app, large_id),
    )
    where = f"PostgreSQL {version}, {ideas:,} ideas; large: {size.large:,}"
    compare(places, report=report, only=only, where=where)


def compare(
    places: Sequence[Place],
    *,
    report: Callable[[str, str, str], None],
    only: Sequence[str] = (),
    where: str = "",
) -> None:
    """Report, page by page, the three places beside each other.

    A page that does not answer as it should is said so, and the next is measured.
    """
    visitors = [place.visitors() for place in places]
    print("\n| page | hold | beside to alone | large council | statements | where measured |")
    print("|---|---|---|---|---|---|", flush=True)
    for what, whose, address, holds in PAGES:
        if only and what not in only:
            continue
        acts = [
            _asking(visitors[n][whose], address.format(**place.names), holds)
            for n, place in enumerate(places)
        ]
        counted = []
        try:
            for act in acts:
                act()
                with watched() as seen:
                    act()
                counted.append(len(seen))
            small, same, large = _beside(acts, [_Work(place.app) for place in places])
        except RuntimeError as fault:
            report(what, "an answer", f"**not measured**: {fault} | | | {where}")
            continue
        ratio, most = same / small, max(counted)
        is_held = round(ratio, 2) <= FLAT and most <= MOST_STATEMENTS
        report(
            what,
            f"≤ {FLAT} x, ≤ {MOST_STATEMENTS} statements",
            f"{'' if is_held else '**not held: '}{ratio:.2f} x{'' if is_held else '**'}"
            f" ({same:.0f} ms to {small:.0f} ms) | {large:.0f} ms | {most} | {where}",
        )


def _asking(visitor: Visitor, path: str, holds: bytes) -> Callable[[], None]:
    def ask() -> None:
        answer = visitor.client.get(path)
        body = answer.get_data()
        answer.close()
        if answer.status_code != 200 or holds not in body:
            raise RuntimeError(f"{path} answered {answer.status_code} without {holds!r}")

    return ask


class _Work:
    """Reads how long this process and the backends of one database have been on a core, in ms."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            asked = (
                "SELECT pid FROM pg_stat_activity"
                " WHERE datname = current_database() AND backend_type = 'client backend'"
            )
            found = db.session.execute(db.text(asked)).scalars()
            self._files = [f"/proc/{pid}/schedstat" for pid in found]

    def now(self) -> float:
        """Return the sum; a backend that has ended no longer counts."""
        total = time.process_time() * 1000
        for name in self._files:
            try:
                with open(name, encoding="ascii") as file:
                    total += int(file.read().split()[0]) / 1_000_000
            except FileNotFoundError:
                continue
        return total


def _beside(
    acts: Sequence[Callable[[], None]], work: Sequence[_Work], times: int = 26
) -> list[float]:
    """Return the least work of each in milliseconds, asked for in turns.

    The least, since whatever else runs on the machine can only add to it. Each is asked often
    enough for the server to settle on a plan for its statements; what has taken ``PATIENCE``
    seconds in all is asked no more.
    """
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(times):
        for n, act in enumerate(acts):
            if len(taken[n]) > 1 and sum(taken[n]) > PATIENCE * 1000:
                continue
            before = work[n].now()
            act()
            taken[n].append(work[n].now() - before)
    return [min(one) for one in taken]
