"""A page to bring to supervision: made by its owner, shared with one person when they say so."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from improve.accounts.actor import Actor
from improve.accounts.queries import active_people
from improve.accounts.roles import Permission, may
from improve.cpd.drafting import page_of
from improve.cpd.kinds import SUPERVISION_WORDS
from improve.cpd.models import SupervisionPage
from improve.cpd.queries import supervision as queries
from improve.ideas.queries import ideas_for_supervision
from improve.notifications.kinds import NoticeKind
from improve.notifications.service import take_back, tell
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale

TOKEN_MOST = 64
TITLE: str = "A page for supervision"
WHO_SHARES = "Staff of this council can share a page with a colleague."


def make_page(actor: Actor, *, form_token: str) -> int:
    """Make a page drafted from the actor's own ideas; return its id. A form sent twice makes one.

    What they ask for is left empty: it is theirs to write.
    """
    form_token = form_token[:TOKEN_MOST]
    made = queries.made_with(actor, form_token)
    if made is not None:
        return made
    draft = page_of(ideas_for_supervision(actor))
    page = SupervisionPage(
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        form_token=form_token,
        made_on=clock.today(),
        ideas=draft.ideas,
        learned=draft.learned,
        in_the_way=draft.in_the_way,
        asks="",
        created_at=clock.now(),
        version=1,
    )
    try:
        with db.session.begin_nested():
            db.session.add(page)
    except IntegrityError:
        # The same form arrived twice at the same moment, and the other one was first.
        made = queries.made_with(actor, form_token)
        if made is None:
            raise
        return made
    return page.id


def change_page(actor: Actor, *, page_id: int, texts: Mapping[str, str], seen_version: int) -> None:
    """Put other words on a page. The same words twice change nothing.

    Refuses with ``Stale`` (``page``: as it stands now) what was changed in another window since.
    """
    page = queries.page_for_change(actor, page_id)
    new = {name: texts.get(name, "").strip() for name in SUPERVISION_WORDS}
    most = limits.length("cpd_text")
    faults = [
        Reason(f"This has {len(text):,} characters. {most:,} are enough.", name)
        for name, text in new.items()
        if len(text) > most
    ]
    if faults:
        raise RuleBroken(faults)
    if all(getattr(page, name) == text for name, text in new.items()):
        return
    if page.version != seen_version:
        raise Stale(page=queries.my_page(actor, page_id))
    for name, text in new.items():
        setattr(page, name, text)
    page.version += 1
    db.session.flush()


def share_page(actor: Actor, *, page_id: int, with_id: int | None) -> None:
    """Let one colleague read a page from now on, and tell them. Another one takes their place.

    Twice is harmless. Refuses oneself, and whoever is not active in the organisation.
    """
    page = queries.page_for_change(actor, page_id)
    if not may(actor, Permission.SEE_IDEAS):
        raise Forbidden(WHO_SHARES)
    if with_id is None:
        raise RuleBroken([Reason("Choose who may read it.", "with_id")])
    if with_id == actor.person_id or with_id not in active_people(actor, [with_id]):
        raise RuleBroken([Reason("Choose a colleague of this council.", "with_id")])
    if page.shared_with_id == with_id:
        return
    _untell(page)
    page.shared_with_id, page.shared_at = with_id, clock.now()
    db.session.flush()
    tell(
        actor,
        [with_id],
        NoticeKind.SUPERVISION_SHARED,
        subject_id=page.id,
        facts={"title": TITLE, "by": actor.first_name},
    )
    audit.record(actor, "supervision.shared", "supervision_page", page.id, person=with_id)


def stop_sharing(actor: Actor, *, page_id: int) -> None:
    """Let nobody else read a page any more, from this moment. Twice is harmless."""
    page = queries.page_for_change(actor, page_id)
    if page.shared_with_id is None:
        return
    audit.record(
        actor,
        "supervision.sharing_stopped",
        "supervision_page",
        page.id,
        person=page.shared_with_id,
    )
    _untell(page)
    page.shared_with_id = page.shared_at = None
    db.session.flush()


def delete_page(actor: Actor, *, page_id: int) -> None:
    """Take a page away. Nothing is left of its words, and nobody can read it any more."""
    page = queries.page_for_change(actor, page_id)
    _untell(page)
    db.session.execute(
        delete(SupervisionPage)
        .where(SupervisionPage.id == page.id)
        .execution_options(synchronize_session=False)
    )


def _untell(page: SupervisionPage) -> None:
    """Take the news of a page away, whose link would lead nowhere."""
    if page.shared_with_id is not None:
        take_back([page.shared_with_id], NoticeKind.SUPERVISION_SHARED, subject_id=page.id)
