"""What leaders answer: kept once for each thing asked, and told to its team in the same breath."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sqlalchemy.exc import IntegrityError

from improve.accounts import queries as people
from improve.accounts import service as accounts
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.ideas import queries as ideas
from improve.ideas import service as idea_service
from improve.notifications.kinds import NoticeKind, Why
from improve.notifications.service import tell
from improve.review import queries
from improve.review.models import LeaderAnswer
from improve.review.month import (
    ASKING,
    VISIT_WITHIN_DAYS,
    WAYS,
    Answer,
    Asked,
    Line,
    Way,
    answer_words,
    month_of,
)
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken, Stale

ONLY_LEADERS: Final = "Only a leader can answer what a month asks."
#: What the notice is called: nothing that anybody wrote.
_TITLE: Final = "What was asked of leaders"


def answer_line(
    actor: Actor,
    *,
    asked: Asked,
    way: Way,
    words: str,
    visit_on: date | None = None,
    month: date | None = None,
) -> int:
    """Answer one thing asked, tell its team at once, and return the answer's id.

    An answer to an idea that is blocked also stands there as a comment; one to a busy team is the
    answer that its busy time waits for. The same answer twice is kept once. Raises ``Stale`` with
    ``answer_id`` where it has another answer already. Refuses in words (fields ``way``, ``words``,
    ``visit_on``): a way that the line does not offer, no words but for a visit, no day for one.
    """
    _check_may(actor)
    words = words.strip()
    _check(asked.line, way, words, visit_on)
    found = queries.answer_to(actor, asked)
    if found is not None:
        return _same_or_stale(actor, found, way, words, visit_on)
    if asked.team_id is not None:
        people.team_by_id(actor, asked.team_id)
    row = LeaderAnswer(
        organisation_id=actor.organisation_id,
        month=month or month_of(clock.today()),
        line=asked.line.value,
        subject_kind=asked.subject_kind,
        subject_id=asked.subject_id,
        team_id=asked.team_id,
        asked=asked.words,
        asked_on=asked.asked_on,
        way=way.value,
        words=words,
        visit_on=visit_on if way is Way.VISIT else None,
        answered_by_id=actor.person_id,
        answered_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # Another leader answered at the same moment, and was first.
        found = queries.answer_to(actor, asked)
        if found is None:
            raise
        return _same_or_stale(actor, found, way, words, visit_on)
    audit.record(actor, "leader_answered", "leader_answer", row.id, line=row.line, way=row.way)
    told = _people_of(actor, asked)
    if asked.line is Line.BLOCKED:
        row.comment_id = idea_service.comment(
            actor,
            idea_id=asked.idea_id,
            words=_sentence(row),
            form_token=f"leader-answer-{row.id}",
            besides=told,
        )
    if asked.line is Line.DEMAND:
        # The whole team hears of it by its busy time.
        told = {} if _answer_busy_time(actor, asked, _sentence(row)) else told
    _tell(actor, row, NoticeKind.LEADER_ANSWERED, told)
    db.session.flush()
    return row.id


def write_to_them(
    actor: Actor, *, asked: Asked, thanks: dict[int, str], form_token: str, month: date
) -> int:
    """Thank the people of finished ideas in a leader's own words; return the answer's id.

    ``thanks`` are words by idea id; an empty text thanks nobody. The words go to whom they are
    meant for and stand in no answer. Refuses where there is no word at all (field ``words``).
    """
    _check_may(actor)
    said = {idea_id: words.strip() for idea_id, words in thanks.items() if words.strip()}
    if not said:
        raise RuleBroken([Reason("Write to at least one of them.", "words")])
    for idea_id, words in said.items():
        idea_service.say_thanks(
            actor,
            to_id=0,
            words=words,
            idea_id=idea_id,
            form_token=f"{form_token[:40]}-{idea_id}",
        )
    found = queries.answer_to(actor, asked)
    if found is not None:
        return found.id
    try:
        return answer_line(actor, asked=asked, way=Way.WRITE, words="", month=month)
    except Stale as first:
        # Another leader wrote at the same moment: both letters go, and the line is answered.
        return int(first.facts["answer_id"])


def change_answer(
    actor: Actor,
    *,
    answer_id: int,
    way: Way,
    words: str,
    visit_on: date | None = None,
    seen_version: int,
) -> None:
    """Change one's own answer within a day; its team hears that. The same again changes nothing.

    Refuses somebody else's, and one that is older than a day. Raises ``Stale`` when it was changed
    meanwhile.
    """
    _check_may(actor)
    row = queries.answer_for_change(actor, answer_id)
    view = queries.one_answer(actor, answer_id)
    if not view.may_change(actor.person_id, clock.now()):
        raise Forbidden(
            "Only the leader who gave an answer can change it, for a day. "
            "Later, say what came of it."
        )
    words = words.strip()
    _check(view.line, way, words, visit_on)
    day = visit_on if way is Way.VISIT else None
    if (view.way, view.words, view.visit_on) == (way, words, day):
        return
    if row.version != seen_version:
        raise Stale(what="answer", answer_id=row.id)
    row.way, row.words, row.visit_on = way.value, words, day
    row.version += 1
    audit.record(actor, "leader_answer_changed", "leader_answer", row.id, way=row.way)
    asked = _asked_of(view)
    if row.comment_id is not None:
        _change_comment(actor, row)
    if asked.line is Line.DEMAND:
        _answer_busy_time(actor, asked, _sentence(row), again=True)
    _tell(actor, row, NoticeKind.LEADER_ANSWERED, _people_of(actor, asked))
    db.session.flush()


def say_outcome(actor: Actor, *, answer_id: int, words: str, seen_version: int) -> None:
    """Say what came of an answer, for all staff to read; its team hears that.

    Any leader may: who promised may have moved on. The same words twice do nothing. Raises
    ``Stale`` when it was said or changed meanwhile.
    """
    _check_may(actor)
    row, words = queries.answer_for_change(actor, answer_id), words.strip()
    most = limits.length("leader_outcome")
    if not words:
        raise RuleBroken([Reason("Say what came of it.", "words")])
    if len(words) > most:
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "words")])
    if Line(row.line) not in ASKING:
        raise NotFound
    if row.outcome_words == words:
        return
    if row.version != seen_version:
        raise Stale(what="answer", answer_id=row.id)
    row.outcome_words, row.outcome_on = words, clock.today()
    row.outcome_by_id = actor.person_id
    row.version += 1
    audit.record(actor, "leader_outcome_said", "leader_answer", row.id)
    asked = _asked_of(queries.one_answer(actor, row.id))
    _tell(actor, row, NoticeKind.LEADER_TOLD, _people_of(actor, asked))
    db.session.flush()


def _check_may(actor: Actor) -> None:
    if not may(actor, Permission.ANSWER_MONTH):
        raise Forbidden(ONLY_LEADERS)


def _check(line: Line, way: Way, words: str, visit_on: date | None) -> None:
    faults, most = [], limits.length("leader_answer")
    if way not in WAYS[line]:
        faults.append(Reason("Choose one of the ways to answer.", "way"))
    if way is Way.VISIT:
        today = clock.today()
        if visit_on is None:
            faults.append(Reason("Type the day you come.", "visit_on"))
        elif not today <= visit_on <= today + timedelta(days=VISIT_WITHIN_DAYS):
            faults.append(Reason("Choose a day in the next six months.", "visit_on"))
    elif way is not Way.WRITE and not words:
        faults.append(Reason("Write your answer. The team reads these words.", "words"))
    if len(words) > most:
        faults.append(Reason(f"Use {most:,} characters or fewer.", "words"))
    if faults:
        raise RuleBroken(faults)


def _same_or_stale(actor: Actor, found: Answer, way: Way, words: str, visit_on: date | None) -> int:
    day = visit_on if way is Way.VISIT else None
    if (found.by_id, found.way, found.words, found.visit_on) == (actor.person_id, way, words, day):
        return found.id
    raise Stale(what="answer", answer_id=found.id)


def _sentence(row: LeaderAnswer) -> str:
    return answer_words(Way(row.way), row.words, row.visit_on)


def _asked_of(view: Answer) -> Asked:
    idea_id = view.subject_id if view.subject_kind == "idea" else 0
    return Asked(
        view.line,
        view.subject_kind,
        view.subject_id,
        view.asked_on,
        view.asked,
        view.team_id,
        idea_id,
    )


def _change_comment(actor: Actor, row: LeaderAnswer) -> None:
    """Say the same on the idea. A comment that was removed there stays so."""
    try:
        idea_service.edit_comment(actor, comment_id=row.comment_id or 0, words=_sentence(row))
    except (RuleBroken, NotFound):
        return


def _answer_busy_time(actor: Actor, asked: Asked, words: str, *, again: bool = False) -> bool:
    """Answer the busy time itself, unless a leader has; return whether this did."""
    if asked.subject_kind != "busy":
        return False
    busy = people.busy_time(actor, asked.subject_id)
    if busy.answered_at is not None and not again:
        return False
    most = limits.length("busy_asks")
    # What does not fit there stands whole in the answer itself.
    words = words if len(words) <= most else f"{words[: most - 1]}…"
    accounts.answer_busy_time(actor, period_id=busy.id, words=words, seen_version=busy.version)
    return True


def _people_of(actor: Actor, asked: Asked) -> dict[int, str]:
    """Return whom the answer is for, each with why: people of the idea, managers of the team.

    What is asked for every team goes to all managers; thanks reach people in their own way.
    """
    if asked.line in {Line.THANKS, Line.LEARNED}:
        return {}
    told: dict[int, str] = {}
    if asked.team_id is None:
        told = {one.id: Why.MANAGER.value for one in people.managers(actor)}
    elif asked.line is Line.DEMAND:
        told = {one.id: Why.TEAM.value for one in people.people_of_team(actor, asked.team_id)}
    else:
        managers = people.managers_of_team(actor, asked.team_id)
        told = {one.id: Why.MANAGER.value for one in managers}
    if asked.idea_id:
        among = ideas.people_of_idea(actor, asked.idea_id)
        active = people.active_people(actor, among)
        told |= dict.fromkeys(active, Why.MEMBER.value)
    return told


def _tell(actor: Actor, row: LeaderAnswer, kind: NoticeKind, told: dict[int, str]) -> None:
    facts = {"title": _TITLE, "by": actor.first_name}
    tell(actor, told, kind, subject_id=row.id, facts=facts)
