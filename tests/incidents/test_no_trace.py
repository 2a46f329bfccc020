"""What is left of somebody who reported: the whole database and every log, before and after.

One sealed row, and one more with how to call back where they said it: no person, no session, no
address, no browser, no time, no words and no receipt in any column of any table, in any byte of
the file or in any line of a log; and not one other row is another than before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.incidents.models import Incident, IncidentContact
from improve.shared import clock
from improve.shared.db import db
from tests.incidents.open_council import Opened, open_council
from tests.pages import Visitor
from tests.traces import (
    check_files,
    check_holds_no_time,
    check_holds_none_of,
    dump,
    files_of,
    listening,
    new_rows,
)
from tests.world import Cast

#: When it is sent; begun two minutes before.
MOMENT = datetime(2026, 11, 24, 14, 37, 53, 246810, tzinfo=UTC)
BEGUN = MOMENT - timedelta(minutes=2)
HAPPENED = "Marmaduke came with a purple umbrella."
CONTACT = "The bench by the heron pond"
#: What a browser sends of itself with each page.
SENT = {
    "REMOTE_ADDR": "203.0.113.77",
    "HTTP_X_FORWARDED_FOR": "198.51.100.23",
    "HTTP_USER_AGENT": "Mozilla/5.0 (Thistlephone 14)",
    "HTTP_REFERER": "https://larchdale.example/team-page",
    "HTTP_ACCEPT_LANGUAGE": "kw-GB",
}
#: What must be nowhere.
SECRETS = [
    "203.0.113", "198.51.100", "Thistlephone", "team-page", "kw-GB",
    "Marmaduke", "umbrella", "heron pond", "14:37", "14:35", "14.37",
    str(int(MOMENT.timestamp())), str(int(BEGUN.timestamp())),
]  # fmt: skip
INSIDE = "/reports/tell"
LINK = "/report/larchdale-council"


def tell(visitor: Visitor, door: str, made: Opened, contact: str) -> str:
    """Report, from the start to the eight words; return them."""
    with clock.moved(BEGUN):
        page = visitor.get(door)
        page = visitor.send(page.form(button="Start"), button="Start")
    for changed in (
        {"choice": "told"}, {"choice": "near_miss"}, {"words": HAPPENED},
        {"ticks": ["F07", "F08"]}, {"words": "An umbrella."}, {"choice": str(made.group)},
        {"choice": "week"}, {"words": "Two umbrellas."},
        {"choice": "yes" if contact else "no", "contact": contact},
        {"ticks": [str(made.reviewers[0])]},
    ):  # fmt: skip
        page = visitor.send(page.form(button="Next"), changed, button="Next")
    page = visitor.send(page.form(button="Send it"), button="Send it")
    assert page.heading == "Thank you. It is sent."
    return " ".join(part.text for part in page.soup.select("#receipt li"))


@pytest.mark.security(61)
@pytest.mark.parametrize(
    "way",
    [(INSIDE, True, ""), (INSIDE, True, CONTACT), (LINK, False, ""), (LINK, True, "")],
    ids=["inside", "inside, call back", "link", "link, signed in"],
)
def test_one_sealed_row_and_nothing_else(
    way: tuple[str, bool, str], app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    door, is_signed_in, contact = way
    made = open_council(app, cast)
    visitor = visit(cast.practitioner if is_signed_in else None)
    visitor.client.environ_base.update(SENT)
    drafts = drafts_of(app, visitor)
    with clock.moved(MOMENT), listening() as log:
        before = dump(app)
        check_holds_none_of(SECRETS, str(before))
        receipt = tell(visitor, door, made, contact)
        came = new_rows(before, dump(app))
    assert log.lines == [], "that somebody reported, and when, stands in a log"
    secrets = [*SECRETS, receipt, receipt.replace(" ", "-")]
    assert sorted(came) == (["incident_contacts", "incidents"] if contact else ["incidents"])
    for row in (row for rows in came.values() for row in rows):
        check_holds_no_time(row)
        check_holds_none_of([*secrets, "2026-11-24"], str(row))
    (incident,) = came["incidents"]
    assert [str(incident["week"]), incident["group_id"]] == ["2026-11-23", made.group]
    days = [name for name, value in incident.items() if re.match(r"\d{4}-\d\d-", str(value))]
    assert days == ["week"]
    # All else that is not sealed is the same in every report.
    plain = {
        name: value
        for name, value in incident.items()
        if value is not None and not isinstance(value, bytes)
    }
    assert plain.keys() - {"key", "receipt_hash", "week", "group_id"} == {
        "organisation_id", "state", "is_held", "is_strict", "route", "version",
    }  # fmt: skip
    if contact:
        (row,) = came["incident_contacts"]
        assert set(row) == {"token", "organisation_id", "sealed"}
    check_files(app, secrets)
    assert len(drafts) > 8, "the test must see the drafts"
    for name, held in files_of(app).items():
        assert not any(one in held for one in drafts), f"a draft is left in {name}"


def drafts_of(app: Flask, visitor: Visitor) -> set[bytes]:
    """Return a set that gathers a piece of each draft as it is kept while somebody reports."""
    drafts: set[bytes] = set()
    real_send = visitor.send

    def send(*args: object, **more: object) -> object:
        page = real_send(*args, **more)  # type: ignore[arg-type]
        with app.app_context():
            found = db.session.scalars(text("SELECT sealed FROM incident_drafts")).all()
        drafts.update(bytes(one)[40:72] for one in found)
        return page

    visitor.send = send  # type: ignore[method-assign, assignment]
    return drafts


@pytest.mark.security(58)
def test_rows_of_reporters_have_no_column_for_who_or_when() -> None:
    assert {column.name for column in IncidentContact.__table__.columns} == {
        "token", "organisation_id", "sealed",
    }  # fmt: skip
    kinds = {column.name: str(column.type) for column in Incident.__table__.columns}
    assert [name for name, kind in kinds.items() if "TIME" in kind.upper()] == []
    assert [name for name, kind in kinds.items() if "DATE" in kind.upper()] == [
        "week", "ended_week",
    ]  # fmt: skip
    people = {
        foreign.parent.name
        for foreign in Incident.__table__.foreign_keys
        if foreign.column.table.name == "people"
    }
    # All are reviewers, by a lawful order.
    assert people
    assert all(name.startswith(("frozen_", "thawed_")) for name in people)


def test_the_test_sees_a_session_that_was_used(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    """Any other page is written down: the test above would see it."""
    open_council(app, cast)
    visitor = visit(cast.practitioner)
    with clock.moved(MOMENT), listening() as log:
        before = dump(app)
        visitor.get("/help")
        with pytest.raises(AssertionError, match="these rows are gone"):
            new_rows(before, dump(app))
    assert log.lines
