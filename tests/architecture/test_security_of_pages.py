"""What pages do with what people wrote, where browsers are told it, and how long a refusal takes."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from urllib.parse import quote_plus, unquote_plus

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import text

from improve.ideas import service as ideas
from improve.shared.db import db
from tests.architecture.test_code_rules import SCRIPTS, TEMPLATES, relative
from tests.architecture.test_routes import PUBLIC, RULES, path_of
from tests.architecture.test_routes import ids as ids  # noqa: PLC0414 - a fixture
from tests.factories import Cast, idea_in, make_idea, make_measure
from tests.pages import Visitor
from tests.world import World, make_world, walk

Visit = Callable[..., Visitor]
#: HTML, Markdown, a template, and a script: none of it may become anything.
PLANTED = (
    '<b id="planted">x</b><img src=x onerror=alert(1)><script>alert(1)</script>'
    "**bold** [press](javascript:alert(1)) {{ 7*7 }} <!-- planted"
)
#: Where files are taken: tables of numbers, logs and lists, archives between councils. No others.
TAKE_FILES = {"templates/shared/_forms.html"}


@pytest.mark.security(1, 7)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["coach"])
def test_what_people_write_becomes_no_element(
    cast: Cast, app: Flask, visit: Visit, role: str
) -> None:
    with app.app_context():
        idea_id = idea_in(cast, "do", text=PLANTED[:120])
        ideas.comment(cast.actor("manager"), idea_id=idea_id, words=PLANTED, form_token="p")
        ideas.mark_blocked(cast.actor("manager"), idea_id=idea_id, reason=PLANTED, who=PLANTED[:60])
        make_measure(cast, name=PLANTED[:60], numbers=[(1, 2)] * 3)
        db.session.execute(
            text("UPDATE people SET name = :name, job_title = :name WHERE id = :id"),
            {"name": PLANTED[:60], "id": cast.colleague},
        )
        db.session.commit()
    walked = walk(visit(getattr(cast, role)), (f"/ideas/{idea_id}",), most=60)
    met = 0
    for path, body in walked.pages.items():
        soup = BeautifulSoup(body, "lxml")
        assert soup.find(id="planted") is None, path
        assert not soup.find_all("img", src="x"), path
        assert not [s for s in soup.find_all("script") if "alert" in s.get_text()], path
        assert not soup.find_all(href=re.compile("^javascript:")), path
        assert "49 &lt;!--" not in body, path
        met += "&lt;b id=" in body
    assert met > 0, "the words are met as words"


@pytest.mark.security(7)
def test_no_markdown_or_html_is_made_of_what_people_write() -> None:
    """Line breaks are kept by the style sheet; nothing turns words into elements."""
    for path in TEMPLATES:
        for word in ("nl2br", "urlize", "|markdown"):
            assert word not in path.read_text("utf-8"), f"{relative(path)} has {word}"


@pytest.mark.security(20)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_public_pages_set_the_one_cookie_at_most(app: Flask, ids: dict[str, object]) -> None:
    met = set()
    for rule in RULES:
        if rule.endpoint not in PUBLIC or "GET" not in (rule.methods or ()):
            continue
        if rule.endpoint == "static":
            continue
        answer = app.test_client().get(path_of(rule, ids))
        cookies = answer.headers.getlist("Set-Cookie")
        answer.close()
        assert len(cookies) <= 1, rule.rule
        for cookie in cookies:
            met.add(cookie.split("=")[0])
            for part in ("HttpOnly", "Path=/", "SameSite=Lax"):
                assert part in cookie, (rule.rule, cookie)
            assert "Domain" not in cookie
    assert met == {"improve"}


@pytest.mark.security(23)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_other_sites_learn_nothing_of_where_somebody_was(
    cast: Cast, visit: Visit, ids: dict[str, object]
) -> None:
    visitor = visit(cast.incident_reviewer)
    for rule in RULES:
        if "GET" not in (rule.methods or ()) or rule.endpoint in {"static", "healthz"}:
            continue
        path = path_of(rule, ids)
        answer = visitor.client.get(path)
        told = answer.headers["Referrer-Policy"]
        answer.close()
        is_quiet = path.startswith(
            ("/say/", "/answer", "/help-wanted/", "/report/", "/reports/tell")
        )
        assert told == "no-referrer" if is_quiet else told in {"same-origin", "no-referrer"}, path


@pytest.mark.security(33)
def test_files_are_taken_as_tables_only() -> None:
    """There is one way to send a file, and the forms that have it read tables and archives."""
    takes = re.compile(r'type="file"|\bupload\(')
    found = {relative(path) for path in TEMPLATES if takes.search(path.read_text("utf-8"))}
    about = re.compile("import|bring_in|log|exchange|borrow|table|_forms", re.IGNORECASE)
    assert {path for path in found if not about.search(path)} == set()
    assert found


@pytest.mark.security(71)
def test_a_browser_keeps_the_draft_of_an_idea_and_no_other_words() -> None:
    """Each place of the browser's storage is named here: a new one is a decision."""
    kept = re.compile(r"(?:local|session)Storage\.setItem\(([^,]+),")
    found: dict[str, set[str]] = {}
    for path in SCRIPTS:
        source = path.read_text("utf-8")
        names = dict(re.findall(r'\b(\w+) = "(improve-[\w-]+)"', source))
        for key in kept.findall(source):
            name = key.strip().strip('"')
            found.setdefault(names.get(name, name), set()).add(path.name)
    # Words: the draft alone. The others are counts of taps, and which card lies folded.
    assert found == {
        "improve-idea-draft": {"log.js"},
        "improve-taps": {"tally.js"},
        "improve-huddle-cards": {"huddle.js"},
    }
    log = next(path for path in SCRIPTS if path.name == "log.js").read_text("utf-8")
    assert re.search(r"24 \* 60 \* 60|864e5|86400000|24 \* 3600", log), "a draft goes after a day"


@pytest.mark.security(6)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_search_that_would_stall_a_pattern_is_answered_at_once(cast: Cast, visit: Visit) -> None:
    manager = visit(cast.manager)
    for words in ("(a+)+$" * 1_700, "a" * 10_000 + "!", "(.*)*" * 2_000):
        for path in ("/search?q=", "/teams/riverside/board?text=", "/ideas/similar?text="):
            began = time.process_time()
            answer = manager.client.get(path + quote_plus(words))
            answer.close()
            assert answer.status_code < 500, path
            assert time.process_time() - began < 1, path


@pytest.mark.security(67)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["manager", "incident_reviewer"])
def test_no_address_of_a_page_names_a_person(
    cast: Cast, lay: Callable[..., World], app: Flask, visit: Visit, role: str
) -> None:
    world = lay("world", lambda: make_world(cast))
    with app.app_context():
        people = db.session.execute(text("SELECT name, email FROM people")).all()
        db.session.rollback()
    named = {word.lower() for row in people for word in (row.name, row.email)}
    walked = walk(visit(getattr(cast, role)), world.paths)
    addresses = {*walked.pages, *(form.action for form in walked.forms)}
    addresses |= {
        found
        for body in walked.pages.values()
        for found in re.findall(r'(?:href|action)="(/[^"]*)"', body)
    }
    assert len(addresses) > 60
    for address in addresses:
        said = unquote_plus(address).lower()
        assert not [name for name in named if name in said or name.replace(" ", "-") in said], (
            address
        )
    # A search of reports is none: their pages take no words by address.
    assert not [
        a for a in addresses if a.startswith(("/reports/desk", "/report-answer")) and "q=" in a
    ]


@pytest.mark.security(54)
def test_another_councils_thing_takes_as_long_as_one_that_never_was(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        theirs = make_idea(cast, text="Ring first")
        db.session.commit()
    outsider = visit(cast.outsider)

    def ask(idea_id: int) -> float:
        began = time.perf_counter()
        answer = outsider.client.get(f"/ideas/{idea_id}")
        took = time.perf_counter() - began
        assert answer.status_code == 404
        answer.close()
        return took

    for _ in range(5):
        ask(theirs), ask(987_654)
    # In turn, so that whatever else goes on meets both alike.
    pairs = [(ask(theirs), ask(987_654)) for _ in range(60)]
    other, never = (statistics.median(times) for times in zip(*pairs, strict=True))
    assert abs(other - never) < 0.02, (other, never)
