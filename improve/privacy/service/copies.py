"""Making a copy of somebody's data, or of every text that holds certain words."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from itertools import groupby
from typing import IO

from improve.accounts.actor import Actor
from improve.accounts.queries import names_of_staff
from improve.privacy import copy_file
from improve.privacy.copy_file import Copy, Entry
from improve.privacy.data_classes import is_named
from improve.privacy.kept_kinds import KIND_OF_TABLE, KINDS, Kind
from improve.privacy.queries import copies as queries
from improve.privacy.queries.people import Subject, subject
from improve.privacy.queries.words import NOT_READ, FoundText, text_words, texts_with
from improve.privacy.service.rights import check, not_read_by
from improve.redaction.service import phrases_in
from improve.shared import audit, clock
from improve.shared.erased_file import mark_of
from improve.shared.errors import Reason, RuleBroken

#: Why somebody looks, by its code in the log.
REQUESTS = {
    "access": "Somebody asks what is held about them or their child",
    "erasure": "Somebody asks to have it put right or erased",
    "breach": "Something came out that should not have",
    "other": "Something else",
}
#: At most so many words or names at once, each at least so long.
PHRASES_MOST = 10
PHRASE_SHORTEST = 3
_READ_FIRST = (
    "Before you hand it over: read the marked places. Names of colleagues are taken out; what may "
    "point to a child, a family or somebody else is marked, and may be missed."
)


def copy_of_person(actor: Actor, *, person_id: int, file: IO[bytes]) -> int:
    """Write a copy of what is held about somebody; return how many things. Leaves a line in the
    log."""
    check(actor)
    person = subject(actor, person_id)
    copy = _copy_of(person, is_own=False)
    _write(copy, file)
    audit.record(actor, "subject_copy_made", "person", person.id, entries=copy.count)
    return copy.count


def own_copy(actor: Actor, *, file: IO[bytes]) -> int:
    """Write somebody's copy of their own data, with what only they may read; return how many."""
    copy = _copy_of(subject(actor, actor.person_id), is_own=True)
    _write(copy, file)
    audit.record(actor, "own_copy_made", "person", actor.person_id, entries=copy.count)
    return copy.count


def find_words(
    actor: Actor, *, typed: str, request: str = "access"
) -> tuple[list[str], list[FoundText], bool]:
    """Return the phrases, the texts that hold one, and whether there are more.

    ``request``: one of ``REQUESTS``. Leaves a line in the log, without the words but with a keyed
    mark of each: whether a request that came in is what was looked for can be told. Refuses
    phrases that are too short or too many.
    """
    check(actor)
    phrases = phrases_of(typed)
    found, has_more = texts_with(actor.organisation_id, phrases, but=not_read_by(actor))
    org = actor.organisation_id
    marks = [mark_of("searched", org, phrase.casefold()) for phrase in phrases]
    audit.record(
        actor, "subject_searched", "words", None, places=len(found), request=request, marks=marks
    )
    return phrases, found, has_more


def phrases_of(typed: str) -> list[str]:
    """Return the words or names that somebody typed, one on each line; refuses in words."""
    phrases = phrases_in(typed)
    if not phrases:
        raise RuleBroken([Reason("Write a name, or words that stand together.", "words")])
    if any(len(phrase) < PHRASE_SHORTEST for phrase in phrases):
        raise RuleBroken([Reason(f"Write {PHRASE_SHORTEST} letters or more.", "words")])
    if len(phrases) > PHRASES_MOST:
        raise RuleBroken([Reason(f"Look for {PHRASES_MOST} at a time.", "words")])
    return phrases


def copy_of_words(actor: Actor, *, typed: str, file: IO[bytes], request: str = "access") -> int:
    """Write a copy of every text that holds the words; return how many texts."""
    phrases, found, has_more = find_words(actor, typed=typed, request=request)
    others = copy_file.others_out(names_of_staff(actor.organisation_id), but=phrases)
    entries = [
        (
            KIND_OF_TABLE[text.table].title,
            Entry(
                what=text_words(text.table, text.column),
                where=f"{text.root.kind.value} {text.root.id}" if text.root else "",
                values=(("words", copy_file.without_others(text.words, others)),),
            ),
        )
        for text in found
    ]
    more = ("There are more places than stand here: look for fewer words at a time.",)
    copy = Copy(
        title=f"Texts that hold {', '.join(f'“{phrase}”' for phrase in phrases)}",
        about=(_made(), _READ_FIRST, *(more if has_more else ())),
        parts=_grouped(entries),
        left_out=tuple((kind.title, NOT_READ[kind.key]) for kind in _kinds_not_read()),
    )
    _write(copy, file)
    audit.record(actor, "subject_copy_made", "words", None, entries=copy.count)
    return copy.count


def _copy_of(person: Subject, *, is_own: bool) -> Copy:
    others = copy_file.others_out(names_of_staff(person.organisation_id), but=[person.name])
    entries = []
    for row in queries.rows_about(person.id, is_own=is_own):
        values = tuple(
            (name, copy_file.without_others(v, others) if is_named(row.table, name) else v)
            for name, v in row.values
        )
        kind = KIND_OF_TABLE[row.table].title
        entries.append((kind, Entry(", ".join(row.what), row.where, values)))
    return Copy(
        title=f"What is held about {person.name}",
        about=(_made(), _READ_FIRST) if not is_own else (_made(),),
        parts=_grouped(entries),
        left_out=tuple(queries.left_out(is_own=is_own)),
    )


def _grouped(entries: Sequence[tuple[str, Entry]]) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    ordered = sorted(entries, key=lambda pair: pair[0])
    return tuple(
        (heading, tuple(entry for _, entry in group))
        for heading, group in groupby(ordered, key=lambda pair: pair[0])
    )


def _kinds_not_read() -> list[Kind]:
    return [kind for kind in KINDS if kind.key in NOT_READ]


def _made() -> str:
    today = clock.today()
    return f"Made on {today.day} {today:%B %Y}."


def _write(copy: Copy, file: IO[bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("read-me.html", copy_file.as_page(copy))
        packed.writestr("data.json", copy_file.as_json(copy))
