"""Hidden words are read, then taken out of every place at once, or the text is shown again."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas import queries, service
from improve.ideas.kinds import Stage
from improve.mail import service as mail
from improve.redaction import service as redaction
from improve.redaction.texts import Name
from improve.shared import audit
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in, make_idea
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
SECRET = "Marmaduke Thistlewood"
LEFT = "[words removed by data protection lead, 24 Nov 2026]"


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    """An idea whose title, an earlier version of it, a comment and a mail hold the words."""
    with app.app_context():
        who = actor(cast.manager)
        made = idea_in(cast, Stage.DO)
        seen = queries.idea_page(who, made).version
        for value in (f"Ring {SECRET} first", "Ring before a visit"):
            seen = service.edit_field(
                who, idea_id=made, field="title", value=value, seen_version=seen
            )
        service.comment(
            actor(cast.colleague),
            idea_id=made,
            words=f"The mother of marmaduke\nthistlewood liked it. {SECRET}: yes.",
            form_token="t1",
        )
        mail.enqueue(
            key="m1",
            to="amina.birch@larchdale.example",
            subject=f"About {SECRET}",
            body=f"{SECRET} is named here.\nhttps://improve.example/ideas/{made}\n",
        )
        db.session.commit()
    return made


def hide(app: Flask, person_id: int) -> int:
    with app.app_context():
        found = db.session.execute(text("SELECT max(id) FROM comments")).scalar_one()
        redaction.hide_text(actor(person_id), name=Name("comment", found, "words"))
        db.session.commit()
        return db.session.execute(text("SELECT max(id) FROM hidden_texts")).scalar_one()


def all_words(app: Flask) -> str:
    """Return everything that the database holds, whatever the table."""
    with app.app_context():
        return "\n".join(
            str(tuple(row))
            for table in db.metadata.sorted_tables
            for row in db.session.execute(table.select())
        )


def test_words_are_taken_out_of_every_place(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    hidden_id = hide(app, cast.manager)
    dev = visit(cast.data_protection_lead)
    desk = dev.get("/words")
    assert "1 text waits" in desk.main
    assert SECRET not in desk.text
    page = dev.get(f"/words/{hidden_id}")
    assert SECRET in page.main
    asked = dev.send(page.form("/take-out"), {"phrases": SECRET})
    for place in ("A comment", "An earlier version", "A mail not sent yet"):
        assert place in asked.main
    assert SECRET in all_words(app)
    unsaid = dev.send(asked.form("/taken-out"))
    assert unsaid.status == 422
    assert "Say whether this is a data breach." in unsaid.main
    done = dev.send(unsaid.form("/taken-out"), {"breach": "unsure"})
    assert "The words are taken out everywhere." in done.text
    assert "It may be a data breach" in done.main
    assert "thistlewood" not in all_words(app).lower()
    idea = visit(cast.practitioner).get(f"/ideas/{idea_id}")
    assert f"The mother of {LEFT} liked it. {LEFT}: yes." in idea.main
    with app.app_context():
        kept = db.session.execute(text("SELECT kept, breach, settled_as FROM hidden_texts")).one()
        assert (kept.kept, kept.breach, kept.settled_as) == (None, "unsure", "removed")
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
        assert acts.count("words_removed") == 1
        told = db.session.execute(
            text("SELECT person_id FROM notices WHERE kind = 'words_removed'")
        ).scalars()
        assert list(told) == [cast.colleague]
        assert not audit.find_faults()
    # Twice is harmless: it says what was done.
    assert dev.post(f"/words/{hidden_id}/take-out").status == 303


# PostgreSQL forgets deleted words in its own time, after a vacuum.
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_nothing_is_left_in_the_file(app: Flask, cast: Cast, idea_id: int) -> None:
    hidden_id = hide(app, cast.manager)
    file = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    assert b"Thistlewood" in written(file)
    with app.app_context():
        redaction.take_words_out(
            actor(cast.coach), hidden_id=hidden_id, phrases=[SECRET], breach="no"
        )
        db.session.commit()
    assert b"thistlewood" not in written(file).lower()


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("ends_well", [True, False])
def test_a_savepoint_in_between_neither_waits_nor_forgets(
    app: Flask, cast: Cast, idea_id: int, ends_well: bool
) -> None:
    """To empty the log while the write lock is held would wait ten seconds, and for nothing."""
    hidden_id = hide(app, cast.manager)
    file = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    with app.app_context():
        redaction.take_words_out(
            actor(cast.coach), hidden_id=hidden_id, phrases=[SECRET], breach="no"
        )
        savepoint, began = db.session.begin_nested(), time.monotonic()
        if ends_well:
            savepoint.commit()
        else:
            savepoint.rollback()
        assert time.monotonic() - began < 5
        db.session.commit()
        assert b"thistlewood" not in written(file).lower()


def written(file: Path) -> bytes:
    """Return every byte of the database's file and the log beside it."""
    found = [file, file.with_name(file.name + "-wal")]
    return b"".join(one.read_bytes() for one in found if one.exists())


def test_a_text_is_shown_again_with_a_reason(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    hidden_id = hide(app, cast.manager)
    priya = visit(cast.coach)
    form = priya.get(f"/words/{hidden_id}").form("/show")
    unsaid = priya.send(form)
    assert unsaid.status == 422
    assert "Say why it identifies nobody." in unsaid.main
    done = priya.send(unsaid.form("/show"), {"why": "It is the name of a garden"})
    assert "The text is shown again" in done.text
    assert SECRET in visit(cast.manager).get(f"/ideas/{idea_id}").main
    assert "It is the name of a garden" in priya.get(f"/words/{hidden_id}").main
    assert priya.post(f"/words/{hidden_id}/show", {"why": "Again"}).status == 303
    with app.app_context():
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
        assert acts.count("text_shown_again") == 1
    # It may be hidden again.
    assert hide(app, cast.manager) != hidden_id


def test_what_its_author_wrote_meanwhile_stays(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    hidden_id = hide(app, cast.manager)
    jo = visit(cast.colleague)
    with app.app_context():
        found = db.session.execute(text("SELECT max(id) FROM comments")).scalar_one()
    form = jo.get(f"/ideas/{idea_id}/comments/{found}/edit").form("/edit")
    jo.send(form, {"words": "A parent liked it"})
    with app.app_context():
        redaction.show_again(actor(cast.coach), hidden_id=hidden_id, why="Changed by its author")
        db.session.commit()
    main = visit(cast.manager).get(f"/ideas/{idea_id}").main
    assert "A parent liked it" in main
    assert SECRET not in main


def test_words_are_refused_that_stand_nowhere(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    hidden_id = hide(app, cast.manager)
    dev = visit(cast.data_protection_lead)
    form = dev.get(f"/words/{hidden_id}").form("/take-out")
    for typed, words in (
        ("", "Write or tick the words to take out."),
        ("x", "One letter alone would be taken out everywhere."),
        ("Thistle", "These words do not stand in the text."),
    ):
        refused = dev.send(form, {"phrases": typed})
        assert refused.status == 422
        assert words in refused.main


def test_a_title_keeps_its_limit(app: Flask, cast: Cast) -> None:
    with app.app_context():
        long = f"Bo {'x' * 100} Bo {'y' * 10}"[:120]
        made = make_idea(cast)
        service.edit_field(
            actor(cast.practitioner), idea_id=made, field="title", value=long, seen_version=1
        )
        redaction.hide_text(actor(cast.manager), name=Name("idea", made, "title"))
        hidden_id = db.session.execute(text("SELECT max(id) FROM hidden_texts")).scalar_one()
        redaction.take_words_out(
            actor(cast.coach), hidden_id=hidden_id, phrases=["Bo"], breach="no"
        )
        db.session.commit()
        title = db.session.execute(
            text("SELECT title FROM ideas WHERE id = :i"), {"i": made}
        ).scalar_one()
    assert len(title) <= 120
    assert title.startswith("[removed] xxx")


def test_only_a_few_settle(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    hidden_id = hide(app, cast.manager)
    for person in (cast.practitioner, cast.manager, cast.leader, cast.administrator):
        visitor = visit(person)
        assert visitor.get("/words").status == 403
        for act in ("take-out", "taken-out", "show"):
            assert visitor.post(f"/words/{hidden_id}/{act}").status == 403
    outside = visit(cast.outsider)
    assert outside.get(f"/words/{hidden_id}").status == 404


def test_the_desk_of_thousands(app: Flask, cast: Cast, visit: Visit, statements: Watch) -> None:
    dev = visit(cast.data_protection_lead)
    assert "Nothing waits." in dev.get("/words").main
    with app.app_context():
        db.session.execute(
            text(
                "INSERT INTO hidden_texts (id, organisation_id, kind, subject_id, field, root_kind,"
                " root_id, label, said_by_id, said_at, settled_as, settled_why, breach)"
                " VALUES (:id, :org, 'comment', :id, 'words', 'idea', 1, 'A comment', :by,"
                " '2026-11-20 09:00:00', '', '', '')"
            ),
            [{"id": n, "org": cast.organisation, "by": cast.manager} for n in range(1, 3001)],
        )
        db.session.commit()
    with statements() as seen:
        page = dev.get("/words?page=2")
    assert len(seen) <= 8
    assert "3,000 texts wait" in page.main
    assert "Page 2 of 100" in page.main
