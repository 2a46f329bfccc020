"""Giving a learning page to everybody, by a decision with a name and a reason; and taking it back.

What goes out is kept with the page exactly as it was decided, see ``public_pages``.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from improve.accounts.actor import Actor
from improve.accounts.queries import names_and_addresses, teams_and_their_people
from improve.accounts.roles import Permission, may
from improve.ideas.queries.places import places_of_ideas
from improve.library.models import LearningPage
from improve.library.public_pages import PublicPage, kept_of, public_page_of, team_said
from improve.library.queries import change as queries
from improve.library.queries.pages import page as page_view
from improve.library.views import LearningView
from improve.measures.queries import charts_of_windows, windows_of_idea
from improve.measures.reading import Reading
from improve.notifications.kinds import NoticeKind
from improve.notifications.service import tell
from improve.redaction.texts import is_hidden, pattern_of
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale
from improve.shared.identifiers import likely_identifiers

WHO_PUBLISHES: Final = "A coach or a leader decides what the public may read."
#: Of which ends of being public its decider is told, and how the notice names them.
_TOLD: Final = {"changed": "", "taken down": "taken down", "ending undone": "ending"}
#: Shorter parts of names are words of the language too often.
_PART_LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A page as it would go out now, and what stands in the way.

    ``refused`` must be put right first. ``to_look_at`` are likely identifiers that a person has to
    have looked at.
    """

    page: PublicPage
    refused: tuple[str, ...]
    to_look_at: tuple[str, ...]


def outgoing(actor: Actor, view: LearningView) -> Outgoing:
    """Return what would be published of a page that the actor reads, and what to look at."""
    page = public_page_of(
        key=view.public_key or "",
        version=view.version,
        words=view.words,
        outcome=view.outcome,
        finished_at=view.finished_at,
        decided_at=clock.now(),
        kind_of_team=team_said(teams_and_their_people(actor, view.team.id)),
        reading=_main_reading(actor, view.idea_id),
    )
    refused, to_look_at = _looked_through(page.texts, names_and_addresses(actor))
    if view.shared_at is None:
        refused.insert(0, "Share the page with all staff first.")
    return Outgoing(page, tuple(refused), tuple(to_look_at))


def publish_page(
    actor: Actor, *, page_id: int, seen_version: int, why: str, is_looked_at: bool = False
) -> str:
    """Let everybody read a shared page as it stands now; return its public key.

    ``is_looked_at``: the person has looked at the likely identifiers. A page that is public as it
    stands stays so. Refuses with ``Stale`` a page that changed since it was shown, with
    ``RuleBroken`` names of people, and with ``Forbidden`` who may not decide it.
    """
    if not may(actor, Permission.PUBLISH_LEARNING):
        raise Forbidden(WHO_PUBLISHES)
    there = queries.page_by_id(actor, page_id)
    view = page_view(actor, page_id)
    if there.public_at is not None and there.public_key:
        return there.public_key
    if there.version != seen_version:
        raise Stale(page=view)
    out = outgoing(actor, view)
    faults = [Reason(words) for words in out.refused]
    why = why.strip()
    if not why:
        faults.append(Reason("Write why the public should read it.", "why"))
    elif len(why) > limits.length("reason"):
        most = limits.length("reason")
        faults.append(Reason(f"Use {most} characters or fewer. This has {len(why):,}.", "why"))
    if out.to_look_at and not is_looked_at:
        faults.append(
            Reason("Look at what may point to a person, then tick that you did.", "is_looked_at")
        )
    if faults:
        raise RuleBroken(faults)
    there.public_key = there.public_key or secrets.token_hex(8)
    there.public_at = clock.now()
    there.public_by_id = actor.person_id
    there.public_why = why
    there.version += 1
    there.public_content = kept_of(
        public_page_of(
            key=there.public_key,
            version=there.version,
            words=view.words,
            outcome=view.outcome,
            finished_at=view.finished_at,
            decided_at=there.public_at,
            kind_of_team=out.page.kind_of_team,
            reading=_main_reading(actor, view.idea_id),
        )
    )
    audit.record(
        actor,
        "learning_published",
        "learning_page",
        there.id,
        version=there.version,
        kinds=list(likely_identifiers(*out.page.texts)),
    )
    db.session.flush()
    return there.public_key


def take_down(actor: Actor, *, page_id: int) -> None:
    """Take a page out of public, at once. Twice is harmless."""
    if not may(actor, Permission.PUBLISH_LEARNING):
        raise Forbidden(WHO_PUBLISHES)
    leave_public(actor, queries.page_by_id(actor, page_id), because="taken down")
    db.session.flush()


def leave_public(actor: Actor, there: LearningPage, *, because: str) -> None:
    """Take what was decided away, where it is public; its address then says that it is gone.

    Whoever decided it is told, but not of hidden words: these go by a way of their own.
    """
    if there.public_at is None and there.public_content is None:
        return
    if because in _TOLD:
        _tell_who_decided(actor, there, _TOLD[because])
    there.public_at = None
    there.public_by_id = None
    there.public_why = ""
    there.public_content = None
    # “because” is a code of ours, never a person's words.
    audit.record(actor, "learning_taken_down", "learning_page", there.id, because=because)


def ending_undone(actor: Actor, idea_id: int) -> None:
    """Take the page of an idea out of public whose ending was taken back: it is true no more.

    Staff read the page again as soon as the idea ends again.
    """
    there = queries.page_by_idea(actor, idea_id)
    if there is not None:
        leave_public(actor, there, because="ending undone")
        db.session.flush()


def _tell_who_decided(actor: Actor, there: LearningPage, because: str) -> None:
    idea = places_of_ideas(actor, [there.idea_id]).get(there.idea_id)
    if idea is None:
        return
    facts = {"title": idea.card.title, "by": idea.by(actor), "because": because}
    people = [there.public_by_id]
    tell(actor, people, NoticeKind.OUT_OF_PUBLIC, subject_id=there.idea_id, facts=facts)


def _main_reading(actor: Actor, idea_id: int) -> Reading | None:
    charts = charts_of_windows(actor, windows_of_idea(actor, idea_id))
    return next((chart.reading for chart in charts if chart.place == "main"), None)


def _looked_through(
    texts: tuple[str, ...], people: list[tuple[str, str]]
) -> tuple[list[str], list[str]]:
    """Return what must be taken out, and what somebody must have looked at."""
    whole = _as_compared("\n".join(texts))
    refused = [f"Take out {name}." for name in _found_names(whole, (name for name, _ in people))]
    low = whole.lower()
    refused += [
        f"Take out the e-mail address {address}."
        for _, address in people
        if address and address.lower() in low
    ]
    if any(is_hidden(words) for words in texts):
        refused.append("Words of this page are hidden until a coach has read them.")
    kinds = likely_identifiers(*texts)
    to_look_at = [f"It may hold {kind}." for kind in kinds]
    # An account of several people, such as “The learning team”, is nobody’s name.
    full = {name.casefold() for name, _ in people if name.split()[:1] != ["The"]}
    parts = sorted(
        {part for name in full for part in re.split(r"[\s’'\-]+", name) if len(part) >= _PART_LEAST}
    )
    said = {word.casefold() for word in re.findall(r"\b[^\W\d_a-z][^\W\d_]+", whole)}
    first_names = sorted(set(parts) & said)
    if first_names:
        listed = ", ".join(word.capitalize() for word in first_names[:8])
        to_look_at.append(f"{listed}: also the name of somebody who works here.")
    return refused, to_look_at


def _found_names(words: str, names: Iterable[str]) -> list[str]:
    return [
        name
        for name in dict.fromkeys(names)
        # A name of one word may be any word: it is looked at by a person, not refused.
        if len(name.split()) > 1 and pattern_of(_as_compared(name)).search(words)
    ]


def _as_compared(words: str) -> str:
    """Return words with each letter and apostrophe written one way, and nothing that nobody sees.

    A soft hyphen from a letter, or a letter of full width, hides no name.
    """
    plain = unicodedata.normalize("NFKC", words).replace("’", "'")
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
