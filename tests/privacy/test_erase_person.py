"""Somebody is erased: what is theirs goes, the council's work stays, a restore changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import service as accounts
from improve.commands.erasing import erase_again
from improve.cpd import service as cpd
from improve.cpd.kinds import PieceKind
from improve.ideas import service as ideas
from improve.privacy.person_rows import FORMER_COLLEAGUE
from improve.privacy.service import erase_person
from improve.shared import audit, clock
from improve.shared import erased_file as file_of_erasures
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.factories import Cast, actor, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def erased_file(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that erasures are noted in."""
    path = tmp_path / "erased.jsonl"
    monkeypatch.setitem(app.config, "ERASED_FILE", str(path))
    return path


def row_of(person_id: int) -> tuple[object, ...]:
    """Return what the database still says of a person."""
    found = db.session.execute(
        text("SELECT name, email, job_title, password_hash, is_active FROM people WHERE id = :id"),
        {"id": person_id},
    ).one()
    return tuple(found)


@pytest.fixture
def leaver(app: Flask, cast: Cast) -> int:
    """Somebody with ideas, news, an own record and a closed account, named by a colleague."""
    with app.app_context():
        idea = make_idea(cast)
        colleague = actor(cast.colleague)
        ideas.comment(
            colleague, idea_id=idea, words=f"Ask {actor(cast.practitioner).name}.", form_token="c"
        )
        own = actor(cast.practitioner)
        record = cpd.make_record(
            own, from_on=clock.today(), to_on=clock.today(), cycle_ids=(), form_token="x"
        )
        cpd.add_piece(
            own,
            record_id=record,
            words=cpd.PieceWords(PieceKind.TALK, "A talk", clock.today(), {}),
            form_token="x",
        )
        accounts.close_and_hand_over(cast.actor("administrator"), person_id=own.person_id, to={})
        db.session.commit()
    return cast.practitioner


@pytest.mark.security(85)
def test_the_page_shows_before_and_does_it_once(
    app: Flask, cast: Cast, visit: Visit, leaver: int, erased_file: Path
) -> None:
    lead = visit(cast.data_protection_lead)
    path = f"/admin/privacy/people/{leaver}/erase"
    page = lead.get(path)
    for words in (
        "Their own record of learning",
        "Ideas they logged",
        "Where others wrote their full name",
        "In 1 text",
    ):
        assert words in page.main
    refused = lead.send(page.form(path))
    assert (refused.status, refused.errors) == (422, ["Tick this once you have read it."])
    with app.app_context():
        name = actor(cast.colleague).name
        assert row_of(leaver)[0] != FORMER_COLLEAGUE
    done = lead.send(refused.form(path), {"is_sure": "y"})
    assert "This person is erased" in done.main
    again = lead.send(page.form(path), {"is_sure": "y"})
    assert "This person is erased" in again.main
    with app.app_context():
        kept, address, job, password, is_active = row_of(leaver)
        assert (kept, job, password, bool(is_active)) == (FORMER_COLLEAGUE, "", None, False)
        assert str(address).endswith("@nobody.invalid")
        for table in ("cpd_records", "notices", "memberships", "auth_sessions", "idea_followers"):
            count = f"SELECT count(*) FROM {table} WHERE person_id = :id"
            assert db.session.execute(text(count), {"id": leaver}).scalar_one() == 0, table
        left = db.session.execute(text("SELECT count(*) FROM cpd_pieces")).scalar_one()
        assert left == 0
        authored = text("SELECT count(*) FROM ideas WHERE author_id = :id")
        assert db.session.execute(authored, {"id": leaver}).scalar_one() == 1
        # What somebody else wrote is theirs to have put right.
        assert name
        said = db.session.execute(text("SELECT words FROM comments")).scalar_one()
        assert said.startswith("Ask ")
        noted = db.session.execute(text("SELECT kind, object_id FROM erasures")).all()
        assert [tuple(row) for row in noted] == [("person", str(leaver))]
        acts = text("SELECT count(*) FROM audit_entries WHERE action = 'person_erased'")
        assert db.session.execute(acts).scalar_one() == 1
        assert audit.find_faults() == []
    [line] = erased_file.read_text().splitlines()
    told = json.loads(line)
    assert (told["kind"], told["object_id"]) == ("person", str(leaver))
    assert oct(erased_file.stat().st_mode & 0o777) == "0o600"
    assert "Number" in lead.get("/admin/privacy/erased").main


@pytest.mark.security(85)
def test_a_restore_does_not_bring_them_back(
    app: Flask, cast: Cast, leaver: int, erased_file: Path
) -> None:
    with app.app_context():
        before = row_of(leaver)
        assert erase_person(actor(cast.data_protection_lead), person_id=leaver)
        db.session.commit()
        # As a backup from before has it: the person is there, the erasure is not.
        db.session.execute(text("DELETE FROM erasures"))
        put = "UPDATE people SET name = :name, email = :email, is_active = :on WHERE id = :id"
        back = {"name": before[0], "email": before[1], "on": True, "id": leaver}
        db.session.execute(text(put), back)
        db.session.commit()
        assert erase_again() == 1
        assert row_of(leaver)[0] == FORMER_COLLEAGUE
        noted = db.session.execute(text("SELECT object_id FROM erasures")).scalars().all()
        assert noted == [str(leaver)]
        assert erase_again() == 0
        # Another installation's file: the number is somebody else's, and nobody is erased.
        line = json.loads(erased_file.read_text())
        line.update(key="other", object_id=str(cast.colleague))
        erased_file.write_text(json.dumps(line) + "\nbroken off he")
        assert erase_again() == 0
        assert row_of(cast.colleague)[0] != FORMER_COLLEAGUE


def test_a_file_that_cannot_be_written_is_completed_at_night(
    app: Flask, cast: Cast, leaver: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "ERASED_FILE", str(tmp_path / "missing" / "erased.jsonl"))
    with app.app_context():
        assert erase_person(actor(cast.data_protection_lead), person_id=leaver)
        db.session.commit()
        (tmp_path / "missing").mkdir()
        assert accounts.complete_file() == 1
        assert accounts.complete_file() == 0


def test_who_may_and_whom(app: Flask, cast: Cast, visit: Visit) -> None:
    for role in ("practitioner", "manager", "coach", "leader", "incident_reviewer"):
        assert visit(getattr(cast, role)).get("/admin/privacy").status == 403
    path = f"/admin/privacy/people/{cast.practitioner}"
    assert visit(cast.outsider_administrator).get(path).status == 404
    page = visit(cast.administrator).get(f"{path}/erase")
    assert "The account is open." in page.main
    assert not page.has_form(f"{path}/erase")
    with app.app_context():
        with pytest.raises(RuleBroken, match="The account is open"):
            erase_person(cast.actor("administrator"), person_id=cast.practitioner)
        with pytest.raises(RuleBroken, match="Somebody else"):
            erase_person(cast.actor("administrator"), person_id=cast.administrator)
        with pytest.raises(Forbidden):
            erase_person(cast.actor("manager"), person_id=cast.practitioner)
        with pytest.raises(NotFound):
            erase_person(actor(cast.outsider_administrator), person_id=cast.practitioner)


def test_a_line_after_one_that_a_crash_cut_short_is_read(
    app: Flask, cast: Cast, erased_file: Path
) -> None:
    def noted(key: str) -> file_of_erasures.Erased:
        return file_of_erasures.Erased(key, cast.organisation, "person", "1", clock.today())

    with app.app_context():
        assert file_of_erasures.write([noted("before")])
        erased_file.write_text(erased_file.read_text() + '{"key": "cut')
        erased_file.chmod(0o644)
        assert file_of_erasures.write([noted("after")])
        assert [one.key for one in file_of_erasures.read()] == ["before", "after"]
        assert file_of_erasures.unreadable() == 1
        assert erased_file.stat().st_mode & 0o777 == 0o600
        # A link that somebody laid there leads nowhere.
        elsewhere = erased_file.rename(erased_file.with_name("elsewhere"))
        erased_file.symlink_to(elsewhere)
        assert not file_of_erasures.write([noted("led away")])
        assert "led away" not in elsewhere.read_text()
