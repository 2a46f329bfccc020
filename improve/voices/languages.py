"""Languages that people write to us in, besides English. Pure.

The form itself is in those of ``voices.wording``; anybody may write in any.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: What stands for one that is not listed.
OTHER: Final = "other"
#: Their names in English by the code that browsers and screen readers take.
OTHER_LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ar": "Arabic",
        "bn": "Bengali",
        "zh": "Chinese",
        "fr": "French",
        "gu": "Gujarati",
        "ku": "Kurdish",
        "ps": "Pashto",
        "fa": "Persian, Dari",
        "pl": "Polish",
        "pt": "Portuguese",
        "pa": "Punjabi",
        "ro": "Romanian",
        "so": "Somali",
        "es": "Spanish",
        "ta": "Tamil",
        "ti": "Tigrinya",
        "tr": "Turkish",
        "uk": "Ukrainian",
        "ur": "Urdu",
        "vi": "Vietnamese",
        "cy": "Welsh",
        "other": "Another language",
    }
)


def name_of(language: str) -> str:
    """Return the name of a language that is not English, in English; “” for English."""
    return OTHER_LANGUAGES.get(language, "")


def lang_of(language: str) -> str:
    """Return the code for a page; “und” for one that nobody named."""
    return language if language in OTHER_LANGUAGES and language != OTHER else "und"
