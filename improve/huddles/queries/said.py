"""What was said in a huddle so far, and who is here: one statement for all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    String,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from improve.accounts.actor import Actor
from improve.accounts.queries import PersonName, person_names
from improve.huddles.kinds import DecisionKind
from improve.huddles.models import Action, Decision, HuddlePerson, HuddleThanks
from improve.huddles.queries.actions import action_line
from improve.huddles.views import ActionLine, DecisionLine, HuddleHead, ThanksLine
from improve.ideas.queries import idea_heads, thanks_lines
from improve.shared.db import UTCDateTime, db


@dataclass(slots=True)
class Said:
    """Lines in the order in which they were said, and who is ticked as here."""

    decisions: list[DecisionLine] = field(default_factory=list)
    actions: list[ActionLine] = field(default_factory=list)
    thanks: list[ThanksLine] = field(default_factory=list)
    here: list[PersonName] = field(default_factory=list)


def _nothing(kind: Any) -> ColumnElement[Any]:
    return cast(null(), kind)


#: The columns of every line, and what stands in those that a line has not.
_COLUMNS: dict[str, Any] = {
    "id": Integer(),
    "person_id": Integer(),
    "to_id": Integer(),
    "words": Text(),
    "kind": String(10),
    "idea_id": Integer(),
    "measure_id": Integer(),
    "huddle_id": Integer(),
    "at": UTCDateTime(),
    "ended_at": UTCDateTime(),
    "due_on": Date(),
    "first_due_on": Date(),
    "done_on": Date(),
    "dropped_why": Text(),
    "version": Integer(),
}


def _line(what: str, **columns: Any) -> Any:
    return select(
        literal(what).label("what"),
        *(
            (columns[name] if name in columns else _nothing(kind)).label(name)
            for name, kind in _COLUMNS.items()
        ),
    )


def said_in(actor: Actor, head: HuddleHead) -> Said:
    """Return what was said in a huddle that came through the door. One statement."""
    thanked = thanks_lines()
    lines = union_all(
        _line(
            "decision",
            id=Decision.id,
            person_id=Decision.by_id,
            words=Decision.words,
            kind=Decision.kind,
            idea_id=Decision.idea_id,
            measure_id=Decision.measure_id,
            at=Decision.at,
        ).where(Decision.huddle_id == head.id, Decision.removed_at.is_(None)),
        _line(
            "action",
            id=Action.id,
            person_id=Action.owner_id,
            words=Action.what,
            idea_id=Action.idea_id,
            huddle_id=Action.huddle_id,
            at=Action.created_at,
            ended_at=Action.ended_at,
            due_on=Action.due_on,
            first_due_on=Action.first_due_on,
            done_on=Action.done_on,
            dropped_why=Action.dropped_why,
            version=Action.version,
        ).where(Action.huddle_id == head.id),
        _line(
            "thanks",
            id=thanked.c.id,
            person_id=thanked.c.from_id,
            to_id=thanked.c.to_id,
            words=thanked.c.words,
            idea_id=thanked.c.idea_id,
        )
        .join(HuddleThanks, HuddleThanks.thanks_id == thanked.c.id)
        .where(HuddleThanks.huddle_id == head.id),
        _line("here", id=HuddlePerson.person_id, person_id=HuddlePerson.person_id).where(
            HuddlePerson.huddle_id == head.id
        ),
    ).subquery("lines")
    ideas, person = idea_heads(), person_names().alias("person")
    to = person_names().alias("thanked")
    rows = db.session.execute(
        select(
            lines,
            ideas.c.title,
            ideas.c.stage,
            ideas.c.outcome,
            func.coalesce(ideas.c.cycle_number, 0).label("cycle_number"),
            ideas.c.hides_name,
            person.c.name.label("person_name"),
            person.c.job_title,
            to.c.name.label("to_name"),
        )
        .join(person, person.c.id == lines.c.person_id)
        .outerjoin(to, to.c.id == lines.c.to_id)
        .outerjoin(ideas, ideas.c.id == lines.c.idea_id)
        .where(person.c.organisation_id == actor.organisation_id)
        .order_by(lines.c.what, lines.c.id)
    )
    said = Said()
    for row in rows:
        if row.what == "decision":
            said.decisions.append(_decision(actor, head, row))
        elif row.what == "action":
            said.actions.append(action_line(actor, row, may_run=head.may_run))
        elif row.what == "thanks":
            said.thanks.append(_thanks(row))
        else:
            said.here.append(PersonName(row.person_id, row.person_name, row.job_title))
    return said


def _decision(actor: Actor, head: HuddleHead, row: Any) -> DecisionLine:
    return DecisionLine(
        id=row.id,
        kind=DecisionKind(row.kind),
        words=row.words,
        by_id=row.person_id,
        # History calls a hidden author “A colleague”; a name beside the same act would tell.
        by="" if row.hides_name else row.person_name.split(" ", 1)[0],
        at=row.at,
        idea_id=row.idea_id,
        measure_id=row.measure_id,
        title=row.title or "",
        stage=row.stage or "",
        outcome=row.outcome or "",
        cycle_number=row.cycle_number,
        may_remove=head.is_going_on
        and head.may_run
        and actor.person_id in {row.person_id, head.driver_id},
    )


def _thanks(row: Any) -> ThanksLine:
    return ThanksLine(
        id=row.id,
        words=row.words,
        from_id=row.person_id,
        from_name=row.person_name.split(" ", 1)[0],
        to_id=row.to_id,
        to_name=(row.to_name or "").split(" ", 1)[0],
        idea_id=row.idea_id,
    )
