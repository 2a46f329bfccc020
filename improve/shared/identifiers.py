"""Hints that a text may point to a person. Hints, not detection: names cannot be found by rule.

Only the kinds found are ever kept or logged, never the words.
"""

from __future__ import annotations

import re
from typing import Final

#: Texts are cut to this many characters before any pattern looks at them.
LOOKED_AT: Final = 20_000

# Every repeat is bounded, so that no text can make a pattern slow.
_PHONE: Final = re.compile(r"(?:\+44|\b0)[ \-]?\d{2,4}[ \-]?\d{3,4}[ \-]?\d{3,4}\b")
_REFERENCE: Final = "a case or reference number"
_KINDS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    (
        "a date of birth or other exact date",
        re.compile(
            r"\b(?:\d{1,2}[/.\-]\d{1,2}[/.\-](?:19|20)?\d{2}|(?:d\.?o\.?b\.?|born)\s{1,3}\S{1,20})",
            re.IGNORECASE,
        ),
    ),
    ("an NHS number", re.compile(r"\b\d{3}[ \-]?\d{3}[ \-]?\d{4}\b")),
    ("a phone number", _PHONE),
    (_REFERENCE, re.compile(r"\b(?:[A-Z]{1,4}[\-/ ]?)?\d{5,12}\b")),
    ("a postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? {0,2}\d[A-Z]{2}\b", re.IGNORECASE)),
    ("an e-mail address", re.compile(r"\b[\w.+\-]{1,64}@[\w\-]{1,63}\.[\w.\-]{2,63}")),
    (
        "a name",
        re.compile(
            r"\b(?:[Nn]ame is|[Cc]alled|[Nn]amed|[Mm]r\.?|[Mm]rs\.?|[Mm]s\.?|[Mm]iss|[Dd]r\.?)"
            r" {1,3}[A-Z][a-z’'\-]{1,30}"
        ),
    ),
)


def marked(words: str) -> list[tuple[str, str]]:
    """Return ``words`` cut into pieces, each with the kind of identifier it may be, or “”.

    Joined they are the text again.
    """
    found: list[tuple[int, int, str]] = []
    for kind, pattern in _KINDS:
        for match in pattern.finditer(words[:LOOKED_AT]):
            start, end = match.span()
            if all(end <= other[0] or start >= other[1] for other in found):
                found.append((start, end, kind))
    pieces, at = [], 0
    for start, end, kind in sorted(found):
        if start > at:
            pieces.append((words[at:start], ""))
        pieces.append((words[start:end], kind))
        at = end
    if at < len(words):
        pieces.append((words[at:], ""))
    return pieces


def likely_identifiers(*texts: str | None) -> list[str]:
    """Return the kinds of identifier that ``texts`` seem to hold, in words, each once."""
    found: list[str] = []
    for words in texts:
        if not words:
            continue
        looked_at = words[:LOOKED_AT]
        for kind, pattern in _KINDS:
            # A phone number, as people write it in groups, is no reference as well.
            among = _PHONE.sub(" ", looked_at) if kind == _REFERENCE else looked_at
            if kind not in found and pattern.search(among):
                found.append(kind)
    return found
