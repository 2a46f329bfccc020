"""Whether what a person saw still stands, and what they are told when it does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from improve.accounts.actor import Actor
from improve.accounts.queries import people_by_id
from improve.ideas import rights
from improve.ideas.history_words import SOMEONE, edit_line
from improve.ideas.kinds import STAGE_WORDS, Stage
from improve.ideas.models import Cycle, Idea, IdeaEdit
from improve.ideas.queries import door
from improve.ideas.questions import CYCLE_QUESTIONS, IDEA_QUESTIONS
from improve.shared.errors import Stale

A_COLLEAGUE = "A colleague"


def values_of(idea: Idea, cycle: Cycle | None) -> dict[str, Any]:
    """Return what stands in every field of the idea and its present cycle, by name."""
    values = {name: getattr(idea, name) for name in IDEA_QUESTIONS}
    for name in CYCLE_QUESTIONS:
        values[name] = getattr(cycle, name) if cycle is not None else None
    return values


def shown_name(actor: Actor, standing: rights.Standing, person_id: int | None) -> str:
    """Return a first name as the actor may read it; a hidden author is a colleague."""
    if person_id is None:
        return "Improve"
    if person_id == standing.author_id and not rights.may_see_author(actor, standing):
        return A_COLLEAGUE
    person = people_by_id(actor, [person_id]).get(person_id)
    return person.first_name if person else A_COLLEAGUE


def stale(actor: Actor, idea: Idea, standing: rights.Standing, cycle: Cycle | None) -> Stale:
    """Return the refusal with all facts of the conflict page.

    ``by`` (first name), ``did`` (“moved it to Do”), ``at``, ``is_moved``, ``to`` (stage now) and
    ``stage_words``, ``outcome``, ``version``, ``values`` (texts as they stand), ``title``,
    ``idea_id``, ``cycle_number``.
    """
    move = door.last_move(actor, idea.id)
    edit = door.last_edit(actor, idea.id)
    is_moved = move is not None and (edit is None or move.version >= edit.version)
    by_id: int | None = None
    at: datetime = idea.stage_entered_at
    if is_moved and move is not None:
        by_id, at = move.undone_by_id or move.by_id, move.undone_at or move.at
    elif edit is not None:
        by_id, at = edit.by_id, edit.at
    by = shown_name(actor, standing, by_id) if by_id is not None else A_COLLEAGUE
    stage_words = STAGE_WORDS[Stage(idea.stage)]
    return Stale(
        by=by if is_moved or edit is None else _writer(actor, standing, edit),
        did=f"moved it to {stage_words}" if is_moved else _did(edit),
        is_by_me=by_id == actor.person_id,
        at=at,
        is_moved=is_moved,
        to=Stage(idea.stage),
        stage_words=stage_words,
        outcome=standing.outcome,
        version=idea.version,
        values=values_of(idea, cycle),
        title=idea.title,
        idea_id=idea.id,
        cycle_number=idea.cycle_number,
    )


def _writer(actor: Actor, standing: rights.Standing, edit: IdeaEdit) -> str:
    """Return who wrote a line of history; nobody is named for saying that words identify."""
    return SOMEONE if edit.kind == "hidden" else shown_name(actor, standing, edit.by_id)


def _did(edit: IdeaEdit | None) -> str:
    if edit is None or edit.kind == "edit":
        return "changed its words"
    part = {"kind": edit.kind, "a": edit.field, "b": edit.old, "c": edit.new, "at": edit.at}
    return edit_line(part, "").words


def check_fields_fresh(
    actor: Actor,
    idea: Idea,
    standing: rights.Standing,
    cycle: Cycle | None,
    *,
    changed: Mapping[str, Any],
    seen_version: int,
) -> None:
    """Raise ``Stale`` when someone else changed one of these same fields since ``seen_version``.

    Other fields may have changed: then nothing is lost by saving. Facts besides those of
    ``stale``: ``field``, ``mine``, ``theirs`` of the first such field, and ``fields`` (all names).
    """
    if seen_version >= idea.version or not changed:
        return
    rows = door.edits_of_others(actor, idea.id, fields=list(changed), since=seen_version)
    if not rows:
        return
    values = values_of(idea, cycle)
    clashing = _once(row.field for row in rows)
    first = rows[0]
    facts = stale(actor, idea, standing, cycle).facts
    facts.update(
        by=_writer(actor, standing, first),
        is_by_me=False,
        at=first.at,
        is_moved=False,
        field=first.field,
        mine=changed[first.field],
        theirs=values[first.field],
        fields=clashing,
    )
    raise Stale(**facts)


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
