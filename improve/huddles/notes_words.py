"""The notes of a huddle: what they hold, and how a plain mail says it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from improve.huddles.views import HardLine
from improve.notifications.kinds import GROUP_WORDS, Group
from improve.shared import clock
from improve.shared.formatting import NBSP, clock_time, day, plural

#: How long after the first finish the notes may be put right.
REOPEN_WITHIN: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NotedIdea:
    """An idea as it stood when the huddle was over: its ring and its name."""

    id: int
    title: str
    stage: str
    cycle_number: int
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class NotedDecision:
    """What was decided about one idea, or one thing said that belongs to none."""

    idea: NotedIdea | None
    lines: tuple[str, ...]

    @property
    def words(self) -> str:
        """All of it as one run of sentences."""
        return " ".join(as_sentence(line) for line in self.lines)


@dataclass(frozen=True, slots=True)
class NotedAction:
    """Something somebody said they would do. ``ended`` is "", "done" or "dropped"."""

    id: int
    what: str
    owner: str
    due_on: date
    idea_title: str = ""
    ended: str = ""
    done_on: date | None = None
    dropped_why: str = ""


@dataclass(frozen=True, slots=True)
class NotedThanks:
    """A thank-you that was said: the sentence, and the two people's first names."""

    words: str
    by: str
    to: str


@dataclass(frozen=True, slots=True)
class Posted:
    """How the mailing of the notes stands: how many have left, wait, or could not be delivered."""

    sent: int = 0
    waiting: int = 0
    given_up: int = 0
    last_sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notes:
    """One huddle of a team after it is over."""

    huddle_id: int
    team_id: int
    team_slug: str
    team_name: str
    started_at: datetime
    minutes: int
    planned_minutes: int
    driver_id: int
    driver: str
    here: tuple[str, ...]
    others_here: int
    decisions: tuple[NotedDecision, ...]
    actions: tuple[NotedAction, ...]
    thanks: tuple[NotedThanks, ...]
    good_news: str
    help_needed: str
    next_at: datetime | None
    next_has_time: bool
    next_driver: str
    next_minutes: int
    finished_at: datetime | None
    first_finished_at: datetime | None
    mailed_at: datetime | None
    mailed_to: int
    version: int
    posted: Posted = Posted()
    #: What made the right thing hard, for those who may run the team's huddles; never mailed.
    hard: tuple[HardLine, ...] = ()

    @property
    def count_here(self) -> int:
        """How many were there, as far as the team said so; 0 where it did not."""
        return len(self.here) + self.others_here

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was written down."""
        return not (
            self.decisions
            or self.actions
            or self.thanks
            or self.good_news
            or self.help_needed
            or self.hard
        )

    @property
    def has_changed_since_mailed(self) -> bool:
        """Whether it was opened again and finished after the notes had gone."""
        return bool(self.mailed_at and self.finished_at and self.finished_at > self.mailed_at)

    def may_reopen_at(self, now: datetime) -> bool:
        """Whether the day in which its driver may open it again still runs."""
        return bool(
            self.finished_at
            and self.first_finished_at
            and now <= self.first_finished_at + REOPEN_WITHIN
        )

    @property
    def reopen_until(self) -> str:
        """“tomorrow”, or the time today: until when its driver may open it again."""
        if self.first_finished_at is None:
            return ""
        until = self.first_finished_at + REOPEN_WITHIN
        return "tomorrow" if clock.local(until).date() > clock.today() else clock_time(until)

    @property
    def next_when(self) -> str:
        """“Tue 1 Dec, 09:30”, or only the day; “” where none is agreed."""
        if self.next_at is None:
            return ""
        at = f", {clock_time(self.next_at)}" if self.next_has_time else ""
        return f"{day(self.next_at)}{at}"

    @property
    def next_facts(self) -> str:
        """“Marek drives. 15 minutes.”"""
        drives = f"{self.next_driver} drives. " if self.next_driver else ""
        return f"{drives}{plural(self.next_minutes, 'minute')}."

    @property
    def mail_words(self) -> str:
        """One honest line: what has left, what still waits in the outbox, what did not arrive."""
        posted = self.posted
        if self.mailed_at is None:
            return ""
        if not self.mailed_to:
            return "Nobody to mail these to yet"
        if posted.waiting:
            sent = f"{posted.sent} of {self.mailed_to} mails have left, " if posted.sent else ""
            wait = "waits" if posted.waiting == 1 else "wait"
            return f"{sent}{plural(posted.waiting, 'mail')} {wait} to leave"
        if posted.sent and posted.last_sent_at:
            people = plural(posted.sent, "person", "people")
            return f"Mailed to {people} at {clock_time(posted.last_sent_at)}"
        if posted.given_up:
            return "The mails could not be delivered. The notes stay here"
        people = plural(self.mailed_to, "person", "people")
        return f"Mailed to {people} on {day(self.mailed_at)}"

    @property
    def mail_is_settled(self) -> bool:
        """Whether every mail has left."""
        return bool(self.mailed_to and not self.posted.waiting and not self.posted.given_up)


def as_sentence(words: str) -> str:
    """Return words with a full stop where a person left it out."""
    words = words.strip()
    return words if not words or words[-1] in '.!?…”"' else f"{words}."


def subject(notes: Notes) -> str:
    """Return the subject of the mail. It holds nothing that anybody wrote in the huddle."""
    return _plain(f"Notes of the huddle, {day(notes.started_at)}")


def mail_text(notes: Notes, *, address: str) -> str:
    """Return the notes as plain text, with the address of their page at the end."""
    parts = [_head(notes)]
    if notes.decisions:
        parts.append(_part("What we decided", [_decision_lines(d) for d in notes.decisions]))
    if notes.actions:
        parts.append(_part("Who does what", [_action_line(a) for a in notes.actions]))
    if notes.thanks:
        said = [f"“{t.words}”\n{t.by} to {t.to}" for t in notes.thanks]
        parts.append(_part("Thank you", said, mark=""))
    for heading, words in (("Good news", notes.good_news), ("Help needed", notes.help_needed)):
        if words:
            parts.append(_part(heading, [words], mark=""))
    if notes.next_at is not None:
        parts.append(_part("Next huddle", [f"{notes.next_when}. {notes.next_facts}"], mark=""))
    parts.append(f"The notes on a page, to print:\n{address}")
    return _plain("\n\n".join(parts)) + "\n"


def ways_to_stop(stop: str) -> str:
    """Return the end of the mail: why it came, and the address ``stop`` that ends it."""
    return (
        "\nYou get this because you are in the team.\n"
        f"No more mail of “{GROUP_WORDS[Group.TEAM]}”:\n{stop}\n"
    )


def _head(notes: Notes) -> str:
    facts = [f"{plural(notes.minutes, 'minute')}."]
    if notes.count_here:
        was = "was" if notes.count_here == 1 else "were"
        facts.append(f"{notes.count_here} {was} here.")
    facts.append(f"{notes.driver} drove.")
    return f"{notes.team_name}: huddle on {day(notes.started_at)}\n{' '.join(facts)}"


def _part(heading: str, entries: list[str], *, mark: str = "- ") -> str:
    space = " " * len(mark)
    lines = [mark + entry.replace("\n", "\n" + space) for entry in entries]
    return "\n".join([heading, "-" * len(heading), *lines])


def _decision_lines(decision: NotedDecision) -> str:
    if decision.idea is None:
        return decision.words
    return f"{decision.idea.title}\n{decision.words}"


def _action_line(action: NotedAction) -> str:
    return f"{action.owner}, by {day(action.due_on)}: {as_sentence(action.what)}"


def _plain(text: str) -> str:
    return text.replace(NBSP, " ")
