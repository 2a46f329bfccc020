"""Five hundred strange bodies on each engine; ``python -m tests.fuzz`` sends ten thousand."""

from __future__ import annotations

import os
import random

import pytest
from flask import Flask

from tests.fuzz import scenes
from tests.fuzz.bodies import ASKED, STRANGE
from tests.fuzz.turns import Done, Fuzzer, said, short_turns
from tests.states import Standing

SEED = int(os.environ.get("FUZZ_SEED", "20261124"))
BODIES = int(os.environ.get("FUZZ_BODIES", "500"))


@pytest.mark.security(4, 83)
def test_no_body_breaks_a_page(app: Flask) -> None:
    """Whoever sends whatever: no fault of ours, and a refusal is a page of ours and leaves no row."""
    standing: Standing = app.extensions["standing"]
    engine = "sqlite" if "sqlite" in app.config["SQLALCHEMY_DATABASE_URI"] else "postgresql"
    # One of each thing on one engine, a council where much has happened on the other.
    name = "world" if engine == "sqlite" else "each"
    fuzzer, done = Fuzzer(standing, engine, SEED), Done()
    fuzzer.again = f"--scene {name} --bodies {BODIES}"
    fuzzer.run(list(short_turns(fuzzer.offered(name), name, BODIES, SEED)), done)
    assert not done.faults, "\n".join(done.faults)
    assert done.bodies >= BODIES
    assert len(done.routes) > min(BODIES, 500) // 5, said(done)
    assert {200, 400, 401, 403, 404, 422} <= set(done.statuses), said(done)


@pytest.mark.security(4, 83)
def test_no_question_behind_an_address_breaks_a_page(app: Flask) -> None:
    standing: Standing = app.extensions["standing"]
    chance = random.Random(SEED)  # noqa: S311 - a fixed seed, printed when it fails
    scene = scenes.lay(standing, "each")
    paths = sorted(path for path in set(scene.pages) if not path.startswith("/admin/archive"))
    for asker in scenes.ASKERS:
        visitor = scenes.visitor_of(app, scene, asker)
        for _ in range(20):
            path = chance.choice(paths)
            asked = {n: chance.choice(STRANGE) for n in ASKED if chance.random() < 0.4}
            asked = {n: v.encode("utf-8", "replace").decode()[:2_000] for n, v in asked.items()}
            answer = visitor.client.get(path, query_string=asked)
            answer.close()
            assert answer.status_code < 500, f"seed {SEED}, {asker}: GET {path} {asked}"
