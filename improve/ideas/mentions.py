"""Who is named with an @ in a comment, and how its words are shown. Pure.

People write ``@sam.alder``, ``@Sam Alder``, or ``@Sam`` where one Sam is meant. An address such as
``sam@council.example`` names nobody: an @ counts at the beginning of a word only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

#: Names looked for in one comment; a longer list is a mailing, not a mention.
MENTIONS_MOST: Final = 10
#: Words of the longest name that is matched.
_WORDS_MOST: Final = 4
_NAME: Final = r"[^\W\d_](?:[^\W_]|['’\-](?=[^\W\d_]))*"
_AT: Final = re.compile(
    rf"(?:(?<=[\s(\[“\"'‘,;:/])|^)@({_NAME}(?:\.{_NAME})+|{_NAME}(?:[ \u00a0]{_NAME}){{0,3}})"
)
_LINK: Final = re.compile(r"\bhttps?://[^\s<>\"“”]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may read the idea; ``is_near`` is of its team or takes part in it."""

    id: int
    name: str
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class Mentions:
    """Who is named, by id in the order of the text, and what fitted nobody, or several people."""

    ids: tuple[int, ...] = ()
    nobody: tuple[str, ...] = ()
    several: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What to say of names that told nobody; “” where all fitted."""
        said = [f"Nobody who can read this idea is called {name}." for name in self.nobody]
        said += [
            f"There is more than one {name}: write their first and last name."
            for name in self.several
        ]
        if said:
            said.append("Your comment is there as you wrote it. Edit it to tell them.")
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of a comment: plain text, a link, or the marked name of somebody told of it."""

    kind: Literal["text", "link", "name"]
    text: str
    href: str = field(default="")


def plain(name: str) -> str:
    """Return a name as it is compared: small letters, single spaces, one kind of apostrophe."""
    return " ".join(name.casefold().replace("’", "'").replace(".", " ").split())


def handle(name: str) -> str:
    """Return how somebody is mentioned without a list to choose from: “@sam.alder”."""
    return "@" + ".".join(name.casefold().split())


def first_words(text: str) -> list[str]:
    """Return the first word of each name after an @, as it was typed, to look people up by."""
    found = (re.split(r"[. \u00a0]", match[1], maxsplit=1)[0] for match in _AT.finditer(text))
    return list(dict.fromkeys(found))[:MENTIONS_MOST]


def find_mentions(text: str, people: Iterable[Candidate]) -> Mentions:
    """Return who is named in a comment, out of the people who may read the idea."""
    by_name: dict[str, list[Candidate]] = {}
    by_first: dict[str, list[Candidate]] = {}
    for person in people:
        name = plain(person.name)
        by_name.setdefault(name, []).append(person)
        by_first.setdefault(name.split(" ", 1)[0], []).append(person)
    ids: dict[int, None] = {}
    nobody: dict[str, None] = {}
    several: dict[str, None] = {}
    for match in list(_AT.finditer(text))[:MENTIONS_MOST]:
        named, fitting = _longest(match[1], by_name, by_first)
        if len(fitting) == 1:
            ids[fitting[0].id] = None
        elif fitting:
            several[f"“{named}”"] = None
        else:
            nobody[f"“{named}”"] = None
    return Mentions(tuple(ids), tuple(nobody), tuple(several))


def _longest(
    typed: str, by_name: Mapping[str, list[Candidate]], by_first: Mapping[str, list[Candidate]]
) -> tuple[str, list[Candidate]]:
    """Return what was taken for a name, and whom it fits: the longest whole name wins."""
    parts = typed.replace(".", " ").split() if "." in typed else typed.split()
    for count in range(min(len(parts), _WORDS_MOST), 0, -1):
        named = " ".join(parts[:count])
        if fitting := by_name.get(plain(named)):
            return named, _nearest(fitting)
    if "." in typed:
        return typed, []
    # “@Sam could you look”: the first name alone, where it can mean one person only.
    first = by_first.get(plain(parts[0]), [])
    is_whole_name = len(parts) > 1 and parts[1][:1].isupper()
    if is_whole_name:
        return " ".join(parts[:2]), []
    return parts[0], _nearest(first)


def _nearest(fitting: list[Candidate]) -> list[Candidate]:
    """Return those near the idea where there are any: their Sam is meant, not another team's."""
    return [person for person in fitting if person.is_near] or fitting


def said_in(
    text: str,
    names: Mapping[int, str],
    ids: Sequence[int],
    shown_as: Mapping[int, str] | None = None,
) -> tuple[Said, ...]:
    """Return a comment in stretches: links that can be followed, and names of those told.

    ``names`` are whole names by id, ``ids`` who was told; ``shown_as`` what stands in place of a
    whole name where the reader knows people by less. Nothing else is taken away or added but dots
    between the names, so that the text stays what somebody wrote.
    """
    known = [(names[i], (shown_as or names)[i]) for i in dict.fromkeys(ids) if i in names]
    told = sorted(known, key=lambda pair: -len(pair[0]))
    found: list[tuple[int, int, Said]] = []
    for match in _LINK.finditer(text):
        address = match[0].rstrip(".,;:!?)]}’'")
        if "(" in address and match[0][len(address) :].startswith(")"):
            address += ")"
        found.append((match.start(), match.start() + len(address), Said("link", address, address)))
    for match in _AT.finditer(text):
        end = _end_of_name(match[1], told)
        if end is not None:
            size, shown = end
            start = match.start(1) - 1
            found.append((start, start + 1 + size, Said("name", f"@{shown}")))
    parts, at = [], 0
    for start, end_at, stretch in sorted(found, key=lambda entry: entry[:2]):
        if start < at:
            continue
        if start > at:
            parts.append(Said("text", text[at:start]))
        parts.append(stretch)
        at = end_at
    if at < len(text):
        parts.append(Said("text", text[at:]))
    return tuple(parts)


def _end_of_name(typed: str, told: Sequence[tuple[str, str]]) -> tuple[int, str] | None:
    """Return how much of what was typed is the name of somebody told, and how it is shown."""
    for name, shown in told:
        if plain(typed) == plain(name) or plain(typed).startswith(plain(name) + " "):
            words = len(name.split())
            pieces = list(re.finditer(r"[^. \u00a0]+", typed))[:words]
            return pieces[-1].end(), shown
    first = typed.split(maxsplit=1)[0] if "." not in typed else ""
    if first and any(plain(first) == plain(name).split(" ", 1)[0] for name, _ in told):
        return len(first), first
    return None
