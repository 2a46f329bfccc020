"""First names: where the software wrote an erased person by it, and what else the word may mean.

A first name alone is found only where the software says who did something. It may be a colleague's
as well, or a word of the language: then it is taken out only where it can mean nobody else, so that
other people's words stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, CursorResult, or_, select, update

from improve.privacy.person_rows import FORMER_COLLEAGUE
from improve.privacy.queries.people import Subject
from improve.privacy.queries.words import may_hold
from improve.redaction.texts import pattern_of
from improve.shared.db import db
from improve.shared.whole_tables import all_tables, is_of

#: First names that are words as well, as they begin sentences of others.
WORDS_TOO: Final = frozenset({
    "amber", "angel", "april", "art", "august", "autumn", "bill", "bliss", "blossom", "bobby",
    "carol", "chance", "charity", "cherry", "christian", "constance", "crystal", "daisy", "dale",
    "dawn", "dean", "drew", "duke", "earl", "eve", "faith", "fern", "flora", "frank", "gale",
    "gene", "gift", "glory", "grace", "grant", "guy", "hazel", "heath", "heather", "holly",
    "honey", "hope", "iris", "ivy", "jack", "jade", "jasmine", "jean", "jewel", "joy", "june",
    "justice", "king", "lane", "lark", "lily", "major", "mark", "may", "melody", "mercy", "merry",
    "miles", "misty", "nick", "olive", "pat", "patience", "pearl", "penny", "poppy", "precious",
    "prince", "prudence", "ray", "reed", "rich", "river", "rob", "robin", "rock", "rose", "ruby",
    "rusty", "sage", "sandy", "sky", "star", "sterling", "storm", "sue", "summer", "sunday",
    "sunny", "tiger", "tuesday", "verity", "victor", "violet", "wade", "ward", "will", "willow",
    "winter", "wren",
})  # fmt: skip
#: The shortest first name that is looked for in the middle of a sentence, in letters.
SHORTEST: Final = 3
#: How the software goes on after who did something.
_DID: Final = r"(?=\s+(?:[a-z]+ed|[a-z]+s|brought|made|put|read|took|withdrew)\b)"
_COLLEAGUE: Final = "A colleague"
Note = Callable[[str, Any], None]


def first_of(name: str) -> str:
    """Return the first name."""
    return name.split(maxsplit=1)[0]


def first_is_theirs(person: Subject, name: str) -> bool:
    """Return whether the first name of ``name`` means this person wherever the software wrote it.

    False where it is a word as well, is very short, or a colleague has it, too.
    """
    first = first_of(name)
    if _may_be_a_word(first):
        return False
    people = all_tables()["people"]
    names = db.session.scalars(
        select(people.c.name).where(
            people.c.organisation_id == person.organisation_id,
            people.c.id != person.id,
            people.c.name.istartswith(first, autoescape=True),
        )
    )
    return all(not one or first_of(one).casefold() != first.casefold() for one in names)


def _may_be_a_word(first: str) -> bool:
    return len(first) < SHORTEST or first.casefold() in WORDS_TOO


def firsts_that_are_words(names: Sequence[str]) -> list[str]:
    """Return the first names that may be a word as well, in the order of ``names``."""
    return list(dict.fromkeys(first for name in names if _may_be_a_word(first := first_of(name))))


def mail_without(words: str | None, firsts: dict[str, bool], names: Sequence[str]) -> str | None:
    """Return a mail's words without these names; ``firsts``: whether each first name is theirs.

    Else it goes only where it begins a line and something was done: there the software says who.
    """
    if words is None:
        return None
    for name in sorted((name for name in names if " " in name), key=len, reverse=True):
        words = pattern_of(name).sub(_COLLEAGUE, words)
    for first, is_theirs in firsts.items():
        piece = re.escape(first)
        anywhere, begins = rf"(?<!\w){piece}(?!\w)", rf"^{piece}{_DID}"
        words = re.sub(anywhere if is_theirs else begins, _COLLEAGUE, words, flags=re.MULTILINE)
    return words


def out_of_messages(person: Subject, names: Sequence[str], note: Note) -> None:
    """Forget what acts said last to colleagues, where it names the person: it was read long ago."""
    sessions, people = all_tables()["auth_sessions"], all_tables()["people"]
    colleagues = select(people.c.id).where(people.c.organisation_id == person.organisation_id)
    rows = db.session.execute(
        select(sessions.c.id, sessions.c.message).where(
            sessions.c.person_id.in_(colleagues),
            or_(*(may_hold(sessions.c.message, first_of(name)) for name in names)),
        )
    ).all()
    patterns = [pattern_of(first_of(name)) for name in names]
    ids = [
        row.id
        for row in rows
        if row.message and any(one.search(str(row.message.get("words", ""))) for one in patterns)
    ]
    emptied = update(sessions).where(sessions.c.id.in_(ids)).values(message=None)
    note("auth_sessions", _run(emptied))


def out_of_huddles(person: Subject, names: Sequence[str], note: Note) -> None:
    """Take the first name out of what the software wrote down of huddles.

    Where a colleague has it too, only beside ideas and actions that were this person's.
    """
    items, ideas = all_tables()["huddle_items"], all_tables()["ideas"]
    actions = all_tables()["huddle_actions"]
    for name in names:
        first = first_of(name)
        of_idea: ColumnElement[bool] = is_of(items, person.organisation_id)
        of_action = of_idea & may_hold(items.c.settled_words, f". {first}, ")
        if not first_is_theirs(person, name):
            theirs = or_(ideas.c.author_id == person.id, ideas.c.lead_id == person.id)
            of_idea &= items.c.idea_id.in_(select(ideas.c.id).where(theirs))
            owned = select(actions.c.id).where(actions.c.owner_id == person.id)
            of_action &= items.c.action_id.in_(owned)
        _out_of_items(items, first, of_idea & may_hold(items.c.facts, first), note)
        for row in db.session.execute(select(items.c.id, items.c.settled_words).where(of_action)):
            said, found, rest = row.settled_words.rpartition(f". {first}, ")
            if found:
                words = f"{said}. {FORMER_COLLEAGUE}, {rest}"
                _set(items, row.id, note, settled_words=words)


def _out_of_items(items: Any, first: str, where: ColumnElement[bool], note: Note) -> None:
    for row in db.session.execute(select(items.c.id, items.c.facts).where(where)).all():
        if str(row.facts.get("who", "")).casefold() == first.casefold():
            _set(items, row.id, note, facts={**row.facts, "who": FORMER_COLLEAGUE})


def _set(table: Any, key: int, note: Note, **values: Any) -> None:
    note(table.name, _run(update(table).where(table.c.id == key).values(**values)))


def _run(statement: Any) -> CursorResult[Any]:
    done: CursorResult[Any] = db.session.connection().execute(statement)
    return done
