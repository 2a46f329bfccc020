"""Reads for the exchange with other councils: who is trusted, what waits, what is here already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import organisation_slugs, person_names
from improve.library.models import BorrowedPage, LearningImport, TrustedCouncil
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

#: Pages from another council wait this long for the decision.
IMPORT_LIFE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CouncilNamed:
    """A council by its name, and its short name in addresses."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class TrustedView:
    """A council whose key somebody here compared. ``ended_at`` None: it is trusted now."""

    id: int
    name: str
    verify_key: str
    fingerprint: str
    how_compared: str
    added_at: datetime
    added_by: str
    ended_at: datetime | None
    version: int

    @property
    def is_trusted(self) -> bool:
        """Whether it still counts."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class ImportView:
    """Pages that wait for a decision; ``content`` None once it was made."""

    id: int
    file_name: str
    content: dict[str, Any] | None
    created_at: datetime
    done_at: datetime | None

    @property
    def said_from(self) -> str:
        """Where it comes from, in words."""
        return f"“{self.file_name}”" if self.file_name else "a pasted text"


@dataclass(frozen=True, slots=True)
class HereAlready:
    """A borrowed page as it stands here, to compare with what comes."""

    id: int
    source_version: int
    fingerprint: str
    source_council: str
    content: dict[str, Any]
    is_taken_out: bool


def own_council(actor: Actor) -> CouncilNamed:
    """Return the actor's council."""
    council = organisation_slugs()
    row = db.session.execute(
        select(council.c.name, council.c.slug).where(council.c.id == actor.organisation_id)
    ).one()
    return CouncilNamed(row.name, row.slug)


def council_named(slug: str) -> CouncilNamed:
    """Return a council by its short name, for everybody. Raises ``NotFound``."""
    council = organisation_slugs()
    row = db.session.execute(
        select(council.c.name, council.c.slug).where(council.c.slug == slug)
    ).one_or_none()
    if row is None:
        raise NotFound
    return CouncilNamed(row.name, row.slug)


def trusted_councils(actor: Actor) -> list[TrustedView]:
    """Return every council that is or was trusted here, A to Z, ended ones last."""
    adder = person_names()
    rows = db.session.execute(
        select(TrustedCouncil, adder.c.name.label("adder"))
        .join(adder, adder.c.id == TrustedCouncil.added_by_id)
        .where(TrustedCouncil.organisation_id == actor.organisation_id)
        .order_by(TrustedCouncil.ended_at.is_not(None), TrustedCouncil.name, TrustedCouncil.id)
    )
    return [
        TrustedView(
            id=one.id,
            name=one.name,
            verify_key=one.verify_key,
            fingerprint=one.fingerprint,
            how_compared=one.how_compared,
            added_at=one.added_at,
            added_by=adder_name,
            ended_at=one.ended_at,
            version=one.version,
        )
        for one, adder_name in rows
    ]


def trusted_for_change(actor: Actor, council_id: int) -> TrustedCouncil:
    """Return a trusted council, locked. Raises ``NotFound``."""
    found = db.session.execute(
        select(TrustedCouncil)
        .where(
            TrustedCouncil.id == council_id,
            TrustedCouncil.organisation_id == actor.organisation_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def trusted_by_fingerprint(actor: Actor, fingerprint: str) -> TrustedCouncil | None:
    """Return a council that is or was trusted by its key, locked; None where there is none."""
    return db.session.execute(
        select(TrustedCouncil)
        .where(
            TrustedCouncil.organisation_id == actor.organisation_id,
            TrustedCouncil.fingerprint == fingerprint,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def imports_waiting(actor: Actor) -> list[ImportView]:
    """Return what the actor has begun to bring in and not decided yet; the newest first."""
    rows = db.session.execute(
        select(
            LearningImport.id,
            LearningImport.file_name,
            LearningImport.created_at,
        )
        .where(
            LearningImport.organisation_id == actor.organisation_id,
            LearningImport.by_id == actor.person_id,
            LearningImport.done_at.is_(None),
            LearningImport.expires_at > clock.now(),
        )
        .order_by(LearningImport.id.desc())
    )
    return [ImportView(row.id, row.file_name, None, row.created_at, None) for row in rows]


def learning_import(actor: Actor, import_id: int, *, for_change: bool = False) -> LearningImport:
    """Return what the actor has begun to bring in. Raises ``NotFound`` when its day is over."""
    asked = select(LearningImport).where(
        LearningImport.id == import_id,
        LearningImport.organisation_id == actor.organisation_id,
        LearningImport.by_id == actor.person_id,
        LearningImport.expires_at > clock.now(),
    )
    if for_change:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = db.session.execute(asked).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def here_already(actor: Actor, keys: Iterable[str]) -> dict[str, HereAlready]:
    """Return borrowed pages by their key between councils, taken out ones too."""
    rows = db.session.execute(
        select(
            BorrowedPage.source_key,
            BorrowedPage.id,
            BorrowedPage.source_version,
            BorrowedPage.fingerprint,
            BorrowedPage.source_council,
            BorrowedPage.content,
            BorrowedPage.taken_out_at.is_not(None).label("is_taken_out"),
        )
        .where(
            BorrowedPage.organisation_id == actor.organisation_id,
            BorrowedPage.source_key.in_(sorted(set(keys))),
        )
        .order_by(BorrowedPage.id)
    )
    return {row.source_key: HereAlready(*row[1:]) for row in rows}
