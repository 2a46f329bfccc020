"""Hiding every text of one thing that holds words somebody asked about."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.privacy.queries.words import texts_with
from improve.privacy.service.copies import phrases_of
from improve.privacy.service.rights import check, not_read_by
from improve.redaction.service import hide_holding
from improve.redaction.texts import Root
from improve.shared.errors import NotFound, Reason, RuleBroken


def hide_found(actor: Actor, *, typed: str, root_name: str) -> int:
    """Hide the texts of one thing that hold the words; return how many were hidden.

    ``root_name`` is one of those that a text was found on (“idea:12”), so that a number that
    somebody made up leads nowhere: ``NotFound``. They wait on the desk to be settled. Refuses where
    nothing can be hidden, in words. Twice is harmless.
    """
    check(actor)
    phrases = phrases_of(typed)
    found, _ = texts_with(actor.organisation_id, phrases, but=not_read_by(actor))
    known = [text.roots for text in found if text.root and name_of(text.root) == root_name]
    if not known:
        raise NotFound
    # A text names all that it may stand on; the first where it does stand has it.
    for root in dict.fromkeys(root for roots in known for root in roots):
        count = hide_holding(actor, root=root, phrases=phrases)
        if count:
            return count
    raise RuleBroken([Reason("This is changed where it stands: it cannot be hidden from here.")])


def name_of(root: Root) -> str:
    """Return how a form names what texts stand on."""
    return f"{root.kind.value}:{root.id}"
