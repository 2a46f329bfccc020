"""Static files are packed once, beforehand, and sent as the browser takes them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from improve.app import create_app
from improve.shared.packed_files import pack_all
from tests.conftest import test_settings

SHEET = "main { color: inherit }\n" * 100


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application whose static files are in a folder of the test's own."""
    folder = tmp_path_factory.mktemp("server")
    return create_app(test_settings(f"sqlite:///{folder}/x.sqlite3"))


@pytest.fixture
def files(server: Flask, tmp_path: Path) -> Iterator[Path]:
    """Its folder, with a sheet, a small one and a font in it."""
    earlier, folder = server.static_folder, tmp_path / "static"
    (folder / "css").mkdir(parents=True)
    (folder / "css" / "a.css").write_text(SHEET, encoding="utf-8")
    (folder / "css" / "small.css").write_text("a{}", encoding="utf-8")
    (folder / "b.woff2").write_bytes(b"font" * 200)
    server.static_folder = str(folder)
    yield folder
    server.static_folder = earlier


def get(server: Flask, takes: str, name: str = "css/a.css", **headers: str) -> TestResponse:
    """Ask for a file as a browser that takes these encodings."""
    with server.test_client() as client:
        answer = client.get(f"/static/{name}", headers={"Accept-Encoding": takes, **headers})
        answer.get_data()
        answer.close()
        return answer


def test_each_browser_gets_the_smallest_that_it_takes(server: Flask, files: Path) -> None:
    assert pack_all(files) == (1, len(SHEET), (files / "css" / "a.css.br").stat().st_size)
    answers = {takes: get(server, takes) for takes in ("gzip, deflate, br", "gzip", "br;q=0", "")}
    names = [answer.headers.get("Content-Encoding") for answer in answers.values()]
    assert names == ["br", "gzip", None, None]
    br, packed, *plain = answers.values()
    assert br.get_data() == (files / "css" / "a.css.br").read_bytes()
    assert brotli.decompress(br.get_data()) == gzip.decompress(packed.get_data())
    assert {one.get_data() for one in plain} == {SHEET.encode()}
    assert len({one.headers["ETag"] for one in (br, packed, plain[0])}) == 3
    for answer in answers.values():
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert answer.mimetype == "text/css"
        assert answer.headers["Content-Length"] == str(len(answer.get_data()))
        assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_a_browser_that_has_it_is_sent_nothing(server: Flask, files: Path) -> None:
    pack_all(files)
    mark = get(server, "br").headers["ETag"]
    again = get(server, "br", **{"If-None-Match": mark})
    assert again.status_code == 304
    assert again.get_data() == b""


def test_what_was_packed_before_an_update_is_not_sent(server: Flask, files: Path) -> None:
    pack_all(files)
    sheet = files / "css" / "a.css"
    sheet.write_text(SHEET.replace("color", "width"), encoding="utf-8")
    (files / "css" / "a.css.br").touch()
    answer = get(server, "br")
    assert answer.headers.get("Content-Encoding") != "br"
    assert b"width" in answer.get_data()
    (files / "css" / "a.css.br").write_bytes(b"no such thing")
    pack_all(files)
    assert brotli.decompress((files / "css" / "a.css.br").read_bytes()) == sheet.read_bytes()


def test_packing_again_changes_nothing_and_clears_up(files: Path) -> None:
    pack_all(files)
    made = {path: path.stat().st_mtime_ns for path in files.rglob("*")}
    assert sorted(path.name for path in made if path.suffix in {".br", ".gz"}) == [
        "a.css.br",
        "a.css.gz",
    ]
    pack_all(files)
    assert {path: path.stat().st_mtime_ns for path in files.rglob("*")} == made
    (files / "css" / "a.css").unlink()
    pack_all(files)
    assert sorted(path.name for path in files.rglob("*.*")) == ["b.woff2", "small.css"]


def test_the_command_packs_and_says_so(server: Flask, files: Path) -> None:
    done = server.test_cli_runner().invoke(args=["compress-static"])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("1 files, 2 KB, packed to 0 KB.")
    assert (files / "css" / "a.css.gz").is_file()
