"""The lines of a month as a leader reads them: built from facts and answers. Pure.

A line that nothing waits in says so in one sentence and asks nothing. A line that was answered in
this month stays as it was, with the leader's own sentence in place of the buttons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from improve.ideas.kinds import Source, unblocker_words
from improve.ideas.month_views import EndedIdea, VoiceOfMonth, WaitingIdea, first_day_after
from improve.review.month import LINE_WORDS, Answer, Asked, Line
from improve.review.month_views import MonthFacts, MonthLine, MonthSheet, Person, Spark
from improve.shared.formatting import NBSP, day, day_short, number, plural
from improve.shared.suppression import count_alone

#: Longest words on the one page; whole they stand where the line leads.
HEADING_MOST: Final = 110
WORDS_MOST: Final = 220


def build(facts: MonthFacts) -> MonthSheet:
    """Return the sheet of a month, its lines in their order."""
    build_one = {
        Line.BLOCKED: _blocked,
        Line.VOICE: _voice,
        Line.BALANCE: _balance,
        Line.DEMAND: _demand,
        Line.HOURS: _hours,
        Line.THANKS: _thanks,
        Line.LEARNED: _learned,
    }
    lines = []
    for line, make in build_one.items():
        built = make(facts)
        if not facts.is_now and not built.is_answered and line is not Line.LEARNED:
            continue
        lines.append(built)
    return MonthSheet(facts.month, facts.is_now, tuple(lines), facts.newest)


def clipped(words: str, most: int) -> str:
    """Return words in one paragraph, at most so long, cut between two words with an ellipsis."""
    flat = " ".join(words.split())
    if len(flat) <= most:
        return flat
    cut = flat[: most - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > most // 2 else cut).rstrip(" ,;:.") + "…"


def empty_words(line: Line) -> str:
    """Return the one sentence of a line in which nothing waits."""
    return {
        Line.BLOCKED: "No idea waits for a head of service or a director.",
        Line.VOICE: "No open idea of a child, parent or carer waits for you.",
        Line.BALANCE: "No measure gets better while the one beside it gets worse.",
        Line.DEMAND: "No team has a busy time now.",
        Line.HOURS: "No protected time was promised for this month yet.",
        Line.THANKS: "Nobody waits for thanks: no change finished that no leader wrote about.",
        Line.LEARNED: "Nothing has finished this month yet.",
    }[line]


def _number(line: Line) -> int:
    return list(Line).index(line) + 1


def _nothing(line: Line) -> MonthLine:
    return MonthLine(line, _number(line), LINE_WORDS[line], empty_words(line))


def _answer_of(facts: MonthFacts, line: Line) -> Answer | None:
    """Return the newest answer that was given to this line in this month."""
    return next((a for a in facts.answers if a.line is line and a.month == facts.month), None)


def _kept(line: Line, answer: Answer) -> MonthLine:
    """Return a line whose facts are gone as its answer keeps it."""
    of_team = f"{answer.team_name}: " if answer.team_name else ""
    return MonthLine(
        line,
        _number(line),
        LINE_WORDS[line],
        clipped(of_team + answer.asked, WORDS_MOST),
        answer=answer,
        to="idea" if answer.subject_kind == "idea" else "",
        to_id=answer.subject_id if answer.subject_kind == "idea" else 0,
    )


def _chosen(facts: MonthFacts, line: Line, found: Sequence[tuple[Asked, Any]]) -> Any:
    """Return (asked, thing, answer): what was answered this month, else the first that waits."""
    answer = _answer_of(facts, line)
    if answer is not None:
        same = next((pair for pair in found if pair[0].key == answer.key), None)
        return (*same, answer) if same else (None, None, answer)
    answered = {a.key for a in facts.answers}
    waits = next((pair for pair in found if pair[0].key not in answered), None)
    return (*waits, None) if waits else (None, None, None)


def asked_of_blocked(idea: WaitingIdea) -> Asked:
    """Return what a blocked idea asks, in its team's words."""
    words = f"{idea.title}: {idea.words}"
    return Asked(Line.BLOCKED, "idea", idea.id, idea.since_on, words, idea.team_id, idea.id)


def _blocked(facts: MonthFacts) -> MonthLine:
    line = Line.BLOCKED
    found = [(asked_of_blocked(i), i) for i in facts.ideas.blocked]
    answered = {a.key: a for a in facts.answers}
    named = next((pair for pair in found if pair[1].id == facts.blocked_id), None)
    if named is not None:
        asked, idea, answer = (*named, answered.get(named[0].key))
    else:
        asked, idea, answer = _chosen(facts, line, found)
    if idea is None:
        return _kept(line, answer) if answer else _nothing(line)
    keys = {each.key for each, _ in found}
    waited = idea.calendar.working_days_between(idea.since_on, facts.today)
    since = f"waiting {plural(waited, 'working day')}" if waited else "since today"
    return MonthLine(
        line,
        _number(line),
        f"{LINE_WORDS[line]} · {since}",
        clipped(f"{idea.team_name}: {idea.title}", HEADING_MOST),
        quote=clipped(idea.words, WORDS_MOST),
        note=clipped(f"Needs {_lower(unblocker_words(idea.level))}: {idea.who}", WORDS_MOST),
        asked=asked,
        answer=answer,
        to="idea",
        to_id=idea.id,
        more=max(0, facts.ideas.blocked_count - len({asked.key, *answered} & keys)),
        team_name=idea.team_name,
    )


def _voice(facts: MonthFacts) -> MonthLine:
    line = Line.VOICE
    if facts.voice is not None:
        return _told(facts, facts.voice)
    found = [
        (
            Asked(line, "idea", i.id, i.since_on, i.words, i.team_id, i.id),
            i,
        )
        for i in facts.ideas.voices
    ]
    asked, idea, answer = _chosen(facts, line, found)
    if idea is None:
        return _kept(line, answer) if answer else _nothing(line)
    whose = "a child’s or young person’s" if idea.source == Source.CHILD.value else "a parent’s"
    if idea.source == Source.PARENT_OR_CARER.value:
        whose = "a parent’s or carer’s"
    return MonthLine(
        line,
        _number(line),
        f"In {whose} words · {idea.team_name}, {day_short(idea.since_on)}",
        clipped(idea.words, WORDS_MOST),
        note=_waiting_words(facts.ideas.voices_waiting),
        is_heading_quoted=True,
        asked=asked,
        answer=answer,
        to="idea",
        to_id=idea.id,
        team_name=idea.team_name,
    )


def _told(facts: MonthFacts, voice: VoiceOfMonth) -> MonthLine:
    """The line of a voice: its words in full. Only an idea's team can be answered, so it asks
    nothing where it led to none."""
    line, idea_id = Line.VOICE, voice.idea_id
    asked = None
    if idea_id is not None:
        asked = Asked(line, "idea", idea_id, voice.month, voice.words, voice.team_id, idea_id)
    return MonthLine(
        line,
        _number(line),
        f"{voice.whose} told us · {voice.month.strftime('%B %Y')}",
        voice.words,
        note=voice.answers_waiting or "No voice has waited past 28 days for an answer.",
        is_heading_quoted=True,
        asked=asked,
        answer=_answer_of(facts, line),
        to="idea" if idea_id is not None else "",
        to_id=idea_id or 0,
        team_name=voice.team_name,
    )


def _waiting_words(count: int) -> str:
    if not count:
        return "No idea like this has waited past 28 days for a first reply."
    said = str(count_alone(count)).capitalize()
    return f"{said} ideas like this have waited past 28 days for a first reply."


def _balance(facts: MonthFacts) -> MonthLine:
    line = Line.BALANCE
    found = [
        (
            Asked(
                line,
                "measure",
                p.measure_id,
                p.starts_on,
                f"{p.measure_name} gets better while {p.partner_name} gets worse",
                p.team_id,
                p.idea_id,
            ),
            p,
        )
        for p in facts.pairs
    ]
    asked, pair, answer = _chosen(facts, line, found)
    if pair is None:
        return _kept(line, answer) if answer else _nothing(line)
    points = f" · {plural(pair.points, 'point')} since {day(pair.starts_on)}" if pair.points else ""
    of_team = f"{pair.team_name}: " if pair.team_name else ""
    return MonthLine(
        line,
        _number(line),
        f"{LINE_WORDS[line]}{points}",
        clipped(f"{of_team}one measure is better, the one beside it worse", HEADING_MOST),
        sparks=(
            Spark(
                pair.spark, f"{clipped(pair.measure_name, 60)}: improving", "better", "trending-up"
            ),
            Spark(
                pair.partner_spark,
                f"{clipped(pair.partner_name, 60)}: getting worse",
                "worse",
                "trending-down",
            ),
        ),
        asked=asked,
        answer=answer,
        to="measure",
        to_id=pair.measure_id,
        team_name=pair.team_name,
    )


def _demand(facts: MonthFacts) -> MonthLine:
    line = Line.DEMAND
    found = [
        (Asked(line, "busy", b.id, b.since_on, b.asks or b.why, b.team_id), b) for b in facts.busy
    ]
    asked, busy, answer = _chosen(facts, line, found)
    if busy is None:
        return _kept(line, answer) if answer else _nothing(line)
    demand = facts.demand if busy is facts.busy[0] else None
    heading = f"{busy.team_name}: a busy time since {day(busy.since_on)}"
    if demand is not None:
        usual = f", usually {_value(demand.usual, demand.unit)}" if demand.usual is not None else ""
        newest = _value(demand.newest, demand.unit)
        heading = f"{busy.team_name}: {demand.name}, {newest}{usual}"
    said = [f"{plural(busy.people, 'person', 'people')} here, busy since {day(busy.since_on)}."]
    elsewhere = (busy.answered_by, busy.answer) if busy.answer and answer is None else None
    return MonthLine(
        line,
        _number(line),
        f"{LINE_WORDS[line]} · busy time ends {day(busy.until_on)}",
        clipped(heading, HEADING_MOST),
        quote=clipped(busy.asks or busy.why, WORDS_MOST),
        note=" ".join(said),
        asked=asked,
        answer=answer,
        answered_elsewhere=elsewhere,
        to="busy",
        to_id=busy.id,
        more=max(0, len(facts.busy) - 1),
        team_name=busy.team_name,
    )


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    shown = number(round(value, 1) if abs(value) < 100 else round(value))
    return f"{shown}%" if unit == "%" else shown


def _hours(facts: MonthFacts) -> MonthLine:
    line, answer = Line.HOURS, _answer_of(facts, Line.HOURS)
    if facts.hours is None or not facts.hours.promised:
        return _kept(line, answer) if answer else _nothing(line)
    return MonthLine(
        line,
        _number(line),
        f"{LINE_WORDS[line]} · your debt, not theirs",
        facts.hours.sentence,
        quote=clipped(" ".join(facts.hours.in_the_way), WORDS_MOST),
        note=facts.hours.said,
        asked=Asked(line, "month", 0, facts.month, facts.hours.sentence),
        answer=answer,
        hours=facts.hours,
        to="hours",
    )


def _thanks(facts: MonthFacts) -> MonthLine:
    line, answer = Line.THANKS, _answer_of(facts, Line.THANKS)
    people = tuple(
        Person(
            ended.id,
            ended.by,
            did,
            clipped(ended.title, 90),
            outcome,
            clipped(ended.lesson, 90),
            ended.team_name,
        )
        for ended, did, outcome in (
            (facts.ideas.stopped, "stopped", "abandoned"),
            (facts.ideas.kept, "kept", "adopted"),
        )
        if ended is not None
    )
    if answer is not None:
        return _kept(line, answer)
    if not people:
        return _nothing(line)
    heading = {
        ("stopped", "kept"): "One honest stop, one finished change",
        ("stopped",): "One honest stop",
        ("kept",): "One finished change",
    }[tuple(person.did for person in people)]
    head = LINE_WORDS[line] if len(people) > 1 else "Somebody to thank by name"
    asked = Asked(line, "month", 0, facts.month, heading)
    return MonthLine(line, _number(line), head, heading, asked=asked, people=people)


def _learned(facts: MonthFacts) -> MonthLine:
    line, answer = Line.LEARNED, _answer_of(facts, Line.LEARNED)
    total = sum(facts.ideas.decided.values())
    if not total:
        if answer:
            return _kept(line, answer)
        if facts.is_now:
            return _nothing(line)
        return MonthLine(line, _number(line), LINE_WORDS[line], "Nothing finished in this month.")
    lesson = facts.ideas.lesson
    return MonthLine(
        line,
        _number(line),
        LINE_WORDS[line],
        decided_words(facts.ideas.decided),
        quote=clipped(lesson.lesson, WORDS_MOST) if lesson else "",
        note=_lesson_of(lesson),
        asked=Asked(line, "month", 0, facts.month, decided_words(facts.ideas.decided))
        if facts.is_now
        else None,
        answer=answer,
        to="finished",
        days=(facts.month, first_day_after(facts.month) - timedelta(days=1)),
    )


def decided_words(decided: Mapping[str, int]) -> str:
    """Return “4 finished: 2 kept, 1 changed, 1 stopped”."""
    said = (("adopt", "kept"), ("adapt", "changed"), ("abandon", "stopped"))
    parts = [f"{decided[code]}{NBSP}{word}" for code, word in said if decided.get(code)]
    return f"{sum(decided.values())}{NBSP}finished: {', '.join(parts)}"


def _lesson_of(lesson: EndedIdea | None) -> str:
    return f"{lesson.team_name}, from “{clipped(lesson.title, 90)}”." if lesson else ""


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
