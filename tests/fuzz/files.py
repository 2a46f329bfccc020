"""Files that are not what they say: each must be refused in words wherever a file is taken."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from typing import Final

_MB: Final = 1024 * 1024
_DTD: Final = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'


def packed(parts: dict[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP file of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def workbook(**more: bytes) -> bytes:
    """Return a workbook of one sheet; ``more``: further parts by their name with _ for /."""
    from openpyxl import Workbook

    out, book = io.BytesIO(), Workbook()
    for row in (["Week", "Count"], ["24/11/2026", "4"], ["17/11/2026", "5"]):
        book.active.append(row)
    book.save(out)
    with zipfile.ZipFile(out, "a") as file:
        for name, content in more.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def _bomb() -> bytes:
    return packed({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * (60 * _MB)})


def _link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        info = zipfile.ZipInfo("manifest.json")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        file.writestr(info, "/etc/passwd")
        file.writestr("../../outside.csv", "x")
    return out.getvalue()


_BOOK: Final = workbook()
#: By the name of a file, whatever it is called: what is in it.
FILES: Final[tuple[tuple[str, bytes], ...]] = (
    ("empty.csv", b""),
    ("blank.csv", b"\n \n\t\n"),
    ("nul.csv", b"Week,Count\x00\n24/11/2026,\x004\n"),
    ("utf-16 without mark.csv", "Week,Count\n24/11/2026,4\n".encode("utf-16-le")),
    ("utf-32.csv", "Week,Count\n24/11/2026,4\n".encode("utf-32")),
    ("latin.csv", "Wöche;Zahl\n24/11/2026;4 £\n".encode("cp1252")),
    ("not utf-8.csv", b"Week,Count\n24/11/2026,\xff\xfe\xc3\x28\n"),
    ("open quote.csv", b'Week,Count\n"24/11/2026,4\n' * 50),
    ("one long cell.csv", b"x" * 200_000),
    ("many columns.csv", b"a," * 5_000 + b"\n" + b"1," * 5_000),
    ("many rows.csv", b"1\n" * 30_000),
    ("too large.csv", b"24/11/2026,4\n" * (6 * _MB // 13)),
    ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4),
    ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600),
    ("page.csv", b"<html><script>alert(1)</script></html>"),
    ("formula.csv", b'Week,Count\n=cmd|"/c calc"!A1,@SUM(1)\n'),
    ("cut.xlsx", _BOOK[: len(_BOOK) // 2]),
    ("first half changed.xlsx", bytes(b ^ 0x55 if n % 97 == 50 else b for n, b in enumerate(_BOOK))),
    ("macros.xlsm", workbook(xl__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0" * 50)),
    ("macros.xlsx", workbook(xl__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0" * 50)),
    ("entities.xlsx", packed({"xl/workbook.xml": _DTD, "[Content_Types].xml": _DTD})),
    ("bomb.xlsx", _bomb()),
    ("nested.xlsx", packed({"xl/workbook.xml": _BOOK, "xl/inner.zip": packed({"xl/a.xml": _BOOK})})),
    ("only a name.xlsx", packed({"xl/": b""})),
    ("links.zip", _link()),
    ("nested.zip", packed({"manifest.json": packed({"manifest.json": b"{}"})})),
    ("manifest.zip", packed({"manifest.json": json.dumps({"format": "improve-archive/1"}).encode()})),
    ("deep.json", b'{"format": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    ("twice.json", b'{"format": "improve-learning/1", "format": 2}'),
    ("numbers.json", b'{"format": "improve-learning/1", "pages": [1e999, NaN, -Infinity]}'),
    ("half a sign.json", b'{"format": "improve-learning/1", "pages": ["\\ud800"]}'),
    ("many.json", b"[" + b"{}," * 300_000 + b"{}]"),
)  # fmt: skip
