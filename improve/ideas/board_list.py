"""The board as a list: the same cards as rows, in the order a person asks for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from improve.ideas.board import BoardPage, Card
from improve.ideas.kinds import Stage

_ORDER: Final = {stage: place for place, stage in enumerate(Stage)}


@dataclass(frozen=True, slots=True)
class ListHead:
    """A head of the list: its name in the address, its words, and how it sorts now, if it does."""

    name: str
    words: str
    is_sorted: bool
    is_reversed: bool


#: Names in the address, words on screen, and what each sorts by. Text sorts without case.
SORTS: Final[Mapping[str, tuple[str, Callable[[Card], Any]]]] = {
    "idea": ("Idea", lambda card: card.title.casefold()),
    "stage": ("Stage", lambda card: (_ORDER[card.stage], -card.age_days)),
    "age": ("Age", lambda card: card.age_days),
    "lead": ("Lead", lambda card: (card.lead or card.author).casefold()),
    "verdict": (
        "Verdict",
        lambda card: (card.verdict is None, card.verdict.label if card.verdict else ""),
    ),
    "next": (
        "Next step",
        lambda card: (not next_words(card), next_words(card).casefold()),
    ),
}


def next_words(card: Card) -> str:
    """Return the next step of a card as one text."""
    return " ".join(words for words in (card.next_strong, card.next_words) if words)


def rows(page: BoardPage, sort: str | None, *, is_reversed: bool = False) -> list[Card]:
    """Return the cards of a board as rows; without a known ``sort`` in the order of the board.

    Rows that are equal keep the board's order, whichever way they are sorted.
    """
    cards = [card for column in page.columns for card in column.cards]
    if sort is None or sort not in SORTS:
        return cards
    return sorted(cards, key=SORTS[sort][1], reverse=is_reversed)


def heads(sort: str | None, *, is_reversed: bool = False) -> list[ListHead]:
    """Return the heads of the list, the sorted one marked."""
    return [
        ListHead(name, words, name == sort, is_reversed and name == sort)
        for name, (words, _) in SORTS.items()
    ]
