"""Who took an idea up elsewhere, as a tree that a page lists. Pure.

The root is where it began: an idea, or a page of another council. Under each place stand those
that took it from there, in the order in which they began. Nothing is ranked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from improve.shared.formatting import day, number

#: A list that is indented further than this says in words where a place took it from.
DEEPEST: Final = 5
#: An idea that two teams call by the same name is still two ideas; a name is cut in no list.
_WORDS: Final = (
    "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven",
    "Twelve",
)  # fmt: skip


class ToldEnding(StrEnum):
    """How it went in a place that told us."""

    TRYING = "trying"
    KEPT = "kept"
    STOPPED = "stopped"


TOLD_WORDS: Final[Mapping[ToldEnding, str]] = {
    ToldEnding.TRYING: "They are trying it",
    ToldEnding.KEPT: "They kept it",
    ToldEnding.STOPPED: "They stopped it",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One place in the tree. ``key`` is its id on the page: “idea-12”, “told-3”, “page-4”.

    ``state`` says how it stands there (“Trying since Fri 25 Sep”), ``told`` is what a place said of
    it, ``lesson`` what it taught where it did not work. ``verdict`` and ``small_test`` are those of
    a card; ``number_words`` stand where there is neither.
    """

    key: str
    name: str
    state: str
    adaptation: str = ""
    lesson: str = ""
    told: str = ""
    title: str = ""
    idea_id: int | None = None
    spread_id: int | None = None
    is_told: bool = False
    did_not_work: bool = False
    stage: str = ""
    outcome: str | None = None
    cycle_number: int = 0
    verdict: Any = None
    small_test: Any = None
    number_words: str = ""
    began_at: datetime | None = None
    may_change: bool = False
    #: Where it took it from, said only where the list is not indented any further.
    under: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A place, whether a list opens below it, and out of how many lists the page comes after it."""

    place: Place
    opens: bool
    closes: int


@dataclass(frozen=True, slots=True)
class Tree:
    """All places that tried one thing, the first first."""

    root: Place
    steps: tuple[Step, ...]
    sentence: str
    places: tuple[Place, ...] = field(default=(), repr=False)


def tree_of(
    root: Place, links: Iterable[tuple[str, str, Place]], *, hidden: Mapping[str, str] | None = None
) -> Tree:
    """Return the tree under ``root`` from (key of what it hangs under, own key, place).

    ``hidden`` are keys of places that may not be shown, with what they hang under: what was taken
    from them stands where they would have stood. A loop, which nothing should make, is cut.
    """
    above = dict(hidden or {})
    below: dict[str, list[tuple[str, Place]]] = defaultdict(list)
    known = {root.key}
    found = list(links)
    known |= {key for _, key, _ in found}
    for parent, key, place in found:
        below[_nearest(parent, known, above, root.key)].append((key, place))
    order: list[tuple[int, Place]] = []
    seen: set[str] = set()
    waiting = [(0, root.key, root, "")]
    while waiting:
        depth, key, place, from_name = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        under = from_name if depth > DEEPEST else ""
        order.append((min(depth, DEEPEST), replace(place, under=under)))
        children = sorted(below[key], key=_begun, reverse=True)
        waiting += [(depth + 1, k, p, place.name) for k, p in children]
    return Tree(root, _steps(order), sentence_of([p for _, p in order]), tuple(p for _, p in order))


def _nearest(parent: str, known: set[str], above: Mapping[str, str], root: str) -> str:
    seen: set[str] = set()
    while parent not in known:
        if parent in seen or parent not in above:
            return root
        seen.add(parent)
        parent = above[parent]
    return parent


def _begun(link: tuple[str, Place]) -> tuple[float, str]:
    at = link[1].began_at
    return (at.timestamp() if at else 0.0, link[0].rjust(24))


def _steps(order: Sequence[tuple[int, Place]]) -> tuple[Step, ...]:
    steps = []
    for at, (depth, place) in enumerate(order):
        following = order[at + 1][0] if at + 1 < len(order) else 0
        steps.append(Step(place, opens=following > depth, closes=max(0, depth - following)))
    return tuple(steps)


def count_words(count: int) -> str:
    """Return “Six” or “14”, as a sentence begins."""
    return _WORDS[count] if count < len(_WORDS) else number(count)


def sentence_of(places: Sequence[Place]) -> str:
    """Return how many places there are and in how many it did not work, the first among them."""
    count = len(places)
    if count == 1:
        # A page that only says where it began needs no sentence about its order.
        return "One place so far: where it began."
    not_worked = sum(place.did_not_work for place in places)
    words = f"{count_words(count)} places. In the order they began."
    if not_worked == 1 and places[0].did_not_work:
        words += " It did not work where it began, and that page is as useful as any."
    elif not_worked == 1:
        words += " It did not work in one of them, and that page is as useful as the first."
    elif not_worked:
        words += (
            f" It did not work in {count_words(not_worked).lower()} of them, and those pages are "
            "as useful as the first."
        )
    return words


def told_state(told_on: date | None, ending: str) -> str:
    """Return “Told us on Tue 10 Nov. They kept it”."""
    words = f"Told us on {day(told_on)}" if told_on else "Told us"
    return f"{words}. {TOLD_WORDS[ToldEnding(ending)]}" if ending else words


def tried_text(title: str, tried: str, most: int) -> str:
    """Return what the form “Try this in my team” begins with: the title, then what was tried."""
    parts = [part for part in (title.strip(), tried.strip()) if part]
    if len(parts) == 2 and parts[1].casefold().startswith(parts[0].casefold().rstrip("…")):
        parts = parts[1:]
    text = "\n\n".join(parts)
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
