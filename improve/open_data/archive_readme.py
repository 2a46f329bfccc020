"""The README inside every archive: what each table and column is, for whoever opens it. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

from improve.open_data import kept
from improve.open_data.archive_format import FORMAT, ColumnKind, Manifest

#: What each class of data asks of whoever keeps the archive.
CLASSES: Final = {
    "council": "About the council’s work. No person in it beyond a number.",
    "staff": "Personal data of staff: names, addresses, who did what.",
    "words": (
        "Words that staff typed. They were asked to name no child and no family; somebody may have."
    ),
    "private": "One person’s own, or of the readers of voices. Nobody else may read it.",
}
#: Columns of texts that no person typed: codes, marks and choices.
_CODES: Final = frozenset(
    {
        "slug",
        "kind",
        "role",
        "stage",
        "outcome",
        "form_token",
        "way",
        "from_stage",
        "to_stage",
        "decision",
        "place",
        "part",
        "frequency",
        "recorded",
        "better_when",
        "chart",
        "catalogue_key",
        "huddle_days",
        "huddle_at",
        "working_days",
        "theme",
        "board_view",
        "text_size",
        "spacing",
        "round_key",
        "group",
        "pace",
        "root_kind",
        "settled_as",
        "breach",
        "verdict_code",
        "decided_code",
        "answerer",
        "first_reply_kind",
        "blocked_from",
        "how_known",
        "as_planned",
        "prediction_held",
        "action",
        "object_kind",
        "object_id",
        "hash",
        "previous_hash",
        "public_key",
        "verify_key",
        "fingerprint",
        "source_key",
        "subject_kind",
        "line",
        "condition",
        "told_ending",
        "key",
        "query",
        "field",
        "id",
        "answers",
        "password_hash",
    }
)
_STAFF: Final = frozenset({("people", "name"), ("people", "email"), ("people", "job_title")})
_JSON_OF_WORDS: Final = frozenset({"before", "facts", "kept", "content", "answers", "rows"})


@cache
def _words() -> Mapping[str, Any]:
    path = resources.files("improve.open_data").joinpath("archive_words.json")
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def holds(table: str) -> str:
    """Return in a sentence what a table holds. Raises ``KeyError`` for one without words."""
    return str(_words()["tables"][table]["holds"])


def column_words(table: str, column: str) -> str:
    """Return what a column holds. Raises ``KeyError`` for one without words."""
    own = _words()["tables"][table].get("columns", {})
    return str(own.get(column) or _words()["columns"][column])


def data_class(table: str, column: ColumnKind) -> str:
    """Return the class of data that a column is of: one of ``CLASSES``."""
    if table in kept.PRIVATE or (table, column.name) in kept.EMPTIED_UNLESS_PRIVATE:
        return "private"
    is_person = column.name in {"person_id", "deputy_id", "actor_id", "lead_id", "from_id", "to_id"}
    if (table, column.name) in _STAFF or is_person or column.name.endswith("by_id"):
        return "staff"
    if column.name in {"author_id", "owner_id", "first_reader_id", "second_reader_id"}:
        return "staff"
    if column.kind == "text" and column.name not in _CODES:
        return "words"
    if column.kind == "json" and column.name in _JSON_OF_WORDS:
        return "words"
    return "council"


_KIND_WORDS: Final = {
    "day": "day",
    "moment": "moment (UTC)",
    "truth": "true or false",
    "whole": "whole number",
    "number": "number",
    "text": "text",
    "json": "JSON",
}


_MADE: Final = (
    "Made at {made} UTC by {software}, format `{format}`, shape of the database `{revision}`."
)
_KEEP: Final = (
    "This file holds personal data of staff and what they wrote. Keep it like the database it came "
    "from: encrypted, with few who can open it, and with a day on which it is deleted."
)
_READ: Final = (
    "Every table is a file `tables/<name>.jsonl`: one row a line, each line a JSON object with "
    "every column. Text is UTF-8. A day is `2026-11-24`, a moment `2026-11-24T09:30:00Z` in UTC, "
    "nothing is `null`. `…_id` is the `id` of a row in another table. `manifest.json` says how "
    "many rows each table has and the SHA-256 of each file."
)
_BACK: Final = (
    "To have it as it was: install the version named above, and with an empty database run "
    "`flask --app wsgi upgrade`, then `flask --app wsgi import-archive FILE.zip`. Newer versions "
    "read it through that one: bring it in there, then upgrade."
)


def readme(manifest: Manifest, columns: Mapping[str, Sequence[ColumnKind]]) -> str:
    """Return the text of README.md."""
    lines = [
        f"# {manifest.council_name}: everything that was in Improve",
        "",
        _MADE.format(
            made=f"{manifest.made_at:%Y-%m-%d %H:%M}",
            software=manifest.software,
            format=FORMAT,
            revision=manifest.revision,
        ),
        "",
        _KEEP,
        "",
        "## How to read it",
        "",
        _READ,
        "",
        _BACK,
        "",
        "## Classes of data",
        "",
        *[f"- **{name}**: {words}" for name, words in CLASSES.items()],
        "",
        "## What is not in it",
        "",
        *[f"- `{name}`: {words}." for name, words in manifest.left_out.items()],
        "",
        "## Tables",
    ]
    for table in manifest.tables:
        lines += ["", f"### {table.name}", "", f"{holds(table.name)} Rows: {table.rows:,}.", ""]
        lines += ["| column | holds | as | class |", "|---|---|---|---|"]
        for column in columns[table.name]:
            empty = ", or nothing" if column.may_be_empty else ""
            words = column_words(table.name, column.name).replace("|", "\\|")
            lines.append(
                f"| {column.name} | {words} | {_KIND_WORDS[column.kind]}{empty} "
                f"| {data_class(table.name, column)} |"
            )
    return "\n".join(lines) + "\n"
