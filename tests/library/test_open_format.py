"""The open format: one schema, one meaning, and no place for a person."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from improve.library import open_format
from improve.library.learning import TEXT_FIELDS, length_of
from improve.library.open_format import (
    FormatRefused,
    faults_of,
    faults_of_page,
    open_envelope,
    open_key,
    schema,
)
from improve.library.strict_json import MOST_PARTS
from improve.shared import limits
from tests.library.outside import (
    their_envelope,
    their_file,
    their_measure,
    their_page,
    their_signer,
)


def test_the_schema_is_one() -> None:
    # To import it builds forty grammars where all that it can check is installed.
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema())


def test_the_schema_takes_the_lengths_that_the_forms_take() -> None:
    page = schema()["$defs"]["page"]["properties"]
    for name in ("title", *TEXT_FIELDS):
        assert page[name]["maxLength"] == length_of(name), name
    council = schema()["$defs"]["council"]["properties"]
    assert council["name"]["maxLength"] == limits.length("organisation_name")
    assert council["slug"]["maxLength"] == limits.length("slug")
    measure = page["measure"]["properties"]
    assert measure["name"]["maxLength"] == limits.length("measure_name")
    assert measure["points"]["maxItems"] == open_format._MOST_POINTS


def objects_of(part: Any) -> list[dict[str, Any]]:
    """Return every object that the schema describes."""
    found = []
    if isinstance(part, dict):
        if "properties" in part and "if" not in part and part.get("type"):
            found.append(part)
        for inner in part.values():
            found += objects_of(inner)
    elif isinstance(part, list):
        for inner in part:
            found += objects_of(inner)
    return found


def test_the_schema_leaves_no_door_open_and_no_place_for_a_person() -> None:
    objects = objects_of(schema())
    assert len(objects) >= 8
    for one in objects:
        assert one["additionalProperties"] is False
    names = {name for one in objects for name in one["properties"]}
    assert names == {
        "format", "council", "made_on", "key_id", "pages", "signature", "name", "slug", "site",
        "algorithm", "public_key", "value", "key", "version", "title", "ending", *TEXT_FIELDS,
        "kind_of_team", "finished_month", "measure", "spread", "licence", "unit", "better",
        "frequency", "chart", "rule_set", "tests", "points", "verdict", "starts", "ends", "judged",
        "x", "suppressed", "code", "words", "doubt", "tried_in_places",
    }  # fmt: skip


def test_a_signed_file_is_read_as_it_was_meant() -> None:
    found = open_envelope(their_file(their_page(), their_page(2, measure=their_measure())))
    assert found.council.name == "Thornmere Council"
    assert found.fingerprint == their_signer().fingerprint
    assert [faults_of_page(page) for page in found.pages] == [[], []]


@pytest.mark.parametrize(
    "spacing", [{"indent": 4}, {"separators": (",", ":")}, {"sort_keys": True}]
)
def test_how_a_file_is_written_does_not_matter(spacing: dict[str, Any]) -> None:
    """What is signed is the canonical form: order, blanks and escapes are the writer's."""
    open_envelope(json.dumps(their_envelope(their_page(title="Ärger é")), **spacing))
    open_envelope(b"\xef\xbb\xbf" + their_file(their_page()).encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A card on the fridge", "A card on the fridge!"),
        ('"kept"', '"stopped"'),
        ("Thornmere Council", "Larchdale Council"),
        ("2026-11-20", "2026-11-21"),
        ('"version": 1', '"version": 2'),
    ],
)
def test_one_changed_sign_spoils_the_signature(old: str, new: str) -> None:
    text = their_file(their_page())
    assert old in text
    with pytest.raises(FormatRefused, match="signature does not fit"):
        open_envelope(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "nothing in it"),
        ("  \n", "nothing in it"),
        ("[]", "no file of learning pages"),
        ("{", "not JSON"),
        ('{"format": "improve-learning/2"}', "newer format"),
        ('{"format": "other"}', "no file of learning pages"),
        (b"\xff\xfe", "UTF-8"),
        (b"\x89PNG\r\n", "UTF-8"),
        ("[" * 100_000, "too deep"),
        ("[" * 13 + "]" * 13, "too deep"),
        ('{"a": NaN}', "no number"),
        ('{"a": -Infinity}', "no number"),
        ('{"a": 1e999}', "too large"),
        ('{"a": 123456789012345678901}', "too large"),
        ('{"a": ' + "9" * 5000 + "}", "too large"),
        ('{"a": 1, "a": 2}', "twice"),
        ('{"a": "\\ud800"}', "half a sign"),
        ('{"a": "\\u0000"}', "control sign"),
        ('{"a": "left \\u202e right"}', "control sign"),
        ("[" + "[]," * (MOST_PARTS + 1) + "1]", "more parts"),
        (b" " * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        ("é" * (3 * 1024 * 1024), "larger than 5 MB"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_strangers_send_is_refused_in_words(source: bytes | str, says: str) -> None:
    with pytest.raises(FormatRefused, match=says):
        open_envelope(source)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"made_on": "2026-02-31"}, "no calendar"),
        ({"key_id": "0" * 40}, "another key"),
        ({"made_by": "Ines Calder"}, "no place"),
        ({"council": {"name": "", "slug": "t", "site": "https://t.example"}}, "empty"),
        ({"council": {"name": "T", "slug": "../t", "site": "https://t.example"}}, "slug"),
        ({"council": {"name": "T", "slug": "t\n", "site": "https://t.example"}}, "slug"),
        ({"council": {"name": "T", "slug": "t", "site": "javascript:alert(1)"}}, "site"),
        ({"council": {"name": "T", "slug": "t", "site": "https://t.example\n"}}, "site"),
    ],
)
def test_an_envelope_that_is_signed_but_not_of_the_format_is_refused(
    changed: dict[str, Any], says: str
) -> None:
    with pytest.raises(FormatRefused, match=says):
        open_envelope(their_file(their_page(), **changed))


PAGE_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"author": "Ines Calder"}, "“author”"),
    ({"title": "x" * 121}, "longer than 120"),
    ({"title": " "}, "“title” is empty"),
    ({"tried": ""}, "“tried” is empty"),
    ({"beware": "x" * 2001}, "longer than 2,000"),
    ({"ending": "adopted"}, "“ending”"),
    ({"version": 0}, "“version”"),
    ({"version": True}, "“version”"),
    ({"version": "1"}, "“version”"),
    ({"key": "short"}, "“key”"),
    ({"key": "k" * 33}, "“key”"),
    ({"licence": "mine"}, "“licence”"),
    ({"finished_month": "2026-13"}, "“finished_month”"),
    ({"spread": {"tried_in_places": 4}}, "“tried_in_places”"),
    ({"spread": {"tried_in_places": 5, "where": "x"}}, "“where”"),
    ({"measure": their_measure(better="up")}, "“better”"),
    ({"measure": their_measure(points=[{"x": "2026-01-05", "value": "12"}])}, "“value”"),
    ({"measure": their_measure(points=[{"x": "2026-01-05", "value": 1e12}])}, "“value”"),
    ({"measure": their_measure(points=[{"x": "2026-02-30", "value": 1}])}, "no calendar"),
    ({"measure": their_measure(points=[{"x": "2026-01-05"}])}, "no “value”"),
    (
        {"measure": their_measure(points=[{"x": "2026-01-05", "value": 3, "suppressed": True}])},
        "“value”",
    ),
    (
        {"measure": their_measure(points=[{"x": "2026-01-05", "value": 9, "numerator": 3}])},
        "“numerator”",
    ),
    (
        {"measure": their_measure(points=[{"x": "2026-01-05", "value": 1}] * 2)},
        "do not follow",
    ),
    (
        {"measure": their_measure(points=[{"x": "2026-01-05", "value": 1}] * 601)},
        "more than 600",
    ),
]


@pytest.mark.parametrize(("changed", "says"), PAGE_FAULTS)
def test_a_page_that_is_not_of_the_format_is_named(changed: dict[str, Any], says: str) -> None:
    assert says in " ".join(faults_of_page(their_page(**changed)))


@pytest.mark.parametrize("page", [None, 3, "page", [], {}])
def test_what_is_no_page_has_a_fault(page: Any) -> None:
    assert faults_of_page(page)


def points() -> some.SearchStrategy[Any]:
    numbers = some.one_of(
        some.none(), some.booleans(), some.integers(), some.floats(allow_nan=False), some.text()
    )
    days = some.one_of(some.just("2026-01-05"), some.just("2026-1-5"), some.text(max_size=12))
    flags = some.one_of(some.booleans(), some.none(), some.just("yes"))
    return some.one_of(
        some.fixed_dictionaries({}, optional={"x": days, "value": numbers, "suppressed": flags, "more": flags}),
        numbers,
    )  # fmt: skip


@given(points())
def test_a_point_that_is_taken_at_first_sight_holds_to_the_schema(point: Any) -> None:
    page = their_page(measure=their_measure(points=[point]))
    by_schema = faults_of({**their_envelope(), "pages": [page]})
    if open_format._is_plain_point(point):
        assert not by_schema
    assert bool(by_schema) <= bool(faults_of_page(page))


def test_a_key_file_must_be_whole() -> None:
    signer = their_signer()
    good = {
        "format": "improve-learning/1",
        "council": {"name": "Thornmere Council", "slug": "thornmere-council"},
        "algorithm": "Ed25519",
        "public_key": signer.public_key,
        "fingerprint": signer.fingerprint,
    }
    assert open_key(json.dumps(good)) == (signer.public_key, "Thornmere Council")
    assert open_key(signer.public_key) == (signer.public_key, "")
    for changed in (
        {"fingerprint": "1" * 40},
        {"public_key": "x"},
        {"algorithm": "none"},
        {"council": "x"},
        {"council": {"name": 3}},
        {"format": "other"},
    ):
        with pytest.raises(FormatRefused):
            open_key(json.dumps({**good, **changed}))
    with pytest.raises(FormatRefused):
        open_key("{")
    with pytest.raises(FormatRefused):
        open_key("nothing")
