"""A council's key is derived, is its own, and is compared by forty digits."""

from __future__ import annotations

import base64
import hashlib

import pytest

from improve.library.signing import (
    NoKey,
    Signer,
    fingerprint_of,
    groups_of,
    is_signed_by,
    read_key,
    signer_of,
)

SECRET = "a secret that is long enough to be one"


def signer(slug: str, secret: str = SECRET) -> Signer:
    made = signer_of(secret, slug)
    assert made is not None
    return made


def test_a_key_is_the_same_after_a_restart_and_another_for_each_council_and_secret() -> None:
    one, other, elsewhere = (
        signer(*of).public_key for of in (("larchdale",), ("fenwick",), ("larchdale", f"{SECRET}!"))
    )
    assert one == signer("larchdale").public_key
    assert len({one, other, elsewhere}) == 3


def test_without_a_secret_there_is_no_key() -> None:
    assert signer_of("", "larchdale") is None


def test_a_signature_holds_for_its_own_words_and_key_only() -> None:
    one, other = signer("larchdale"), signer("fenwick")
    signature = one.sign(b"words")
    assert is_signed_by(one.public_key, b"words", signature)
    assert not is_signed_by(one.public_key, b"Words", signature)
    assert not is_signed_by(other.public_key, b"words", signature)
    assert not is_signed_by(one.public_key, b"words", signature[:-4] + "AAA=")
    assert not is_signed_by("nonsense", b"words", signature)


def test_a_signature_is_what_the_standard_says() -> None:
    """RFC 8032, 7.1, test 2: the check is not ours alone."""
    key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    as_text = base64.b64encode(bytes.fromhex(key)).decode()
    assert is_signed_by(as_text, b"\x72", base64.b64encode(bytes.fromhex(signature)).decode())


def test_a_fingerprint_is_the_end_of_a_number_in_groups_of_five() -> None:
    own = signer("larchdale")
    whole = str(int(hashlib.sha256(base64.b64decode(own.public_key)).hexdigest(), 16))
    assert fingerprint_of(own.public_key) == whole[-40:]
    groups = groups_of(own.fingerprint)
    assert [len(group) for group in groups] == [5] * 8
    assert "".join(groups) == own.fingerprint


@pytest.mark.parametrize(
    "text", ["", "x", "A" * 43, "A" * 44, "A" * 43 + "==", "é" * 44, "AAAA", "A" * 42 + "B="]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoKey):
        read_key(text)


def test_a_key_may_be_pasted_with_blanks() -> None:
    key = signer("larchdale").public_key
    assert read_key(f"  {key[:20]}\n{key[20:]} ") == key


NOTHING = bytes([1, *[0] * 31])
OF_SMALL_ORDER = [
    NOTHING.hex(),
    "00" * 32,
    "00" * 31 + "80",
    "ec" + "ff" * 30 + "7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    # The same point as NOTHING, by a number beyond the field.
    "ee" + "ff" * 30 + "7f",
]


@pytest.mark.parametrize("raw", OF_SMALL_ORDER)
def test_a_key_with_which_anybody_signs_is_no_key(raw: str) -> None:
    """One signature of it fits all words: whoever trusted it would believe everybody."""
    key = base64.b64encode(bytes.fromhex(raw)).decode()
    fits_all = base64.b64encode(NOTHING + bytes(32)).decode()
    assert not is_signed_by(key, b"any words", fits_all)
    with pytest.raises(NoKey, match="Anybody could sign"):
        read_key(key)
