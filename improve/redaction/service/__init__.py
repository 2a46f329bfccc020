"""Hiding a text, taking words out everywhere, showing it again."""

from __future__ import annotations

from improve.redaction import models  # noqa: F401
from improve.redaction.service.again import WORDS, take_words_out_again
from improve.redaction.service.hide import hide_holding, hide_text, text_to_hide, texts_to_hide
from improve.redaction.service.settle import (
    Breach,
    Place,
    phrases_in,
    places_of,
    show_again,
    take_words_out,
)

__all__ = [
    "WORDS",
    "Breach",
    "Place",
    "hide_holding",
    "hide_text",
    "phrases_in",
    "places_of",
    "show_again",
    "take_words_out",
    "take_words_out_again",
    "text_to_hide",
    "texts_to_hide",
]
