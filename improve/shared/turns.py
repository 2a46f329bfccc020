"""Taking turns, where two writers must not act at one moment although no row stands for it yet."""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import func, select

from improve.shared.db import db


class Turn(IntEnum):
    """What is done one after the other: the first of the numbers of its locks, one for each id."""

    CATALOGUE = 7_130_000_000_000
    AIMS = 7_131_000_000_000
    VIEWS = 7_132_000_000_000
    GUESTS = 7_133_000_000_000
    #: Shared by triggers (``migrations.flow_months``), taken by who sums a month up.
    FLOW_MONTHS = 7_134_000_000_000
    EXAMPLES = 7_135_000_000_000


def take_turn(turn: Turn, of_id: int) -> None:
    """Let nobody else take this turn of an organisation or a person before the transaction ends.

    Whoever has a turn asks for no row that somebody may hold who waits for it: else two would wait
    in a ring. SQLite lets one writer in at a time anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(turn + of_id)))
