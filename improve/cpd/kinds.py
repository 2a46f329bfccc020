"""What a piece of learning is, and how it is said. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class PieceKind(StrEnum):
    """The type of activity that a piece of learning came from."""

    CYCLE = "cycle"
    TRAINING = "training"
    READING = "reading"
    SHADOWING = "shadowing"
    TALK = "talk"
    OTHER = "other"


KIND_WORDS: Final[Mapping[PieceKind, str]] = {
    PieceKind.CYCLE: "Trying a change (a PDSA cycle)",
    PieceKind.TRAINING: "Training or a course",
    PieceKind.READING: "Reading or research",
    PieceKind.SHADOWING: "Watching or shadowing somebody’s work",
    PieceKind.TALK: "Supervision, group supervision or a reflective talk",
    PieceKind.OTHER: "Something else",
}
#: The words of a piece that its owner may edit, in the order in which they are read.
TEXT_FIELDS: Final = ("why", "learned", "effect", "evidence", "peer", "reflection")
FIELD_WORDS: Final[Mapping[str, str]] = {
    "activity": "What I did",
    "kind": "Type of activity",
    "done_on": "When",
    "why": "Why it matters",
    "learned": "What I learned",
    "effect": "The good it did or will do, in practice and for people",
    "evidence": "What the numbers say",
    "peer": "What came of talking it over with a peer",
    "reflection": "My own reflection",
}
SUPERVISION_WORDS: Final[Mapping[str, str]] = {
    "ideas": "My ideas, and where they are",
    "learned": "What I learned",
    "in_the_way": "What is in my way",
    "asks": "What I ask",
}
