"""Taking words out again that a restored backup brought back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import select

from improve.accounts.actor import Actor, Place
from improve.accounts.queries import teams
from improve.accounts.roles import Role
from improve.accounts.service import note_erasure, raise_board_versions
from improve.redaction.marks import marked_in, marks_of
from improve.redaction.models import HiddenText
from improve.redaction.service.sources import all_held, check_root
from improve.redaction.texts import Root, RootKind, removed_line, without
from improve.shared.db import db, forget_deleted_words
from improve.shared.erased_file import Erased, mark_of, number_in
from improve.shared.errors import NotFound
from improve.shared.search import forget_deleted

WORDS: Final = "words"


def note_words(actor: Actor, root: Root, phrases: Sequence[str], *, places: int) -> None:
    """Note that words were taken out of all texts of a root, by marks and never as words."""
    org = actor.organisation_id
    note_erasure(
        actor,
        kind=WORDS,
        object_id=f"{root.kind.value}:{root.id}",
        facts={"marks": marks_of(phrases, lambda words: _mark(org, words)), "places": places},
    )


def take_words_out_again(erased: Erased) -> bool:
    """Take words out again where they stand once more; False where they do not."""
    kind, _, digits = erased.object_id.partition(":")
    number = number_in(digits)
    if kind not in {one.value for one in RootKind} or number is None:
        return False
    root, org = Root(RootKind(kind), number), erased.organisation_id
    marks = [(int(size), str(mark)) for size, mark in erased.facts.get("marks", [])]
    actor = _nobody(org)
    left = removed_line("data protection lead", erased.erased_on)

    def cut(words: str, most: int) -> str:
        phrases = marked_in(words, marks, lambda run: _mark(org, run))
        return without(words, phrases, left=left, most=most) if phrases else words

    count = 0
    try:
        check_root(actor, root, settles=True)
        everything = all_held(actor, root)
    except NotFound:
        return False  # made after the backup, or deleted since
    for source, held in everything:
        words = cut(held.words, held.most)
        if words != held.words:
            source.put(actor, held, words)
            count += 1
    count += _cut_hidden(org, root, cut)
    if count:
        raise_board_versions(team.id for team in teams(actor))
        db.session.flush()
        forget_deleted()
        forget_deleted_words()
    return bool(count)


def _cut_hidden(org: int, root: Root, cut: Callable[[str, int], str]) -> int:
    """Take them out of words that wait behind a hidden text; return of how many."""
    count = 0
    waiting = db.session.execute(
        select(HiddenText)
        .where(
            HiddenText.organisation_id == org,
            HiddenText.root_kind == root.kind.value,
            HiddenText.root_id == root.id,
            HiddenText.settled_at.is_(None),
        )
        .order_by(HiddenText.id)
    ).scalars()
    for hidden in waiting:
        kept = [{**text, "words": cut(text["words"], 100_000)} for text in hidden.kept or []]
        if kept != (hidden.kept or []):
            hidden.kept = kept
            count += 1
    return count


def _mark(org: int, words: str) -> str:
    return mark_of(WORDS, org, words)


def _nobody(organisation_id: int) -> Actor:
    """Return who does what is done by itself: reads all that the data protection lead may."""
    return Actor(
        person_id=0,
        organisation_id=organisation_id,
        name="",
        job_title="",
        places=(Place(Role.DATA_PROTECTION_LEAD),),
        rights_version=0,
    )
