"""A page for supervision: drafted from one's ideas, one's own words, shared with one person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas import service as ideas
from improve.shared.db import db
from tests.factories import Cast, actor, finish_cycle, idea_in, make_idea
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
HERE = "/me/supervision"


@pytest.fixture
def page(app: Flask, cast: Cast, visit: Visit) -> str:
    """The address of a page that the practitioner made."""
    with app.app_context():
        make_idea(cast, text="Ring before the visit")
        stuck = idea_in(cast, "plan", text="A photo of the worker")
        ideas.mark_blocked(
            actor(cast.practitioner), idea_id=stuck, reason="No camera", who="The office"
        )
        finish_cycle(cast, "abandon", title="A checklist for the boot")
        make_idea(cast, text="Not mine at all", by=cast.colleague)
        db.session.commit()
    amina = visit(cast.practitioner)
    made = amina.send(amina.get(HERE).form("/supervision"))
    return made.path.removesuffix("/edit")


def of(app: Flask, sql: str) -> list[Any]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(text(sql)).all()]


def test_a_page_is_drafted_and_becomes_ones_own(cast: Cast, visit: Visit, page: str) -> None:
    amina = visit(cast.practitioner)
    form = amina.get(f"{page}/edit").form("/edit")
    held = dict(form.values)
    assert "Ring before the visit: Ideas" in held["ideas"]
    assert "A checklist for the boot: Stopped, 24" in held["ideas"]
    assert "A checklist for the boot: A photo is enough." in held["learned"]
    assert "A photo of the worker is blocked: No camera. Can help: The office" in held["in_the_way"]
    assert "Ring before the visit has had no first reply yet." in held["in_the_way"]
    assert "Not mine" not in str(held)
    assert held["asks"] == ""
    shown = amina.send(form, {"asks": "An hour on Thursday."})
    assert "An hour on Thursday." in shown.main
    assert "Only you." in shown.main


def test_twice_makes_one_and_stale_shows_both(
    app: Flask, cast: Cast, visit: Visit, page: str
) -> None:
    amina = visit(cast.practitioner)
    make = amina.get(HERE).form("/supervision")
    assert amina.send(make).path == amina.send(make).path
    assert of(app, "SELECT count(*) FROM supervision_pages") == [(2,)]
    form = amina.get(f"{page}/edit").form("/edit")
    amina.send(form, {"asks": "Time."})
    assert amina.send(form, {"asks": "Time."}).status == 200
    stale = amina.send(form, {"asks": "A name."})
    assert stale.status == 409
    assert "Time." in stale.main
    assert dict(stale.form("/edit").values)["asks"] == "A name."


def test_share_with_one_person_and_stop(app: Flask, cast: Cast, visit: Visit, page: str) -> None:
    amina, sam = visit(cast.practitioner), visit(cast.manager)
    assert sam.get(page).status == 404
    form = amina.get(f"{page}/share").form("/share")
    assert amina.send(form).error_for("with_id") == "Error: Choose who may read it."
    for other in (cast.practitioner, cast.outsider, cast.guest):
        refused = amina.post(f"{page}/share", {"with_id": other})
        assert refused.status in {422, 303}
        if other != cast.guest:
            assert refused.status == 422
    amina.send(form, {"with_id": str(cast.manager)})
    amina.send(form, {"with_id": str(cast.manager)})
    told = of(app, "SELECT person_id FROM notices WHERE kind = 'supervision_shared'")
    assert told == [(cast.manager,)]
    read = sam.get(page)
    assert "Ring before the visit" in read.main
    assert not read.has_form("/stop")
    assert sam.get(HERE).main.count("Amina Birch") == 1
    for path in ("edit", "share", "delete"):
        assert sam.get(f"{page}/{path}").status == 404
        assert sam.post(f"{page}/{path}", {"with_id": cast.coach}).status == 404
    assert sam.post(f"{page}/stop").status == 404
    assert visit(cast.coach).get(page).status == 404
    stop = amina.get(page).form("/stop")
    assert "Only you." in amina.send(stop).main
    assert amina.send(stop).status == 200
    assert sam.get(page).status == 404
    assert not of(app, "SELECT 1 FROM notices WHERE kind = 'supervision_shared'")
    acts = of(app, "SELECT action FROM audit_entries WHERE action LIKE 'supervision%' ORDER BY id")
    assert acts[-1] == ("supervision.sharing_stopped",)


def test_nobody_else_opens_it_and_delete_leaves_nothing(
    app: Flask, cast: Cast, visit: Visit, page: str
) -> None:
    for person in (cast.manager, cast.coach, cast.leader, cast.administrator, cast.outsider):
        assert visit(person).get(page).status == 404
        assert visit(person).post(f"{page}/stop").status == 404
    amina = visit(cast.practitioner)
    gone = amina.get(f"{page}/delete")
    assert "deleted" in amina.send(gone.form("/delete")).main
    assert amina.get(page).status == 404
    assert of(app, "SELECT count(*) FROM supervision_pages") == [(0,)]
    assert amina.client.get(f"{page}/stop").status_code == 405


def test_a_guest_shares_nothing(cast: Cast, visit: Visit) -> None:
    guest = visit(cast.guest)
    page = guest.send(guest.get(HERE).form("/supervision")).path.removesuffix("/edit")
    assert guest.get(f"{page}/share").status == 403
    assert guest.post(f"{page}/share", {"with_id": cast.manager}).status == 403


def test_pages_ask_little(cast: Cast, visit: Visit, page: str, statements: Watch) -> None:
    amina = visit(cast.practitioner)
    for path in (HERE, page, f"{page}/edit", f"{page}/share"):
        with statements() as seen:
            amina.get(path)
        assert len(seen) <= 8, path
