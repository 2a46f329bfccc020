"""Ten thousand strange bodies to every form: ``python -m tests.fuzz``.

Every route that takes a form is sent to by everybody it is offered to and by somebody it is not,
with at least twenty bodies each. ``--bodies`` says how many at least there are in all, ``--seed``
draws others; ``--engine`` takes one engine, ``--route`` one route, ``--turn`` one turn again.
Exit code 1 when something was found.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from improve.shared import clock
from improve.shared.db import db
from improve.shared.rate_limits import limiter
from tests import databases
from tests.conftest import NOW, make_app, postgres_template, sqlite_template
from tests.fuzz.scenes import SCENES
from tests.fuzz.turns import Done, Fuzzer, long_turns, said, short_turns
from tests.network import only_this_machine
from tests.states import PostgresKeeper, SQLiteKeeper, Standing

ENGINES = ("sqlite", "postgresql")
#: Bodies for each pair of route and sender, at least.
EACH = 20


@contextmanager
def stood(engine: str) -> Iterator[Standing]:
    """Yield the application on an empty database of its own."""
    if engine == "sqlite":
        path, template = databases.run_folder() / "fuzz.sqlite3", sqlite_template()
        shutil.copy(template, path)
        yield Standing(make_app(f"sqlite:///{path}"), SQLiteKeeper(path, template))
        return
    template_name = postgres_template()
    databases.make_postgres_database("fuzz", template=template_name)
    app = make_app(databases.postgres_url("fuzz"))
    yield Standing(app, PostgresKeeper("fuzz", databases.keep_postgres_rows("fuzz")))
    databases.close_connections()
    with app.app_context():
        db.engine.dispose()


def main() -> int:
    """Send, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--bodies", type=int, default=10_000, help="at least so many in all")
    parser.add_argument("--seed", type=int, default=20_261_124)
    parser.add_argument("--each", type=int, default=EACH, help="at least so many of each pair")
    parser.add_argument("--engine", choices=ENGINES, action="append")
    parser.add_argument("--route", action="append", help="by name, such as ideas.comment")
    parser.add_argument("--turn", type=int, action="append")
    parser.add_argument("--scene", choices=SCENES, help="as the tests do, in this scene")
    parser.add_argument(
        "--share", default="1/1", help="2/3: the second of three parts of the turns"
    )
    asked = parser.parse_args()
    os.environ[databases.RUN_FOLDER] = databases.make_run_folder("improve-fuzz-")
    logging.disable(logging.CRITICAL)
    is_good = True
    try:
        for engine in asked.engine or ENGINES:
            with only_this_machine(), stood(engine) as standing, clock.moved(NOW):
                is_good &= _run(engine, standing, asked)
    finally:
        databases.stop_postgres()
        shutil.rmtree(os.environ[databases.RUN_FOLDER], ignore_errors=True)
    return 0 if is_good else 1


def _run(engine: str, standing: Standing, asked: argparse.Namespace) -> bool:
    limiter.enabled = False
    began, done = time.monotonic(), Done()
    fuzzer = Fuzzer(standing, engine, asked.seed)
    fuzzer.again = f"--bodies {asked.bodies} --each {asked.each}"
    offered = fuzzer.offered("each")
    if asked.scene:
        each, fuzzer.again = 1, f"--scene {asked.scene} --bodies {asked.bodies}"
        made = list(short_turns(fuzzer.offered(asked.scene), asked.scene, asked.bodies, asked.seed))
    else:
        pairs = sum(1 for _ in long_turns(offered, 1, asked.seed))
        each = max(asked.each, -(-asked.bodies // pairs))
        made = list(long_turns(offered, each, asked.seed))
    turns = [
        turn
        for turn in made
        if (not asked.turn or turn.number in asked.turn)
        and (not asked.route or set(asked.route) & set(turn.routes))
    ]
    part, parts = map(int, asked.share.split("/"))
    turns = turns[part - 1 :: parts]
    print(f"{engine}: seed {asked.seed}, {len(turns):,} turns of {each}", flush=True)
    done_turns = 0
    for start in range(0, len(turns), 20):
        fuzzer.run(turns[start : start + 20], done)
        done_turns = min(start + 20, len(turns))
        print(f"  turn {done_turns:,}: {said(done)}, {time.monotonic() - began:.0f} s", flush=True)
    print("\n".join(dict.fromkeys(done.faults)))
    if done.without_form:
        print(f"  fields learned by asking: {', '.join(sorted(done.without_form))}")
    took = f"{time.monotonic() - began:.0f} s, {time.process_time():.0f} s of them CPU"
    print(f"{engine}: {said(done)}; {took}", flush=True)
    return not done.faults


if __name__ == "__main__":
    sys.exit(main())
