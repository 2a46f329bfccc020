"""Everything that reads what people type or what a file says, and how it says no.

A module that reads is named here; ``test_readers.py`` looks for those that are not.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from improve.accounts import addresses
from improve.accounts.forms import audit_log as audit_log_forms
from improve.accounts.oidc import id_token, provider
from improve.commands import backup_file
from improve.ideas import board_address, log_rows, mentions
from improve.ideas.log_words import Role
from improve.library import open_format, signing, strict_json
from improve.measures.table_import import TableRefused, read_observations, read_table, read_workbook
from improve.measures.table_import.periods import read_period
from improve.measures.table_import.times import read_times
from improve.measures.table_import.wide import read_wide
from improve.notifications import stop_links
from improve.open_data import archive_format
from improve.open_data.archive_file import ArchiveReader
from improve.review import finished_address
from improve.shared import parsing, query_words, receipt_words, search_words

EARLIEST, LATEST = date(1900, 1, 1), date(2026, 11, 25)
KEY: Final = "b64:" + "QUFB" * 10 + "QUE="


@dataclass(frozen=True)
class Reader:
    """One function that reads: a text or bytes; its own refusals, and nothing else, come out."""

    module: str
    read: Callable[[Any], object]
    refusals: tuple[type[Exception], ...] = ()
    takes: type = str


def _observations(text: str) -> object:
    table = read_table(text)
    return [
        read_observations(table, kind=kind, period="week", earliest=EARLIEST, latest=LATEST)
        for kind in ("count", "value", "proportion")
        if _fits(table, kind)
    ]


def _fits(table: Any, kind: str) -> bool:
    return bool(table.width >= (3 if kind == "proportion" else 2))


def _log(text: str) -> object:
    table = read_table(text)
    people = [log_rows.LogPerson(1, "Sam Alder", "sam.alder@larchdale.example", True)]
    columns = {role: place for place, role in enumerate(Role)}
    return log_rows.read_log(
        table.rows, columns, titles=["Ring first"], people=people, today=LATEST
    )


def _claims(found: Mapping[str, Any]) -> object:
    known = provider.Provider("https://login.example", "improve", "a secret")
    at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    return id_token.read_claims(found, provider=known, nonce="n", access_token="a", at=at)


READERS: Final = (
    Reader("improve.shared.parsing", parsing.read_number, (parsing.NotReadable,)),
    Reader("improve.shared.parsing", lambda t: parsing.read_date(t, earliest=EARLIEST, latest=LATEST), (parsing.NotReadable,)),
    Reader("improve.shared.parsing", parsing.parse_time, (parsing.NotReadable,)),
    Reader("improve.shared.parsing", parsing.month_number),
    Reader("improve.shared.query_words", query_words.words_of),
    Reader("improve.shared.search_words", lambda t: search_words.snippet([t, "Ring first"], query_words.words_of(t) or ("a",))),
    Reader("improve.shared.receipt_words", receipt_words.normalise),
    Reader("improve.shared.receipt_words", receipt_words.normalise_long),
    Reader("improve.commands.backup_file", lambda b: backup_file.check_whole(io.BytesIO(b), KEY), (backup_file.BackupRefused,), bytes),
    Reader("improve.measures.table_import.tables", read_table, (TableRefused,)),
    Reader("improve.measures.table_import.tables", read_table, (TableRefused,), bytes),
    Reader("improve.measures.table_import.workbooks", read_workbook, (TableRefused,), bytes),
    Reader("improve.measures.table_import.observations", _observations, (TableRefused,)),
    Reader("improve.measures.table_import.wide", lambda t: read_wide(read_table(t), {"year": t[:9]}), (TableRefused,)),
    Reader("improve.measures.table_import.periods", lambda t: [read_period(t, p, earliest=EARLIEST, latest=LATEST) for p in ("year", None)], (parsing.NotReadable,)),
    Reader("improve.measures.table_import.times", read_times, (parsing.NotReadable,)),
    Reader("improve.ideas.log_rows", _log, (TableRefused,)),
    Reader("improve.ideas.mentions", lambda t: mentions.find_mentions(t, [mentions.Candidate(1, "Sam Alder")])),
    Reader("improve.ideas.board_address", board_address.from_query),
    Reader("improve.review.finished_address", finished_address.from_query),
    Reader("improve.accounts.addresses", addresses.read_addresses),
    Reader("improve.accounts.forms.audit_log", audit_log_forms.read_mark),
    Reader("improve.notifications.stop_links", lambda t: stop_links.read_stop("k" * 40, t)),
    Reader("improve.library.strict_json", strict_json.read_json, (strict_json.JsonRefused,)),
    Reader("improve.library.strict_json", strict_json.read_json, (strict_json.JsonRefused,), bytes),
    Reader("improve.library.open_format", open_format.open_envelope, (open_format.FormatRefused,)),
    Reader("improve.library.open_format", open_format.open_key, (open_format.FormatRefused,)),
    Reader("improve.library.signing", signing.read_key, (signing.NoKey,)),
    Reader("improve.accounts.oidc.id_token", lambda t: id_token.claims_of(t, []), (id_token.TokenRefused, id_token.UnknownKey)),
    Reader("improve.accounts.oidc.id_token", _claims, (id_token.TokenRefused,), dict),
    Reader("improve.accounts.oidc.provider", lambda t: provider.read_providers({"OIDC_FILE": "x"}, lambda _p: t), (provider.ProviderFault,)),
    Reader("improve.open_data.archive_format", archive_format.read_manifest, (archive_format.ArchiveRefused,), bytes),
    Reader("improve.open_data.archive_format", lambda b: archive_format.row_of((), b, "row 1"), (archive_format.ArchiveRefused,), bytes),
    Reader("improve.open_data.archive_file", lambda b: ArchiveReader(io.BytesIO(b)), (archive_format.ArchiveRefused,), bytes),
)  # fmt: skip
