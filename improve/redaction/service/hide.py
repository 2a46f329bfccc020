"""“This may identify someone”: the words leave their rows at once, and wait to be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import coaches, data_protection_leads
from improve.accounts.roles import Permission, may
from improve.notifications.kinds import NoticeKind, Why
from improve.notifications.service import tell
from improve.redaction.models import HiddenText
from improve.redaction.service.outside import MAIL
from improve.redaction.service.sources import (
    all_held,
    check_root,
    news_title,
    root_of,
    shown,
    touch,
)
from improve.redaction.texts import (
    Held,
    Name,
    Root,
    RootKind,
    Source,
    copies_of,
    hidden_line,
    holds,
    is_hidden,
)
from improve.shared import audit, clock
from improve.shared.db import db, forget_deleted_words
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken


def text_to_hide(actor: Actor, name: Name) -> tuple[Root, Held]:
    """Return the text and what it stands on. Raises ``NotFound`` for what one may not read."""
    root = root_of(actor, name)
    held = next((h for h in shown(actor, root) if h.name == name), None)
    if held is None:
        raise NotFound
    return root, held


def texts_to_hide(actor: Actor, root: Root) -> tuple[str, list[Held]]:
    """Return what the root is called and its texts that a reader can name, hidden ones left out.

    Raises ``NotFound`` where the root may not be read.
    """
    title = check_root(actor, root)
    return title, [held for held in shown(actor, root) if not is_hidden(held.words)]


def hide_holding(actor: Actor, *, root: Root, phrases: Sequence[str]) -> int:
    """Hide every text of a root that holds one of the phrases; return how many were hidden.

    For whoever answers for privacy and settles hidden words: they need not be able to read the rest
    of it. Raises ``NotFound`` for a root of another council.
    """
    if not (may(actor, Permission.REMOVE_WORDS) and may(actor, Permission.ANSWER_FOR_PRIVACY)):
        raise Forbidden("The data protection lead does this.")
    check_root(actor, root, settles=True)
    names = [
        held.name
        for _, held in all_held(actor, root)
        if held.is_shown and not is_hidden(held.words) and holds(held.words, phrases)
    ]
    for name in names:
        hide_text(actor, name=name, known_root=root)
    return len(names)


def hide_text(
    actor: Actor, *, name: Name, known_root: Root | None = None, is_again: bool = False
) -> Root:
    """Hide a text at once, with its earlier versions and copies; return what it stands on.

    Whoever may read it may say so, once or twice. Coaches, the data protection lead and its author
    are told, without the words. Refuses an empty text, in words. ``hide_holding`` gives the root.
    ``is_again``: after a restore, by nobody in the log.
    """
    root = known_root or root_of(actor, name)
    if is_hidden_now(actor, name):
        return root
    everything = all_held(actor, root)
    held = next((h for _, h in everything if h.name == name and h.is_shown), None)
    if held is None:
        raise RuleBroken([Reason("Nothing is written there any more.")])
    if is_hidden(held.words):
        return root
    kept = [_hide(actor, source, one, held) for source, one in everything if _tells(one, held)]
    hidden = HiddenText(
        organisation_id=actor.organisation_id,
        kind=name.kind,
        subject_id=name.subject_id,
        field=name.field,
        root_kind=root.kind.value,
        root_id=root.id,
        idea_id=root.id if root.kind is RootKind.IDEA else None,
        label=held.label,
        kept=kept,
        author_id=held.author_id,
        said_by_id=actor.person_id,
        said_at=clock.now(),
    )
    db.session.add(hidden)
    db.session.flush()
    audit.record(
        None if is_again else actor,
        "text_hidden",
        root.kind.value,
        root.id,
        organisation_id=actor.organisation_id,
        text=name.kind,
        row=name.subject_id,
        field=name.field,
    )
    _tell(actor, root, held, hidden.id, settles=known_root is not None)
    touch(actor, root, name, "hidden", hidden_line(name, held.most, clock.today()))
    forget_deleted_words()
    return root


def subject_of(root: Root) -> int:
    """Return what notices are about: the idea, else nothing but the hidden text they name."""
    return root.id if root.kind is RootKind.IDEA else 0


def is_hidden_now(actor: Actor, name: Name) -> bool:
    """Return whether a text waits to be settled."""
    found = db.session.execute(
        select(HiddenText.id).where(
            HiddenText.organisation_id == actor.organisation_id,
            HiddenText.kind == name.kind,
            HiddenText.subject_id == name.subject_id,
            HiddenText.field == name.field,
            HiddenText.settled_at.is_(None),
        )
    ).first()
    return found is not None


def _tells(one: Held, hidden: Held) -> bool:
    """Return whether a text is the hidden one, an earlier version of it, or holds a copy of it."""
    if hidden.name in {one.name, one.version_of}:
        return True
    return bool(_copies(one, hidden).search(one.words))


def _copies(one: Held, hidden: Held) -> re.Pattern[str]:
    return copies_of(hidden.words, in_mail=one.name.kind == MAIL)


def _hide(actor: Actor, source: Source, one: Held, hidden: Held) -> dict[str, Any]:
    today = clock.today()
    line = hidden_line(hidden.name, one.most, today)
    is_whole = hidden.name in {one.name, one.version_of}
    left = line if is_whole else _copies(one, hidden).sub(lambda _found: line, one.words)
    if len(left) > one.most:
        left = hidden_line(one.name, one.most, today)
    source.put(actor, one, left)
    return {
        "kind": one.name.kind,
        "subject_id": one.name.subject_id,
        "field": one.name.field,
        "label": one.label,
        "words": one.words,
        "left": left,
    }


def _tell(actor: Actor, root: Root, held: Held, hidden_id: int, *, settles: bool) -> None:
    """Tell who reads it, and its author. A title that is hidden itself is no part of it."""
    people = {person.id: Why.COACH.value for person in coaches(actor)}
    people |= {p.id: Why.ASKED.value for p in data_protection_leads(actor)}
    if held.author_id is not None:
        people.setdefault(held.author_id, Why.AUTHOR.value)
    facts = {"title": news_title(actor, root, settles=settles), "hidden": hidden_id}
    tell(actor, people, NoticeKind.WORDS_HIDDEN, subject_id=subject_of(root), facts=facts)
