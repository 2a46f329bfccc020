"""Working lives in the demo: a busy time that is over, a deputy next week, closing days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from improve.accounts import service
from improve.demo.leaders import answer_busy_time
from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.shared import clock

#: A team that had a busy time, from a day to a day, and what was said of it.
_BUSY_TEAM, _BUSY_MANAGER, _LEADER = "assess-south", "grace", "florence"
#: Before the form for families opens, which shows them.
_NUMBERS_FROM: Final = -440
_BUSY_FROM, _BUSY_TO = -80, -62
_WHY: Final = "Two of us off sick and twice the usual referrals after the summer."
_ASKS: Final = "A second duty worker on Mondays, and no new reports to write until half-term."
_ANSWER: Final = "Two duty workers on Mondays until half-term. The survey waits until December."
#: Numbers that Ofcom keeps for drama: they ring nowhere.
_DUTY_NUMBERS: Final = {
    "day": "Front Door duty worker, 01632 960 123, Monday to Friday, 8.45 to 17.15",
    "night": "Emergency duty team, 01632 960 456",
}
#: Who stands in next week for whom, in which team.
_COVERED_TEAM, _COVERED, _DEPUTY = "assess-north", "helena", "kofi"


def life_steps(council: Council, timetable: Timetable) -> list[Step]:
    """Return what teams of the demo's own council told of their working lives."""
    if _BUSY_TEAM not in council.teams:
        return []
    team_id = council.teams[_BUSY_TEAM]

    def begin() -> None:
        service.set_busy_time(council.actor(_BUSY_MANAGER), team_id=team_id, why=_WHY, asks=_ASKS)

    def answer() -> None:
        answer_busy_time(council, _LEADER, team_id, _ANSWER)

    def end() -> None:
        service.end_busy_time(council.actor(_BUSY_MANAGER), team_id=team_id)

    def name_deputy() -> None:
        monday = clock.today() + timedelta(days=7 - clock.today().weekday())
        service.name_deputy(
            council.actor(_COVERED),
            team_id=council.teams[_COVERED_TEAM],
            person_id=council.people[_COVERED],
            deputy_id=council.people[_DEPUTY],
            from_on=monday,
            to_on=monday + timedelta(days=4),
        )

    def close_for_christmas() -> None:
        today = clock.today()
        year = today.year if today <= date(today.year, 12, 27) else today.year + 1
        service.add_closing_days(
            council.actor("robin"), first=date(year, 12, 27), last=date(year, 12, 31)
        )

    def say_whom_to_ring() -> None:
        service.set_duty_numbers(council.actor("robin"), words=_DUTY_NUMBERS, seen={})

    return [
        Step(timetable.early(_NUMBERS_FROM, 40), say_whom_to_ring),
        Step(timetable.early(_BUSY_FROM, 40), begin),
        Step(timetable.early(_BUSY_FROM + 2, 40), answer),
        Step(timetable.early(_BUSY_TO, 40), end),
        Step(timetable.early(-1, 40), name_deputy),
        Step(timetable.early(-20, 40), close_for_christmas),
    ]
