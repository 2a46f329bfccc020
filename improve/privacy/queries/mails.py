"""Whose a mail in the outbox is, by what its key names: the mail itself belongs to no council."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import select

from improve.accounts.service.links import ADDRESS, INVITATION, RESET
from improve.shared.db import db
from improve.shared.whole_tables import all_tables

#: Mails to a duty team and to whoever looks after a system: they name nobody but what is sealed.
_NAMING_NOBODY: Final = frozenset({"help", "hazard"})
#: After these words the key has the number of a one-time link; after all others that of a person.
_OF_LINKS: Final = frozenset({INVITATION, RESET, ADDRESS, "address-asked"})
#: Here the person comes last, after a time or a council.
_PERSON_LAST: Final = frozenset({"month", "reports-wait", "no-groups"})


def named_by(key: str) -> tuple[str, int] | None:
    """Return the table and the number of what a mail's key names; None where it names nothing."""
    if key.startswith("huddle-"):
        return _numbered("people", key.rpartition("-")[2])
    kind, _, rest = key.partition(":")
    if kind in _PERSON_LAST:
        return _numbered("people", rest.rpartition(":")[2])
    table = "one_time_links" if kind in _OF_LINKS else "people"
    return _numbered(table, rest.partition(":")[0])


def not_of(organisation_id: int, keys: Collection[str]) -> set[str]:
    """Return which of these keys are of mails that name nobody, or somebody of another council."""
    named = {key: named_by(key) for key in keys}
    elsewhere = _elsewhere(organisation_id, named)
    return {
        key
        for key, what in named.items()
        if key.partition(":")[0] in _NAMING_NOBODY or what in elsewhere
    }


def _elsewhere(
    organisation_id: int, named: Mapping[str, tuple[str, int] | None]
) -> set[tuple[str, int] | None]:
    found: set[tuple[str, int] | None] = set()
    for name in ("people", "one_time_links"):
        table: Any = all_tables()[name]
        numbers = sorted({what[1] for what in named.values() if what and what[0] == name})
        if numbers:
            rows = db.session.scalars(
                select(table.c.id).where(
                    table.c.id.in_(numbers), table.c.organisation_id != organisation_id
                )
            )
            found |= {(name, number) for number in rows}
    return found


def _numbered(table: str, words: str) -> tuple[str, int] | None:
    return (table, int(words)) if words.isdecimal() and len(words) < 10 else None
