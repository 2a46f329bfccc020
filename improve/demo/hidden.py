"""A comment of the demo that names a family: somebody said so, and it waits to be read."""

from __future__ import annotations

from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.ideas import queries, service
from improve.redaction.service import hide_text
from improve.redaction.texts import Name

_IDEA = "IDEA-028"
_BY, _SAID_BY = "wren", "odette"
#: An invented family, and nothing that would hurt to be read.
_WORDS = (
    "Mrs Pebblewick rang to say that our letter came first. Shall we try a text with her and the "
    "two families after her on the list?"
)


def hidden_steps(council: Council, ideas: set[str], timetable: Timetable) -> list[Step]:
    """Return the comment and its hiding, in a council that has the idea."""
    if _IDEA not in ideas:
        return []
    hours = timetable.hours(f"{_IDEA} hidden")
    return [
        Step(hours.on(-4), lambda: _comment(council)),
        Step(hours.on(-1), lambda: _hide(council)),
    ]


def _comment(council: Council) -> None:
    service.comment(
        council.actor(_BY),
        idea_id=council.ideas[_IDEA],
        words=_WORDS,
        form_token=f"demo-{_IDEA}-hidden",
    )


def _hide(council: Council) -> None:
    who = council.actor(_SAID_BY)
    page = queries.idea_page(who, council.ideas[_IDEA])
    said = next(comment for comment in page.comments if comment.words == _WORDS)
    hide_text(who, name=Name("comment", said.id, "words"))
