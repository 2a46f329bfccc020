"""What was asked of the demo's leaders over the months, what they answered, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from improve.accounts import queries as accounts
from improve.accounts import service as accounts_service
from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.ideas.queries.month import ideas_of_month
from improve.review.month import Asked, Line, Way, month_of
from improve.review.month_lines import asked_of_blocked
from improve.review.queries import one_answer
from improve.review.queries.month import month_sheet
from improve.review.service.answers import answer_line, say_outcome
from improve.shared import clock


@dataclass(frozen=True)
class _Said:
    """An answer: who gave it, on which day, how; and on which day what came of it."""

    by: str
    day: int
    way: Way
    words: str
    outcome: tuple[int, str] | None = None


#: Ideas that were blocked until somebody above the team answered.
_STUCK: Final = (
    (
        "IDEA-003",
        _Said(
            "florence", -343, Way.GIVE, "The code is mine: 4410. Print as many as children want."
        ),
    ),
    (
        "IDEA-005",
        _Said("florence", -311, Way.GIVE, "Twenty pounds a home, once, with the next payment."),
    ),
    (
        "IDEA-006",
        _Said(
            "gideon",
            -279,
            Way.DECIDE,
            "The agreement with the schools is signed. It names these talks.",
        ),
    ),
    (
        "IDEA-007",
        _Said(
            "florence", -250, Way.DECIDE, "Supervision goes before other meetings in both rooms."
        ),
    ),
    (
        "IDEA-011",
        _Said(
            "florence",
            -217,
            Way.DECIDE,
            "It counts as a visit of whoever leaves. The guide says so from Monday.",
        ),
    ),
    (
        "IDEA-010",
        _Said(
            "gideon",
            -113,
            Way.DECIDE,
            "The three lines that you drafted. I have asked both, and they agree.",
        ),
    ),
    (
        "IDEA-009",
        _Said(
            "florence", -87, Way.DECIDE, "Papers go out two working days before. I told the chairs."
        ),
    ),
    (
        "IDEA-012",
        _Said(
            "florence",
            -73,
            Way.NO,
            "There is no third person for Tuesdays this year. Choose another day for pairs.",
        ),
    ),
    (
        "IDEA-013",
        _Said(
            "gideon",
            -47,
            Way.DECIDE,
            "The letter stops. I have asked for it to be taken out of the system.",
            (-26, "It is gone."),
        ),
    ),
    (
        "IDEA-018",
        _Said(
            "florence",
            -45,
            Way.GIVE,
            "Two cars are kept back on Mondays until 11 for joint visits.",
            (-19, "Two kept back until 11. They are used."),
        ),
    ),
    (
        "IDEA-023",
        _Said(
            "florence",
            -5,
            Way.NO,
            "The contract ends in March, and a phone now costs twice. I ask again then. Until then "
            "use the desk phone in the family room.",
        ),
    ),
)
#: Ideas in a child's or a parent's words, and what a leader answered.
_VOICES: Final = (
    (
        "IDEA-002",
        _Said(
            "gideon",
            -290,
            Way.GIVE,
            "A second person on Mondays from nine to eleven, from the duty budget.",
            (-266, "The second person is in the rota."),
        ),
    ),
    (
        "IDEA-036",
        _Said(
            "florence",
            -54,
            Way.DECIDE,
            "Yes. Photos may go by text to the number that the family gave us.",
            (-38, "The guidance says so since Monday."),
        ),
    ),
    (
        "IDEA-016",
        _Said(
            "florence",
            -55,
            Way.GIVE,
            "Two recorders, this week, from my budget.",
            (-44, "Both are in use."),
        ),
    ),
    ("IDEA-032", _Said("florence", -43, Way.DECIDE, "Yes, from my own number if it must be.")),
)
#: The hours that a month owed, answered as the next began.
_HOURS: Final = (
    (
        -33,
        "Duty cover for protected hours is named in the rota, a fortnight ahead.",
        (-16, "The rota has it. Assessment South still lost one."),
    ),
)
#: What Front Door asks for now.
_BUSY: Final = (
    "front-door",
    "dominic",
    -19,
    "Contacts are up by a third since the half-term, and two of us screen them.",
    "A second screener until the schools break up.",
)
#: What a leader answered this morning.
_TODAY: Final = ("IDEA-019", "florence", Way.DECIDE, "I will sign it on Thursday and ring Odette.")


def leader_steps(council: Council, ideas: set[str], timetable: Timetable) -> Iterator[Step]:
    """Yield what was asked and answered, in a council whose ideas these are."""
    if not {ref for ref, _ in _STUCK} <= ideas:
        return
    answers: dict[str, int] = {}
    for ref, said in _STUCK:
        hours = timetable.hours(f"{ref} asked")
        yield Step(hours.on(said.day), partial(_answer_stuck, council, ref, said, answers))
        yield from _came_of(council, timetable, ref, said, answers)
    for ref, said in _VOICES:
        hours = timetable.hours(f"{ref} answered")
        yield Step(hours.on(said.day), partial(_answer_voice, council, ref, said, answers))
        yield from _came_of(council, timetable, f"{ref} voice", said, answers)
    for number, (day, words, outcome) in enumerate(_HOURS):
        said = _Said("florence", day, Way.DECIDE, words, outcome)
        at = timetable.early(day, 160 + number)
        yield Step(at, partial(_answer_hours, council, said, answers))
        yield from _came_of(council, timetable, f"hours {day}", said, answers)
    yield Step(timetable.early(_BUSY[2], 164), lambda: _begin_busy_time(council))
    today = timetable.hours("answered today")
    yield Step(today.on(0, is_exact=True), lambda: _answer_today(council))


def _came_of(
    council: Council,
    timetable: Timetable,
    name: str,
    said: _Said,
    answers: dict[str, int],
) -> Iterator[Step]:
    if said.outcome is None:
        return
    day, words = said.outcome

    def say() -> None:
        if name not in answers:
            return
        leader = council.actor(said.by)
        answer = one_answer(leader, answers[name])
        say_outcome(leader, answer_id=answer.id, words=words, seen_version=answer.version)

    yield Step(timetable.hours(f"{name} came of it").on(day), say)


def _answer_stuck(council: Council, ref: str, said: _Said, answers: dict[str, int]) -> None:
    asked = _blocked(council, said.by, ref)
    answers[ref] = answer_line(council.actor(said.by), asked=asked, way=said.way, words=said.words)


def _blocked(council: Council, who: str, ref: str) -> Asked:
    """Return what a blocked idea asks, as the sheet of the month reads it."""
    found = ideas_of_month(council.actor(who), month_of(clock.today())).blocked
    return asked_of_blocked(next(one for one in found if one.id == council.ideas[ref]))


def _answer_voice(council: Council, ref: str, said: _Said, answers: dict[str, int]) -> None:
    leader = council.actor(said.by)
    found = ideas_of_month(leader, month_of(clock.today())).voices
    idea = next(one for one in found if one.id == council.ideas[ref])
    asked = Asked(Line.VOICE, "idea", idea.id, idea.since_on, idea.words, idea.team_id, idea.id)
    answers[f"{ref} voice"] = answer_line(leader, asked=asked, way=said.way, words=said.words)


def _answer_hours(council: Council, said: _Said, answers: dict[str, int]) -> None:
    leader = council.actor(said.by)
    asked = month_sheet(leader, month_of(clock.today())).line(Line.HOURS).asked
    if asked is not None:
        answers[f"hours {said.day}"] = answer_line(
            leader, asked=asked, way=said.way, words=said.words
        )


def _begin_busy_time(council: Council) -> None:
    team, who, _day, why, asks = _BUSY
    accounts_service.set_busy_time(
        council.actor(who), team_id=council.teams[team], why=why, asks=asks
    )


def _answer_today(council: Council) -> None:
    ref, who, way, words = _TODAY
    asked = _blocked(council, who, ref)
    answer_line(council.actor(who), asked=asked, way=way, words=words)


def answer_busy_time(council: Council, who: str, team_id: int, words: str) -> None:
    """Answer a team's busy time as the line of a month, which tells the whole team."""
    leader = council.actor(who)
    (busy,) = accounts.busy_times_of_team(leader, team_id)
    asked = Asked(Line.DEMAND, "busy", busy.id, busy.started_on, busy.asks, team_id)
    answer_line(leader, asked=asked, way=Way.GIVE, words=words)
