"""Reading many addresses as people paste them, from a mail, a list or a spreadsheet. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINES = re.compile(r"[\n;]")
_BRACKETED = re.compile(r"([^<>]{0,300})<([^<>\s]{1,254})>")
_PARTS = re.compile(r"[,\t]")
_WORDS_OF_NAME = re.compile(r"[._\-]{1,3}")
_DIGITS = re.compile(r"\d{1,10}$")
_QUOTES = "\"'“”‘’ \t"


@dataclass(frozen=True)
class Pasted:
    """One entry of the list: the address as typed, lower case, and the name that came with it."""

    address: str
    name: str


def read_addresses(text: str) -> list[Pasted]:
    """Return every entry of ``text``, in order, those that are no address included.

    Takes “Name <a@b>”, “Surname, Name <a@b>”, plain addresses, and a name and an address in two
    cells, divided by lines, semicolons or commas.
    """
    found: list[Pasted] = []
    for line in _LINES.split(text):
        rest = 0
        for match in _BRACKETED.finditer(line):
            before, name = _divided(match.group(1))
            found += before
            address = match.group(2).strip().lower()
            found.append(Pasted(address, name or name_from(address)))
            rest = match.end()
        found += _plain(line[rest:])
    return found


def _divided(text: str) -> tuple[list[Pasted], str]:
    """Return the plain addresses that stand before a name, and the name."""
    parts = [p.strip(_QUOTES) for p in _PARTS.split(text)]
    addresses = [p for p in parts if "@" in p]
    name = [p for p in parts if p and "@" not in p]
    plain = [entry for part in addresses for entry in _plain(part)]
    if len(name) == 2:
        name.reverse()  # “Larkswood, Kofi” as mail programs write it
    return plain, " ".join(name)


def _plain(text: str) -> list[Pasted]:
    parts = [p for part in _PARTS.split(text) if (p := part.strip(_QUOTES))]
    addresses = [w for part in parts for w in part.split() if "@" in w]
    if len(addresses) == 1:
        return [_named(" ".join(parts))]
    found: list[Pasted] = []
    for part in parts:
        inside = [w for w in part.split() if "@" in w]
        if len(inside) > 1:
            found += [_named(word) for word in inside]
        else:
            found.append(_named(part) if inside else Pasted(part, ""))
    return found


def _named(text: str) -> Pasted:
    """Return the one address in ``text``, the other words being the name."""
    words = [w for word in text.split() if (w := word.strip(_QUOTES))]
    address = next(w for w in words if "@" in w)
    name = " ".join(w for w in words if "@" not in w)
    return Pasted(address.lower(), name or name_from(address))


def name_from(address: str) -> str:
    """Return a name made from an address: “kofi.larkswood@…” gives “Kofi Larkswood”."""
    before = address.split("@", 1)[0]
    words = [_DIGITS.sub("", word) for word in _WORDS_OF_NAME.split(before)]
    return " ".join(word[:1].upper() + word[1:] for word in words if word)
