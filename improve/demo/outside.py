"""A guest from a school, and a question to a coach: each where a reader of the demo meets it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from improve.accounts.service import Post
from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.ideas import service
from improve.shared import clock

#: The idea about reviews in lesson time, its team, and who comes from the school for it.
_INVITED: Final = ("IDEA-025", "cic")
_GUEST: Final = ("Marnie Oldroyd", "marnie.oldroyd@ashlode.example", "Ashlode School")
_SAID: Final = "Lunch and the half hour after it suit us. We can offer a quiet room on both sites."
#: The idea, who asks, and what.
_ASKED: Final = ("IDEA-022", "jo", "A month feels long to wait. What could we count by Friday?")
#: No mail leaves the demo: whoever wants to be the guest chooses her on the sign-in page.
_NO_POST: Final = Post(
    address_of=lambda token: f"/invitation/{token}", has_mail=False, site_name=""
)


def outside_steps(council: Council, ideas: set[str], timetable: Timetable) -> list[Step]:
    """Return what is done with a guest and a coach, in a council that has these ``ideas``."""
    steps: list[Step] = []
    invited, team = _INVITED
    if invited in ideas:
        hours = timetable.hours(f"{invited} guest")
        manager = council.managers[team]
        steps += [
            Step(hours.on(-5), lambda: _invite(council, invited, manager)),
            Step(hours.on(-3), lambda: _comment(council, invited)),
        ]
    asked, who, words = _ASKED
    if asked in ideas:
        at = timetable.hours(f"{asked} coach").on(-2)
        steps.append(Step(at, lambda: _ask(council, asked, who, words)))
    return steps


def _invite(council: Council, ref: str, manager: str) -> None:
    name, email, place = _GUEST
    council.people["marnie"] = service.invite_guest(
        council.actor(manager),
        idea_id=council.ideas[ref],
        name=name,
        email=email,
        place=place,
        ends_on=clock.today() + timedelta(days=91),
        post=_NO_POST,
    ).person_id


def _comment(council: Council, ref: str) -> None:
    service.comment(
        council.actor("marnie"),
        idea_id=council.ideas[ref],
        words=_SAID,
        form_token=f"demo-{ref}-guest",
    )


def _ask(council: Council, ref: str, who: str, words: str) -> None:
    service.ask_coach(council.actor(who), idea_id=council.ideas[ref], words=words)
