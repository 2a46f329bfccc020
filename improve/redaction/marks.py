"""Words that were taken out, known again by keyed marks: nobody reads them off. Pure.

A mark is made of the words as they are compared: small letters, one blank between them. Where
words stood in a restored text, each run of the right length is marked and compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

Mark = Callable[[str], str]


def as_compared(phrase: str) -> str:
    """Return a phrase as it is compared."""
    return "".join(char for char, _ in _letters(" ".join(phrase.split())))


def marks_of(phrases: Iterable[str], mark: Mark) -> list[list[int | str]]:
    """Return [length, mark] of each phrase, in an order that tells nothing of theirs."""
    made = {(len(words), mark(words)) for words in map(as_compared, phrases) if words}
    return [list(pair) for pair in sorted(made)]


def marked_in(text: str, marks: Iterable[tuple[int, str]], mark: Mark) -> set[str]:
    """Return the words of ``text`` that one of the marks was made of, as they stand there."""
    by_length: dict[int, set[str]] = {}
    for size, one in marks:
        by_length.setdefault(size, set()).add(one)
    letters = list(_letters(text))
    folded = "".join(char for char, _ in letters)
    found = set()
    for start in _starts(folded):
        for size, wanted in by_length.items():
            end = start + size
            if end > len(folded) or (end < len(folded) and _is_letter(folded[end])):
                continue
            if mark(folded[start:end]) in wanted:
                found.add(text[letters[start][1] : letters[end - 1][1] + 1])
    return found


def _starts(folded: str) -> Iterator[int]:
    for at, char in enumerate(folded):
        if char != " " and (at == 0 or not _is_letter(folded[at - 1])):
            yield at


def _letters(text: str) -> Iterator[tuple[str, int]]:
    """Yield each letter in its small form, with its place; a run of blanks is one blank."""
    is_after_blank = True
    for at, char in enumerate(text):
        if char.isspace():
            if not is_after_blank:
                yield " ", at
            is_after_blank = True
            continue
        small = char.lower()
        yield (small if len(small) == 1 else char), at
        is_after_blank = False


def _is_letter(char: str) -> bool:
    # As ``\\w`` has it.
    return char.isalnum() or char == "_"
