"""How the history of an idea reads, line by line. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from improve.ideas.kinds import REPLY_WORDS, STAGE_WORDS, ReplyKind, Stage, Way
from improve.ideas.page import HistoryLine
from improve.ideas.questions import CYCLE_QUESTIONS, IDEA_QUESTIONS, Question, choice_words
from improve.measures.spc.words import CODES, TOO_FEW
from improve.measures.views import VERDICT_CAUSES
from improve.shared.formatting import NBSP, day

#: A row by name of its columns.
Row = Mapping[Any, Any]

_WAY_WORDS: Final[Mapping[Way, str]] = {
    Way.KEEP: "decided to keep it",
    Way.CHANGE: "decided to change it: a new cycle begins in Plan",
    Way.STOP: "decided to stop it",
    Way.NOT_NOW: "said not now",
    Way.QUICK_FIX: "marked it as a quick fix",
    Way.WITHDRAW: "withdrew it",
    Way.BRING_BACK: "brought it back to Ideas",
    Way.AGAIN: "began it again, as a new cycle",
    Way.JOIN: "joined it to another idea of the same thing",
}
_ACTS: Final[Mapping[str, str]] = {
    "logged": "logged this idea",
    "unblocked": "said that it can go on",
    "blocked": "marked it blocked",
    "lead": "chose who leads it",
    "measures": "chose what it is measured by",
    "joined": "takes part",
    "pinned": "asked to talk about it in the next huddle",
    "unpinned": "took it off the next huddle",
    "on_board": "put it on the team’s board",
    "same_as": "joined another idea of the same thing to this one",
    "split": "took it apart again from an idea it was joined with",
    "words_out": "took words out that may identify someone",
    "words_back": "read the words that were hidden, and showed them again",
}
#: What such an act counts as, where a person asks for one kind of lines; all others are edits.
_KINDS: Final[Mapping[str, str]] = {
    "logged": "logged",
    "blocked": "block",
    "unblocked": "block",
    "same_as": "move",
    "split": "move",
}
#: The field of an “unpinned” line when a huddle has talked about the idea.
TALKED_ABOUT: Final = "huddle"
#: Whoever said that words identify somebody: nobody is to hold back for fear of being named.
SOMEONE: Final = "Someone"
#: What history keeps for a verdict of a test that ended before there were enough points.
TOO_FEW_CODE: Final = "too_few"
#: The names of verdicts where no facts are at hand.
VERDICT_NAMES: Final[Mapping[str, str]] = {
    "no_baseline": "Not enough before the change",
    "baseline_unstable": "Already changing",
    "too_early": "Too early",
    TOO_FEW_CODE: TOO_FEW,
    "mixed": "Moved both ways",
    "improvement": "Improvement",
    "improvement_not_held": "Improved, then went back",
    "deterioration": "It got worse",
    "deterioration_ended": "Got worse, then came back",
    "changed_higher": "Changed, higher",
    "changed_lower": "Changed, lower",
    "changed_ended": "Changed, then went back",
    "unusual_point": "One unusual point",
    "no_signal": "No signal yet",
    "small_test": "Tried small",
}
assert set(VERDICT_NAMES) == {*CODES, TOO_FEW_CODE}  # noqa: S101 - a new code must get a name


def move_line(part: Row, who: str, *, undone_by: str = "") -> HistoryLine:
    """Return the line of a move; one that was taken back says by whom."""
    way, to = Way(part["kind"]), Stage(part["c"])
    left = Stage(part["b"])
    order = list(Stage)
    if way in _WAY_WORDS:
        words = _WAY_WORDS[way]
    elif order.index(to) < order.index(left):
        words = f"moved it back to {STAGE_WORDS[to]}"
    else:
        words = f"moved it to {STAGE_WORDS[to]}"
    if undone_by:
        words += f", taken back by {undone_by}"
    return HistoryLine(
        at=part["at"],
        kind="undone" if undone_by else "move",
        who=who,
        words=words,
        note=part["a"],
        move_id=part["id"],
    )


def edit_line(part: Row, who: str) -> HistoryLine:
    """Return the line of an edit, or of another act that left a text behind."""
    kind, field, old, new = part["kind"], part["a"], part["b"], part["c"]
    at = part["at"]
    if kind == "verdict":
        return _verdict_line(part)
    if kind == "replied":
        said = REPLY_WORDS.get(ReplyKind(field)) if field else None
        said = "Not now" if field == ReplyKind.NOT_NOW.value else said
        return HistoryLine(at, "reply", who, f"replied: {said}" if said else "replied", note=new)
    if kind == "brought_in":
        return HistoryLine(at, "logged", who, f"brought it in from {old}", note=new)
    if kind == "unpinned" and field == TALKED_ABOUT:
        return HistoryLine(at, "edit", who, "talked about it in a huddle with the team")
    if kind == "team":
        to, _, note = (new or "").partition("\n")
        return HistoryLine(at, "edit", who, f"moved it from {old} to {to}", note=note)
    if kind == "hidden":
        return HistoryLine(at, "edit", SOMEONE, "said that words of it may identify someone")
    if kind == "driver":
        words = f"hung it on “{new}”" if new else "took it off what it was meant to move"
        return HistoryLine(at, "edit", who, words, old=old, new=new, field=field)
    if kind in _ACTS:
        return HistoryLine(
            at, _KINDS.get(kind, "edit"), who, _ACTS[kind], note=new if kind == "blocked" else ""
        )
    question = CYCLE_QUESTIONS.get(field) or IDEA_QUESTIONS.get(field)
    label = question.label.rstrip("?") if question else field
    if question is not None:
        old, new = _as_read(question, old), _as_read(question, new)
    did = "changed" if old else "wrote"
    return HistoryLine(at, "edit", who, f"{did} “{label}”", old=old, new=new, field=field)


def kept_code(code: str | None, *, is_over: bool) -> str:
    """Return what history keeps of a verdict: its code, “” for none.

    Facts are not kept there, and too early is no name for a test that has ended.
    """
    return TOO_FEW_CODE if code == "too_early" and is_over else code or ""


def _verdict_line(part: Row) -> HistoryLine:
    """Return “The chart of cycle 2 now says … instead of …: numbers were added”."""
    place, _, because = (part["a"] or "").partition(" ")
    old, new = (VERDICT_NAMES.get(part[side]) for side in ("b", "c"))
    who = "The chart beside it" if place == "beside" else "The chart"
    if part["cycle"]:
        who += f"{',' if place == 'beside' else ' of'} cycle{NBSP}{part['cycle']}"
    if new is None:
        said = f"no longer says “{old}”"
    elif old is None:
        said = f"says “{new}”"
    else:
        said = f"now says “{new}” instead of “{old}”"
    cause = VERDICT_CAUSES.get(because)
    words = f"{said}: {cause}" if cause else said
    return HistoryLine(part["at"], "verdict", who, words, field=place)


def _as_read(question: Question, kept: str | None) -> str | None:
    """Return a kept value as people read it: choices in words, days as “Thu 3 Dec”."""
    if not kept:
        return kept
    if question.kind == "choice":
        return choice_words(question.name, kept)
    if question.kind == "tick":
        return kept.capitalize()
    if question.kind == "date":
        try:
            return day(date.fromisoformat(kept))
        except ValueError:
            return kept
    return kept


def kept_line(part: Row, words: Mapping[str, str]) -> HistoryLine:
    """Return the line of words that were left out, for the one who wrote them."""
    texts = []
    for name, text in words.items():
        question = CYCLE_QUESTIONS.get(name) or IDEA_QUESTIONS.get(name)
        label = question.label if question else "Note"
        shown = choice_words(name, text) if question and question.kind == "choice" else text
        texts.append(f"{label}\n{shown or text}")
    return HistoryLine(
        at=part["at"],
        kind="kept",
        who="You",
        words="left these words out. Only you see them, for 24 hours",
        note="\n\n".join(texts),
    )
