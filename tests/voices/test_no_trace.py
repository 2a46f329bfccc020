"""What is left of somebody who told: the whole database and every log, before and after.

One row with the day alone, and for an hour a sealed one with the code to come back: no address, no
browser, no time of day, no words and no code in any column of any table, in any byte of the file
or in any line of a log, whether somebody is signed in beside it or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from improve.shared import clock
from improve.voices.service.send import SOONEST
from tests.pages import Page, Visitor
from tests.traces import (
    TIME_OF_DAY,
    Lines,
    check_files,
    check_holds_no_time,
    check_holds_none_of,
    dump,
    files_of,
    listening,
    new_rows,
)
from tests.voices.open_council import open_council
from tests.world import Cast

#: When it is sent; begun two minutes before.
MOMENT = datetime(2026, 11, 24, 14, 37, 53, 246810, tzinfo=UTC)
BEGUN = MOMENT - timedelta(minutes=2)
HAPPENED = "Marmaduke came with a purple umbrella."
BETTER = "Bring the umbrella each time."
#: What a browser sends of itself with each page.
SENT = {
    "REMOTE_ADDR": "203.0.113.77",
    "HTTP_X_FORWARDED_FOR": "198.51.100.23",
    "HTTP_USER_AGENT": "Mozilla/5.0 (Thistlephone 14)",
    "HTTP_REFERER": "https://hillside-school.example/",
    "HTTP_ACCEPT_LANGUAGE": "kw-GB",
}
#: What must be nowhere.
SECRETS = [
    "203.0.113", "198.51.100", "Thistlephone", "hillside-school", "kw-GB",
    "Marmaduke", "umbrella", "14:37", "14:35", "14.37",
    str(int(MOMENT.timestamp())), str(int(BEGUN.timestamp())),
]  # fmt: skip


@pytest.fixture
def log() -> Iterator[Lines]:
    """All logs."""
    with listening() as lines:
        yield lines


def press(visitor: Visitor, page: Page, said: str = "", button: str = "Next") -> Page:
    """Answer a question."""
    changed = {"said": said} if said else {}
    return visitor.send(page.form(button=button), changed, button=button)


def tell(visitor: Visitor) -> str:
    """Tell, from the start to the code to come back; return the code."""
    with clock.moved(BEGUN):
        page = visitor.get("/say/larchdale-council")
        page = press(visitor, page, button="Start")
    for said in ("young_person", "12-15", "plan", "2", HAPPENED, BETTER):
        page = press(visitor, page, said)
    page = press(visitor, page, "yes", "Send my words")
    assert page.heading == "Thank you. We have your words."
    return " ".join(part.text for part in page.soup.select(".say-code span"))


@pytest.mark.security(66)
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_nothing_leads_to_whoever_told(
    is_signed_in: bool, app: Flask, cast: Cast, visit: Callable[..., Visitor], log: Lines
) -> None:
    assert timedelta(minutes=2) > SOONEST
    open_council(app, cast)
    visitor = visit(cast.practitioner if is_signed_in else None)
    visitor.client.environ_base.update(SENT)
    with clock.moved(MOMENT):
        before = dump(app)
        check_holds_none_of(SECRETS, str(before))
        receipt = tell(visitor)
        secrets = [*SECRETS, receipt, receipt.replace(" ", "-")]
        came = new_rows(before, dump(app))
        assert sorted(came) == ["voice_drafts", "voices"]
        (voice,), (draft,) = came["voices"], came["voice_drafts"]
        for row in (voice, draft):
            check_holds_no_time(row)
            check_holds_none_of(secrets, str(row))
        assert str(voice["came_on"]) == str(draft["began_on"]) == "2026-11-24"
        days = [one for one, value in voice.items() if re.match(r"\d{4}-\d\d-\d\d", str(value))]
        assert days == ["came_on"]
        check_files(app, secrets)
        assert not files_of(app) or any(
            bytes(draft["sealed"])[40:72] in held for held in files_of(app).values()
        ), "the test must see what is there"
        # The code to come back goes as they are done; the day is left alone.
        page = visitor.get("/say/larchdale-council/thanks")
        visitor.send(page.form(button="I am done"), button="I am done")
        assert new_rows(before, dump(app)) == {"voices": [voice]}
        check_files(app, secrets)
        for name, held in files_of(app).items():
            assert bytes(draft["sealed"])[40:72] not in held, f"the draft is left in {name}"
    assert log.lines == [], "that somebody told, and when, stands in a log"


@pytest.mark.security(66)
def test_faults_of_these_pages_are_noted_by_the_day_alone(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], log: Lines,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    open_council(app, cast)
    visitor = visit()
    visitor.client.environ_base.update(SENT)

    def broken(_code: str, _today: object) -> None:
        raise ValueError(HAPPENED)

    monkeypatch.setattr("improve.voices.routes.at_form.place_of", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = visitor.client.get("/say/larchdale-council")
    assert answer.status_code == 500
    answer.close()
    written = [line.split(" {'name'")[0] for line in log.lines]
    assert len(written) == 1
    assert '"error": "ValueError"' in written[0]
    check_holds_none_of(SECRETS, written[0])
    assert not TIME_OF_DAY.search(written[0])


def test_other_pages_are_logged(app: Flask, visit: Callable[..., Visitor], log: Lines) -> None:
    """The test above would see a line: it is only that none is written."""
    visit().get("/help")
    assert any('"route": "/help"' in line for line in log.lines)
