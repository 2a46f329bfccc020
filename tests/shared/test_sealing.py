"""What is sealed: opened by its own key, purpose and place only, and never changed unseen."""

from __future__ import annotations

import pytest

from improve.shared.sealing import CannotOpen, Sealer

OLD, NEW = "o" * 40, "n" * 40


def test_words_come_back() -> None:
    sealer = Sealer((OLD,), "voices")
    assert sealer.open(sealer.seal("Książka, 本", about="one"), about="one") == "Książka, 本"


@pytest.mark.security(72)
def test_the_words_are_not_in_what_is_kept() -> None:
    sealed = [Sealer((OLD,), "voices").seal("otter otter", about="one") for _ in range(2)]
    assert sealed[0] != sealed[1]
    assert all(b"otter" not in one for one in sealed)


@pytest.mark.security(72)
@pytest.mark.parametrize("at", range(0, 40, 3))
def test_a_changed_byte_is_seen(at: int) -> None:
    sealer = Sealer((OLD,), "voices")
    sealed = bytearray(sealer.seal("otter", about="one"))
    sealed[at % len(sealed)] ^= 1
    with pytest.raises(CannotOpen):
        sealer.open(bytes(sealed), about="one")


def test_nothing_else_opens_it() -> None:
    sealed = Sealer((OLD,), "voices").seal("otter", about="one")
    for sealer, about in (
        (Sealer((NEW,), "voices"), "one"),
        (Sealer((OLD,), "help wanted"), "one"),
        (Sealer((OLD,), "voices"), "two"),
    ):
        with pytest.raises(CannotOpen):
            sealer.open(sealed, about=about)
    for broken in (b"", b"\x01", sealed[:12], sealed[:-1]):
        with pytest.raises(CannotOpen):
            Sealer((OLD,), "voices").open(broken, about="one")


@pytest.mark.security(73)
def test_an_earlier_key_opens_and_a_secret_is_found_under_it() -> None:
    before, after = Sealer((OLD,), "voices"), Sealer((NEW, OLD), "voices")
    assert after.open(before.seal("otter", about="one"), about="one") == "otter"
    assert before.hash("blue otter") in after.hashes("blue otter")
    assert after.hash("blue otter") != before.hash("blue otter")
    assert before.hash("blue otter") != Sealer((OLD,), "help wanted").hash("blue otter")


@pytest.mark.security(73)
@pytest.mark.parametrize("keys", [(), ("",), ("short",), tuple("a text is letters, not keys")])
def test_no_key_that_can_be_guessed(keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="no key"):
        Sealer(keys, "voices")
