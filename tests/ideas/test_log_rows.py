"""The rows of an improvement log: what each would become. Pure."""

from __future__ import annotations

from datetime import date

import pytest

from improve.ideas.kinds import Outcome, Stage
from improve.ideas.log_rows import LogPerson, LogPreview, read_log
from improve.ideas.log_words import Role, guess_columns, landing_of
from improve.measures.table_import import Row

TODAY = date(2026, 11, 24)
PEOPLE = [
    LogPerson(1, "Amina Birch", "amina@council.example", True),
    LogPerson(2, "Sam Alder", "sam@council.example", True),
    LogPerson(3, "Sam Oak", "oak@council.example", False),
    LogPerson(4, "Jo Reed", "jo.reed@council.example", False),
    LogPerson(5, "Jo Reed", "jo2@council.example", False),
]
COLUMNS = {
    Role.IDEA: 0,
    Role.LOGGED_ON: 1,
    Role.WHO: 2,
    Role.STATUS: 3,
    Role.OUTCOME: 4,
    Role.LESSON: 5,
    Role.ENDED_ON: 6,
}


def read(
    *rows: tuple[str, ...], titles: tuple[str, ...] = (), **more: tuple[int, ...]
) -> LogPreview:
    return read_log(
        [Row(n, cells) for n, cells in enumerate(rows, start=2)],
        COLUMNS,
        titles=titles,
        people=PEOPLE,
        today=TODAY,
        **more,
    )


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("Idea", "Date", "Who"), {Role.IDEA: 0, Role.LOGGED_ON: 1, Role.WHO: 2}),
        (
            ("No.", "Date raised", "Raised by", "Suggestion", "Status", "Date closed", "Lessons learned"),
            {Role.LOGGED_ON: 1, Role.WHO: 2, Role.IDEA: 3, Role.STATUS: 4, Role.ENDED_ON: 5, Role.LESSON: 6},
        ),
        (("Change idea (short)", "What happened?"), {Role.IDEA: 0, Role.HAPPENED: 1}),
        (("Text families a photo", "Amina"), {}),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_name(names: tuple[str, ...], found: dict[Role, int]) -> None:
    assert guess_columns(names) == found


@pytest.mark.parametrize(
    ("status", "outcome", "stage", "ending"),
    [
        ("", "", Stage.SUGGESTED, None),
        ("Not started", "", Stage.SUGGESTED, None),
        ("In progress", "", Stage.PLAN, None),
        ("Done", "", Stage.DONE, Outcome.ADOPTED),
        ("Completed", "Abandoned", Stage.DONE, Outcome.ABANDONED),
        ("Closed", "Adopted", Stage.DONE, Outcome.ADOPTED),
        ("On hold", "", Stage.DONE, Outcome.NOT_NOW),
        ("Quick win!", "", Stage.DONE, Outcome.QUICK_FIX),
        ("In progress", "Adopted", Stage.PLAN, None),
        ("", "Stopped.", Stage.DONE, Outcome.ABANDONED),
        ("Done", "Families liked it", Stage.DONE, Outcome.ADOPTED),
    ],
)
def test_where_a_row_lands(status: str, outcome: str, stage: Stage, ending: Outcome | None) -> None:
    assert landing_of(status, outcome) == ((stage, ending), "")


@pytest.mark.parametrize(("status", "word"), [("Closed", "Closed"), ("Green-ish", "Green-ish")])
def test_a_status_that_says_nothing_plain_is_asked_about(status: str, word: str) -> None:
    assert landing_of(status, "") == (None, word)


def test_bad_rows_say_why() -> None:
    found = read(
        ("", "", "", "", "", "", ""),
        ("A", "31/04/2026"),
        ("B", "1/1/2027"),
        ("C", "3/3/2026", "", "", "", "", "1/3/2026"),
        ("D", "", "", "Maybe"),
        ("E", "", "", "", "", "y" * 1001),
    )
    assert [row.words for row in found.of("bad")] == [
        "There is no idea here",
        "There is no 31 April",
        "1 January 2027 is too far ahead",
        "It ended before it was logged",
        "“Maybe” does not say where it is",
        "1,001 characters are too many",
    ]


def test_people_are_matched_and_never_guessed_between_two() -> None:
    names = ("amina birch", "SAM@council.example", "Sam", "Jo Reed", "Pat Green")
    found = read(*[(f"Idea {n}", "", who) for n, who in enumerate(names)])
    assert [row.who_id for row in found.rows] == [1, 2, 2, None, None]


def test_what_is_there_already_is_left_out_unless_taken() -> None:
    rows = [("Send a photo.",), ("send  A photo!",), ("New one",)]
    titles = ("Ring first", "New one")
    assert [row.state for row in read(*rows, titles=titles).rows] == ["ready", "twin", "twin"]
    taken = read(*rows, titles=titles, taken_twins=(3,))
    assert [row.state for row in taken.rows] == ["ready", "ready", "twin"]


def test_what_no_text_may_hold_is_taken_out() -> None:
    (row,) = read(("Ring\x00 first\r\nthen\x1b text", "", "Pat\x00 Green")).rows
    assert row.text == "Ring first\nthen text"
    assert row.who == "Pat Green"
