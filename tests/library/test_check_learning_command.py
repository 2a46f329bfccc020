"""The command that says whether a file of learning pages holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import make_app
from tests.library.outside import their_file, their_measure, their_page, their_signer

EXAMPLE = Path(__file__).resolve().parents[2] / "improve/docs/examples/learning_pages.json"


@pytest.fixture
def plain() -> Flask:
    return make_app("sqlite:///:memory:")


def checked(app: Flask, file: Path) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["check-learning", str(file)])
    return done.exit_code, done.output.strip()


def test_a_good_file_is_said_in_one_line(plain: Flask, tmp_path: Path) -> None:
    file = tmp_path / "pages.json"
    file.write_text(their_file(their_page(), their_page(2, measure=their_measure())))
    code, said = checked(plain, file)
    assert code == 0
    digits = their_signer().fingerprint
    assert said == (
        f"Signed by Thornmere Council ({' '.join(digits[at : at + 5] for at in range(0, 40, 5))}) "
        "on 2026-11-20: 2 pages. The schema holds."
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "pages.json: There is nothing in it."),
        ("[1, 2]", "pages.json: This is no file of learning pages."),
        (their_file(their_page(), their_page(2, author="x")), "page 2: It holds “author”, for which the format has no place."),
        (their_file(their_page()).replace("fridge", "door"), "The signature does not fit"),
    ],
    ids=["empty", "list", "page", "signature"],
)  # fmt: skip
def test_a_file_that_does_not_hold_ends_with_code_2_and_one_line(
    plain: Flask, tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "pages.json"
    file.write_text(text)
    code, said = checked(plain, file)
    assert code == 2
    assert says in said
    assert "\n" not in said


def test_a_file_that_is_not_there_is_named(plain: Flask, tmp_path: Path) -> None:
    code, said = checked(plain, tmp_path / "no.json")
    assert code == 2
    assert "cannot be read" in said


def test_the_example_of_the_documentation_holds(plain: Flask) -> None:
    code, said = checked(plain, EXAMPLE)
    assert code == 0, said
    assert "3 pages. The schema holds." in said
