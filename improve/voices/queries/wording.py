"""The words of the form as a council says them, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from babel.messages.pofile import read_po
from sqlalchemy import func, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.shared.db import db
from improve.voices.models import VoiceWording
from improve.voices.wording import ENGLISH, LANGUAGES, TEXTS, Words


@dataclass(frozen=True, slots=True)
class WordingView:
    """A version of a text, and who wrote it. Empty ``words``: the house's own were put back."""

    version: int
    words: str
    by_name: str
    at: datetime


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the house's own texts of a language by name; what it lacks is in English.

    Raises ``KeyError`` for a language that there is not.
    """
    known = LANGUAGES[language]
    if known.code == ENGLISH:
        return TEXTS
    file = resources.files("improve.voices").joinpath("catalogues", f"{known.code}.po")
    with file.open("rb") as opened:
        found = read_po(opened, locale=known.lang)
    texts = {
        message.context: str(message.string)
        for message in found
        if message.context in TEXTS and message.string and not message.fuzzy
    }
    return MappingProxyType({**TEXTS, **texts})


def words_for(organisation_id: int, language: str) -> Words:
    """Return every text of the form in a language, a council's own before the house's.

    One statement. Raises ``KeyError`` for a language that there is not.
    """
    own = _newest(organisation_id, {language})
    return Words(
        LANGUAGES[language],
        MappingProxyType({**catalogue(language), **{name: row.words for name, row in own.items()}}),
    )


def own_texts(actor: Actor, language: str) -> dict[str, WordingView]:
    """Return which texts a council says in its own words now, by name. One statement."""
    return _newest(actor.organisation_id, {language})


def versions_of(actor: Actor, language: str, name: str) -> list[WordingView]:
    """Return all versions of a text, newest first. One statement."""
    return [
        WordingView(row.version, row.words, by_name or "", row.changed_at)
        for row, by_name in db.session.execute(
            _versions(actor.organisation_id)
            .where(VoiceWording.language == language, VoiceWording.name == name)
            .order_by(VoiceWording.version.desc(), VoiceWording.id.desc())
        )
    ]


def _newest(organisation_id: int, languages: set[str]) -> dict[str, WordingView]:
    rank = (
        select(
            VoiceWording.id,
            func.row_number()
            .over(
                partition_by=(VoiceWording.language, VoiceWording.name),
                order_by=VoiceWording.version.desc(),
            )
            .label("place"),
        )
        .where(
            VoiceWording.organisation_id == organisation_id,
            VoiceWording.language.in_(sorted(languages)),
        )
        .subquery("by_version")
    )
    rows = db.session.execute(
        _versions(organisation_id)
        .join(rank, rank.c.id == VoiceWording.id)
        .where(rank.c.place == 1, VoiceWording.words != "")
        .order_by(VoiceWording.name, VoiceWording.id)
    )
    return {
        row.name: WordingView(row.version, row.words, by_name or "", row.changed_at)
        for row, by_name in rows
        if row.name in TEXTS
    }


def _versions(organisation_id: int) -> Any:
    people = person_names()
    return (
        select(VoiceWording, people.c.name)
        .outerjoin(people, people.c.id == VoiceWording.changed_by_id)
        .where(VoiceWording.organisation_id == organisation_id)
    )
