"""The driver diagram drawn from counted lines: what fits, what goes on, where curves run."""

from __future__ import annotations

import re

import pytest

from improve.ideas.aim_views import AimIdea, AimView, DriverView
from improve.ideas.driver_diagram import (
    BRANCH_GAP,
    LEAF_GAP,
    LINES_MOST,
    NOTHING,
    PAGE_HEIGHT,
    curve,
    draw,
    lines_of,
)
from improve.ideas.kinds import Stage

PATH = re.compile(r"M0 ([\d.]+)C[\d.]+ [\d.]+ [\d.]+ [\d.]+ ([\d.]+) ([\d.]+)")


def an_idea(number: int, title: str = "Send a photo first") -> AimIdea:
    return AimIdea(number, title, "Riverside", Stage.DO, "Do", None, 1)


def a_driver(number: int, count: int = 0, **more: object) -> DriverView:
    facts: dict[str, object] = {
        "name": f"Driver {number}",
        "ideas": tuple(an_idea(n) for n in range(count)),
        "idea_count": count,
        "tried_count": count,
        "level": 1,
    } | more
    return DriverView(
        id=number, aim_id=1, version=1, place=number, is_first=False, is_last=False, **facts  # type: ignore[arg-type]
    )  # fmt: skip


def an_aim(*drivers: DriverView, statement: str = "Every child knows what happens next") -> AimView:
    return AimView(1, statement, "", "", None, 1, 1, True, True, drivers=drivers)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("Short", 1),
        ("ten letter", 1),
        ("ten letters", 2),
        ("one two three four", 2),
        ("abcdefghijklmnopqrstuvwxy", 3),
        ("a abcdefghijklmno", 3),
        ("word " * 200, LINES_MOST),
    ],
)
def test_lines_are_counted_with_words_kept_whole(text: str, lines: int) -> None:
    assert lines_of(text, 10) == lines


def test_an_aim_without_drivers_is_one_empty_page() -> None:
    diagram = draw(an_aim())
    assert [(p.number, p.of, p.branches, p.curves) for p in diagram.pages] == [(1, 1, (), ())]


def test_a_driver_without_ideas_says_so_and_not_to_who_may_not_see_them() -> None:
    ((branch,),) = [p.branches for p in draw(an_aim(a_driver(1))).pages]
    assert [row.words for row in branch.leaves[0].rows] == [NOTHING]
    assert len(branch.leaves[0].curves) == 1
    ((branch,),) = [p.branches for p in draw(an_aim(a_driver(1)), sees_ideas=False).pages]
    assert branch.leaves[0].rows == ()
    assert branch.leaves[0].curves == ()


def test_curves_end_in_the_middle_of_what_they_lead_to() -> None:
    diagram = draw(an_aim(a_driver(1, 3), a_driver(2, 1)))
    (page,) = diagram.pages
    first, second = page.branches
    assert page.height == first.height + BRANCH_GAP + second.height
    ends = [float(PATH.fullmatch(path).group(3)) for path in page.curves]  # type: ignore[union-attr]
    assert ends == [first.height / 2, first.height + BRANCH_GAP + second.height / 2]
    (leaf,) = first.leaves
    starts = {PATH.fullmatch(path).group(1) for path in leaf.curves}  # type: ignore[union-attr]
    assert starts == {f"{leaf.height / 2:g}"}
    ends = [float(PATH.fullmatch(path).group(3)) for path in leaf.curves]  # type: ignore[union-attr]
    assert ends == sorted(ends)
    assert ends[1] == leaf.height / 2, "the middle one of three runs straight"
    assert curve(60, 30, 30) == "M0 30C30 30 30 30 60 30"


def test_a_second_level_stands_in_a_column_of_its_own() -> None:
    under = a_driver(3, 1, level=2)
    diagram = draw(an_aim(a_driver(1, 1, under=(under, a_driver(4, 0, level=2))), a_driver(2)))
    assert diagram.has_second_level
    assert diagram.idea_room < draw(an_aim(a_driver(1, 1))).idea_room
    first, second = diagram.pages[0].branches
    assert [leaf.driver and leaf.driver.id for leaf in first.leaves] == [None, 3, 4]
    assert len(first.curves) == 3
    assert first.height == sum(leaf.height for leaf in first.leaves) + 2 * LEAF_GAP
    assert [leaf.driver for leaf in second.leaves] == [None]


def test_a_closed_driver_stands_while_ideas_hang_on_it() -> None:
    from datetime import date

    closed = date(2026, 11, 1)
    aim = an_aim(a_driver(1, 2, closed_on=closed), a_driver(2, closed_on=closed), a_driver(3))
    assert [b.driver.id for b in draw(aim).pages[0].branches] == [1, 3]


@pytest.mark.parametrize("count", [0, 1, 11, 40, 200])
def test_every_idea_stands_once_and_no_page_is_too_high(count: int) -> None:
    title = "A title that goes on and on until it has filled all of the hundred and twenty letters"
    spread = tuple(
        a_driver(n, 0, ideas=tuple(an_idea(i, title) for i in range(n, count, 3)),
                 idea_count=len(range(n, count, 3)))
        for n in range(3)
    )  # fmt: skip
    diagram = draw(an_aim(*spread))
    shown = [
        row.idea.id
        for page in diagram.pages
        for branch in page.branches
        for leaf in branch.leaves
        for row in leaf.rows
        if row.idea
    ]
    assert sorted(shown) == list(range(count))
    assert all(page.height <= PAGE_HEIGHT for page in diagram.pages)
    assert [page.number for page in diagram.pages] == list(range(1, len(diagram.pages) + 1))
    assert {page.of for page in diagram.pages} == {len(diagram.pages)}
    going_on = [b for page in diagram.pages for b in page.branches if b.is_continued]
    assert bool(going_on) == (count >= 40)


def test_what_is_not_shown_is_counted() -> None:
    driver = a_driver(1, 2, idea_count=14)
    (page,) = draw(an_aim(driver)).pages
    assert page.branches[0].leaves[0].rows[-1].words == "and 12 more"


def test_words_without_blanks_take_as_many_lines_as_they_need() -> None:
    driver = a_driver(1, 0, name="x" * 120, ideas=(an_idea(1, "y" * 120),), idea_count=1)
    (page,) = draw(an_aim(driver, statement="z" * 200)).pages
    assert page.branches[0].leaves[0].rows[0].lines == 3
    assert draw(an_aim(driver, statement="z" * 300)).is_long_aim
