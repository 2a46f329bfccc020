"""Every page that a signed-in person can open reads the database eight times at most.

However much there is: a page whose statements grow with its rows is quick in a demo and slow in a
council. Every route that is read is opened, so a new one is tried without being named here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import passwords
from improve.accounts.roles import Role
from improve.ideas import service as ideas
from improve.ideas.kinds import Unblocker
from improve.library import service as library
from improve.shared.db import db
from tests.accounts.phones import set_up_phone
from tests.architecture.test_routes import GUARDED, one_of_each, path_of
from tests.benchmarks.seeding import add_ideas
from tests.factories import PASSWORD, Cast, make_measure, make_person, make_team
from tests.pages import Visitor
from tests.statements import watched
from tests.world import STARTS, World, make_world

Lay = Callable[[str, Callable[[], Any]], Any]
MOST = 8
#: Between them they may open every page; whose own page it is finds it.
ASKING = ("manager", "practitioner", "coach", "leader", "administrator", "voices_reader",
          "incident_reviewer")  # fmt: skip
#: Pages that need more than one of each thing, which tests of their own make: a huddle that is
#: over, a table with wrong rows, a number that was left out, a view, a sample with two readings.
#: And what is no page: it leads on to the council's own sign-in.
ELSEWHERE = {
    "accounts.prove_again",
    "huddles.calendar",
    "huddles.huddle",
    "huddles.notes",
    "ideas.rename_view",
    "measures.change_point",
    "measures.count_point_again",
    "measures.leave_point_out",
    "measures.settle_differences",
    "measures.take_baseline_back",
    "measures.take_middle_line_back",
    "redaction.say_text",
    "review.rename_review",
    "voices.typed_in",
}


#: Pages of ideas that only those at another stage have.
TAILS = ("", "/stage", "/history", "/learned", "/learning")


def fill(cast: Cast) -> tuple[dict[str, Any], World]:
    """Make one of each thing that addresses name, two worlds, and many of what pages list."""
    ids = one_of_each(cast)
    world = make_world(cast)
    make_world(cast, "again")
    for number in range(12):
        make_team(cast.organisation, f"Team {number}", slug=f"team-{number}")
        make_measure(cast, name=f"Counted {number}", numbers=[(30 + n % 5, 50) for n in range(14)])
    manager = cast.actor("manager")
    for number in range(24):
        person = make_person(cast.organisation, role=Role.PRACTITIONER, team_id=cast.team)
        idea_id, words = world.ideas[number % 3], f"Word {number}"
        ideas.comment(manager, idea_id=idea_id, words=words, form_token=f"c{number}")
        ideas.say_thanks(
            manager, to_id=person, words=words, idea_id=idea_id, form_token=f"t{number}"
        )
    library.link_to_origin(
        manager, idea_id=world.ideas[0], origin_id=world.ideas[-1], form_token="l"
    )
    # Each change of a phone's codes asks for it.
    known = {"known": passwords.hash_password(PASSWORD)}
    db.session.execute(text("UPDATE people SET password_hash = :known"), known)
    ideas.mark_blocked(
        manager,
        idea_id=world.ideas[2],
        reason="One signature",
        who="Our director",
        level=Unblocker.DIRECTOR,
    )
    place = {"organisation_id": cast.organisation, "team_id": cast.team}
    add_ideas(**place, author_id=cast.colleague, count=180)
    db.session.commit()
    return ids, world


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_at_most_eight_statements(app: Flask, cast: Cast, lay: Lay) -> None:
    """The engines run the same statements, so one tells of both."""
    ids, world = lay("much of everything", lambda: fill(cast))
    set_up_phone(app, ids["person_id"])
    reads = {rule.endpoint: path_of(rule, ids) for rule, method in GUARDED if method == "GET"}
    paths = [*reads.values(), *STARTS]
    paths += [f"/ideas/{idea}{tail}" for idea in world.ideas for tail in TAILS]
    paths += [f"/ideas/{world.ideas[0]}/comments/1/edit"]
    paths += [path for path in world.paths if path.startswith("/measures/")]
    tails = ("try", "spread", "told", "sustained", "came-from", "came-from/undo")
    paths += [f"/ideas/{idea}/{tail}" for idea in world.ideas[-2:] for tail in tails]
    paths += [f"/ideas/{world.ideas[0]}/{tail}" for tail in ("adaptation", "spread")]
    paths += [f"/review/read/{world.ideas[-1]}/1"]
    paths += [f"/review/month/answer/blocked/{world.ideas[2]}/visit"]
    paths += world.listening.paths if world.listening else ()
    paths += world.reporting.paths if world.reporting else ()
    paths += ["/reports/tell/safe"]
    paths = list(dict.fromkeys(paths))
    where = app.url_map.bind("localhost")
    opened: set[str] = set()
    beyond: dict[str, str] = {}
    for who in ASKING:
        visitor = Visitor(app, getattr(cast, who))
        visitor.post("/reports/tell")  # a question is asked of whoever began
        visitor.post("/me/second-factor", {"act": "set up", "password": PASSWORD})
        with watched() as seen:
            for path in paths:
                with visitor.client.get(path) as answer:
                    if answer.status_code == 200:
                        opened.add(where.match(path.split("?")[0])[0])
        by_page: dict[str, list[str]] = defaultdict(list)
        for one in (one for one in seen if one.page):
            by_page[one.page].append(one)
        beyond |= {
            f"{who} {path}: {len(found)} statements": "\n".join(sql[-160:] for sql in found)
            for path, found in by_page.items()
            if len(found) > MOST
        }
    assert not beyond, "\n\n".join(f"{what}\n{found}" for what, found in beyond.items())
    closed = set(reads) - opened - ELSEWHERE
    assert not closed, "\n".join(sorted(closed))
