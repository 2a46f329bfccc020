"""What the short words on the pages stand for: shown under Help, and no other may be used. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SHORT_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "A4": "The usual size of a sheet of paper; A6 is a quarter of it.",
        "AA": "The middle of three levels of the guidelines on pages that everybody can use.",
        "CPD": "Continuing professional development: what a social worker learns each year.",
        "CSV": "Comma-separated values: a table as a plain file, for a spreadsheet.",
        "GDPR": "General Data Protection Regulation: the law on people’s data.",
        "HR": "Human resources: who at the council looks after jobs and contracts.",
        "IT": "Information technology: computers, and who looks after them.",
        "JSON": "A file of facts for a program to read.",
        "LADO": "Local authority designated officer: for worries about staff and carers.",
        "MB": "Megabyte: the size of a large photo; KB is a thousandth of it.",
        "NHS": "National Health Service; “Making Data Count” is how it reads charts.",
        "PDF": "A file that prints the same everywhere.",
        "PDSA": "Plan, Do, Study, Act: the round that each idea goes.",
        "PNG": "A picture as a file; SVG is one that stays sharp at any size.",
        "SHA": "A sum over a file, by which two people see that it is the same.",
        "TV": "A screen on a wall.",
        "UK": "United Kingdom.",
        "UTC": "The clock that all times in tables are in; an hour behind ours in summer.",
        "UTF": "The usual way to write letters in a file.",
        "ZIP": "Many files packed into one.",
    }
)
