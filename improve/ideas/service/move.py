"""Moving an idea: forward, back, stop, not now, quick fix, withdraw, decide, bring back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from improve.accounts.actor import Actor
from improve.accounts.queries import people_of_team
from improve.ideas import acts, rights
from improve.ideas.kinds import (
    OUTCOME_WORDS,
    STAGE_WORDS,
    Outcome,
    Stage,
    Way,
)
from improve.ideas.models import Idea, StageMove
from improve.ideas.queries import door
from improve.ideas.service import windows
from improve.ideas.service.answer import changed_answers, present_cycle, write_answers
from improve.ideas.service.arrival import arrive, before_move, first_cycle
from improve.ideas.service.change_team import check_team_is_open
from improve.ideas.service.following import change_lead
from improve.ideas.service.freshness import stale, values_of
from improve.ideas.service.readiness import gather
from improve.ideas.service.record import finish, note_edit, publish_act
from improve.ideas.service.usual import settle_usual_days
from improve.ideas.stages import Move, check_move, ways_from
from improve.notifications.kinds import NoticeKind
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did. ``words`` is the message: “Moved to Study.”"""

    idea_id: int
    move_id: int
    team_id: int
    way: Way
    from_stage: Stage
    to_stage: Stage
    outcome: Outcome | None
    cycle_number: int
    version: int
    title: str
    words: str


#: What stands before the reason for one more than the team's limit, in the words of a move.
WHY_ANOTHER: Final = "Why another now:"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks of a move, besides the idea and where they saw it."""

    way: Way
    answers: Mapping[str, Any]
    note: str = ""
    look_again_on: date | None = None
    lead_id: int | None = None
    #: Why one more is begun although the team's own limit is reached.
    why_now: str = ""

    @property
    def kept_words(self) -> str:
        """The words that stay with the move."""
        begun = self.why_now.strip()
        said = [self.note.strip(), f"{WHY_ANOTHER} {begun}" if begun else ""]
        return "\n".join(words for words in said if words)


def move_stage(
    actor: Actor,
    *,
    idea_id: int,
    way: Way,
    seen_version: int,
    from_stage: Stage,
    answers: Mapping[str, Any] | None = None,
    note: str = "",
    look_again_on: date | None = None,
    lead_id: int | None = None,
    why_now: str = "",
) -> Moved:
    """Move an idea one ``way``, saving ``answers`` of the present cycle in the same breath.

    ``answers`` by name of ``questions.CYCLE_QUESTIONS``, and ``improves`` and ``problem`` of the
    idea. ``note`` is the reason (back, not now) or the words that pass soft needs; ``why_now`` says
    why another is begun over the team's limit, and passes nothing. A quick fix takes
    ``what_happened`` (what was changed) and ``learned`` (what was noticed). The only way an idea
    moves: ``stages.check_move`` decides. Raises ``Stale`` (facts: ``freshness.stale``) when it was
    moved or changed since ``seen_version``; the same person's same move sent twice, with no other
    words, is answered like the first time.
    """
    asked = Asked(way, dict(answers or {}), note.strip(), look_again_on, lead_id, why_now)
    idea, standing = door.idea_for_change(actor, idea_id)
    if idea.version != seen_version or standing.stage is not from_stage:
        again = _sent_twice(actor, idea, asked, seen_version, from_stage)
        if again is not None:
            return again
        cycle = present_cycle(idea, door.cycles_for_change(actor, idea))
        raise stale(actor, idea, standing, cycle)
    _check_may(actor, way, standing)
    most = limits.length("reason")
    if long := [name for name, said in (("note", note), ("why_now", why_now)) if len(said) > most]:
        raise RuleBroken([Reason(f"Keep this to {most:,} characters.", name) for name in long])
    return carry_out(actor, idea, standing, asked)


def carry_out(actor: Actor, idea: Idea, standing: rights.Standing, asked: Asked) -> Moved:
    """Move a locked idea through the gate. Who may was asked before; see ``move_stage``."""
    way, note = asked.way, asked.note.strip()
    cycles = door.cycles_for_change(actor, idea)
    cycle = present_cycle(idea, cycles)
    lead_id = _checked_lead(actor, idea, asked.lead_id)
    if asked.look_again_on is not None and asked.look_again_on <= clock.today():
        raise RuleBroken([Reason("Choose a day after today.", "look_again_on")])
    fixed = _quick_fix_words(asked.answers) if way is Way.QUICK_FIX else {}
    changed = {} if fixed else changed_answers(idea, cycle, asked.answers)
    ready = gather(
        actor,
        idea,
        cycle,
        {**values_of(idea, cycle), **changed, **fixed},
        way=way,
        note=note,
        has_look_again=asked.look_again_on is not None,
        lead_id=lead_id,
    )
    move = check_move(way, standing.stage, ready, outcome=standing.outcome, note=note)
    if standing.stage is Stage.DONE:
        check_team_is_open(actor, idea)
    seen_version, before = idea.version, before_move(idea, cycle)
    if cycle is None and way is Way.PLAN:
        cycle = first_cycle(idea)
        changed = changed_answers(idea, cycle, asked.answers)
    write_answers(actor, idea, cycle, changed, version=seen_version + 1)
    change_lead(idea, before=idea.lead_id, now=lead_id)
    idea.lead_id = lead_id
    values = arrive(actor, idea, cycle, move, note=note, fixed=fixed)
    values["look_again_on"] = asked.look_again_on if way is Way.NOT_NOW else None
    if move.to.outcome is not None:
        # Nothing is left to talk about in a huddle that has not been decided.
        values["pinned_at"] = values["pinned_by_id"] = None
    if not _place(idea, values, seen_version, standing.stage):
        raise stale(actor, idea, standing, cycle)
    row = _written(actor, idea, move, asked.kept_words, before)
    windows.follow_move(actor, idea, cycle, cycles, move)
    _tell(actor, idea, move, row)
    if move.to.outcome is not None:
        settle_usual_days(actor, team_id=idea.team_id)
    return _moved(idea, row)


def _check_may(actor: Actor, way: Way, standing: rights.Standing) -> None:
    if way not in ways_from(standing.stage, standing.outcome):
        return  # the gate says in words that there is no such way
    if not rights.may_take(actor, way, standing):
        raise Forbidden(rights.who_can(way, standing.stage))


def _checked_lead(actor: Actor, idea: Idea, lead_id: int | None) -> int | None:
    if lead_id is None or lead_id == idea.lead_id:
        return idea.lead_id
    if lead_id not in {p.id for p in people_of_team(actor, idea.team_id)}:
        raise RuleBroken([Reason("Choose someone in this team.", "lead_id")])
    return lead_id


def _quick_fix_words(given: Mapping[str, Any]) -> dict[str, str]:
    """Return what was changed and noticed: a quick fix has no cycle to keep them in."""
    fixed = {}
    faults = []
    for name, limit in (("what_happened", "decision_why"), ("learned", "learned")):
        fixed[name] = (given.get(name) or "").strip()
        if len(fixed[name]) > limits.length(limit):
            faults.append(Reason(f"Keep this to {limits.length(limit):,} characters.", name))
    if faults:
        raise RuleBroken(faults)
    return fixed


def _sent_twice(
    actor: Actor, idea: Idea, asked: Asked, seen_version: int, from_stage: Stage
) -> Moved | None:
    row = door.last_move(actor, idea.id)
    if (
        row is not None
        and row.undone_at is None
        and (row.by_id, row.way, row.from_stage)
        == (actor.person_id, asked.way.value, from_stage.value)
        and row.version == seen_version + 1 == idea.version
        and _stands(actor, idea, row, asked)
    ):
        return _moved(idea, row)
    return None


def _stands(actor: Actor, idea: Idea, row: StageMove, asked: Asked) -> bool:
    """Return whether every word of a form stands with the move that was made.

    The same person may have filled the form in two windows: what the second says besides would be
    lost without a word if it were taken for the first sent again.
    """
    if asked.note not in row.note:
        return False
    if asked.way is Way.QUICK_FIX:
        return True  # its words are in the note, put together
    kept = [values_of(idea, cycle) for cycle in door.cycles_for_change(actor, idea)]
    return all(
        any(given.strip() == values.get(name) for values in kept)
        for name, given in asked.answers.items()
        if isinstance(given, str) and given.strip()
    )


def _place(idea: Idea, values: Mapping[str, Any], seen_version: int, from_stage: Stage) -> bool:
    """Write the idea's row if it still is what the person saw: the lock says so, this proves it."""
    db.session.flush()
    # The plain table: the mapper has nothing to add to one row written by its id.
    table: Any = Idea.__table__
    result = db.session.connection().execute(
        update(table)
        .where(
            table.c.id == idea.id,
            table.c.version == seen_version,
            table.c.stage == from_stage.value,
        )
        .values(**values, version=seen_version + 1)
    )
    if result.rowcount != 1:
        db.session.refresh(idea)
        return False
    # What was just written is known: reading it back would be one statement more in every move.
    for name, value in {**values, "version": seen_version + 1}.items():
        set_committed_value(idea, name, value)
    return True


def _written(actor: Actor, idea: Idea, move: Move, note: str, before: dict[str, Any]) -> StageMove:
    row = StageMove(
        organisation_id=idea.organisation_id,
        idea_id=idea.id,
        way=move.way.value,
        from_stage=move.from_stage.value,
        to_stage=move.to.stage.value,
        outcome=move.to.outcome.value if move.to.outcome else None,
        by_id=actor.person_id,
        at=idea.stage_entered_at,
        note=note,
        soft_missing=list(move.soft_missing),
        cycle_number=idea.cycle_number,
        version=idea.version,
        before=before,
    )
    db.session.add(row)
    if move.to.outcome in {Outcome.NOT_NOW, Outcome.QUICK_FIX}:
        note_edit(
            actor,
            idea,
            version=idea.version,
            kind="replied",
            field=idea.first_reply_kind or "",
            new=idea.first_reply_words,
        )
    db.session.flush()
    return row


def _tell(actor: Actor, idea: Idea, move: Move, row: StageMove) -> None:
    kinds = {
        Outcome.NOT_NOW: NoticeKind.NOT_NOW,
        Outcome.QUICK_FIX: NoticeKind.QUICK_FIX,
        Outcome.WITHDRAWN: NoticeKind.WITHDRAWN,
    }
    if move.to.decision is not None:
        kind = NoticeKind.DECIDED
    elif move.to.outcome is not None:
        kind = kinds[move.to.outcome]
    elif move.way is Way.BRING_BACK:
        kind = NoticeKind.BROUGHT_BACK
    else:
        kind = NoticeKind.MOVED_BACK if move.to.is_back else NoticeKind.MOVED
    finish(
        actor,
        idea,
        "idea_moved",
        tells=kind,
        facts={
            "to": STAGE_WORDS[move.to.stage],
            "decision": move.to.decision.value if move.to.decision else "",
        },
        move=row.id,
        way=move.way.value,
        from_stage=move.from_stage.value,
        to_stage=move.to.stage.value,
        soft_missing=list(move.soft_missing),
    )
    publish_act(actor, idea, "moved", _words_of_act(idea, move))


def _words_of_act(idea: Idea, move: Move) -> str:
    if move.to.outcome is Outcome.NOT_NOW:
        return acts.not_now_words(idea.look_again_on)
    return acts.moved_words(
        move.to.stage,
        move.to.outcome,
        cycle_number=idea.cycle_number,
        is_new_cycle=move.to.is_new_cycle,
    )


def _moved(idea: Idea, row: StageMove) -> Moved:
    outcome = Outcome(row.outcome) if row.outcome else None
    return Moved(
        idea_id=idea.id,
        move_id=row.id,
        team_id=idea.team_id,
        way=Way(row.way),
        from_stage=Stage(row.from_stage),
        to_stage=Stage(row.to_stage),
        outcome=outcome,
        cycle_number=idea.cycle_number,
        version=idea.version,
        title=idea.title,
        words=message_of(Way(row.way), Stage(row.to_stage), outcome, idea.cycle_number),
    )


def message_of(way: Way, to: Stage, outcome: Outcome | None, cycle_number: int) -> str:
    """Return the message above the board after a move."""
    if way is Way.CHANGE:
        return f"Cycle {cycle_number} begins in Plan. What you wrote is carried over."
    if way is Way.AGAIN:
        return f"It begins again in Plan, as cycle {cycle_number}."
    if way is Way.BRING_BACK:
        return "Brought back to Ideas."
    if outcome is not None:
        return {
            Outcome.ADOPTED: "Kept. It is in Done, with what was learned.",
            Outcome.ABANDONED: "Stopped. What was learned stands in Done.",
            Outcome.NOT_NOW: "Not now. Its author can read why, and when to look again.",
            Outcome.QUICK_FIX: "Marked as a quick fix.",
        }.get(outcome, f"{OUTCOME_WORDS[outcome]}.")
    words = f"Moved to {STAGE_WORDS[to]}."
    return f"{words} The prediction is now locked." if way is Way.DO and to is Stage.DO else words
