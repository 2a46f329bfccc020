"""A council leaves one installation and is the same in another, whichever engine either has."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import text

from improve.cpd.service.supervision import make_page
from improve.ideas import service as ideas
from improve.measures import service as measures
from improve.open_data.queries import archive as queries
from improve.redaction import service as redaction
from improve.redaction.texts import Name
from improve.shared import audit
from improve.shared.db import db
from tests.accounts.phones import secret_on
from tests.conftest import NOW
from tests.factories import Cast, actor
from tests.open_data.moving import (
    ANEW,
    House,
    check_same,
    counts_of,
    export,
    news_settled,
    rows_of,
    run,
)
from tests.pages import Visitor
from tests.world import World, make_world

RARE = "quokkazephyr"


@pytest.fixture
def world(app: Flask, cast: Cast) -> World:
    """A council where much has happened, beside another one."""
    with app.app_context():
        make_world(cast, RARE, organisation="other")
        made = make_world(cast, "lanternwort")
        practitioner = cast.actor("practitioner")
        make_page(practitioner, form_token="s")
        ideas.comment(
            cast.actor("colleague"), idea_id=made.ideas[0], words="Was Kim there?", form_token="k"
        )
        comment = db.session.execute(text("SELECT max(id) FROM comments")).scalar_one()
        redaction.hide_text(practitioner, name=Name("comment", comment, "words"))
        db.session.commit()
    return made


def paths(world: World) -> list[str]:
    """Pages on which a council would see that something is missing."""
    return [
        "/teams/riverside/board",
        "/teams/riverside/finished",
        f"/measures/{world.measure}",
        f"/measures/{world.measure}?view=table",
        *(f"/ideas/{idea_id}" for idea_id in world.ideas),
        f"/ideas/{world.ideas[-1]}/history",
        f"/teams/riverside/huddles/{world.huddle}",
        "/aims",
        "/review",
        "/review/how-we-work",
        "/search?q=lanternwort",
        "/open-data",
    ]


def read(app: Flask, person_id: int, world: World) -> dict[str, str]:
    """Return what somebody reads on each of these pages."""
    with app.app_context():
        visitor = Visitor(app, person_id)
        return {path: visitor.get(path).main for path in paths(world)}


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_everything_is_there_again(
    app: Flask, cast: Cast, world: World, to: str, house: House
) -> None:
    file = house.file("all.zip")
    export(app, file, "larchdale-council", "--with-private")
    with house.empty(to) as other:
        code, said = run(other, "import-archive", file)
        assert code == 0, said
        assert "Larchdale Council is here" in said
        check_rows(app, other, cast)
        # Read before anything is written there.
        assert read(other, cast.manager, world) == read(app, cast.manager, world)
        with other.app_context():
            assert audit.find_faults() == []
            check_log(file)
            assert measures.recompute_all() == 0
            assert ideas.settle_every_team() == 0
            db.session.rollback()
            check_goes_on(cast)
        again = house.file("again.zip")
        export(other, again, "larchdale-council", "--with-private")
        check_same(file, again)


def check_rows(app: Flask, other: Flask, cast: Cast) -> None:
    """Compare every row of every table, and that nothing else came along."""
    before = news_settled(rows_of(app, cast.organisation), NOW)
    after = rows_of(other, cast.organisation)
    for name, rows in before.items():
        if name not in ANEW:
            assert after[name] == rows, name
    assert RARE not in repr(after)
    held = counts_of(other)
    for name, rows in before.items():
        assert held[name] == len(rows) or name in ANEW, name
    assert held["organisations"] == 1
    assert held["one_time_links"] == 1
    assert held["auth_sessions"] == held["kept_words"] == held["outbox_messages"] == 0


def check_log(file: Path) -> None:
    """The log is the old one behind an entry that says where it came from and how it ended."""
    with zipfile.ZipFile(file) as packed:
        said = json.loads(packed.read("manifest.json"))["audit"]
        old = [json.loads(line) for line in packed.open("tables/audit_entries.jsonl")]
    rows = db.session.execute(
        text("SELECT action, facts FROM audit_entries WHERE organisation_id > 0 ORDER BY sequence")
    ).all()
    actions = [row.action for row in rows][: len(old) + 2]
    before = [entry["action"] for entry in old]
    assert actions == ["log_brought_in", *before, "invitation_sent"]
    facts = rows[0].facts if isinstance(rows[0].facts, dict) else json.loads(rows[0].facts)
    assert (facts["entries"], facts["head"]) == (said["entries"], said["head"])
    assert len(facts["archive_sha256"]) == 64


def check_goes_on(cast: Cast) -> None:
    """Work goes on behind the last numbers, and is found."""
    largest = db.session.execute(text("SELECT max(id) FROM ideas")).scalar_one()
    made = ideas.propose_idea(
        actor(cast.practitioner), text="A bell at the door", team_id=cast.team, form_token="bell"
    )
    assert made.idea_id == largest + 1
    db.session.rollback()


def test_somebody_gets_in_and_lets_the_others_in(
    app: Flask, cast: Cast, world: World, house: House
) -> None:
    file = house.file("all.zip")
    seal = re.search(r"\b[0-9a-f]{64}\b", export(app, file, "larchdale-council"))
    assert seal
    with house.empty("sqlite") as other:
        code, said = run(other, "import-archive", file, "--sha256", seal.group())
        assert code == 0, said
        with other.app_context():
            hashes = text("SELECT count(*) FROM people WHERE password_hash IS NOT NULL")
            assert db.session.execute(hashes).scalar() == 0
            db.session.remove()
        link = re.search(r"http://localhost(/invitation/[\w-]{32})", said)
        assert link
        admin = Visitor(other)
        page = admin.get(link.group(1))
        password = "seven quiet otters by the weir"
        begin = admin.send(page.form(), {"password": password})
        picture = admin.send(begin.form(button="Show the picture"))
        code = pyotp.TOTP(secret_on(picture)).at(NOW)
        codes = admin.send(picture.form("/confirm"), {"code": code})
        admin.send(codes.form(button="I have written them down"))
        assert admin.get("/admin/people").heading == "People"
        assert admin.get(f"/admin/people/{cast.manager}").form(button="Send a fresh link")


def test_what_is_private_stays_behind_by_itself(
    app: Flask, cast: Cast, world: World, house: House
) -> None:
    file = house.file("plain.zip")
    export(app, file, "larchdale-council")
    with zipfile.ZipFile(file) as packed:
        whole = b"".join(packed.read(name) for name in packed.namelist()).decode()
        hidden = [json.loads(line) for line in packed.open("tables/hidden_texts.jsonl")]
        people = [json.loads(line) for line in packed.open("tables/people.jsonl")]
    assert "Was Kim there?" not in whole
    assert RARE not in whole
    assert [(h["kept"], h["settled_as"]) for h in hidden] == [(None, "removed")]
    assert {p["password_hash"] for p in people} == {None}
    assert "tables/supervision_pages.jsonl" not in whole
    with house.empty("sqlite") as other:
        code, said = run(other, "import-archive", file)
        assert code == 0, said
        assert counts_of(other)["supervision_pages"] == 0
        with other.app_context():
            assert audit.find_faults() == []


def test_the_log_says_who_took_it(app: Flask, cast: Cast, world: World, house: House) -> None:
    export(app, house.file("all.zip"), "larchdale-council", "--with-private")
    with app.app_context(), queries.standing_still() as connection:
        row: Any = connection.execute(
            text("SELECT * FROM audit_entries WHERE action = 'archive_made'")
        ).one()
        assert row.organisation_id == cast.organisation
        assert row.actor_id is None
    with app.app_context():
        assert audit.find_faults() == []
