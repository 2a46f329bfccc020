"""Whatever stands in a text or a file, what reads it gives an answer or its own refusal."""

from __future__ import annotations

import ast
import csv
import io
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import improve
from improve.commands import backup_file
from improve.measures.table_import import read_table
from improve.shared import parsing, receipt_words
from improve.shared.export import export_cell
from tests.fuzz.bodies import STRANGE
from tests.fuzz.files import FILES
from tests.fuzz.readers import KEY, READERS, Reader

FEW = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
#: Parts of what each reads, so that more than its first look is met.
_PIECES = st.sampled_from((*STRANGE, "1", ",", "\t", ";", "\n", '"', "@", ".", "/", " ", "{", "[", "]", "}", ":", "~",
    "Monday", "March", "2026", "-", "24/11/2026\t3\t5\n", "31 Mar 26", "blue otter lamp 4827", "Sam Alder", "format",
    "improve-learning/1", "eyJhbGciOiJub25lIn0."))  # fmt: skip
TEXTS = st.lists(_PIECES, max_size=12).map("".join) | st.text(max_size=200)
BYTES = (
    TEXTS.map(lambda t: t.encode("utf-8", "surrogatepass"))
    | st.binary(max_size=300)
    | st.sampled_from([content for _, content in FILES if len(content) < 100_000])
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.sampled_from(STRANGE),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=6,
)  # fmt: skip
_CLAIMS = st.dictionaries(
    st.sampled_from(("iss", "aud", "azp", "exp", "iat", "nbf", "nonce", "at_hash", "sub", "email", "name",
                     "given_name", "groups", "_claim_names", "hasgroups", "tid", "oid", "email_verified")), _VALUES,
)  # fmt: skip
#: Of these a good one with one or two claims replaced gets further than noise.
_GOOD = {"iss": "https://login.example", "aud": "improve", "exp": 1_795_600_000, "iat": 1_795_512_600,
         "nonce": "n", "sub": "abc", "email": "a@b.example", "name": "A B"}  # fmt: skip
KINDS: dict[type, Any] = {
    str: TEXTS,
    bytes: BYTES,
    dict: _CLAIMS | _CLAIMS.map(lambda c: {**_GOOD, **dict(list(c.items())[:2])}),
}
#: Of those that read, these read only what this site wrote or sealed itself, or are no readers.
OF_OUR_OWN = {
    "improve.accounts.days.huddle_days", "improve.shared.limits", "improve.measures.catalogue",
    "improve.demo.load", "improve.shared.erased_file",
}  # fmt: skip


@pytest.mark.parametrize("reader", READERS, ids=lambda r: f"{r.module}-{r.takes.__name__}")
def test_what_reads_answers_or_refuses_in_its_own_way(reader: Reader) -> None:
    @FEW
    @given(KINDS[reader.takes])
    def read(given_to_it: Any) -> None:
        with suppress(*reader.refusals):
            reader.read(given_to_it)

    read()
    if reader.takes is str:
        for text in STRANGE:
            with suppress(*reader.refusals):
                reader.read(text)


def test_every_module_that_reads_is_named() -> None:
    """A pure module with a function that says it reads, parses or opens stands in the table."""
    named, missing = {reader.module for reader in READERS} | OF_OUR_OWN, []
    top = Path(next(iter(improve.__path__)))
    listed = (top.parent / "setup.cfg").read_text("utf-8")
    pure = listed.split("[importlinter:contract:pure]")[1].split("forbidden_modules")[0].split()
    for module in sorted(m for m in pure if m.startswith("improve.")):
        where = top.parent / module.replace(".", "/")
        paths = sorted(where.rglob("*.py")) if where.is_dir() else [where.with_suffix(".py")]
        for path in paths:
            name = ".".join(path.relative_to(top.parent).with_suffix("").parts)
            names = [
                node.name
                for node in ast.parse(path.read_text("utf-8")).body
                if isinstance(node, ast.FunctionDef) and _takes_text(node)
            ]
            if names and name not in named:
                missing.append(f"{name}: {', '.join(names)}")
    assert not missing, f"name these in tests/fuzz/readers.py: {missing}"


def _takes_text(node: ast.FunctionDef) -> bool:
    """Return whether a function reads a text or bytes, by its name and its first argument."""
    if not node.name.startswith(("read_", "parse_", "open_", "normalise", "from_query", "find_")):
        return False
    arguments = [*node.args.args, *node.args.kwonlyargs]
    kind = ast.unparse(arguments[0].annotation) if arguments and arguments[0].annotation else ""
    return bool({"str", "bytes"} & set(kind.replace("|", " ").split()))


@FEW
@given(st.floats(-2_147_483_647, 2_147_483_647).map(lambda x: round(x, 4)))
def test_a_number_written_is_read_back(number: float) -> None:
    assert parsing.read_number(export_cell(number)).value == pytest.approx(number, abs=1e-6)


@FEW
@given(st.dates(min_value=parsing.date(1900, 1, 1), max_value=parsing.date(2099, 12, 31)))
def test_a_day_written_is_read_back(day: parsing.date) -> None:
    bounds = {"earliest": parsing.date(1900, 1, 1), "latest": parsing.date(2099, 12, 31)}
    for written in (parsing.day_words(day), day.isoformat(), f"{day:%d/%m/%Y}"):
        assert parsing.read_date(written, **bounds).on == day


@FEW
@given(st.lists(st.lists(st.text("abc äñ,'\"", min_size=1, max_size=9).map(str.strip), min_size=2, max_size=4), min_size=1, max_size=6))  # fmt: skip
def test_a_table_written_is_read_back(rows: list[list[str]]) -> None:
    rows = [[cell or "x" for cell in row] for row in rows]
    out = io.StringIO()
    csv.writer(out).writerows([["one", "two"], *rows])
    table = read_table(out.getvalue(), has_header=True)
    if table.separator == ",":
        assert [list(row.cells) for row in table.rows] == rows


def test_a_receipt_is_read_as_it_was_given() -> None:
    for _ in range(50):
        assert receipt_words.normalise(one := receipt_words.new()) == one
        assert receipt_words.normalise_long(long := receipt_words.new_long()) == long


@FEW
@given(st.lists(st.binary(max_size=3_000), max_size=4), st.data())
def test_a_backup_is_read_back_and_never_when_it_was_touched(
    pieces: list[bytes], data: Any
) -> None:
    out = io.BytesIO()
    writer = backup_file.BackupWriter(out, KEY, {"rows": json.dumps(len(pieces))})
    for piece in pieces:
        writer.write(piece)
    writer.finish()
    opened = backup_file.open_backup(out, KEY)
    assert b"".join(opened.data) == b"".join(pieces)
    whole = bytearray(out.getvalue())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(backup_file.BackupRefused):
        backup_file.check_whole(io.BytesIO(bytes(whole)), KEY)
