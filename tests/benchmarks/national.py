"""A national installation to measure: 150 councils, 1,000,000 ideas and 10,000,000 points.

PostgreSQL writes the rows itself, in bulk, as the services would leave them; each table is filled
in the order of time, so that the rows of one council lie among those of all others, as they would.
The council that is measured is the same in every size: what others hold must not slow it down.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from improve.migrations.search_index import SEARCHED_SINCE_0012
from improve.shared import clock
from improve.shared.db import db
from tests.benchmarks.filling import PEOPLE_OF_A_TEAM, TEXTS, Filling
from tests.benchmarks.national_records import make_huddles, make_records, make_told
from tests.benchmarks.national_work import make_ideas, make_numbers, make_talk
from tests.benchmarks.searching import WORDS
from tests.factories import Cast

_WORDS: Final = (
    *WORDS,
    "visit",
    "birthday",
    "bedroom",
    "brother",
    "sister",
    "foster",
    "nurse",
    "contact",
    "advocate",
    "pathway",
    "lunch",
)


@dataclass(frozen=True)
class Size:
    """How much there is: the measured council's ideas, a very large council's, everybody's."""

    measured: int
    large: int = 0
    others: int = 0
    #: Ideas of each of the others.
    each: int = 0

    @property
    def ideas(self) -> int:
        """All ideas."""
        return self.measured + self.large + self.others * self.each


#: What everything is compared with.
SMALL: Final = Size(measured=1_000)
#: 150 councils with the two that a cast has: one of them with a fifth of everything.
NATIONAL: Final = Size(measured=1_000, large=200_000, others=147, each=5_436)
#: A tenth of that.
TENTH: Final = Size(measured=1_000, large=20_000, others=147, each=540)
#: As many councils and next to nothing in them, for looking at plans.
SKETCH: Final = Size(measured=20, others=148, each=20)


def fill(cast: Cast, size: Size, say: Callable[[str], object] = len) -> int:
    """Fill a PostgreSQL database that holds a cast and its world; return the large council's id.

    0 where the size has none. Commits. The log of acts is filled with entries of the right shape
    whose chain does not hold: nothing here verifies it.
    """
    now = clock.now().replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    with db.engine.begin() as connection:
        filling = Filling(connection, say)
        _make_places(filling, cast, size, now)
        _make_texts(filling)
        make_ideas(filling, now)
        make_talk(filling, now)
        make_numbers(filling, now)
        make_huddles(filling, now)
        make_records(filling, now)
        make_told(filling, cast, now)
        _fill_search(filling)
        large = filling.run("SELECT coalesce(max(id), 0) FROM scale.councils WHERE is_large")
        large_id = int(large.scalar_one())
        filling.end()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        before = time.perf_counter()
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("VACUUM ANALYZE")
        connection.exec_driver_sql("RESET statement_timeout")
        say(f"vacuum and analyze in {time.perf_counter() - before:.0f} s")
    return large_id


def _make_places(filling: Filling, cast: Cast, size: Size, now: str) -> None:
    """Councils, their teams, and ten people in each."""
    run = filling.run
    run(
        "CREATE TABLE scale.councils AS"
        " SELECT CAST(:own AS integer) AS id, false AS is_large, CAST(:ideas AS integer) AS ideas",
        own=cast.organisation,
        ideas=size.measured,
    )
    run(
        "INSERT INTO scale.councils SELECT (SELECT max(id) FROM organisations) + n,"
        " n = 1 AND :large > 0, CASE WHEN n = 1 AND :large > 0 THEN :large ELSE :each END"
        " FROM generate_series(1, :others + CASE WHEN :large > 0 THEN 1 ELSE 0 END) AS n",
        large=size.large,
        others=size.others,
        each=size.each,
    )
    filling.fill(
        "organisations",
        f"FROM scale.councils WHERE id <> {cast.organisation}",
        id="id",
        name="'Council ' || id",
        slug="'council-' || id",
        created_at=f"timestamp '{now}'",
    )
    # About 170 ideas a team, in the large council 500; those of the cast are among them.
    run(
        "CREATE TABLE scale.teams AS SELECT row_number() OVER () + (SELECT max(id) FROM teams)"
        " AS id, c.id AS organisation_id, n FROM scale.councils c, LATERAL generate_series(1,"
        " greatest(4, c.ideas / CASE WHEN c.is_large THEN 500 ELSE 170 END)) AS n"
    )
    run(
        f"UPDATE scale.teams SET id = {cast.team}"
        f" WHERE organisation_id = {cast.organisation} AND n = 1"
    )
    filling.fill(
        "teams",
        f"FROM scale.teams WHERE id <> {cast.team}",
        id="id",
        organisation_id="organisation_id",
        name="'Team ' || n",
        slug="'team-' || n",
        created_at=f"timestamp '{now}'",
    )
    run(
        "CREATE TABLE scale.people AS SELECT row_number() OVER () + (SELECT max(id) FROM people)"
        " AS id, t.organisation_id, t.id AS team_id, t.n AS team_n, i FROM scale.teams t,"
        f" generate_series(0, {PEOPLE_OF_A_TEAM - 1}) AS i"
    )
    filling.fill(
        "people",
        "FROM scale.people",
        id="id",
        organisation_id="organisation_id",
        name="'Person' || id || ' Scale'",
        email="'scale' || id || '@council.example'",
        created_at=f"timestamp '{now}'",
    )
    filling.fill(
        "memberships",
        "FROM scale.people",
        id="row_number() OVER () + (SELECT max(id) FROM memberships)",
        organisation_id="organisation_id",
        person_id="id",
        team_id="team_id",
        role="CASE WHEN i = 0 THEN 'manager' ELSE 'practitioner' END",
        is_home="true",
    )
    run("CREATE INDEX ON scale.people (team_id, i)")
    run("CREATE INDEX ON scale.teams (organisation_id, n)")
    run("ANALYZE scale.people")
    run("ANALYZE scale.teams")


def _make_texts(filling: Filling) -> None:
    """Texts, and their words as search keeps them."""
    filling.run(
        "CREATE TABLE scale.texts AS SELECT n AS id, initcap(title[1]) || ' '"
        " || array_to_string(title[2:], ' ') AS title, array_to_string(more, ' ') AS words,"
        " strip(array_to_tsvector(title)) AS title_v, strip(array_to_tsvector(title || more)) AS"
        " words_v FROM (SELECT n, array_agg(w ORDER BY i) FILTER (WHERE i <= 6) AS title,"
        " array_agg(w ORDER BY i) FILTER (WHERE i > 6) AS more FROM (SELECT n, i,"
        " CASE WHEN n % 100 = 0 AND i = 9 THEN 'lantern' ELSE"
        " (CAST(:words AS text[]))[1 + CAST(floor(random() * :count) AS integer)] END AS w"
        " FROM generate_series(1, :texts) AS n, generate_series(1, 25) AS i) AS drawn"
        " GROUP BY n) AS made",
        words=list(_WORDS),
        count=len(_WORDS),
        texts=TEXTS,
    )
    filling.run("CREATE UNIQUE INDEX ON scale.texts (id)")
    filling.run("ANALYZE scale.texts")


def _fill_search(filling: Filling) -> None:
    """The words of every text, as the triggers that were asleep would have kept them."""
    benefit = "'children', 'know', 'who', 'is', 'coming'"
    wholes = {
        "ideas": (
            "t.title_v || array_to_tsvector(ARRAY['n' || i.id])",
            f"t.words_v || array_to_tsvector(ARRAY['n' || i.id, {benefit}])",
        ),
        "cycles": ("CAST('' AS tsvector)", "t.words_v"),
        "comments": ("CAST('' AS tsvector)", "t.words_v"),
        "learning_pages": ("t.title_v", "t.words_v"),
    }
    for one in SEARCHED_SINCE_0012:
        before = time.perf_counter()
        name = f"search_{one.table}"
        if one.table in wholes:
            title, words = wholes[one.table]
            filling.put_indexes_away(name)
            link = "r.id" if one.table == "ideas" else "r.idea_id"
            done = filling.run(
                f"INSERT INTO {name} (id, organisation_id, title, words) SELECT r.id,"
                f" r.organisation_id, {title}, {words} FROM {one.table} r JOIN scale.work i"
                f" ON i.id = {link} JOIN scale.texts t ON t.id = i.text_id"
                f" WHERE NOT EXISTS (SELECT 1 FROM {name} s WHERE s.id = r.id)"
            )
        elif one.table == "measures":
            filling.put_indexes_away(name)
            done = filling.run(
                f"INSERT INTO {name} (id, organisation_id, title, words) SELECT r.id,"
                " r.organisation_id, v, v FROM measures r JOIN scale.measures m ON m.id = r.id,"
                " LATERAL (SELECT array_to_tsvector(ARRAY['call', 'backs', 'by', 'the', 'time',"
                " 'we', 'named', CAST(r.id AS text)]) AS v) AS w"
            )
        else:
            continue
        filling.say(f"{name}: {done.rowcount:,} rows in {time.perf_counter() - before:.0f} s")
