"""What made the right thing hard this week."""

from __future__ import annotations

from improve.accounts.actor import Actor


def note_hard_thing(
    actor: Actor, *, huddle_id: int, condition: str, words: str = "", form_token: str
) -> None:
    """Note one of the 14 conditions (``shared.conditions``), with a line of words or none.

    Who said it is kept nowhere, not in the log either. A form sent twice notes it once. Refuses
    an unknown condition (condition), words over their limit (words), and a huddle that is over.
    """
    raise NotImplementedError
