"""The text of a mail that tells news. Pure.

It says who did what, where to read it and why it came, and how it stops. It holds nothing that
people wrote but the titles of ideas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from improve.notifications.kinds import (
    GROUP_WORDS,
    Group,
    NoticeKind,
    Subject,
    group_of,
    subject_of,
)
from improve.notifications.sentences import notice_words, subject_words, why_words

#: Lines of news in one mail; the rest is read on the page.
LINES_MOST: Final = 40


class Addresses(Protocol):
    """Whole addresses for links in mails; ``home`` knows the pages."""

    def of(self, kind: NoticeKind, subject_id: int, facts: Mapping[str, Any]) -> str:
        """Return where this news is read."""

    def all_news(self) -> str:
        """Return the page of all news."""

    def settings(self) -> str:
        """Return the page where mail is chosen."""

    def stop_groups(self, person_id: int, groups: Iterable[Group]) -> str:
        """Return the page that ends mails of these groups without a sign-in."""

    def stop_idea(self, person_id: int, idea_id: int) -> str:
        """Return the page that ends news of one idea without a sign-in."""


@dataclass(frozen=True, slots=True)
class News:
    """One notice as a mail tells it."""

    kind: NoticeKind
    subject_id: int
    facts: Mapping[str, Any]
    why: str

    @property
    def group(self) -> Group:
        """Which choice of the settings it falls under."""
        return group_of(self.kind, self.why)

    @property
    def sentence(self) -> str:
        """What happened, without the title."""
        return notice_words(self.kind, self.facts, self.why)

    @property
    def subject(self) -> str:
        """The same, to stand alone as the subject of a mail."""
        return subject_words(self.kind, self.facts, self.why)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to be queued."""

    subject: str
    body: str
    stop_url: str


def write_letter(
    person_id: int, first_name: str, news: Sequence[News], *, to: Addresses, day: str
) -> Letter:
    """Return the mail that tells ``news`` in its order, what is about one thing together.

    ``day`` is today as screens say it. The subject names no idea: titles may be seen by others in
    a list of mails.
    """
    groups = sorted({one.group for one in news}, key=list(Group).index)
    shown, rest = news[:LINES_MOST], len(news) - LINES_MOST
    parts = [f"Hello {first_name},"]
    parts += [_part(person_id, about, to) for about in _by_subject(shown)]
    if rest > 0:
        parts.append(f"There is more news on your page:\n{to.all_news()}")
    parts.append("\n".join(_ways_to_stop(person_id, groups, to)))
    return Letter(
        subject=_clean(news[0].subject if len(news) == 1 else f"News for you, {day}"),
        body="\n\n".join(parts) + "\n",
        stop_url=to.stop_groups(person_id, groups),
    )


def _by_subject(news: Iterable[News]) -> list[list[News]]:
    found: dict[tuple[Subject, int], list[News]] = {}
    for one in news:
        found.setdefault((subject_of(one.kind), one.subject_id), []).append(one)
    return list(found.values())


def _part(person_id: int, about: Sequence[News], to: Addresses) -> str:
    # The newest page to read: a reply's own, where the last word was a reply.
    last = about[-1]
    title = _clean(str(last.facts.get("title", "")))
    # A line that begins so is told apart from what people are asked to do.
    lines = [title, *(f"- {_clean(one.sentence)}." for one in about)]
    lines.append(to.of(last.kind, last.subject_id, last.facts))
    lines.append(f"You get this because {why_words(last.why)}.")
    if subject_of(last.kind) is Subject.IDEA and any(one.group is Group.FOLLOWED for one in about):
        lines.append(f"Hear no more of it: {to.stop_idea(person_id, last.subject_id)}")
    return "\n".join(line for line in lines if line)


def _ways_to_stop(person_id: int, groups: Sequence[Group], to: Addresses) -> list[str]:
    lines = [
        f"No more mail of “{GROUP_WORDS[group]}”:\n{to.stop_groups(person_id, [group])}"
        for group in groups
    ]
    return [*lines, f"Choose what comes by mail, and when:\n{to.settings()}"]


def _clean(words: str) -> str:
    """One line: what a title holds must not look like a further line of the mail."""
    return " ".join(words.split())
