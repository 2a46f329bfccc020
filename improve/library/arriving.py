"""What each page of a file from another council would do here, and whose file it is. Pure."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from improve.ideas.kinds import Outcome
from improve.library.learning import ENDING_SHORT, TEXT_FIELDS
from improve.library.open_format import Received, faults_of_page
from improve.library.public_pages import OUTCOMES
from improve.shared import limits

_UNTITLED: Final = "A page without a title"


class State(StrEnum):
    """What happens to a page when it is brought in."""

    NEW = "new"
    NEWER = "newer"
    BACK = "back"
    SAME = "same"
    REFUSED = "refused"


#: Those that may be ticked.
TAKEN: Final = frozenset({State.NEW, State.NEWER, State.BACK})


class Whose(StrEnum):
    """Whether the key that signed a file is known here. The last three are not taken at all."""

    TRUSTED = "trusted"
    UNKNOWN = "unknown"
    ENDED = "ended"
    OWN = "own"
    BORROWS_A_NAME = "borrows a name"


class HasKey(Protocol):
    """A council that is or was trusted."""

    @property
    def name(self) -> str:
        """What it is called here."""

    @property
    def fingerprint(self) -> str:
        """The forty digits of its key."""

    @property
    def is_trusted(self) -> bool:
        """Whether it still counts."""


class IsHere(Protocol):
    """A borrowed page as it stands."""

    @property
    def source_version(self) -> int:
        """The version there."""

    @property
    def fingerprint(self) -> str:
        """Whose signature it came with."""

    @property
    def source_council(self) -> str:
        """Where it came from."""

    @property
    def content(self) -> dict[str, Any]:
        """The page as it came."""

    @property
    def is_taken_out(self) -> bool:
        """Whether somebody took it out again."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signed a file. ``name`` is the one known here, else the one that the file says."""

    whose: Whose
    name: str
    fingerprint: str
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Arriving:
    """One page of a file: its number in it, and what would happen, in words.

    ``content`` None for one that does not hold to the format.
    """

    number: int
    state: State
    words: str
    title: str
    content: Mapping[str, Any] | None = None

    @property
    def key(self) -> str:
        """Its name between councils; “” for one that is refused by the format."""
        return str(self.content["key"]) if self.content else ""

    @property
    def outcome(self) -> Outcome | None:
        """How it ended there."""
        return OUTCOMES[self.content["ending"]] if self.content else None

    @property
    def ending_words(self) -> str:
        """Kept, Stopped or Quick fix."""
        return ENDING_SHORT[self.outcome] if self.outcome else ""

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of it that somebody there wrote."""
        found = self.content or {}
        return tuple(words for name in ("title", *TEXT_FIELDS) if (words := found.get(name, "")))

    @property
    def may_be_taken(self) -> bool:
        """Whether it can be ticked."""
        return self.state in TAKEN


def waiting(received: Received) -> dict[str, Any]:
    """Return a file as it waits for the decision: each page is checked once, here."""
    return {
        "council": {
            "name": received.council.name,
            "slug": received.council.slug,
            "site": received.council.site,
        },
        "made_on": received.made_on.isoformat(),
        "public_key": received.public_key,
        "fingerprint": received.fingerprint,
        "pages": [
            {"page": page if not faults else _title_only(page), "faults": faults}
            for page in received.pages
            for faults in (faults_of_page(page),)
        ],
    }


def keys_waiting(content: Mapping[str, Any]) -> list[str]:
    """Return the keys of the pages of a waiting file that hold to the format."""
    return [one["page"]["key"] for one in content.get("pages", ()) if not one["faults"]]


def _title_only(page: Any) -> Any:
    """Return of a page that is refused only what names it in the preview."""
    title = page.get("title") if isinstance(page, dict) else None
    return {"title": title[: limits.length("title")]} if isinstance(title, str) else None


def sender_of(
    *, said_name: str, fingerprint: str, own: str, own_name: str, known: Sequence[HasKey]
) -> Sender:
    """Return whose file it is. A council's name counts for nothing: its key does."""
    if fingerprint == own:
        return Sender(
            Whose.OWN, said_name, fingerprint, "This file was signed here. Its pages are here."
        )
    for one in known:
        if one.fingerprint == fingerprint:
            if one.is_trusted:
                return Sender(Whose.TRUSTED, one.name, fingerprint)
            return Sender(
                Whose.ENDED,
                one.name,
                fingerprint,
                f"The key of this file was {one.name}’s, and is trusted here no more. "
                "Ask them for a file with their new key.",
            )
    if _plain(own_name) == _plain(said_name):
        words = "This file says that it is from your own council, but it was not signed here."
        return Sender(Whose.BORROWS_A_NAME, said_name, fingerprint, words)
    for one in known:
        if one.is_trusted and _plain(one.name) == _plain(said_name):
            return Sender(
                Whose.BORROWS_A_NAME,
                said_name,
                fingerprint,
                f"This file says that it is from {one.name}, but it was not signed with the key "
                "that you compared with them. If they have a new key, compare it with them first.",
            )
    return Sender(Whose.UNKNOWN, said_name, fingerprint)


def arriving(
    number: int,
    page: Any,
    faults: Sequence[str],
    here: Mapping[str, IsHere],
    *,
    sender: Sender,
    known: Sequence[HasKey],
    is_twice: bool = False,
) -> Arriving:
    """Return what would happen to the page ``number`` of a file.

    ``here`` are borrowed pages by key. A newer version takes the place of what is here only from
    the same key, or from another key of the same council that somebody compared.
    """
    if faults:
        return Arriving(number, State.REFUSED, _sentence(faults), _title_of(page))
    title = page["title"]
    if is_twice:
        words = "It is in this file twice."
        return Arriving(number, State.REFUSED, words, title, page)
    there = here.get(page["key"])
    if there is None:
        return Arriving(number, State.NEW, "New here", title, page)
    if not _is_of_same(there, sender, known):
        # Whoever nobody knows took the name first: a council that was compared can have it back.
        is_unknown = all(one.fingerprint != there.fingerprint for one in known)
        may_follow = is_unknown and sender.whose is Whose.TRUSTED
        if may_follow and there.is_taken_out:
            words = (
                "A page with this name and a key that nobody compared was taken out. This one "
                "would come in its place, also for ideas that began from it."
            )
            return Arriving(number, State.BACK, words, title, page)
        words = f"A page with this name came from {there.source_council} with another key."
        if may_follow:
            words += " Take that one out first."
        return Arriving(number, State.REFUSED, words, title, page)
    version = int(page["version"])
    if version < there.source_version:
        words = f"Version {there.source_version} is here, which is newer than version {version}."
        return Arriving(number, State.REFUSED, words, title, page)
    if there.is_taken_out:
        words = "It was here and was taken out. It would come back."
        return Arriving(number, State.BACK, words, title, page)
    if version == there.source_version and not _is_same(there.content, page):
        words = f"It says other things than version {version} that is here."
        return Arriving(number, State.REFUSED, words, title, page)
    if version == there.source_version:
        return Arriving(number, State.SAME, "Here already, the same", title, page)
    words = f"Version {version} takes the place of version {there.source_version}"
    return Arriving(number, State.NEWER, words, title, page)


def mark_of(pages: Sequence[Arriving], sender: Sender) -> str:
    """Return a mark of what a person is shown, to notice that it changed before they decide."""
    said = "\n".join([sender.whose, *(f"{p.number} {p.state} {p.words}" for p in pages)])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _is_of_same(there: IsHere, sender: Sender, known: Sequence[HasKey]) -> bool:
    if there.fingerprint == sender.fingerprint:
        return True
    names = {_plain(one.name) for one in known if one.fingerprint == there.fingerprint}
    return sender.whose is Whose.TRUSTED and _plain(sender.name) in names


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two say the same; in how many places it was tried is counted on."""
    return {**one, "spread": None} == {**other, "spread": None}


def _title_of(page: Any) -> str:
    title = page.get("title") if isinstance(page, dict) else None
    return title.strip()[:120] or _UNTITLED if isinstance(title, str) else _UNTITLED


def _sentence(faults: Sequence[str]) -> str:
    return " ".join(f"{words}." for words in faults)


def _plain(name: str) -> str:
    """Return a name as it is compared: letters and digits alone, without accents and case.

    A blank of another width, a sign that nobody sees or a full stop makes no other council.
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in folded if sign.isalnum()) or folded
