"""What is not brought in: each in one line, with exit code 2, and nothing is written."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from improve.accounts import service as accounts
from improve.open_data.archive_format import ArchiveRefused, ColumnKind, row_of
from improve.shared.db import db
from tests.factories import Cast
from tests.open_data.moving import House, counts_of, export, run

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def parts(app: Flask, cast: Cast, house: House) -> dict[str, bytes]:
    """The files of a good archive."""
    del cast
    file = house.file("good.zip")
    export(app, file, "larchdale-council")
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(parts: dict[str, bytes], file: Path) -> Path:
    """Write files into an archive."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return file


@pytest.fixture
def other(house: House) -> Iterator[Flask]:
    """An empty installation, which stays so."""
    with house.empty() as empty:
        yield empty
        held = counts_of(empty)
        # The migrations begin the chain of what belongs to no council.
        assert held.pop("audit_heads") == 1
        assert not any(held.values())


def refused(other: Flask, file: Path) -> str:
    """Try to bring a file in; return the one line that refuses it."""
    code, said = run(other, "import-archive", file)
    assert code == 2, said
    lines = [line for line in said.splitlines() if line.startswith("Error: ")]
    assert lines == said.splitlines()[-1:]
    return lines[0]


def edit_manifest(parts: dict[str, bytes], **changed: Any) -> None:
    said = json.loads(parts["manifest.json"])
    said.update(changed)
    parts["manifest.json"] = json.dumps(said).encode()


def put_rows(parts: dict[str, bytes], table: str, rows: list[dict[str, Any]]) -> None:
    """Write other rows of a table, and have the manifest say so."""
    put_lines(parts, table, [json.dumps(row) for row in rows])


def put_lines(parts: dict[str, bytes], table: str, lines: list[str]) -> None:
    content = b"".join(line.encode() + b"\n" for line in lines)
    parts[f"tables/{table}.jsonl"] = content
    said = json.loads(parts["manifest.json"])
    for one in said["tables"]:
        if one["name"] == table:
            mark = hashlib.sha256(content).hexdigest()
            one.update(rows=len(lines), bytes=len(content), sha256=mark)
    parts["manifest.json"] = json.dumps(said).encode()


def rows(parts: dict[str, bytes], table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in parts[f"tables/{table}.jsonl"].splitlines()]


def add_path(parts: dict[str, bytes]) -> None:
    parts["../../etc/passwd"] = b"x"


def take_table(parts: dict[str, bytes]) -> None:
    del parts["tables/ideas.jsonl"]


def change_byte(parts: dict[str, bytes]) -> None:
    people = parts["tables/people.jsonl"]
    parts["tables/people.jsonl"] = people.replace(b"Amina", b"Animb")


def be_newer(parts: dict[str, bytes]) -> None:
    edit_manifest(parts, format="improve-archive/2")


def be_of_another_shape(parts: dict[str, bytes]) -> None:
    edit_manifest(parts, revision="0099")


def be_something_else(parts: dict[str, bytes]) -> None:
    edit_manifest(parts, format="holiday photos")


def be_another_council(parts: dict[str, bytes]) -> None:
    put_rows(parts, "teams", [{**row, "organisation_id": 2} for row in rows(parts, "teams")])


def bring_passwords(parts: dict[str, bytes]) -> None:
    put_rows(parts, "people", [{**row, "password_hash": "x"} for row in rows(parts, "people")])


def point_nowhere(parts: dict[str, bytes]) -> None:
    put_rows(parts, "teams", [{**row, "joined_to_id": 999} for row in rows(parts, "teams")])


def be_twice(parts: dict[str, bytes]) -> None:
    put_rows(parts, "people", [*rows(parts, "people"), rows(parts, "people")[0]])


def miss_a_column(parts: dict[str, bytes]) -> None:
    first, *rest = rows(parts, "people")
    del first["name"]
    put_rows(parts, "people", [first, *rest])


def hold_a_wrong_day(parts: dict[str, bytes]) -> None:
    first, *rest = rows(parts, "people")
    put_rows(parts, "people", [{**first, "created_at": "yesterday"}, *rest])


def be_no_rows(parts: dict[str, bytes]) -> None:
    put_rows(parts, "people", [])
    parts["tables/people.jsonl"] = b"{]\n"
    said = json.loads(parts["manifest.json"])
    for one in said["tables"]:
        if one["name"] == "people":
            one.update(rows=1, bytes=3, sha256=hashlib.sha256(b"{]\n").hexdigest())
    parts["manifest.json"] = json.dumps(said).encode()


def hold_a_name_twice(parts: dict[str, bytes]) -> None:
    people = rows(parts, "people")
    line = json.dumps(people[0])[:-1] + ', "name": "Somebody else"}'
    put_lines(parts, "people", [line, *map(json.dumps, people[1:])])


def be_called_otherwise(parts: dict[str, bytes]) -> None:
    council = rows(parts, "organisations")[0]
    put_rows(parts, "organisations", [{**council, "slug": "../../x"}])


def have_a_path_for_a_name(parts: dict[str, bytes]) -> None:
    council = json.loads(parts["manifest.json"])["council"]
    edit_manifest(parts, council={**council, "slug": "../x\r\nSet-Cookie: a=b"})


def steer_the_screen(parts: dict[str, bytes]) -> None:
    edit_manifest(parts, software="improve \x1b[2J", revision="0099")


def be_nobodys(parts: dict[str, bytes]) -> None:
    put_rows(parts, "organisations", [])


def change_the_log(parts: dict[str, bytes]) -> None:
    first, second, *rest = rows(parts, "audit_entries")
    put_rows(parts, "audit_entries", [first, {**second, "previous_hash": "0" * 64}, *rest])


def cut_the_log(parts: dict[str, bytes]) -> None:
    put_rows(parts, "audit_entries", rows(parts, "audit_entries")[:-1])


def blow_up(parts: dict[str, bytes]) -> None:
    content = b" " * 3_000_000 + b"\n"
    parts["tables/services.jsonl"] = content
    said = json.loads(parts["manifest.json"])
    for one in said["tables"]:
        if one["name"] == "services":
            mark = hashlib.sha256(content).hexdigest()
            one.update(rows=1, bytes=len(content), sha256=mark)
    parts["manifest.json"] = json.dumps(said).encode()


REFUSED: list[tuple[Change, str]] = [
    (add_path, "does not belong in it"),
    (take_table, "is missing"),
    (change_byte, "was changed after the archive was made"),
    (be_newer, "of another format than improve-archive/1"),
    (be_of_another_shape, "has the shape 0099"),
    (be_something_else, "This is no archive of Improve"),
    (be_another_council, "is of another council"),
    (bring_passwords, "holds a password_hash"),
    (point_nowhere, "that is not there"),
    (be_twice, "refuses a row of tables/people.jsonl"),
    (miss_a_column, "has other columns than its table"),
    (hold_a_wrong_day, "has a created_at that cannot be read"),
    (be_no_rows, "is not a row"),
    (hold_a_name_twice, "is not a row"),
    (be_called_otherwise, "called otherwise in the manifest"),
    (have_a_path_for_a_name, "manifest.json is not complete"),
    (steer_the_screen, "manifest.json is not complete"),
    (be_nobodys, "An archive is of one council"),
    (change_the_log, "does not follow the one before it"),
    (cut_the_log, "The end of the log is missing"),
    (blow_up, "packed tighter than any rows are"),
]


def test_what_was_tampered_with_is_refused_in_one_line(
    house: House, other: Flask, parts: dict[str, bytes]
) -> None:
    for change, words in REFUSED:
        changed = dict(parts)
        change(changed)
        assert words in refused(other, packed(changed, house.file("odd.zip"))), change.__name__


def test_no_archive_at_all_is_refused(house: House, other: Flask, parts: dict[str, bytes]) -> None:
    file = house.file("odd.zip")
    file.write_bytes(b"PK but no more")
    assert "no ZIP file" in refused(other, file)
    packed(parts, file)
    file.write_bytes(file.read_bytes()[:-40])
    assert "no ZIP file" in refused(other, file)
    assert "no manifest.json" in refused(other, packed({"a.txt": b"a"}, file))
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as out:
        out.writestr("manifest.json", parts["manifest.json"])
        with pytest.warns(UserWarning, match="Duplicate"):
            out.writestr("manifest.json", parts["manifest.json"])
    file.write_bytes(twice.getvalue())
    assert "stands in it twice" in refused(other, file)
    assert "cannot be read" in refused(other, house.file("nowhere.zip"))


def test_other_ways_of_packing_are_refused(
    house: House, other: Flask, parts: dict[str, bytes]
) -> None:
    file = house.file("odd.zip")
    for kind in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        with zipfile.ZipFile(file, "w", kind) as out:
            for name, content in parts.items():
                out.writestr(name, content)
        assert "packed in a way" in refused(other, file)


def test_texts_deep_in_a_row_are_held_to_what_texts_are_held_to() -> None:
    columns = (ColumnKind("facts", "json", may_be_empty=False),)
    for inside in (
        '"\\u0000"',
        '"\\ud800"',
        '{"a": [{"\\u0000": 1}]}',
        "1e999",
        "[NaN]",
        "-Infinity",
    ):
        with pytest.raises(ArchiveRefused):
            row_of(columns, f'{{"facts": {inside}}}'.encode(), "Line 1")
    good = {"a": [{"b": "Zoë 🎈"}, 1.5, None, True]}
    assert row_of(columns, json.dumps({"facts": good}).encode(), "Line 1") == {"facts": good}


def test_who_administers_is_said(house: House, parts: dict[str, bytes]) -> None:
    """Whoever made the file decided who does, so whoever brings it in is told."""
    people = rows(parts, "people")
    by_id = {one["id"]: one for one in people}
    admins = {m["person_id"] for m in rows(parts, "memberships") if m["role"] == "administrator"}
    names = [by_id[one]["name"] for one in sorted(admins)]
    changed = [{**p, "name": f"{p['name']}\x1b[8m"} if p["id"] in admins else p for p in people]
    put_rows(parts, "people", changed)
    with house.empty() as other:
        code, said = run(other, "import-archive", packed(parts, house.file("good.zip")))
    assert code == 0, said
    assert f"Administrators in it: {', '.join(f'{name}[8m' for name in names)}." in said
    assert "\x1b" not in said


def test_another_seal_is_refused(house: House, other: Flask, parts: dict[str, bytes]) -> None:
    file = packed(parts, house.file("odd.zip"))
    code, said = run(other, "import-archive", file, "--sha256", "0" * 64)
    assert (code, "sealed" in said) == (2, True)


def test_only_an_empty_instance_takes_one(house: House, parts: dict[str, bytes]) -> None:
    file = packed(parts, house.file("good.zip"))
    with house.empty() as other:
        with other.app_context():
            accounts.found_organisation(name="Somebody else")
            db.session.commit()
        code, said = run(other, "import-archive", file)
        assert (code, said.count("\n")) == (2, 1)
        assert "empty instance only" in said
        assert counts_of(other)["people"] == 0


def test_an_export_refuses_an_unknown_council_and_a_file_that_is_there(
    app: Flask, cast: Cast, house: House
) -> None:
    del cast
    code, said = run(app, "export-archive", "--council", "nowhere", house.file("a.zip"))
    assert (code, said.count("\n")) == (2, 1)
    assert "larchdale-council" in said
    assert not list(house.folder.glob("a.zip*"))
    house.file("b.zip").write_bytes(b"mine")
    code, said = run(app, "export-archive", "--council", "larchdale-council", house.file("b.zip"))
    assert (code, house.file("b.zip").read_bytes()) == (2, b"mine")
    house.file("elsewhere").write_bytes(b"")
    for lay in ("write_bytes", "symlink_to"):
        laid = house.file("c.zip.part")
        getattr(laid, lay)(b"" if lay == "write_bytes" else house.file("elsewhere"))
        code, said = run(
            app, "export-archive", "--council", "larchdale-council", house.file("c.zip")
        )
        assert (code, "is there already" in said) == (2, True)
        assert house.file("elsewhere").read_bytes() == b""
        laid.unlink()
    code, said = run(app, "export-archive", "--council", "x", house.file("no/such/folder.zip"))
    assert code == 2
