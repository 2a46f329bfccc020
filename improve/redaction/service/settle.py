"""Taking words out everywhere at once, or showing a hidden text again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import data_protection_leads
from improve.accounts.roles import Permission, Role, may
from improve.accounts.service import forget_messages
from improve.notifications.kinds import NoticeKind, Why
from improve.notifications.service import tell
from improve.redaction.models import HiddenText
from improve.redaction.queries.desk import hidden_for_change
from improve.redaction.service.again import note_words
from improve.redaction.service.hide import subject_of
from improve.redaction.service.sources import all_held, news_title, touch
from improve.redaction.texts import (
    Held,
    Name,
    Root,
    RootKind,
    holds,
    is_hidden,
    removed_line,
    without,
)
from improve.shared import audit, clock, limits
from improve.shared.db import db, forget_deleted_words
from improve.shared.errors import Forbidden, Reason, RuleBroken
from improve.shared.search import forget_deleted

WHO_SETTLES = "A coach or the data protection lead reads hidden words and settles them."
#: At most so many phrases at once, each at least so long.
PHRASES_MOST = 20
PHRASE_SHORTEST = 2


class Breach(StrEnum):
    """Whether words that were there to read are a data breach."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Place:
    """Where words will be taken out: what it is, and how many texts of that kind hold them."""

    label: str
    count: int


def phrases_in(text: str) -> list[str]:
    """Return the phrases that somebody typed, one on each line, each once."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def places_of(actor: Actor, *, hidden_id: int, phrases: Sequence[str]) -> list[Place]:
    """Return each kind of place that the phrases stand in, hidden ones too. Changes nothing.

    Refuses, in words, phrases that are too short or stand nowhere.
    """
    hidden = _open(actor, hidden_id)
    _check(phrases)
    found: dict[str, int] = {}
    kept = {
        (text["kind"], text["subject_id"], text["field"]): text
        for other in _unsettled(actor, hidden)
        for text in other.kept or []
    }
    for _, held in all_held(actor, _root(hidden)):
        key = (held.name.kind, held.name.subject_id, held.name.field)
        words = kept.pop(key)["words"] if key in kept and is_hidden(held.words) else held.words
        if holds(words, phrases):
            found[held.label] = found.get(held.label, 0) + 1
    for text in kept.values():
        if holds(text["words"], phrases):
            found[text["label"]] = found.get(text["label"], 0) + 1
    if not found:
        raise RuleBroken([Reason("These words do not stand in the text.", "phrases")])
    return [Place(label, count) for label, count in found.items()]


def take_words_out(
    actor: Actor, *, hidden_id: int, phrases: Sequence[str], breach: str
) -> Root | None:
    """Take phrases out of every text of an idea, huddle or measure, and show the rest again.

    Earlier versions, kept words, notices and mails that have not left lose them too. A line with
    the role and the day stands in their place; no row keeps them. Its author is told, and the data
    protection lead where it is, or may be, a data breach. Twice does nothing: None.
    """
    hidden = _open(actor, hidden_id)
    if hidden.settled_at is not None:
        return None
    _check(phrases, breach)
    root = _root(hidden)
    left = removed_line(_role(actor), clock.today())
    _put_back(actor, hidden)
    count = 0
    for source, held in all_held(actor, root):
        words = without(held.words, phrases, left=left, most=held.most)
        if words != held.words:
            source.put(actor, held, words)
            count += 1
    count += sum(_strip(other, phrases, left) for other in _unsettled(actor, hidden))
    if not count:
        raise RuleBroken([Reason("These words do not stand in the text.", "phrases")])
    _settle(actor, hidden, "removed", breach=breach)
    audit.record(
        actor,
        "words_removed",
        root.kind.value,
        root.id,
        text=hidden.kind,
        row=hidden.subject_id,
        field=hidden.field,
        places=count,
        breach=breach,
    )
    note_words(actor, root, phrases, places=count)
    touch(actor, root, Name(hidden.kind, hidden.subject_id, hidden.field), "words_out", "")
    is_breach = breach in {Breach.YES, Breach.UNSURE}
    _tell(actor, hidden, root, tells_lead=is_breach)
    # What the page said after the act may repeat a name that told nobody.
    forget_messages(actor, lambda words: holds(words, phrases))
    db.session.flush()
    forget_deleted()
    forget_deleted_words()
    return root


def show_again(actor: Actor, *, hidden_id: int, why: str) -> Root | None:
    """Show a hidden text again, with a reason: it identifies nobody. Twice does nothing: None.

    What somebody wrote in its place meanwhile stays.
    """
    hidden = _open(actor, hidden_id)
    if hidden.settled_at is not None:
        return None
    why = why.strip()
    most = limits.length("reason")
    if not why:
        raise RuleBroken([Reason("Say why it identifies nobody.", "why")])
    if len(why) > most:
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "why")])
    root = _root(hidden)
    _put_back(actor, hidden)
    _settle(actor, hidden, "shown", why=why)
    audit.record(
        actor,
        "text_shown_again",
        root.kind.value,
        root.id,
        text=hidden.kind,
        row=hidden.subject_id,
        field=hidden.field,
    )
    touch(actor, root, Name(hidden.kind, hidden.subject_id, hidden.field), "words_back", "")
    _tell(actor, hidden, root, tells_lead=False)
    return root


def _open(actor: Actor, hidden_id: int) -> HiddenText:
    hidden = hidden_for_change(actor, hidden_id)
    if not may(actor, Permission.REMOVE_WORDS):
        raise Forbidden(WHO_SETTLES)
    return hidden


def _root(hidden: HiddenText) -> Root:
    return Root(RootKind(hidden.root_kind), hidden.root_id)


def _role(actor: Actor) -> str:
    is_lead = Role.DATA_PROTECTION_LEAD in actor.roles
    return "data protection lead" if is_lead else "coach"


def _check(phrases: Sequence[str], breach: str | None = None) -> None:
    faults = []
    if not phrases:
        faults.append(Reason("Write or tick the words to take out.", "phrases"))
    elif any(len(phrase) < PHRASE_SHORTEST for phrase in phrases):
        faults.append(Reason("One letter alone would be taken out everywhere.", "phrases"))
    elif len(phrases) > PHRASES_MOST:
        faults.append(Reason(f"Take out {PHRASES_MOST} at a time.", "phrases"))
    if breach is not None and breach not in set(Breach):
        faults.append(Reason("Say whether this is a data breach.", "breach"))
    if faults:
        raise RuleBroken(faults)


def _unsettled(actor: Actor, hidden: HiddenText) -> list[HiddenText]:
    """Return the hidden texts of the same root, this one first."""
    return list(
        db.session.execute(
            select(HiddenText)
            .where(
                HiddenText.organisation_id == actor.organisation_id,
                HiddenText.root_kind == hidden.root_kind,
                HiddenText.root_id == hidden.root_id,
                HiddenText.settled_at.is_(None),
            )
            .order_by(HiddenText.id != hidden.id, HiddenText.id)
        ).scalars()
    )


def _put_back(actor: Actor, hidden: HiddenText) -> None:
    """Put hidden words back where the line still stands that was left for them."""
    here = {held.name: (source, held) for source, held in all_held(actor, _root(hidden))}
    for text in hidden.kept or []:
        name = Name(text["kind"], text["subject_id"], text["field"])
        found = here.get(name)
        if found is not None and found[1].words == text["left"]:
            source, held = found
            source.put(actor, held, text["words"])
    db.session.flush()


def _strip(other: HiddenText, phrases: Iterable[str], left: str) -> int:
    """Take phrases out of words that wait behind another hidden text; return of how many."""
    count, kept = 0, []
    for text in other.kept or []:
        words = without(text["words"], phrases, left=left, most=len(text["words"]) + len(left) * 20)
        count += words != text["words"]
        kept.append({**text, "words": words})
    other.kept = kept
    return count


def _settle(
    actor: Actor, hidden: HiddenText, settled_as: str, *, breach: str = "", why: str = ""
) -> None:
    hidden.settled_at, hidden.settled_by_id = clock.now(), actor.person_id
    hidden.settled_as, hidden.breach, hidden.settled_why = settled_as, breach, why
    hidden.kept = None
    db.session.flush()


def _tell(actor: Actor, hidden: HiddenText, root: Root, *, tells_lead: bool) -> None:
    people: dict[int, str] = {}
    if tells_lead:
        people |= {p.id: Why.ASKED.value for p in data_protection_leads(actor)}
    if hidden.author_id is not None:
        people[hidden.author_id] = Why.AUTHOR.value
    title = news_title(actor, root, settles=True)
    facts = {"title": title, "by": actor.first_name, "hidden": hidden.id}
    tell(actor, people, NoticeKind.WORDS_REMOVED, subject_id=subject_of(root), facts=facts)


__all__ = ["Breach", "Held", "Place", "phrases_in", "places_of", "show_again", "take_words_out"]
