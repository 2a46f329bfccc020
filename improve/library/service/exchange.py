"""Pages for other councils and from them: signed on the way out, looked through on the way in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from improve.accounts.actor import Actor
from improve.library import signing
from improve.library.arriving import (
    Arriving,
    Sender,
    State,
    Whose,
    arriving,
    keys_waiting,
    mark_of,
    sender_of,
    waiting,
)
from improve.library.kept_seals import sealed_once
from improve.library.models import BorrowedPage, LearningImport
from improve.library.open_format import (
    Council,
    FormatRefused,
    as_file,
    open_envelope,
    seal,
    words_of,
)
from improve.library.queries import borrowed as borrowed_queries
from improve.library.queries import exchange as queries
from improve.library.queries.exchange import IMPORT_LIFE, CouncilNamed, ImportView, TrustedView
from improve.library.queries.public import public_pages
from improve.library.service.trust import check_exchanges, own_key
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken, Stale
from improve.shared.file_names import tidy_name

SIGNING_IS_OFF = (
    "This site has no key to sign with. Whoever runs it sets SIGNING_KEY, a random text of 32 "
    "characters or more."
)
CHANGED_SINCE = "Something changed since you looked. Look once more, then bring them in."
#: Files that wait for one person: each is kept whole for a day.
WAITING_MOST = 10
#: What a page is called whose words are gone.
TAKEN_OUT = "A page that was taken out"


@dataclass(frozen=True, slots=True)
class Exported:
    """A signed file: its name, its bytes, and how many pages are in it."""

    file_name: str
    body: bytes
    count: int


@dataclass(frozen=True, slots=True)
class ImportLook:
    """A file as it is looked through: who signed it, and what each page would do here."""

    held: ImportView
    sender: Sender
    council: Council
    made_on: date
    public_key: str
    pages: tuple[Arriving, ...]

    @property
    def seen(self) -> str:
        """What the person saw, to notice that something changed before they decide."""
        return mark_of(self.pages, self.sender)

    @property
    def is_refused(self) -> bool:
        """Whether nothing of it is taken, whoever it is from."""
        return bool(self.sender.refusal)

    @property
    def is_unknown(self) -> bool:
        """Whether nobody here has compared the key."""
        return self.sender.whose is Whose.UNKNOWN

    def of(self, *states: State) -> tuple[Arriving, ...]:
        """Return the pages in one of these states, in the order of the file."""
        return tuple(page for page in self.pages if page.state in states)

    @property
    def to_take(self) -> tuple[Arriving, ...]:
        """The pages that may be ticked."""
        return tuple(page for page in self.pages if page.may_be_taken)


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """How many pages are new, and how many took the place of an older version."""

    new: int
    newer: int


def export_pages(actor: Actor, *, keys: Collection[str], site: str, secret: str) -> Exported:
    """Return the chosen public pages as a signed file for other councils.

    ``site`` is where this installation is reached, ``secret`` its key for signing. Refuses with
    ``RuleBroken`` where nothing is chosen, a page is not public any more, or there is no key.
    """
    check_exchanges(actor)
    council = queries.own_council(actor)
    signer = signing.signer_of(secret, council.slug)
    if signer is None:
        raise RuleBroken(SIGNING_IS_OFF)
    wanted = set(keys)
    pages = [page for page in public_pages(council.slug).pages if page.key in wanted]
    if not wanted:
        raise RuleBroken([Reason("Choose at least one page.", "pages")])
    if len(pages) != len(wanted):
        words = "A page that you chose is not public any more. Look at the list once more."
        raise RuleBroken([Reason(words, "pages")])
    made_on = clock.today()
    envelope = seal(pages, council=_council(council, site), made_on=made_on, signer=signer)
    audit.record(
        actor,
        "learning_exported",
        "organisation",
        actor.organisation_id,
        pages=[f"{page.key} {page.version}" for page in pages],
        fingerprint=signer.fingerprint,
    )
    name = f"{council.slug}-learning-{made_on.isoformat()}.json"
    return Exported(name, as_file(envelope), len(pages))


def signed_shelf(slug: str, *, site: str, secret: str) -> bytes:
    """Return all public pages of a council as a signed file, for everybody.

    Raises ``NotFound`` where there is no such council, or no key to sign with.
    """
    signer = signing.signer_of(secret, slug)
    if signer is None:
        raise NotFound
    shelf = public_pages(slug)
    council, made_on = Council(shelf.council, shelf.slug, site), clock.today()
    return sealed_once(
        shelf,
        site=site,
        made_on=made_on,
        public_key=signer.public_key,
        make=lambda: as_file(seal(shelf.pages, council=council, made_on=made_on, signer=signer)),
    )


def start_import(
    actor: Actor, *, source: bytes | str, file_name: str = "", secret: str = ""
) -> int:
    """Keep a file from another council for a day, for this person to look through; return its id.

    Refuses with ``RuleBroken`` (field ``file`` or ``pasted``) what is not of the open format, what
    its signature does not fit, and a file whose key is not to be believed. Nothing of a refused
    file is kept.
    """
    check_exchanges(actor)
    field = "file" if isinstance(source, bytes) else "pasted"
    try:
        received = open_envelope(source)
    except FormatRefused as refused:
        raise RuleBroken([Reason(f"{refused}.", field)]) from None
    known = queries.trusted_councils(actor)
    sender = _sender(actor, received.council.name, received.fingerprint, secret, known)
    if sender.refusal:
        raise RuleBroken([Reason(sender.refusal, field)])
    if not received.pages:
        raise RuleBroken([Reason("There is no page in it.", field)])
    purge_learning_imports()
    if len(queries.imports_waiting(actor)) >= WAITING_MOST:
        words = (
            f"{WAITING_MOST} files of yours wait already. Decide or throw away one of them first."
        )
        raise RuleBroken([Reason(words, field)])
    draft = LearningImport(
        organisation_id=actor.organisation_id,
        by_id=actor.person_id,
        file_name=tidy_name(file_name),
        content=waiting(received),
        created_at=clock.now(),
        expires_at=clock.now() + IMPORT_LIFE,
    )
    db.session.add(draft)
    db.session.flush()
    return draft.id


def look_through(actor: Actor, *, import_id: int, secret: str = "") -> ImportLook:
    """Return a kept file with what each page would do here now. Saves nothing.

    Raises ``NotFound`` when its day is over, and for one that was decided: nothing of it is kept.
    """
    check_exchanges(actor)
    return _look(actor, queries.learning_import(actor, import_id), secret)


def bring_in(
    actor: Actor,
    *,
    import_id: int,
    keys: Collection[str],
    seen: str,
    is_unknown_taken: bool = False,
    secret: str = "",
) -> BroughtIn:
    """Bring in the ticked pages, all or none, and throw the file away.

    ``seen`` is the mark of what the person was shown; ``is_unknown_taken``: they know that nobody
    here has compared the signature. Refuses with ``RuleBroken`` where something changed since, and
    an unknown signature that they did not agree to. Sent twice: nothing happens the second time.
    """
    check_exchanges(actor)
    draft = queries.learning_import(actor, import_id, for_change=True)
    if draft.done_at is not None:
        return BroughtIn(0, 0)
    wanted = set(keys)
    # What is here already cannot change between the look and the writing.
    borrowed_queries.lock_borrowed(actor, keys_waiting(draft.content or {}))
    look = _look(actor, draft, secret)
    if look.is_refused:
        raise RuleBroken(look.sender.refusal)
    if look.seen != seen:
        raise RuleBroken(CHANGED_SINCE)
    chosen = [page for page in look.to_take if page.key in wanted]
    faults = []
    if not chosen or len(chosen) != len(wanted):
        faults.append(Reason("Choose at least one page.", "pages"))
    if look.is_unknown and not is_unknown_taken:
        words = "Tick that you know that nobody here has compared this signature."
        faults.append(Reason(words, "is_unknown_taken"))
    if faults:
        raise RuleBroken(faults)
    # In one order for everybody, so that two who bring in the same pages never wait for each other.
    for page in sorted(chosen, key=lambda page: page.key):
        _take(actor, page, look)
    draft.done_at = clock.now()
    draft.content = None
    db.session.flush()
    audit.record(
        actor,
        "learning_brought_in",
        "learning_import",
        draft.id,
        pages=[page.key for page in chosen],
        fingerprint=look.sender.fingerprint,
        is_trusted=not look.is_unknown,
    )
    newer = sum(1 for page in chosen if page.state is State.NEWER)
    return BroughtIn(len(chosen) - newer, newer)


def drop_import(actor: Actor, *, import_id: int) -> None:
    """Throw a file away that waits for a decision. Twice is harmless."""
    check_exchanges(actor)
    db.session.execute(
        delete(LearningImport)
        .where(
            LearningImport.id == import_id,
            LearningImport.organisation_id == actor.organisation_id,
            LearningImport.by_id == actor.person_id,
            LearningImport.done_at.is_(None),
        )
        .execution_options(synchronize_session=False)
    )


def take_out(actor: Actor, *, page_id: int, seen_version: int) -> str:
    """Take a page of another council out of the library; return its title. Twice is harmless.

    Ideas that began from it stay, and its words go, since they may be why it is taken out. It
    comes back by being brought in again.
    """
    check_exchanges(actor)
    there = borrowed_queries.borrowed_for_change(actor, page_id)
    title = there.title
    if there.taken_out_at is None:
        if there.version != seen_version:
            raise Stale()
        there.taken_out_at = clock.now()
        there.title, there.words = TAKEN_OUT, ""
        there.content = {name: there.content[name] for name in ("key", "version", "ending")}
        there.version += 1
        db.session.flush()
        audit.record(actor, "borrowed_taken_out", "borrowed_page", there.id)
    return title


def purge_learning_imports() -> int:
    """Remove files whose day is over, decided or not. For the nightly job, too."""
    result = db.session.execute(
        delete(LearningImport)
        .where(LearningImport.expires_at <= clock.now())
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def _look(actor: Actor, draft: LearningImport, secret: str) -> ImportLook:
    if draft.content is None:
        raise NotFound
    content = draft.content
    council = Council(**content["council"])
    known = queries.trusted_councils(actor)
    sender = _sender(actor, council.name, content["fingerprint"], secret, known)
    here = queries.here_already(actor, keys_waiting(content))
    seen_keys: set[str] = set()
    pages = []
    for number, one in enumerate(content["pages"], start=1):
        key = one["page"]["key"] if not one["faults"] else ""
        pages.append(
            arriving(
                number,
                one["page"],
                one["faults"],
                here,
                sender=sender,
                known=known,
                is_twice=bool(key) and key in seen_keys,
            )
        )
        seen_keys.add(key)
    return ImportLook(
        held=ImportView(draft.id, draft.file_name, None, draft.created_at, draft.done_at),
        sender=sender,
        council=council,
        made_on=date.fromisoformat(content["made_on"]),
        public_key=content["public_key"],
        pages=tuple(pages),
    )


def _take(actor: Actor, page: Arriving, look: ImportLook) -> None:
    assert page.content is not None  # noqa: S101 - only pages that hold can be ticked
    content = dict(page.content)
    there = borrowed_queries.borrowed_by_key(actor, page.key)
    if (there is None) != (page.state is State.NEW):
        # It came by somebody else after the look, and with whatever key they believed.
        raise RuleBroken(CHANGED_SINCE)
    if there is None:
        there = BorrowedPage(organisation_id=actor.organisation_id, source_key=page.key, version=0)
    else:
        is_newer = there.source_version < int(content["version"])
        there.replaced_version = there.source_version if is_newer else there.replaced_version
    there.source_council = look.sender.name
    there.source_version = int(content["version"])
    there.fingerprint = look.sender.fingerprint
    there.was_trusted = not look.is_unknown
    there.title = content["title"]
    there.words = words_of(content)
    there.content = content
    there.made_on = look.made_on
    there.source_address = f"{look.council.site}/learning/{look.council.slug}/{page.key}"
    there.brought_in_by_id = actor.person_id
    there.brought_in_at = clock.now()
    there.taken_out_at = None
    there.version += 1
    try:
        with db.session.begin_nested():
            db.session.add(there)
    except IntegrityError:
        # Somebody else brought it in at the same moment, and was first.
        raise RuleBroken(CHANGED_SINCE) from None


def _sender(
    actor: Actor, said_name: str, fingerprint: str, secret: str, known: Sequence[TrustedView]
) -> Sender:
    council = queries.own_council(actor)
    own = own_key(council.slug, secret)
    return sender_of(
        said_name=said_name,
        fingerprint=fingerprint,
        own=own.fingerprint if own else "",
        own_name=council.name,
        known=known,
    )


def _council(council: CouncilNamed, site: str) -> Council:
    return Council(council.name, council.slug, site)
