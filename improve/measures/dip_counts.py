"""What two people who read the same records apart found, and where they differ. Pure.

Records are numbers 1 to n on paper; nothing here knows which records they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FIRST, SECOND, AGREED = 1, 2, 3
YES, NO, NOT_KNOWN = "yes", "no", "not_known"
#: What each answer is called.
ANSWER_WORDS: Mapping[str, str] = {YES: "Yes", NO: "No", NOT_KNOWN: "Not known"}
QUESTIONS_MOST = 6
RECORDS_MOST = 50

#: Answers by (record, question), both counted from 1.
Answers = Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One question of one record that the two answered differently, and what they settled on."""

    record: int
    question: int
    first: str
    second: str
    agreed: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """What the agreed answers to one question come to."""

    yes: int
    no: int
    not_known: int
    unsettled: int

    @property
    def of(self) -> int:
        """The bottom line: yes and no."""
        return self.yes + self.no

    @property
    def words(self) -> str:
        """“12 yes of 18. 2 not known.”"""
        apart = f" {self.not_known} not known." if self.not_known else ""
        return f"{self.yes} yes of {self.of}.{apart}" if self.of else f"No yes or no.{apart}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two readings of the same records. ``is_stopped``: no more is read, finished or not."""

    questions: int
    records: int
    first: Answers = field(default_factory=dict)
    second: Answers = field(default_factory=dict)
    agreed: Answers = field(default_factory=dict)
    is_stopped: bool = False

    def _of(self, reader: int) -> Answers:
        return {FIRST: self.first, SECOND: self.second}[reader]

    def records_read(self, reader: int) -> list[int]:
        """Return the records of which a reader has answered every question."""
        own = self._of(reader)
        return [
            record
            for record in range(1, self.records + 1)
            if all((record, q) in own for q in range(1, self.questions + 1))
        ]

    def is_finished(self, reader: int) -> bool:
        """Return whether a reader has answered everything."""
        return len(self.records_read(reader)) == self.records

    def next_record(self, reader: int) -> int | None:
        """Return the first record a reader has not read, or None."""
        done = set(self.records_read(reader))
        return next((r for r in range(1, self.records + 1) if r not in done), None)

    @property
    def is_open(self) -> bool:
        """Whether the two may see each other's answers: both have finished, or it was stopped."""
        return self.is_stopped or (self.is_finished(FIRST) and self.is_finished(SECOND))

    @property
    def compared(self) -> list[int]:
        """The records that both have read."""
        second = set(self.records_read(SECOND))
        return [r for r in self.records_read(FIRST) if r in second]

    @property
    def only_reader(self) -> int | None:
        """The one who read, where the other's reading has no record in common with theirs."""
        if self.compared:
            return None
        counts = {reader: len(self.records_read(reader)) for reader in (FIRST, SECOND)}
        best = FIRST if counts[FIRST] >= counts[SECOND] else SECOND
        return best if counts[best] else None

    @property
    def counted(self) -> list[int]:
        """The records that the result is made of: read by both, or by the one who read."""
        return self.records_read(self.only_reader) if self.only_reader else self.compared

    def same(self, question: int) -> int:
        """Return how many records both answered alike."""
        return sum(self.first[r, question] == self.second[r, question] for r in self.compared)

    def agreement_words(self, question: int) -> str:
        """Return “18 of 20 the same”."""
        if not self.compared:
            return "Read by one person only, so there is nothing to compare"
        return f"{self.same(question)} of {len(self.compared)} the same"

    @property
    def differences(self) -> list[Difference]:
        """What was answered differently, by record."""
        return [
            Difference(r, q, self.first[r, q], self.second[r, q], self.agreed.get((r, q)))
            for r in self.compared
            for q in range(1, self.questions + 1)
            if self.first[r, q] != self.second[r, q]
        ]

    @property
    def unsettled(self) -> list[Difference]:
        """Differences that are still to be settled."""
        return [one for one in self.differences if one.agreed is None]

    def result(self, question: int) -> Result:
        """Return what the answers to one question come to, settled differences among them."""
        found = {YES: 0, NO: 0, NOT_KNOWN: 0, "": 0}
        alone = self.only_reader
        for record in self.counted:
            at = (record, question)
            if alone:
                answer = self._of(alone)[at]
            elif self.first[at] == self.second[at]:
                answer = self.first[at]
            else:
                answer = self.agreed.get(at, "")
            found[answer] += 1
        return Result(found[YES], found[NO], found[NOT_KNOWN], found[""])
