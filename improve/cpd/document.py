"""A record as it leaves: the same parts on paper, in Word, in CSV and as text. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from improve.cpd.asked import STANDARD, Progress, progress_of
from improve.cpd.kinds import FIELD_WORDS, KIND_WORDS, SUPERVISION_WORDS, TEXT_FIELDS, PieceKind
from improve.shared.export import csv_file
from improve.shared.formatting import day_year


@dataclass(frozen=True, slots=True)
class PieceView:
    """One piece of a record."""

    id: int
    record_id: int
    cycle_id: int | None
    idea_id: int | None
    kind: str
    activity: str
    done_on: date
    why: str
    learned: str
    effect: str
    evidence: str
    peer: str
    reflection: str
    version: int

    @property
    def kind_words(self) -> str:
        """Its type of activity."""
        return KIND_WORDS[PieceKind(self.kind)]

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """(label, text) of each part, in the order in which they are asked for; empty ones, too."""
        said = [
            (FIELD_WORDS["kind"], self.kind_words),
            (FIELD_WORDS["activity"], self.activity),
            (FIELD_WORDS["done_on"], day_year(self.done_on).replace("\u00a0", " ")),
        ]
        said += [(FIELD_WORDS[name], getattr(self, name)) for name in TEXT_FIELDS]
        return tuple(said)

    @property
    def written_parts(self) -> tuple[tuple[str, str], ...]:
        """Those parts that hold something."""
        return tuple((label, text) for label, text in self.parts if text)

    @property
    def as_text(self) -> str:
        """The piece as plain text, to be pasted."""
        said = [f"{label}\n{text}" for label, text in self.written_parts]
        return "\n\n".join([*said, STANDARD])


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record with its pieces, the earliest first."""

    id: int
    from_on: date
    to_on: date
    version: int
    pieces: tuple[PieceView, ...]

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return progress_of((piece.peer, piece.reflection) for piece in self.pieces)

    @property
    def days(self) -> str:
        """Its days in words."""
        return f"{day_year(self.from_on)} to {day_year(self.to_on)}"


@dataclass(frozen=True, slots=True)
class SupervisionView:
    """A page for supervision. ``shared_with`` is the name of who may read it, “” for nobody."""

    id: int
    person_id: int
    by: str
    made_on: date
    ideas: str
    learned: str
    in_the_way: str
    asks: str
    shared_with_id: int | None
    shared_with: str
    version: int

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """(label, text) of each part."""
        return tuple((label, getattr(self, name)) for name, label in SUPERVISION_WORDS.items())


def record_csv(record: RecordView) -> bytes:
    """Return the record as a CSV file, a row for each piece; no cell is a formula."""
    rows = [[*(_cell(piece, name) for name in FIELD_WORDS), STANDARD] for piece in record.pieces]
    return csv_file([*FIELD_WORDS.values(), "Standard"], rows)


def _cell(piece: PieceView, name: str) -> str | date:
    if name == "kind":
        return piece.kind_words
    held: str | date = getattr(piece, name)
    return held


def file_name(record: RecordView) -> str:
    """Return what an exported file is called, without its ending: plain letters only."""
    return f"cpd-{record.from_on.isoformat()}-to-{record.to_on.isoformat()}"
