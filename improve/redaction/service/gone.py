"""Texts that were hidden and not settled are hidden again in a restored backup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor, Place
from improve.accounts.queries import administrators, coaches, data_protection_leads
from improve.accounts.roles import Role
from improve.redaction.models import HiddenText
from improve.redaction.service.hide import hide_text, is_hidden_now
from improve.redaction.service.sources import check_root
from improve.redaction.texts import Name, Root, RootKind
from improve.shared.db import db
from improve.shared.erased_file import number_in
from improve.shared.errors import NotFound, RuleBroken
from improve.shared.gone_marks import Goes


def hidden_texts() -> Goes:
    """Return how it is known which are hidden, by numbers: every text there is may be one."""
    return Goes("hidden", _hidden, lambda: (), _hide_again, back=_settled, is_plain=True)


def _hidden() -> Iterator[str]:
    waiting = select(HiddenText).where(HiddenText.settled_at.is_(None)).order_by(HiddenText.id)
    return (_name(one) for one in db.session.scalars(waiting).all())


def _settled() -> Iterator[str]:
    other = aliased(HiddenText)
    waits = exists().where(
        other.kind == HiddenText.kind,
        other.subject_id == HiddenText.subject_id,
        other.field == HiddenText.field,
        other.settled_at.is_(None),
    )
    settled = select(HiddenText).where(HiddenText.settled_at.is_not(None), ~waits)
    return (_name(one) for one in db.session.scalars(settled.order_by(HiddenText.id)).all())


def _name(hidden: HiddenText) -> str:
    return " ".join(
        (
            str(hidden.organisation_id),
            f"{hidden.root_kind}:{hidden.root_id}",
            f"{hidden.kind}:{hidden.subject_id}:{hidden.field}",
        )
    )


def _hide_again(names: Sequence[str]) -> int:
    return sum(_hide(name) for name in names)


def _hide(said: str) -> bool:
    """Hide one text; False where it is hidden, or is not here, or it is no such name."""
    words = said.split(" ")
    parts = [part for word in words for part in word.split(":")]
    if [len(words), len(parts)] != [3, 6] or parts[1] not in {kind.value for kind in RootKind}:
        return False
    numbers = [number_in(parts[at]) for at in (0, 2, 4)]
    if None in numbers:
        return False
    council, root_id, subject_id = (number or 0 for number in numbers)
    root, name = Root(RootKind(parts[1]), root_id), Name(parts[3], subject_id, parts[5])
    try:
        actor = _whoever_settles(council)
        check_root(actor, root, settles=True)
        hide_text(actor, name=name, known_root=root, is_again=True)
    except (NotFound, RuleBroken):
        return False  # deleted since, or written after the backup
    return is_hidden_now(actor, name)


def _whoever_settles(organisation_id: int) -> Actor:
    """Return who of the council settles hidden words: who hid them is not in the file."""

    def acting(person_id: int) -> Actor:
        return Actor(
            person_id=person_id,
            organisation_id=organisation_id,
            name="",
            job_title="",
            places=(Place(Role.DATA_PROTECTION_LEAD),),
            rights_version=0,
        )

    nobody = acting(0)
    found = [*data_protection_leads(nobody), *coaches(nobody)]
    people = [person.id for person in found] or sorted(administrators(organisation_id))
    if not people:
        raise NotFound
    return acting(people[0])
