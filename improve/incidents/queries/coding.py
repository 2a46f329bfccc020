"""What two readers coded apart, side by side once both have."""

from __future__ import annotations

from dataclasses import dataclass

from improve.incidents.factors import FACTORS
from improve.incidents.kinds import KIND_WORDS, Kind
from improve.incidents.models import IncidentReading
from improve.incidents.queries.one import Loaded


@dataclass(frozen=True)
class Coded:
    """What one reader coded; ``factors``: codes."""

    is_coded: bool
    kind: str
    kind_words: str
    factors: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One factor that either reader chose, and who did."""

    code: str
    name: str
    by_me: bool
    by_other: bool


@dataclass(frozen=True)
class CodingView:
    """Both codings. ``theirs`` is None until both have coded, so that each codes by themselves.

    ``agreement``: how far the factors agree, 0 to 1; None until both have. ``both``: how many
    factors both chose; ``either``: how many one or both did.
    """

    mine: Coded
    theirs: Coded | None
    other_has_coded: bool
    has_other: bool
    agreement: float | None
    lines: tuple[Line, ...]
    agreed_kind: str
    agreed_kind_words: str
    agreed: tuple[str, ...]
    agreed_names: tuple[str, ...]

    @property
    def both(self) -> int:
        """How many factors both chose."""
        return sum(line.by_me and line.by_other for line in self.lines)

    @property
    def either(self) -> int:
        """How many factors one or both chose."""
        return len(self.lines)

    @property
    def is_same_kind(self) -> bool:
        """Whether both chose the same kind."""
        return self.theirs is not None and self.mine.kind == self.theirs.kind


def coding_view(loaded: Loaded) -> CodingView:
    """Return what both readers coded, as far as this one may see it. No statement."""
    work, other = loaded.work, loaded.other
    is_compared = loaded.agreement is not None
    mine = _coded(loaded, loaded.reading)
    theirs = _coded(loaded, other) if is_compared else None
    return CodingView(
        mine=mine,
        theirs=theirs,
        other_has_coded=other is not None and other.is_coded,
        has_other=other is not None,
        agreement=loaded.agreement,
        lines=_lines(mine, theirs) if theirs else (),
        agreed_kind=work.kind,
        agreed_kind_words=KIND_WORDS[Kind(work.kind)] if work.kind else "",
        agreed=tuple(work.factors),
        agreed_names=tuple(one.name for one in FACTORS if one.code in work.factors),
    )


def _coded(loaded: Loaded, reading: IncidentReading | None) -> Coded:
    if reading is None or not reading.is_coded:
        return Coded(is_coded=False, kind="", kind_words="", factors=())
    coding = loaded.coding(reading)
    return Coded(True, coding.kind, KIND_WORDS[Kind(coding.kind)], tuple(coding.factors))


def _lines(mine: Coded, theirs: Coded) -> tuple[Line, ...]:
    return tuple(
        Line(one.code, one.name, one.code in mine.factors, one.code in theirs.factors)
        for one in FACTORS
        if one.code in mine.factors or one.code in theirs.factors
    )
