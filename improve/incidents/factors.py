"""The contributory factors: fourteen conditions behind what happened, in plain words. Pure.

Built from the Yorkshire Contributory Factors Framework, SEIPS, the London Protocol, HFACS and the
patterns of SCIE's Learning Together; the child's voice is our own. None of them is a person: people
who report lean to the act itself, so the form asks about conditions first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Part(StrEnum):
    """Where a condition lies; conditions of the family and the work stand before people."""

    FAMILY = "With the family"
    WORK = "The work"
    PEOPLE = "The people doing it"
    AROUND = "Around the team"


@dataclass(frozen=True, slots=True)
class Factor:
    """One condition. ``prompt``: what to think of, always shown beside it."""

    code: str
    name: str
    prompt: str
    part: Part


#: In the order in which the form shows them.
FACTORS: Final[tuple[Factor, ...]] = (
    Factor(
        "F01",
        "The family’s situation",
        "What about the child’s or family’s situation made this hard? Language, fear, "
        "distance, many needs at once, hidden harm.",
        Part.FAMILY,
    ),
    Factor(
        "F14",
        "The child’s voice",
        "Was the child seen, heard and believed? What would they have told us?",
        Part.FAMILY,
    ),
    Factor(
        "F12",
        "Help and homes available",
        "Was there a place, service, interpreter, expert or money when needed?",
        Part.FAMILY,
    ),
    Factor(
        "F05",
        "The task and its rules",
        "Was the form, step or procedure clear, possible and right for this situation?",
        Part.WORK,
    ),
    Factor(
        "F06",
        "Records, IT and places of work",
        "Was the information there, findable, right? Did the system, phone, car or room "
        "get in the way?",
        Part.WORK,
    ),
    Factor(
        "F07",
        "Workload and staffing",
        "Caseload, sickness, gaps, agency cover, a sudden rise in demand.",
        Part.WORK,
    ),
    Factor(
        "F08",
        "Handover and continuity",
        "Change of worker, team, shift or authority. Day to night. Leave.",
        Part.WORK,
    ),
    Factor(
        "F02",
        "How we were thinking",
        "Did a first view stick? Was something explained away, or one recent event given "
        "too much weight?",
        Part.PEOPLE,
    ),
    Factor(
        "F03",
        "Knowledge and experience for this task",
        "Was this new to the person? Had anyone shown them?",
        Part.PEOPLE,
    ),
    Factor(
        "F04",
        "How the worker was doing",
        "Tired, unwell, frightened, upset by the work, worried about their own safety.",
        Part.PEOPLE,
    ),
    Factor(
        "F10",
        "Team climate and speaking up",
        "Did someone notice and feel able to say so? Was help easy to ask for?",
        Part.PEOPLE,
    ),
    Factor(
        "F09",
        "Supervision and management decisions",
        "Was there time and a person to think with? Did decisions come when needed?",
        Part.AROUND,
    ),
    Factor(
        "F11",
        "Working with other agencies",
        "Did people share, understand each other and know who was doing what?",
        Part.AROUND,
    ),
    Factor(
        "F13",
        "Targets and outside pressure",
        "Did a deadline, target, inspection, court date or headline pull people away "
        "from what mattered?",
        Part.AROUND,
    ),
)
BY_CODE: Final[Mapping[str, Factor]] = {factor.code: factor for factor in FACTORS}
#: “I am not sure”, by itself.
NOT_SURE: Final = "not_sure"


def agreement(first: frozenset[str], second: frozenset[str]) -> float:
    """Return how far two codings agree, 0 to 1: of the codes that either chose, those both chose.

    Two that chose nothing agree.
    """
    either = first | second
    return len(first & second) / len(either) if either else 1.0
