"""Writing what an idea taught: begun with its words, as a draft, for all staff, changed later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.library import queries, service
from improve.library.learning import PageWords, missing
from improve.shared import limits
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.factories import Cast, finish_cycle, make_idea
from tests.library.pages import WORDS, written_page
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def idea(app: Flask, cast: Cast) -> int:
    with app.app_context():
        made = finish_cycle(cast, "abandon", title="Photos before visits")
        db.session.commit()
    return made


def test_a_page_begins_with_the_words_of_the_idea(
    app: Flask, cast: Cast, visit: Visit, idea: int
) -> None:
    amina = visit(cast.practitioner)
    page = amina.get(f"/ideas/{idea}/learning")
    form = page.form("/learning")
    values = dict(form.values)
    assert values["title"] == "A photo is enough"
    assert values["tried"] == "Send each child a photo two days before"
    assert values["happened"].startswith("Five photos sent.")
    kept = amina.send(form, {"was_hard": "Nobody knew who came."}, button="Keep as a draft")
    assert "A draft." in kept.main
    assert visit(cast.leader).get(kept.path).status == 404
    shared = amina.send(kept.form("/share"), button="Share it with all staff")
    assert "Shared. All staff can read it" in shared.main
    assert "Nobody knew who came." in visit(cast.leader).get(kept.path).main
    assert visit(cast.outsider).get(kept.path).status == 404
    # It is found by its words, in the library and by the search of the site.
    found = visit(cast.leader).get("/library?q=nobody+knew")
    assert "A photo is enough" in found.main
    assert "A photo is enough" not in visit(cast.leader).get("/library?q=otters").main
    assert kept.path in visit(cast.leader).get("/search?q=nobody+knew").soup.decode()
    with app.app_context():
        acts = db.session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.object_kind == "learning_page")
            .order_by(AuditEntry.id)
        ).all()
    assert acts == ["learning_written", "learning_shared"]


def test_what_is_needed_is_asked_for_all_at_once(
    app: Flask, cast: Cast, visit: Visit, idea: int
) -> None:
    amina = visit(cast.practitioner)
    form = amina.get(f"/ideas/{idea}/learning").form("/learning")
    empty = dict.fromkeys(("title", "tried", "happened"), "")
    refused = amina.send(form, {**empty, "is_story": "y"}, button="Share it with all staff")
    assert refused.status == 422
    for name in ("title", "tried", "happened", "was_hard", "changed_for_child"):
        assert refused.error_for(name), name
    draft = amina.send(
        refused.form("/learning"), {"title": "Only a title"}, button="Keep as a draft"
    )
    assert draft.heading == "Only a title"
    # A draft that lacks something cannot be shared: the form says what.
    unfinished = amina.send(draft.form("/share"), button="Share it with all staff")
    assert unfinished.status == 422
    assert unfinished.error_for("tried")


def test_others_may_not_write_it(app: Flask, cast: Cast, visit: Visit, idea: int) -> None:
    assert visit(cast.leader).get(f"/ideas/{idea}/learning").status == 403
    assert visit(cast.outsider).get(f"/ideas/{idea}/learning").status == 404
    with app.app_context():
        with pytest.raises(Forbidden):
            service.write_page(cast.actor("colleague"), idea_id=idea, words=WORDS)
        open_one = make_idea(cast, text="Not finished")
        with pytest.raises(NotFound):
            service.write_page(cast.actor("manager"), idea_id=open_one, words=WORDS)


def test_words_that_may_identify_are_read_again(cast: Cast, visit: Visit, idea: int) -> None:
    amina = visit(cast.practitioner)
    form = amina.get(f"/ideas/{idea}/learning").form("/learning")
    asked = amina.send(form, {"was_hard": "Her mother is called Ines"}, button="Keep as a draft")
    assert "a name" in asked.main
    saved = amina.send(asked.form("/learning"))
    assert "Her mother is called Ines" in saved.main


def test_two_who_write_see_both_texts(app: Flask, cast: Cast, visit: Visit, idea: int) -> None:
    with app.app_context():
        service.write_page(cast.actor("practitioner"), idea_id=idea, words=WORDS, share=True)
        db.session.commit()
    amina, sam = visit(cast.practitioner), visit(cast.manager)
    form = amina.get(f"/ideas/{idea}/learning").form("/learning")
    other = sam.get(f"/ideas/{idea}/learning").form("/learning")
    sam.send(other, {"tried": "Sam’s words"}, button="Save")
    stale = amina.send(form, {"tried": "Amina’s words"}, button="Save")
    assert stale.status == 409
    assert "Sam Alder changed this page while you were writing" in stale.main
    assert "Sam’s words" in stale.main
    assert "Amina’s words" in stale.main
    saved = amina.send(stale.form("/learning"), button="Save")
    assert "Amina’s words" in saved.main


def test_the_same_words_twice_change_nothing(app: Flask, cast: Cast) -> None:
    with app.app_context():
        page = written_page(cast)
        before = queries.page(cast.actor("leader"), page)
        again: dict[str, Any] = {"idea_id": before.idea_id, "words": WORDS, "share": True}
        assert service.write_page(cast.actor("practitioner"), **again) == page
        assert queries.page(cast.actor("leader"), page).version == before.version
        with pytest.raises(Stale):
            service.write_page(
                cast.actor("practitioner"), idea_id=before.idea_id, words=PageWords("Other")
            )


def test_texts_keep_their_limits(app: Flask, cast: Cast, idea: int) -> None:
    words = PageWords("x" * 121, tried="y" * (limits.length("learning_text") + 1), happened="z")
    with app.app_context(), pytest.raises(RuleBroken) as refused:
        service.write_page(cast.actor("practitioner"), idea_id=idea, words=words, share=True)
    assert [reason.field for reason in refused.value.reasons] == ["title", "tried"]
    assert [reason.field for reason in missing(PageWords(""))] == ["title", "tried", "happened"]


def test_stories_are_those_that_teams_picked(app: Flask, cast: Cast) -> None:
    with app.app_context():
        story = written_page(
            cast, is_story=True, was_hard="Fear", changed_for_child="They knew the face."
        )
        written_page(cast, title="No story")
        leader = cast.actor("leader")
        found = queries.stories(leader)
        assert [one.page_id for one in found] == [story]
        assert found[0].changed_for_child == "They knew the face."
        assert queries.stories(leader, team_ids=[cast.other_team]) == ()
        assert queries.stories(cast.actor("outsider")) == ()
