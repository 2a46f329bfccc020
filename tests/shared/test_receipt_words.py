"""Receipt words: kind, plain, hard to guess, and read however somebody types them."""

from __future__ import annotations

import pytest

from improve.shared import receipt_words

#: Pairs that sound alike, of which no word may be on the list.
SOUND_ALIKE = (
    "sea see bear bare hare hair deer dear flour flower pear pair sun son knight night rose rows "
    "road rode sail sale tail tale whale wail bee be bean been red read ring wring write right "
    "plane plain peace piece meat meet mail male hole whole hour our key quay four for two too "
    "ate eight one won"
)


def test_the_list_is_1024_different_plain_words_in_order() -> None:
    words = receipt_words.WORDS
    assert len(words) == 1_024
    assert list(words) == sorted(set(words))
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
    assert all(3 <= len(word) <= 7 for word in words)


def test_no_word_sounds_like_another() -> None:
    assert not set(SOUND_ALIKE.split(" ")).intersection(receipt_words.WORDS)


def test_few_words_differ_by_one_letter() -> None:
    """A slip of one letter must hardly ever lead to another word."""
    seen: dict[str, str] = {}
    near = []
    for word in receipt_words.WORDS:
        for at in range(len(word)):
            gap = f"{word[:at]}?{word[at + 1 :]}"
            if gap in seen:
                near.append((seen[gap], word))
            seen[gap] = word
    assert len(near) <= 40, near


def test_a_new_one_is_three_words_and_four_digits_and_reads_back() -> None:
    made = {receipt_words.new() for _ in range(300)}
    assert len(made) == 300
    for receipt in made:
        *words, digits = receipt.split(" ")
        assert len(words) == 3
        assert len(digits) == 4
        assert receipt_words.normalise(receipt) == receipt


@pytest.mark.parametrize(
    "typed",
    [
        "green otter lamp 0827",
        "Green Otter LAMP 0827",
        "green-otter-lamp-0827",
        "  green,  otter\tlamp. 0827\n",
        "green otter lamp0827",
        "green otter lamp 08 27",
    ],
)
def test_typing_makes_no_difference(typed: str) -> None:
    assert receipt_words.normalise(typed) == "green otter lamp 0827"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "green otter lamp",
        "green otter 0827",
        "0827 green otter lamp",
        "green otter lamp 827",
        "green otter lamp 08271",
        "green otter qqqqq 0827",
        "green otter lamp owl 0827",
        "green otter lamp 0827 " + " " * 100,
    ],
)
def test_what_can_be_no_receipt_is_none(typed: str) -> None:
    assert receipt_words.normalise(typed) is None


def test_a_long_one_is_eight_words_and_reads_back() -> None:
    made = {receipt_words.new_long() for _ in range(300)}
    assert len(made) == 300
    for receipt in made:
        assert len(receipt.split(" ")) == 8
        assert receipt_words.normalise_long(receipt) == receipt
        assert len(receipt) <= receipt_words.LONGEST_LONG


def test_a_long_one_follows_from_a_secret() -> None:
    assert len(receipt_words.WORDS) == 1024
    first, last = receipt_words.WORDS[0], receipt_words.WORDS[-1]
    assert receipt_words.long_from(bytes(10)) == " ".join([first] * 8)
    assert receipt_words.long_from(b"\xff" * 12) == " ".join([last] * 8)
    made = {receipt_words.long_from(number.to_bytes(10)) for number in range(2_000)}
    assert len(made) == 2_000


def test_typing_a_long_one_makes_no_difference() -> None:
    receipt = "green otter lamp amber acorn green otter lamp"
    for typed in (
        receipt.upper(),
        f"  {receipt.replace(' ', '-')}. ",
        "\n".join(f"{n}. {word}" for n, word in enumerate(receipt.split(), start=1)),
    ):
        assert receipt_words.normalise_long(typed) == receipt


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "green otter lamp 0827",
        "green otter lamp amber acorn green otter",
        "green otter lamp amber acorn green otter lamp owl",
        "green otter lamp amber acorn green otter qqqqq",
        "green otter lamp amber acorn green otter lamp" + " " * 200,
    ],
)
def test_what_can_be_no_long_receipt_is_none(typed: str) -> None:
    assert receipt_words.normalise_long(typed) is None
