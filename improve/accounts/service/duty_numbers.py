"""Whom to ring about a child: the council's own numbers, kept by an administrator."""

from __future__ import annotations

from collections.abc import Mapping

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.duty_numbers import TIMES, has_number
from improve.accounts.queries.councils import organisation_for_change
from improve.accounts.roles import Permission
from improve.shared import audit, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale


def set_duty_numbers(actor: Actor, *, words: Mapping[str, str], seen: Mapping[str, str]) -> None:
    """Say whom to ring by day and by night (keys ``day``, ``night``); empty: not said.

    ``seen``: the words as they stood when the form was opened; raises ``Stale`` where others hold
    now. The same again is harmless. Refuses words without a telephone number, and too many (fields
    ``day``, ``night``).
    """
    if not roles.may(actor, Permission.MANAGE_TEAMS):
        raise Forbidden("Only an administrator can change this.")
    wanted = {time: " ".join(words.get(time, "").split()) for time in TIMES}
    most = limits.length("duty_number")
    reasons = [
        Reason("Add the number, such as 01632 960 123.", time)
        for time, line in wanted.items()
        if line and not has_number(line)
    ]
    reasons += [
        Reason(f"Use {most} characters or fewer.", time)
        for time, line in wanted.items()
        if len(line) > most
    ]
    if reasons:
        raise RuleBroken(reasons)
    organisation = organisation_for_change(actor)
    now = {time: organisation.duty_numbers.get(time, "") for time in TIMES}
    if wanted == now:
        return
    if {time: seen.get(time, "") for time in TIMES} != now:
        raise Stale(what="duty_numbers")
    organisation.duty_numbers = wanted
    db.session.flush()
    changed = [time for time in TIMES if wanted[time] != now[time]]
    audit.record(actor, "duty_numbers_set", "organisation", organisation.id, changed=changed)
