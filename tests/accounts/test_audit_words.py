"""Each act that the source can note has words, and what nobody is to find there stays unshown."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts.audit_facts import facts_in_words
from improve.measures.views import CHANGE_KINDS
from improve.shared import contributions
from improve.shared.act_words import (
    CONTRIBUTION,
    GROUP_WORDS,
    ActGroup,
    acts_of,
    by_nobody,
    group_of,
    own_acts,
    words_of_acts,
)
from improve.shared.db import db
from improve.voices.kinds import StepKind
from tests.factories import Cast
from tests.world import World, make_world

IMPROVE = Path(__file__).resolve().parents[2] / "improve"
#: Functions that are given the code of what they note, each with the place of it.
GIVEN = {"_entry": 1, "finish": 2, "_set": 3, "_keep": 3, "_took": 2, "_tell_both": 4}
#: Codes that are put together, by how they begin: all that they can become.
MADE = {
    "measure.": {f"measure.{kind}" for kind in CHANGE_KINDS},
    "voice_": {f"voice_{kind.value}" for kind in StepKind},
    "tally.point_": {f"tally.point_{how}" for how in ("added", "changed", "removed", "gap")},
    "idea_": {"idea_blocked", "idea_unblocked", "idea_pinned", "idea_unpinned"},
}


def strings(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression can be: itself, or what it chooses between."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield from MADE.get(str(node.values[0].value), {str(node.values[0].value)})


def codes_of_the_source() -> dict[str, str]:
    """Return every code that some module can give to the log, and that module."""
    found: dict[str, str] = {}
    for path in sorted(IMPROVE.rglob("*.py")):
        source = path.read_text("utf-8")
        if "audit" not in source and "finish(" not in source and "act=" not in source:
            continue
        tree = ast.parse(source)
        names: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            for target in node.targets if isinstance(node, ast.Assign) else ():
                if isinstance(target, ast.Name):
                    names.setdefault(target.id, []).append(node.value)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            given = [word.value for word in node.keywords if word.arg == "act"]
            place = 1 if called.startswith("audit.record") else GIVEN.get(called)
            if place is not None and len(node.args) > place:
                given.append(node.args[place])
            for one in given:
                meant = names.get(one.id, []) if isinstance(one, ast.Name) else [one]
                for code in (said for value in meant for said in strings(value)):
                    if code.replace("_", "").replace(".", "").isalnum():
                        found.setdefault(code, path.relative_to(IMPROVE).as_posix())
                        if called == "_tell_both":  # both sides of a join note it
                            found.setdefault(f"{code}_here", found[code])
    return found


def capability_of_words(code: str) -> str:
    """Return the capability that says what a code means, or “” for none."""
    offers = contributions.gather(CONTRIBUTION)
    of = [o.__module__ for o in offers if any(code in codes for codes in o().words.values())]
    return ", ".join(module.removeprefix("improve.").split(".")[0] for module in of)


#: Acts that a part of ``shared`` notes for all, and the capability that says what they mean.
NOTED_FOR_ALL = {"page_refused": "accounts", "identifier_hint_shown": "redaction"}


@pytest.fixture(autouse=True)
def plugged_in(app: Flask) -> Flask:
    """The application plugs in what each capability's acts mean."""
    return app


@pytest.mark.security(80)
def test_each_act_of_the_source_has_words_in_its_own_capability() -> None:
    found = codes_of_the_source()
    assert len(found) > 200
    meant = {code: NOTED_FOR_ALL.get(code, where.split("/")[0]) for code, where in found.items()}
    wrong = {
        code: f"{found[code]}; its words: {capability_of_words(code) or 'none'}"
        for code, capability in meant.items()
        if capability_of_words(code) != capability
    }
    assert not wrong, f"say what these are in act_words.py of their capability: {wrong}"


def test_no_words_are_of_an_act_that_nobody_notes() -> None:
    assert set(words_of_acts()) - set(codes_of_the_source()) == set()
    assert own_acts() | set(by_nobody()) <= set(words_of_acts())


def test_each_act_stands_once_and_each_kind_has_a_name() -> None:
    codes = acts_of(*ActGroup)
    assert len(codes) == len(set(codes)) == len(words_of_acts())
    assert set(GROUP_WORDS) == set(ActGroup) - {ActGroup.UNSHOWN}


def test_the_words_are_those_of_the_pages() -> None:
    """Screens speak of a phone and its codes, and of what is theirs."""
    said = [*words_of_acts().values(), *GROUP_WORDS.values()]
    assert [words for words in said if _is_strange(words)] == []


def _is_strange(words: str) -> bool:
    return any(odd in words for odd in ("the own", "second proof", "second factor"))


def test_what_happened_in_a_council_has_words(
    app: Flask, cast: Cast, lay: Callable[[str, Callable[[], World]], World]
) -> None:
    lay("world", lambda: make_world(cast))
    with app.app_context():
        acts = set(db.session.scalars(text("SELECT DISTINCT action FROM audit_entries")))
        db.session.rollback()
    assert len(acts) > 20
    assert acts - set(words_of_acts()) == set()


@pytest.mark.parametrize(
    "code",
    ["idea_logged", "thanks_said", "text_hidden", "identifier_hint_shown", "comment_added",
     "supervision.shared", "cpd.exported", "mail_chosen", "not_yet_known"],
)  # fmt: skip
def test_what_people_do_among_themselves_is_on_no_page(code: str) -> None:
    assert group_of(code) is ActGroup.UNSHOWN


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ""),
        ({"rows": 12}, "12 rows"),
        ({"count": 9}, "9 of them"),
        ({"codes": 1, "until": "2026-10-01"}, "1 code; until 1 Oct 2026"),
        ({"month": "2026-10-01"}, "October 2026"),
        ({"month": "2026-10"}, "October 2026"),
        ({"days": ["2026-12-24", "2026-12-28"]}, "days: 24 Dec 2026, 28 Dec 2026"),
        ({"gives": "manager:7"}, "gives manager of team 7"),
        ({"before": ["manager:7"], "after": ["data_protection_lead"]},
         "before: manager of team 7; after: data protection lead"),
        ({"title": "What somebody wrote", "words": "x"}, ""),
        ({"page": "/admin/people", "answer": 403}, "/admin/people; answered 403"),
    ],
)  # fmt: skip
def test_facts_are_codes_and_counts(facts: dict[str, object], words: str) -> None:
    assert facts_in_words(facts) == words
