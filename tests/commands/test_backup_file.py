"""The file of a backup: opens with its key, whole, in its order, or not at all."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.commands import backup_file
from improve.commands.backup_file import BackupRefused, BackupWriter, check_whole, open_backup
from improve.shared.sealing import key_id

KEY = "a key of backups that is long enough, one"
OTHER = "a key of backups that is long enough, two"
FACTS = {"engine": "sqlite", "counts": {"ideas": 3}}


def written(*pieces: bytes, is_packed: bool = False) -> bytes:
    out = io.BytesIO()
    writer = BackupWriter(out, KEY, FACTS, is_packed=is_packed)
    for piece in pieces:
        writer.write(piece)
    writer.finish()
    return out.getvalue()


def read(file: bytes, key: str = KEY) -> bytes:
    return b"".join(open_backup(io.BytesIO(file), key).data)


def frames(file: bytes) -> tuple[bytes, list[bytes]]:
    """Return the head of a file and its frames."""
    start = len(b"IMPROVE BACKUP 1\n") + 8 + 16
    found, at = [], start
    while at < len(file):
        end = at + 5 + int.from_bytes(file[at + 1 : at + 5], "big")
        found.append(file[at:end])
        at = end
    return file[:start], found


@pytest.mark.parametrize("is_packed", [True, False])
def test_what_was_written_is_read(monkeypatch: pytest.MonkeyPatch, is_packed: bool) -> None:
    monkeypatch.setattr(backup_file, "PIECE", 100)
    pieces = [bytes([n]) * (n * 37) for n in range(40)]
    file = written(*pieces, is_packed=is_packed)
    assert read(file) == b"".join(pieces)
    facts = check_whole(io.BytesIO(file), KEY)
    assert (facts["engine"], facts["counts"]) == ("sqlite", {"ideas": 3})
    assert read(written()) == b""


def test_nothing_of_it_stands_in_the_file() -> None:
    file = written(b"Ada Thornberry " * 10)
    for word in (b"Ada", b"Thornberry", b"sqlite", b"ideas", b"counts"):
        assert word not in file
    assert bytes.fromhex(key_id(KEY)) in file


def test_two_files_of_the_same_are_not_alike() -> None:
    assert frames(written(b"x"))[1][1] != frames(written(b"x"))[1][1]


@pytest.mark.security(72)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_byte_is_found(data: st.DataObject) -> None:
    file = bytearray(written(b"what stood there " * 4))
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BackupRefused):
        read(bytes(file))


def test_a_file_that_was_cut_doubled_or_mixed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_file, "PIECE", 64)
    file = written(bytes(range(200)), is_packed=True)
    head, parts = frames(file)
    assert len(parts) > 5
    another = frames(written(bytes(range(200)), is_packed=True))[1]
    spoilt = [
        [*parts[:2], parts[3], parts[2], *parts[4:]],  # two pieces in the other order
        [*parts[:2], *parts[3:]],  # one left out
        [*parts[:3], *parts[2:]],  # one doubled
        parts[:-1],  # without its end
        [parts[0], parts[-1]],  # without what is between
        [*parts, parts[-1]],  # something after the end
        [*parts[:2], another[2], *parts[3:]],  # one of another file under the same key
        parts[1:],  # without what it is of
    ]
    for one in spoilt:
        with pytest.raises(BackupRefused, match="not as it was written"):
            read(head + b"".join(one))
    for length in range(len(head), len(file), 7):
        with pytest.raises(BackupRefused, match="not as it was written"):
            read(file[:length])


@pytest.mark.security(73)
def test_another_key_and_another_file_are_refused_in_words() -> None:
    with pytest.raises(BackupRefused, match=f"named {key_id(KEY)}; .* {key_id(OTHER)}"):
        read(written(b"x"), OTHER)
    with pytest.raises(BackupRefused, match="no backup of Improve"):
        read(b"SQLite format 3\0" + b"x" * 100)
    with pytest.raises(BackupRefused, match="does not know"):
        read(b"IMPROVE BACKUP 9\n" + b"x" * 100)


def test_memory_holds_a_few_pieces_of_it() -> None:
    class Nowhere(io.BytesIO):
        def write(self, data: bytes) -> int:  # type: ignore[override]
            return len(data)

    long = io.BytesIO(written(bytes(60 * backup_file.PIECE)))
    tracemalloc.start()
    writer = BackupWriter(Nowhere(), KEY, FACTS)
    for _ in range(60):
        writer.write(bytes(backup_file.PIECE))
    writer.finish()
    # Sixty pieces of zeros are packed into one frame.
    for piece in open_backup(long, KEY).data:
        assert len(piece) <= backup_file.PIECE
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 * backup_file.PIECE
