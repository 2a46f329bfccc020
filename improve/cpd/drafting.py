"""Drafts of a piece of learning and of a page for supervision, out of what stands in ideas. Pure.

A draft is only a beginning, to be edited. What came of talking to a peer and the person's own
reflection are never drafted: those must be their own words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from improve.cpd.kinds import PieceKind
from improve.ideas.record_views import RecordCycle, SupervisionIdea
from improve.redaction.texts import is_hidden
from improve.shared import limits


@dataclass(frozen=True, slots=True)
class DraftPiece:
    """What a piece begins with."""

    cycle_id: int
    idea_id: int
    kind: PieceKind
    activity: str
    done_on: date
    why: str
    learned: str
    effect: str
    evidence: str


def piece_of(cycle: RecordCycle) -> DraftPiece:
    """Return the piece that a cycle drafts, each text within its limit."""
    return DraftPiece(
        cycle_id=cycle.cycle_id,
        idea_id=cycle.idea_id,
        kind=PieceKind.CYCLE,
        activity=_cut(f"PDSA cycle: {cycle.title}", limits.length("cpd_activity")),
        done_on=cycle.on,
        why=_text(cycle.problem, _led("What we wanted to improve", cycle.improves)),
        learned=_text(_led("What we tried", cycle.change_to_try), cycle.learned),
        effect=_text(
            cycle.what_happened,
            _led(f"We decided to {cycle.decision.lower()} it", cycle.decision_why)
            if cycle.decision
            else "",
            _led("What happens next", cycle.next_step),
        ),
        evidence=_text(cycle.evidence),
    )


@dataclass(frozen=True, slots=True)
class DraftPage:
    """What a page for supervision begins with. What somebody asks for is theirs to write."""

    ideas: str
    learned: str
    in_the_way: str


def page_of(ideas: Iterable[SupervisionIdea]) -> DraftPage:
    """Return the page that one's own ideas draft: a line for each."""
    held = list(ideas)
    return DraftPage(
        ideas=_lines(f"{i.title}: {i.where}" for i in held),
        learned=_lines(
            f"{i.title}: {i.lesson}" for i in held if i.lesson and not is_hidden(i.lesson)
        ),
        in_the_way=_lines(line for i in held for line in _in_the_way(i)),
    )


def _in_the_way(idea: SupervisionIdea) -> Iterable[str]:
    if idea.blocked_reason and not is_hidden(idea.blocked_reason):
        who = f" Can help: {idea.blocked_who}" if idea.blocked_who else ""
        yield f"{idea.title} is blocked: {_sentence(idea.blocked_reason)}{who}"
    if idea.waits_for_reply:
        waited = f" {idea.waiting_words}." if idea.waiting_words else ""
        yield f"{idea.title} has had no first reply yet.{waited}"


def _sentence(text: str) -> str:
    return text if text[-1:] in ".!?" else f"{text}."


def _led(label: str, text: str) -> str:
    return f"{label}: {text}" if text.strip() and not is_hidden(text) else ""


def _text(*parts: str) -> str:
    said = "\n\n".join(part.strip() for part in parts if part.strip() and not is_hidden(part))
    return _cut(said, limits.length("cpd_text"))


def _lines(lines: Iterable[str]) -> str:
    return _cut("\n".join(" ".join(line.split()) for line in lines), limits.length("cpd_text"))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
