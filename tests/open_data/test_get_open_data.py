"""What somebody may see, as tables: no more than their pages, and no less."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas import service as ideas
from improve.ideas.kinds import Answerer
from improve.open_data.queries import tables as queries
from improve.redaction import service as redaction
from improve.redaction.texts import Name
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in, make_idea
from tests.pages import Visitor
from tests.statements import Watch
from tests.world import World, make_world

Visit = Callable[..., Visitor]
Rows = list[dict[str, str]]
RARE, NAMED, HIDDEN = "quokkazephyr", "lanternwort", "Was Kim Rareword there?"
READERS = ("practitioner", "colleague", "manager", "other_manager", "coach", "voices_reader",
           "leader", "data_protection_lead", "administrator")  # fmt: skip
#: Tables that a role has none of: it has no such pages either.
STAFF_ONLY = {"ideas", "measures", "observations", "learning-pages", "how-we-work", "huddles"}


@pytest.fixture
def world(app: Flask, lay: Callable[..., Any], cast: Cast) -> World:
    """Two councils; in ours a hidden author, an idea kept with a coach, and words hidden."""

    def make() -> World:
        make_world(cast, RARE, organisation="other")
        made = make_world(cast, NAMED)
        idea_in(cast, "do", text="A photo before the first visit", hides_name=True)
        make_idea(cast, text="=cmd|only for a coach", answerer=Answerer.COACH)
        ideas.comment(cast.actor("colleague"), idea_id=made.ideas[0], words=HIDDEN, form_token="k")
        comment = db.session.execute(text("SELECT max(id) FROM comments")).scalar_one()
        redaction.hide_text(cast.actor("practitioner"), name=Name("comment", comment, "words"))
        made_idea = make_idea(cast, text=f"Something else. {HIDDEN}")
        redaction.hide_text(cast.actor("colleague"), name=Name("idea", made_idea, "suggestion"))
        db.session.commit()
        return made

    return lay("open data", make)


def read(visitor: Visitor, name: str) -> Rows:
    """Download one table."""
    answer = visitor.client.get(f"/open-data/{name}.csv")
    assert answer.status_code == 200, name
    assert answer.mimetype == "text/csv"
    assert f"filename={name}.csv" in answer.headers["Content-Disposition"]
    body = answer.get_data()
    answer.close()
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def names_on(visitor: Visitor) -> list[str]:
    """Return the tables that the page offers."""
    page = visitor.get("/open-data")
    return [
        str(a["href"]).removeprefix("/open-data/").removesuffix(".csv")
        for a in page.links()
        if str(a["href"]).endswith(".csv")
    ]


@pytest.mark.parametrize("reader", READERS)
def test_every_table_holds_what_its_reader_may_see(
    cast: Cast, visit: Visit, world: World, reader: str
) -> None:
    visitor = visit(getattr(cast, reader))
    offered = names_on(visitor)
    page = visitor.get("/open-data")
    assert ("ideas" in offered) == (reader != "administrator")
    assert STAFF_ONLY - set(offered) == (STAFF_ONLY if reader == "administrator" else set())
    whole = ""
    for name in offered:
        rows = read(visitor, name)
        whole += repr(rows)
        section = page.soup.find(id=name)
        assert section is not None
        if name not in ("how-we-work", "what-families-told"):
            assert f"{len(rows):,} row" in section.get_text().replace("\u00a0", " "), name
        for row in rows[:3] if name == "ideas" else ():
            assert visitor.get(f"/ideas/{row['id']}").status == 200
    # Of another council nothing, of hidden words nothing, of accounts nothing.
    for never in (RARE, "Rareword", "@larchdale", "@fenwick", "Fenwick"):
        assert never not in whole, never


def test_a_table_holds_the_very_ideas_of_the_pages(cast: Cast, visit: Visit, world: World) -> None:
    for reader in ("practitioner", "other_manager", "leader", "coach"):
        visitor = visit(getattr(cast, reader))
        rows = read(visitor, "ideas")
        here = {int(row["id"]) for row in rows}
        largest = max(here) + 3
        for idea_id in range(1, largest):
            status = visitor.client.get(f"/ideas/{idea_id}").status_code
            assert (status == 200) == (idea_id in here), (reader, idea_id)
        for name in ("cycles", "stage-moves", "first-replies", "decisions", "tests-and-verdicts"):
            assert {int(row["idea"]) for row in read(visitor, name)} <= here, (reader, name)


def test_names_are_as_on_screen(cast: Cast, visit: Visit, world: World) -> None:
    def author(reader: int) -> tuple[str, set[str]]:
        visitor = visit(reader)
        photo = next(r for r in read(visitor, "ideas") if r["title"].startswith("A photo"))
        moves = [r for r in read(visitor, "stage-moves") if r["idea"] == photo["id"]]
        return photo["author"], {r["by"] for r in moves}

    assert author(cast.colleague)[0] == "A colleague"
    assert "Amina Birch" not in author(cast.colleague)[1]
    assert author(cast.leader)[0] == "A colleague"
    assert author(cast.manager)[0] == author(cast.practitioner)[0] == "Amina Birch"


def test_huddles_are_those_that_one_may_read(cast: Cast, visit: Visit, world: World) -> None:
    own = {row["team"] for row in read(visit(cast.manager), "actions")}
    assert own == {"Riverside"}
    assert read(visit(cast.other_manager), "actions") == []
    assert read(visit(cast.other_manager), "huddle-decisions") == []
    assert read(visit(cast.leader), "actions")


def test_thanks_are_ones_own(cast: Cast, visit: Visit, world: World) -> None:
    assert [r["words"] for r in read(visit(cast.practitioner), "my-thanks")] == [
        f"Well held. {NAMED}"
    ]
    assert read(visit(cast.colleague), "my-thanks") == []


@pytest.mark.security(10)
def test_a_formula_is_text(cast: Cast, visit: Visit, world: World) -> None:
    rows = read(visit(cast.coach), "ideas")
    assert [r["suggestion"] for r in rows if "cmd" in r["suggestion"]] == ["'=cmd|only for a coach"]


@pytest.mark.security(80)
def test_all_at_once_says_what_it_is_and_is_noted(
    app: Flask, cast: Cast, visit: Visit, world: World
) -> None:
    visitor = visit(cast.leader)
    form = visitor.get("/open-data").form("/all")
    answer = visitor.client.post(form.action, data=dict(form.values))
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as packed:
        said = json.loads(packed.read("datapackage.json"))
        for resource in said["resources"]:
            content = packed.read(resource["path"]).decode("utf-8-sig")
            head, *rows = list(csv.reader(io.StringIO(content, newline="")))
            assert head == [field["name"] for field in resource["schema"]["fields"]]
            assert len(rows) == resource["rows"]
            check_kinds(resource, head, rows)
        assert set(packed.namelist()) == {
            "datapackage.json", *(r["path"] for r in said["resources"])
        }  # fmt: skip
    answer.close()
    with app.app_context():
        row = db.session.execute(
            text("SELECT actor_id FROM audit_entries WHERE action = 'open_data_taken'")
        ).one()
        assert row.actor_id == cast.leader
    assert visitor.client.get("/open-data/all").status_code == 405
    plain = visitor.client.get("/open-data/datapackage.json").get_json()
    assert [r["name"] for r in plain["resources"]] == [r["name"] for r in said["resources"]]


def check_kinds(resource: dict[str, Any], head: list[str], rows: list[list[str]]) -> None:
    """Every cell is of the kind that the description says, and every key names one row."""
    kinds = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    readers: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "number": float,
        "date": date.fromisoformat,
        "boolean": {"yes": True, "no": False}.__getitem__,
        "datetime": lambda cell: date.fromisoformat(cell.removesuffix("Z").split("T")[0]),
        "string": str,
    }
    keys = [head.index(name) for name in resource["schema"].get("primaryKey", ())]
    found = set()
    for row in rows:
        assert len(row) == len(head)
        for name, cell in zip(head, row, strict=True):
            if cell:
                readers[kinds[name]](cell)
        found.add(tuple(row[n] for n in keys))
    assert len(found) == len(rows) or not keys, resource["name"]


def test_a_guest_and_a_stranger_get_none(cast: Cast, visit: Visit, world: World) -> None:
    for path in ("/open-data", "/open-data/ideas.csv", "/open-data/datapackage.json"):
        assert visit(cast.guest).client.get(path).status_code == 403
        assert visit().client.get(path).status_code == 303
    visitor = visit(cast.administrator)
    assert visitor.client.get("/open-data/ideas.csv").status_code == 404
    assert visitor.client.get("/open-data/people.csv").status_code == 404


def test_the_page_takes_two_statements(
    cast: Cast, visit: Visit, world: World, statements: Watch
) -> None:
    visitor = visit(cast.leader)
    with statements() as seen:
        visitor.get("/open-data")
    assert len(seen) <= 3


def test_rows_come_in_pieces(app: Flask, cast: Cast, world: World) -> None:
    with app.app_context():
        found = queries.table(actor(cast.coach), "ideas")
        rows = queries.rows(found)
        assert next(iter(rows))
        assert not db.session.identity_map
        db.session.rollback()
