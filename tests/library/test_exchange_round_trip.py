"""From one installation into another, and that nothing confidential can go along."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import select

from improve.accounts.roles import Role
from improve.ideas import service as ideas
from improve.ideas.kinds import Outcome
from improve.library import service
from improve.library.learning import PageWords
from improve.library.models import LearningPage
from improve.library.open_format import Council, as_file, open_envelope, seal
from improve.library.public_pages import PublicPage, public_page_of
from improve.library.queries.borrowed import borrowed_pages
from improve.library.service import exchange, trust
from improve.measures.reading import read
from improve.redaction.service import hide_text
from improve.redaction.texts import Name
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW, make_app, migrated_file
from tests.factories import Cast, actor, finish_cycle, make_organisation, make_person
from tests.ideas.judged import judged_idea, keep
from tests.library.outside import their_signer
from tests.library.published import WORDS, kept_page, publish, stopped_page
from tests.library.test_public_numbers import FIRST, measure, point, window

HERE: Final = {"site": "http://localhost", "secret": "what the first installation keeps, 2026"}
THERE: Final = {"secret": "what the second installation keeps, 2026"}


@pytest.fixture
def other_app(tmp_path: Any) -> Flask:
    """Another installation, with a database and a key of its own."""
    return make_app(f"sqlite:///{migrated_file(tmp_path)}")


def test_pages_go_from_one_installation_into_another_and_are_renewed(
    cast: Cast, app: Flask, other_app: Flask
) -> None:
    with app.app_context():
        keys = [stopped_page(cast), kept_page(cast)]
        sent = exchange.export_pages(cast.actor("coach"), keys=keys, **HERE)
        key = trust.own_key("larchdale-council", HERE["secret"])
        assert key is not None
    with other_app.app_context():
        coach = actor(make_person(make_organisation("Thornmere Council"), role=Role.COACH))
        trust.trust_council(
            coach,
            name="Larchdale",
            key=key.public_key,
            read_out=" ".join(key.groups),
            how_compared="By telephone",
            **THERE,
        )
        assert brought(coach, sent.body) == (2, 0)
        came = {page.content["key"]: page for page in borrowed_pages(coach)}
        db.session.commit()
    left = {page["key"]: page for page in json.loads(sent.body)["pages"]}
    assert {key: page.content for key, page in came.items()} == left
    assert {page.council for page in came.values()} == {"Larchdale"}
    assert all(page.was_trusted for page in came.values())
    with clock.moved(NOW + timedelta(days=40)), app.app_context():
        newer = renewed(cast, keys[0])
        sent = exchange.export_pages(cast.actor("coach"), keys=keys, **HERE)
    with clock.moved(NOW + timedelta(days=41)), other_app.app_context():
        coach = actor(coach.person_id)
        assert brought(coach, sent.body) == (0, 1)
        (page,) = [one for one in borrowed_pages(coach) if one.content["key"] == keys[0]]
    assert page.title == newer
    assert page.replaced_version == came[keys[0]].source_version
    assert page.content == next(p for p in json.loads(sent.body)["pages"] if p["key"] == keys[0])


def brought(coach: Any, body: bytes) -> tuple[int, int]:
    look = exchange.look_through(
        coach, import_id=exchange.start_import(coach, source=body, **THERE), **THERE
    )
    done = exchange.bring_in(
        coach,
        import_id=look.held.id,
        keys=[page.key for page in look.to_take],
        seen=look.seen,
        **THERE,
    )
    db.session.commit()
    return done.new, done.newer


def renewed(cast: Cast, key: str) -> str:
    """Change a public page, which takes it out of public, and publish it anew."""
    there = db.session.execute(
        select(LearningPage.idea_id, LearningPage.version).where(LearningPage.public_key == key)
    ).one()
    words = PageWords(title="A photo, and a name", tried=WORDS.tried, happened=WORDS.happened)
    assert publish(cast, there.idea_id, words, version=there.version) == key
    return words.title


#: What stands all over the council, and may be in nothing that leaves it.
NAME: Final = "Ottoline Vexworth"
SECRETS: Final = f"{NAME} ottoline.vexworth@larchdale.example 07700 900461 12 Wrenhurst Close"
PLANTED: Final = (
    "Ottoline", "Vexworth", "larchdale.example", "07700 900461", "Wrenhurst", "Nobody else’s words",
    "Thanks in confidence", "Drafted, never shared", "For staff alone", "Fenwick keeps this",
    "Riverside", "It may help others", "child seen, by the due day", "Amina Birch", "Sam Alder",
    "Priya Hazel",
)  # fmt: skip


def planted(cast: Cast) -> str:
    """Return the public key of the one page of a council full of what must stay inside."""
    make_person(
        cast.organisation,
        name=NAME,
        email="ottoline.vexworth@larchdale.example",
        team_id=cast.team,
    )
    practitioner, outsider = cast.actor("practitioner"), cast.actor("outsider")
    idea_id = judged_idea(cast, "improvement", text="Visits by photo")
    keep(cast, idea_id)
    words = f"Nobody else’s words {SECRETS}"
    comment = ideas.comment(practitioner, idea_id=idea_id, words=words, form_token="c")
    hide_text(practitioner, name=Name("comment", comment, "words"))
    ideas.say_thanks(
        cast.actor("manager"),
        to_id=cast.practitioner,
        idea_id=idea_id,
        words=f"Thanks in confidence {SECRETS}",
        form_token="t",
    )
    public = publish(cast, idea_id, PageWords(title="Kept", tried="One thing", happened="It held"))
    for title, decision, is_shared in (
        ("Drafted, never shared", "abandon", False),
        ("For staff alone", "adopt", True),
    ):
        service.write_page(
            cast.actor("coach"),
            idea_id=finish_cycle(cast, decision, title=f"About {title}"),
            words=PageWords(title=title, tried=SECRETS, happened="It rained"),
            share=is_shared,
        )
    ideas.propose_idea(
        outsider, text=f"Fenwick keeps this {SECRETS}", team_id=cast.outsider_team, form_token="f"
    )
    db.session.commit()
    return public


def everything_outside(cast: Cast, app: Flask, visit: Callable[..., Any], key: str) -> list[str]:
    """Return all that somebody outside can get of the first council."""
    found = []
    for name in ("feed.xml", "feed.json", "pages.json", "key.json"):
        answer = visit().get(f"/learning/larchdale-council/{name}").response
        found.append(answer.get_data(as_text=True))
    with app.app_context():
        if key:
            sent = exchange.export_pages(cast.actor("coach"), keys=[key], **HERE)
            found.append(sent.body.decode())
    return found


def test_nothing_that_was_not_decided_to_be_public_leaves(
    cast: Cast, app: Flask, visit: Callable[..., Any]
) -> None:
    with app.app_context():
        key = planted(cast)
    outside = everything_outside(cast, app, visit, key)
    for text in outside:
        for words in PLANTED:
            assert words.lower() not in text.lower(), words
    assert sum("It held" in text for text in outside) == 4
    assert {page["title"] for page in open_envelope(outside[-1]).pages} == {"Kept"}


def test_words_that_are_hidden_take_their_page_out_of_everything(
    cast: Cast, app: Flask, visit: Callable[..., Any]
) -> None:
    with app.app_context():
        key = planted(cast)
        page_id = db.session.execute(
            select(LearningPage.id).where(LearningPage.public_key == key)
        ).scalar_one()
        hide_text(cast.actor("practitioner"), name=Name("learning", page_id, "happened"))
        db.session.commit()
    assert not any("It held" in text for text in everything_outside(cast, app, visit, ""))


@pytest.mark.parametrize("hidden", [(1, 4), (2, 3), (4, 1)])
def test_a_small_number_leaves_no_trace_in_a_file(hidden: tuple[int, int]) -> None:
    """Two series that differ only in what is kept back are the same file."""
    files = {
        as_file(seal([page_with(number)], council=COUNCIL, made_on=FIRST, signer=their_signer()))
        for number in hidden
    }
    (file,) = files
    points = open_envelope(file).pages[0]["measure"]["points"]
    assert points[9] == {"x": "2025-11-03", "value": None, "suppressed": True}
    assert not [one for one in points if one["value"] is not None and 0 < one["value"] < 5]


COUNCIL: Final = Council("Larchdale Council", "larchdale-council", "https://l.example")


def page_with(number: int) -> PublicPage:
    """Return a public page whose tenth count is ``number``."""
    counts = [12, 14, 11, 13, 12, 15, 10, 12, 13, number, 12, 14, 11, 20, 22, 21, 24, 20, 23]
    reading = read(
        measure("count", unit="moves"),
        [point(n, float(count)) for n, count in enumerate(counts)],
        [window(13)],
    )
    return public_page_of(
        key="a0" * 8,
        version=1,
        words=WORDS,
        outcome=Outcome.ADOPTED,
        finished_at=NOW,
        decided_at=NOW,
        kind_of_team="",
        reading=reading,
    )
