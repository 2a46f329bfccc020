"""The one gate to the outside: what of a learning page anybody without an account is ever given.

The public pages, the feeds and the files between councils are all made from ``PublicPage``, and
from nothing else. It holds no name of a person, no comment, no thanks, no note of a chart. Its
numbers are those of ``public_numbers``. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from improve.ideas.kinds import Outcome
from improve.library.learning import TEXT_FIELDS, PageWords
from improve.library.public_numbers import (
    SMALLEST_SHOWN,
    PublicMeasure,
    PublicPoint,
    PublicTest,
    PublicVerdict,
    public_measure_of,
)
from improve.measures.reading import Reading
from improve.shared import clock

FEWER: Final = "fewer than 5"
LICENCE: Final = "OGL-3.0"
#: How the open format names an ending.
ENDINGS: Final[Mapping[Outcome, str]] = {
    Outcome.ADOPTED: "kept",
    Outcome.ABANDONED: "stopped",
    Outcome.QUICK_FIX: "quick_fix",
}
OUTCOMES: Final[Mapping[str, Outcome]] = {word: outcome for outcome, word in ENDINGS.items()}


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A learning page as it was decided to be given to everybody.

    ``key`` is its address and its name between councils for ever, ``version`` the version that was
    decided. ``ending`` is kept, stopped or quick_fix; ``finished_month`` and ``decided_month``
    “2026-08”. ``kind_of_team`` is “” where a name would point to fewer than five people.
    ``has_events_only`` says that there are numbers each of which is one event: these stay inside.
    ``tried_in_places`` counts ideas and other places that took it up; below five it is said so.
    """

    key: str
    version: int
    title: str
    ending: str
    was_hard: str
    tried: str
    happened: str
    changed_for_child: str
    use_when: str
    beware: str
    did_not_work: str
    kind_of_team: str
    finished_month: str
    measure: PublicMeasure | None
    decided_month: str
    has_events_only: bool = False
    tried_in_places: int = 0
    licence: str = LICENCE

    @property
    def outcome(self) -> Outcome:
        """The ending as the ring draws it."""
        return OUTCOMES[self.ending]

    @property
    def places_said(self) -> int | str:
        """In how many places it was tried, “fewer than 5” below that."""
        return self.tried_in_places if self.tried_in_places >= SMALLEST_SHOWN else FEWER

    @property
    def texts(self) -> tuple[str, ...]:
        """Every word of it that a person wrote."""
        written = [self.title, *(getattr(self, name) for name in TEXT_FIELDS), self.kind_of_team]
        if self.measure:
            written += [self.measure.name, self.measure.unit]
            written += [test.label for test in self.measure.tests]
        return tuple(words for words in written if words)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The public pages of one council, the newest decision first."""

    council: str
    slug: str
    pages: tuple[PublicPage, ...]


def public_page_of(
    *,
    key: str,
    version: int,
    words: PageWords,
    outcome: Outcome,
    finished_at: datetime,
    decided_at: datetime,
    kind_of_team: str,
    reading: Reading | None,
    tried_in_places: int = 0,
) -> PublicPage:
    """Return what goes out of a page with these words, that ending and those numbers.

    ``kind_of_team`` must be a name that stands for at least five people, or “”. ``reading`` is of
    the idea's main measure, None for an idea without one.
    """
    today = clock.local(decided_at).date()
    measure = public_measure_of(reading, until=today) if reading else None
    return PublicPage(
        key=key,
        version=version,
        title=words.title,
        ending=ENDINGS[outcome],
        **{name: getattr(words, name) for name in TEXT_FIELDS},
        kind_of_team=kind_of_team,
        finished_month=f"{clock.local(finished_at):%Y-%m}",
        measure=measure if measure and measure.points else None,
        decided_month=f"{today:%Y-%m}",
        has_events_only=reading is not None and reading.measure.is_of_events,
        tried_in_places=tried_in_places,
    )


def page_facts(page: PublicPage) -> dict[str, Any]:
    """Return a page as the open format has it: plain facts, nothing that only serves to draw."""
    measure = page.measure
    return {
        "key": page.key,
        "version": page.version,
        "title": page.title,
        "ending": page.ending,
        **{name: getattr(page, name) for name in TEXT_FIELDS},
        "kind_of_team": page.kind_of_team,
        "finished_month": page.finished_month,
        "measure": None
        if measure is None
        else {
            "name": measure.name,
            "unit": measure.unit,
            "better": measure.better,
            "frequency": measure.frequency,
            "chart": measure.chart,
            "rule_set": measure.rule_set,
            "tests": [
                {
                    "starts": test.starts_on.isoformat(),
                    "ends": test.ends_on.isoformat() if test.ends_on else None,
                    "judged": test.is_judged,
                }
                for test in measure.tests
            ],
            "points": [
                {"x": point.x.isoformat(), "value": None, "suppressed": True}
                if point.is_suppressed
                else {"x": point.x.isoformat(), "value": point.value}
                for point in measure.points
            ],
            "verdict": None
            if measure.verdict is None
            else {
                "code": measure.verdict.code,
                "words": measure.verdict.words,
                "doubt": list(measure.verdict.doubt),
            },
        },
        "spread": {"tried_in_places": page.places_said},
        "licence": page.licence,
    }


def kept_of(page: PublicPage) -> dict[str, Any]:
    """Return a page as its row keeps it, to be read by ``page_of_kept``."""
    kept: dict[str, Any] = _plain(asdict(page))
    return kept


def page_of_kept(kept: Mapping[str, Any], *, tried_in_places: int = 0) -> PublicPage:
    """Return the page that a row keeps."""
    facts = {**kept, "tried_in_places": tried_in_places}
    if facts["measure"] is not None:
        facts["measure"] = _measure_of_kept(facts["measure"])
    return PublicPage(**facts)


def _measure_of_kept(kept: Mapping[str, Any]) -> PublicMeasure:
    facts = dict(kept)
    facts["points"] = tuple(
        PublicPoint(**{**point, "x": date.fromisoformat(point["x"])}) for point in facts["points"]
    )
    facts["tests"] = tuple(
        PublicTest(**{**test, **_days(test, "starts_on", "ends_on")}) for test in facts["tests"]
    )
    facts |= _days(facts, "baseline_from", "baseline_to")
    facts["new_lines_on"] = tuple(date.fromisoformat(day) for day in facts["new_lines_on"])
    verdict = facts["verdict"]
    if verdict is not None:
        facts["verdict"] = PublicVerdict(**{**verdict, "doubt": tuple(verdict["doubt"])})
    return PublicMeasure(**facts)


def _days(facts: Mapping[str, Any], *names: str) -> dict[str, date | None]:
    return {n: date.fromisoformat(facts[n]) if facts[n] else None for n in names}


def _plain(value: Any) -> Any:
    """Return plain data with days as texts, as JSON keeps it."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def team_said(names: Sequence[tuple[str, int]]) -> str:
    """Return the first name that stands for five people or more: the team, else its service."""
    return next((name for name, people in names if people >= SMALLEST_SHOWN), "")
