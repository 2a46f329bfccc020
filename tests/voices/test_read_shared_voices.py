"""What staff read of voices: settled words by month, never what was written, hidden or locked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from improve.ideas.kinds import Stage
from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import VoiceTheme
from tests.factories import Cast, idea_in
from tests.pages import Visitor
from tests.statements import Watch
from tests.voices.make import make_answer, make_shared_voice, make_voice

Visit = Callable[..., Visitor]
WORDS = "Nobody told us why we waited."


def shared(app: Flask, cast: Cast, words: str = WORDS, **facts: Any) -> str:
    with app.app_context():
        key = make_shared_voice(cast.organisation, by_id=cast.voices_reader, words=words, **facts)
        db.session.commit()
    return key


@pytest.mark.database
def test_staff_read_settled_words_by_month(app: Flask, cast: Cast, visit: Visit) -> None:
    shared(app, cast, came_on=date(2026, 10, 14), age_band="12-15", topic="plan")
    page = visit(cast.practitioner).get("/voices")
    assert WORDS in page.main
    assert "A young person, 12 to 15, about the plan" in page.main
    assert "October 2026" in page.main
    assert "14" not in page.main.replace("October 2026", "")
    (public,) = page.links("What families read of it")
    assert visit().get(str(public["href"])).heading == "What changed because of you"


@pytest.mark.database
@pytest.mark.parametrize(
    "facts",
    [
        {"locked_at": clock.now()},
        {"hidden_at": clock.now()},
        {"state": "set_aside"},
        {"may_show": "no"},
        {"may_show": "unknown"},
        {"is_theme_only": True},
        {"shared_at": None},
    ],
)
def test_nothing_else_is_there(app: Flask, cast: Cast, visit: Visit, facts: dict[str, Any]) -> None:
    key = shared(app, cast, **facts)
    worker = visit(cast.practitioner)
    assert WORDS not in worker.get("/voices").main
    assert worker.get(f"/voices/{key}").status == 404


@pytest.mark.database
def test_what_was_written_is_on_no_page(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        make_voice(cast.organisation, happened="Ring me on 01632 960155")
        db.session.commit()
    assert "960155" not in visit(cast.practitioner).get("/voices").main


@pytest.mark.database
def test_a_list_is_narrowed_by_words_theme_and_who(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        theme = VoiceTheme(organisation_id=cast.organisation, name="Being told why")
        db.session.add(theme)
        db.session.flush()
        theme_id = theme.id
        db.session.commit()
    shared(app, cast, theme_id=theme_id)
    shared(app, cast, words="The 50% café was kind.", speaker_kind="parent_or_carer")
    worker = visit(cast.practitioner)
    for query, there, gone in (
        ("q=told+why", "waited", "café"),
        (f"theme={theme_id}", "waited", "café"),
        ("whose=parent_or_carer", "café", "waited"),
        ("q=50%25", "café", "waited"),
    ):
        page = worker.get(f"/voices?{query}")
        assert there in page.main
        assert gone not in page.main
    assert "No voice says this" in worker.get("/voices?only=given").main


@pytest.mark.database
def test_one_voice_shows_its_idea_and_its_answers(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.PLAN)
        db.session.commit()
    key = shared(app, cast, idea_id=idea_id, put_right="partly", answered_on=clock.today())
    with app.app_context():
        make_answer(key, by_id=cast.voices_reader, words="We now ring first.")
        make_answer(key, by_id=cast.coach, words="A draft of mine", given_on=None)
        db.session.commit()
    page = visit(cast.practitioner).get(f"/voices/{key}")
    assert any(a["href"] == f"/ideas/{idea_id}" for a in page.links())
    assert "We now ring first." in page.main
    assert "A draft of mine" not in page.main
    assert "partly" in page.main


@pytest.mark.database
def test_anybody_of_staff_hides_words_at_once(app: Flask, cast: Cast, visit: Visit) -> None:
    key = shared(app, cast)
    worker = visit(cast.practitioner)
    sent = worker.send(worker.get(f"/voices/{key}").form("/hide"))
    assert "A reader looks at it" in sent.main
    assert WORDS not in visit(cast.colleague).get("/voices").main


@pytest.mark.database
def test_others_find_nothing(app: Flask, cast: Cast, visit: Visit) -> None:
    key = shared(app, cast)
    assert visit(cast.outsider).get(f"/voices/{key}").status == 404
    assert WORDS not in visit(cast.outsider).get("/voices").main
    assert visit(cast.administrator).get("/voices").status == 403
    assert visit(cast.guest).get("/voices").status == 403


@pytest.mark.database
def test_pages_of_thirty_in_few_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        for n in range(31):
            make_shared_voice(
                cast.organisation, by_id=cast.voices_reader, words=f"Voice number {n}."
            )
        db.session.commit()
    worker = visit(cast.practitioner)
    with statements() as seen:
        page = worker.get("/voices")
    assert len(seen) <= 8
    assert page.main.count("Voice number") >= 30
    assert "Voice number" in worker.get("/voices?page=2").main


@pytest.mark.database
def test_an_idea_shows_the_voices_behind_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.PLAN)
        db.session.commit()
    for n in range(5):
        shared(app, cast, words=f"Voice number {n}.", idea_id=idea_id)
    shared(app, cast, words="Hidden words.", idea_id=idea_id, hidden_at=clock.now())
    page = visit(cast.practitioner).get(f"/ideas/{idea_id}")
    assert "What children and families told us" in page.main
    assert page.main.count("Voice number") >= 5
    assert "2 more voices" in page.main.replace("\xa0", " ")
    assert "Hidden words." not in page.main


@pytest.mark.database
def test_a_month_stands_by_an_idea_only_where_its_team_heard_enough(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    def months(of: str) -> list[bool]:
        worker = visit(cast.practitioner)
        pages = (f"/ideas/{idea_id}", "/voices", f"/voices/{told}", f"/voices/{older}")
        return [of in worker.get(page).main for page in pages]

    with app.app_context():
        idea_id = idea_in(cast, Stage.PLAN)
        db.session.commit()
    facts = {"idea_id": idea_id, "team_id": cast.team}
    told = shared(app, cast, came_on=date(2026, 10, 14), words="Ring first.", **facts)
    older = shared(app, cast, came_on=date(2026, 3, 14), words="Before, too.", **facts)
    with app.app_context():
        for n in range(3):
            make_voice(cast.organisation, team_id=cast.team, came_on=date(2026, 10, 20 + n))
        # Neither nobody's words nor those of another team or month count.
        for other in (
            {"state": "set_aside", "team_id": cast.team, "came_on": date(2026, 10, 2)},
            {"team_id": cast.other_team, "came_on": date(2026, 10, 2)},
            {"team_id": cast.team, "came_on": date(2025, 10, 2)},
        ):
            make_voice(cast.organisation, **other)
        db.session.commit()
    assert months("October 2026") == [False, False, False, False]
    with app.app_context():
        locked = {"state": "safeguarding", "locked_at": clock.now()}
        make_voice(cast.organisation, team_id=cast.team, came_on=date(2026, 10, 2), **locked)
        db.session.commit()
    assert months("October 2026") == [True, True, True, False]
    assert months("March 2026") == [False, False, False, False]


@pytest.mark.database
def test_a_month_shows_leaders_one_voice_in_full(app: Flask, cast: Cast, visit: Visit) -> None:
    words = "It is my plan. " * 40
    shared(app, cast, words=words.strip(), answered_on=clock.today())
    shared(app, cast, words="Not to be shown.", may_show="no", answered_on=clock.today())
    page = visit(cast.leader).get("/review/month")
    assert words.strip() in page.main
    assert "Not to be shown." not in page.main
    assert "No voice has waited past 28 days" in page.main


@pytest.mark.database
def test_a_month_shows_leaders_no_voice_of_a_team_that_heard_few(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.PLAN)
        db.session.commit()
    facts = {"idea_id": idea_id, "team_id": cast.team}
    shared(app, cast, words="Ring first.", came_on=date(2026, 10, 14), **facts)
    shared(app, cast, words="Of no idea.", came_on=date(2026, 9, 14))
    page = visit(cast.leader).get("/review/month")
    assert "Ring first." not in page.main
    assert "Of no idea." in page.main
    with app.app_context():
        for n in range(4):
            make_voice(cast.organisation, team_id=cast.team, came_on=date(2026, 10, 20 + n))
        db.session.commit()
    assert "Ring first." in visit(cast.leader).get("/review/month").main


@pytest.mark.database
def test_the_way_to_voices_stands_in_the_head(cast: Cast, visit: Visit) -> None:
    assert visit(cast.practitioner).get("/me").link("Voices") == "/voices"
    assert visit(cast.voices_reader).get("/me").link("Voices") == "/voices/desk"


@pytest.mark.database
def test_a_reader_sees_on_their_own_page_what_waits(app: Flask, cast: Cast, visit: Visit) -> None:
    reader = visit(cast.voices_reader)
    assert "Voices of children and families" not in reader.get("/me").main
    with app.app_context():
        make_voice(cast.organisation, may_be_danger=True)
        make_voice(cast.organisation)
        make_voice(cast.other_organisation)
        db.session.commit()
    shared(app, cast)
    page = reader.get("/me")
    assert "2 voices to read" in page.main.replace("\xa0", " ")
    assert "1 could be about danger" in page.main
    assert "1 voice to answer" in page.main.replace("\xa0", " ")
    assert "voices to read" not in visit(cast.practitioner).get("/me").main
