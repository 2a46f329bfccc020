"""What changed because of you: for everybody, and never so that it tells who it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from improve.shared import clock
from improve.shared.db import db
from tests.pages import Visitor
from tests.statements import Watch
from tests.voices.make import make_answer, make_shared_voice
from tests.world import Cast

pytestmark = pytest.mark.usefixtures("context")

HERE = "/changed/larchdale-council"


def tell(cast: Cast, said: str, *, answer: dict[str, Any] | None = None, **facts: Any) -> str:
    organisation = cast.actor("coach").organisation_id
    key = make_shared_voice(organisation, by_id=cast.coach, words=said, **facts)
    make_answer(
        key,
        by_id=cast.coach,
        **{
            "is_public": True,
            "said": said,
            "tried": "We ring first.",
            "happened": "Fewer people waited.",
            "ending": "kept",
            **(answer or {}),
        },
    )
    db.session.commit()
    return key


def test_it_says_that_we_are_starting(cast: Cast, visit: Callable[..., Visitor]) -> None:
    page = visit().get(HERE)
    assert page.heading == "What changed because of you"
    assert "We are just starting. Here is what we are listening for." in page.text
    assert visit().get("/changed/nowhere").status == 404


def test_the_newest_is_first_with_its_ending(cast: Cast, visit: Callable[..., Visitor]) -> None:
    tell(cast, "First words", answer={"given_on": clock.today() - timedelta(days=40)})
    tell(cast, "Second words", answer={"ending": "stopped"})
    page = visit().get(HERE)
    assert page.text.index("“Second words”") < page.text.index("“First words”")
    assert "We stopped, and learned." in page.text
    assert "We kept it." in page.text
    assert "We ring first." in page.text
    assert clock.today().strftime("%B %Y") in page.text
    assert clock.today().strftime("%-d %B") not in page.text


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "safeguarding"},
        {"state": "allegation"},
        {"state": "set_aside"},
        {"locked_at": clock.now},
        {"hidden_at": clock.now},
        {"answer": {"is_public": False}},
        {"answer": {"given_on": None}},
    ],
)
def test_what_is_not_for_everybody_stays_away(
    cast: Cast, visit: Callable[..., Visitor], facts: dict[str, Any]
) -> None:
    tell(cast, "Nobody reads this", **{k: v() if callable(v) else v for k, v in facts.items()})
    assert "Nobody reads this" not in visit().get(HERE).text


def test_another_council_shows_its_own(cast: Cast, visit: Callable[..., Visitor]) -> None:
    key = make_shared_voice(cast.actor("outsider").organisation_id, by_id=cast.outsider, words="x")
    make_answer(key, by_id=cast.outsider, is_public=True, said="From over there")
    db.session.commit()
    assert "From over there" not in visit().get(HERE).text


def test_words_that_may_not_be_shown_are_no_quote(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    tell(cast, "Somebody told us that they wait", may_show="no")
    text = visit().get(HERE).text
    assert "Somebody told us that they wait" in text
    assert "“" not in text


def test_a_small_group_can_neither_be_chosen_nor_worked_out(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    for number in range(6):
        tell(cast, f"Older {number}", age_band="12-15")
        tell(cast, f"Family {number}", speaker_kind="parent_or_carer")
        tell(cast, f"Left {number}", speaker_kind="care_leaver")
    tell(cast, "The only one", age_band="7", speaker_kind="child")
    page = visit().get(HERE)
    assert "7 and under" not in page.text
    # One more group is hidden with it: everyone without the others would be the small one.
    shown = [w for w in ("12 to 15", "Parents and carers", "Care leavers") if page.links(w)]
    assert len(shown) == 2
    assert "The only one" in visit().get(f"{HERE}?age=7").text
    assert "Older 1" in visit().get(f"{HERE}?age=7").text


def test_a_group_of_five_can_be_chosen(cast: Cast, visit: Callable[..., Visitor]) -> None:
    for number in range(5):
        tell(cast, f"Older {number}", age_band="12-15")
        tell(cast, f"Family {number}", speaker_kind="parent_or_carer")
    page = visit().get(f"{HERE}?age=families")
    assert "Family 1" in page.text
    assert "Older 1" not in page.text


def test_thirty_a_page_in_few_statements(
    cast: Cast, visit: Callable[..., Visitor], statements: Watch
) -> None:
    for number in range(31):
        tell(cast, f"Said {number:02d}", age_band="12-15", answer={"given_on": date(2026, 1, 5)})
    visitor = visit()
    with statements() as asked:
        page = visitor.get(HERE)
    assert len(asked) <= 8
    assert page.text.count("You said") == 30
    assert "Said 00" in visit().get(page.link("Older")).text
    assert "Said 00" in visit().get(f"{HERE}?page=99").text
    assert "Said 30" in visit().get(f"{HERE}?page=x&age=zz").text
