"""What people are told: every kind reads as a sentence, has a group, and fits its column."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from improve.accounts.days.working_calendar import WorkingCalendar
from improve.ideas.kinds import FollowReason
from improve.notifications.kinds import (
    GROUP_WORDS,
    PACE_WORDS,
    USUAL_PACE,
    Group,
    NoticeKind,
    Pace,
    Why,
    group_of,
    usual_why,
)
from improve.notifications.models import MailChoice, Notice
from improve.notifications.pace import is_due
from improve.notifications.sentences import notice_words, subject_words, why_words

FACTS = {"by": "Sam", "to": "Plan", "decision": "adopt", "change": "renamed", "days": "from Mon"}


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_is_a_sentence_of_a_group(kind: NoticeKind) -> None:
    for facts in (FACTS, {}):
        words = notice_words(kind, facts)
        assert words[0].isupper()
        assert not words.endswith(".")
        assert "None" not in words
        assert len(words) < 100
        # A subject stands without the title below it, so it says what “it” is before it says “it”.
        alone = subject_words(kind, facts, Why.AUTHOR)
        before, it, _ = f" {alone} ".partition(" it ")
        assert not it or "your idea" in before.lower()
        assert len(alone) < 100
    assert group_of(kind) in Group
    assert len(kind.value) <= Notice.__table__.c.kind.type.length  # type: ignore[attr-defined]
    if usual_why(kind):
        assert usual_why(kind) in set(Why)


def test_every_reason_and_choice_has_words_and_fits() -> None:
    assert {reason.value for reason in FollowReason} <= {why.value for why in Why}
    assert len({why_words(why) for why in Why}) == len(Why)
    assert max(len(why) for why in Why) <= Notice.__table__.c.why.type.length  # type: ignore[attr-defined]
    assert set(GROUP_WORDS) == set(USUAL_PACE) == set(Group)
    assert set(PACE_WORDS) == set(Pace)
    columns = MailChoice.__table__.c
    assert max(map(len, Group)) <= columns.group.type.length  # type: ignore[attr-defined]
    assert max(map(len, Pace)) <= columns.pace.type.length  # type: ignore[attr-defined]


def test_at_once_is_for_what_somebody_waits_to_hear() -> None:
    at_once = {group for group, pace in USUAL_PACE.items() if pace is Pace.AT_ONCE}
    told = {kind for kind in NoticeKind if group_of(kind, Why.AUTHOR) in at_once}
    assert told == {
        NoticeKind.FIRST_REPLY,
        NoticeKind.DECIDED,
        NoticeKind.NOT_NOW,
        NoticeKind.QUICK_FIX,
        NoticeKind.JOINED,
        NoticeKind.SPLIT,
        NoticeKind.MENTIONED,
        # A child waits, and a danger cannot.
        NoticeKind.VOICES_WAIT,
    }
    assert group_of(NoticeKind.DECIDED, Why.COMMENTED) is Group.FOLLOWED


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # The clocks go back on Sunday 25 October 2026.
        (datetime(2026, 10, 23, 5, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 23, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 24, 9, 0, tzinfo=UTC), False),
        (datetime(2026, 10, 26, 6, 30, tzinfo=UTC), False),
        (datetime(2026, 10, 26, 7, 0, tzinfo=UTC), True),
        # Christmas, and a day on which the council is closed.
        (datetime(2026, 12, 25, 9, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 29, 9, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 30, 7, 0, tzinfo=UTC), True),
    ],
)
def test_once_a_day_is_seven_oclock_of_a_working_day(now: datetime, due: bool) -> None:
    calendar = WorkingCalendar(closing_days=frozenset({date(2026, 12, 29)}))
    made = now - timedelta(hours=5)
    assert is_due(Pace.DAILY, made, now, calendar) is due
    assert is_due(Pace.AT_ONCE, made, now, calendar)
    assert not is_due(Pace.NEVER, made, now, calendar)


def test_once_a_week_is_its_first_working_day() -> None:
    calendar = WorkingCalendar(frozenset({1, 3}))
    made = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    due = [
        day
        for day in range(23, 30)
        if is_due(Pace.WEEKLY, made, datetime(2026, 11, day, 8, 0, tzinfo=UTC), calendar)
    ]
    assert due == [24, 26], "had Tuesday's run been missed, Thursday's still tells"
