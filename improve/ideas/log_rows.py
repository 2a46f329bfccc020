"""The rows of an improvement log from a spreadsheet, each as the idea that it would become. Pure.

Every row is ready, needs a look, or is likely there already; the reasons are words for the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from improve.ideas.kinds import Outcome, Stage
from improve.ideas.log_words import (
    LANDING_WORDS,
    STATUS_HINT,
    Landing,
    Role,
    is_landing_word,
    landing_of,
)
from improve.ideas.titles import title_key, title_of
from improve.measures.table_import import Row
from improve.shared import limits
from improve.shared.parsing import NotReadable, parse_date

#: Ideas brought in at once.
MOST_ROWS: Final = 5_000
EARLIEST: Final = date(1990, 1, 1)

_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
State = Literal["ready", "bad", "twin"]


@dataclass(frozen=True, slots=True)
class LogPerson:
    """Somebody whom a log may name."""

    id: int
    name: str
    email: str
    is_of_team: bool


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row, as the idea that it would become.

    ``cells`` are its texts in the order of the roles. ``who_id`` is the person it is matched to,
    None where the one who brings it in logs it; ``who`` what the log says.
    """

    number: int
    state: State
    cells: tuple[str, ...]
    words: str
    hint: str = ""
    bad_role: Role | None = None
    landing: Landing = (Stage.SUGGESTED, None)
    title: str = ""
    text: str = ""
    happened: str = ""
    lesson: str = ""
    logged_on: date | None = None
    ended_on: date | None = None
    who: str = ""
    who_id: int | None = None
    who_name: str = ""

    @property
    def stage(self) -> Stage:
        """Where it would stand."""
        return self.landing[0]

    @property
    def outcome(self) -> Outcome | None:
        """How it ended, None while it is open."""
        return self.landing[1]


@dataclass(frozen=True, slots=True)
class LogPreview:
    """Every row of a log, in its order."""

    roles: tuple[Role, ...]
    rows: tuple[LogRow, ...]

    def of(self, state: State) -> tuple[LogRow, ...]:
        """The rows of one state."""
        return tuple(row for row in self.rows if row.state == state)


def read_log(
    rows: Sequence[Row],
    columns: Mapping[Role, int],
    *,
    titles: Iterable[str],
    people: Iterable[LogPerson],
    today: date,
    taken_twins: Iterable[int] = (),
) -> LogPreview:
    """Return what each row would become. ``columns`` must name the idea's.

    ``titles`` are those of the team's ideas: a row with the same one is likely there already, as is
    a row whose title stands in the file above. Rows of ``taken_twins`` are ready all the same.
    """
    roles = tuple(role for role in Role if role in columns)
    known = {title_key(title) for title in titles}
    match = _Match(list(people))
    wanted = set(taken_twins)
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        made = _row(row, roles, columns, match, today)
        if made.state == "ready":
            key = title_key(made.title)
            if row.number not in wanted:
                made = _twin(made, key, known, seen)
            seen.setdefault(key, row.number)
        found.append(made)
    return LogPreview(roles, tuple(found))


def _row(
    row: Row,
    roles: tuple[Role, ...],
    columns: Mapping[Role, int],
    match: _Match,
    today: date,
) -> LogRow:
    cells = {role: _cell(row, columns[role]) for role in roles}
    texts = tuple(cells[role] for role in roles)

    def bad(role: Role, words: str, hint: str = "") -> LogRow:
        return LogRow(row.number, "bad", texts, words, hint, role)

    idea = cells[Role.IDEA]
    if not idea:
        return bad(Role.IDEA, "There is no idea here", "Write it, or leave the row out.")
    for role, limit in _LIMITS.items():
        if len(cells.get(role, "")) > (most := limits.length(limit)):
            size = len(cells[role])
            return bad(role, f"{size:,} characters are too many", f"{most:,} are enough.")
    days: dict[Role, date | None] = {}
    for role in (Role.LOGGED_ON, Role.ENDED_ON):
        try:
            text = cells.get(role, "")
            text = text[:10] if _has_time(text) else text
            days[role] = parse_date(text, earliest=EARLIEST, latest=today) if text else None
        except NotReadable as error:
            return bad(role, error.words, error.hint)
    logged_on, ended_on = days[Role.LOGGED_ON], days[Role.ENDED_ON]
    if logged_on and ended_on and ended_on < logged_on:
        return bad(Role.ENDED_ON, "It ended before it was logged", "Change one of the two dates.")
    status, outcome = cells.get(Role.STATUS, ""), cells.get(Role.OUTCOME, "")
    landing, unknown = landing_of(status, outcome)
    if landing is None:
        role = Role.STATUS if status else Role.OUTCOME
        return bad(role, f"“{unknown}” does not say where it is", STATUS_HINT)
    happened = [cells.get(Role.HAPPENED, "")]
    if outcome and not is_landing_word(outcome):
        happened.append(outcome)
    who = cells.get(Role.WHO, "")
    person = match(who) if who else None
    return LogRow(
        number=row.number,
        state="ready",
        cells=texts,
        words=LANDING_WORDS[landing],
        landing=landing,
        title=title_of(idea),
        text=idea,
        happened="\n\n".join(part for part in happened if part),
        lesson=cells.get(Role.LESSON, ""),
        logged_on=logged_on,
        ended_on=ended_on,
        who=who,
        who_id=person.id if person else None,
        who_name=person.name if person else "",
    )


def _has_time(text: str) -> bool:
    """Return whether a day comes with a time of day, as dates of workbooks may."""
    return len(text) > 10 and text[4:5] == "-" and text[10:11] in {" ", "T"}


_LIMITS: Final[Mapping[Role, str]] = {
    Role.IDEA: "idea_text",
    Role.HAPPENED: "what_happened",
    Role.OUTCOME: "plan_text",
    Role.LESSON: "learned",
    Role.WHO: "person_name",
}


def _cell(row: Row, place: int) -> str:
    """Return the text of a cell as a form would take it: plain line ends, no control characters."""
    text = row.cells[place] if place < len(row.cells) else ""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _twin(row: LogRow, key: str, known: set[str], seen: Mapping[str, int]) -> LogRow:
    if key in known:
        words = "The team has an idea with this title already"
    elif key in seen:
        words = f"Row {seen[key]} has the same title"
    else:
        return row
    return LogRow(row.number, "twin", row.cells, words, title=row.title, landing=row.landing)


class _Match:
    """Finds whom a log means: by address or full name, else by first name within the team.

    Two people of one name are nobody: it is not ours to choose.
    """

    def __init__(self, people: Sequence[LogPerson]) -> None:
        self._by: dict[str, list[LogPerson]] = {}
        self._first: dict[str, list[LogPerson]] = {}
        for person in people:
            for key in {person.email.casefold(), _name(person.name)}:
                self._by.setdefault(key, []).append(person)
            if person.is_of_team:
                first = _name(person.name).split(" ", 1)[0]
                self._first.setdefault(first, []).append(person)

    def __call__(self, text: str) -> LogPerson | None:
        key = _name(text)
        found = self._by.get(key) or self._first.get(key) or []
        return found[0] if len(found) == 1 else None


def _name(text: str) -> str:
    return " ".join(text.casefold().split())
