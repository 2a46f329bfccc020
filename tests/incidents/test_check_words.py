"""What must be done before two agree to words, and before a report is destroyed. Pure."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from improve.incidents.approval import (
    Standing,
    carried,
    missing,
    stops_sign_off,
    with_agreement,
    with_checks,
    with_words,
)
from improve.incidents.checklist import (
    CHECKS,
    LAST_TEST,
    RULE_WORDS,
    Line,
    Rule,
    known_lines,
    lines_for,
)
from improve.incidents.contents import Work
from improve.incidents.keeping import Keeping, ended, kept
from improve.shared.marked_changes import marked_changes

FIRST, SECOND = 1, 2
ALL = tuple(line.value for line in Line)
WORK = Work(
    shareable="A worker wrote it.",
    rules={"1": "names", "2": "tone"},
    ticks=ALL,
    guess="no",
    theme="Plans that stay behind",
    approved_by=(FIRST, SECOND),
    kind="near_miss",
    factors=("F08",),
)
READY = Standing(work=WORK, changes=2, is_agreed=True)


def test_nothing_is_missing_where_all_was_done() -> None:
    assert missing(READY) == []
    assert stops_sign_off(READY, [FIRST, SECOND]) == []


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"is_agreed": False}, "kind and factors"),
        ({"changes": 3}, "for each change"),
        ({"is_held": True}, "held until it is joined"),
        ({"is_small": True}, "Too few could have sent it"),
        ({"may_call": True}, "what came of calling back"),
        ({"has_message": True}, "read the message first"),
        ({"is_asked_to_keep": True}, "lawful order"),
        ({"work": replace(WORK, shareable=" ")}, "Write what others may read"),
        ({"work": replace(WORK, rules={"1": "names", "2": "spite"})}, "for each change"),
        ({"work": replace(WORK, ticks=ALL[:-1])}, "each line of the checklist"),
        ({"work": replace(WORK, guess="")}, "whether someone could guess"),
        ({"work": replace(WORK, guess="yes")}, "A reviewer said that someone could guess"),
        (
            {"work": replace(WORK, guess="yes", call_back="done")},
            "The reporter, when called back, or a reviewer",
        ),
        ({"work": replace(WORK, approved_by=(FIRST,))}, "Both reviewers agree"),
        ({"work": replace(WORK, theme=""), "is_strict": True}, "theme in one line"),
    ],
)
def test_each_thing_that_is_missing_is_said(facts: dict[str, object], says: str) -> None:
    (reason,) = stops_sign_off(replace(READY, **facts), [FIRST, SECOND])  # type: ignore[arg-type]
    assert says in reason.words


def test_those_who_read_it_now_agree_and_not_somebody_who_left() -> None:
    assert stops_sign_off(READY, [FIRST]), "one alone never signs off"
    assert stops_sign_off(READY, [FIRST, 3]), "the agreement of one who left does not count"
    assert not stops_sign_off(replace(READY, is_small=True, joined=1), [FIRST, SECOND])


def test_a_theme_alone_needs_no_story_and_no_rules() -> None:
    work = replace(
        WORK, shareable="", rules={}, ticks=[one.value for one in lines_for(is_strict=True)]
    )
    assert missing(Standing(work=work, changes=0, is_agreed=True, is_strict=True)) == []


def test_other_words_end_what_was_agreed_and_the_last_test() -> None:
    before = marked_changes("Sam wrote it on Monday.", "A worker wrote it.").changes
    after = marked_changes("Sam wrote it on Monday.", "A worker wrote it recently.").changes
    work = with_words(WORK, "A worker wrote it recently.", before=before, after=after)
    assert (work.approved_by, work.guess) == ((), "")
    assert set(ALL) - set(work.ticks) == {line.value for line in LAST_TEST}
    assert work.rules == {"1": "names"}, "the change that stands as it did keeps its rule"


def test_the_same_change_twice_keeps_its_two_rules() -> None:
    changes = marked_changes("Sam and Sam", "A and A").changes
    assert len(changes) == 2
    assert carried({"1": "names", "2": "tone"}, changes, changes) == {"1": "names", "2": "tone"}


def test_any_other_check_ends_what_was_agreed_and_the_same_does_not() -> None:
    same = {"rules": WORK.rules, "ticks": ALL, "guess": "no", "theme": WORK.theme}
    assert with_checks(WORK, **same) == WORK  # type: ignore[arg-type]
    for other in ({"theme": "Other"}, {"ticks": ALL[:2]}, {"guess": "yes"}, {"rules": {}}):
        assert with_checks(WORK, **{**same, **other}).approved_by == ()  # type: ignore[arg-type]
    assert with_checks(WORK, **{**same, "guess": "perhaps"}).guess == ""  # type: ignore[arg-type]
    once = with_agreement(replace(WORK, approved_by=()), SECOND)
    assert with_agreement(once, SECOND).approved_by == (SECOND,)


def test_nobody_passes_over_another_who_could_guess() -> None:
    same = {"rules": WORK.rules, "ticks": ALL, "guess": "no", "theme": WORK.theme}
    said = with_checks(WORK, **{**same, "guess": "yes"})  # type: ignore[arg-type]
    assert with_checks(said, **same).guess == "yes"  # type: ignore[arg-type]
    other = {**same, "theme": "Another"}
    assert with_checks(said, **other).guess == "yes", "the story is the same"  # type: ignore[arg-type]
    assert with_checks(said, **other, is_strict=True).guess == "no"  # type: ignore[arg-type]
    others = with_words(said, "Other.", before=(), after=())
    assert others.guess == ""
    assert with_words(others, WORK.shareable, before=(), after=()).guess == "yes", "the same again"
    assert with_words(said, WORK.shareable, before=(), after=()).guess == "yes", "read with another"


def test_other_words_were_not_read_out() -> None:
    for came, stays in (("done", ""), ("not_reached", "not_reached"), ("not_asked", "not_asked")):
        work = replace(WORK, call_back=came)
        assert with_words(work, "Other.", before=(), after=()).call_back == stays
        assert with_words(work, WORK.shareable, before=(), after=()).call_back == came
        theme = {"rules": {}, "ticks": ALL, "guess": "no", "theme": "Another"}
        assert with_checks(work, **theme, is_strict=True).call_back == stays  # type: ignore[arg-type]
        assert with_checks(work, **theme).call_back == came  # type: ignore[arg-type]


def test_what_was_sealed_is_what_it_was() -> None:
    assert Work.of(json.loads(json.dumps(WORK.facts()))) == WORK


def test_every_line_and_rule_has_words_and_the_last_test_is_asked_of_a_theme_too() -> None:
    assert set(CHECKS) == set(Line)
    assert set(RULE_WORDS) == set(Rule)
    assert set(LAST_TEST) <= set(lines_for(is_strict=True))
    assert lines_for(is_strict=False) == tuple(Line)
    assert known_lines(["tone", "names", "blame", "names"]) == ("names", "tone")


def test_two_people_keep_it_by_order_and_two_end_that() -> None:
    asked = kept(Keeping(), FIRST)
    assert asked.is_asked
    assert kept(asked, FIRST) == asked, "one alone never keeps it"
    both = kept(asked, SECOND)
    assert both.is_kept
    assert kept(both, 3) == both
    asking = ended(both, SECOND)
    assert asking.is_kept, "one alone never ends it"
    assert ended(asking, SECOND) == asking
    assert ended(asking, FIRST) == Keeping()
    assert ended(asked, SECOND) == Keeping(), "what one alone asked for is taken back"
