"""What pages say to a council that has only begun: what will stand there, and a next step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.accounts import service
from improve.accounts.roles import Role
from improve.shared.db import db
from tests.factories import Cast
from tests.pages import Visitor

Visit = Callable[..., Visitor]
Empty = dict[str, int]


@pytest.fixture
def empty(app: Flask) -> Empty:
    """A council with an administrator and a coach, and nothing else: no team, no idea."""
    with app.app_context():
        council = service.found_organisation(name="Emptyvale Council")
        people = {}
        for name, role in (("administrator", Role.ADMINISTRATOR), ("coach", Role.COACH)):
            people[name] = service.register_person(
                organisation_id=council, name=f"Ada {name}", email=f"{name}@emptyvale.example"
            )
            service.grant_role(organisation_id=council, person_id=people[name], role=role)
        db.session.commit()
    return people


#: Who opens which page, what it says there, and the link to the next step, where it is theirs.
SAID = (
    ("administrator", "/", "What comes next", ("A team", "/admin/teams/new")),
    ("administrator", "/admin/teams", "A team has its own board", ("Add a team", "/admin/teams/new")),
    ("administrator", "/log", "there is no team yet", ("Add the first team", "/admin/teams/new")),
    ("administrator", "/aims", "An aim says what good looks like", ("Add the first aim", "/aims/new")),
    ("administrator", "/me", "The ideas you log, lead or help with", None),
    ("administrator", "/me/news", "When someone replies to your idea", None),
    ("administrator", "/search", "Every word you type has to be there", None),
    ("coach", "/teams", "an administrator adds them", None),
    ("coach", "/log", "An administrator adds the first one.", None),
    ("coach", "/board", "An administrator adds teams.", None),
    ("coach", "/measures", "their measures show here", None),
    ("coach", "/review", "A cycle finishes when its team keeps, changes or stops", None),
    ("coach", "/review/month", "Nothing waits for you.", None),
    ("coach", "/library", "Here stands what finished ideas taught", ("See what was finished", "/review")),
    ("coach", "/voices", "Here stands what children and families tell us", None),
    ("coach", "/reports", "Here stands what two reviewers agreed", None),
    ("coach", "/blocked", "Ideas come here when a team says what is in the way", None),
)  # fmt: skip


def test_an_empty_council_is_told_what_will_stand_where(empty: Empty, visit: Visit) -> None:
    visitors = {name: visit(person) for name, person in empty.items()}
    for who, path, words, link in SAID:
        page = visitors[who].get(path)
        assert page.status == 200, path
        assert words in page.main, path
        if link is not None:
            assert page.link(link[0]) == link[1], path


def test_an_empty_team_is_told_so_too(cast: Cast, visit: Visit) -> None:
    sam, reader = visit(cast.manager), visit(cast.voices_reader)
    measures = sam.get("/teams/riverside/measures")
    assert "A measure is a number counted the same way every time" in measures.main
    assert measures.link("Choose a ready one") == "/teams/riverside/measures/catalogue"
    huddles = sam.get("/teams/riverside/huddles")
    assert "What you decide standing together" in huddles.main
    assert huddles.link("Start your first huddle")
    desk = reader.get("/voices/desk")
    assert "What children and families tell us comes here, what may be danger first." in desk.main
    for show in ("to-answer", "locked", "aside"):
        assert "Nothing" in reader.get(f"/voices/desk?show={show}").main
