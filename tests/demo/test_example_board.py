"""The example board: loaded whole, looked at by somebody invented, removed without a trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from improve.accounts.queries import council_signed_in_to
from improve.accounts.queries.directory import administrators_by_council
from improve.accounts.service import set_duty_numbers
from improve.accounts.sessions.visits import is_open
from improve.demo.example import load_example, remove_example
from improve.mail.service import enqueue
from improve.open_data.queries import archive
from improve.privacy.queries.documents import councils
from improve.shared import audit
from improve.shared.db import db
from improve.shared.whole_tables import all_tables
from tests.architecture.test_routes import RULES
from tests.factories import Cast, actor, make_idea
from tests.pages import Page, Visitor

BOARD = "/teams/riverside/board"
EXAMPLE = "/teams/example-team/board"
Visit = Callable[..., Visitor]

#: Whose rows an act in an example may touch: the session that looks at it.
_OF_THE_VISIT = {"auth_sessions"}


def load(visitor: Visitor) -> Page:
    """Press the button on one's own board that is still empty."""
    page = visitor.get(BOARD)
    return visitor.send(page.form("/example"), button="Load an example board")


def rows_of(app: Flask, organisation_id: int) -> dict[str, Any]:
    """Return all that an archive would hold of a council, and its log, to the byte."""
    with app.app_context(), archive.standing_still() as connection:
        held = {
            table.name: [
                repr(row)
                for row in archive.rows(connection, table, organisation_id, with_private=True)
            ]
            for table in archive.archived_tables(with_private=True)
        }
        held["end of the log"] = [repr(archive.audit_end(connection, organisation_id))]
    return held


def sizes(app: Flask) -> dict[str, int]:
    """Return how many rows each table has."""
    with app.app_context():
        found = {
            name: db.session.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in all_tables().items()
        }
        db.session.rollback()
    return found


def differing(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return the tables that differ."""
    return {name for name in before if before[name] != after[name]}


_TOKEN = re.compile(r'name="csrf_token"[^>]*>')
#: What people read that counts, searches, looks back or gives away.
READ = {
    "leader": ("/review", "/review/work", "/search?q=visits", "/open-data/ideas.csv", "/teams"),
    "administrator": ("/admin/people", "/admin/teams", "/search?q=example"),
    "data_protection_lead": ("/admin/privacy", "/admin/privacy/find"),
}


def pages_read(visitors: dict[str, Visitor]) -> dict[str, str]:
    """Return what these pages say to these people."""
    found = {}
    for role, paths in READ.items():
        for path in paths:
            with visitors[role].client.get(path) as answer:
                found[f"{role} {path}"] = f"{answer.status_code} {answer.get_data(as_text=True)}"
    return found


def without_references(said: dict[str, str]) -> dict[str, str]:
    """Return pages without what is new at each look: tokens of forms, and the session's end."""
    return {
        where: _TOKEN.sub("", "\n".join(_lines(page)).replace("\r", ""))
        for where, page in said.items()
    }


def _lines(page: str) -> list[str]:
    return [line for line in page.split("\n") if "data-session-ends-at" not in line]


def test_an_example_is_nowhere_but_in_itself(app: Flask, cast: Cast, visit: Visit) -> None:
    """Counts, search, review, open data, archive, privacy, log: the same before, during, after."""
    with app.app_context():
        make_idea(cast, team_id=cast.other_team, text="Ask who comes along on visits")
        db.session.commit()
    reading = {role: visit(getattr(cast, role)) for role in READ}
    sam = visit(cast.manager)
    sam.get(BOARD)
    before, said = rows_of(app, cast.organisation), without_references(pages_read(reading))
    had = sizes(app)

    page = load(sam)
    assert page.path == EXAMPLE
    assert page.heading == "Example team"
    titles = [title.get_text(strip=True) for title in page.soup.select(".card-title")]
    assert len(titles) == 12
    assert all(title.startswith("Example: ") for title in titles)
    assert "This is an example." in page.text
    # All that one may try: log an idea, move a card, meet.
    sent = sam.send(
        sam.get("/log").form("/log"), {"text": "Ring before we visit"}, button="Send idea"
    )
    assert "Example team board" in sent.main
    assert sam.get("/teams/example-team/measures").status == 200
    assert sam.get("/teams/example-team/huddles").status == 200

    during = rows_of(app, cast.organisation)
    assert differing(before, during) == {"audit_entries", "end of the log"}
    assert [row for row in during["audit_entries"] if row not in before["audit_entries"]] == [
        row for row in during["audit_entries"] if "example_loaded" in row
    ]
    assert without_references(pages_read(reading)) == said
    with app.app_context():
        assert audit.find_faults() == []
        assert {name for name, _ in administrators_by_council(())} == {
            name for name, _ in councils()
        }
        assert "Example" not in {name for name, _ in councils()}
        assert db.session.execute(text("SELECT count(*) FROM outbox_messages")).scalar() == 0
        assert not enqueue(key="any", to="tess.1@example.invalid", subject="News", body="News")

    gone = sam.send(sam.get(EXAMPLE).form("/example/remove"), button="Remove the example")
    assert gone.path == BOARD
    assert "The example is removed. Nothing of it is left." in gone.text
    after = rows_of(app, cast.organisation)
    assert differing(before, after) == {"audit_entries", "end of the log"}
    assert without_references(pages_read(reading)) == said
    left = {name for name, size in sizes(app).items() if size != had[name]}
    assert left == {"audit_entries"}
    with app.app_context():
        assert audit.find_faults() == []


def test_whoever_looks_at_it_reaches_nothing_else(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        own_idea = make_idea(cast, team_id=cast.other_team)
        db.session.commit()
    sam = visit(cast.manager)
    load(sam)
    # Nothing of their own council, by whatever address.
    for path in (BOARD, f"/ideas/{own_idea}", f"/ideas/{own_idea}/history"):
        assert sam.get(path).status == 404, path
    # No page of their account, of administration, of voices and reports, and none for the public.
    closed = ("/me", "/me/devices", "/me/password", "/me/settings", "/me/data", "/admin/people",
              "/admin/teams", "/admin/archive", "/open-data", "/library", "/review", "/voices",
              "/teams/example-team/walls", "/admin/who-may-do-what")  # fmt: skip
    for path in closed:
        page = sam.get(path)
        assert page.status == 403, path
    refused = sam.get("/me")
    assert "This is not part of the example. Go back to your own board" in refused.main
    assert "ask your manager" not in refused.main
    for path in ("/say/acorn", "/reports/tell"):
        with sam.client.get(path) as answer:
            assert answer.status_code == 303, path
    # Nor anybody else's way in.
    (idea_id,) = _some_ideas(app, 1)
    assert sam.get(f"/ideas/{idea_id}/guests").status == 403
    # The links that stand on its pages lead to none of these.
    board = sam.get(EXAMPLE)
    for words in ("Voices", "Reports", "Review", "Report", "Sam"):
        assert not board.links(words), words
    home = sam.send(board.form("/example/leave"), button="Back to your board")
    assert home.path == BOARD
    assert sam.get("/me").status == 200
    assert "This is an example" not in home.text


def leads_to(app: Flask, page: Page) -> dict[str, str]:
    """Return what the links and forms of a page lead to: each endpoint, with one path to it."""
    ways = [(link, "href", "GET") for link in page.soup.select("a[href^='/']")]
    for form in page.soup.select("form[action^='/']"):
        ways.append((form, "action", str(form.get("method", "get")).upper()))
    found = {}
    for node, where, method in ways:
        path = str(node[where]).partition("#")[0]
        endpoint, _ = app.url_map.bind("localhost").match(path.partition("?")[0], method=method)
        found.setdefault(f"{endpoint} by {method}", path)
    return found


def test_nothing_on_its_pages_leads_to_a_closed_door(app: Flask, cast: Cast, visit: Visit) -> None:
    """Every link and form of the board, of each idea, huddle and measure, and of what they open."""
    with app.app_context():
        numbers = {"day": "Duty 01632 960 123", "night": "01632 960 456"}
        set_duty_numbers(actor(cast.administrator), words=numbers, seen={})
        db.session.commit()
    sam = visit(cast.manager)
    pages, dead, seen = [load(sam)], [], set()
    pages += [sam.get(f"/ideas/{idea_id}") for idea_id in _some_ideas(app, 12)]
    while pages:
        page = pages.pop()
        for way, path in leads_to(app, page).items():
            if way in seen:
                continue
            seen.add(way)
            endpoint, _, method = way.partition(" by ")
            if not is_open(endpoint):
                dead.append(f"{page.path}: {way}")
            elif method == "GET":
                answer = sam.get(path)
                if answer.status == 200 and answer.response.mimetype == "text/html":
                    pages.append(answer)
                elif answer.status != 200:
                    dead.append(f"{page.path}: {way}, {answer.status}")
    assert dead == [], "\n".join(dead)
    # A worry that comes up meanwhile is real: the numbers are those of their own council.
    assert "01632 960 123" in sam.get("/safeguarding-worry").main


def _some_ideas(app: Flask, count: int) -> list[int]:
    with app.app_context():
        found = db.session.execute(
            text("SELECT id FROM ideas WHERE title LIKE 'Example: %' ORDER BY id LIMIT :count"),
            {"count": count},
        ).scalars()
        ids = list(found)
        db.session.rollback()
    return ids


def test_there_is_one_for_a_council_and_none_for_others(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    load(visit(cast.manager))
    had = sizes(app)
    # A second press, by a colleague: the same board.
    coach = visit(cast.coach)
    assert load(coach).path == EXAMPLE
    assert sizes(app)["ideas"] == had["ideas"]
    for role in ("practitioner", "voices_reader", "guest"):
        visitor = visit(getattr(cast, role))
        assert visitor.post("/example", {"example": "yes"}).status == 403
    assert not visit(cast.practitioner).get(BOARD).has_form("/example")
    # Another council neither finds it nor removes it.
    with app.app_context():
        assert remove_example(actor(cast.outsider_administrator)) is False
        # Two councils and an example: signing in does not take it for a council.
        assert council_signed_in_to(f"example--{cast.organisation}") is None
        db.session.rollback()
    # Nor does the public: it has no page that a council has.
    slug = f"example--{cast.organisation}"
    for begins in ("say", "changed", "report", "privacy", "accessibility", "sign-in"):
        page = visit().get(f"/{begins}/{slug}")
        own = visit().get(f"/{begins}/no-such-council")
        assert (page.status, page.heading) == (own.status, own.heading), begins
    # Removed by one, everybody who looks at it is at home at once.
    page = coach.get(EXAMPLE)
    visit(cast.leader).post("/example/remove", {"example": "yes"})
    assert coach.get(page.path).status == 404
    assert coach.get(BOARD).status == 200


def test_a_form_that_is_not_ours_loads_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    had = sizes(app)
    assert visit(cast.manager).post("/example").status == 303
    assert sizes(app)["organisations"] == had["organisations"]


def test_the_session_stays_its_owners(app: Flask, cast: Cast, visit: Visit) -> None:
    robin = visit(cast.administrator)
    assert robin.post("/example", {"example": "yes"}).status == 303
    assert robin.get(EXAMPLE).status == 200
    # An administrator's session is as short as ever, and their rights' change ends it.
    with app.app_context():
        db.session.execute(
            text("UPDATE people SET rights_version = rights_version + 1 WHERE id = :id"),
            {"id": cast.administrator},
        )
        db.session.commit()
    assert robin.get(EXAMPLE, follow=False).status == 303
    # Signing out while one looks at it ends the session, and says so in the council's log.
    sam = visit(cast.manager)
    page = load(sam)
    sam.send(page.form("/sign-out"), button="Sign out")
    assert sam.get(EXAMPLE, follow=False).status == 303
    with app.app_context():
        signed_out = db.session.execute(
            text("SELECT count(*) FROM audit_entries WHERE action='signed_out' AND actor_id=:id"),
            {"id": cast.manager},
        ).scalar()
        assert signed_out == 1


def test_a_night_removes_it_before_anything_is_counted(app: Flask, cast: Cast) -> None:
    had = sizes(app)
    with app.app_context():
        load_example(actor(cast.manager))
        db.session.commit()
    result = app.test_cli_runner().invoke(args=["nightly"])
    assert result.exit_code == 0, result.output
    assert "Example boards that were removed: 1." in result.output
    now = sizes(app)
    assert {name for name in had if now[name] != had[name]} <= {"audit_entries", "command_runs"}


def test_every_page_is_open_or_closed_by_what_it_belongs_to() -> None:
    """A new capability is closed until somebody opens it."""
    opened = {rule.endpoint.partition(".")[0] for rule in RULES if is_open(rule.endpoint)}
    assert opened == {"accounts", "example", "healthz", "home", "huddles", "ideas", "measures", "static"}  # fmt: skip


@pytest.mark.parametrize("endpoint", ["ideas.invite_guest", "huddles.calendar", "accounts.people"])
def test_what_lets_others_in_is_closed(endpoint: str) -> None:
    assert not is_open(endpoint)
