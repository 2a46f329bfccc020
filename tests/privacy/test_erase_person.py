"""Somebody is erased: what is theirs goes, the council's work stays, a restore changes nothing."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import service as accounts
from improve.accounts.service.learning_team import learning_team
from improve.commands.erasing import erase_again
from improve.cpd import service as cpd
from improve.cpd.kinds import PieceKind
from improve.huddles import service as huddles
from improve.ideas import service as ideas
from improve.mail import service as mail
from improve.open_data.command import AFTER_IMPORT
from improve.privacy.person_rows import FORMER_COLLEAGUE
from improve.privacy.queries.words import PLACES_MOST
from improve.privacy.service import clearing, erase_person
from improve.shared import audit, clock, contributions
from improve.shared import erased_file as file_of_erasures
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from improve.shared.whole_tables import all_tables
from tests.factories import PASSWORD, Cast, actor, make_cast, make_idea
from tests.pages import Visitor
from tests.voices.files import files_hold, gone_with_the_nights

Visit = Callable[..., Visitor]


@pytest.fixture
def cast(lay: Callable[[str, Callable[[], Cast]], Cast]) -> Cast:
    """The cast, each with a password."""
    return lay("cast with passwords", lambda: make_cast(PASSWORD))


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
    wrong = lead.send(refused.form(path), {"is_sure": "y", "password": "wrong words"})
    assert (wrong.status, wrong.errors) == (422, ["That is not your password."])
    done = lead.send(refused.form(path), {"is_sure": "y", "password": PASSWORD})
    assert "This person is erased" in done.main
    again = lead.send(page.form(path), {"is_sure": "y", "password": PASSWORD})
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


def rename(person_id: int, name: str) -> None:
    put = text("UPDATE people SET name = :name WHERE id = :id")
    db.session.execute(put, {"name": name, "id": person_id})


def trained_by(cast: Cast, name: str) -> None:
    """Have somebody entered as the one who trained a reader of voices."""
    db.session.execute(
        text(
            "INSERT INTO voice_readers (organisation_id, person_id, trained_on, trained_by) "
            "VALUES (:org, :id, '2026-01-01', :name)"
        ),
        {"org": cast.organisation, "id": cast.colleague, "name": name},
    )


def trainer() -> str:
    return str(db.session.execute(text("SELECT trained_by FROM voice_readers")).scalar_one())


@pytest.mark.security(85)
def test_the_name_goes_from_fields_news_and_mails_and_from_nothing_others_wrote(
    app: Flask, cast: Cast, visit: Visit, erased_file: Path
) -> None:
    lead = visit(cast.data_protection_lead)
    path = f"/admin/privacy/people/{cast.practitioner}/erase"
    with app.app_context():
        rename(cast.practitioner, "Keep Quagga")
        idea = make_idea(cast, text="Keep Quagga")
        asked = actor(cast.colleague)
        for number in range(PLACES_MOST + 5):
            words = f"Ask Keep Quagga {number}."
            ideas.comment(asked, idea_id=idea, words=words, form_token=f"c{number}")
        ideas.say_thanks(
            actor(cast.practitioner),
            to_id=cast.colleague,
            words="For that.",
            team_id=cast.team,
            idea_id=None,
            form_token="x",
        )
        trained_by(cast, " keep quagga")
        mail.enqueue(
            key="m",
            to="somebody@example.org",
            subject="Keep asks for a coach",
            body="Hello,\n\nKeep asks. With Keep Quagga we keep it.",
        )
        by_administrator = cast.actor("administrator")
        accounts.close_and_hand_over(by_administrator, person_id=cast.practitioner, to={})
        db.session.commit()
    page = lead.get(path)
    assert "Their name under “Who trained a reader of voices”" in page.main
    lead.send(page.form(path), {"is_sure": "y", "password": PASSWORD})
    with app.app_context():
        assert trainer() == FORMER_COLLEAGUE
        title = db.session.execute(text("SELECT title FROM ideas")).scalar_one()
        assert title == "Keep Quagga"
        news = db.session.execute(text("SELECT facts FROM notices WHERE kind = 'thanked'"))
        assert "Keep" not in str(news.scalar_one())
        mailed = db.session.execute(text("SELECT subject, body FROM outbox_messages")).one()
        assert tuple(mailed) == (
            "A colleague asks for a coach",
            "Hello,\n\nA colleague asks. With A colleague we keep it.",
        )


def everything() -> dict[str, str]:
    """Return what each table holds, as one text."""
    found = {}
    for name in all_tables():
        rows = db.session.execute(text(f'SELECT * FROM "{name}"')).all()
        found[name] = " ".join(str(row) for row in rows)
    return found


@pytest.mark.security(85)
def test_the_software_wrote_their_name_nowhere_else(
    app: Flask, cast: Cast, visit: Visit, erased_file: Path
) -> None:
    """What an act said last, what a huddle was shown, and mails that name them in the middle."""
    with app.app_context():
        rename(cast.practitioner, "Quagga Leith")
        idea = make_idea(cast, text="Ring first")
        manager = cast.actor("manager")
        begun = huddles.start_huddle(manager, team_id=cast.team, form_token="h")
        items = text("SELECT id FROM huddle_items WHERE idea_id = :idea")
        item = db.session.execute(items, {"idea": idea}).scalars().first()
        assert item is not None
        huddles.add_action(
            manager, huddle_id=begun.huddle_id, item_id=item, what="Ring them",
            owner_id=cast.practitioner, due_on=clock.today(), form_token="a",
        )  # fmt: skip
        # As an action settles what it is about.
        settled = text("UPDATE huddle_items SET settled_words = :words WHERE id = :item")
        words = "Ring them. Quagga, 4 December"
        db.session.execute(settled, {"words": words, "item": item})
        body = "Ring first: quagga Quagga replied, and you and Quagga Leith meet."
        mail.enqueue(key="m", to="somebody@example.org", subject="From Quagga", body=body)
        db.session.commit()
        held = everything()
        assert all("Quagga" in held[table] for table in ("huddle_items", "outbox_messages"))
    admin = visit(cast.administrator)
    form = admin.get(f"/admin/people/{cast.practitioner}/close").form("/close")
    admin.client.post(form.action, data=dict(form.values))  # its page is not read: the words stay
    lead = visit(cast.data_protection_lead)
    path = f"/admin/privacy/people/{cast.practitioner}/erase"
    with app.app_context():
        assert "Quagga" in everything()["auth_sessions"]
    lead.send(lead.get(path).form(path), {"is_sure": "y", "password": PASSWORD})
    with app.app_context():
        left = {table for table, held in everything().items() if "Quagga" in held}
        assert left <= {"search_texts"}, left
        mailed = db.session.execute(text("SELECT subject, body FROM outbox_messages")).all()
        assert (
            "From A colleague",
            "Ring first: quagga A colleague replied, and you and A colleague meet.",
        ) in [tuple(one) for one in mailed]
        facts, settled = db.session.execute(
            text("SELECT facts, settled_words FROM huddle_items WHERE id = :i"), {"i": item}
        ).one()
        assert "former" in str(facts)
        assert settled == f"Ring them. {FORMER_COLLEAGUE}, 4 December"


@pytest.mark.security(85)
@pytest.mark.parametrize(
    ("name", "mail_after"),
    [
        # A word as well: the words of others stay whole.
        ("Will Quagga", "A colleague replied.\nWill you come? By will or Will, A colleague says."),
        ("Quagga", "Will replied.\nWill you come? By will or Will, Will Quagga says."),
    ],
)
def test_a_name_that_is_a_word_spoils_no_words(
    app: Flask, cast: Cast, visit: Visit, name: str, mail_after: str
) -> None:
    with app.app_context():
        rename(cast.practitioner, name)
        body = "Will replied.\nWill you come? By will or Will, Will Quagga says."
        mail.enqueue(key="m", to="somebody@example.org", subject="Will it do?", body=body)
        accounts.close_and_hand_over(
            cast.actor("administrator"), person_id=cast.practitioner, to={}
        )
        db.session.commit()
    lead = visit(cast.data_protection_lead)
    path = f"/admin/privacy/people/{cast.practitioner}/erase"
    page = lead.get(path)
    is_word = name.startswith("Will")
    assert ("“Will” is a word as well, or is short" in page.main) == is_word
    lead.send(page.form(path), {"is_sure": "y", "password": PASSWORD})
    with app.app_context():
        subject, words = db.session.execute(text("SELECT subject, body FROM outbox_messages")).one()
        assert subject == "Will it do?"
        assert words == (mail_after if is_word else mail_after.replace("Quagga", "A colleague"))


@pytest.mark.security(85)
def test_a_namesake_keeps_theirs_and_an_earlier_name_is_looked_for(
    app: Flask, cast: Cast, visit: Visit, leaver: int, erased_file: Path
) -> None:
    lead = visit(cast.data_protection_lead)
    path = f"/admin/privacy/people/{leaver}/erase"
    with app.app_context():
        rename(leaver, "Ann Married")
        idea = make_idea(cast)
        said = "Ask Ann Maiden."
        ideas.comment(actor(cast.colleague), idea_id=idea, words=said, form_token="m")
        trained_by(cast, "Ann Maiden")
        db.session.commit()
    form = lead.get(path).form(path)
    refused = lead.send(form, {"names": "Ann", "act": "look"})
    assert (refused.status, refused.errors) == (422, ["Write first name and surname."])
    looked = lead.send(form, {"names": "Ann Maiden", "act": "look"})
    assert (looked.status, "In 1 text" in looked.main) == (200, True)
    assert "Who trained a reader" in looked.main
    with app.app_context():
        rename(cast.colleague, "ann maiden")
        db.session.commit()
    assert (
        "Who trained a reader" not in lead.send(form, {"names": "Ann Maiden", "act": "look"}).main
    )
    with app.app_context():
        assert row_of(leaver)[0] == "Ann Married"
        rename(cast.colleague, "Somebody Else")
        db.session.commit()
    lead.send(looked.form(path), {"is_sure": "y", "password": PASSWORD})
    with app.app_context():
        assert (row_of(leaver)[0], trainer()) == (FORMER_COLLEAGUE, FORMER_COLLEAGUE)
        # A backup from before has both back; the file says neither name, and both go.
        assert "Maiden" not in erased_file.read_text()
        rename(leaver, "Ann Married")
        db.session.execute(text("UPDATE voice_readers SET trained_by = 'Ann Maiden'"))
        db.session.commit()
        assert erase_again() == 1
        assert (row_of(leaver)[0], trainer()) == (FORMER_COLLEAGUE, FORMER_COLLEAGUE)


@pytest.mark.security(85)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_whoever_reads_meanwhile_delays_the_log_and_not_the_page(
    app: Flask, cast: Cast, leaver: int, erased_file: Path
) -> None:
    with app.app_context():
        rename(leaver, "Zebra Quagga")
        db.session.commit()
        path = str(db.engine.url.database)
        log = Path(f"{path}-wal")
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM people").fetchall()
        began = time.monotonic()
        erase_person(actor(cast.data_protection_lead), person_id=leaver)
        db.session.commit()
        assert time.monotonic() - began < 8, "nobody waits for whoever reads"
        assert b"Zebra Quagga" in log.read_bytes(), "the test must see what is there"
        reader.close()
        rename(cast.colleague, "Somebody Else")
        db.session.commit()
        for file in (Path(path), log):
            assert not file.exists() or b"Zebra Quagga" not in file.read_bytes()


@pytest.mark.security(85)
@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_the_night_takes_the_name_out_of_the_files(
    app: Flask, cast: Cast, leaver: int, erased_file: Path
) -> None:
    with app.app_context():
        rename(leaver, "Zebra Quagga")
        db.session.commit()
        erase_person(actor(cast.data_protection_lead), person_id=leaver)
        db.session.commit()
        assert files_hold("people", b"Zebra Quagga"), "the test must see what is there"
        tables = clearing.tables_that_forgot()
        assert "people" in tables
        db.session.commit()
        assert gone_with_the_nights(tables, ("people", b"Zebra Quagga"))


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
        # Back by another way, such as a copy of the disk: by hand, and after an archive.
        db.session.execute(text(put), back)
        db.session.commit()
        by_hand = app.test_cli_runner().invoke(args=["erase-again"])
        assert (by_hand.exit_code, by_hand.output.strip()) == (0, "Erased again: 1.")
        db.session.execute(text(put), back)
        db.session.commit()
        assert sum(erase() for erase in contributions.gather(AFTER_IMPORT)) == 1
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
        # The account in whose name ideas are proposed, with an address as an archive brings it.
        nobody = learning_team(cast.organisation)
        db.session.execute(
            text("UPDATE people SET email = 'learning@example.org' WHERE id = :id"),
            {"id": nobody},
        )
        with pytest.raises(RuleBroken, match="nobody’s"):
            erase_person(cast.actor("administrator"), person_id=nobody)
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
