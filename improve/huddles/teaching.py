"""What each part of a huddle is for, for a team that has never run one. Pure.

``say`` is at most 40 words: what whoever drives may read aloud as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from improve.huddles.kinds import Part
from improve.huddles.views import TeachCard

#: A huddle in five lines, before the first huddle.
FIVE_LINES: Final = (
    "Stand up, same time, same order, ten to fifteen minutes.",
    "One person drives what the wall shows. Everybody else talks.",
    "Look at one thing at a time and decide the next small step.",
    "Anybody writes an action on a phone: what, who, by when.",
    "Stop on time. What you did not reach is still on the board.",
)

TEACH: Final[Mapping[Part, TeachCard]] = {
    Part.DUE: TeachCard(
        "What people said they would do. Tick it, move the day, or drop it with a reason.",
        "This is what we said we would do. Done, needs a new day, or not worth it any more? "
        "All three are fine answers. Does anybody need a hand with theirs?",
        2,
    ),
    Part.NEW: TeachCard(
        "Ideas that nobody has answered. Each gets an answer in words from a person.",
        "Somebody took the trouble to suggest this. Let’s read it as they wrote it. "
        "Shall we try it small, do we need to know more, or not now, and why?",
        4,
    ),
    Part.STUCK: TeachCard(
        "Ideas that have stood longer than usual, that somebody pinned, or that need a lead.",
        "This one has not moved for a while. What is the smallest next step, and who takes it? "
        "Stopping is a good answer too, if we say what we learned.",
        3,
    ),
    Part.STUDY: TeachCard(
        "Tests whose day to study has come. Read the prediction first, then what happened.",
        "First, what did we predict? Now, what happened? Do we keep it, change it, stop it, "
        "or go on because it is too early to say?",
        3,
    ),
    Part.SIGNALS: TeachCard(
        "Numbers that say something new, and what was tapped this week.",
        "One number at a time. What does the sentence beside the chart say? "
        "If it says too early, we wait. If it says something changed, what did we do then?",
        1,
    ),
    Part.BLOCKED: TeachCard(
        "Ideas that cannot go on without somebody outside the team.",
        "What exactly is in the way, and who can move it? Who asks them, by when? "
        "If it is above us, we say so to our manager today.",
        1,
    ),
    Part.HARD: TeachCard(
        "What made the right thing hard this week: a condition, never a person.",
        "What made it hard to do the right thing this week? Not who. "
        "Choose what comes nearest. Nobody’s name is kept.",
        1,
    ),
    Part.CLOSE: TeachCard(
        "A thank-you, the good news, and when you meet next.",
        "Who helped you this week? Say it to them now, in a sentence. "
        "Any good news? Any help we need? Then we are done.",
        1,
    ),
    Part.TODAY: TeachCard(
        "A busy time: one question, to the whole room.",
        "What is in the way today? One sentence each, no discussion yet.",
        3,
    ),
    Part.HELP: TeachCard(
        "A busy time: who needs a hand, and who has one.",
        "Who needs help today, and who can give it? Write it down as an action.",
        2,
    ),
}
