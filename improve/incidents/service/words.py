"""What others may read of a report: written, each change with its rule, agreed to by both readers.

The words stay sealed under the report's own key until it is signed off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from improve.accounts.actor import Actor
from improve.incidents.approval import (
    missing,
    not_read_out,
    with_agreement,
    with_checks,
    with_guess,
    with_words,
)
from improve.incidents.kinds import StepKind
from improve.incidents.queries.one import Loaded
from improve.incidents.queries.together import original_of, parts_of
from improve.incidents.queries.words import standing_of
from improve.incidents.service.danger import check_read_safe
from improve.incidents.service.one import (
    check_may_change,
    check_seen,
    keep_work,
    record,
    report_for_review,
)
from improve.shared import limits
from improve.shared.errors import Reason, RuleBroken
from improve.shared.marked_changes import Change, marked_changes


def write_words(actor: Actor, *, key: str, words: str, seen_version: int | None) -> None:
    """Keep words for others, to be compared with what was written. Twice is harmless.

    What was agreed before of other words ends; a change that stands as it did keeps its rule.
    """
    loaded = for_words(actor, key)
    words = words.strip()
    if words and loaded.work.shareable == words:
        return
    check_seen(loaded, seen_version)
    if loaded.incident.is_strict:
        raise RuleBroken([Reason("Only the theme is told: nobody reads words of it.", "words")])
    if not words:
        raise RuleBroken([Reason("Write what others may read, or tell the theme only.", "words")])
    if len(words) > (most := limits.length("report_shareable")):
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "words")])
    before, after = changes_of(loaded), changes_of(loaded, words)
    keep_work(loaded, with_words(loaded.work, words, before=before, after=after))
    record(loaded, actor, StepKind.WROTE)


def check_words(
    actor: Actor,
    *,
    key: str,
    rules: Sequence[str],
    rest: str = "",
    ticks: Iterable[str],
    guess: str,
    theme: str,
    is_agreeing: bool,
    seen_version: int | None,
) -> None:
    """Keep the rule of each change, the lines ticked, the last question and the theme.

    ``rules``: one for each change, in order; ``rest``: that of each change without one: who writes
    a text anew changes all of it. ``is_agreeing``: this reviewer agrees to exactly
    these words; then nothing may be missing. Twice is harmless.
    """
    loaded = for_words(actor, key)
    theme = " ".join(theme.split())
    if len(theme) > (most := limits.length("report_theme")):
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "theme")])
    is_strict = loaded.incident.is_strict
    # Where no story is told there is nothing to choose a rule for; what was chosen stays.
    given = [rule or rest for rule in rules]
    chosen = dict(loaded.work.rules) if is_strict else dict(_numbered(given))
    checked = with_checks(
        loaded.work, rules=chosen, ticks=ticks, guess=guess, theme=theme, is_strict=is_strict
    )
    is_new = checked != loaded.work
    if not is_new and (not is_agreeing or actor.person_id in checked.approved_by):
        return
    check_seen(loaded, seen_version)
    if not is_agreeing:
        keep_work(loaded, checked)
        return
    loaded.work = checked
    if reasons := missing(standing_of(loaded)):
        raise RuleBroken(reasons)
    keep_work(loaded, with_agreement(checked, actor.person_id))
    record(loaded, actor, StepKind.APPROVED)


def tell_strictly(actor: Actor, *, key: str, is_strict: bool, seen_version: int | None) -> None:
    """Tell the theme only of so rare an event, or its story again. Twice is harmless."""
    loaded = for_words(actor, key)
    if loaded.incident.is_strict == is_strict:
        return
    check_seen(loaded, seen_version)
    for incident in (loaded.incident, *loaded.joined):
        incident.is_strict = is_strict
    work = replace(not_read_out(loaded.work), approved_by=())
    keep_work(loaded, with_guess(work, "", is_strict=is_strict))
    record(loaded, actor, StepKind.MADE_STRICT)


def hold(actor: Actor, *, key: str, is_held: bool, seen_version: int | None) -> None:
    """Hold a report until it can be joined with another, or hold it no more. Twice is harmless."""
    loaded = for_words(actor, key)
    if loaded.incident.is_held == is_held:
        return
    check_seen(loaded, seen_version)
    loaded.incident.is_held = is_held
    record(loaded, actor, StepKind.HELD)


def for_words(actor: Actor, key: str) -> Loaded:
    """Return a report to be made ready for others, held.

    Refuses one that is kept by an order, or not looked at for danger yet.
    """
    loaded = report_for_review(actor, key, for_change=True)
    check_may_change(loaded)
    check_read_safe(actor, loaded)
    return loaded


def changes_of(loaded: Loaded, shareable: str | None = None) -> tuple[Change, ...]:
    """Return what was changed between what was written and what others may read."""
    words = loaded.work.shareable if shareable is None else shareable
    return marked_changes(original_of(parts_of(loaded)), words).changes if words else ()


def _numbered(rules: Sequence[str]) -> Iterable[tuple[str, str]]:
    return ((str(n), rule) for n, rule in enumerate(rules, 1))
