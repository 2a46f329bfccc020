"""What changed because of children, young people and families, as everybody may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from improve.accounts.queries import organisation_slugs
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.suppression import Hidden, suppress_list
from improve.voices.kinds import AgeBand, Ending, MayShow, Speaker
from improve.voices.models import Voice, VoiceAnswer
from improve.voices.reading import FOR_READERS_ALONE

#: Stories of one page.
A_PAGE: Final = 30
#: Who told, as the filter names them: children by age, then families, then care leavers.
FAMILIES: Final = "families"
CARE_LEAVERS: Final = "care-leavers"
#: Who said nothing of their age: never a group to choose.
_NOT_SAID: Final = ""
GROUPS: Final = (*(age.value for age in AgeBand), FAMILIES, CARE_LEAVERS)


@dataclass(frozen=True, slots=True)
class Story:
    """One answer for everybody.

    ``is_quote``: ``said`` is in the person's own words, which they let us show. ``group`` is of
    ``GROUPS``, or “” where it could tell who it is. ``given_on`` is shown as its month at most.
    """

    said: str
    tried: str
    happened: str
    ending: Ending
    is_quote: bool
    by_helper: bool
    group: str
    given_on: date


@dataclass(frozen=True, slots=True)
class Changed:
    """A page of stories, the newest first.

    ``groups`` can be chosen; ``group`` is the chosen one, “” for everyone. ``pages`` is at least 1.
    """

    council: str
    slug: str
    groups: tuple[str, ...]
    group: str
    stories: tuple[Story, ...]
    page: int
    pages: int


def changed(slug: str, *, group: str, page: int) -> Changed:
    """Return what a council tells everybody. ``page`` is from 1; beyond the last is the last.

    A group that few stories are of cannot be chosen, nor one that would give it away by what is
    left over: no number is shown either. Raises ``NotFound``.
    """
    councils = organisation_slugs()
    council = db.session.execute(
        select(councils.c.id, councils.c.name, councils.c.slug).where(councils.c.slug == slug)
    ).one_or_none()
    if council is None:
        raise NotFound
    counts = _counts(council.id)
    groups = _choosable(counts)
    chosen = group if group in groups else ""
    total = counts[chosen] if chosen else sum(counts.values())
    pages = max(1, -(-total // A_PAGE))
    at = min(max(page, 1), pages)
    rows = _public(council.id)
    if chosen:
        rows = rows.where(_group() == chosen)
    found = db.session.execute(
        rows.order_by(VoiceAnswer.given_on.desc(), VoiceAnswer.id.desc())
        .limit(A_PAGE)
        .offset((at - 1) * A_PAGE)
    ).all()
    return Changed(
        council=council.name,
        slug=council.slug,
        groups=groups,
        group=chosen,
        stories=tuple(
            Story(
                said=row.said,
                tried=row.tried,
                happened=row.happened,
                ending=Ending(row.ending),
                is_quote=_is_quote(row),
                by_helper=row.by_helper,
                group=row.told_by if row.told_by in groups else "",
                given_on=row.given_on,
            )
            for row in found
        ),
        page=at,
        pages=pages,
    )


def _is_quote(row: Any) -> bool:
    """Whether it stands there as they said it: a reader may have put it into other words."""
    is_theirs = row.said.strip().strip("“”") in row.shareable
    return row.may_show == MayShow.YES and not row.by_helper and is_theirs


def _choosable(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the groups that neither are small nor would give a small one away."""
    names = (*GROUPS, _NOT_SAID)
    shown = suppress_list([counts.get(name, 0) for name in names]).counts
    return tuple(
        name
        for name, count in zip(names, shown, strict=True)
        if name and count and not isinstance(count, Hidden)
    )


def _counts(organisation_id: int) -> dict[str, int]:
    told = _public(organisation_id).order_by(None).subquery("told")
    rows = db.session.execute(
        select(told.c.told_by, func.count().label("how_many"))
        .group_by(told.c.told_by)
        .order_by(told.c.told_by)
    ).all()
    return {row.told_by: row.how_many for row in rows}


def _group() -> ColumnElement[str]:
    return case(
        (Voice.speaker_kind == Speaker.PARENT_OR_CARER.value, FAMILIES),
        (Voice.speaker_kind == Speaker.CARE_LEAVER.value, CARE_LEAVERS),
        else_=Voice.age_band,
    )


def _public(organisation_id: int) -> Select[*tuple[Any, ...]]:
    """Select each voice's newest answer for everybody; never of one that is locked or hidden."""
    newer = aliased(VoiceAnswer)
    return (
        select(
            VoiceAnswer.said,
            VoiceAnswer.tried,
            VoiceAnswer.happened,
            VoiceAnswer.ending,
            VoiceAnswer.given_on,
            Voice.may_show,
            Voice.by_helper,
            Voice.shareable,
            _group().label("told_by"),
        )
        .join(Voice, Voice.key == VoiceAnswer.voice_key)
        .where(
            VoiceAnswer.organisation_id == organisation_id,
            Voice.organisation_id == organisation_id,
            VoiceAnswer.is_public,
            VoiceAnswer.given_on.is_not(None),
            Voice.locked_at.is_(None),
            Voice.hidden_at.is_(None),
            Voice.state.not_in(FOR_READERS_ALONE),
            ~select(newer.id)
            .where(
                newer.voice_key == VoiceAnswer.voice_key,
                newer.is_public,
                newer.given_on.is_not(None),
                newer.id > VoiceAnswer.id,
            )
            .exists(),
        )
    )
