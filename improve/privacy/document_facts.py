"""What only the council knows of its privacy notice, assessment and statement. Pure.

Nothing is invented: what is missing stands in the document as “not filled in yet”, and the page of
facts says which documents wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Document(StrEnum):
    """A document that is filled from facts; the value is what it is called."""

    NOTICE = "Privacy notice"
    RECORDS = "Records of processing"
    DPIA = "Impact assessment"
    ACCESS = "Accessibility statement"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the council fills in. ``is_long``: several lines."""

    label: str
    hint: str
    needed_by: tuple[Document, ...]
    is_long: bool = False


_N, _R, _D, _A = Document.NOTICE, Document.RECORDS, Document.DPIA, Document.ACCESS

FACTS: Final[Mapping[str, Fact]] = {
    "address": Fact("The council’s postal address", "On one line", (_N, _R)),
    "ico_number": Fact(
        "Registration number with the Information Commissioner", "For example Z1234567", (_N, _R)
    ),
    "dpo_name": Fact("Data protection officer", "Name or office", (_N, _R, _D)),
    "dpo_contact": Fact("How to reach them", "E-mail or telephone", (_N, _R, _D)),
    "staff_basis": Fact(
        "Lawful basis for data about staff",
        "For example: public task, Article 6(1)(e) UK GDPR, with the law that gives it",
        (_N, _R, _D),
        is_long=True,
    ),
    "family_basis": Fact(
        "Lawful basis for what children and families tell",
        "For example: public task, with section 11 of the Children Act 2004",
        (_N, _R, _D),
        is_long=True,
    ),
    "special_basis": Fact(
        "Condition for special category data",
        "Health, beliefs or origin may be told of in free text. Name the condition of Article 9 "
        "and of Schedule 1 to the Data Protection Act 2018",
        (_N, _R, _D),
        is_long=True,
    ),
    "hosting": Fact(
        "Where it runs, and who looks after the server",
        "Company or own data centre, and the country",
        (_N, _R, _D),
    ),
    "suppliers": Fact(
        "Companies that handle the data for the council",
        "Each with what it does. Mail and scripts from elsewhere are named by themselves",
        (_N, _R, _D),
        is_long=True,
    ),
    "transfers": Fact(
        "Data that leaves the United Kingdom",
        "What, where to, and under which safeguard; or “None”",
        (_N, _R, _D),
    ),
    "backups_kept": Fact(
        "How long backups are kept", "What was erased is in them until then", (_N, _R, _D)
    ),
    "dpia_why": Fact("Why an assessment was made", "And who asked for it", (_D,), is_long=True),
    "dpia_asked": Fact(
        "Who was asked",
        "Staff, young people, parents, trade unions, and what they said",
        (_D,),
        is_long=True,
    ),
    "dpia_risks": Fact(
        "Further risks that the council sees",
        "Each with what is done about it and what is left",
        (_D,),
        is_long=True,
    ),
    "dpia_outcome": Fact("What was decided", "And under which conditions", (_D,), is_long=True),
    "dpia_signed": Fact("Signed by, and when", "Name, office and day", (_D,)),
    "dpia_again": Fact("When it is looked at again", "A day, and by whom", (_D,)),
    "access_contact": Fact(
        "Whom to tell about a page that cannot be used", "E-mail and telephone", (_A,)
    ),
    "access_answer": Fact("How soon they answer", "For example: within five working days", (_A,)),
    "access_tested": Fact("How and when the pages were tested", "By whom, and with what", (_A,)),
    "access_gaps": Fact("What does not work yet", "Or “Nothing we know of”", (_A,), is_long=True),
    "access_written": Fact("When the statement was written", "A day", (_A,)),
}
#: How the form goes through them.
GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("The council", ("address", "ico_number", "dpo_name", "dpo_contact")),
    ("The law", ("staff_basis", "family_basis", "special_basis")),
    ("Who handles the data", ("hosting", "suppliers", "transfers", "backups_kept")),
    (
        "Impact assessment",
        ("dpia_why", "dpia_asked", "dpia_risks", "dpia_outcome", "dpia_signed", "dpia_again"),
    ),
    (
        "Accessibility",
        ("access_contact", "access_answer", "access_tested", "access_gaps", "access_written"),
    ),
)


def missing(facts: Mapping[str, str], document: Document) -> list[str]:
    """Return the labels of what a document still waits for."""
    return [
        fact.label
        for key, fact in FACTS.items()
        if document in fact.needed_by and not facts.get(key)
    ]
