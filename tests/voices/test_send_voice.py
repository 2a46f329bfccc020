"""Telling: the form walked without script, one question a page, and what is left of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from improve.shared import clock
from improve.shared.db import db
from improve.shared.sealing import CannotOpen
from improve.voices.models import Voice, VoiceCode, VoiceDraft, VoiceSetup
from improve.voices.queries.draft import seal_of
from improve.voices.queries.setup import PublicSetup
from improve.voices.routes import at_form
from improve.voices.sealed import sealer
from improve.voices.service.retention import delete_what_was_written
from tests.pages import Page, SentForm, Visitor
from tests.world import Cast

pytestmark = pytest.mark.usefixtures("context")

SLUG = "larchdale-council"


@pytest.fixture
def is_open(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody reads from tomorrow."""
    real = at_form.public_setup

    def ready(organisation_id: int, today: object) -> PublicSetup:
        from dataclasses import replace

        found = real(organisation_id, clock.today())
        tomorrow = clock.today() + timedelta(days=1)
        return replace(
            found, is_open=True, readers=("Tamsin",), read_by=tomorrow, next_read_on=tomorrow
        )

    monkeypatch.setattr(at_form, "public_setup", ready)


def draft_token(visitor: Visitor) -> str:
    """Return what names the answers of a stranger: it is in the cookie alone."""
    cookie = visitor.client.get_cookie("improve")
    assert cookie is not None
    signer = URLSafeSerializer(visitor.client.application.config["SECRET_KEY"], salt="form token")
    return str(signer.loads(cookie.value))


def send(
    visitor: Visitor, form: SentForm, said: dict[str, str] | None = None, *, button: str
) -> Page:
    """Send a form in a transaction of its own, as a request has it."""
    db.session.rollback()
    return visitor.send(form, said or {}, button=button)


def walk(visitor: Visitor, *answers: str) -> Page:
    """Begin, and answer one question after another; “” skips."""
    with clock.moved(clock.now() - timedelta(minutes=2)):
        page = visitor.get(f"/say/{SLUG}")
        page = send(visitor, page.form(button="Start"), button="Start")
    return go_on(visitor, page, *answers)


def go_on(visitor: Visitor, page: Page, *answers: str) -> Page:
    """Answer one question after another; “” skips."""
    for said in answers:
        button = "Next" if "/show" not in page.path else page.soup.select(".say-go button")[0].text
        if not said and "/show" in page.path:
            page = send(visitor, page.form(button=button), button=button)
        elif not said:
            page = send(visitor, page.form(button=button), button="Skip this question")
        else:
            page = send(visitor, page.form(button=button), {"said": said}, button=button)
    return page


def test_the_numbers_come_before_anything(is_open: None, visit: Callable[..., Visitor]) -> None:
    page = visit().get(f"/say/{SLUG}")
    assert page.status == 200
    assert page.text.index("0800 1111") < page.text.index("Start")
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert page.response.headers["Cache-Control"] == "no-store"


def test_a_young_person_tells(is_open: None, cast: Cast, visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = walk(
        visitor,
        "young_person",
        "12-15",
        "meetings",
        "4",
        "It was too long.",
        "Ask us first.",
        "yes",
    )
    assert page.heading == "Thank you. We have your words."
    db.session.rollback()
    voice = db.session.scalars(select(Voice)).one()
    assert (voice.speaker_kind, voice.age_band, voice.topic) == (
        "young_person",
        "12-15",
        "meetings",
    )
    assert (voice.scale, voice.rating, voice.may_show) == (5, 4, "yes")
    assert not voice.by_helper
    assert voice.sealed
    told = json.loads(sealer().open(voice.sealed, about=voice.key))
    assert told == {"happened": "It was too long.", "better": "Ask us first."}
    draft = db.session.scalars(select(VoiceDraft)).one()
    held = seal_of(draft_token(visitor)).open(draft.sealed, about=draft.token_hash)
    assert "too long" not in held
    with pytest.raises(CannotOpen):
        sealer("voices form").open(draft.sealed, about=draft.token_hash)
    assert voice.receipt_hash in sealer().hashes(json.loads(held)["receipt"])


def test_everything_but_one_text_is_skipped(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    page = walk(visit(), "child", "", "", "", "", "A dog.", "")
    assert page.heading == "Thank you. We have your words."
    db.session.rollback()
    voice = db.session.scalars(select(Voice)).one()
    assert (voice.wording, voice.scale, voice.rating, voice.may_show) == (
        "younger", 3, None, "unknown",
    )  # fmt: skip


def test_somebody_who_helps_is_marked(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    walk(visit(), "helper", "child", "7", "school", "1", "Nice.", "", "no")
    db.session.rollback()
    voice = db.session.scalars(select(Voice)).one()
    assert voice.by_helper
    assert voice.speaker_kind == "child"


def test_nothing_written_is_said_beside_the_box(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    page = walk(visit(), "care_leaver", "", "", "", "")
    assert page.status == 422
    assert "Write something here" in page.text
    assert db.session.scalars(select(Voice)).all() == []


def test_words_that_may_mean_danger_are_met_at_once(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    visitor = visit()
    page = walk(visitor, "young_person", "", "", "", "My dad hits me.")
    assert page.path.endswith("/not-safe")
    assert "0800 1111" in page.text
    page = visitor.follow(page, "Go on with the form")
    page = send(visitor, page.form(button="Next"), button="Skip this question")
    send(visitor, page.form(button="Send my words"), {"said": "no"}, button="Send my words")
    db.session.rollback()
    assert db.session.scalars(select(Voice.may_be_danger)).one()


def test_back_keeps_what_was_answered(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    visitor = visit()
    page = walk(visitor, "care_leaver", "visits", "2", "It was cold.")
    back = visitor.get(page.link("Back"))
    assert "It was cold." in back.text


def test_sent_twice_is_one_voice(is_open: None, cast: Cast, visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    last = walk(visitor, "care_leaver", "", "", "It was cold.", "").form(button="Send my words")
    first = send(visitor, last, {"said": "no"}, button="Send my words")
    again = send(visitor, last, {"said": "no"}, button="Send my words")
    assert again.text == first.text
    assert len(db.session.scalars(select(Voice)).all()) == 1


@pytest.mark.security(17)
def test_a_trap_and_haste_are_refused(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    visitor = visit()
    page = walk(visitor, "care_leaver", "", "", "It was cold.", "")
    form = page.form(button="Send my words")
    page = send(visitor, form, {"said": "no", "website": "x"}, button="Send my words")
    assert page.status == 422
    assert db.session.scalars(select(Voice)).all() == []


def test_a_form_that_is_not_ready_takes_nothing(cast: Cast, visit: Callable[..., Visitor]) -> None:
    assert db.session.scalars(select(VoiceSetup)).all() == []
    visitor = visit()
    page = visitor.get(f"/say/{SLUG}")
    assert page.heading == "We are not ready to read this yet"
    assert "0800 1111" in page.text


def test_leaving_drops_the_cookie(is_open: None, cast: Cast, visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    walk(visitor, "care_leaver")
    page = visitor.get(f"/say/{SLUG}/leave", follow=False)
    assert page.status == 303
    assert page.response.headers["Location"] == "https://www.bbc.co.uk/weather"
    assert visitor.client.get_cookie("improve") is None
    db.session.rollback()
    assert db.session.scalars(select(VoiceDraft)).all() == []
    assert visitor.get(f"/say/{SLUG}/how-leaving-works").status == 200
    assert visitor.get(f"/say/{SLUG}/help").status == 200
    assert "not here any more" in visitor.get(f"/say/{SLUG}/better").text


def test_no_such_address(cast: Cast, visit: Callable[..., Visitor]) -> None:
    assert visit().get("/say/never-was").status == 404
    assert visit().get(f"/say/{SLUG}/never-was").status == 404


def test_going_on_leads_to_the_first_open_question(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    visitor = visit()
    walk(visitor, "care_leaver", "visits", "")
    start = visitor.get(f"/say/{SLUG}")
    assert start.link("Go on with what I began").endswith("/happened")
    assert "Someone may have begun to write this here." in start.text
    page = send(visitor, start.form(button="Start again"), button="Start again")
    assert page.path.endswith("/who")
    assert visitor.get(f"/say/{SLUG}").link("Go on with what I began").endswith("/who")


def test_who_comes_next_reads_nothing_of_what_was_begun(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    visitor = visit()
    walk(visitor, "care_leaver", "", "", "It was cold.")
    start = visitor.get(f"/say/{SLUG}")
    assert "cold" not in str(start.soup)
    assert "Start again" in start.text
    send(visitor, start.form(button="Start again"), button="Start again")
    assert "cold" not in str(visitor.get(f"/say/{SLUG}/happened").soup)


def test_leaving_forgets_the_code_on_a_computer_that_others_use(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    visitor = visit()
    page = walk(visitor, "care_leaver", "", "", "It was cold.", "", "")
    assert "Do others use this phone or computer?" in page.text
    visitor.get(f"/say/{SLUG}/leave", follow=False)
    db.session.rollback()
    assert db.session.scalars(select(VoiceDraft)).all() == []


def test_a_skipped_text_is_shown_again_and_never_sent(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    visitor = visit()
    page = walk(visitor, "care_leaver", "", "")
    assert "we do not send what is in the box" in page.text
    page = send(visitor, page.form(button="Next"), {"said": "Half."}, button="Skip this question")
    assert "Half." in visitor.get(page.link("Back")).text
    page = go_on(visitor, page, "Ask us.", "")
    assert page.heading == "Thank you. We have your words."
    db.session.rollback()
    voice = db.session.scalars(select(Voice)).one()
    assert voice.sealed
    told = json.loads(sealer().open(voice.sealed, about=voice.key))
    assert told == {"happened": "", "better": "Ask us."}


def test_leaving_as_somebody_signed_in_loses_the_answers(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    visitor = visit(cast.practitioner)
    walk(visitor, "care_leaver", "", "", "It was cold.")
    assert "It was cold." in visitor.get(f"/say/{SLUG}/happened").text
    assert visitor.get(f"/say/{SLUG}/leave", follow=False).status == 303
    assert "not here any more" in visitor.get(f"/say/{SLUG}/happened").text
    assert visitor.get("/me").status == 200


def test_a_draft_is_gone_after_a_day(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    visitor = visit()
    walk(visitor, "care_leaver", "", "", "It was cold.")
    with clock.moved(clock.now() + timedelta(hours=25)):
        db.session.rollback()
        assert "not here any more" in visitor.get(f"/say/{SLUG}/happened").text
        assert "Go on with" not in visitor.get(f"/say/{SLUG}").text
    db.session.rollback()
    with clock.moved(clock.now() + timedelta(days=2)):
        delete_what_was_written()
        db.session.commit()
    assert db.session.scalars(select(VoiceDraft)).all() == []


def test_the_code_is_shown_for_an_hour(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    visitor = visit()
    walk(visitor, "care_leaver", "", "", "It was cold.", "", "")
    with clock.moved(clock.now() + timedelta(minutes=61)):
        db.session.rollback()
        assert "not here any more" in visitor.get(f"/say/{SLUG}/thanks").text
        assert "If you sent them, we have them." in visitor.get(f"/say/{SLUG}/thanks").text


def test_a_day_with_too_many_keeps_the_answers(
    is_open: None, cast: Cast, visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = visit()
    page = walk(visitor, "care_leaver", "", "", "It was cold.", "")
    monkeypatch.setattr("improve.voices.service.send.CAME_MOST", 0)
    page = send(visitor, page.form(button="Send my words"), button="Send my words")
    assert page.status == 429
    assert "0800 1111" in page.text
    monkeypatch.undo()
    db.session.rollback()
    assert db.session.scalars(select(Voice)).all() == []


def test_a_day_with_too_many_begun_takes_no_more(
    is_open: None, cast: Cast, visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = visit()
    monkeypatch.setattr("improve.voices.service.draft.BEGUN_MOST", 0)
    form = visitor.get(f"/say/{SLUG}").form(button="Start")
    assert send(visitor, form, button="Start").status == 429
    assert db.session.scalars(select(VoiceDraft)).all() == []


def test_an_ended_code_leads_to_the_general_form(
    is_open: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    organisation_id = cast.actor("manager").organisation_id
    ended = clock.today() - timedelta(days=1)
    db.session.add(
        VoiceCode(
            organisation_id=organisation_id, code="old-poster", label="Old poster", ends_on=ended,
            made_by_id=cast.manager, created_at=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()
    page = visit().get("/say/old-poster")
    assert "The code you used does not work now." in page.text
    assert page.form(button="Start")
