"""A copy of somebody's data as files: a page to read, and the same for programs. Pure.

Names of others are taken out of texts, and what may point to somebody else is marked: whoever hands
the copy over reads the marked places first.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from improve.redaction.texts import leaves_of, pattern_of, with_leaf
from improve.shared.pointers import pointers

A_COLLEAGUE: Final = "[a colleague]"
#: A word where a name may begin: “Lee” of “Ann-Lee” is none.
_WORD: Final = re.compile(r"(?<![\w-])\w+")
_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1e2b33}"
    "h2{margin-top:2.5rem;border-bottom:1px solid #c6c9c5}section{break-inside:avoid}"
    "dl{display:grid;grid-template-columns:12rem 1fr;gap:.25rem 1rem;margin:0 0 1.5rem}"
    "dt{color:#4a5761}dd{margin:0;white-space:pre-line;overflow-wrap:anywhere}"
    "mark{background:#fff3c4;outline:1px solid #8a6d00}"
    "@media(max-width:40rem){dl{display:block}dd{margin-bottom:.5rem}}"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a copy: what it is, where it stands, and its values by name."""

    what: str
    where: str
    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A whole copy. ``parts``: headings with their entries. ``left_out``: what, and why."""

    title: str
    about: tuple[str, ...]
    parts: tuple[tuple[str, tuple[Entry, ...]], ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """How many things it holds."""
        return sum(len(entries) for _, entries in self.parts)


class Others:
    """The full names that are taken out of texts, found by their first word.

    A council has thousands of names: each word of a text is looked up once, and only names that
    begin with it are tried.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Take full names; those of one letter or two are no names."""
        self._by_first: dict[str, list[str]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}
        for name in {" ".join(name.split()) for name in names}:
            begins = _WORD.search(name)
            if begins and begins.start() == 0 and len(name) > 2:
                self._by_first.setdefault(begins.group().casefold(), []).append(name)

    def taken_out_of(self, words: str) -> str:
        """Return a text with each name replaced."""
        pieces, at = [], 0
        for begins in _WORD.finditer(words):
            first = begins.group().casefold()
            if begins.start() < at or first not in self._by_first:
                continue
            found = self._names(first).match(words, begins.start())
            if found:
                pieces += [words[at : found.start()], A_COLLEAGUE]
                at = found.end()
        return "".join([*pieces, words[at:]])

    def _names(self, first: str) -> re.Pattern[str]:
        if first not in self._patterns:
            # The longest first: “Ann Lee” must not be taken out of “Ann Lee-Brown”.
            names = sorted(self._by_first[first], key=len, reverse=True)
            joined = "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)
            self._patterns[first] = re.compile(rf"(?:{joined})(?![\w-])", re.IGNORECASE)
        return self._patterns[first]


def others_out(names: Iterable[str], *, but: Sequence[str] = ()) -> Others:
    """Return what takes the full names of others out of a text.

    ``but``: names that stay, those of whomever the copy is for.
    """
    kept = {" ".join(name.split()) for name in but}
    return Others({" ".join(name.split()) for name in names} - kept)


def without_others(value: Any, others: Others) -> Any:
    """Return a value with the names of others replaced, also inside lists and objects."""
    for path, words in leaves_of(value):
        value = with_leaf(value, path, others.taken_out_of(words))
    return value


def cut_at(words: str, phrases: Iterable[str]) -> list[tuple[str, bool]]:
    """Return a text in pieces, true for those that were looked for. Joined they are the text."""
    spans = sorted(
        found.span() for phrase in phrases for found in pattern_of(phrase).finditer(words)
    )
    pieces, at = [], 0
    for start, end in spans:
        if start >= at:
            pieces += [(words[at:start], False), (words[start:end], True)]
            at = end
    return [*((part, is_found) for part, is_found in pieces if part), (words[at:], False)]


def as_json(copy: Copy) -> str:
    """Return the copy for programs."""
    told = {
        "title": copy.title,
        "about": list(copy.about),
        "parts": [
            {
                "heading": heading,
                "entries": [
                    {
                        "what": entry.what,
                        "where": entry.where,
                        "values": {name: _plain(value) for name, value in entry.values},
                    }
                    for entry in entries
                ],
            }
            for heading, entries in copy.parts
        ],
        "left_out": [{"what": what, "why": why} for what, why in copy.left_out],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def as_page(copy: Copy) -> str:
    """Return the copy as one page that any browser reads, and a printer."""
    out = [
        (
            f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{html.escape(copy.title)}</title><style>{_STYLE}</style></head><body>"
            f"<h1>{html.escape(copy.title)}</h1>"
        )
    ]
    out += [f"<p>{html.escape(line)}</p>" for line in copy.about]
    for heading, entries in copy.parts:
        out.append(f"<h2>{html.escape(heading)}</h2>")
        for entry in entries:
            place = f" ({html.escape(entry.where)})" if entry.where else ""
            out.append(f"<section><p><b>{html.escape(entry.what)}</b>{place}</p><dl>")
            out += [
                f"<dt>{html.escape(name.replace('_', ' '))}</dt><dd>{_marked(_plain(value))}</dd>"
                for name, value in entry.values
            ]
            out.append("</dl></section>")
    out.append("<h2>What is not in it, and why</h2><ul>")
    out += [f"<li>{html.escape(what)}: {html.escape(why)}.</li>" for what, why in copy.left_out]
    out.append("</ul></body></html>")
    return "\n".join(out)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _marked(value: Any) -> str:
    if not isinstance(value, str):
        if isinstance(value, dict | list):
            return html.escape(json.dumps(value, ensure_ascii=False, default=str))
        return html.escape(str(value))
    return "".join(
        f'<mark title="{html.escape(kind)}">{html.escape(words)}</mark>'
        if kind
        else html.escape(words)
        for words, kind in pointers(value)
    )
