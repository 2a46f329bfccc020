"""Writing what an idea taught, as a draft or for all staff."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from improve.accounts.actor import Actor
from improve.library.learning import TEXT_FIELDS, PageWords, missing, too_long
from improve.library.models import LearningPage
from improve.library.queries import change as queries
from improve.library.queries.pages import may_write_of
from improve.library.queries.pages import page as page_view
from improve.library.service.publish import leave_public
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale

WHO_WRITES: Final = (
    "The people of this idea, a manager of its team or a coach can write what it taught."
)
NOT_ON_BOARD: Final = (
    "This idea is not on its team’s board. Its author can show it there first; "
    "until then the page can be kept as a draft."
)


def write_page(
    actor: Actor, *, idea_id: int, words: PageWords, seen_version: int = 0, share: bool = False
) -> int:
    """Write the learning page of a finished idea; return its id. ``share``: for all staff.

    A page that is shared already stays so and must stay whole. A changed page that was public is
    so no more, until somebody decides again. ``seen_version`` 0: nothing stood there yet. The same
    words twice change nothing. Refuses with ``Stale`` (``page``: as it stands now) where somebody
    else wrote since, ``RuleBroken`` what is missing or too long, ``Forbidden`` others.
    """
    idea = queries.idea_for_page(actor, idea_id)
    if not may_write_of(actor, idea):
        raise Forbidden(WHO_WRITES)
    words = words.stripped()
    there = queries.page_by_idea(actor, idea_id)
    will_be_shared = share or (there is not None and there.shared_at is not None)
    if there is not None and _is_same(there, words):
        if share and there.shared_at is None:
            _share(actor, there, idea, words)
        return there.id
    if (there.version if there is not None else 0) != seen_version:
        raise Stale(page=page_view(actor, there.id) if there is not None else None)
    faults = too_long(words)
    if will_be_shared:
        faults += missing(words)
    elif not words.title:
        faults.append(Reason("Give it a title, so that you find it again.", "title"))
    if faults:
        raise RuleBroken(faults)
    if there is None:
        there = _begin(actor, idea_id, words)
    else:
        changed = sorted(n for n, v in _columns(words).items() if getattr(there, n) != v)
        for name, value in _columns(words).items():
            setattr(there, name, value)
        there.version += 1
        there.changed_at = clock.now()
        there.written_by_id = actor.person_id
        leave_public(actor, there, because="changed")
        audit.record(actor, "learning_changed", "learning_page", there.id, fields=changed)
    if share and there.shared_at is None:
        _share(actor, there, idea, words)
    db.session.flush()
    return there.id


def share_page(actor: Actor, *, page_id: int) -> None:
    """Put a draft into the library, for all staff to read. Twice is harmless.

    Refuses with ``RuleBroken`` what a shared page still needs.
    """
    there = queries.page_by_id(actor, page_id)
    idea = queries.idea_for_page(actor, there.idea_id)
    if not may_write_of(actor, idea):
        raise Forbidden(WHO_WRITES)
    if there.shared_at is None:
        _share(actor, there, idea, words_of(there))
        db.session.flush()


def words_of(there: LearningPage) -> PageWords:
    """Return what stands on a page."""
    return PageWords(
        title=there.title,
        **{name: getattr(there, name) for name in TEXT_FIELDS},
        is_story=there.is_story,
    )


def _begin(actor: Actor, idea_id: int, words: PageWords) -> LearningPage:
    now = clock.now()
    there = LearningPage(
        organisation_id=actor.organisation_id,
        idea_id=idea_id,
        version=1,
        written_by_id=actor.person_id,
        created_at=now,
        changed_at=now,
        **_columns(words),
    )
    try:
        with db.session.begin_nested():
            db.session.add(there)
    except IntegrityError:
        # A colleague began the page at the same moment, and was first.
        first = queries.page_by_idea(actor, idea_id)
        if first is None:
            raise
        raise Stale(page=page_view(actor, first.id)) from None
    audit.record(actor, "learning_written", "learning_page", there.id, idea=idea_id)
    return there


def _share(actor: Actor, there: LearningPage, idea: Any, words: PageWords) -> None:
    faults = missing(words)
    if not idea["is_on_board"]:
        faults.append(Reason(NOT_ON_BOARD))
    if faults:
        raise RuleBroken(faults)
    there.shared_at = clock.now()
    audit.record(actor, "learning_shared", "learning_page", there.id, idea=there.idea_id)


def _columns(words: PageWords) -> dict[str, Any]:
    return {
        "title": words.title,
        **{name: getattr(words, name) for name in TEXT_FIELDS},
        "is_story": words.is_story,
    }


def _is_same(there: LearningPage, words: PageWords) -> bool:
    return all(getattr(there, name) == value for name, value in _columns(words).items())
