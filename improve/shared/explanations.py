"""What a word means that needs training: shown beside the field that asks for it. Pure.

Each is read in the middle of something else: 40 words at most, with an example from the work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Explanation:
    """A question that somebody might have at a field, and its answer."""

    question: str
    words: str


EXPLANATIONS: Final[Mapping[str, Explanation]] = MappingProxyType(
    {
        "prediction": Explanation(
            "What is a prediction?",
            "What you think will happen, written before you try. For example: “Five of six "
            "families will know my name before I come.” If it turns out otherwise, you learn the "
            "most.",
        ),
        "aim": Explanation(
            "What is an aim?",
            "What should be better for children, for whom, by how much and by when. For example: "
            "“By July, nine in ten children say they knew why we came.”",
        ),
        "measure": Explanation(
            "What is a measure?",
            "A number that is counted the same way every time. For example: of all first visits "
            "this week, how many families got our letter before we came.",
        ),
        "study_date": Explanation(
            "Why a day to study it?",
            "So that a test ends and somebody looks at it. Two weeks are often enough: for "
            "example, six first visits, then a look at the tally in the next huddle.",
        ),
        "small_test": Explanation(
            "What is a small test?",
            "A change tried by one worker, or with up to five families, for two weeks, and easy "
            "to undo. For example: one worker sends a photo before six first visits.",
        ),
        "chart": Explanation(
            "What kind of chart fits?",
            "It follows from how you count. For example: visits on time out of visits due make a "
            "share; days until a first visit are a time. The usual kind is chosen for you.",
        ),
        "baseline": Explanation(
            "What is a baseline?",
            "The points before the change. They say what was usual. For example: the 24 weeks of "
            "visits before the team began to send photos.",
        ),
        "change_start": Explanation(
            "What is the start of the change?",
            "The first day on which the new way was really done. For example: the letters were "
            "agreed in May, and the first one went out on 2 June. It is 2 June.",
        ),
        "usual_level": Explanation(
            "What is the usual level?",
            "The middle of the points before the change. About half lie above it and half below. "
            "For example: in most weeks about 70 in 100 visits were made on time.",
        ),
        "limits": Explanation(
            "What are the limits?",
            "The two lines between which nearly all usual ups and downs lie. For example: between"
            " 58 and 82 visits in 100. A point outside is worth a question. It is not a standard.",
        ),
        "numerator": Explanation(
            "What is the top line?",
            "Who or what counts: the number above in a share. For example: visits that fell due "
            "this week and were made, with the child seen, by the day they were due.",
        ),
        "denominator": Explanation(
            "What is the bottom line?",
            "All that could have counted: the number below in a share. For example: all visits "
            "that fell due this week, made or not.",
        ),
        "balancing": Explanation(
            "What is a balancing measure?",
            "What might get worse while something else gets better. For example: visits are on "
            "time more often, and shorter. So the length of visits is counted, too.",
        ),
        "first_reply": Explanation(
            "What is a first reply?",
            "The first words of a person who may decide. For example: “Good one, Ines. Try it "
            "with two families, and tell us in the huddle.” Moving a card is not a reply.",
        ),
        "blocked": Explanation(
            "What is blocked?",
            "It can’t go on until somebody gives or decides a named thing. For example: the "
            "letter is ready, and the translation needs a yes from the head of service.",
        ),
        "ending": Explanation(
            "Keep, change or stop?",
            "Keep it if it helped. Change it, and test again. Or stop, and say what you learned. "
            "For example: texts did not reach families without credit, so we stopped and "
            "rang.",
        ),
        "theme": Explanation(
            "What is a theme?",
            "A few words under which several voices can stand. For example: “Being told why we "
            "wait”. Never one person’s story.",
        ),
        "could_guess": Explanation(
            "Could someone guess who it is?",
            "Read it as their own worker, parent or teacher would. For example: “the boy with the"
            " two dogs” is one boy to whoever knows him. Write “a child with a pet”.",
        ),
        "factors": Explanation(
            "What are factors?",
            "Conditions that made it more likely, never a person. For example: two systems with "
            "two addresses, or a handover at five on a Friday.",
        ),
        "near_miss": Explanation(
            "What is a near miss?",
            "It could have harmed somebody, and it did not. For example: a letter with an address"
            " was in the wrong envelope, and a colleague saw it before the post went.",
        ),
        "tally": Explanation(
            "What is a tally?",
            "One question, answered with one tap after each visit. For example: “Did the family "
            "know your name before you came?” A week’s taps become a point on the chart.",
        ),
        "dip_sample": Explanation(
            "What is a dip sample?",
            "A few records, read by two people apart, with the same yes or no questions. For "
            "example: in ten plans, are the child’s own words there?",
        ),
    }
)
