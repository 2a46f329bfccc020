"""What an answer may say, and what it must: no quote without a yes, and how to complain. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from improve.voices.kinds import TOPIC_WORDS, Topic

#: From so many words in a row on it is somebody’s own way of saying it.
QUOTE_LEAST: Final = 6
_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")
#: What somebody can ring, write to or open: a number, an address of mail or of a page.
_CONTACT: Final = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+|\+?\d(?:[\s-]?\d){4,}"
)


def quotes(text: str, told: Iterable[str], *, but: str = "") -> bool:
    """Return whether a text holds six words in a row of what was told. ``but`` may be quoted."""
    free = _runs(but)
    kept = set().union(*(_runs(one) for one in told)) - free
    return bool(_runs(text) & kept)


def says_how_to_complain(words: str, how: str) -> bool:
    """Return whether an answer tells how to complain: a number or address of ``how``, or all of it.

    A council that wrote nothing of it is owed the word at least.
    """
    plain = _plain(words)
    contacts = [_plain(found) for found in _CONTACT.findall(how)]
    if contacts:
        return any(contact in plain for contact in contacts)
    return _plain(how) in plain if how.strip() else "complain" in plain


def said_for(*, may_quote: bool, shareable: str, topic: str) -> str:
    """Return what “You said” begins with: their words where they may be shown, else ours."""
    if may_quote and shareable:
        return shareable
    about = TOPIC_WORDS.get(Topic(topic)) if topic else None
    if about is None or topic == Topic.ELSE:
        return "Somebody told us what it is like."
    return f"Somebody told us about {about}."


def _runs(text: str) -> set[tuple[str, ...]]:
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
    return {
        tuple(words[at : at + QUOTE_LEAST]) for at in range(max(0, len(words) - QUOTE_LEAST + 1))
    }


def _plain(text: str) -> str:
    return re.sub(r"[\s-]+", "", text.casefold()).rstrip(".,;")
