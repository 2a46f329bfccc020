"""The texts of measures, as redaction reads and writes them."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.measures.models import (
    Baseline,
    DipSample,
    Measure,
    MeasureChange,
    MiddleLine,
    Observation,
    ObservationChange,
    Tally,
)
from improve.redaction.service.outside import mails_with, put_outside
from improve.redaction.service.rows import Table, held_in, put_into
from improve.redaction.texts import Held, Name, Root, RootKind
from improve.shared.db import db
from improve.shared.errors import NotFound

MEASURES: Final = Table(
    "measure",
    Measure,
    {
        "name": "The measure’s name",
        "top_name": "The name of the top line",
        "bottom_name": "The name of the bottom line",
        "numerator": "What is counted",
        "denominator": "Out of what",
        "left_out": "What is left out",
        "source": "Where the numbers come from",
        "caution": "A caution",
        "target_by": "Whose hope it is",
    },
    {},
    "owner_id",
)
POINTS: Final = Table(
    "point",
    Observation,
    {"note": "A note on a point", "excluded_reason": "Why a point does not count"},
    {},
    "entered_by_id",
)
POINT_CHANGES: Final = Table(
    "point_change", ObservationChange, {"reason": "Why a number was changed"}, {}, "changed_by_id"
)
CHANGES: Final = Table(
    "measure_change", MeasureChange, {"reason": "Why the measure was changed"}, {}, "changed_by_id"
)
BASELINES: Final = Table(
    "baseline",
    Baseline,
    {"reason": "Why these points are usual", "removed_reason": "Why that was taken back"},
    {},
    "set_by_id",
)
LINES: Final = Table(
    "middle_line",
    MiddleLine,
    {"reason": "Why a middle line was drawn", "removed_reason": "Why a line was taken back"},
    {},
    "drawn_by_id",
)
TALLIES: Final = Table("tally", Tally, {"question": "A question asked"}, {}, "created_by_id")
SAMPLES: Final = Table(
    "dip_sample",
    DipSample,
    {"title": "The name of a dip sample", "questions": "A question of a dip sample"},
    {},
    "created_by_id",
)
#: All but the measure itself hang on it by this column.
_PARTS: Final = (POINTS, POINT_CHANGES, CHANGES, BASELINES, LINES, TALLIES, SAMPLES)
_BY_KIND: Final = {table.kind: table for table in (MEASURES, *_PARTS)}


class MeasureTexts:
    """Definitions, notes, reasons and questions of a measure."""

    def root_of(self, actor: Actor, name: Name) -> Root | None:
        """Return the measure of a text that the actor may read. Raises ``NotFound``."""
        table = _BY_KIND.get(name.kind)
        if table is None:
            return None
        model: Any = table.model
        asked = select(Measure.id).where(
            model.id == name.subject_id, Measure.organisation_id == actor.organisation_id
        )
        if table is not MEASURES:
            asked = asked.join(model, model.measure_id == Measure.id)
        measure_id = db.session.execute(asked).scalar_one_or_none()
        if measure_id is None or not may(actor, Permission.SEE_MEASURES):
            raise NotFound
        return Root(RootKind.MEASURE, measure_id)

    def title_of(self, actor: Actor, root: Root, *, settles: bool = False) -> str | None:
        """Return the measure's name."""
        del settles
        if root.kind is not RootKind.MEASURE:
            return None
        name = db.session.execute(
            select(Measure.name).where(
                Measure.id == root.id, Measure.organisation_id == actor.organisation_id
            )
        ).scalar_one_or_none()
        if name is None or not may(actor, Permission.SEE_MEASURES):
            raise NotFound
        return name

    def held(self, actor: Actor, root: Root) -> list[Held]:
        """Return every text of a measure."""
        if root.kind is not RootKind.MEASURE:
            return []
        links = [f"/measures/{root.id}{end}" for end in ("\n", " ", "?", "#")]
        return self.shown(actor, root) + mails_with(links)

    def shown(self, actor: Actor, root: Root) -> list[Held]:
        """Return the texts that a reader can name, in one statement: all of them."""
        del actor
        if root.kind is not RootKind.MEASURE:
            return []
        parts: list[Any] = [(MEASURES, Measure.id == root.id)]
        for table in _PARTS:
            model: Any = table.model
            parts.append((table, model.measure_id == root.id))
        return held_in(*parts)

    def put(self, actor: Actor, held: Held, words: str) -> None:
        """Write one text anew."""
        del actor
        if not put_outside(held.name, words):
            put_into(_BY_KIND[held.name.kind], held.name, words)

    def touched(self, actor: Actor, root: Root, name: Name, act: str, left: str) -> None:
        """Make open forms of the measure grow stale."""
        del name, act, left
        if root.kind is RootKind.MEASURE:
            measure = db.session.execute(
                select(Measure)
                .where(Measure.id == root.id, Measure.organisation_id == actor.organisation_id)
                .execution_options(populate_existing=True)
            ).scalar_one()
            measure.version += 1
            db.session.flush()


def measure_texts() -> MeasureTexts:
    """Return the source of the texts of measures."""
    return MeasureTexts()
