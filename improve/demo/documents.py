"""What the demo council's privacy documents and accessibility statement are filled with.

The outcome of its impact assessment is not there yet, so that one document shows what it waits for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.privacy.service import set_facts
from improve.shared import clock

#: Who keeps them: the data protection lead.
_WHO: Final = "stellan"
#: Days from the loading: before anything of families or reports was taken.
_WRITTEN: Final = -440
_FACTS: Final[Mapping[str, str]] = {
    "address": "County Hall, Weir Street, Merrowdale (an invented place)",
    "ico_number": "Z0000000 (invented)",
    "dpo_name": "The Information Office",
    "dpo_contact": "information@merrowdale.example, 01632 960 140",
    "staff_basis": "Public task, Article 6(1)(e) UK GDPR: the council’s duties for children in "
    "need, in care and leaving care, under the Children Act 1989",
    "family_basis": "Public task, Article 6(1)(e) UK GDPR, with section 11 of the Children Act "
    "2004: services have regard to what children need and say",
    "special_basis": "Substantial public interest, Article 9(2)(g) UK GDPR, with paragraph 18 of "
    "Schedule 1 to the Data Protection Act 2018: safeguarding of children and of people at risk",
    "hosting": "The council’s own data centre in Merrowdale, looked after by its digital team, in "
    "the United Kingdom",
    "suppliers": "None",
    "transfers": "None",
    "backups_kept": "Fourteen days, one a day, encrypted",
    "dpia_why": "Children, families and staff tell things in confidence. The children’s leadership "
    "team asked for an assessment before the first form was opened.",
    "dpia_asked": "The young people’s council, five parents, two trade unions and every team "
    "manager. Young people asked who reads it, and by when: the form says both.",
    "dpia_risks": "A small team is easily guessed. Teams with fewer than six workers share one "
    "poster with a neighbour.",
    "access_contact": "access@merrowdale.example, 01632 960 141",
    "access_answer": "Within five working days",
    "access_gaps": "We have not yet tried every page with software that is spoken to.",
}


def document_steps(council: Council, timetable: Timetable) -> list[Step]:
    """Return how the facts were filled in, early, by whoever answers for privacy."""
    if _WHO not in council.people:
        return []
    return [Step(timetable.early(_WRITTEN, 10), lambda: _fill(council))]


def _fill(council: Council) -> None:
    today = clock.today()
    written = f"{today.day} {today:%B %Y}"
    words = dict(_FACTS) | {
        "access_written": written,
        "access_tested": f"By three workers and a young person on {written}, with a screen reader, "
        "a keyboard alone and a phone",
    }
    set_facts(council.actor(_WHO), words=words, seen={})
