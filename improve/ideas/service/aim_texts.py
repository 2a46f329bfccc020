"""The texts of aims and of what drives them, as redaction reads and writes them."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import or_, select

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas.models import Aim, Driver, Idea, IdeaEdit
from improve.redaction.service.rows import Table, held_in, put_into
from improve.redaction.texts import Held, Name, Root, RootKind
from improve.shared import limits
from improve.shared.db import db
from improve.shared.errors import NotFound

AIMS: Final = Table(
    "aim",
    Aim,
    {"statement": "What it says", "for_whom": "For whom", "how_much": "How much"},
    {
        "statement": limits.length("aim"),
        "for_whom": limits.length("aim_part"),
        "how_much": limits.length("aim_part"),
    },
    "created_by_id",
)
DRIVERS: Final = Table("driver", Driver, {"name": "What makes the difference"}, {})
#: The history of an idea keeps what it hung on by name.
HUNG: Final = Table(
    "hung_edit",
    IdeaEdit,
    {"old": "What an idea hung on", "new": "What an idea hangs on"},
    {},
    "by_id",
    is_shown=False,
)
_BY_KIND: Final = {table.kind: table for table in (AIMS, DRIVERS, HUNG)}


class AimTexts:
    """What an aim says, and the names of what drives it."""

    def root_of(self, actor: Actor, name: Name) -> Root | None:
        """Return the aim of a text that the actor may read. Raises ``NotFound``."""
        if name.kind == AIMS.kind:
            return Root(RootKind.AIM, _aim(actor, name.subject_id).id)
        if name.kind != DRIVERS.kind:
            return None
        aim_id = db.session.execute(
            select(Driver.aim_id).where(
                Driver.id == name.subject_id, Driver.organisation_id == actor.organisation_id
            )
        ).scalar_one_or_none()
        if aim_id is None:
            raise NotFound
        return Root(RootKind.AIM, _aim(actor, aim_id).id)

    def title_of(self, actor: Actor, root: Root, *, settles: bool = False) -> str | None:
        """Return what the aim says."""
        del settles
        return str(_aim(actor, root.id).statement) if root.kind is RootKind.AIM else None

    def held(self, actor: Actor, root: Root) -> list[Held]:
        """Return every text of an aim, and what histories of ideas say of it."""
        if root.kind is not RootKind.AIM:
            return []
        _aim(actor, root.id)
        shown = self.shown(actor, root)
        names = [held.words for held in shown if held.name.kind == DRIVERS.kind]
        if not names:
            return shown
        ours = select(Idea.id).where(Idea.organisation_id == actor.organisation_id)
        hung = (
            (IdeaEdit.kind == "driver")
            & IdeaEdit.idea_id.in_(ours)
            & or_(IdeaEdit.old.in_(names), IdeaEdit.new.in_(names))
        )
        return shown + held_in((HUNG, hung))

    def shown(self, actor: Actor, root: Root) -> list[Held]:
        """Return the texts that a reader can name, in one statement."""
        del actor
        if root.kind is not RootKind.AIM:
            return []
        return held_in((AIMS, Aim.id == root.id), (DRIVERS, Driver.aim_id == root.id))

    def put(self, actor: Actor, held: Held, words: str) -> None:
        """Write one text anew."""
        del actor
        put_into(_BY_KIND[held.name.kind], held.name, words)

    def touched(self, actor: Actor, root: Root, name: Name, act: str, left: str) -> None:
        """Make open forms of the aim, or of that driver, grow stale."""
        del act, left
        if root.kind is not RootKind.AIM:
            return
        model: Any = Driver if name.kind == DRIVERS.kind else Aim
        row = db.session.execute(
            select(model)
            .where(
                model.id == (name.subject_id if model is Driver else root.id),
                model.organisation_id == actor.organisation_id,
            )
            .execution_options(populate_existing=True)
        ).scalar_one()
        row.version += 1
        db.session.flush()


def aim_texts() -> AimTexts:
    """Return the source of the texts of aims."""
    return AimTexts()


def _aim(actor: Actor, aim_id: int) -> Any:
    row = db.session.execute(
        select(Aim.id, Aim.statement).where(
            Aim.id == aim_id, Aim.organisation_id == actor.organisation_id
        )
    ).one_or_none()
    if row is None or not may(actor, Permission.SEE_AIMS):
        raise NotFound
    return row
