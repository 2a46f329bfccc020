"""Themes: what voices are about, in words that the readers of a council keep."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.shared import audit, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken
from improve.voices.models import VoiceTheme
from improve.voices.service.one import ONLY_READERS


def add_theme(actor: Actor, *, name: str) -> int:
    """Add a theme and return its id; one that stands already is the same one."""
    name = _checked(actor, name)
    same = _of_name(actor, name)
    if same is not None:
        return same.id
    theme = VoiceTheme(organisation_id=actor.organisation_id, name=name)
    try:
        with db.session.begin_nested():
            db.session.add(theme)
    except IntegrityError:
        # Another reader added it at the same moment, and was first.
        same = _of_name(actor, name)
        if same is None:
            raise
        return same.id
    audit.record(actor, "voice_theme_added", "voice_theme", theme.id)
    return theme.id


def rename_theme(actor: Actor, *, theme_id: int, name: str) -> None:
    """Call a theme otherwise, for all voices that have it. A name of another is refused."""
    name = _checked(actor, name)
    theme = db.session.scalars(
        select(VoiceTheme)
        .where(VoiceTheme.id == theme_id, VoiceTheme.organisation_id == actor.organisation_id)
        .with_for_update()
    ).one_or_none()
    if theme is None:
        raise NotFound
    if theme.name == name:
        return
    same = _of_name(actor, name)
    if same is not None and same.id != theme.id:
        raise RuleBroken([Reason("Another theme is called this already.", "name")])
    theme.name = name
    db.session.flush()
    audit.record(actor, "voice_theme_renamed", "voice_theme", theme.id)


def _checked(actor: Actor, name: str) -> str:
    if not roles.may(actor, Permission.READ_VOICES):
        raise Forbidden(ONLY_READERS)
    name, most = " ".join(name.split()), limits.length("voice_label")
    if not name:
        raise RuleBroken([Reason("Write a few words, such as “Being told why we wait”.", "name")])
    if len(name) > most:
        raise RuleBroken([Reason(f"Use {most} characters or fewer.", "name")])
    return name


def _of_name(actor: Actor, name: str) -> VoiceTheme | None:
    themes = db.session.scalars(
        select(VoiceTheme)
        .where(VoiceTheme.organisation_id == actor.organisation_id)
        .order_by(VoiceTheme.id)
    )
    # Compared here: SQLite makes no capital small that has an accent.
    return next((one for one in themes if one.name.lower() == name.lower()), None)
