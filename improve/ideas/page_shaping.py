"""From rows of facts to the idea page and its history. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from improve.accounts.actor import Actor
from improve.ideas import rights
from improve.ideas.aim_views import hung_on
from improve.ideas.board import CardVerdict
from improve.ideas.coach_views import beside_in
from improve.ideas.conversation_views import talk_in
from improve.ideas.history_words import edit_line, kept_line, move_line
from improve.ideas.joining import joinable_of, why_not_joined
from improve.ideas.kinds import (
    DECISION_WORDS,
    OUTCOME_WORDS,
    REPLY_WORDS,
    SOURCE_WORDS,
    STAGE_WORDS,
    UNDO_HOURS,
    Answerer,
    Decision,
    Outcome,
    ReplyKind,
    Source,
    Stage,
    Way,
    unblocker_words,
)
from improve.ideas.next_steps import next_step
from improve.ideas.page import (
    BlockedView,
    CycleView,
    EndingView,
    HistoryLine,
    IdeaMay,
    IdeaPage,
    PersonRef,
    ReplyView,
    TeamRef,
    TiedMeasure,
    UndoView,
)
from improve.ideas.questions import CYCLE_QUESTIONS, choice_words
from improve.ideas.rights import Standing, standing_of
from improve.ideas.shaping import (
    A_COLLEAGUE,
    age_of,
    card_verdict,
    first_name,
    reply_due_on,
    reply_words,
    small_test_of,
    usual_of,
)
from improve.ideas.tally_views import tallies_in
from improve.ideas.usual_days import clock_in
from improve.shared import clock
from improve.shared.formatting import day_short, days, plural

#: A row by name of its columns.
Row = Mapping[Any, Any]


def person(row: Row, actor: Actor, person_id: int | None, name: str | None) -> PersonRef:
    """Return a person as the actor may read them: a hidden author is a colleague without id."""
    is_hidden = person_id == row["author_id"] and not rights.may_see_author(actor, standing_of(row))
    if person_id is None or is_hidden or not name:
        return PersonRef(None, A_COLLEAGUE, A_COLLEAGUE)
    if rights.is_guest(actor) and person_id != actor.person_id:
        return PersonRef(person_id, first_name(name), first_name(name))
    return PersonRef(person_id, name, first_name(name))


def _titled(who: PersonRef, title: str | None, actor: Actor) -> PersonRef:
    """Return a person with their job: not a hidden author, nobody to a guest."""
    job = (title or "") if who.id is not None and not rights.is_guest(actor) else ""
    return PersonRef(who.id, who.name, who.first_name, job)


def tied_of(row: Row) -> tuple[TiedMeasure, ...]:
    """Return the measures that an idea is tied to, main first."""
    return tuple(
        TiedMeasure(row[f"{place}_id"], row[f"{place}_measure_name"], place)
        for place in ("main", "beside")
        if row[f"{place}_id"] is not None
    )


def team_of(row: Row) -> TeamRef:
    """Return the idea's team."""
    return TeamRef(row["team_id"], row["team_slug"], row["team_name"])


def _team_now(row: Row, today: date) -> TeamRef:
    """Return the idea's team with the busy time that goes on there."""
    since, until = row["team_busy_since_on"], row["team_busy_until_on"]
    if since is None or until is None or not since <= today <= until:
        return team_of(row)
    return TeamRef(
        row["team_id"],
        row["team_slug"],
        row["team_name"],
        busy_since_on=since,
        busy_until_on=until,
        busy_why=row["team_busy_why"],
        is_busy=True,
    )


def shape_page(
    row: Row,
    actor: Actor,
    *,
    cycles: Sequence[Row],
    feed: Sequence[Row],
    windows: Sequence[Any],
    now: datetime,
    comments_most: int,
) -> IdeaPage:
    """Return the page of an idea from its row, cycles (newest first), feed and windows."""
    standing, stage = standing_of(row), Stage(row["stage"])
    today = clock.local(now).date()
    stage_clock = clock_in(row, actor)
    age = age_of(row["stage_entered_at"], today, stage_clock)
    usual, is_over = usual_of(stage, age, row["waiting_since"], today, stage_clock)
    may = _may(actor, standing, row)
    present = cycles[0] if cycles and cycles[0]["number"] == row["cycle_number"] else None
    lead = None
    if row["lead_id"] is not None:
        lead = person(row, actor, row["lead_id"], row["lead_name"])
    return IdeaPage(
        id=row["id"],
        version=row["version"],
        title=row["title"],
        suggestion=row["suggestion"],
        benefit=row["benefit"],
        problem=row["problem"],
        improves=row["improves"],
        family_in_team=row["family_in_team"],
        document_link=row["document_link"],
        source=Source(row["source"]),
        source_words=_source_words(Source(row["source"])),
        team=_team_now(row, today),
        stage=stage,
        stage_words=STAGE_WORDS[stage],
        outcome=standing.outcome,
        cycle_number=row["cycle_number"],
        age_days=age,
        age_words=days(age),
        is_over_usual=is_over,
        usual_words=f"usual {usual}" if is_over else "",
        created_at=row["created_at"],
        author=person(row, actor, row["author_id"], row["author_name"]),
        is_author=actor.person_id == row["author_id"],
        hides_name=row["hides_name"],
        lead=lead,
        members=tuple(
            person(row, actor, part["person_id"], part["name"])
            for part in feed
            if part["part"] == "member"
        ),
        answerer=Answerer(row["answerer"]),
        is_on_board=row["is_on_board"],
        reply=_reply(row, actor),
        reply_words=reply_words(row["waiting_since"], today, stage_clock),
        reply_due_on=reply_due_on(row["waiting_since"], stage_clock)
        if row["waiting_since"]
        else None,
        blocked=blocked_of(row, actor),
        ending=_ending(row, actor, cycles),
        look_again_on=row["look_again_on"],
        next_step=next_step(
            row,
            present,
            actor,
            standing,
            has_measure=row["main_id"] is not None,
            today=today,
            stage_clock=stage_clock,
        ),
        cycles=tuple(_cycle(row, cycle, lead) for cycle in cycles),
        history=shape_history(row, actor, feed),
        tallies=tallies_in(actor, feed),
        measures=tied_of(row),
        windows=tuple(windows),
        verdict=verdict_in(windows, "main"),
        beside=verdict_in(windows, "beside"),
        may=may,
        undo=_undo(row, actor, standing, feed, now),
        pinned_by=person(row, actor, row["pinned_by_id"], row["pinned_name"])
        if row["pinned_at"]
        else None,
        pinned_at=row["pinned_at"],
        driver=hung_on(row),
        **talk_in(row, actor, standing, feed, names=person, most=comments_most, now=now),
        **beside_in(row, actor, cycle=present, standing=standing, feed=feed, names=person),
    )


def shape_history(row: Row, actor: Actor, feed: Sequence[Row]) -> tuple[HistoryLine, ...]:
    """Return history, newest first: moves, edits, verdicts, and words kept for the actor."""
    lines: list[tuple[datetime, int, int, HistoryLine]] = []
    for part in feed:
        who = person(row, actor, part["person_id"], part["name"]).first_name
        if part["part"] == "move":
            by = ""
            if part["other_at"] is not None:
                by = person(row, actor, part["other_id"], part["other_name"]).first_name
            line = move_line(part, who, undone_by=by)
        elif part["part"] == "edit":
            line = edit_line(part, who)
        elif part["part"] == "kept":
            line = kept_line(part, json.loads(part["a"] or "{}"))
        else:
            continue
        # What was written with a move stands under it: same moment, same version.
        lines.append((part["at"], part["version"], int(part["part"] == "move"), line))
    lines.sort(key=lambda entry: entry[:3], reverse=True)
    return tuple(entry[3] for entry in lines)


def verdict_in(windows: Sequence[Any], place: str) -> CardVerdict | None:
    """Return the verdict of the current window in a place, or None."""
    for window in windows:
        if window.is_current and window.place == place and window.verdict_code:
            return card_verdict(
                window.verdict_code,
                window.facts,
                measure=(window.measure_id, window.measure_name, window.better_when),
                spark=window.spark,
            )
    return None


def blocked_of(row: Row, actor: Actor) -> BlockedView | None:
    """Return why an open idea cannot go on, or None."""
    if row["blocked_at"] is None or row["finished_at"] is not None:
        return None
    return BlockedView(
        reason=row["blocked_reason"],
        who=row["blocked_who"],
        since=row["blocked_at"],
        by=person(row, actor, row["blocked_by_id"], row["blocked_name"]),
        level=row["blocked_from"],
        level_words=unblocker_words(row["blocked_from"]),
    )


def _source_words(source: Source) -> str:
    return "Staff idea" if source is Source.OWN else SOURCE_WORDS[source]


def _may(actor: Actor, standing: Standing, row: Row) -> IdeaMay:
    ways = [way for way, _ in rights.ways_for(actor, standing)]
    may_edit = rights.may_edit(actor, standing)
    is_open = standing.stage is not Stage.DONE
    is_author = actor.person_id == standing.author_id
    plans = standing.stage is Stage.PLAN and (may_edit or Way.DO in ways)
    return IdeaMay(
        edit=may_edit,
        reply=rights.may_reply(actor, standing),
        move=bool(set(ways) - {Way.WITHDRAW}),
        decide=bool(set(ways) & rights.DECIDING),
        comment=rights.may_comment(actor) or is_author,
        withdraw=Way.WITHDRAW in ways,
        block=may_edit and is_open,
        choose_lead=may_edit and is_open,
        choose_measures=may_edit and is_open,
        put_on_board=is_author and not row["is_on_board"],
        plan=plans or (standing.stage is Stage.SUGGESTED and Way.PLAN in ways),
        pin=rights.may_pin(actor, standing) and is_open and row["is_on_board"],
        thank=rights.may_thank(actor),
        join_to_another=rights.steers(actor, standing) and not why_not_joined(joinable_of(row)),
        change_team=rights.steers(actor, standing),
        ask_coach=rights.may_ask_coach(actor, standing),
        invite=rights.may_invite(actor, standing),
    )


def _reply(row: Row, actor: Actor) -> ReplyView | None:
    if row["first_reply_at"] is None or row["first_reply_kind"] is None:
        return None
    kind = ReplyKind(row["first_reply_kind"])
    by = person(row, actor, row["first_reply_by_id"], row["replied_name"])
    return ReplyView(
        by=_titled(by, row["replied_title"], actor),
        at=row["first_reply_at"],
        kind=kind,
        kind_words=_reply_kind_words(row, kind),
        words=row["first_reply_words"],
    )


def _reply_kind_words(row: Row, kind: ReplyKind) -> str:
    if row["outcome"] == Outcome.JOINED.value and row["first_reply_at"] == row["finished_at"]:
        return OUTCOME_WORDS[Outcome.JOINED]
    return "Not now" if kind is ReplyKind.NOT_NOW else REPLY_WORDS[kind]


def _ending(row: Row, actor: Actor, cycles: Sequence[Row]) -> EndingView | None:
    if row["outcome"] is None or row["finished_at"] is None:
        return None
    outcome = Outcome(row["outcome"])
    by = None
    if cycles and cycles[0]["decided_by_id"] is not None and cycles[0]["decision"]:
        by = person(row, actor, cycles[0]["decided_by_id"], cycles[0]["decided_name"])
    return EndingView(
        outcome=outcome,
        words=OUTCOME_WORDS[outcome],
        finished_at=row["finished_at"],
        by=by,
        lesson="" if outcome is Outcome.JOINED else row["lesson"],
        why="" if outcome is Outcome.JOINED else row["decision_why"],
        adopt_anyway=row["adopt_anyway"],
        look_again_on=row["look_again_on"],
        is_from_list=row["log_import_id"] is not None,
    )


def _cycle(row: Row, cycle: Row, lead: PersonRef | None) -> CycleView:
    is_current = cycle["number"] == row["cycle_number"]
    decision = Decision(cycle["decision"]) if cycle["decision"] else None
    about = cycle["scope"] or cycle["who"]
    if not about and cycle["families_count"]:
        about = plural(cycle["families_count"], "family", "families")
    return CycleView(
        number=cycle["number"],
        is_current=is_current,
        stage=Stage(row["stage"]) if is_current else None,
        headline=f"Cycle {cycle['number']}: {about}" if about else f"Cycle {cycle['number']}",
        dates=dates_of(cycle["started_on"], cycle["ended_on"], cycle["study_by_on"]),
        people=f"{lead.first_name} leads" if lead else "",
        is_small=not cycle["is_wide"],
        small_test=None if cycle["is_wide"] else small_test_of(cycle),
        prediction=cycle["prediction"],
        is_prediction_locked=cycle["prediction_locked_at"] is not None,
        change_to_try=cycle["change_to_try"],
        what_happened=cycle["what_happened"],
        as_planned_words=choice_words("as_planned", cycle["as_planned"]),
        learned=cycle["learned"],
        prediction_held_words=choice_words("prediction_held", cycle["prediction_held"]),
        decision=decision,
        decision_words=DECISION_WORDS[decision] if decision else "",
        decision_why=cycle["decision_why"],
        adopt_anyway=cycle["adopt_anyway"] if decision is Decision.ADOPT else "",
        next_step=cycle["next_step"],
        started_on=cycle["started_on"],
        ended_on=cycle["ended_on"],
        study_by_on=cycle["study_by_on"],
        decided_at=cycle["decided_at"],
        values={name: cycle[name] for name in CYCLE_QUESTIONS},
    )


def dates_of(started: date | None, ended: date | None, study_by: date | None) -> str:
    """Return “17 Aug to 11 Sep”, “since 21 Sep, till 20 Nov”, “till 20 Nov” or “”."""
    if started and started == ended:
        return day_short(started)
    if started and ended:
        return f"{day_short(started)} to {day_short(ended)}"
    till = f"till {day_short(study_by)}" if study_by else ""
    if started:
        return f"since {day_short(started)}" + (f", {till}" if till else "")
    return till


def _undo(
    row: Row, actor: Actor, standing: Standing, feed: Sequence[Row], now: datetime
) -> UndoView | None:
    moves = [part for part in feed if part["part"] == "move"]
    if not moves:
        return None
    last = max(moves, key=lambda part: part["id"])
    until = last["at"] + timedelta(hours=UNDO_HOURS)
    if Way(last["kind"]) is Way.JOIN:
        return None  # taken apart instead, however long ago it was
    may = last["person_id"] == actor.person_id or rights.steers(actor, standing)
    if not may or last["other_at"] is not None or last["version"] != row["version"] or until < now:
        return None
    return UndoView(move_id=last["id"], words=move_line(last, "").words, until=until)
