"""What happens to words that were written while someone else moved the idea."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from improve.accounts.actor import Actor
from improve.ideas import rights
from improve.ideas.kinds import UNDO_HOURS
from improve.ideas.models import Cycle, Idea, KeptWords
from improve.ideas.queries import door
from improve.ideas.questions import CYCLE_QUESTIONS, IDEA_QUESTIONS, LOCKED_FIELDS, choice_words
from improve.ideas.service.answer import (
    IDEA_ANSWERS,
    faults_of,
    present_cycle,
    write_answers,
)
from improve.ideas.service.freshness import A_COLLEAGUE, shown_name, values_of
from improve.ideas.service.record import as_text, finish
from improve.notifications.kinds import NoticeKind
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken


def add_words_after_conflict(actor: Actor, *, idea_id: int, answers: Mapping[str, Any]) -> int:
    """Add one's words to what stands and leave the idea where it is; return the new version.

    Both texts stand one under the other with both names. A choice or count that stands already is
    kept, and the differing answer is added in words to what happened. What is locked stays.
    """
    idea, standing = door.idea_for_change(actor, idea_id)
    if not rights.may_edit(actor, standing):
        raise Forbidden(rights.WHO_EDITS)
    cycle = present_cycle(idea, door.cycles_for_change(actor, idea))
    if cycle is None:
        raise RuleBroken([Reason("There is no plan to write in. Write a comment instead.")])
    given = {n: v for n, v in answers.items() if n in CYCLE_QUESTIONS or n in IDEA_ANSWERS}
    changed = _joined(actor, idea, standing, cycle, given)
    if not changed:
        return idea.version
    idea.version += 1
    write_answers(actor, idea, cycle, changed, version=idea.version)
    db.session.flush()
    finish(actor, idea, "words_added", tells=NoticeKind.WORDS_ADDED, fields=sorted(changed))
    return idea.version


def _joined(
    actor: Actor,
    idea: Idea,
    standing: rights.Standing,
    cycle: Cycle,
    given: Mapping[str, Any],
) -> dict[str, Any]:
    values = values_of(idea, cycle)
    is_locked = cycle.prediction_locked_at is not None
    is_hidden = idea.hides_name and actor.person_id == idea.author_id
    me = A_COLLEAGUE if is_hidden else actor.first_name
    authors = door.last_writers(actor, idea.id)
    changed: dict[str, Any] = {}
    in_words: list[str] = []
    for name, mine in given.items():
        question = CYCLE_QUESTIONS.get(name) or IDEA_QUESTIONS[name]
        theirs = values[name]
        if mine in (None, "", False) or mine == theirs:
            continue
        if is_locked and name in LOCKED_FIELDS:
            in_words.append(f"{question.label} {as_text(mine)}")
            continue
        if question.kind in {"text", "line"}:
            words = str(mine).strip()
            faults = faults_of(question, words)
            if faults:
                raise RuleBroken(faults)
            if not theirs:
                changed[name] = words
            elif words not in theirs:
                # The text is read by the whole team: a hidden author stays hidden in it, also when
                # the one who adds to it may see the name.
                writer = _writer(actor, idea, standing, authors.get(name))
                first = f"{writer}: {theirs}" if writer else theirs
                changed[name] = f"{first}\n\n{me}: {words}"
        elif theirs in (None, "", False):
            changed[name] = mine
        else:
            shown = choice_words(name, mine) if question.kind == "choice" else as_text(mine)
            in_words.append(f"{question.label} {shown}")
    if in_words:
        stands = changed.get("what_happened", values["what_happened"])
        added = "\n".join(in_words)
        changed["what_happened"] = f"{stands}\n\n{me}: {added}".strip()
    return changed


def _writer(actor: Actor, idea: Idea, standing: rights.Standing, person_id: int | None) -> str:
    if person_id is None:
        return ""
    if idea.hides_name and person_id == idea.author_id:
        return A_COLLEAGUE
    return shown_name(actor, standing, person_id)


def leave_words_out(actor: Actor, *, idea_id: int, answers: Mapping[str, Any]) -> None:
    """Keep the words for 24 hours in the history, for the one who wrote them only."""
    idea, _ = door.idea_for_change(actor, idea_id)
    words = {
        name: as_text(value)
        for name, value in answers.items()
        if name in CYCLE_QUESTIONS or name in IDEA_QUESTIONS or name == "note"
    }
    words = {name: text for name, text in words.items() if text and text != "no"}
    if not words:
        return
    at = clock.now()
    db.session.add(
        KeptWords(
            organisation_id=idea.organisation_id,
            idea_id=idea.id,
            person_id=actor.person_id,
            words=words,
            created_at=at,
            expires_at=at + timedelta(hours=UNDO_HOURS),
        )
    )
    audit.record(actor, "words_left_out", "idea", idea.id)
    db.session.flush()


def purge_kept_words() -> int:
    """Delete words whose day is over; return how many. For the nightly run."""
    result = db.session.execute(
        delete(KeptWords)
        .where(KeptWords.expires_at <= clock.now())
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
