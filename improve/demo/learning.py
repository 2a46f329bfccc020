"""What finished ideas of the demo taught: pages of the library, and what leaders read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.ideas import service as ideas
from improve.library.learning import PageWords
from improve.library.queries.pages import page
from improve.library.service.publish import publish_page
from improve.library.service.write import write_page
from improve.review.service.read import tick_read


@dataclass(frozen=True)
class _Page:
    """A page of an idea: who wrote it and on which day; ``public``: on which day, and why."""

    ref: str
    by: str
    day: int
    words: PageWords
    is_shared: bool = True
    public: tuple[int, str] | None = None


_COACH: Final = "miriam"
_PAGES: Final = (
    _Page(
        "IDEA-003",
        "nadia",
        -88,
        PageWords(
            title="Page one belongs to the child",
            was_hard="Plans sounded like us. Children told us they were “about me but not me”.",
            tried=(
                "Page one is the child’s: words, a drawing, a photo or a voice note typed up. "
                "Nothing else of the plan starts until it is there. Six children first, then the "
                "whole team."
            ),
            happened=(
                "Plans with the child’s own words went from about half to three in four, and "
                "stayed there. It stuck once carers knew about it and began to help at home."
            ),
            changed_for_child=(
                "A boy drew only his dog. At his next review the first thing we talked about was "
                "who looks after her."
            ),
            use_when="Plans sound like us.",
            beware="Younger children need longer and a quiet room. An empty page is fine.",
            did_not_work="It is harder for babies and for children who live far away.",
            is_story=True,
        ),
        public=(-80, "Other councils asked how we did it. Nothing in it points to a child."),
    ),
    _Page(
        "IDEA-002",
        "dominic",
        -170,
        PageWords(
            title="Name a time and keep it",
            was_hard="Parents left a message, heard nothing and rang again, upset.",
            tried=(
                "We give a time when we take the message, write it on the wall and keep it, even "
                "when the answer is “not yet”. On Mondays a second person calls from nine to "
                "eleven."
            ),
            happened=(
                "The usual wait fell from about 19 hours to 7. With the promise alone it had been "
                "about 14: Monday cover did the rest."
            ),
            changed_for_child=(
                "A mother knew by four whether her children could stay with their gran that night."
            ),
            use_when="People ring twice.",
            beware="It is only as good as Monday morning.",
            did_not_work="The promise without a second person on Mondays.",
        ),
        public=(-155, "It costs nothing and any duty desk can try it."),
    ),
    _Page(
        "IDEA-004",
        "helena",
        -22,
        PageWords(
            title="A longer form did not make us think better",
            was_hard="Readers in practice week said that our analysis is thin.",
            tried="Twelve more prompts in the analysis section of every assessment, four months.",
            happened=(
                "Finished in time went from about 88% to about 70%. The readers’ score is what it "
                "was. People copied answers between prompts."
            ),
            changed_for_child="Families waited longer and got nothing for it. So we stopped.",
            use_when="Somebody proposes more prompts.",
            beware=(
                "We were slower and no wiser. Talking the analysis through with a colleague did "
                "more: try that first."
            ),
            did_not_work="All of it. That is why this page is here.",
            is_story=True,
        ),
        public=(-9, "A stop that saves somebody else four months is worth as much as a success."),
    ),
    _Page(
        "IDEA-005",
        "priya",
        -15,
        PageWords(
            title="We kept something the chart cannot prove",
            was_hard="Children arrive not knowing who lives there, or where they will sleep.",
            tried=(
                "Carers of all 14 emergency homes made one page about their home with photos. The "
                "child gets it before the move, even if that is in the car."
            ),
            happened=(
                "92 of 101 children had the page first. Whether fewer moves break down, nobody can "
                "say: the number is small and moves for many reasons."
            ),
            changed_for_child="Children ask for the photo of the fridge, and find the bathroom.",
            use_when="The number you care about is small.",
            beware="Say why you kept it and what you still do not know.",
            did_not_work="A page that is a year old. Carers check theirs each quarter.",
        ),
    ),
    _Page(
        "IDEA-001",
        "ines",
        -5,
        PageWords(
            title="Ten minutes on Monday: what we learned about visits",
            was_hard="We found out on Friday that a visit had not happened.",
            tried=(
                "Ten minutes of the Monday huddle for the visits of this week and next: who is "
                "stuck, who can help. The pool car is booked in the same breath."
            ),
            happened="Visits on time went up and stayed. Child seen alone did not fall.",
            changed_for_child="A visit that would have slipped is made by somebody they know.",
            use_when="A team finds out about missed visits after the event.",
            beware="Do not read out names. Start with who would like a hand.",
            did_not_work="Fifteen minutes. After ten people stop listening.",
            is_story=True,
        ),
    ),
    _Page(
        "IDEA-031",
        "dominic",
        -4,
        PageWords(
            title="A bus map by the phone",
            tried="Print the bus map, mark the three stops, stick it by the phone.",
            happened="Two people used it on the first day.",
        ),
        is_shared=False,
    ),
)
#: Which cycle of which idea a leader read, on which day, and their words.
_READ: Final = (
    (
        ("IDEA-003", 2, "florence", -90),
        "I read this to the corporate parenting board. They asked for the dog.",
    ),
    (("IDEA-002", 2, "gideon", -190), ""),
    (
        ("IDEA-004", 1, "florence", -20),
        "Four months well spent, and four nobody else has to spend. Thank you.",
    ),
    (("IDEA-004", 1, "gideon", -18), ""),
    (
        ("IDEA-006", 1, "florence", -9),
        "Six named a youth worker. I will ask what they need from us.",
    ),
)
#: Whose last stop a leader wrote about already, so that the month has others to thank.
_THANKED: Final = ("IDEA-035", "florence", -6, "Ten calls and you knew. Thank you for saying so.")


def learning_steps(council: Council, ideas: set[str], timetable: Timetable) -> Iterator[Step]:
    """Yield what is written and read of finished ideas, in a council that has them."""
    if not {one.ref for one in _PAGES} <= ideas:
        return
    written: dict[str, int] = {}
    for number, one in enumerate(_PAGES):
        yield Step(timetable.early(one.day, 110 + number), partial(_write, council, one, written))
        if one.public:
            day, why = one.public
            publish = partial(_publish, council, one.ref, written, why)
            yield Step(timetable.early(day, 110 + number), publish)
    for number, ((ref, cycle, who, day), words) in enumerate(_READ):
        read = partial(_read, council, who, ref, cycle, words)
        yield Step(timetable.early(day, 120 + number), read)
    ref, who, day, words = _THANKED
    yield Step(timetable.early(day, 130), lambda: _thank(council, ref, who, words))


def _write(council: Council, one: _Page, written: dict[str, int]) -> None:
    written[one.ref] = write_page(
        council.actor(one.by),
        idea_id=council.ideas[one.ref],
        words=one.words,
        share=one.is_shared,
    )


def _publish(council: Council, ref: str, written: dict[str, int], why: str) -> None:
    coach, page_id = council.actor(_COACH), written[ref]
    publish_page(
        coach,
        page_id=page_id,
        seen_version=page(coach, page_id).version,
        why=why,
        is_looked_at=True,
    )


def _read(council: Council, who: str, ref: str, cycle: int, words: str) -> None:
    idea_id = council.ideas[ref]
    tick_read(council.actor(who), idea_id=idea_id, cycle_number=cycle, words=words)


def _thank(council: Council, ref: str, who: str, words: str) -> None:
    ideas.say_thanks(
        council.actor(who),
        to_id=0,
        words=words,
        idea_id=council.ideas[ref],
        form_token=f"demo-thanks-{who}-{ref}",
    )
