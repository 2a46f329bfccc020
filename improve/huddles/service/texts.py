"""The texts of huddles, as redaction reads and writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import and_, or_, select

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.huddles import rights
from improve.huddles.models import (
    Action,
    Decision,
    HardThing,
    Huddle,
    HuddleItem,
    HuddleThanks,
)
from improve.huddles.queries.action_rows import is_out_of_reach
from improve.ideas.service.texts import put_thanks, thanks_part
from improve.notifications.kinds import Subject
from improve.redaction.service.outside import LINK_ENDS, mails_with, notices_of, put_outside
from improve.redaction.service.rows import Table, held_in, put_into
from improve.redaction.texts import Held, Name, Root, RootKind
from improve.shared import limits
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.formatting import day

HUDDLES: Final = Table(
    "huddle",
    Huddle,
    {"good_news": "Good news", "help_needed": "Help that is needed"},
    {name: limits.length(name) for name in ("good_news", "help_needed")},
    "driver_id",
)
DECISIONS: Final = Table(
    "decision", Decision, {"words": "A decision"}, {"words": limits.length("decision")}, "by_id"
)
ACTIONS: Final = Table(
    "action",
    Action,
    {"what": "An action", "dropped_why": "Why an action was dropped"},
    {"what": limits.length("action"), "dropped_why": limits.length("reason")},
    "added_by_id",
)
HARD_THINGS: Final = Table(
    "hard_thing",
    HardThing,
    {"words": "What made the right thing hard"},
    {"words": limits.length("hard_thing")},
)
ITEMS: Final = Table(
    "huddle_item",
    HuddleItem,
    {"settled_words": "What a huddle noted"},
    {},
    is_shown=False,
)
_BY_KIND: Final = {t.kind: t for t in (HUDDLES, DECISIONS, ACTIONS, HARD_THINGS, ITEMS)}


class HuddleTexts:
    """What was said in huddles; about an idea, it goes with the idea as well."""

    def root_of(self, actor: Actor, name: Name) -> Root | None:
        """Return the huddle of a text that the actor may read. Raises ``NotFound``."""
        table = _BY_KIND.get(name.kind)
        if name.kind == "thanks":
            return _thanked_in(actor, name.subject_id)
        if table is None or not table.is_shown:
            return None
        model: Any = table.model
        row = db.session.execute(
            select(model).where(
                model.id == name.subject_id, model.organisation_id == actor.organisation_id
            )
        ).scalar_one_or_none()
        if row is None or not _reads(actor, row):
            raise NotFound
        if table is HUDDLES:
            return Root(RootKind.HUDDLE, row.id)
        # Whoever only has an action of a huddle knows nothing else of it.
        if row.huddle_id is not None and rights.may_read(actor, row.team_id):
            return Root(RootKind.HUDDLE, row.huddle_id)
        return Root(RootKind.ACTION, row.id)

    def title_of(self, actor: Actor, root: Root, *, settles: bool = False) -> str | None:
        """Return “Huddle of Thu 26 Nov”, or that it is an action."""
        model: Any = {RootKind.HUDDLE: Huddle, RootKind.ACTION: Action}.get(root.kind)
        if model is None:
            return None
        row = _found(actor, model, root.id)
        reads_all = settles and may(actor, Permission.REMOVE_WORDS)
        if not reads_all and not _reads(actor, row):
            raise NotFound
        if root.kind is RootKind.ACTION:
            return "An action"
        return f"Huddle of {day(row.started_at)}"

    def held(self, actor: Actor, root: Root) -> list[Held]:
        """Return every text of a huddle, of one action, or of an idea's place in huddles."""
        if root.kind is RootKind.IDEA:
            return _about_idea(actor, root.id)
        if root.kind is RootKind.ACTION:
            alone = held_in((ACTIONS, Action.id == root.id))
            return alone + _told_of_actions(actor, alone)
        if root.kind is not RootKind.HUDDLE:
            return []
        found = held_in(*_shown_parts(root.id), (ITEMS, HuddleItem.huddle_id == root.id))
        found += _told_of_actions(actor, found)
        return found + _mails([f"/huddles/{root.id}"])

    def shown(self, actor: Actor, root: Root) -> list[Held]:
        """Return the texts that a reader can name, in one statement."""
        if root.kind is RootKind.ACTION:
            return held_in((ACTIONS, Action.id == root.id))
        return held_in(*_shown_parts(root.id, actor)) if root.kind is RootKind.HUDDLE else []

    def put(self, actor: Actor, held: Held, words: str) -> None:
        """Write one text anew."""
        del actor
        if not put_outside(held.name, words) and not put_thanks(held, words):
            put_into(_BY_KIND[held.name.kind], held.name, words)

    def touched(self, actor: Actor, root: Root, name: Name, act: str, left: str) -> None:
        """Have walls and phones of a huddle that goes on look again."""
        del name, act, left
        if root.kind is RootKind.HUDDLE:
            huddle = _found(actor, Huddle, root.id, is_locked=True)
            huddle.version += 1
            db.session.flush()


def huddle_texts() -> HuddleTexts:
    """Return the source of the texts of huddles."""
    return HuddleTexts()


def _reads(actor: Actor, row: Any) -> bool:
    if isinstance(row, HardThing):
        # For those who do something about it, not for whoever reads the notes.
        return rights.may_run(actor, row.team_id)
    if isinstance(row, Action) and is_out_of_reach(actor, row.idea_id):
        return False
    is_mine = actor.person_id in {getattr(row, "owner_id", None), getattr(row, "added_by_id", None)}
    return is_mine or may(actor, Permission.SEE_HUDDLES, team_id=row.team_id)


def _found(actor: Actor, model: Any, row_id: int, *, is_locked: bool = False) -> Any:
    found = select(model).where(model.id == row_id, model.organisation_id == actor.organisation_id)
    if is_locked:
        found = found.with_for_update(key_share=True)
    row = db.session.execute(found.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def _thanked_in(actor: Actor, thanks_id: int) -> Root | None:
    """Return the huddle that a thank-you was said in, for its readers; else None."""
    row = db.session.execute(
        select(Huddle.id, Huddle.team_id)
        .join(HuddleThanks, HuddleThanks.huddle_id == Huddle.id)
        .where(HuddleThanks.thanks_id == thanks_id, Huddle.organisation_id == actor.organisation_id)
        .order_by(Huddle.id)
        .limit(1)
    ).one_or_none()
    if row is None or not rights.may_read(actor, row.team_id):
        return None
    return Root(RootKind.HUDDLE, row.id)


def _shown_parts(huddle_id: int, actor: Actor | None = None) -> list[Any]:
    """Return the texts of a huddle; with an actor, those that they may read."""
    hard = HardThing.huddle_id == huddle_id
    if actor is not None and not may(actor, Permission.RUN_HUDDLE):
        teams = [i for i in actor.team_ids if rights.may_run(actor, i)]
        hard = and_(hard, HardThing.team_id.in_(sorted(teams)))
    thanked = select(HuddleThanks.thanks_id).where(HuddleThanks.huddle_id == huddle_id)
    return [
        (HUDDLES, Huddle.id == huddle_id),
        (DECISIONS, Decision.huddle_id == huddle_id),
        (ACTIONS, Action.huddle_id == huddle_id),
        thanks_part(thanked),
        (HARD_THINGS, hard),
    ]


def _told_of_actions(actor: Actor, found: list[Held]) -> list[Held]:
    """Return what notices and mails say of the actions among these texts."""
    ids = sorted({held.name.subject_id for held in found if held.name.kind == ACTIONS.kind})
    return notices_of(actor, Subject.ACTION, ids) + _mails(f"/actions/{i}" for i in ids)


def _about_idea(actor: Actor, idea_id: int) -> list[Held]:
    found = held_in(
        (DECISIONS, Decision.idea_id == idea_id),
        (ACTIONS, Action.idea_id == idea_id),
        (ITEMS, HuddleItem.idea_id == idea_id),
    )
    # Their notes say its title, and go out by mail.
    held_it = select(HuddleItem.huddle_id).where(HuddleItem.idea_id == idea_id)
    noted = [select(one.huddle_id).where(one.idea_id == idea_id) for one in (Decision, Action)]
    rows = db.session.execute(
        select(Huddle.id)
        .where(or_(Huddle.id.in_(held_it), *(Huddle.id.in_(one) for one in noted)))
        .order_by(Huddle.id)
    ).scalars()
    return found + _told_of_actions(actor, found) + _mails(f"/huddles/{i}" for i in rows)


def _mails(links: Iterable[str]) -> list[Held]:
    return mails_with([f"{link}{end}" for link in links for end in LINK_ENDS])
