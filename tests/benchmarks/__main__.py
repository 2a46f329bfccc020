"""The figures that the design holds, measured on this machine: ``python -m tests.benchmarks``.

``python -m tests.benchmarks board move`` measures these parts only; ``--list`` names them all.
Machines differ, so what is held are ratios within one run, counts and bytes. Each line says what
was measured, what is held, and what was found. Nothing here is a timed test.
"""

from __future__ import annotations

import argparse
import gzip
import logging
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, render_template, template_rendered

from improve.app import create_app
from improve.measures.chart import draw_views
from improve.measures.service import open_window
from improve.measures.spc.analysis import analyse_series
from improve.measures.spc.series import Observed
from improve.measures.spc.verdict import judge_chart
from improve.migrations import upgrade_database
from improve.shared.db import db
from tests import databases
from tests.benchmarks.archiving import measure_archive
from tests.benchmarks.felt import measure_first_visit, measure_pages
from tests.benchmarks.importing import import_once, peak_memory
from tests.benchmarks.national import TENTH
from tests.benchmarks.pooling import measure_pooler
from tests.benchmarks.reviewing import measure_review
from tests.benchmarks.scale import SERVER, measure_scale
from tests.benchmarks.searching import measure_search
from tests.benchmarks.seeding import add_ideas
from tests.conftest import test_settings
from tests.factories import Cast, idea_in, make_cast, make_measure, make_person, make_team
from tests.pages import Visitor
from tests.statements import WRITES, watched

ROWS: list[tuple[str, str, str]] = []


def report(what: str, hold: str, found: str) -> None:
    """Print one line of the table and keep it."""
    ROWS.append((what, hold, found))
    print(f"| {what} | {hold} | {found} |", flush=True)


def cpu_of(act: Callable[[], Any], times: int = 15) -> float:
    """Return the median CPU time of ``act`` in milliseconds, after two runs to warm up."""
    act(), act()
    taken = []
    for _ in range(times):
        before = time.process_time()
        act()
        taken.append((time.process_time() - before) * 1000)
    return statistics.median(taken)


def as_plain(value: Any) -> Any:
    """Return cards, columns and boards as plain dicts, with what they compute spelt out."""
    if is_dataclass(value) and not isinstance(value, type) and hasattr(value, "__slots__"):
        names = {f.name for f in fields(value)}
        names |= {n for n, v in vars(type(value)).items() if isinstance(v, property)}
        return {name: as_plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple | list):
        return [as_plain(one) for one in value]
    return value


def make_site(engine: str) -> tuple[Flask, Cast]:
    """Return an application on a fresh database of this engine, with its cast."""
    if engine == "sqlite":
        uri = f"sqlite:///{databases.run_folder()}/bench.sqlite3"
    else:
        databases.make_postgres_database("bench")
        uri = databases.postgres_url("bench")
    app = create_app(test_settings(uri))
    upgrade_database(app)
    with app.app_context():
        cast = make_cast()
        db.session.commit()
    return app, cast


def make_empty(engine: str) -> Flask:
    """Return an application on a migrated database of this engine that holds nobody."""
    if engine == "sqlite":
        uri = f"sqlite:///{databases.run_folder()}/moved.sqlite3"
    else:
        databases.make_postgres_database("moved")
        uri = databases.postgres_url("moved")
    app = create_app(test_settings(uri))
    upgrade_database(app)
    return app


def measure_board(app: Flask, cast: Cast, engine: str) -> None:
    """Board of 1,000; growth to 5,000; unchanged; bytes."""
    with app.app_context():
        teams = {
            size: make_team(cast.organisation, f"Team of {size}", slug=f"of-{size}")
            for size in (300, 600, 1000, 5000)
        }
        for size, team_id in teams.items():
            add_ideas(
                organisation_id=cast.organisation,
                team_id=team_id,
                author_id=cast.colleague,
                count=size,
            )
        db.session.commit()
        if engine == "postgresql":
            db.session.execute(db.text("ANALYZE"))
            db.session.commit()
    visitor = Visitor(app, cast.manager)

    def get(size: int, **more: Any) -> Any:
        response = visitor.client.get(f"/teams/of-{size}/board", **more)
        body = response.get_data()
        response.close()
        return response, body

    if engine == "sqlite":
        kept: list[tuple[Any, dict[str, Any]]] = []

        def note(_app: Flask, template: Any, context: dict[str, Any], **_: Any) -> None:
            kept[:] = [(template, dict(context))]

        template_rendered.connect(note, app)
        get(1000)
        template_rendered.disconnect(note, app)
        template, context = kept[0]
        full = cpu_of(lambda: get(1000))
        with app.test_request_context("/teams/of-1000/board"):
            for name in ("request", "session", "g"):
                context.pop(name, None)
            context = {name: as_plain(value) for name, value in context.items()}
            plain = cpu_of(lambda: render_template(template.name, **context))
        report(
            "Board, 1,000 open ideas: server CPU to the bare template",
            "≤ 1.5 x",
            f"{full / plain:.2f} x ({full:.1f} ms to {plain:.1f} ms)",
        )
    small, large = cpu_of(lambda: get(600)), cpu_of(lambda: get(5000))
    report(
        f"Board, team of 5,000 to team of 600 ({engine})",
        "≤ 1.2 x",
        f"{large / small:.2f} x ({large:.1f} ms to {small:.1f} ms)",
    )
    mark = get(1000)[0].headers["ETag"]
    whole = cpu_of(lambda: get(1000))
    same = cpu_of(lambda: get(1000, headers={"If-None-Match": mark}))
    status = get(1000, headers={"If-None-Match": mark})[0].status_code
    report(f"Board unchanged ({engine})", "304, under 1/10", f"{status}, 1/{whole / same:.0f}")
    with watched() as seen:
        get(5000)
    report(
        f"Board of 5,000: SQL statements, the session’s one included ({engine})",
        "≤ 4",
        str(len(seen)),
    )
    if engine == "sqlite":
        size = len(gzip.compress(get(300)[1], 5))
        report("Board, 300 cards, compressed", "≤ 20 KB", f"{size / 1024:.1f} KB")
        first_visit(visitor, size)


def first_visit(visitor: Visitor, page: int) -> None:
    """Bytes of a first visit: the page, styles, fonts, icons and scripts."""
    static = Path(__file__).resolve().parents[2] / "static"
    texts = [
        "css/improve.css",
        "css/charts.css",
        "js/htmx-boot.js",
        "js/improve.js",
        "icons.svg",
        "favicon.svg",
        "vendor/htmx/htmx.min.js",
    ]
    total = page + sum(len(gzip.compress((static / name).read_bytes(), 5)) for name in texts)
    total += sum(p.stat().st_size for p in (static / "vendor" / "fonts").glob("*.woff2"))
    report("First visit, all styles, fonts and scripts", "≤ 200 KB", f"{total / 1024:.0f} KB")
    sizes = {p.name: p.stat().st_size for p in (static / "js").glob("*.js")}
    every = sizes.pop("htmx-boot.js") + sizes.pop("improve.js")
    own = every + max(sizes.values())
    report("Own script of a page, at most", "< 20 KB", f"{own / 1024:.1f} KB")


def measure_move(app: Flask, cast: Cast, engine: str) -> None:
    """Rows, bytes and time of a move, beside a bare commit of one row."""
    with app.app_context():
        idea_id = idea_in(cast, "do")
        crowd = make_team(cast.organisation, "Crowd", slug=f"crowd-{engine}")
        manager = make_person(
            cast.organisation,
            role=__import__("improve.accounts.roles", fromlist=["Role"]).Role.MANAGER,
            team_id=crowd,
        )
        db.session.commit()
    visitor = Visitor(app, cast.manager)

    def move(number: int) -> tuple[float, int, int, int]:
        way = "plan" if number % 2 == 0 else "do"
        board = {"HX-Current-URL": "http://localhost/teams/riverside/board"}
        form = visitor.get(f"/ideas/{idea_id}/stage?to={way}", htmx=True, headers=board).form(
            "/stage"
        )
        values: dict[str, list[str]] = {}
        has_note = form.node.find(attrs={"name": "note"}) is not None
        for name, value in form.with_values({"note": "a reason"} if has_note else {}):
            values.setdefault(name, []).append(value)
        with watched() as seen:
            before = time.perf_counter()
            answer = visitor.client.post(
                form.action, data=values, headers={"HX-Request": "true", **board}
            )
            taken = (time.perf_counter() - before) * 1000
        body = answer.get_data()
        answer.close()
        if answer.status_code != 200:
            raise SystemExit(f"a move answered {answer.status_code}: {body.decode()[:2000]}")
        written = sum(max(0, one.rows) for one in seen if one.verb in WRITES)
        return taken, written, len(gzip.compress(body, 5)), len(body)

    few = [move(n) for n in range(40)]
    with app.app_context():
        add_ideas(
            organisation_id=cast.organisation,
            team_id=cast.team,
            author_id=cast.colleague,
            count=2000,
        )
        db.session.commit()
    many = [move(n) for n in range(40)]
    report(
        f"Move: rows written with few and with 2,000 beside ({engine})",
        "the same",
        f"{max(m[1] for m in few)} and {max(m[1] for m in many)}",
    )
    report(
        f"Move: answer with htmx, compressed ({engine})",
        "< 4 KB",
        f"{max(m[2] for m in many) / 1024:.1f} KB (plain {max(m[3] for m in many) / 1024:.1f} KB)",
    )
    bare = []
    with app.app_context():
        db.session.execute(db.text("CREATE TABLE bare (id INTEGER PRIMARY KEY, number INTEGER)"))
        db.session.execute(db.text("INSERT INTO bare VALUES (1, 0)"))
        db.session.commit()
        for _ in range(200):
            before = time.perf_counter()
            db.session.execute(db.text("UPDATE bare SET number = number + 1 WHERE id = 1"))
            db.session.commit()
            bare.append((time.perf_counter() - before) * 1000)
    ninety_five = sorted(m[0] for m in many)[int(len(many) * 0.95)]
    bare_95 = sorted(bare)[int(len(bare) * 0.95)]
    report(
        f"Move: p95 to p95 of a bare one-row commit ({engine})",
        "≤ 5 x",
        f"{ninety_five / bare_95:.1f} x ({ninety_five:.1f} ms to {bare_95:.1f} ms)",
    )
    plainest = plainest_writes(visitor)
    report(
        f"Move: p95 to p95 of the plainest signed-in write ({engine})",
        "",
        f"{ninety_five / plainest:.1f} x (that write to a bare commit: {plainest / bare_95:.1f} x)",
    )
    eight_writers(app, cast, engine, manager)


def plainest_writes(visitor: Visitor) -> float:
    """Return the p95, in ms, of the least that a form can do: one row of one's own, no page."""
    token, taken = visitor.csrf_token(), []
    for _ in range(60):
        before = time.perf_counter()
        answer = visitor.client.post("/me/news/read", data={"csrf_token": token})
        taken.append((time.perf_counter() - before) * 1000)
        answer.close()
        if answer.status_code != 303:
            raise SystemExit(f"a write answered {answer.status_code}")
    return sorted(taken)[int(len(taken) * 0.95)]


def eight_writers(app: Flask, cast: Cast, engine: str, _manager: int) -> None:
    """Eight people write to different ideas at once: no error, none undone."""
    with app.app_context():
        ideas = [idea_in(cast, "plan") for _ in range(8)]
        db.session.commit()
    visitors = [Visitor(app, cast.manager) for _ in range(8)]
    statuses: list[int] = []

    def write(n: int) -> None:
        token = visitors[n].csrf_token()
        for number in range(25):
            answer = visitors[n].client.post(
                f"/ideas/{ideas[n]}/comments", data={"csrf_token": token, "words": f"{n} {number}"}
            )
            statuses.append(answer.status_code)
            answer.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        from improve.ideas.models import Comment

        kept = db.session.scalar(
            db.select(db.func.count()).select_from(Comment).where(Comment.idea_id.in_(ideas))
        )
    errors = sum(1 for status in statuses if status >= 400)
    report(
        f"8 writers, 25 each ({engine})",
        "no error, none undone",
        f"{errors} errors, {kept} of 200 kept",
    )


def measure_chart() -> None:
    """Chart and verdict of 520 points."""
    start = date(2016, 1, 4)
    points = [
        Observed(start + timedelta(weeks=n), None, 40 + (n * 7) % 9 + (3 if n > 480 else 0), 52)
        for n in range(520)
    ]

    def once() -> None:
        analysis = analyse_series(points, chart="p", starts_on=points[480].x, unit="%")
        judge_chart(analysis, better="up")

    def drawn() -> None:
        analysis = analyse_series(points, chart="p", starts_on=points[480].x, unit="%")
        verdict = judge_chart(analysis, better="up")
        draw_views(analysis, "beside", tone=verdict.words.tone, better="up")

    report("Chart and verdict for 520 points", "< 10 ms", f"{cpu_of(once):.1f} ms")
    report("The same, drawn at four widths", "", f"{cpu_of(drawn):.1f} ms")


def measure_small_charts(app: Flask, cast: Cast, engine: str) -> None:
    """A team's page of 40 measures, each with 52 points and a judged test."""
    with app.app_context():
        team_id = make_team(cast.organisation, "Forty", slug="forty")
        for n in range(40):
            measure_id = make_measure(
                cast,
                team_id=team_id,
                name=f"Measure {n} of forty",
                numbers=[(38 + (w * 7 + n) % 11 + (3 if w > 36 else 0), 52) for w in range(52)],
                first_on=date(2025, 10, 6),
            )
            open_window(
                cast.actor("coach"),
                measure_id=measure_id,
                idea_id=1_000_000 + n,
                cycle_number=1,
                place="main",
                label="Cycle 1, everybody",
                starts_on=date(2026, 6, 22),
                is_judged=True,
            )
        db.session.commit()
    visitor = Visitor(app, cast.leader)

    def get() -> bytes:
        with visitor.client.get("/teams/forty/measures") as answer:
            return answer.get_data()

    with watched() as seen:
        page = get()
    if page.count(b'class="measure-card"') != 40:
        raise SystemExit("the page does not show 40 measures")
    report(
        f"Page of 40 small charts ({engine})",
        "< 150 ms",
        f"{cpu_of(get):.0f} ms, {len(page) / 1024:.0f} KB, {len(seen)} statements",
    )


def measure_import(app: Flask, cast: Cast, engine: str) -> None:
    """20,000 rows from the paste to the commit, and the memory of a process that takes them."""
    what = f"Import of 20,000 rows, preview and commit ({engine})"
    report(what, "< 5 s", f"{import_once(app, cast):.1f} s")
    if engine == "sqlite":
        report("Import of 20,000 rows: peak memory of the process", "< 200 MB", peak_memory())


#: The parts that need no site, and those measured on a site of each engine, in this order.
ALONE: dict[str, Callable[[], None]] = {"chart": measure_chart}
ON_A_SITE: dict[str, Callable[[Flask, Cast, str], None]] = {
    "board": measure_board,
    "search": lambda app, cast, engine: measure_search(app, cast, engine, report),
    "move": measure_move,
    "small-charts": measure_small_charts,
    "import": measure_import,
    "review": lambda app, cast, engine: measure_review(
        app, cast, engine, report=report, cpu_of=cpu_of
    ),
    "archive": lambda app, cast, engine: measure_archive(
        app, cast, engine, empty=lambda: make_empty(engine), report=report
    ),
}

#: What takes a quarter of an hour and 10 GB of disk, or a program that is not always there, or loads
#: the demo: measured only where it is asked for by name.
BY_NAME: dict[str, Callable[[], None]] = {
    "pages": lambda: measure_pages(report, cpu_of),
    "first-visit": lambda: measure_first_visit(report),
    "pooler": lambda: measure_pooler(report),
    "scale": lambda: measure_scale(report=report),
    "scale-tenth": lambda: measure_scale(report=report, size=TENTH),
}


def asked_for(arguments: list[str] | None = None) -> list[str]:
    """Return the names of the parts to measure; with ``--list`` print them and stop."""
    names = [*ALONE, *ON_A_SITE, *BY_NAME]
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description="Measure what the design holds."
    )
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="part",
        help=f"one of {', '.join(names)}; none: all but {', '.join(BY_NAME)}",
    )
    parser.add_argument("--list", action="store_true", help="name the parts, and measure nothing")
    asked = parser.parse_args(arguments)
    if asked.list:
        print("\n".join(names))
        parser.exit()
    if unknown := [part for part in asked.parts if part not in names]:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(names)}")
    return asked.parts or [*ALONE, *ON_A_SITE]


def main() -> int:
    """Measure everything, or the parts asked for, and print the table."""
    parts = asked_for()
    logging.disable(logging.WARNING)
    os.environ[databases.DURABLE] = "1"
    # On a disk: what is measured is what a council would wait for.
    os.environ[databases.RUN_FOLDER] = tempfile.mkdtemp(prefix="improve-bench-")
    print("| what | hold | found |\n|---|---|---|")
    try:
        for name in (n for n in ALONE if n in parts):
            ALONE[name]()
        if {"scale", "scale-tenth"} & set(parts):
            os.environ[databases.TUNED] = SERVER
        for name in (n for n in BY_NAME if n in parts):
            BY_NAME[name]()
        on_a_site = [n for n in ON_A_SITE if n in parts]
        for engine in ("sqlite", "postgresql") if on_a_site else ():
            app, cast = make_site(engine)
            for name in on_a_site:
                ON_A_SITE[name](app, cast, engine)
    finally:
        databases.stop_postgres()
        shutil.rmtree(os.environ[databases.RUN_FOLDER], ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
