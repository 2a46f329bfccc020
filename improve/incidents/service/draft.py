"""Answers so far: begun, answered one by one, thrown away. Sealed, and gone within a day.

Nobody is known here, whether they are signed in or not: the row is named by the hash of the
form's own token.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Final

from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from improve.incidents.journey import ABOUT_READERS, Answers, Said, Step, with_answer
from improve.incidents.models import IncidentDraft
from improve.incidents.queries.draft import Draft, drafts_begun_on, opened, row_of, seal_of
from improve.incidents.queries.reviewers import offered_for
from improve.incidents.sealing import DRAFTS, sealer
from improve.shared import clock
from improve.shared.db import db, forget_deleted_words, writing_apart
from improve.shared.errors import NotFound, RuleBroken

#: Forms of one council begun on one day: above it only networks are heard that began few.
BEGUN_MOST: Final = 1_000
#: The same from any network: rows of machines fill the file.
BEGUN_AT_ALL: Final = 10_000
#: The same with those of staff who are signed in: what fills the link never closes their door.
BEGUN_INSIDE: Final = 20_000


class TooMany(RuleBroken):
    """More forms came than people write."""

    def __init__(self) -> None:
        super().__init__("Too many reports are being written just now. Try again later.")


class Gone(NotFound):
    """There are no answers so far any more."""


def begin(
    *,
    token: str,
    organisation_id: int,
    door: str,
    is_inside: bool = False,
    is_trusted: bool = False,
) -> None:
    """Begin a report at a door; what this token began before is thrown away.

    Refuses a day with too many (``TooMany``): fewer by the link than where the client
    ``is_inside``, signed in, and fewest unless it ``is_trusted``, of a network that began few
    today.
    """
    row = row_of(token, for_change=True)
    if row is None:
        most = BEGUN_AT_ALL if is_trusted else BEGUN_MOST
        if is_inside:
            most = BEGUN_INSIDE
        if drafts_begun_on(organisation_id, clock.today()) >= most:
            raise TooMany
        row = IncidentDraft(token_hash=sealer(DRAFTS).hash(token))
        db.session.add(row)
    else:
        forget_deleted_words()
    row.began_on, row.organisation_id = clock.today(), organisation_id
    _keep(row, token, Draft(door, Answers(), clock.now()))


def answer(*, token: str, door: str, step: Step, told: Said) -> Draft:
    """Keep the answer to one question and return all of them.

    It also counts who is left to read, so that nobody writes on for nobody. Refuses where there
    is no draft (``Gone``).
    """
    row = row_of(token, for_change=True)
    draft = opened(row, token, door)
    if row is None or draft is None:
        raise Gone
    answers = with_answer(step, told, draft.answers)
    readers = draft.readers
    if step in ABOUT_READERS and answers.group_id is not None:
        readers = len(offered_for(answers.group_id, answers.not_readers))
    draft = replace(draft, answers=answers, readers=readers)
    _keep(row, token, draft)
    return draft


def leave(*, token: str) -> None:
    """Delete the answers at once, apart from the request: who leaves follows a link.

    Where it cannot be deleted now nobody is held up: without the cookie it opens to nobody.
    """
    if not token:
        return
    named = IncidentDraft.token_hash.in_(sealer(DRAFTS).hashes(token))
    with suppress(DBAPIError), writing_apart() as connection:
        connection.execute(delete(IncidentDraft).where(named))


def _keep(row: IncidentDraft, token: str, draft: Draft) -> None:
    row.sealed = seal_of(token).seal(draft.as_json(), about=row.token_hash)
    db.session.flush()
