"""Undoing the last move."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete

from improve.accounts.actor import Actor
from improve.ideas import acts, rights
from improve.ideas.kinds import STAGE_WORDS, UNDO_HOURS, Stage, Way
from improve.ideas.models import Cycle, Idea, StageMove
from improve.ideas.queries import door
from improve.ideas.service import windows
from improve.ideas.service.answer import present_cycle
from improve.ideas.service.change_team import check_team_is_open
from improve.ideas.service.freshness import stale
from improve.ideas.service.move import Moved
from improve.ideas.service.record import finish, publish_act
from improve.ideas.service.usual import settle_usual_days
from improve.notifications.kinds import NoticeKind
from improve.shared import clock, contributions
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken
from improve.shared.formatting import when


def undo_move(actor: Actor, *, idea_id: int, move_id: int) -> Moved:
    """Take a move back as if it had not been, within 24 hours, if nothing happened since.

    For the one who moved it, or the team's manager, or a coach. Words written with the move stay.
    Refuses in words with what happened since; a move undone already is refused too. Capabilities
    above that offer ``"ending-undone"`` are called with the actor and the id of an idea that ended.
    """
    idea, standing = door.idea_for_change(actor, idea_id)
    move = door.move_for_undo(actor, idea_id, move_id)
    cycles = door.cycles_for_change(actor, idea)
    if move.by_id != actor.person_id and not rights.steers(actor, standing):
        raise Forbidden(rights.WHO_UNDOES)
    _check_may_be_undone(actor, idea, standing, move, present_cycle(idea, cycles))
    left, at = Stage(move.to_stage), clock.now()
    if left is Stage.DONE:
        check_team_is_open(actor, idea)
    _put_back(idea, move, cycles)
    idea.version += 1
    move.undone_at, move.undone_by_id = at, actor.person_id
    db.session.flush()
    cycles = [c for c in cycles if c.number <= idea.cycle_number]
    windows.follow_undo(
        actor,
        idea,
        present_cycle(idea, cycles),
        cycles,
        way=Way(move.way),
        left=Stage(move.from_stage),
    )
    finish(
        actor,
        idea,
        "move_undone",
        tells=NoticeKind.UNDONE,
        also=[move.by_id],
        facts={"to": STAGE_WORDS[Stage(idea.stage)]},
        move=move.id,
    )
    publish_act(actor, idea, "moved", acts.undone_words(Stage(idea.stage)))
    if left is Stage.DONE:
        settle_usual_days(actor, team_id=idea.team_id)
        for follow in contributions.gather("ending-undone"):
            follow(actor, idea.id)
    return Moved(
        idea_id=idea.id,
        move_id=move.id,
        team_id=idea.team_id,
        way=Way(move.way),
        from_stage=left,
        to_stage=Stage(idea.stage),
        outcome=None,
        cycle_number=idea.cycle_number,
        version=idea.version,
        title=idea.title,
        words=f"Undone. It is in {STAGE_WORDS[Stage(idea.stage)]} again.",
    )


def _check_may_be_undone(
    actor: Actor,
    idea: Idea,
    standing: rights.Standing,
    move: StageMove,
    cycle: Cycle | None,
) -> None:
    if move.undone_at is not None:
        raise RuleBroken([Reason("This move was undone already.")])
    if Way(move.way) is Way.JOIN:
        raise RuleBroken([Reason("Take the two ideas apart instead, on the page of this one.")])
    if clock.now() - move.at > timedelta(hours=UNDO_HOURS):
        raise RuleBroken(
            [Reason("A move can be undone for 24 hours. Move it back instead, and say why.")]
        )
    if idea.version == move.version:
        return
    facts = stale(actor, idea, standing, cycle).facts
    who = "You" if facts["is_by_me"] else facts["by"]
    since = f"{who} {facts['did']} since then, {when(facts['at'])}."
    raise RuleBroken([Reason(f"{since} So this move stays. You can still move it by hand.")])


def _put_back(idea: Idea, move: StageMove, cycles: list[Cycle]) -> None:
    before = dict(move.before)
    dates = before.pop("cycle", None)
    opened = idea.cycle_number if idea.cycle_number > before["cycle_number"] > 0 else None
    if before["cycle_number"] == 0 and idea.cycle_number:
        # The plan's words stay, should the idea be planned again.
        before["cycle_number"] = idea.cycle_number
        if Way(move.way) is Way.AGAIN:
            opened, before["cycle_number"] = idea.cycle_number, 0
    if Way(move.way) in {Way.NOT_NOW, Way.QUICK_FIX}:
        idea.first_reply_words = door.reply_words_before(idea.id, move.version)
    for name, value in before.items():
        setattr(idea, name, read_before(name, value))
    if idea.first_reply_at is None:
        # History also holds the words of a join that was taken apart: they are no reply.
        idea.first_reply_words = ""
    if opened is not None:
        # It holds only what was carried over: the version says nobody wrote in it.
        db.session.execute(
            delete(Cycle)
            .where(Cycle.idea_id == idea.id, Cycle.number == opened)
            .execution_options(synchronize_session="fetch")
        )
    cycle = present_cycle(idea, cycles)
    if dates is not None and cycle is not None:
        for name, value in dates.items():
            setattr(cycle, name, read_before(name, value))


def read_before(name: str, value: Any) -> Any:
    """Return a value of ``before_move`` as the row holds it."""
    if value is None or not isinstance(value, str):
        return value
    if name.endswith("_on"):
        return date.fromisoformat(value)
    if name.endswith(("_at", "_since")):
        return datetime.fromisoformat(value)
    return value
