"""Public pages as feeds for programs: whole, valid, kept by their mark, and nothing but public."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from defusedxml import ElementTree
from sqlalchemy import select

from improve.library import service
from improve.library.models import LearningPage
from improve.library.open_format import open_envelope, schema
from improve.shared.db import db
from tests.factories import Cast
from tests.library.published import kept_page, stopped_page
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
Inside = Callable[[Callable[[], Any]], Any]
HERE = "/learning/larchdale-council"
ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
KINDS = {
    "feed.xml": "application/atom+xml",
    "feed.json": "application/feed+json",
    "pages.json": "application/json",
    "key.json": "application/json",
}


def got(visit: Visit, name: str, **headers: str) -> Any:
    return visit().get(f"{HERE}/{name}", headers=headers).response


def take_down(cast: Cast, key: str) -> None:
    page_id = db.session.execute(
        select(LearningPage.id).where(LearningPage.public_key == key)
    ).scalar_one()
    service.take_down(cast.actor("coach"), page_id=page_id)
    db.session.commit()


def test_the_atom_feed_is_whole(cast: Cast, visit: Visit, inside: Inside) -> None:
    first = inside(
        lambda: stopped_page(
            cast, title="A <b>photo</b> & a card", tried="One.\n\nTwo \ufffe <script>"
        )
    )
    inside(lambda: kept_page(cast))
    feed = ElementTree.fromstring(got(visit, "feed.xml").get_data())
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{name}"), name
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Larchdale Council"
    links = {one.get("rel"): one.get("href") for one in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"http://localhost{HERE}/feed.xml"
    assert links["alternate"] == f"http://localhost{HERE}"
    entries = feed.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in entries] == ["Kept", "A <b>photo</b> & a card"]
    ids = [one.findtext(f"{ATOM}id") for one in entries]
    assert len(set(ids)) == 2
    assert all(one.startswith("urn:uuid:") for one in ids)
    for moment in [*feed.iter(f"{ATOM}updated"), *feed.iter(f"{ATOM}published")]:
        assert MOMENT.fullmatch(moment.text), moment.text
        datetime.fromisoformat(moment.text)
    content = entries[1].find(f"{ATOM}content")
    assert content.get("type") == "html"
    assert "<p>One.</p>\n<p>Two  &lt;script&gt;</p>" in content.text
    assert entries[1].find(f"{ATOM}link").get("href") == f"http://localhost{HERE}/{first}"


def test_the_json_feed_has_what_its_standard_asks_for(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    key = inside(lambda: kept_page(cast))
    feed = json.loads(got(visit, "feed.json").get_data())
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "What Larchdale Council learned"
    assert feed["feed_url"] == f"http://localhost{HERE}/feed.json"
    assert feed["authors"][0]["name"] == "Larchdale Council"
    (item,) = feed["items"]
    assert item["url"] == f"http://localhost{HERE}/{key}"
    assert item["id"].startswith("urn:uuid:")
    assert "<h2>What we tried</h2>" in item["content_html"]
    assert "Improvement" in item["content_html"]
    for name in ("date_published", "date_modified"):
        assert MOMENT.fullmatch(item[name])
    # Dates are by month, as on the page.
    assert item["date_published"] == "2026-11-01T00:00:00Z"
    assert item["date_modified"] > item["date_published"]


def test_a_council_without_a_public_page_has_an_empty_feed(cast: Cast, visit: Visit) -> None:
    assert json.loads(got(visit, "feed.json").get_data())["items"] == []
    feed = ElementTree.fromstring(got(visit, "feed.xml").get_data())
    assert feed.findall(f"{ATOM}entry") == []
    assert MOMENT.fullmatch(feed.findtext(f"{ATOM}updated"))
    assert open_envelope(got(visit, "pages.json").get_data()).pages == ()


def test_the_signed_file_is_what_a_coach_would_send(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    keys = [inside(lambda: stopped_page(cast)), inside(lambda: kept_page(cast))]
    found = open_envelope(got(visit, "pages.json").get_data())
    assert sorted(one["key"] for one in found.pages) == sorted(keys)
    assert found.council.site == "http://localhost"


def test_a_page_that_is_taken_down_disappears_from_all(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    key = inside(lambda: stopped_page(cast))
    marks = {name: got(visit, name).headers["ETag"] for name in KINDS}
    inside(lambda: take_down(cast, key))
    for name in ("feed.xml", "feed.json", "pages.json"):
        answer = got(visit, name, **{"If-None-Match": marks[name]})
        assert answer.status_code == 200
        body = answer.get_data(as_text=True)
        assert key not in body
        assert "A photo before the first visit" not in body


@pytest.mark.parametrize("name", KINDS)
def test_each_says_what_it_is_and_may_be_kept_by_its_mark(
    cast: Cast, visit: Visit, inside: Inside, name: str
) -> None:
    inside(lambda: stopped_page(cast))
    answer = got(visit, name)
    assert answer.content_type == f"{KINDS[name]}; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    if name.startswith("feed"):
        assert answer.last_modified is not None
    again = got(visit, name, **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.get_data() == b""
    assert got(visit, name, **{"If-None-Match": '"other"'}).status_code == 200
    # By the date alone nothing is kept: a page taken down leaves no later date.
    later = {"If-Modified-Since": "Wed, 24 Nov 2027 09:30:00 GMT"}
    assert got(visit, name, **later).status_code == 200
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("name", KINDS)
def test_a_council_that_is_not_there_has_none(cast: Cast, visit: Visit, name: str) -> None:
    assert visit().get(f"/learning/nowhere/{name}").status == 404


def test_the_schema_is_published(visit: Visit) -> None:
    answer = visit().get("/learning/schema.json").response
    assert answer.mimetype == "application/schema+json"
    assert json.loads(answer.get_data()) == schema()


def test_each_takes_few_statements(
    cast: Cast, visit: Visit, inside: Inside, statements: Watch
) -> None:
    inside(lambda: stopped_page(cast))
    for name in KINDS:
        visitor = visit()
        visitor.get("/learning/schema.json")
        with statements() as seen:
            visitor.get(f"{HERE}/{name}")
        assert len(seen) <= 2, (name, seen)
