"""A survey: codes shown once, each good for one voice, with no way from the code to the words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from improve.voices.models import Voice, VoiceSurvey, VoiceSurveyCode
from improve.voices.queries.draft import Draft
from improve.voices.queries.surveys import survey_code
from improve.voices.service.survey_results import count_closed_surveys
from improve.voices.service.surveys import answered_survey, make_survey, replace_codes
from tests.factories import Cast
from tests.pages import Page, Visitor
from tests.voices.make import make_voice
from tests.voices.open_council import open_council

Visit = Callable[..., Visitor]
SURVEY = {
    "name": "Everybody reviewed in May",
    "opens_on": "1/11/2026",
    "closes_on": "31/12/2026",
    "count": "6",
}


@pytest.fixture(autouse=True)
def is_open(app: Flask, cast: Cast) -> None:
    open_council(app, cast)


def make(who: Visitor, **changed: str) -> Page:
    form = who.get("/voices/surveys").form("/voices/surveys")
    return who.send(form, {**SURVEY, **changed})


def codes_on(page: Page) -> list[str]:
    return re.findall(r"/say/once/<b>([a-z0-9-]{14})</b>", page.response.get_data(as_text=True))


def tell(somebody: Visitor, code: str, words: str = "Ask us first.") -> Page:
    with clock.moved(clock.now() - timedelta(minutes=2)):
        page = somebody.get(f"/say/once/{code}")
        page = somebody.send(page.form(button="Start"), button="Start")
    for said in ("young_person", "", "", "4", words, "", "yes"):
        button = "Next" if "/show" not in page.path else page.soup.select(".say-go button")[0].text
        if said:
            page = somebody.send(page.form(button=button), {"said": said}, button=button)
        else:
            page = somebody.send(page.form(button=button), button="Skip this question")
    return page


def used(app: Flask) -> int:
    with app.app_context():
        return int(
            db.session.execute(
                select(func.count()).where(VoiceSurveyCode.is_used.is_(True))
            ).scalar_one()
        )


def test_makes_a_survey_and_shows_its_codes_once(app: Flask, cast: Cast, visit: Visit) -> None:
    reader = visit(cast.voices_reader)
    page = make(reader, team_id=str(cast.team))
    codes = codes_on(page)
    assert len(set(codes)) == 6
    listed = reader.get("/voices/surveys")
    assert "Everybody reviewed in May" in listed.main
    assert codes[0] not in listed.text
    with app.app_context():
        kept = db.session.scalars(select(VoiceSurveyCode.code_hash)).all()
        assert len(kept) == 6
        assert not any(code.replace("-", "") in "".join(kept) for code in codes)
        acts = db.session.scalars(select(AuditEntry.action)).all()
        assert "voice_survey_made" in acts
    again = make(reader, team_id=str(cast.team))
    assert again.status == 422
    assert again.error_for("name")


def test_refuses_small_groups_and_odd_days(cast: Cast, visit: Visit) -> None:
    reader = visit(cast.voices_reader)
    refused = [
        ("count", {"count": "4"}),
        ("count", {"count": "many"}),
        ("closes_on", {"closes_on": "31/10/2026", "opens_on": "1/11/2026"}),
        ("closes_on", {"closes_on": "2/11/2026", "opens_on": "1/11/2026"}),
        ("name", {"name": ""}),
    ]
    for field, changed in refused:
        page = make(reader, **changed)
        assert page.status == 422
        assert page.error_for(field), changed
    assert "This may identify" in make(reader, name="Reviews of 12/03/2015 case 12345678").text


def test_a_code_is_used_when_the_words_are_sent(app: Flask, cast: Cast, visit: Visit) -> None:
    codes = codes_on(make(visit(cast.voices_reader), team_id=str(cast.team)))
    begun = visit()
    begun.send(begun.get(f"/say/once/{codes[0]}").form(button="Start"), button="Start")
    assert used(app) == 0
    page = tell(visit(), codes[0].upper().replace("-", ""))
    assert page.heading == "Thank you. We have your words."
    assert used(app) == 1
    with app.app_context():
        voice = db.session.scalars(select(Voice)).one()
        assert (voice.way_in, voice.team_id) == ("survey", cast.team)
        assert voice.survey_id == db.session.scalars(select(VoiceSurvey.id)).one()
    page = visit().get(f"/say/once/{codes[0]}")
    assert "The code you used does not work now." in page.main
    assert page.has_form("/say/larchdale-council")
    assert visit().get("/say/once/abcd-efgh-jkmn").status == 404


def test_two_forms_with_one_code_make_one_answer(app: Flask, cast: Cast, visit: Visit) -> None:
    codes = codes_on(make(visit(cast.voices_reader)))
    first, second = visit(), visit()
    with clock.moved(clock.now() - timedelta(minutes=2)):
        page = second.get(f"/say/once/{codes[0]}")
        page = second.send(page.form(button="Start"), button="Start")
    tell(first, codes[0])
    for said in ("young_person", "", "", "4", "Another.", "", "yes"):
        button = "Next" if "/show" not in page.path else page.soup.select(".say-go button")[0].text
        if said:
            page = second.send(page.form(button=button), {"said": said}, button=button)
        else:
            page = second.send(page.form(button=button), button="Skip this question")
    with app.app_context():
        ways = db.session.scalars(select(Voice.way_in).order_by(Voice.way_in)).all()
    assert ways == ["survey", "web"]
    assert used(app) == 1


def test_numbers_come_when_it_is_over(app: Flask, cast: Cast, visit: Visit) -> None:
    reader = visit(cast.voices_reader)
    make(reader, count="40")
    with app.app_context():
        survey_id = db.session.scalars(select(VoiceSurvey.id)).one()
        for n in range(20):
            make_voice(
                cast.organisation,
                survey_id=survey_id,
                way_in="survey",
                state="answered",
                rating=1 if n < 12 else 4,
            )
        for code in db.session.scalars(select(VoiceSurveyCode).limit(20)):
            code.is_used = True
        db.session.commit()
    page = reader.get(f"/voices/surveys/{survey_id}")
    assert "It is not over." in page.main
    assert "50%" not in page.main
    with app.app_context():
        survey = db.session.scalars(select(VoiceSurvey)).one()
        survey.opens_on, survey.closes_on = date(2026, 10, 1), date(2026, 10, 27)
        db.session.commit()
        count_closed_surveys()
        db.session.commit()
    page = reader.get(f"/voices/surveys/{survey_id}")
    assert "It is over, and being read." in page.main
    assert "on 25 Nov 2026, when all of it should be read" in page.main
    assert "50%" not in page.main
    with app.app_context(), clock.moved(clock.now() + timedelta(days=1)):
        count_closed_surveys()
        db.session.commit()
    page = reader.get(f"/voices/surveys/{survey_id}")
    assert "50% of the 40" in page.main
    assert "Counted once, on 25 Nov 2026." in page.main


def test_lost_codes_are_replaced_and_used_ones_stay(app: Flask, cast: Cast, visit: Visit) -> None:
    reader = visit(cast.voices_reader)
    codes = codes_on(make(reader))
    tell(visit(), codes[0])
    begun = visit()
    with clock.moved(clock.now() - timedelta(minutes=2)):
        begun.send(begun.get(f"/say/once/{codes[1]}").form(button="Start"), button="Start")
    with app.app_context():
        survey_id = db.session.scalars(select(VoiceSurvey.id)).one()
    here = f"/voices/surveys/{survey_id}"
    page = reader.get(here)
    sheet = reader.send(page.form(f"{here}/new-codes"), {})
    fresh = codes_on(sheet)
    # As many as people were asked: fewer would tell how many have answered.
    assert len(set(fresh)) == 6
    assert not set(fresh) & set(codes)
    # The same page sent twice voids nothing that was just printed.
    again = reader.send(page.form(f"{here}/new-codes"), {})
    assert again.status == 409
    assert "These codes were replaced before." in again.main
    for code in codes:
        old = visit().get(f"/say/once/{code}")
        assert old.status == 200
        assert "The code you used does not work now." in old.main
    tell(visit(), fresh[0])
    assert used(app) == 2
    assert "6 codes printed" in reader.get(here).main
    with app.app_context():
        ways = db.session.scalars(select(Voice.way_in)).all()
        assert ways == ["survey", "survey"]
        acts = list(db.session.scalars(select(AuditEntry.action)))
        assert acts.count("voice_survey_codes_replaced") == 1


def test_codes_are_replaced_by_those_who_ask_and_while_it_runs(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reader = visit(cast.voices_reader)
    make(reader)
    with app.app_context():
        survey_id = db.session.scalars(select(VoiceSurvey.id)).one()
    here = f"/voices/surveys/{survey_id}"
    page = reader.get(here)
    assert visit(cast.practitioner).post(f"{here}/new-codes", {"version": "1"}).status == 403
    assert visit(cast.outsider).post(f"{here}/new-codes", {"version": "1"}).status in {403, 404}
    with app.app_context():
        survey = db.session.scalars(select(VoiceSurvey)).one()
        survey.closes_on = clock.today() - timedelta(days=1)
        db.session.commit()
    after = reader.send(page.form(f"{here}/new-codes"), {})
    assert after.status == 422
    assert "This survey is over" in after.main
    assert not after.has_form(f"{here}/new-codes")


def test_a_code_that_was_replaced_while_somebody_wrote_counts_for_no_survey(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        actor, today = cast.actor("voices_reader"), clock.today()
        made = make_survey(actor, name="All", opens_on=today, closes_on=today, count=5)
        survey_id = db.session.scalars(select(VoiceSurvey.id)).one()
        held = survey_code(made[0], today)
        assert held is not None
        replace_codes(actor, survey_id=survey_id, seen_sheet=1)
        draft = Draft(
            code="",
            language="en",
            answers={},
            began_at=clock.now(),
            survey_id=survey_id,
            code_hash=held.code_hash,
        )
        assert answered_survey(draft, cast.organisation) is None


def test_nobody_else_makes_or_sees_one(app: Flask, cast: Cast, visit: Visit) -> None:
    make(visit(cast.voices_reader))
    with app.app_context():
        survey_id = db.session.scalars(select(VoiceSurvey.id)).one()
        with pytest.raises(RuleBroken):
            make_survey(
                cast.actor("voices_reader"),
                name="A few",
                opens_on=clock.today(),
                closes_on=clock.today(),
                count=301,
            )
    assert visit(cast.practitioner).get("/voices/surveys").status == 403
    assert visit(cast.outsider).get(f"/voices/surveys/{survey_id}").status in {403, 404}
