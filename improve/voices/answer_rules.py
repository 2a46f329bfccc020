"""What an answer begins with, and what it must say: how to complain. Pure."""

from __future__ import annotations

import re
from typing import Final

from improve.voices.kinds import TOPIC_WORDS, Topic

#: What somebody can ring, write to or open: a number, an address of mail or of a page.
_CONTACT: Final = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+|\+?\d(?:[\s-]?\d){4,}"
)


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


def _plain(text: str) -> str:
    return re.sub(r"[\s-]+", "", text.casefold()).rstrip(".,;")
