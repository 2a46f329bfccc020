"""The pages of voices: one module a theme, one blueprint. Those for families need no account."""

from __future__ import annotations

from improve.voices import queries  # noqa: F401
from improve.voices.routes import (  # noqa: F401
    addresses,
    answers,
    changed,
    cover,
    desk,
    help_wanted,
    how_it_goes,
    languages,
    promise,
    public,
    readiness,
    reading,
    receipt,
    shareable,
    shared,
    surveys,
    type_in,
    use,
    wordings,
)
from improve.voices.routes.blueprint import blueprint

__all__ = ["blueprint"]
