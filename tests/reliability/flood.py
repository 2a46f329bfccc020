"""A machine floods the form of families while two processes answer: the day's ceiling holds."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import insert

from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import VoiceDraft
from improve.voices.service.draft import BEGUN_MOST
from tests.reliability.councils import application, working
from tests.reliability.serving import COOKIE, Answer, ask
from tests.reliability.sites import Site
from tests.reliability.table import Row, Size
from tests.voices.open_council import open_council

#: The demo's form, and how many of one network each process lets through past the ceiling.
PATH, QUIET = "/say/larchdale-council", 10
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SET = re.compile(rf"{COOKIE}=([^;]+)")


def measure(site: Site, size: Size) -> Iterator[Row]:
    """Bring the day to its ceiling, go on beginning the form, and count who gets in."""
    del size
    app, council = application(site.place), site.council.cast
    open_council(app, council)
    today = clock.today()
    with working(app):
        row = {"organisation_id": council.organisation, "began_on": today, "sealed": b""}
        begun = [{**row, "token_hash": secrets.token_hex(32)} for _ in range(BEGUN_MOST)]
        db.session.execute(insert(VoiceDraft), begun)
        db.session.commit()
    workers, tries = len(site.server.workers()), 45
    answers = Counter(_begin(site).status for _ in range(tries))
    let_in, most = answers[303], QUIET * workers
    found = [] if set(answers) <= {303, 429} else [f"answers {dict(answers)}"]
    if not QUIET <= let_in <= most:
        found.append(f"{let_in} got in")
    with working(app):
        db.session.execute(db.delete(VoiceDraft).where(VoiceDraft.sealed == b""))
        db.session.commit()
    yield Row(
        f"A flood of the families' form, {workers} processes",
        f"past the ceiling of the day at most {QUIET} of one network in each process",
        f"{let_in} of {tries} got in, {answers[429]} were asked to come back",
        is_held=not found,
        found=found,
    )


def _begin(site: Site) -> Answer:
    """Begin the form as somebody new from the same network."""
    server = site.server
    page = ask(server.host, server.port, "GET", PATH)
    token, cookie = _TOKEN.search(page.body), _SET.search(page.headers.get("Set-Cookie", ""))
    assert token is not None
    assert cookie is not None
    return ask(server.host, server.port, "POST", PATH, cookie=cookie[1],
               fields={"csrf_token": token[1], "language": "en"})  # fmt: skip
