"""Hints in what families wrote: what may point to a person, and words that may mean danger. Pure.

Hints, not detection: they only ever raise what a reader opens first. A text without any is read all
the same, and by the same people. Only the kinds are kept, never the words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from improve.shared.identifiers import LOOKED_AT, likely_identifiers

#: The kind of a hint where the name of somebody who works there was found.
STAFF_NAME: Final = "a name of somebody who works here"
#: Names of two letters are words as often as names.
_SHORTEST_NAME: Final = 3

# Beginnings of words, or a few words in a row, in small letters without accents. Rather too many
# than too few: a reader who was shown one in vain has lost a minute.
_ENGLISH: Final = (
    "hurt me",
    "hurts me",
    "hurting me",
    "hurt my",
    "hurts my",
    "hurting my",
    "hurt us",
    "hurts us",
    "hurt him",
    "hurt her",
    "hurt them",
    "hurting him",
    "hurting her",
    "hurt myself",
    "hurting myself",
    "harm myself",
    "harming myself",
    "self harm",
    "cut myself",
    "cutting myself",
    "kill",
    "suicid",
    "want to die",
    "wanna die",
    "wish i was dead",
    "better off dead",
    "end my life",
    "end it all",
    "not want to live",
    "dont want to live",
    "no reason to live",
    "not safe",
    "unsafe",
    "dont feel safe",
    "in danger",
    "scared of",
    "scared to go",
    "scares me",
    "afraid of",
    "frightened of",
    "hits me",
    "hit me",
    "hitting",
    "hits my",
    "hit my",
    "hits us",
    "hits him",
    "hits her",
    "beat me",
    "beats me",
    "beating",
    "beaten",
    "punch",
    "kicks me",
    "kicked me",
    "slap",
    "strangl",
    "chok",
    "burnt me",
    "burned me",
    "bruis",
    "bleed",
    "knife",
    "stab",
    "weapon",
    "gun",
    "threat",
    "abus",
    "rape",
    "raping",
    "molest",
    "touches me",
    "touched me",
    "touching me",
    "private parts",
    "naked",
    "nudes",
    "sex",
    "groom",
    "keep it secret",
    "keep a secret",
    "our secret",
    "dont tell anyone",
    "not allowed to tell",
    "county lines",
    "drugs",
    "overdos",
    "took pills",
    "locked in",
    "locks me",
    "locked me",
    "no food",
    "starv",
    "not fed",
    "hungry all",
    "run away",
    "running away",
    "ran away",
    "missing from home",
    "force me",
    "forces me",
    "forced me",
    "force marriage",
    "forced marriage",
    "fgm",
    "help me",
    "save me",
    "chain",
)
_POLISH: Final = (
    "bije",
    "bil mnie",
    "bila mnie",
    "pobil",
    "uderz",
    "krzywdz",
    "skrzywdz",
    "molest",
    "gwalt",
    "zgwalc",
    "dotyka mnie",
    "dotykal",
    "zabic",
    "zabij",
    "zabije",
    "samoboj",
    "chce umrzec",
    "nie chce zyc",
    "boje sie",
    "grozi",
    "przemoc",
    "tnie sie",
    "tne sie",
    "ucieklem",
    "ucieklam",
    "niebezpiecz",
    "pomocy",
    "noz",
)
_URDU: Final = (
    "مارتا",
    "مارتی",
    "مارتے",
    "مارا",
    "مار پیٹ",
    "تشدد",
    "ڈر لگتا",
    "ڈرتا",
    "ڈرتی",
    "خطرہ",
    "خطرے",
    "خودکشی",
    "مرنا چاہ",
    "قتل",
    "زیادتی",
    "چھوتا",
    "چھوا",
    "محفوظ نہیں",
    "مدد کرو",
    "بچاؤ",
    "دھمکی",
    "چاقو",
    # as it is typed with Latin letters
    "marta hai",
    "marte hain",
    "maarta",
    "khatra",
    "khudkushi",
    "dar lagta",
    "madad karo",
)
_STROKES: Final = str.maketrans("łŁ", "lL")


def _plain(words: str) -> str:
    """Return small letters without accents or apostrophes, hyphens and breaks as one space.

    Marks that nobody sees go, too: one inside a word would hide it from here and not from a reader.
    """
    cut = unicodedata.normalize("NFKD", words[:LOOKED_AT].translate(_STROKES).lower())
    bare = "".join(
        c
        for c in cut
        if not unicodedata.combining(c) and c not in "'’‘`" and unicodedata.category(c) != "Cf"
    )
    return re.sub(r"[\s\-_]+", " ", bare)


_DANGER: Final = re.compile(
    r"(?<!\w)(?:"
    + "|".join(re.escape(_plain(words)) for words in (*_ENGLISH, *_POLISH, *_URDU))
    + ")"
)


@dataclass(frozen=True, slots=True)
class Hints:
    """What was found: kinds of hint in words, and whether somebody may be in danger."""

    kinds: tuple[str, ...]
    may_be_danger: bool


def may_mean_danger(*texts: str | None) -> bool:
    """Return whether a text has words that children use when they, or others, are not safe."""
    return any(bool(_DANGER.search(_plain(words))) for words in texts if words)


def hints_in(texts: Iterable[str], *, staff: Iterable[str] = ()) -> Hints:
    """Return the hints in ``texts``. ``staff``: full names of those who work at the council."""
    written = [words for words in texts if words]
    kinds = likely_identifiers(*written)
    if _names_somebody(written, staff):
        kinds.append(STAFF_NAME)
    return Hints(tuple(kinds), may_mean_danger(*written))


def _names_somebody(texts: Iterable[str], staff: Iterable[str]) -> bool:
    """Return whether a text has a first or last name of theirs as a word of its own.

    An account that is nobody's (“The learning team”) has no name that families could say.
    """
    called = [re.findall(r"\w+", _plain(name)) for name in staff]
    names = {
        part
        for parts in called
        for part in parts
        if parts[0] != "the" and len(part) >= _SHORTEST_NAME
    }
    return any(names.intersection(re.findall(r"\w+", _plain(words))) for words in texts)
