"""Learning pages between councils: the format ``improve-learning/1``, written and read. Pure.

Described for others in ``improve/docs/open-format.md``; its JSON Schema stands beside this module
and is what every file is held to, on the way out as on the way in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import rfc8785

from improve.library.learning import TEXT_FIELDS
from improve.library.public_pages import PublicPage, page_facts
from improve.library.signing import (
    ALGORITHM,
    NoKey,
    Signer,
    fingerprint_of,
    is_signed_by,
    read_key,
)
from improve.library.strict_json import JsonRefused, read_json
from improve.shared.parsing import LARGEST_NUMBER

FORMAT: Final = "improve-learning/1"

_SCHEMA_FILE: Final = Path(__file__).with_name("learning-page.schema.json")
#: The envelope without its pages is checked by itself, so that one bad page spoils no other.
_MOST_FAULTS: Final = 3
#: As in the schema.
_MOST_POINTS: Final = 600
_DAY: Final = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


@dataclass(frozen=True, slots=True)
class Council:
    """Who signs: name, short name in addresses, and where its pages stand."""

    name: str
    slug: str
    site: str


class FormatRefused(ValueError):
    """A file that is not of the format, or not signed. ``str()`` says why, for the screen."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file whose envelope holds and whose signature is that of the key it names.

    Whose key that is, it does not tell. ``pages`` are as they came, each still to be checked.
    """

    council: Council
    made_on: date
    public_key: str
    fingerprint: str
    pages: tuple[Any, ...]


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the format."""
    found: dict[str, Any] = json.loads(_schema_text())
    return found


def schema_bytes() -> bytes:
    """Return the schema as it is published."""
    return _schema_text().encode()


@cache
def _schema_text() -> str:
    return _SCHEMA_FILE.read_text("utf-8")


def seal(
    pages: Sequence[PublicPage], *, council: Council, made_on: date, signer: Signer
) -> dict[str, Any]:
    """Return pages in a signed envelope. Nothing leaves that the schema does not allow.

    Raises ``FormatRefused`` where it does not: a fault of ours, found before anybody else does.
    """
    envelope: dict[str, Any] = {
        "format": FORMAT,
        "council": {"name": council.name, "slug": council.slug, "site": council.site},
        "made_on": made_on.isoformat(),
        "key_id": signer.fingerprint,
        "pages": [page_facts(page) for page in pages],
    }
    envelope["signature"] = {
        "algorithm": ALGORITHM,
        "public_key": signer.public_key,
        "value": signer.sign(canonical(envelope)),
    }
    faults = _faults(_envelope_check(), envelope)
    for page in envelope["pages"]:
        faults += faults_of_page(page)
    if faults:
        raise FormatRefused(faults[0])
    return envelope


def canonical(envelope: Mapping[str, Any]) -> bytes:
    """Return what is signed: everything but ``signature`` as canonical JSON (RFC 8785).

    Raises ``FormatRefused`` for what has no canonical form.
    """
    try:
        return rfc8785.dumps({n: v for n, v in envelope.items() if n != "signature"})
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError):
        raise FormatRefused("It holds what no signature can stand for") from None


def as_file(envelope: Mapping[str, Any]) -> bytes:
    """Return an envelope as a file that people can read as well."""
    return (json.dumps(envelope, indent=2, ensure_ascii=False) + "\n").encode()


def open_envelope(source: bytes | str) -> Received:
    """Read a file or a pasted text, check its envelope and its signature.

    Raises ``FormatRefused`` for anything that is not of the format, and for a signature that is
    not that of the key beside it: then nothing in the file can be believed.
    """
    try:
        found = read_json(source)
    except JsonRefused as refused:
        raise FormatRefused(str(refused)) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        said = found.get("format") if isinstance(found, dict) else None
        words = "This is no file of learning pages"
        if isinstance(said, str) and said.startswith("improve-learning/"):
            words = f"It is written in {said[:40]}, a newer format than this site reads"
        raise FormatRefused(words)
    if faults := _faults(_envelope_check(), found):
        raise FormatRefused(faults[0])
    signature = found["signature"]
    fingerprint = fingerprint_of(signature["public_key"])
    if found["key_id"] != fingerprint:
        raise FormatRefused("It names another key than the one that it brings")
    if not is_signed_by(signature["public_key"], canonical(found), signature["value"]):
        raise FormatRefused(
            "The signature does not fit: something was changed after it was signed, or it was cut"
        )
    council = found["council"]
    return Received(
        Council(council["name"], council["slug"], council["site"]),
        _day(found["made_on"]),
        signature["public_key"],
        fingerprint,
        tuple(found["pages"]),
    )


def open_key(text: str) -> tuple[str, str]:
    """Return (public key, name of the council or “”) of a pasted key or the text of a ``key.json``.

    Raises ``FormatRefused`` for anything else, and for a file whose fingerprint is another's.
    """
    if not text.lstrip().startswith("{"):
        try:
            return read_key(text), ""
        except NoKey as none:
            raise FormatRefused(str(none)) from None
    try:
        found = read_json(text)
    except JsonRefused as refused:
        raise FormatRefused(str(refused)) from None
    try:
        if found["format"] != FORMAT or found["algorithm"] != ALGORITHM:
            raise FormatRefused("It is the key of something else")
        public_key = read_key(found["public_key"])
        digits = found["fingerprint"].replace(" ", "")
        name = found["council"]["name"]
    except (KeyError, TypeError, AttributeError, NoKey):
        raise FormatRefused("This is no file of a council’s key") from None
    if digits != fingerprint_of(public_key) or not isinstance(name, str):
        raise FormatRefused("Its fingerprint is not that of its key")
    return public_key, name


def faults_of(envelope: Any) -> list[str]:
    """Return what the schema says against a whole file, in words; nothing where it holds."""
    return _faults(_whole_check(), envelope)


def faults_of_page(page: Any) -> list[str]:
    """Return what the format says against one page, in words; nothing where it holds."""
    faults = _faults(_page_check(), _without_plain_points(page))
    if faults:
        return faults
    measure = page["measure"]
    if measure:
        on = [point["x"] for point in measure["points"]]
        tests = [day for test in measure["tests"] for day in (test["starts"], test["ends"]) if day]
        if not all(_is_day(day) for day in (*on, *tests)):
            return ["Its chart has a day that is in no calendar"]
        if on != sorted(set(on)):
            return ["The points of its chart do not follow one another"]
    if not page["title"].strip():
        return ["“title” is empty"]
    return []


def words_of(page: Mapping[str, Any]) -> str:
    """Return the words of a page, to be searched."""
    return "\n".join(page[name] for name in TEXT_FIELDS if page[name])


def _without_plain_points(page: Any) -> Any:
    """Return the page without points that hold at first sight.

    A file of five megabytes has a hundred thousand of them, and the schema takes its time over
    each; whatever is not plain is left to it. How many there are it still sees.
    """
    measure = page.get("measure") if isinstance(page, dict) else None
    points = measure.get("points") if isinstance(measure, dict) else None
    if not isinstance(measure, dict) or not isinstance(points, list):
        return page
    if len(points) > _MOST_POINTS:
        return page
    odd = [point for point in points if not _is_plain_point(point)]
    return {**page, "measure": {**measure, "points": odd}}


def _is_plain_point(point: Any) -> bool:
    if not isinstance(point, dict) or not isinstance(point.get("x"), str):
        return False
    value = point.get("value")
    if point.keys() == {"x", "value", "suppressed"}:
        holds = value is None and point["suppressed"] is True
    else:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        holds = point.keys() == {"x", "value"} and (
            value is None or (is_number and abs(value) <= LARGEST_NUMBER)
        )
    return holds and _DAY.fullmatch(point["x"]) is not None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FormatRefused("It was made on a day that is in no calendar") from None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _pattern(
    _check: Any, pattern: str, instance: Any, _schema: Mapping[str, Any]
) -> Iterator[Exception]:
    """As the standard reads a pattern: its end is the end, not the place before a last line end."""
    from jsonschema import ValidationError

    if isinstance(instance, str) and ("\n" in instance or not re.search(pattern, instance)):
        yield ValidationError(f"{instance!r} does not match")


@cache
def _validator() -> Any:
    # Where a package for checking addresses lies beside it, to load this takes more than a second:
    # it is loaded as the first page comes in or goes out, and not as each process starts.
    from jsonschema import Draft202012Validator, validators

    return validators.extend(Draft202012Validator, {"pattern": _pattern})


@cache
def _whole_check() -> Any:
    return _validator()(schema())


@cache
def _page_check() -> Any:
    whole = schema()
    return _validator()({"$ref": "#/$defs/page", "$defs": whole["$defs"]})


@cache
def _envelope_check() -> Any:
    whole = schema()
    most = whole["properties"]["pages"]["maxItems"]
    return _validator()(
        {
            **whole,
            "properties": {**whole["properties"], "pages": {"type": "array", "maxItems": most}},
        }
    )


def _faults(check: Any, instance: Any) -> list[str]:
    found = []
    for error in check.iter_errors(instance):
        words = _fault_words(error)
        if words not in found:
            found.append(words)
        if len(found) == _MOST_FAULTS:
            break
    return found


def _fault_words(error: Any) -> str:
    """Return a fault as a sentence without a full stop, naming the place and never its content."""
    names = [str(part) for part in error.absolute_path if isinstance(part, str)]
    place = f"“{names[-1]}”" if names else "It"
    rule = error.validator
    if rule == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return f"{place} has no “{missing[0]}”" if missing else f"{place} lacks something"
    if rule == "additionalProperties":
        known = error.schema.get("properties", {})
        more = [name for name in error.instance if name not in known]
        name = more[0][:40] if more else "more"
        return f"{place} holds “{name}”, for which the format has no place"
    if rule == "maxLength":
        return f"{place} is longer than {error.validator_value:,} characters"
    if rule == "minLength":
        return f"{place} is empty"
    if rule == "maxItems":
        return f"{place} has more than {error.validator_value:,} entries"
    if rule in ("minimum", "maximum"):
        return f"{place} is a number that the format does not take"
    return f"{place} is not as the format says"
