"""Saying thanks in a huddle."""

from __future__ import annotations

from improve.accounts.actor import Actor


def thank_in_huddle(
    actor: Actor,
    *,
    huddle_id: int,
    to_id: int,
    words: str,
    item_id: int | None = None,
    form_token: str,
) -> int:
    """Thank one person in a sentence; return the id of the thank-you, which stands in the notes.

    It lands on their page. Rules and fields (to_id, words) as ``ideas.service.say_thanks``. A form
    sent twice thanks once. Refuses a huddle that is over.
    """
    raise NotImplementedError
