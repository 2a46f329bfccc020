"""What a verdict leaves open, in plain words, from its code and facts.

Every verdict carries these lines wherever it is shown in full. The chances are for steady
measures without any change, simulated with independent normal values; a
measure whose points lag one on another gives more.
"""

from __future__ import annotations

from improve.measures.spc.analysis import FEWEST_FOR_LIMITS, MOST_BEFORE
from improve.measures.spc.chances import (
    ENDED_CHANCE,
    HELD_CHANCE,
    MISSED_BY_AFTER,
    UNSTABLE_CHANCE,
    UNUSUAL_CHANCE,
    family_of,
    upto,
)
from improve.measures.spc.periods import days_in
from improve.measures.spc.phrases import MONTHS, Facts, change_word, counted, day_words, number_word
from improve.measures.spc.series import CHART_NAMES
from improve.measures.spc.words import label_of

NEVER_A_CAUSE = (
    "The chart shows that it changed, not why. Another change at the same time, the season or a "
    "new way of recording would look the same."
)

CHANGED = frozenset(
    {
        "mixed",
        "improvement",
        "improvement_not_held",
        "deterioration",
        "deterioration_ended",
        "changed_higher",
        "changed_lower",
        "changed_ended",
    }
)
ENDED = frozenset({"improvement_not_held", "deterioration_ended", "changed_ended"})
HELD = frozenset({"improvement", "deterioration", "changed_higher", "changed_lower"})

TRIAL_BEFORE = 20
"""Limits from fewer baseline points are trial limits."""

SMALL_DENOMINATOR = 10
SEASON_MONTHS = 12


def doubt_of(code: str, facts: Facts) -> tuple[str, ...]:
    """The doubt, most telling first. Empty for ``small_test``: its own words say it is small."""
    if code == "small_test":
        return ()
    lines = [_with_all(code, facts), _chance(code, facts), _missed(code, facts)]
    if code in CHANGED:
        lines += [NEVER_A_CAUSE, _since_run(code, facts)]
    lines += [
        _overlapping(facts),
        _kept_earlier(facts),
        _notes(facts),
        _also(code, facts),
        _few_before(code, facts),
        _chosen(facts),
        _line_drawn(facts),
        _chart_chosen(code, facts),
        _lookback(facts),
        _season(facts),
        _straddle(facts),
        _small_numbers(facts),
        _left_out(facts),
        _missing(facts),
    ]
    return tuple(line for line in lines if line)


def _chance(code: str, facts: Facts) -> str:
    n_before, n_after = facts["n_before"], facts["n_after"]
    family = family_of(facts["chart"])
    sides = 2 if facts.get("better") == "neutral" else 1
    if code in HELD:
        n = sides * upto(HELD_CHANCE, n_before)
        return f"About {n} in 100 steady measures would show this by chance."
    if code in ENDED:
        n = sides * upto(upto(ENDED_CHANCE, n_before), n_after)
        return (
            f"About {n} in 100 steady measures would show a run that came and went by chance, "
            "more the longer one waits."
        )
    if code == "mixed":
        return "Fewer than 1 in 100 steady measures would show this by chance."
    if code == "unusual_point":
        n = upto(upto(UNUSUAL_CHANCE[family], n_before), n_after)
        return f"About {n} in 100 steady measures would show such a point by chance."
    if code == "baseline_unstable":
        n = upto(UNSTABLE_CHANCE[family], n_before)
        return f"About {n} in 100 steady measures are refused here by chance."
    if code == "too_early":
        return _still_needed(facts)
    return ""


def _still_needed(facts: Facts) -> str:
    words = "A few points can look like a change and not be one."
    more = facts.get("points_worth_waiting")
    if not more:
        return words
    is_or_are = "is" if more == 1 else "are"
    return f"{words} {counted(more, 'more point')} {is_or_are} needed."


def _missed(code: str, facts: Facts) -> str:
    """How often a real change is missed with so many points, and with those worth waiting for."""
    if code not in {"no_signal", "unusual_point"}:
        return ""
    n_after, more = facts["n_after"], facts.get("points_worth_waiting")
    words = f"With {counted(n_after, 'point')} a real but modest change is missed "
    words += upto(MISSED_BY_AFTER, n_after)
    return (
        f"{words}; with {more} more, {upto(MISSED_BY_AFTER, n_after + more)}."
        if more
        else (f"{words}.")
    )


def _overlapping(facts: Facts) -> str:
    n = facts.get("n_overlapping") or 0
    if not n:
        return ""
    number = number_word(n).capitalize()
    if facts.get("is_by_day"):
        return f"{number} {'test' if n == 1 else 'tests'} ran in this time."
    tests, overlap = ("test", "overlaps") if n == 1 else ("tests", "overlap")
    return f"{number} other {tests} {overlap} this one."


def _kept_earlier(facts: Facts) -> str:
    """A change that was kept goes on; it was there all the time, so it is no test beside this."""
    n = facts.get("n_kept_earlier") or 0
    if not n:
        return ""
    changes, are = ("change", "is") if n == 1 else ("changes", "are")
    return f"{number_word(n).capitalize()} {changes} kept earlier {are} still in force."


def _notes(facts: Facts) -> str:
    n = facts.get("n_notes") or 0
    if not n:
        return ""
    tell, them = ("tells", "it") if n == 1 else ("tell", "them")
    return (
        f"{number_word(n).capitalize()} {'note' if n == 1 else 'notes'} on the chart {tell} what "
        f"else happened in this time: read {them} with it."
    )


def _since_run(code: str, facts: Facts) -> str:
    """One point across the line ends a run, so say what the points since it did."""
    if code not in ENDED:
        return ""
    since, same = facts["n_since_run"], facts["n_since_run_on_side"]
    if since == 1:
        return "One point across the line ends a run, and only one point has followed it."
    if not same:
        return ""
    return (
        f"One point across the line ends a run; {same} of the {since} points since are on the "
        "same side as the run."
    )


def _also(code: str, facts: Facts) -> str:
    if code not in {"no_signal", "unusual_point"} or not facts.get("also"):
        return ""
    names = {"trend": "a trend of 7", "two_in_three": "two of three points near a limit"}
    found = " and ".join(names[name] for name in facts["also"])
    return (
        f"The chart also marks {found}: worth watching. The verdict rests on runs of 7 and on "
        "points outside the limits only."
    )


def _few_before(code: str, facts: Facts) -> str:
    n = facts["n_before"]
    if code == "no_baseline":
        return ""
    if n < FEWEST_FOR_LIMITS:
        return f"Only {n} points before: no limits are drawn, and the usual level is uncertain."
    if not facts["has_limits"]:
        return str(facts.get("limits_note", ""))
    if n < TRIAL_BEFORE:
        return f"Trial limits: only {n} points before, so they may still move."
    if code in {"improvement", "no_signal"} and n <= MOST_BEFORE:
        return f"{n} points before, so a small shift can be missed."
    return ""


def _chosen(facts: Facts) -> str:
    if not facts.get("is_baseline_chosen"):
        return ""
    chosen = "A person chose which points count as before."
    if facts["n_before"] > MOST_BEFORE:
        return f"{chosen} With more than {MOST_BEFORE}, steady measures are refused more often."
    return chosen


def _line_drawn(facts: Facts) -> str:
    day = facts.get("line_cuts_baseline_on")
    if not day:
        return ""
    named = day_words(day, period=facts.get("period", "week"), last_on=facts.get("last_on"))
    return (
        f"A person drew a new middle line from {named} on, so only points since then count as "
        "before."
    )


def _chart_chosen(code: str, facts: Facts) -> str:
    chart = facts.get("usual_chart")
    if not chart:
        return ""
    name = CHART_NAMES[chart]
    article = "an" if name.startswith("x") or name.startswith("X") else "a"
    by_usual = facts.get("code_by_usual")
    words = f"A person chose this chart; the usual one is {article} {name}"
    return (
        f"{words} and would say: {label_of(by_usual, facts)}."
        if by_usual not in {None, code}
        else f"{words}."
    )


def _with_all(code: str, facts: Facts) -> str:
    """Which points count is a person's choice, so say it where it makes the verdict."""
    with_all = facts.get("code_with_all")
    if with_all in {None, code}:
        return ""
    return f"With every point counted the chart would say: {label_of(with_all, facts)}."


def _lookback(facts: Facts) -> str:
    days, period = facts.get("lookback_days"), facts.get("period", "week")
    if not days or days <= days_in(period):
        return ""
    return (
        f"Each point looks back {days} days, longer than its {period}, so neighbouring points "
        "share data. Runs then come by chance nearly three times as often."
    )


def _season(facts: Facts) -> str:
    """Less than a year before can't know the seasons: said for months always, for days and weeks
    where what came after lies in months that the points before say nothing of."""
    if facts.get("period") == "month" and facts["n_before"] < SEASON_MONTHS:
        return "Fewer than 12 months before, so a season can look like a change."
    if not facts.get("is_other_season"):
        return ""
    before = _months(facts["baseline_from"], facts["baseline_to"])
    after = _months(facts["first_on"], facts["last_on"])
    return (
        f"The points before are from {before}, those since from {after}, so a season can look "
        "like a change."
    )


def _months(first: str, last: str) -> str:
    """“January to June”, “March”."""
    names = [MONTHS[int(iso[5:7]) - 1] for iso in (first, last)]
    return names[0] if first[:7] == last[:7] else f"{names[0]} to {names[1]}"


def _straddle(facts: Facts) -> str:
    if not facts.get("straddling_on"):
        return ""
    period = facts.get("period", "week")
    if facts.get("is_by_day"):
        return f"That day lies part-way through a {period}; that {period} counts as before."
    return f"The change began part-way through a {period}; that {period} counts as before."


def _small_numbers(facts: Facts) -> str:
    size = facts.get("typical_denominator")
    if size is None or size >= SMALL_DENOMINATOR:
        return ""
    cases = "1 case" if size == 1 else f"{size:g} cases"
    return f"Each point rests on about {cases}, so points swing widely."


def _left_out(facts: Facts) -> str:
    n = len(facts.get("excluded_on", ()))
    if not n:
        return ""
    is_or_are = "is" if n == 1 else "are"
    return f"{counted(n, 'point')} {is_or_are} left out; the chart shows which."


def _missing(facts: Facts) -> str:
    n = facts.get("n_missing_after", 0)
    if not n:
        return ""
    has_or_have = "has" if n == 1 else "have"
    return (
        f"{counted(n, str(facts.get('period', 'point')))} since {change_word(facts)} "
        f"{has_or_have} no value."
    )
