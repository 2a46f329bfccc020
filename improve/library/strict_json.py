"""JSON as strangers send it, read so that it means one thing only. Pure.

Python's reader takes what the standard leaves open: two members of one name, NaN, numbers without
end. What is signed must read the same everywhere, so these are refused, in words.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from improve.shared import limits

#: How deep a file of the format goes is 6: pages, page, measure, points, point, value.
DEEPEST: Final = 12
#: Objects and lists, and members: a file of five megabytes of brackets would fill the memory.
MOST_PARTS: Final = 200_000
MOST_MEMBERS: Final = 800_000
#: The largest whole number that every JSON reader keeps exactly.
LARGEST: Final = 2**53 - 1
_LONGEST_NUMBER: Final = 25
#: What every form of ours takes out of a text.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028-\u202e\u2066-\u2069]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class JsonRefused(ValueError):
    """Not read. ``str()`` says why, in a sentence for the screen without a full stop."""


def read_json(source: bytes | str) -> Any:
    """Return what ``source`` says. Raises ``JsonRefused``."""
    text = _text_of(source)
    if not text.strip():
        raise JsonRefused("There is nothing in it")
    if text.count("[") + text.count("{") > MOST_PARTS or text.count(",") > MOST_MEMBERS:
        raise JsonRefused("It holds more parts than a file of learning pages can have")
    try:
        found = json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=_whole,
            parse_float=_number,
            parse_constant=_no_number,
        )
    except RecursionError:
        raise JsonRefused("Its parts lie too deep in one another") from None
    except json.JSONDecodeError as error:
        words = f"It is not JSON: something is wrong in line {error.lineno}"
        raise JsonRefused(words) from None
    _check(found)
    return found


def _text_of(source: bytes | str) -> str:
    size = len(source)
    if isinstance(source, str):
        size = len(source.encode("utf-8", "surrogatepass"))
    if size > limits.IMPORT_BYTES_MOST:
        raise JsonRefused(f"It is larger than {limits.IMPORT_BYTES_MOST // 1024**2} MB")
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise JsonRefused("It is not a text in UTF-8, as JSON is") from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise JsonRefused(f"It says “{name[:40]}” twice in one place")
            seen.add(name)
    return found


def _whole(text: str) -> int:
    if len(text) > _LONGEST_NUMBER or abs(int(text)) > LARGEST:
        raise JsonRefused("It holds a number that is too large")
    return int(text)


def _number(text: str) -> float:
    value = float(text) if len(text) <= 2 * _LONGEST_NUMBER else math.inf
    if not math.isfinite(value):
        raise JsonRefused("It holds a number that is too large or too long")
    return value


def _no_number(text: str) -> NoReturn:
    raise JsonRefused(f"It holds “{text}”, which is no number")


def _check(found: Any) -> None:
    """Refuse what lies too deep, and signs that no page can show or no database keep."""
    waiting: list[tuple[int, Any]] = [(1, found)]
    while waiting:
        depth, value = waiting.pop()
        if isinstance(value, str):
            if _SURROGATE.search(value):
                raise JsonRefused("It holds half a sign, which is no text")
            if _CONTROL.search(value):
                raise JsonRefused("It holds a control sign, which no text of a page has")
        elif isinstance(value, (dict, list)):
            if depth > DEEPEST:
                raise JsonRefused("Its parts lie too deep in one another")
            waiting.extend((depth + 1, part) for part in _parts(value))


def _parts(value: dict[str, Any] | list[Any]) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    else:
        yield from value
