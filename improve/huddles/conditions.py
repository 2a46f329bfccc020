"""The 14 conditions that make the right thing hard, never a person. Pure.

Built on the Yorkshire contributory factors framework and the patterns of SCIE's Learning Together,
in the plain words of a children's service. Codes are stored; words may be bettered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: its code, its words on screen, and examples under them."""

    code: str
    words: str
    hint: str


CONDITIONS: Final = (
    Condition("F01", "The family’s situation", "Complexity, fear, language, distance, hidden harm"),
    Condition("F02", "How we were thinking", "The first view stuck, the last thing counted most"),
    Condition("F03", "Knowledge and experience for this task", "New to it, nobody to ask"),
    Condition("F04", "How the worker was doing", "Tired, upset, unsafe"),
    Condition("F05", "The task and its rules", "Forms, steps, procedures"),
    Condition("F06", "Records, IT and places of work", "Systems, phones, rooms, cars"),
    Condition("F07", "Workload and staffing", "Too much at once, people away, a sudden rush"),
    Condition("F08", "Handover and continuity", "What got lost from one person to the next"),
    Condition("F09", "Supervision and management decisions", "No time to think it through"),
    Condition("F10", "Team climate and speaking up", "Hard to ask, hard to say no"),
    Condition("F11", "Working with other agencies", "Who does what, waiting for each other"),
    Condition("F12", "Help and homes available", "Services, interpreters, homes, money"),
    Condition(
        "F13", "Targets and outside pressure", "Deadlines and numbers that pulled the other way"
    ),
    Condition("F14", "The child’s voice", "Not seen, not heard or not believed"),
)
CONDITION_WORDS: Final = {condition.code: condition.words for condition in CONDITIONS}
