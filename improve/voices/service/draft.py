"""Answers so far: begun, answered one by one, thrown away. Sealed, and gone within a day.

Nobody is known here: the row is named by the hash of the form's own token.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Final

from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from improve.shared import clock
from improve.shared.db import db, forget_deleted_words, writing_apart
from improve.shared.errors import NotFound, RuleBroken
from improve.voices.models import VoiceDraft
from improve.voices.queries.draft import (
    PURPOSE,
    Draft,
    drafts_begun_on,
    opened,
    row_of,
    seal_of,
)
from improve.voices.questions import WRITTEN, Step, with_answer
from improve.voices.sealed import sealer

#: Forms of one council begun on one day: above it only networks are heard that began few.
BEGUN_MOST: Final = 5_000
#: The same whoever comes: rows of machines fill the file.
BEGUN_AT_ALL: Final = 50_000


class TooMany(RuleBroken):
    """More forms came today than people write."""

    def __init__(self) -> None:
        super().__init__("Too many people are writing just now. Try again later.")


class Gone(NotFound):
    """There are no answers so far any more."""


def begin(
    *,
    token: str,
    organisation_id: int,
    code: str,
    language: str,
    is_quiet: bool = False,
    survey_id: int | None = None,
    code_hash: str = "",
) -> None:
    """Begin the form at ``code`` anew; what this token began before is thrown away.

    Refuses a day with too many (``TooMany``), unless the client ``is_quiet``: its network began
    few today. Who has a printed code was asked, and is as good.
    """
    row = row_of(token, for_change=True)
    if row is None:
        most = BEGUN_AT_ALL if is_quiet or code_hash else BEGUN_MOST
        if drafts_begun_on(organisation_id, clock.today()) >= most:
            raise TooMany
        row = VoiceDraft(token_hash=sealer(PURPOSE).hash(token))
        db.session.add(row)
    else:
        forget_deleted_words()
    row.began_on, row.organisation_id = clock.today(), organisation_id
    keep(row, token, Draft(code, language, {}, clock.now(), survey_id, code_hash=code_hash))


def answer(*, token: str, code: str, step: Step, said: str, is_skipped: bool = False) -> Draft:
    """Keep the answer to one question, “” for none, and return all of them.

    What stood in the box of a skipped question is put by: shown to whoever goes back, never sent.

    Refuses where there is no draft (``Gone``). After sending nothing changes any more.
    """
    row = row_of(token, for_change=True)
    draft = opened(row, token, code)
    if row is None or draft is None:
        raise Gone
    if draft.is_sent:
        return draft
    told = "" if is_skipped else said
    skipped = {name: words for name, words in draft.skipped.items() if name != step}
    if not told:
        skipped[step.value] = said if step in WRITTEN else ""
    answers = with_answer(step, told, draft.answers)
    draft = replace(draft, answers=answers, skipped=skipped)
    keep(row, token, draft)
    return draft


def throw_away(*, token: str) -> None:
    """Delete the answers so far, or the code to come back. Twice is harmless."""
    row = row_of(token, for_change=True)
    if row is not None:
        db.session.delete(row)
        db.session.flush()
        forget_deleted_words()


def leave(*, token: str) -> None:
    """Delete the same at once, apart from the request: who leaves follows a link, which only reads.

    Where it cannot be deleted now nobody is held up: without the cookie it opens to nobody.
    """
    if not token:
        return
    named = VoiceDraft.token_hash.in_(sealer(PURPOSE).hashes(token))
    with suppress(DBAPIError), writing_apart() as connection:
        connection.execute(delete(VoiceDraft).where(named))


def keep(row: VoiceDraft, token: str, draft: Draft) -> None:
    """Seal the draft into its row."""
    row.sealed = seal_of(token).seal(draft.as_json(), about=row.token_hash)
    db.session.flush()
