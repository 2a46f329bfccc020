"""From one row of facts to the card that shows it. Pure.

Words of age, of the first reply and of the next step are made here, once, for boards, lists and
pages alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from improve.accounts.actor import Actor
from improve.ideas.board import (
    BlockedStrip,
    Card,
    CardVerdict,
    Ending,
    SmallTest,
    SourceBadge,
)
from improve.ideas.card_rights import CardRights, rights_to
from improve.ideas.facts import readiness_of
from improve.ideas.kinds import (
    OUTCOME_WORDS,
    REPLY_WORKING_DAYS,
    STAGE_WORDS,
    Outcome,
    ReplyKind,
    Source,
    Stage,
    Way,
)
from improve.ideas.needs import Missing
from improve.ideas.stages import missing_for, next_way
from improve.ideas.usual_days import StageClock
from improve.measures.spc.words import verdict_words
from improve.shared import clock
from improve.shared.formatting import NBSP, day, days

A_COLLEAGUE: Final = "A colleague"
#: Of a team without a usual of its own, and without busy times.
EVERYBODYS_CLOCK: Final = StageClock()

#: Badges of sources: what a card says beside its icon. Own ideas show none.
BADGES: Final[Mapping[Source, SourceBadge]] = {
    Source.CHILD: SourceBadge("Young person", "mood-smile"),
    Source.PARENT_OR_CARER: SourceBadge("Family", "users"),
    Source.WENT_WRONG: SourceBadge("Something that went wrong", "shield"),
    Source.AUDIT: SourceBadge("Audit or practice week", "list-check"),
    Source.SUPERVISION: SourceBadge("Supervision or team talk", "message"),
    Source.COMPLAINT_OR_COMPLIMENT: SourceBadge("Complaint or compliment", "message"),
    Source.LEARNING_REVIEW: SourceBadge("Learning review", "list-check"),
    Source.REVIEWING_OFFICER: SourceBadge("Reviewing officer", "user"),
    Source.PARTNER: SourceBadge("Partner agency", "users"),
    Source.FOSTER_OR_KINSHIP_CARER: SourceBadge("Foster or kinship carer", "users"),
    Source.ANOTHER_TEAM: SourceBadge("Another team", "users"),
}


def first_name(name: str | None) -> str:
    """Return what colleagues call someone; “” for nobody."""
    return name.split(" ", 1)[0] if name else ""


def age_of(entered_at: datetime, today: date, stage_clock: StageClock = EVERYBODYS_CLOCK) -> int:
    """Return whole days in the present stage, without the busy times of the team's clock."""
    return stage_clock.age(clock.local(entered_at).date(), today)


def usual_of(
    stage: Stage,
    age: int,
    waiting_since: datetime | None,
    today: date,
    stage_clock: StageClock = EVERYBODYS_CLOCK,
) -> tuple[int | None, bool]:
    """Return the usual days of a stage and whether the age is over them.

    Ideas count working days, and only until the first reply.
    """
    if stage is Stage.SUGGESTED:
        if waiting_since is None:
            return None, False
        waited = waited_days(waiting_since, today, stage_clock)
        return REPLY_WORKING_DAYS, waited > REPLY_WORKING_DAYS
    return stage_clock.usual.get(stage), stage_clock.is_over(stage, age)


def reply_due_on(waiting_since: datetime, stage_clock: StageClock = EVERYBODYS_CLOCK) -> date:
    """Return the day by which a first reply is hoped for: two of the team's working days on."""
    since = clock.local(waiting_since).date()
    return stage_clock.calendar.add_working_days(since, REPLY_WORKING_DAYS)


def waited_days(
    waiting_since: datetime | None, today: date, stage_clock: StageClock = EVERYBODYS_CLOCK
) -> int:
    """Return the team's working days waited for a first reply so far."""
    if waiting_since is None:
        return 0
    return stage_clock.calendar.working_days_between(clock.local(waiting_since).date(), today)


def reply_parts(
    waiting_since: datetime | None, today: date, stage_clock: StageClock = EVERYBODYS_CLOCK
) -> tuple[str, str]:
    """Return the words of the first-reply clock: bold part and the rest. Both “” when answered.

    In a busy time it says no more than what is asked for: the clock stands still.
    """
    if waiting_since is None:
        return "", ""
    if stage_clock.calendar.is_paused(today):
        return "", "Needs a first reply"
    due = reply_due_on(waiting_since, stage_clock)
    if today <= due:
        return "", f"Needs a first reply by {day(due)}"
    waited = waited_days(waiting_since, today, stage_clock)
    return f"Waiting {waited}{NBSP}working{NBSP}days", "for a first reply"


def reply_words(
    waiting_since: datetime | None, today: date, stage_clock: StageClock = EVERYBODYS_CLOCK
) -> str:
    """Return the first-reply clock in one sentence, “” when answered."""
    return " ".join(part for part in reply_parts(waiting_since, today, stage_clock) if part)


def of_words(count: int, of: int | None) -> str:
    """Return “5 of 6” on one line, or “5”."""
    return f"{count}{NBSP}of{NBSP}{of}" if of is not None else str(count)


def small_test_of(values: Mapping[Any, Any]) -> SmallTest | None:
    """Return what was expected and seen in a small test, or None when nothing was counted."""
    expected, seen = values["expected_count"], values["seen_count"]
    if expected is None and seen is None:
        return None
    expected_of, seen_of = values["expected_of"], values["seen_of"]
    parts = []
    if expected is not None:
        parts.append(f"expected {of_words(expected, expected_of)}")
    if seen is not None:
        parts.append(f"saw {of_words(seen, seen_of)}")
    return SmallTest(expected, expected_of, seen, seen_of, ", ".join(parts))


def verdict_of(
    row: Mapping[Any, Any], prefix: str, *, with_spark: bool = True
) -> CardVerdict | None:
    """Return a stored verdict in words from the columns that begin with ``prefix``, or None."""
    code = row[prefix + "code"]
    if not code:
        return None
    return card_verdict(
        code,
        row[prefix + "facts"] or {},
        measure=(row[prefix + "measure_id"], row[prefix + "name"], row[prefix + "better_when"]),
        spark=(row[prefix + "spark"] or {}) if with_spark else {},
    )


def card_verdict(
    code: str,
    facts: Mapping[str, Any],
    *,
    measure: tuple[int, str, str],
    spark: Mapping[str, Any],
) -> CardVerdict:
    """Return a stored verdict in words. ``measure`` is its id, name and which side is better."""
    words = verdict_words(code, facts)
    return CardVerdict(
        measure_id=measure[0],
        measure_name=measure[1],
        code=code,
        label=words.label,
        short=words.short,
        sentence=words.sentence,
        icon=words.icon,
        tone=words.tone,
        spark=spark,
        better_when=measure[2],
    )


def ending_of(row: Mapping[Any, Any]) -> Ending | None:
    """Return how an idea ended, or None while it is open."""
    if not row["outcome"] or row["finished_at"] is None:
        return None
    outcome = Outcome(row["outcome"])
    words = OUTCOME_WORDS[outcome]
    lesson = row["lesson"]
    label = f"{words}. We learned:"
    if outcome is Outcome.NOT_NOW:
        lesson, label = row["decision_why"], "Not now, because"
    elif outcome is Outcome.QUICK_FIX and not lesson:
        lesson, label = row["decision_why"], "Quick fix. We changed:"
    elif outcome is Outcome.JOINED:
        # What it once taught is its own; what comes of it is read on the other idea. A single
        # word, since a day stands beside it in a narrow card.
        words, lesson, label = "Joined", "", f"{words}."
    return Ending(
        outcome=outcome,
        words=words,
        on=clock.local(row["finished_at"]).date(),
        lesson=lesson,
        adopt_anyway=row["adopt_anyway"],
        lesson_label=label,
    )


def next_step_of(
    stage: Stage, row: Mapping[Any, Any], today: date, stage_clock: StageClock = EVERYBODYS_CLOCK
) -> tuple[str, str]:
    """Return the next-step line: bold part and the rest. The first need that is not met."""
    if stage is Stage.DONE:
        return "", _look_again(row)
    if stage is Stage.ACT:
        return "", "To finish: keep, change or stop, and why"
    if stage is Stage.SUGGESTED and row["waiting_since"] is not None:
        return reply_parts(row["waiting_since"], today, stage_clock)
    if stage is Stage.SUGGESTED and row["first_reply_kind"] == ReplyKind.NEED_TO_KNOW.value:
        return "", "Answered: we need to know more"
    if stage is Stage.DO and row["study_by_on"] is not None and row["study_by_on"] > today:
        return "", f"Study on {day(row['study_by_on'])}"
    way = next_way(stage)
    if way is None:
        return "", ""
    first = _first_missing(
        way,
        stage,
        tuple(name for name in ANSWERS if _is_answered(row[name])),
        row["first_reply_kind"] is not None,
        row["lead_id"] is not None,
        bool(row["has_measure"]),
    )
    strong = "Ready to study." if stage is Stage.DO else ""
    if first is None:
        return strong, "" if strong else f"Ready to move to {STAGE_WORDS[Stage(way.value)]}"
    return strong, f"To move to {STAGE_WORDS[Stage(way.value)]}: {first.words}"


#: The fields whose being answered decides what a card asks for next.
ANSWERS: Final = (
    "improves",
    "benefit",
    "is_wide",
    "change_to_try",
    "scope",
    "who",
    "families_count",
    "study_by_on",
    "prediction",
    "how_known",
    "balancing",
    "what_happened",
    "as_planned",
    "seen_count",
    "has_no_number",
    "prediction_held",
    "learned",
    "read_by_outside",
)


def _is_answered(value: Any) -> bool:
    """Return whether a field holds anything. Nought is an answer."""
    return value is not None and value != "" and value is not False


@lru_cache(maxsize=4096)
def _first_missing(  # noqa: PLR0917 - one key of facts
    way: Way,
    stage: Stage,
    answered: tuple[str, ...],
    is_replied: bool,
    has_lead: bool,
    has_measure: bool,
) -> Missing | None:
    """Return the first need that is not met; what cannot be passed comes first.

    A board has few different answers to this and many cards, so it is remembered. A day to study
    by counts as reached: before it, the card says the day instead.
    """
    values: dict[str, Any] = dict.fromkeys(answered, True)
    if "study_by_on" in values:
        values["study_by_on"] = date.min
    ready = readiness_of(
        values,
        is_replied=is_replied,
        has_lead=has_lead,
        has_measure=has_measure,
        today=date.max,
    )
    missing = missing_for(way, stage, ready)
    hard = next((m for m in missing if m.is_hard), None)
    return hard or (missing[0] if missing else None)


def _look_again(row: Mapping[Any, Any]) -> str:
    if row["outcome"] == Outcome.NOT_NOW.value and row["look_again_on"] is not None:
        return f"Look again on {day(row['look_again_on'])}"
    return ""


class CardShaper:
    """Turns rows of ``queries.boards`` into cards, for one person on one day."""

    def __init__(
        self, actor: Actor, today: date, stage_clock: StageClock = EVERYBODYS_CLOCK
    ) -> None:
        self.actor = actor
        self.today = today
        self.stage_clock = stage_clock
        self._known: dict[tuple[Any, ...], CardRights] = {}

    def shape(self, row: Mapping[Any, Any]) -> Card:
        """Return the card that shows a row."""
        today, stage = self.today, Stage(row["stage"])
        age = age_of(row["stage_entered_at"], today, self.stage_clock)
        usual, is_over = usual_of(stage, age, row["waiting_since"], today, self.stage_clock)
        author = A_COLLEAGUE if row["hides_name"] else first_name(row["author_name"])
        lead = ""
        if row["lead_id"] is not None and row["lead_id"] != row["author_id"]:
            lead = first_name(row["lead_name"])
        strong, words = next_step_of(stage, row, today, self.stage_clock)
        blocked = row["blocked_at"] is not None and stage is not Stage.DONE
        verdict = verdict_of(row, "main_") if row["main_is_judged"] else None
        rights_ = self._rights(row, stage)
        me = self.actor.person_id
        return Card(
            id=row["id"],
            title=row["title"],
            stage=stage,
            outcome=Outcome(row["outcome"]) if row["outcome"] else None,
            cycle_number=row["cycle_number"],
            version=row["version"],
            age_days=age,
            age_words=days(age),
            usual_days=usual,
            is_over_usual=is_over,
            usual_words=f"usual {usual}" if is_over else "",
            who=f"{author}, with {lead}" if lead else author,
            author=author,
            lead=lead,
            is_mine=me in (row["author_id"], row["lead_id"]) or bool(row["is_member"]),
            badge=BADGES.get(Source(row["source"])),
            blocked=BlockedStrip(row["blocked_reason"], row["blocked_who"]) if blocked else None,
            verdict=verdict,
            beside=verdict_of(row, "beside_", with_spark=False) if verdict else None,
            small_test=None if verdict else _small_test_shown(row, stage),
            next_strong="" if blocked else strong,
            next_words="" if blocked else words,
            ending=ending_of(row),
            may_move=rights_.may_move,
            may_reply=rights_.may_reply,
            needs_reply=row["waiting_since"] is not None,
            is_pinned=row["pinned_at"] is not None,
            may_pin=rights_.may_pin,
            drops=rights_.drops,
        )

    def _rights(self, row: Mapping[Any, Any], stage: Stage) -> CardRights:
        me = self.actor.person_id
        key = (
            row["team_id"],
            stage,
            row["outcome"],
            row["first_reply_kind"],
            row["author_id"] == me,
            row["lead_id"] == me,
            row["is_member"],
        )
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = rights_to(row, stage, self.actor)
        return known


def _small_test_shown(row: Mapping[Any, Any], stage: Stage) -> SmallTest | None:
    """Return the present cycle's counts once it has begun, before that the last cycle's."""
    if row["is_wide"]:
        return None
    if stage in {Stage.SUGGESTED, Stage.PLAN}:
        return small_test_of(
            {
                "expected_count": row["last_expected_count"],
                "expected_of": row["last_expected_of"],
                "seen_count": row["last_seen_count"],
                "seen_of": row["last_seen_of"],
            }
        )
    return small_test_of(row)
