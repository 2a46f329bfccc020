"""The ideas of the demo, each told as what people did on which day, through the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from improve.demo.aims import driver_of
from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.ideas import service
from improve.ideas.kinds import Decision, ReplyKind, Source, Stage, Unblocker, Way
from improve.library.service.spread import try_in_team

_PLANNED = (
    "question",
    "change_to_try",
    "scope",
    "who",
    "families_count",
    "prediction",
    "how_known",
    "is_wide",
    "might_go_wrong",
    "balancing",
)
_HAPPENED = ("what_happened", "as_planned", "surprises")
_LEARNED = ("prediction_held", "learned", "read_by_outside")
_DECIDED = {Decision.ADOPT: Way.KEEP, Decision.ADAPT: Way.CHANGE, Decision.ABANDON: Way.STOP}


def idea_steps(council: Council, idea: Mapping[str, Any], timetable: Timetable) -> list[Step]:
    """Return the steps of one idea's story, in order."""
    return _Story(council, idea, timetable).told()


def _answers(cycle: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return what a cycle says to these questions, counts (“5 of 6”) as the two numbers."""
    answers = {name: cycle[name] for name in names if name in cycle}
    for name, asked_with in (("expected", "prediction"), ("seen", "what_happened")):
        if name in cycle and asked_with in names:
            answers[f"{name}_count"], answers[f"{name}_of"] = cycle[name]
    return answers


class _Story:
    def __init__(self, council: Council, idea: Mapping[str, Any], timetable: Timetable) -> None:
        self.council, self.idea, self.timetable = council, idea, timetable
        self.calendar = timetable.calendar
        self.hours = self.timetable.hours(idea["ref"])
        self.stage = Stage.SUGGESTED
        #: The idea's version after the last act; were it another, the services would refuse.
        self.version = 1
        self.steps: list[Step] = []
        self.manager = council.managers[idea["team"]]
        self.lead = idea.get("lead", self.manager)

    def told(self) -> list[Step]:
        """Return every step, in order."""
        idea = self.idea
        is_exact = idea.get("is_exact", False)
        self._add(self.hours.on(idea["sent"], is_exact=is_exact), self._log)
        self._add(self.hours.soon(), self._name)
        if "reply" in idea:
            self._add(self.hours.on(idea["reply"]["day"]), self._reply)
        for number, cycle in enumerate(idea["cycles"], start=1):
            self._tell_cycle(number, cycle)
        if idea.get("problem") and not idea["cycles"]:
            self._add(self.hours.soon(), self._edit("problem", idea["problem"], idea["author"]))
        if "not_now" in idea:
            self._add(self.hours.on(idea["not_now"]["day"]), self._not_now())
        if "quick_fix" in idea:
            self._add(self.hours.on(idea["quick_fix"]["day"]), self._quick_fix)
        self._tell_beside()
        return self.steps

    def _tell_beside(self) -> None:
        """Add what stands beside the moves: words in between, a block, comments."""
        if "was_blocked" in self.idea:
            hours = self.timetable.hours(self.idea["ref"] + " was blocked")
            self._add(hours.on(self.idea["was_blocked"]["day"]), self._block("was_blocked"))
            # On some days of loading it ends on the day of the leader's answer: then behind it.
            self._add(self.timetable.late(self.idea["was_blocked"]["until"]), self._unblock)
        if "blocked" in self.idea:
            hours = self.timetable.hours(self.idea["ref"] + " blocked")
            self._add(hours.on(self.idea["blocked"]["day"]), self._block("blocked"))
        for number, said in enumerate(self.idea.get("comments", ())):
            hours = self.timetable.hours(f"{self.idea['ref']} comment {number}")
            self._add(hours.on(said["day"]), self._comment(number, said))

    def _tell_cycle(self, number: int, cycle: Mapping[str, Any]) -> None:
        if number == 1:
            self._add(self.hours.on(cycle["plan"]), self._plan)
            for member in self.idea.get("members", ()):
                self._add(self.hours.soon(), self._join(member))
            if "main" in self.idea:
                self._add(self.hours.soon(), self._choose_measures)
        self._add(self.hours.soon(), self._write_plan(cycle))
        if "do" not in cycle:
            return
        self._add(self.hours.on(cycle["do"]), self._begin(cycle))
        if "study" not in cycle:
            if "what_happened" in cycle:
                self._add(self.hours.on(-4), self._answer(_answers(cycle, _HAPPENED)))
            return
        self._add(self.hours.on(cycle["study"]), self._study(cycle))
        if "act" not in cycle:
            if "prediction_held" in cycle:
                self._add(self.hours.soon(), self._answer(_answers(cycle, _LEARNED)))
            return
        self._add(
            self.hours.on(cycle["act"]),
            self._move(Way.ACT, self.lead, _answers(cycle, _LEARNED)),
        )
        if "decided" in cycle:
            self._add(self.hours.on(cycle["decided"]), self._decide(cycle))

    def _add(self, at: datetime, do: Callable[[], Any]) -> None:
        self.steps.append(Step(at, do))

    # ---- what people do

    @property
    def id(self) -> int:
        return self.council.ideas[self.idea["ref"]]

    def _log(self) -> None:
        if "taken_from" in self.idea:
            self._take_up()
            return
        self.council.ideas[self.idea["ref"]] = service.propose_idea(
            self.council.actor(self.idea["author"]),
            text=self.idea["text"],
            benefit=self.idea["benefit"],
            source=Source(self.idea["source"]),
            team_id=self.council.teams[self.idea["team"]],
            form_token=f"demo-{self.idea['ref']}",
            driver_id=driver_of(self.council, self.idea["ref"]),
        ).idea_id

    def _take_up(self) -> None:
        """Begin with what another team finished, and say what is changed for this one."""
        self.council.ideas[self.idea["ref"]] = try_in_team(
            self.council.actor(self.idea["author"]),
            team_id=self.council.teams[self.idea["team"]],
            text=self.idea["text"],
            form_token=f"demo-{self.idea['ref']}",
            origin_id=self.council.ideas[self.idea["taken_from"]],
            adaptation=self.idea["adaptation"],
        ).idea_id

    def _name(self) -> None:
        self._edit("title", self.idea["title"], self.idea["author"])()

    def _edit(self, field: str, value: str, who: str) -> Callable[[], None]:
        def edit() -> None:
            self.version = service.edit_field(
                self.council.actor(who),
                idea_id=self.id,
                field=field,
                value=value,
                seen_version=self.version,
            )

        return edit

    def _reply(self) -> None:
        reply = self.idea["reply"]
        service.reply_first(
            self.council.actor(reply["by"]),
            idea_id=self.id,
            kind=ReplyKind(reply["kind"]),
            words=reply["words"],
            seen_version=self.version,
        )
        self.version += 1

    def _move(
        self, way: Way, who: str, answers: Mapping[str, Any], **more: Any
    ) -> Callable[[], None]:
        def move() -> None:
            moved = service.move_stage(
                self.council.actor(who),
                idea_id=self.id,
                way=way,
                seen_version=self.version,
                from_stage=self.stage,
                answers=answers,
                **more,
            )
            self.stage, self.version = moved.to_stage, moved.version

        return move

    def _plan(self) -> None:
        answers = {k: self.idea[k] for k in ("improves", "problem") if self.idea.get(k)}
        lead_id = self.council.people[self.lead]
        self._move(Way.PLAN, self.manager, answers, lead_id=lead_id)()

    def _join(self, who: str) -> Callable[[], None]:
        return lambda: service.join_idea(self.council.actor(who), idea_id=self.id)

    def _choose_measures(self) -> None:
        measures = self.council.measures
        beside = self.idea.get("beside")
        service.choose_measures(
            self.council.actor(self.lead),
            idea_id=self.id,
            main_id=measures[self.idea["main"]],
            beside_id=measures[beside] if beside else None,
        )
        self.version += 1

    def _write_plan(self, cycle: Mapping[str, Any]) -> Callable[[], None]:
        answers = {k: v for k, v in _answers(cycle, _PLANNED).items() if v}
        if cycle.get("study_by") is not None:
            answers["study_by_on"] = self.calendar.day(cycle["study_by"])
        return self._answer(answers)

    def _begin(self, cycle: Mapping[str, Any]) -> Callable[[], None]:
        note = cycle.get("note_do", "")
        return self._move(Way.DO, self.lead, {}, note=note)

    def _study(self, cycle: Mapping[str, Any]) -> Callable[[], None]:
        answers = _answers(cycle, _HAPPENED)
        if not cycle.get("is_wide") and "seen" not in cycle:
            answers["has_no_number"] = True
        return self._move(Way.STUDY, self.lead, answers)

    def _decide(self, cycle: Mapping[str, Any]) -> Callable[[], None]:
        way = _DECIDED[Decision(cycle["decision"])]
        answers = {
            "decision_why": cycle["why"],
            "adopt_anyway": cycle.get("adopt_anyway", ""),
            "next_step": cycle["next_step"],
        }
        return self._move(way, self.manager, answers)

    def _answer(self, answers: Mapping[str, Any]) -> Callable[[], None]:
        def answer() -> None:
            if answers:
                self.version = service.save_answers(
                    self.council.actor(self.lead),
                    idea_id=self.id,
                    seen_version=self.version,
                    answers=answers,
                )

        return answer

    def _not_now(self) -> Callable[[], None]:
        ending = self.idea["not_now"]
        return self._move(
            Way.NOT_NOW,
            ending["by"],
            {},
            note=ending["reason"],
            look_again_on=self.calendar.day(ending["look_again"]),
        )

    def _quick_fix(self) -> None:
        ending = self.idea["quick_fix"]
        answers = {k: ending[k] for k in ("what_happened", "learned")}
        self._move(Way.QUICK_FIX, ending["by"], answers)()

    def _block(self, name: str) -> Callable[[], None]:
        def block() -> None:
            blocked = self.idea[name]
            service.mark_blocked(
                self.council.actor(blocked["by"]),
                idea_id=self.id,
                reason=blocked["reason"],
                who=blocked["who"],
                level=Unblocker(blocked.get("level", Unblocker.TEAM)),
            )
            self.version += 1

        return block

    def _unblock(self) -> None:
        service.unblock(self.council.actor(self.idea["was_blocked"]["by"]), idea_id=self.id)
        self.version += 1

    def _comment(self, number: int, said: Mapping[str, Any]) -> Callable[[], None]:
        def comment() -> None:
            service.comment(
                self.council.actor(said["by"]),
                idea_id=self.id,
                words=said["words"],
                form_token=f"demo-{self.idea['ref']}-{number}",
            )

        return comment
