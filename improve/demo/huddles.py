"""The huddles of the demo: when teams meet, what was said in them, and the hours they protected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from improve.accounts import queries as accounts
from improve.accounts.days.huddle_days import HuddleDays, meets_on
from improve.accounts.service import set_huddle_days
from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.huddles import fortnights, service
from improve.huddles.kinds import Kept
from improve.huddles.queries.actions import action_page
from improve.huddles.queries.page import huddle_head, huddle_page
from improve.huddles.schedule import next_begins
from improve.huddles.service import Closing
from improve.ideas import service as ideas
from improve.shared import clock
from improve.shared.working_days import is_working_day

#: Made before everything else of the day the council was founded on.
AFTER_FOUNDING = 1


def huddle_steps(
    council: Council, content: Mapping[str, Any], timetable: Timetable, *, founded: int
) -> list[Step]:
    """Return the steps of the council's huddles and protected hours; none of another's."""
    steps = [
        _meet(council, team, timetable, founded) for team in content["teams"] if "huddle" in team
    ]
    plans = {team["key"]: _days(team["huddle"]) for team in content["teams"] if "huddle" in team}
    for told in content.get("huddles", ()):
        day = timetable.calendar.day(told["day"])
        steps += _Told(council, told, timetable).steps(_met_by(day, plans[told["team"]]))
    earlier = content.get("earlier_huddles", {"told": ()})
    for told in earlier["told"]:
        plan = plans[earlier["team"]]
        day = timetable.calendar.today - timedelta(weeks=told["weeks_ago"])
        whole = {**told, "team": earlier["team"], "decisions": _alone(told["decisions"])}
        steps += _Told(council, whole, timetable).steps(_met_by(day, plan))
    for told in content.get("protected_hours", ()):
        steps += _hours(council, told, timetable)
    return steps


def _days(told: Mapping[str, Any]) -> HuddleDays:
    return HuddleDays(tuple(told["weekdays"]), time.fromisoformat(told["at"]), told["minutes"])


def _meet(council: Council, team: Mapping[str, Any], timetable: Timetable, founded: int) -> Step:
    """Have the team's manager say when it meets."""

    def meet() -> None:
        actor = council.actor(council.managers[team["key"]])
        team_id = council.teams[team["key"]]
        seen = accounts.team_by_id(actor, team_id).version
        set_huddle_days(actor, team_id=team_id, days=_days(team["huddle"]), seen_version=seen)

    return Step(timetable.early(founded, AFTER_FOUNDING), meet)


def _met_by(day: date, days: HuddleDays) -> datetime:
    """Return the last huddle by the team's plan on ``day`` or before it, as a moment."""
    while not meets_on(days, day):
        day -= timedelta(days=1)
    at = days.at or time(9)
    return clock.at_local(day, at.hour, at.minute)


def _alone(words: list[str]) -> list[dict[str, str]]:
    return [{"words": one} for one in words]


class _Told:
    """One huddle from its start to its notes, and its actions until they are done."""

    def __init__(self, council: Council, told: Mapping[str, Any], timetable: Timetable) -> None:
        self.council, self.told, self.timetable = council, told, timetable
        self.actor = council.actor(told["led_by"])
        self.huddle_id = 0
        self.actions: list[int] = []

    def steps(self, begins: datetime) -> Iterator[Step]:
        """Return what happens, each at its minute."""
        told, minute = self.told, timedelta(minutes=1)
        yield Step(begins - 3 * minute, self._pin)
        yield Step(begins, self._start)
        for number, said in enumerate(told["decisions"], start=1):
            yield Step(begins + 2 * number * minute, lambda n=number, s=said: self._decide(n, s))  # type: ignore[misc]
        promised = told.get("actions") or ([told["action"]] if "action" in told else [])
        for number, action in enumerate(promised, start=1):
            at = begins + (2 * len(told["decisions"]) + number) * minute
            yield Step(at, lambda n=number, a=action: self._promise(n, a))  # type: ignore[misc]
        yield Step(begins + told["minutes"] * minute, self._finish)
        for number, action in enumerate(promised):
            if "done_after" in action:
                at = begins + timedelta(days=action["done_after"], hours=5)
                yield Step(min(at, self.timetable.now), lambda n=number: self._done(n))  # type: ignore[misc]

    @property
    def slug(self) -> str:
        """The team's name in addresses."""
        return accounts.team_by_id(self.actor, self._team_id).slug

    @property
    def _team_id(self) -> int:
        return self.council.teams[self.told["team"]]

    def _token(self, what: str) -> str:
        return f"demo-{self.told['team']}-{clock.today().isoformat()}-{what}"

    @property
    def _looked_at(self) -> list[str]:
        """The ideas that the team wants to talk about, as far as they were logged by then."""
        return [ref for ref in self.told.get("looked_at", ()) if ref in self.council.ideas]

    def _pin(self) -> None:
        for ref in self._looked_at:
            ideas.pin(self.actor, idea_id=self.council.ideas[ref])

    def _start(self) -> None:
        members = accounts.people_of_team(self.actor, self._team_id)
        present = self.told.get("present", len(members))
        self.huddle_id = service.start_huddle(
            self.actor,
            team_id=self._team_id,
            form_token=self._token("start"),
            here_ids=[person.id for person in members],
            others_here=max(0, present - len(members)),
        ).huddle_id

    def _item_of(self, ref: str | None) -> int | None:
        """Return the item that an idea is in this huddle; None where it is on no list.

        Loaded after a long weekend, an idea may have been logged only after the huddle.
        """
        if ref is None or ref not in self.council.ideas:
            return None
        for part in huddle_head(self.actor, self.slug, self.huddle_id).parts:
            for item in huddle_page(self.actor, self.slug, self.huddle_id, part).items:
                if item.idea_id == self.council.ideas[ref]:
                    return item.id
        return None

    def _decide(self, number: int, said: Mapping[str, Any]) -> None:
        service.decide(
            self.actor,
            huddle_id=self.huddle_id,
            words=said["words"],
            item_id=self._item_of(said.get("idea")),
            form_token=self._token(f"decision-{number}"),
        )

    def _promise(self, number: int, action: Mapping[str, Any]) -> None:
        due_on = clock.today() + timedelta(days=action.get("due_after", 0))
        if "by_day" in action:
            due_on = self.timetable.calendar.day(action["by_day"])
        self.actions.append(
            service.add_action(
                self.actor,
                huddle_id=self.huddle_id,
                what=action["what"],
                owner_id=self.council.people[action["who"]],
                due_on=due_on,
                item_id=self._item_of(action.get("idea")),
                form_token=self._token(f"action-{number}"),
            ).action_id
        )

    def _finish(self) -> None:
        for ref in self._looked_at:
            if item_id := self._item_of(ref):
                service.settle(self.actor, huddle_id=self.huddle_id, item_id=item_id)
        thanks = self.told.get("thanks")
        team = accounts.team_by_id(self.actor, self._team_id)
        service.finish_huddle(
            self.actor,
            slug=team.slug,
            huddle_id=self.huddle_id,
            closing=Closing(
                good_news=self.told.get("good_news", ""),
                help_needed=self.told.get("help_needed", ""),
                thanks_to_id=self.council.people[thanks["to"]] if thanks else None,
                thanks_words=thanks["words"] if thanks else "",
                next_at=next_begins(team, clock.now()),
            ),
            form_token=self._token("finish"),
            address_of=lambda huddle_id: f"/teams/{team.slug}/huddles/{huddle_id}/notes",
        )

    def _done(self, number: int) -> None:
        action = action_page(self.actor, self.actions[number]).action
        service.end_action(
            self.actor, action_id=action.id, is_done=True, seen_version=action.version
        )


# ---- the hour that a team protects


def _hours(council: Council, told: Mapping[str, Any], timetable: Timetable) -> Iterator[Step]:
    """State it on the first working day of each fortnight; say how it went when it is over.

    The last of ``told`` is the present fortnight.
    """
    actor, today = council.actor(told["by"]), timetable.calendar.today
    first = fortnights.fortnight_of(today)

    def slug() -> str:
        return accounts.team_by_id(actor, council.teams[told["team"]]).slug

    def promise() -> None:
        service.promise_hour(
            actor,
            slug=slug(),
            minutes=told["minutes"],
            when_words=told["when"],
            seen_version=0,
        )

    def answer(monday: date, kept: str, in_the_way: str) -> None:
        service.say_hour_kept(
            actor,
            slug=slug(),
            from_on=monday,
            kept=Kept(kept),
            in_the_way=in_the_way,
            seen_version=1,
        )

    for back, (kept, in_the_way) in enumerate(reversed(told["told"])):
        monday = fortnights.before(first, back)
        yield Step(min(clock.at_local(_works_from(monday), 9, 10), timetable.now), promise)
        if kept:
            at = clock.at_local(_works_from(fortnights.last_day(monday)), 15, 30)
            at = min(at, timetable.now)
            yield Step(at, lambda m=monday, k=kept, w=in_the_way: answer(m, k, w))  # type: ignore[misc]


def _works_from(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
