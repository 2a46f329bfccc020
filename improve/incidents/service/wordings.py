"""The words of the form in a council's own words: changed, and put back."""

from __future__ import annotations

from sqlalchemy import func, select

from improve.accounts.actor import Actor
from improve.incidents.models import IncidentWording
from improve.incidents.service.setup import check_may, locked_setup
from improve.incidents.wording import TEXTS, anonymous_reason
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken, Stale
from improve.shared.own_words import places_reason


def change_words(actor: Actor, *, name: str, words: str, seen_version: int) -> None:
    """Say a text of the form in the council's own words, as a new version; no words: the house's.

    ``seen_version``: the newest version that was on the page, 0 before any; raises ``Stale``
    where there is another by now. Refuses words that lose or add a filled-in place such as
    ``{day}``, and such as say “anonymous” where that is not true. The same words again are
    harmless. Raises ``NotFound`` for an unknown text.
    """
    check_may(actor)
    if name not in TEXTS:
        raise NotFound
    if words == TEXTS[name]:
        words = ""
    most = limits.length("report_setup")
    if len(words) > most:
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "words")])
    wrong = places_reason(TEXTS[name], words) or anonymous_reason(name, words)
    if wrong:
        raise RuleBroken([Reason(wrong, "words")])
    # Two who save at once wait for each other here, so that no version is there twice.
    locked_setup(actor)
    of_text = (
        IncidentWording.organisation_id == actor.organisation_id,
        IncidentWording.name == name,
    )
    newest = db.session.scalar(select(func.max(IncidentWording.version)).where(*of_text)) or 0
    said_now = db.session.scalar(
        select(IncidentWording.words).where(*of_text, IncidentWording.version == newest)
    )
    if words == (said_now or ""):
        return
    if newest != seen_version:
        raise Stale(what="reports_words", version=newest)
    db.session.add(
        IncidentWording(
            organisation_id=actor.organisation_id,
            name=name,
            version=newest + 1,
            words=words,
            changed_by_id=actor.person_id,
            changed_at=clock.now(),
        )
    )
    db.session.flush()
    audit.record(
        actor,
        "reports_words_changed",
        "organisation",
        actor.organisation_id,
        text=name,
        version=newest + 1,
    )
