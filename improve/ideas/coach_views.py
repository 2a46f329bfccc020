"""What stands beside a conversation: coaches asked, guests, what others add to it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from improve.accounts.actor import Actor
from improve.ideas import rights
from improve.ideas.coaching import Prompt, plan_facts, prompt_for
from improve.ideas.kinds import Stage
from improve.ideas.rights import Standing
from improve.shared import clock

if TYPE_CHECKING:
    from improve.ideas.page import PersonRef

#: A row by name of its columns.
Row = Mapping[Any, Any]
#: How parts of the feed are marked that a capability above reads.
PANEL: Final = "panel:"
#: Names a person of the row of an idea as the actor may read them: row, actor, id, name.
Names = Callable[[Row, Actor, int | None, str | None], "PersonRef"]


@dataclass(frozen=True, slots=True)
class CoachTalk:
    """A question to a coach, and the answer once there is one: everybody learns from both."""

    id: int
    by: PersonRef
    words: str
    asked_at: datetime
    answer: str
    answered_by: PersonRef | None
    answered_at: datetime | None
    may_answer: bool
    may_take_back: bool

    @property
    def is_open(self) -> bool:
        """Whether it waits for a coach."""
        return self.answered_at is None


@dataclass(frozen=True, slots=True)
class IdeaGuestView:
    """Somebody from outside who may read the idea until the end of ``ends_on``."""

    person_id: int
    name: str
    place: str
    invited_by: PersonRef
    ends_on: date


def beside_in(
    row: Row,
    actor: Actor,
    *,
    cycle: Row | None,
    standing: Standing,
    feed: Sequence[Row],
    names: Names,
) -> dict[str, Any]:
    """Return what ``IdeaPage`` holds of this module, by the names of its fields."""
    return {
        "coach_talks": talks_in(row, actor, feed, names),
        "guests": guests_in(row, actor, feed, names),
        "prompt": prompt_in(row, cycle, actor, standing, feed),
        "is_for_guest": rights.is_guest(actor),
        "panel_rows": panels_in(row, actor, feed, names),
    }


def panels_in(
    row: Row, actor: Actor, feed: Sequence[Row], names: Names
) -> tuple[Mapping[str, Any], ...]:
    """Return the rows of capabilities above, their parts without the mark.

    ``name`` is None, too, where whoever hides their name did it.
    """
    found = []
    for part in feed:
        if part["part"].startswith(PANEL):
            who = names(row, actor, part["person_id"], part["name"])
            told = {"part": part["part"].removeprefix(PANEL)}
            found.append({**part, **told, "name": part["name"] if who.id is not None else None})
    return tuple(found)


def talks_in(row: Row, actor: Actor, feed: Sequence[Row], names: Names) -> tuple[CoachTalk, ...]:
    """Return the questions to coaches in the feed of an idea's page, oldest first.

    One that was taken back is no longer shown.
    """
    answers = rights.may_answer_as_coach(actor)
    talks = []
    for part in feed:
        if part["part"] != "coach" or (part["other_at"] is not None and not part["b"]):
            continue
        is_open = part["other_at"] is None
        talks.append(
            CoachTalk(
                id=part["id"],
                by=names(row, actor, part["person_id"], part["name"]),
                words=part["a"],
                asked_at=part["at"],
                answer=part["b"],
                answered_by=None
                if is_open
                else names(row, actor, part["other_id"], part["other_name"]),
                answered_at=part["other_at"],
                may_answer=is_open and answers,
                may_take_back=is_open and part["person_id"] == actor.person_id,
            )
        )
    return tuple(talks)


def guests_in(
    row: Row, actor: Actor, feed: Sequence[Row], names: Names
) -> tuple[IdeaGuestView, ...]:
    """Return who is a guest of the idea today, the first invited first."""
    today = clock.today()
    guests = []
    for part in feed:
        if part["part"] != "guest" or part["other_at"] is not None:
            continue
        ends_on = date.fromisoformat(part["a"][:10])
        if ends_on < today:
            continue
        who = names(row, actor, part["person_id"], part["name"])
        inviter = names(row, actor, part["other_id"], part["other_name"])
        place = part["title"] or ""
        guests.append(IdeaGuestView(part["person_id"], who.name, place, inviter, ends_on))
    return tuple(guests)


def guest_places(feed: Sequence[Row]) -> dict[int, str]:
    """Return where each person comes from who is or was a guest of the idea, by their id."""
    return {p["person_id"]: p["title"] or "" for p in feed if p["part"] == "guest"}


def has_guest_comment(feed: Sequence[Row]) -> bool:
    """Return whether somebody from outside has said something: then they read it."""
    guests = guest_places(feed)
    return any(
        part["part"] == "comment" and part["person_id"] in guests and part["other_at"] is None
        for part in feed
    )


def prompt_in(
    row: Row, cycle: Row | None, actor: Actor, standing: Standing, feed: Sequence[Row]
) -> Prompt | None:
    """Return what a coach would ask of the idea now, for those who may change it."""
    if not rights.may_edit(actor, standing) or standing.stage in {Stage.SUGGESTED, Stage.DONE}:
        return None
    number = max(1, row["cycle_number"])
    facts = plan_facts(
        standing.stage,
        number,
        cycle,
        has_measure=row["main_id"] is not None,
        has_beside=row["beside_id"] is not None,
    )
    if has_guest_comment(feed):
        facts = replace(facts, is_read_by_outside=True)
    put_away = {
        part["kind"]: clock.local(part["at"]).date()
        for part in feed
        if part["part"] == "prompt" and part["cycle"] == number
    }
    return prompt_for(facts, put_away=put_away, today=clock.today())
