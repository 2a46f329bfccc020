"""Keeping, in the council's row, what was decided about privacy. Whoever decides stands above."""

from __future__ import annotations

from collections.abc import Mapping

from improve.accounts.actor import Actor
from improve.accounts.queries.councils import organisation_for_change
from improve.shared.db import db
from improve.shared.errors import Stale
from improve.shared.keeping_times import CHANGEABLE, months_of


def keep_retention(actor: Actor, *, months: Mapping[str, int], seen: Mapping[str, int]) -> bool:
    """Keep for how many months each class is kept; False where nothing changes.

    Raises ``Stale`` where something else holds now than what was ``seen``.
    """
    organisation = organisation_for_change(actor)
    now = {code: months_of(organisation.retention or {}, code) for code in CHANGEABLE}
    if dict(months) == now:
        return False
    if dict(seen) != now:
        raise Stale(what="retention")
    organisation.retention = dict(months)
    db.session.flush()
    return True


def keep_document_facts(actor: Actor, *, words: Mapping[str, str], seen: Mapping[str, str]) -> bool:
    """Keep what documents are filled with; False where nothing changes.

    Raises ``Stale`` where something else holds now than what was ``seen``.
    """
    organisation = organisation_for_change(actor)
    wanted, now = _filled(words), _filled(organisation.document_facts or {})
    if wanted == now:
        return False
    if _filled(seen) != now:
        raise Stale(what="document_facts")
    organisation.document_facts = wanted
    db.session.flush()
    return True


def _filled(words: Mapping[str, str]) -> dict[str, str]:
    return {key: line for key, line in words.items() if line}
