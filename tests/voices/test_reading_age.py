"""Every text of the form can be read by whom it is for: about 7 for the younger, about 9 else."""

from __future__ import annotations

import pytest

from improve.voices.wording import TEXTS
from tests.reading_age import reading_age, syllables, words_of

#: From how many words a text is prose; the measure says nothing of a label of one or two words.
PROSE = 6
#: By wording: the age all its prose may ask for, and any one text of it. One short text swings by
#: more than a year with a single long word, so it has some room; the whole has none.
AGES = {"younger": (7.0, 7.6), "older": (9.0, 9.5), "adult": (9.0, 9.5), "all": (9.0, 9.5)}
#: Most syllables of a word on a label; “differently” is the longest.
SYLLABLES = {"younger": 3, "older": 4, "adult": 4, "all": 4}


@pytest.mark.parametrize("wording", AGES)
def test_all_of_a_wording(wording: str) -> None:
    prose = [
        text
        for name, text in TEXTS.items()
        if name.startswith(f"{wording}.") and len(words_of(text)) >= PROSE
    ]
    assert len(prose) > 10
    assert reading_age(*prose) <= AGES[wording][0]


@pytest.mark.parametrize("name", TEXTS)
def test_each_text(name: str) -> None:
    wording, text = name.split(".", 1)[0], TEXTS[name]
    if len(words_of(text)) >= PROSE:
        assert reading_age(text) <= AGES[wording][1]
    assert max(map(syllables, words_of(text))) <= SYLLABLES[wording]


def test_the_measure_tells_hard_from_easy() -> None:
    easy = "We can help you. Call us now. It is free."
    hard = "Confidentiality is maintained except where safeguarding considerations necessitate it."
    assert reading_age(easy) < 6
    assert reading_age(hard) > 16
    counted = {"help": 1, "making": 2, "trained": 1, "wanted": 2, "different": 3, "people": 2}
    assert {word: syllables(word) for word in counted} == counted
