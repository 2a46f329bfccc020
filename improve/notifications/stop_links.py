"""Signed links that end mails without a sign-in. Pure.

A link is bound to one person and to groups of news or one idea. It does not run out: whoever gets
a mail must be able to stop it, however late. It opens nothing and shows nothing of anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from improve.notifications.kinds import Group

_PURPOSE: Final = "end mails of news"


@dataclass(frozen=True, slots=True)
class Stop:
    """What a link ends: mails of ``groups``, or all news of one idea."""

    person_id: int
    groups: tuple[Group, ...] = ()
    idea_id: int | None = None


def write_stop(secret_key: str, stop: Stop) -> str:
    """Return the token of a link."""
    what: object = stop.idea_id if stop.idea_id is not None else [g.value for g in stop.groups]
    return str(_signer(secret_key).dumps([stop.person_id, what]))


def read_stop(secret_key: str, token: str) -> Stop | None:
    """Return what a token ends; None if it was not signed here, or is of an older kind."""
    try:
        person_id, what = _signer(secret_key).loads(token)
        if isinstance(what, int):
            return Stop(person_id, idea_id=what)
        return Stop(person_id, groups=tuple(Group(value) for value in what))
    except (BadData, ValueError, TypeError):
        return None


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=_PURPOSE)
