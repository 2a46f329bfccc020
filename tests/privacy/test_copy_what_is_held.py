"""Somebody asks what is held about them: a copy of a person, of texts with a name, of oneself."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas import service as ideas
from improve.privacy import copy_file
from improve.privacy.queries.words import PLACES_MOST
from improve.privacy.service import find_words
from improve.shared import audit
from improve.shared.db import db
from tests.factories import PASSWORD, Cast, actor, make_cast, make_idea
from tests.pages import Page, SentForm, Visitor
from tests.voices.make import make_voice

Visit = Callable[..., Visitor]
CHILD = "Zoë Quill"


@pytest.fixture
def cast(lay: Callable[[str, Callable[[], Cast]], Cast]) -> Cast:
    """The cast, each with a password."""
    return lay("cast with passwords", lambda: make_cast(PASSWORD))


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    """An idea of the practitioner, with a comment that names a child and a colleague."""
    with app.app_context():
        made = make_idea(cast, text="Ring before a visit")
        ideas.comment(
            actor(cast.practitioner),
            idea_id=made,
            words=f"{actor(cast.manager).name} rang zoë\nquill first.",
            form_token="c",
        )
        db.session.commit()
    return made


def unpacked(visitor: Visitor, form: SentForm) -> tuple[str, Any]:
    """Send a form that answers with a packed copy; return its page and its data."""
    answer = visitor.client.post(form.action, data=dict(form.values) | {"password": PASSWORD})
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as packed:
        page, data = packed.read("read-me.html").decode(), json.loads(packed.read("data.json"))
    answer.close()
    return page, data


def acts(app: Flask) -> list[str]:
    with app.app_context():
        return list(
            db.session.execute(
                text(
                    "SELECT action FROM audit_entries WHERE action LIKE '%copy%' "
                    "OR action = 'subject_searched' ORDER BY id"
                )
            ).scalars()
        )


@pytest.mark.security(80, 85)
def test_a_person_gets_theirs_by_the_data_protection_lead(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    lead = visit(cast.data_protection_lead)
    page = lead.get(f"/admin/privacy/people/{cast.practitioner}")
    wrong = lead.send(page.form(button="Make a copy"), {"password": "wrong words"})
    assert (wrong.status, wrong.errors) == (422, ["That is not your password."])
    read, data = unpacked(lead, page.form(button="Make a copy"))
    with app.app_context():
        subject, manager = actor(cast.practitioner).name, actor(cast.manager).name
    assert subject in read
    assert manager not in read
    assert manager not in json.dumps(data)
    assert copy_file.A_COLLEAGUE in read
    whole = json.dumps(data, ensure_ascii=False)
    assert "Ring before a visit" in whole
    assert f"Idea {idea_id}" in whole
    assert "Ideas they logged" in whole
    for secret in ("password_hash", "token_hash", "csrf_token"):
        assert secret not in whole
    assert "Confidential reports are sealed" in read
    assert acts(app) == ["subject_copy_made"]
    outsider = visit(cast.outsider_administrator)
    assert outsider.post(f"/admin/privacy/people/{cast.practitioner}/copy").status == 404
    assert visit(cast.manager).post(f"/admin/privacy/people/{cast.manager}/copy").status == 403


@pytest.mark.security(67, 85)
def test_a_name_is_found_in_free_text_and_nowhere_that_is_sealed(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    with app.app_context():
        make_voice(cast.organisation, key="k", state="waiting", shareable=f"{CHILD} waits")
        db.session.commit()
    lead = visit(cast.data_protection_lead)
    form = lead.get("/admin/privacy/find").form("/admin/privacy/find")
    found: Page = lead.send(form, {"words": CHILD})
    assert "1 text." in found.main
    assert "zoë" in found.main
    assert "waits" not in found.main
    assert "Hide it, then take the words out" in found.main
    read, data = unpacked(lead, found.form("/admin/privacy/find/copy"))
    assert "zoë\nquill" in read.replace("<mark", "") or "zoë" in read
    assert data["parts"][0]["entries"][0]["where"] == f"idea {idea_id}"
    assert acts(app) == ["subject_searched", "subject_searched", "subject_copy_made"]
    with app.app_context():
        facts = db.session.execute(text("SELECT facts FROM audit_entries")).scalars()
        assert not any("Quill" in str(one) for one in facts)
    nobody = lead.send(form, {"words": "Quil"})
    assert "No text holds these words." in nobody.main
    short = lead.send(form, {"words": "ab"})
    assert (short.status, short.errors) == (422, ["Write 3 letters or more."])
    theirs = visit(cast.outsider_administrator)
    none = theirs.send(
        theirs.get("/admin/privacy/find").form("/admin/privacy/find"), {"words": CHILD}
    )
    assert "No text holds these words." in none.main
    with app.app_context():
        facts = db.session.execute(
            text("SELECT facts FROM audit_entries WHERE action = 'subject_searched' ORDER BY id")
        ).scalars()
        told = [one if isinstance(one, dict) else json.loads(one) for one in facts]
    assert [one["request"] for one in told] == ["access"] * len(told)
    # A keyed mark: the same words have the same, and it says nothing of them.
    assert told[0]["marks"] == told[1]["marks"] != told[2]["marks"]
    # An administrator sees where it stands, and cannot take words out.
    admin = visit(cast.administrator)
    seen = admin.send(
        admin.get("/admin/privacy/find").form("/admin/privacy/find"), {"words": CHILD}
    )
    assert "Hide it, then" not in seen.main


@pytest.mark.security(85)
def test_what_was_found_is_hidden_and_taken_out(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    with app.app_context():
        # A thank-you of two others, which the data protection lead may not read else.
        ideas.say_thanks(
            actor(cast.manager),
            to_id=cast.colleague,
            words=f"For {CHILD}.",
            team_id=cast.team,
            idea_id=None,
            form_token="x",
        )
        db.session.commit()
    lead = visit(cast.data_protection_lead)
    path = "/admin/privacy/find"
    found = lead.send(lead.get(path).form(path), {"words": CHILD})
    hides = [form for form in found.soup.find_all("form") if form["action"] == f"{path}/hide"]
    roots = [form.find("input", {"name": "root"})["value"] for form in hides]
    assert sorted(roots) == [f"idea:{idea_id}", "thanks:1"]
    sent = {"words": CHILD}
    for root in roots:
        done = lead.post(f"{path}/hide", {**sent, "root": root})
        assert done.status == 303, root
    desk = lead.get("/words").main
    assert "2 texts wait" in desk
    again = lead.post(f"{path}/hide", {**sent, "root": roots[0]})
    assert again.status == 404  # nothing of it is found any more
    assert lead.post(f"{path}/hide", {**sent, "root": "idea:987654"}).status == 404
    assert visit(cast.administrator).post(f"{path}/hide", {**sent, "root": "idea:1"}).status == 404
    assert visit(cast.coach).post(f"{path}/hide", {**sent, "root": roots[0]}).status == 403
    with app.app_context():
        left = db.session.execute(text("SELECT words FROM thanks")).scalar_one()
        assert "Quill" not in left


@pytest.mark.security(67, 80, 85)
def test_a_copy_does_not_say_which_voice_somebody_opened_or_whose_text_they_hid(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        audit.record(reader, "voice_opened", "voice", "Vlsq78vh")
        audit.record(reader, "help_opened", "help", "Hkey5")
        audit.record(reader, "text_hidden", "idea", idea_id)
        audit.record(reader, "idea_followed", "idea", idea_id)
        db.session.commit()
    admin = visit(cast.administrator)
    page = admin.get(f"/admin/privacy/people/{cast.voices_reader}")
    read, data = unpacked(admin, page.form(button="Make a copy"))
    told = json.dumps(data)
    assert "idea_followed" in told
    for secret in ("Vlsq78vh", "Hkey5", "voice_opened", "help_opened", "text_hidden"):
        assert secret not in told + read, secret
    own = visit(cast.voices_reader)
    _, data = unpacked(own, own.get("/me/data").form(button="Download my data"))
    assert "Vlsq78vh" not in json.dumps(data)
    days = [
        entry["values"]["at"]
        for part in data["parts"]
        for entry in part["entries"]
        if entry["values"].get("action") == "voice_opened"
    ]
    # The day, and no time of it.
    assert [len(day) for day in days] == [len("2026-01-01")]


@pytest.mark.security(80, 85)
def test_an_administrator_reads_nothing_that_one_wrote_to_another(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    with app.app_context():
        ideas.say_thanks(
            actor(cast.manager),
            to_id=cast.colleague,
            words=f"For {CHILD}, between us.",
            team_id=cast.team,
            idea_id=None,
            form_token="x",
        )
        db.session.commit()
    path = "/admin/privacy/find"
    for person, is_read in ((cast.administrator, False), (cast.data_protection_lead, True)):
        one = visit(person)
        found = one.send(one.get(path).form(path), {"words": CHILD, "request": "breach"})
        assert ("between us" in found.main) is is_read
        # In words, and no name of a table.
        assert "Comments on finished ideas: the words (idea" in found.main
        read, _ = unpacked(one, found.form(f"{path}/copy"))
        assert ("between us" in read) is is_read
    with app.app_context():
        facts = db.session.execute(
            text("SELECT facts FROM audit_entries WHERE action = 'subject_searched'")
        ).scalars()
        assert all("breach" in str(one) for one in facts)


@pytest.mark.security(85)
def test_short_and_foreign_names_are_found_behind_many_texts(app: Flask, cast: Cast) -> None:
    with app.app_context():
        made = make_idea(cast)
        lead, colleague = actor(cast.data_protection_lead), actor(cast.colleague)
        said = ["We are planning it again."] * 1001 + ["Ann and Олена\tШЕВЧЕНКО were not seen."]
        put = text(
            "INSERT INTO comments (organisation_id, idea_id, author_id, words, form_token, "
            "created_at, mentions) VALUES (:org, :idea, :by, :words, :token, :at, '[]')"
        )
        rows = [
            {
                "org": cast.organisation,
                "idea": made,
                "by": colleague.person_id,
                "words": words,
                "token": f"t{number}",
                "at": "2026-01-01 00:00:00",
            }
            for number, words in enumerate(said)
        ]
        db.session.execute(put, rows)
        for typed in ("Ann", "Олена Шевченко"):
            _, found, has_more = find_words(lead, typed=typed)
            assert ([text.words for text in found], has_more) == ([said[-1]], False), typed
        _, found, has_more = find_words(lead, typed="planning")
        assert (len(found), has_more) == (PLACES_MOST, True)


@pytest.mark.security(85)
def test_everybody_gets_their_own(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    own = visit(cast.practitioner)
    page = own.get("/me/data")
    _, data = unpacked(own, page.form(button="Download my data"))
    headings = {part["heading"] for part in data["parts"]}
    assert "Accounts of people who work here" in headings
    assert acts(app) == ["own_copy_made"]
    assert visit(cast.guest).get("/me/data").status == 200
    assert visit().client.get("/me/data").status_code == 303


def test_names_of_others_are_taken_out_whole() -> None:
    others = copy_file.others_out(["Ann Lee", "Ann Lee-Brown", "Bo Ek"], but=["Bo Ek"])
    told = copy_file.without_others({"a": ["ann  lee came", "Ann Lee-Brown", "Bo Ek"]}, others)
    assert told == {"a": ["[a colleague] came", "[a colleague]", "Bo Ek"]}
    people = [f"Ann Name{number}" for number in range(3000)] + ["Zoë Quill"]
    many = copy_file.others_out(people)
    told = copy_file.without_others("A zoë\nQUILL, Jo-Ann Name7", many)
    assert told == "A [a colleague], Jo-Ann Name7"
    long = "When we met the family we planned again and wrote it down. " * 20
    began = time.process_time()
    for _ in range(2000):
        copy_file.without_others(long, many)
    # One expression of all names took a minute and more for these.
    assert time.process_time() - began < 10
    assert copy_file.without_others("Ann Lee", copy_file.others_out([])) == "Ann Lee"
    assert copy_file.cut_at("Ann, ann Lee.", ["ann"]) == [
        ("Ann", True),
        (", ", False),
        ("ann", True),
        (" Lee.", False),
    ]
    page = copy_file.as_page(
        copy_file.Copy(
            "<b>", ("<i>",), (("H", (copy_file.Entry("<u>", "", (("x", "<s>"),)),)),), ()
        )
    )
    assert "<s>" not in page
    assert "&lt;b&gt;" in page
