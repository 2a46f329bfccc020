"""Answers to the questions of a cycle: checked, written, and saved without moving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from improve.accounts.actor import Actor
from improve.ideas import rights
from improve.ideas.models import Cycle, Idea
from improve.ideas.queries import door
from improve.ideas.questions import CYCLE_QUESTIONS, IDEA_QUESTIONS, LOCKED_FIELDS, Question
from improve.ideas.service.freshness import check_fields_fresh, values_of
from improve.ideas.service.record import finish, note_edit
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken

#: Fields of the idea that the move form may also fill.
IDEA_ANSWERS = ("improves", "problem")


def save_answers(
    actor: Actor, *, idea_id: int, seen_version: int, answers: Mapping[str, Any]
) -> int:
    """Save answers of the present cycle without moving; return the idea's new version.

    ``answers`` by name of ``questions.CYCLE_QUESTIONS``; fields left out stay as they are.
    Refuses a locked prediction and texts over their limit. Raises ``Stale`` only where one of the
    same fields was changed by someone else since ``seen_version``.
    """
    idea, standing = door.idea_for_change(actor, idea_id)
    if not rights.may_edit(actor, standing):
        raise Forbidden(rights.WHO_EDITS)
    cycles = door.cycles_for_change(actor, idea)
    cycle = present_cycle(idea, cycles)
    changed = changed_answers(idea, cycle, answers)
    if not changed:
        return idea.version
    if cycle is None and any(name in CYCLE_QUESTIONS for name in changed):
        raise RuleBroken([Reason("There is no plan to write in yet. Move it to Plan first.")])
    check_fields_fresh(actor, idea, standing, cycle, changed=changed, seen_version=seen_version)
    version = idea.version + 1
    write_answers(actor, idea, cycle, changed, version=version)
    idea.version = version
    db.session.flush()
    finish(actor, idea, "idea_answers_saved", fields=sorted(changed))
    return version


def present_cycle(idea: Idea, cycles: list[Cycle]) -> Cycle | None:
    """Return the idea's present cycle, or None before the first plan."""
    return next((c for c in cycles if c.number == idea.cycle_number), None)


def changed_answers(idea: Idea, cycle: Cycle | None, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return those answers that differ from what stands, checked.

    Raises ``RuleBroken`` with every fault at once: too long, no such choice, counts that do not
    fit, a day that is over, a prediction that is locked. An unknown name is a ``ValueError``.
    """
    values = values_of(idea, cycle)
    faults: list[Reason] = []
    changed: dict[str, Any] = {}
    for name, given in answers.items():
        question = CYCLE_QUESTIONS.get(name)
        if question is None and name in IDEA_ANSWERS:
            question = IDEA_QUESTIONS[name]
        if question is None:
            raise ValueError(f"no such answer: {name}")
        value = _plain(question, given)
        before = values[name]
        if before is None and question.kind in {"text", "line"}:
            before = ""
        if before is None and question.kind == "tick":
            before = False
        if value != before:
            faults += faults_of(question, value)
            changed[name] = value
    if cycle is not None and cycle.prediction_locked_at is not None:
        faults += [
            Reason("This was locked when the test began, and cannot be changed.", name)
            for name in LOCKED_FIELDS
            if name in changed
        ]
    faults += _counts_that_do_not_fit({**values, **changed}, changed)
    if faults:
        raise RuleBroken(faults)
    return changed


def _plain(question: Question, given: Any) -> Any:
    if question.kind in {"text", "line"}:
        return (given or "").strip()
    if question.kind == "tick":
        return bool(given)
    if question.kind == "choice":
        return given or None
    return given


def faults_of(question: Question, value: Any) -> list[Reason]:
    """Return what is wrong with one value: its length, choice, count or day."""
    if isinstance(value, str) and question.limit is not None:
        most = limits.length(question.limit)
        if len(value) > most:
            over = len(value) - most
            return [
                Reason(
                    f"“{question.label}” is {over:,} characters over the limit of {most:,}.",
                    question.name,
                )
            ]
    if question.kind == "choice" and value not in {None, *(v for v, _ in question.choices)}:
        return [Reason("Choose one of the answers.", question.name)]
    if question.kind == "count" and value is not None and not 0 <= value <= limits.COUNT_MOST:
        return [Reason(f"Give a number from 0 to {limits.COUNT_MOST}.", question.name)]
    if question.kind == "date" and value is not None and value < clock.today():
        return [Reason("Choose today or a later day.", question.name)]
    return []


def _counts_that_do_not_fit(values: Mapping[str, Any], changed: Mapping[str, Any]) -> list[Reason]:
    faults = []
    for part, whole in (("expected_count", "expected_of"), ("seen_count", "seen_of")):
        if not ({part, whole} & set(changed)):
            continue
        count, of = values.get(part), values.get(whole)
        if count is None and of is not None:
            faults.append(Reason("Say how many, or leave both numbers empty.", part))
        elif count is not None and of is not None and count > of:
            faults.append(Reason(f"{count} is more than {of}.", part))
    families = values.get("families_count")
    if "families_count" in changed and families is not None:
        most = limits.COUNT_MOST if values.get("is_wide") else limits.SMALL_TEST_MOST
        if not 1 <= families <= most:
            faults.append(Reason(f"A small test is with 1 to {most} families.", "families_count"))
    return faults


def write_answers(
    actor: Actor,
    idea: Idea,
    cycle: Cycle | None,
    changed: Mapping[str, Any],
    *,
    version: int,
) -> None:
    """Write checked answers to idea and cycle, each with its line of history."""
    for name, value in changed.items():
        owner: Any = cycle if name in CYCLE_QUESTIONS else idea
        if owner is None:
            continue
        note_edit(actor, idea, version=version, field=name, old=getattr(owner, name), new=value)
        setattr(owner, name, value)
    if "study_by_on" in changed and idea.due_to_study_on is not None:
        idea.due_to_study_on = changed["study_by_on"]
