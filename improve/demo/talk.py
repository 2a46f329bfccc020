"""How people of the demo hear from each other, so that each way is seen at once.

A first reply that landed yesterday, a colleague named in a comment, an idea joined to another,
thanks, and boards kept as two people like to see them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from improve.accounts import queries as accounts
from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.ideas import service
from improve.ideas.kinds import ReplyKind, Source

#: The idea that was answered yesterday: its author opens my page and reads the reply.
_ANSWERED: Final = "IDEA-037"
_REPLY: Final = (
    "Yes. Ask the clerk for the five schools you visit most. I will bring mine on Tuesday and we "
    "compare."
)
#: The idea that is the same as one of another team, and which.
_JOINED, _INTO = "IDEA-038", "IDEA-018"
_TO_THE_AUTHOR: Final = (
    "Thank you, Rohan. Safeguarding and Court are trying this now. Your words go to them, and you "
    "will hear what they find."
)
_MENTION: Final = (
    "@Ines Oakhollow, you sat in on one last week. What did the family say afterwards?"
)
_FOR_JOINED: Final = "Rohan, your question about the last visit changed how we plan the first one."
_FOR_CALL: Final = "Kofi, you rang the boy’s gran back the same night. She told me she slept."
#: Who keeps which view of the board of their team.
_VIEWS: Final = (
    ("tess", "safeguarding", "Waiting for my reply", "show=needs-reply"),
    ("ines", "safeguarding", "My ideas", "show=mine"),
)


def talk_steps(council: Council, ideas: set[str], timetable: Timetable) -> Iterator[Step]:
    """Yield what is said, in the council that has the idea that another is joined to."""
    if _INTO not in ideas:
        return
    answered = timetable.hours(_ANSWERED)
    yield Step(answered.on(-4), lambda: _log_school_times(council))
    yield Step(answered.on(-1), lambda: _reply(council))
    joined = timetable.hours(_JOINED)
    yield Step(joined.on(-9), lambda: _log_next_worker(council))
    yield Step(joined.on(-7), lambda: _join(council))
    yield Step(joined.on(-5), lambda: _thank(council, "tess", "rohan", _FOR_JOINED, _INTO))
    yield Step(joined.on(-2), lambda: _mention(council))
    thanks = timetable.hours("thanks to Kofi")
    yield Step(thanks.on(-4), lambda: _thank(council, "saoirse", "kofi", _FOR_CALL))
    yield Step(timetable.early(-30, 60), lambda: _keep_views(council))


def _log(
    council: Council, ref: str, by: str, team: str, *, text: str, title: str, better: str
) -> None:
    actor = council.actor(by)
    council.ideas[ref] = service.propose_idea(
        actor,
        text=text,
        benefit=better,
        source=Source.OWN,
        team_id=council.teams[team],
        form_token=f"demo-{ref}",
    ).idea_id
    service.edit_field(
        actor, idea_id=council.ideas[ref], field="title", value=title, seen_version=1
    )


def _log_school_times(council: Council) -> None:
    _log(
        council,
        _ANSWERED,
        "kofi",
        "assess-north",
        text="Write the start and end of the school day on the visit sheet, next to the address.",
        title="Put the school’s start times on the visit sheet",
        better="We stop arriving as children leave for school.",
    )


def _reply(council: Council) -> None:
    service.reply_first(
        council.actor("helena"),
        idea_id=council.ideas[_ANSWERED],
        kind=ReplyKind.WILL_TRY,
        words=_REPLY,
        seen_version=2,
    )


def _log_next_worker(council: Council) -> None:
    _log(
        council,
        _JOINED,
        "rohan",
        "assess-south",
        text="Let the family meet their next worker while the last one is still there.",
        title="Meet the next worker before the last visit",
        better="Families do not have to start again.",
    )


def _join(council: Council) -> None:
    service.join_ideas(
        council.actor("grace"),
        idea_id=council.ideas[_JOINED],
        into_id=council.ideas[_INTO],
        words=_TO_THE_AUTHOR,
        seen_version=2,
    )


def _mention(council: Council) -> None:
    service.comment(
        council.actor("marlon"),
        idea_id=council.ideas[_INTO],
        words=_MENTION,
        form_token=f"demo-{_INTO}-mention",
    )


def _thank(council: Council, by: str, to: str, words: str, ref: str | None = None) -> None:
    service.say_thanks(
        council.actor(by),
        to_id=council.people[to],
        words=words,
        idea_id=council.ideas[ref] if ref else None,
        team_id=None if ref else council.teams["assess-north"],
        form_token=f"demo-thanks-{by}-{to}",
    )


def _keep_views(council: Council) -> None:
    for who, team, name, query in _VIEWS:
        actor = council.actor(who)
        view = accounts.team_by_id(actor, council.teams[team])
        service.save_view(actor, team=view, name=name, query=query)
