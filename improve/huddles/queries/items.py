"""The lists of a huddle: every item of every part, in one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.huddles.kinds import Part
from improve.huddles.models import Action, HuddleItem
from improve.huddles.queries.actions import action_columns, action_line
from improve.huddles.queries.door import items_order
from improve.huddles.views import HuddleHead, HuddleItemView
from improve.ideas.queries import idea_heads
from improve.measures.queries import measure_names
from improve.shared.db import db


@dataclass(frozen=True, slots=True)
class Listed:
    """All items of a huddle by part, how many there are, and how many wait."""

    by_part: Mapping[Part, Sequence[HuddleItemView]]
    counts: Mapping[Part, int]
    left: Mapping[Part, int]

    def find(self, item_id: int | None) -> HuddleItemView | None:
        """Return an item by its id, or None."""
        found = (item for items in self.by_part.values() for item in items if item.id == item_id)
        return next(found, None)


def items_of(actor: Actor, head: HuddleHead) -> Listed:
    """Return the lists of a huddle that came through the door. One statement."""
    owner, ideas = person_names().alias("owner"), idea_heads()
    action_ideas, measures = idea_heads().alias("action_ideas"), measure_names()
    rows = db.session.execute(
        select(
            HuddleItem.id.label("item_id"),
            HuddleItem.part,
            HuddleItem.position,
            HuddleItem.idea_id.label("item_idea_id"),
            HuddleItem.measure_id,
            HuddleItem.action_id,
            HuddleItem.facts,
            HuddleItem.settled_at,
            HuddleItem.settled_words,
            HuddleItem.put_off_at,
            ideas.c.title.label("idea_title"),
            ideas.c.stage,
            ideas.c.outcome,
            ideas.c.cycle_number,
            measures.c.name.label("measure_name"),
            *action_columns(owner, action_ideas),
        )
        .outerjoin(ideas, ideas.c.id == HuddleItem.idea_id)
        .outerjoin(measures, measures.c.id == HuddleItem.measure_id)
        .outerjoin(Action, Action.id == HuddleItem.action_id)
        .outerjoin(owner, owner.c.id == Action.owner_id)
        .outerjoin(action_ideas, action_ideas.c.id == Action.idea_id)
        .where(HuddleItem.huddle_id == head.id)
        .order_by(*items_order())
    )
    by_part: dict[Part, list[HuddleItemView]] = {part: [] for part in head.parts}
    for row in rows:
        by_part[Part(row.part)].append(_item(actor, head, row))
    return Listed(
        by_part=by_part,
        counts={part: len(items) for part, items in by_part.items()},
        left=Counter(item.part for item in _all(by_part) if not item.is_settled),
    )


def _all(by_part: Mapping[Part, Iterable[HuddleItemView]]) -> Iterable[HuddleItemView]:
    return (item for items in by_part.values() for item in items)


def _item(actor: Actor, head: HuddleHead, row: Any) -> HuddleItemView:
    action = None
    title, who, note = row.idea_title or row.measure_name or "", "", ""
    facts = row.facts or {}
    if row.action_id is not None:
        action = action_line(actor, row, may_run=head.may_run)
        title, who, note = action.what, action.owner, action.state_words
    return HuddleItemView(
        id=row.item_id,
        part=Part(row.part),
        position=row.position,
        idea_id=row.item_idea_id if action is None else action.idea_id,
        measure_id=row.measure_id,
        action_id=row.action_id,
        title=title,
        who=who or facts.get("who", ""),
        note=note or facts.get("note", ""),
        stage=row.stage or "",
        outcome=row.outcome or "",
        cycle_number=row.cycle_number or 0,
        facts=facts,
        is_settled=row.settled_at is not None,
        settled_words=row.settled_words,
        is_put_off=row.put_off_at is not None,
        is_current=False,
        is_on_wall=row.item_id == head.item_id,
        action=action,
    )
