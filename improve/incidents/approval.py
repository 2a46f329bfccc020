"""What two reviewers must have done before they agree to words, and before one is destroyed. Pure.

Whoever agrees, agrees to exactly these words: any change ends what was agreed before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from improve.incidents.checklist import LAST_TEST, Rule, known_lines, lines_for
from improve.incidents.contents import Work
from improve.shared.errors import Reason
from improve.shared.marked_changes import Change

#: “Could someone guess?”
NO_ONE: Final = "no"
SOMEONE: Final = "yes"
GUESSES: Final = (NO_ONE, SOMEONE)


@dataclass(frozen=True, slots=True)
class Standing:
    """A report as it stands, beside what the reviewers make of it.

    ``changes``: how many there are between what was written and what others may read. ``is_small``:
    fewer could have sent it than the council asks for. ``joined``: how many were joined to it.
    ``is_agreed``: kind and factors were.
    """

    work: Work
    changes: int = 0
    is_agreed: bool = False
    is_strict: bool = False
    is_held: bool = False
    is_small: bool = False
    joined: int = 0
    #: A reporter left a way to be called back.
    may_call: bool = False
    #: The reporter wrote, and no reviewer has read it yet.
    has_message: bool = False
    #: Somebody said that a lawful order came.
    is_asked_to_keep: bool = False


def missing(standing: Standing) -> list[Reason]:
    """Return all that is still to be done before anybody may agree to the words; none: nothing."""
    work, found = standing.work, []
    if not standing.is_agreed:
        found.append(Reason("Agree on kind and factors first."))
    if standing.is_strict:
        if not work.theme.strip():
            found.append(Reason("Write the theme in one line: no story is told.", "theme"))
    elif not work.shareable.strip():
        found.append(Reason("Write what others may read first."))
    elif not has_each_rule(work.rules, standing.changes):
        found.append(Reason("Choose why, for each change.", "rules"))
    if not {line.value for line in lines_for(is_strict=standing.is_strict)} <= set(work.ticks):
        found.append(Reason("Go through each line of the checklist, and tick it.", "ticks"))
    if work.guess == SOMEONE:
        found.append(Reason(_who_could_guess(standing), "guess"))
    elif work.guess != NO_ONE:
        found.append(Reason("Say whether someone could guess.", "guess"))
    return found


def _who_could_guess(standing: Standing) -> str:
    """Return whose “Yes” stands against a “No”, and what ends it."""
    asked = standing.work.call_back == "done"
    who = "The reporter, when called back, or a reviewer" if asked else "A reviewer"
    what = "theme" if standing.is_strict else "words"
    return f"{who} said that someone could guess. Change the {what}, then look again."


def stops_sign_off(standing: Standing, readers: Iterable[int]) -> list[Reason]:
    """Return why a report may not be signed off yet; none: it may be destroyed now.

    ``readers``: ids of those who read it now; two, and each agreed to exactly these words.
    """
    found = missing(standing)
    two, agreed = frozenset(readers), frozenset(standing.work.approved_by)
    if len(two) < len(("first", "second")):
        found.append(Reason("Two reviewers agree to the words: another has to open it."))
    elif not two <= agreed:
        found.append(Reason("Both reviewers agree to the same words first."))
    if standing.is_held:
        found.append(Reason("It is held until it is joined with another."))
    elif standing.is_small and not standing.joined:
        found.append(Reason("Too few could have sent it: hold it until it is joined with another."))
    if standing.may_call and not standing.work.call_back:
        found.append(Reason("Say what came of calling back: they asked for it."))
    if standing.has_message:
        found.append(Reason("The reporter wrote: read the message first."))
    if standing.is_asked_to_keep:
        found.append(Reason("A reviewer was told of a lawful order to keep it. Look there first."))
    return found


def has_each_rule(rules: Mapping[str, str], changes: int) -> bool:
    """Return whether each of the changes, numbered from 1, has a rule of the checklist."""
    known = {rule.value for rule in Rule}
    return all(rules.get(str(n)) in known for n in range(1, changes + 1))


def with_words(
    work: Work,
    shareable: str,
    *,
    before: Sequence[Change],
    after: Sequence[Change],
    is_strict: bool = False,
) -> Work:
    """Return the work with other words: nobody agreed to them, and the last test is asked again.

    A change that stands as it did keeps its rule. Other words were not read out to whoever was
    called back.
    """
    last = {line.value for line in LAST_TEST}
    found = replace(
        work if shareable == work.shareable else not_read_out(work),
        shareable=shareable,
        rules=carried(work.rules, before, after),
        ticks=tuple(name for name in work.ticks if name not in last),
        approved_by=(),
    )
    return with_guess(found, "", is_strict=is_strict)


def not_read_out(work: Work) -> Work:
    """Return the work where something else is told than what was read out when calling back."""
    return replace(work, call_back="") if work.call_back == "done" else work


def with_guess(work: Work, guess: str, *, is_strict: bool) -> Work:
    """Return the work with an answer to the last question, of the words or, strictly, the theme.

    Where somebody said “Yes” of exactly this, no other passes over it, whatever was told meanwhile.
    """
    told = work.theme if is_strict else work.shareable
    if told in work.guessed:
        guess = SOMEONE
    elif guess == SOMEONE:
        work = replace(work, guessed=(*work.guessed, told))
    return replace(work, guess=guess if guess in GUESSES else "")


def carried(
    rules: Mapping[str, str], before: Sequence[Change], after: Sequence[Change]
) -> dict[str, str]:
    """Return the rules of the changes ``after``, where the same change had one ``before``."""
    kept: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for change in before:
        if rule := rules.get(str(change.n)):
            kept[change.written, change.now].append(rule)
    return {
        str(change.n): rules_left.pop(0)
        for change in after
        if (rules_left := kept.get((change.written, change.now)))
    }


def with_checks(
    work: Work,
    *,
    rules: Mapping[str, str],
    ticks: Iterable[str],
    guess: str,
    theme: str,
    is_strict: bool = False,
) -> Work:
    """Return the work as it was looked at; where that changed, nobody has agreed to it any more.

    Where one person said that someone could guess, no other passes over it, see ``with_guess``.
    """
    known = {rule.value for rule in Rule}
    checked = replace(
        not_read_out(work) if is_strict and theme != work.theme else work,
        rules={n: rule for n, rule in rules.items() if rule in known},
        ticks=known_lines(ticks),
        theme=theme,
    )
    checked = with_guess(checked, guess, is_strict=is_strict)
    is_same = _agreed_on(work) == _agreed_on(checked)
    return checked if is_same else replace(checked, approved_by=())


def with_agreement(work: Work, person_id: int) -> Work:
    """Return the work with one more who agreed to exactly this; twice is once."""
    return replace(work, approved_by=tuple(sorted({*work.approved_by, person_id})))


def _agreed_on(work: Work) -> tuple[object, ...]:
    return (work.shareable, dict(work.rules), tuple(work.ticks), work.guess, work.theme)
