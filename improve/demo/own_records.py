"""A record of learning in the demo, half done, and a page for supervision that is not shared."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from improve.cpd import queries, service
from improve.cpd.asked import year_of
from improve.cpd.document import PieceView
from improve.cpd.kinds import SUPERVISION_WORDS, TEXT_FIELDS, PieceKind
from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.ideas.queries import cycles_for_record
from improve.shared import clock

_WHO: Final = "ines"
_PIECES: Final = 2
#: In the first weeks of a year of registration people still finish the last one.
_STILL_LAST_YEAR: Final = timedelta(days=45)
_PEER: Final = (
    "I talked it over with Miriam. She asked who the Monday list leaves out. It leaves out whoever "
    "joined on Tuesday, so the newest worker now reads it aloud."
)
_REFLECTION: Final = (
    "I used to carry the week in my head and felt I was failing when a visit slipped. Saying it "
    "out loud on Monday was hard the first time. Now I ask for help before Wednesday, not after."
)
_ASKS: Final = (
    "An hour a week without duty until Christmas, to write up two assessments.\n"
    "Somebody to think with about a meeting that went badly for a young person."
)


def record_steps(council: Council, timetable: Timetable) -> list[Step]:
    """Return a record of two pieces, one with its owner's own words, and a page for supervision."""
    if _WHO not in council.people:
        return []
    return [
        Step(timetable.early(-3, 50), lambda: _make_record(council)),
        Step(timetable.early(-3, 60), lambda: _make_page(council)),
    ]


def _make_record(council: Council) -> None:
    actor = council.actor(_WHO)
    first, last = year_of(clock.today() - _STILL_LAST_YEAR)
    cycles = [one for one in cycles_for_record(actor, first, last) if one.is_finished]
    record_id = service.make_record(
        actor,
        from_on=first,
        to_on=last,
        cycle_ids=[one.cycle_id for one in cycles[-_PIECES:]],
        form_token=f"demo-{_WHO}-record",
    )
    for piece in queries.record(actor, record_id).pieces[:1]:
        service.change_piece(
            actor,
            record_id=record_id,
            piece_id=piece.id,
            words=service.PieceWords(
                PieceKind.CYCLE, piece.activity, piece.done_on, _own_words(piece)
            ),
            seen_version=piece.version,
        )


def _own_words(piece: PieceView) -> dict[str, str]:
    drafted = {name: getattr(piece, name) for name in TEXT_FIELDS}
    return drafted | {"peer": _PEER, "reflection": _REFLECTION}


def _make_page(council: Council) -> None:
    actor = council.actor(_WHO)
    page_id = service.make_page(actor, form_token=f"demo-{_WHO}-supervision")
    page = queries.page(actor, page_id)
    drafted = {name: getattr(page, name) for name in SUPERVISION_WORDS}
    service.change_page(
        actor, page_id=page_id, texts=drafted | {"asks": _ASKS}, seen_version=page.version
    )
