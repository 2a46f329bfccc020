"""Many web processes through PgBouncer in transaction mode: ``python -m tests.benchmarks pooler``.

Needs ``apt install pgbouncer``. 24 people read and write at once over 4 connections to PostgreSQL.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import func, select

from improve.app import create_app
from improve.ideas.models import Comment
from improve.migrations import upgrade_database
from improve.shared.db import db
from tests import databases
from tests.conftest import test_settings
from tests.factories import make_cast, make_idea
from tests.pages import Visitor

#: Three applications, as three processes would be, of eight people each.
APPLICATIONS, PEOPLE, EACH, CONNECTIONS = 3, 24, 10, 4


@contextmanager
def pooler(database: str) -> Iterator[str]:
    """Run PgBouncer in front of a database; give the address that leads through it."""
    program = shutil.which("pgbouncer")
    if program is None:
        raise SystemExit("PgBouncer is not here: sudo apt install pgbouncer")
    server = urlsplit(databases.postgres_url(database))
    port = databases.free_port()
    folder = databases.run_folder()
    folder.chmod(0o755)
    known = folder / "pgbouncer-users.txt"
    known.write_text('"improve" ""\n', encoding="ascii")
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n{database} = host=127.0.0.1 port={server.port}\n[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = trust\n"
        f"auth_file = {known}\npool_mode = transaction\ndefault_pool_size = {CONNECTIONS}\n"
        "max_client_conn = 500\n",
        encoding="ascii",
    )
    running = subprocess.Popen(
        [*databases.as_somebody(), program, "-q", str(settings)], start_new_session=True
    )
    try:
        time.sleep(1)
        yield f"postgresql+psycopg://improve@127.0.0.1:{port}/{database}"
    finally:
        running.terminate()
        running.wait(timeout=10)


def measure_pooler(report: Callable[[str, str, str], None]) -> None:
    """Report whether all reads and writes came through, and over how few connections."""
    databases.make_postgres_database("pooled")
    plain = create_app(test_settings(databases.postgres_url("pooled")))
    upgrade_database(plain)
    with plain.app_context():
        db.engine.dispose()
    with pooler("pooled") as address:
        apps = [
            create_app({**test_settings(address), "HAS_POOLER": True}) for _ in range(APPLICATIONS)
        ]
        app = apps[0]
        with app.app_context():
            cast = make_cast()
            ideas = [make_idea(cast) for _ in range(PEOPLE)]
            db.session.commit()
        visitors = [Visitor(apps[n % APPLICATIONS], cast.manager) for n in range(PEOPLE)]
        statuses: list[int] = []
        most = [0]

        def act(n: int) -> None:
            token = visitors[n].csrf_token()
            for number in range(EACH):
                said = {"csrf_token": token, "words": f"{n} {number}"}
                path = f"/ideas/{ideas[n]}"
                for answer in (
                    visitors[n].client.get(path),
                    visitors[n].client.post(f"{path}/comments", data=said),
                ):
                    statuses.append(answer.status_code)
                    answer.close()

        threads = [threading.Thread(target=act, args=(n,)) for n in range(PEOPLE)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            most[0] = max(most[0], _connections("pooled"))
            time.sleep(0.1)
        with app.app_context():
            kept = db.session.scalar(select(func.count()).select_from(Comment))
            db.session.remove()
            db.engine.dispose()
    errors = sum(1 for status in statuses if status >= 400)
    report(
        f"Through PgBouncer, transaction mode: {PEOPLE} people, {2 * PEOPLE * EACH} requests",
        f"no error, none undone, at most {CONNECTIONS} connections",
        f"{errors} errors, {kept} of {PEOPLE * EACH} kept, at most {most[0]} connections",
    )


def _connections(database: str) -> int:
    """Return how many connections PostgreSQL has for this database, without the one that asks."""
    address = databases.postgres_url(database).replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
            (database,),
        ).fetchone()
    return int(found[0]) if found else 0
