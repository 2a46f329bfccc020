"""How soon mail tells, as each person chooses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import delete

from improve.accounts.actor import Actor
from improve.notifications.kinds import USUAL_PACE, Group, Pace
from improve.notifications.models import MailChoice
from improve.shared import audit
from improve.shared.db import db


def choose_paces(actor: Actor, *, paces: Mapping[Group, Pace]) -> None:
    """Keep how soon mail tells the actor of each group; what is not named stays. Audited."""
    _keep(actor.person_id, paces)
    audit.record(
        actor,
        "mail_chosen",
        "person",
        actor.person_id,
        paces={group.value: pace.value for group, pace in paces.items()},
    )


def stop_mail(actor: Actor, *, groups: Iterable[Group]) -> None:
    """End the mails of these groups. Twice is harmless. Audited."""
    wanted = sorted(set(groups))
    _keep(actor.person_id, dict.fromkeys(wanted, Pace.NEVER))
    audit.record(
        actor, "mail_stopped", "person", actor.person_id, groups=[group.value for group in wanted]
    )


def _keep(person_id: int, paces: Mapping[Group, Pace]) -> None:
    db.session.execute(
        delete(MailChoice)
        .where(
            MailChoice.person_id == person_id,
            MailChoice.group.in_([group.value for group in paces]),
        )
        .execution_options(synchronize_session=False)
    )
    for group, pace in paces.items():
        # What is usual needs no row, so that a better usual reaches whoever never chose.
        if pace is not USUAL_PACE[group]:
            db.session.add(MailChoice(person_id=person_id, group=group.value, pace=pace.value))
    db.session.flush()
