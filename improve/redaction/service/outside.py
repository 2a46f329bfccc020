"""What left a page already: notices, and mails that have not gone out yet."""

from __future__ import annotations

from collections.abc import Iterable

from improve.accounts.actor import Actor
from improve.mail.waiting import rewrite_waiting, waiting_with
from improve.notifications.kinds import Subject
from improve.notifications.words import facts_about, facts_of, write_facts
from improve.redaction.service.rows import NO_LIMIT
from improve.redaction.texts import Held, Name, leaves_of, with_leaf

NOTICE, MAIL = "notice", "mail"
#: Facts of a notice that a person wrote; the others are names and codes.
_WRITTEN = "title"
#: What may stand behind the address of a page in a mail, so that 1 is not found in 12.
LINK_ENDS = ("\n", " ", "?", "#", "/")
#: The longest subject of a mail, in characters.
_SUBJECT_MOST = 150


def notices_of(
    actor: Actor, subject: Subject, subject_ids: Iterable[int], *, title_of: str | None = None
) -> list[Held]:
    """Return what notices say of these things.

    ``title_of`` is the kind of the text whose field “title” a notice's title copies.
    """
    return [
        Held(
            name=Name(NOTICE, notice_id, path),
            label="A notice",
            words=words,
            most=NO_LIMIT,
            version_of=Name(title_of, subject_id, "title")
            if title_of and path == _WRITTEN
            else None,
            is_shown=False,
        )
        for notice_id, subject_id, facts in facts_about(actor, subject, subject_ids)
        for path, words in leaves_of(facts)
        if words.strip()
    ]


def mails_with(links: list[str]) -> list[Held]:
    """Return subject and body of the mails not sent that hold one of these links."""
    return [
        Held(Name(MAIL, message_id, field), "A mail not sent yet", words, most, is_shown=False)
        for message_id, subject, body in waiting_with(links=links)
        for field, words, most in (("subject", subject, _SUBJECT_MOST), ("body", body, NO_LIMIT))
        if words.strip()
    ]


def put_outside(name: Name, words: str) -> bool:
    """Write a text of a notice or mail; False for one of any other kind."""
    if name.kind == NOTICE:
        write_facts(name.subject_id, with_leaf(facts_of(name.subject_id), name.field, words))
        return True
    if name.kind == MAIL:
        # The subject is one line.
        line = " ".join(words.split()) if name.field == "subject" else words
        rewrite_waiting(name.subject_id, field=name.field, words=line)
        return True
    return False
