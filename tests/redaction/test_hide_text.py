"""“This may identify someone”: any text is hidden at once, everywhere, from all but a few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas import queries, service
from improve.ideas.kinds import Stage
from improve.redaction.texts import Name
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in
from tests.pages import Visitor
from tests.statements import Watch
from tests.world import make_world, walk

Visit = Callable[..., Visitor]
SECRET = "Marmaduke Thistlewood"


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    with app.app_context():
        made = idea_in(cast, Stage.DO)
        service.comment(
            actor(cast.colleague),
            idea_id=made,
            words=f"The mother of {SECRET} liked the card",
            form_token="t1",
        )
        db.session.commit()
    return made


def comment_path(app: Flask) -> str:
    with app.app_context():
        found = db.session.execute(text("SELECT max(id) FROM comments")).scalar_one()
    return f"/may-identify/comment/{found}/words"


def hide(visitor: Visitor, path: str) -> Any:
    page = visitor.get(path)
    assert page.status == 200
    return visitor.send(page.form("/words" if path.endswith("/words") else path))


def test_a_comment_is_hidden_at_once(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    amina, path = visit(cast.practitioner), comment_path(app)
    asked = amina.get(path)
    assert SECRET in asked.main
    assert "It is hidden at once" in asked.main
    done = amina.send(asked.form(path))
    assert "It is hidden." in done.text
    # Whoever said so reads it no more, nor does a manager; twice is harmless.
    for person in (cast.practitioner, cast.manager, cast.leader, cast.coach):
        main = visit(person).get(f"/ideas/{idea_id}").main
        assert SECRET not in main
        assert "until a coach or the data protection lead has read it" in main
    assert amina.post(path).status == 303
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM hidden_texts")).scalar_one() == 1
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
        assert acts.count("text_hidden") == 1
        facts = db.session.execute(text("SELECT facts FROM audit_entries")).scalars()
        assert not any("Marmaduke" in str(one) for one in facts)
        told = list(
            db.session.execute(
                text("SELECT person_id FROM notices WHERE kind = 'words_hidden' ORDER BY person_id")
            ).scalars()
        )
        assert set(told) == {cast.coach, cast.data_protection_lead, cast.colleague}
        kinds = db.session.execute(text("SELECT kind FROM hidden_texts")).scalars()
        assert list(kinds) == ["comment"]


def test_who_reads_it_still(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    hide(visit(cast.leader), comment_path(app))
    with app.app_context():
        found = db.session.execute(text("SELECT id FROM hidden_texts")).scalar_one()
    for person in (cast.coach, cast.data_protection_lead, cast.colleague):
        page = visit(person).get(f"/words/{found}")
        assert SECRET in page.main
        assert "Hidden now" in visit(person).get(f"/may-identify/idea/{idea_id}").main
    for person in (cast.practitioner, cast.manager, cast.leader, cast.outsider):
        assert visit(person).get(f"/words/{found}").status == 404
    assert "Hidden now" not in visit(cast.manager).get(f"/may-identify/idea/{idea_id}").main


def test_a_title_goes_from_the_board_the_history_and_notices(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    with app.app_context():
        who = actor(cast.manager)
        seen = queries.idea_page(who, idea_id).version
        service.edit_field(
            who,
            idea_id=idea_id,
            field="title",
            value="Ring Rosalind Quickthorn first",
            seen_version=seen,
        )
        service.comment(who, idea_id=idea_id, words="Good", form_token="t2")
        db.session.commit()
    hide(visit(cast.practitioner), f"/may-identify/idea/{idea_id}/title")
    jo = visit(cast.colleague)
    board = jo.get("/teams/riverside/board")
    assert "Title hidden" in board.main
    for path in (
        f"/ideas/{idea_id}",
        f"/ideas/{idea_id}/history",
        "/me",
        "/teams/riverside/board?view=list",
    ):
        assert "Quickthorn" not in jo.get(path).text, path
    assert "Quickthorn" not in visit(cast.practitioner).get("/me").text
    assert (
        "Someone said that words of it may identify someone"
        in jo.get(f"/ideas/{idea_id}/history").main
    )
    # It stays usable: somebody may write another title.
    form = jo.get(f"/ideas/{idea_id}/edit/title").form("/edit/title")
    assert jo.send(form, {"value": "Ring before a visit"}).status == 200
    assert "Ring before a visit" in jo.get("/teams/riverside/board").main


def test_an_open_form_cannot_bring_the_words_back(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}/edit/title").form("/edit/title")
    hide(visit(cast.practitioner), f"/may-identify/idea/{idea_id}/title")
    assert sam.send(form, {"value": "As it was, with a full stop"}).status == 409


def test_what_one_may_not_read_one_may_not_hide(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    path = comment_path(app)
    assert visit(cast.outsider).get(path).status == 404
    assert visit(cast.outsider).post(path).status == 404
    assert visit(cast.administrator).get(path).status == 403
    jo = visit(cast.colleague)
    for unknown in (
        "/may-identify/comment/999999/words",
        "/may-identify/thing/1/words",
        "/may-identify/comment/1/nothing",
        "/may-identify/thing/1",
    ):
        assert jo.get(unknown).status == 404, unknown


def test_no_page_shows_hidden_words(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        world = make_world(cast)
        names = plant(cast)
        db.session.commit()
    coach = visit(cast.coach)
    for name in names:
        assert (
            coach.post(f"/may-identify/{name.kind}/{name.subject_id}/{name.field}").status == 303
        ), name
    for role in ("practitioner", "manager", "leader"):
        who = visit(getattr(cast, role))
        walked = walk(who, world.paths)
        assert len(walked.pages) > 20, role
        assert not [path for path, body in walked.pages.items() if "Thistlewood" in body], role
        found = who.get("/search?q=Thistlewood").soup.select("main li")
        assert not [one for one in found if "Thistlewood" in one.get_text()], role


def plant(cast: Cast) -> list[Name]:
    """Write the secret into every text that a reader can name; return their names."""
    from improve.redaction.service.sources import all_held
    from improve.redaction.texts import Root, RootKind

    who, names = actor(cast.coach), []
    for kind, table in (
        (RootKind.IDEA, "ideas"),
        (RootKind.HUDDLE, "huddles"),
        (RootKind.MEASURE, "measures"),
    ):
        ids = db.session.execute(
            text(f"SELECT id FROM {table} WHERE organisation_id = :o ORDER BY id"),
            {"o": cast.organisation},
        ).scalars()
        for root_id in list(ids):
            for source, held in all_held(who, Root(kind, root_id)):
                if held.is_shown and held.name.field != "document_link":
                    source.put(who, held, f"{SECRET} {held.words}"[: held.most])
                    names.append(held.name)
    return list(dict.fromkeys(names))


def test_few_statements(
    app: Flask, cast: Cast, visit: Visit, idea_id: int, statements: Watch
) -> None:
    jo, path = visit(cast.colleague), comment_path(app)
    for page in (f"/may-identify/idea/{idea_id}", path):
        with statements() as seen:
            assert jo.get(page).status == 200
        assert len(seen) <= 8, page


def test_who_said_so_is_named_on_no_page_of_a_conflict(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    with app.app_context():
        service.edit_field(
            actor(cast.practitioner),
            idea_id=idea_id,
            field="benefit",
            value=SECRET,
            seen_version=99,
        )
        db.session.commit()
    jo, sam = visit(cast.colleague), visit(cast.manager)
    path = f"/ideas/{idea_id}/edit/benefit"
    edit = sam.get(path).form("/benefit")
    move = sam.get(f"/ideas/{idea_id}/stage?to=plan").form("/stage")
    hide(jo, f"/may-identify/idea/{idea_id}/benefit")
    for lost in (
        sam.send(edit, {"value": "Fewer missed visits"}, follow=False),
        sam.send(move, {"note": "Too early"}, follow=False),
    ):
        assert lost.status == 409
        assert "Someone" in lost.main
        assert "Jo" not in lost.main.replace("Join", "")
