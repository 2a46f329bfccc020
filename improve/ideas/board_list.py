"""The board as a list: the same cards as rows, in the order a person asks for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from improve.ideas.board import BoardPage, Card

#: Rows that a page of the list draws.
ROWS_SIZE: Final = 100
#: Names in the address, and words on screen.
SORTS: Final[Mapping[str, str]] = {
    "idea": "Idea",
    "stage": "Stage",
    "age": "Age",
    "lead": "Lead",
    "verdict": "Verdict",
    "next": "Next step",
}
#: Worked out for each card as it is drawn, so it sorts the rows only where one page holds them all.
SORTED_HERE: Final = "next"


@dataclass(frozen=True, slots=True)
class ListHead:
    """A head of the list: its name in the address, its words, and how it sorts now, if it does.

    ``may_sort``: pressing it sorts every row of the list, not only those on this page.
    """

    name: str
    words: str
    is_sorted: bool
    is_reversed: bool
    may_sort: bool = True


@dataclass(frozen=True, slots=True)
class RowsPage:
    """A page of the list. ``board`` has the counts of the columns, and no cards."""

    board: BoardPage
    cards: tuple[Card, ...]
    page: int = 1
    size: int = ROWS_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.board.shown // self.size))

    @property
    def first(self) -> int:
        """The place of the first row on this page, from 1."""
        return (self.page - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The place of the last row on this page."""
        return self.first + len(self.cards) - 1


def next_words(card: Card) -> str:
    """Return the next step of a card as one text."""
    return " ".join(words for words in (card.next_strong, card.next_words) if words)


def by_next_step(cards: Sequence[Card], *, is_reversed: bool = False) -> list[Card]:
    """Return cards by the words of their next step, those without one last.

    Cards that are equal keep their order, whichever way they are sorted.
    """
    return sorted(
        cards,
        key=lambda card: (not next_words(card), next_words(card).casefold()),
        reverse=is_reversed,
    )


def heads(sort: str | None, *, is_reversed: bool = False, is_whole: bool = True) -> list[ListHead]:
    """Return the heads of the list, the sorted one marked. ``is_whole``: one page holds it all."""
    return [
        ListHead(
            name,
            words,
            name == sort,
            is_reversed and name == sort,
            may_sort=is_whole or name != SORTED_HERE,
        )
        for name, words in SORTS.items()
    ]
