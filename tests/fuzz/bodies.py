"""Bodies that people and programs send, made from a real form and a seed. Pure."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_plus

Pairs = list[tuple[str, str]]

#: Each must be taken or refused in words, never break a page.
STRANGE = (
    "", " ", "\t", "0", "-1", "1", "2", "17", "2147483647", "2147483648", "9223372036854775808",
    "999999999999", "9" * 400, "9" * 5_000, "1e999", "1e-999", "NaN", "inf", "-0", "1_000", "½", "٣", "Ⅷ", "0x1f",
    "1,234", "45%", "-3", "31/02/2026", "29/02/2026", "02/31/2026", "2026-13-45", "0000-00-00", "0001-01-01",
    "9999-12-31", "2026-11-24", "24/11/2026", "25:61", "09:30", "2026-W48-2", "20261124", "2026-11-24T09:30:00+99:99",
    "\x00", "a\x00b", "\x0b\x0c\x1b[31m", "\r\n\r\nX: y", "\ufeff", "\u202e", "\u2028", "\u200b", "\ufffe", "\ud800",
    "a\udfffb", "\U0001f600", "e\u0301" * 40, "שלום עליכם", "مرحبا\u202e", "ﷺ" * 200, "=1+1", "@SUM(A1)", "＝1",
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<!--", "]]>", "{{ 7*7 }}", "%s%n", "%(x)s", "{0.__class__}",
    "' OR 1=1 --", "\\", "%00", "%", "_", "../../etc/passwd", "x" * 5_000, "a b " * 3_000, "\n" * 3_000,
    "true", "on", "y", "null", "[]", "{}", '{"a": [', "[" * 2_000, "javascript:alert(1)", "//elsewhere.example", "https://[",
    "http://a:b@c:99999/", "shown carried note", "suggested", "keep", "withdraw", "quick_fix", "administrator",
    "name@larchdale.example; other@larchdale.example", "<a@b>, \"c", "@sam.alder", "a" * 64 + "@" + "b" * 200,
    "1.2.3", "1;2;3", "a=1&b=2", "\u00a0", "I" * 200 + "İ", "ß" * 300,
)  # fmt: skip
#: What a body may name besides, as if the form had it.
FORGED = (
    "id", "organisation_id", "author_id", "person_id", "team_id", "role", "roles", "is_active", "version", "created_at",
    "stage", "verdict_code", "rights_version", "password_hash", "_restoring", "kept", "do", "secondary", "change",
    "confirmed", "as_comment", "next", "form_token", "seen", "form_token[]", "version[0]", "__proto__", "_method",
)  # fmt: skip
#: What an address may be given besides: ``?name=…``.
ASKED = ("text", "q", "page", "since", "by", "to", "show", "team", "decided_from", "sort", "view", "more",
         "said", "back", "next", "rows")  # fmt: skip
_NUMBER = re.compile(r"(?<=/)\d+(?=/|$|\?)")
_FOREIGN = (
    "0",
    "1",
    "2",
    "3",
    "7",
    "12",
    "987654",
    "2147483648",
    "9223372036854775808",
    "-1",
    "1.5",
    "x",
    "%00",
)
_TOKEN = "csrf_token"


@dataclass(frozen=True)
class Sent:
    """A body as it goes over the line, and how a fault names it."""

    path: str
    body: bytes
    kind: str | None
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in one line."""
        shown = repr(self.body[:600]) + ("…" if len(self.body) > 600 else "")
        return f"{self.path} [{self.kind}] {self.headers} {len(self.body)} bytes {shown}"


def strange_pairs(
    chance: random.Random, values: Iterable[tuple[str, str]], names: Iterable[str]
) -> Pairs:
    """Return the fields of a form, some of them strange, missing, doubled, emptied or forged."""
    values, names = list(values), list(names)
    way = chance.random()
    if way < 0.04:
        return []
    if way < 0.08:
        return [(name, "") for name in dict.fromkeys([*(n for n, _ in values), *names])]
    if way < 0.12:
        long = chance.choice(("z" * 200_000, "é " * 60_000, "1," * 50_000, "\n" * 100_000))
        return [(name, long if chance.random() < 0.3 else value) for name, value in values]
    # One field alone is strange as often as many: else the first refusal hides all that come after.
    share = chance.choice((0.0, 0.1, 0.3, 0.6))
    made: Pairs = []
    for name, value in values:
        dice = chance.random()
        if dice < 0.06:
            continue
        made.append((name, chance.choice(STRANGE) if chance.random() < share else value))
        if dice > 0.93:
            made.append((name, chance.choice(STRANGE)))
    sent = {name for name, _ in made}
    made += [(n, chance.choice(STRANGE)) for n in names if n not in sent and chance.random() < 0.5]
    made += [(n, chance.choice(STRANGE)) for n in FORGED if chance.random() < 0.05]
    if chance.random() < 0.03:
        made += [(f"field{number}", "x") for number in range(1_500)]
    if chance.random() < 0.05:
        chance.shuffle(made)
    return made


def strange_path(chance: random.Random, path: str) -> str:
    """Return an address, at times with somebody else's thing in it or questions behind it."""
    if chance.random() < 0.15:
        path = _NUMBER.sub(lambda _: chance.choice(_FOREIGN), path)
    if chance.random() < 0.05:
        path = (
            path.split("?")[0] + "?" + chance.choice(ASKED) + "=" + _quoted(chance.choice(STRANGE))
        )
    return path


def strange_body(
    chance: random.Random,
    path: str,
    values: Sequence[tuple[str, str]],
    names: Sequence[str],
    token: str,
) -> Sent:
    """Return one body for this address. The token is the right one, nearly always."""
    pairs = strange_pairs(
        chance, [(n, v) for n, v in values if n != _TOKEN], [n for n in names if n != _TOKEN]
    )
    if chance.random() < 0.97:
        pairs.insert(0, (_TOKEN, token))
    headers = {"HX-Request": "true"} if chance.random() < 0.3 else {}
    path, way = strange_path(chance, path), chance.random()
    if way < 0.72:
        return Sent(path, urlencoded(pairs), "application/x-www-form-urlencoded", headers)
    if way < 0.84:
        files = [n for n in names if chance.random() < 0.2]
        body = multipart(pairs, [(n, chance.choice(STRANGE), _noise(chance)) for n in files])
        return Sent(path, body, f"multipart/form-data; boundary={BOUNDARY}", headers)
    # The token travels beside a body that no form reader takes, so that more than the door is met.
    headers["X-CSRFToken"] = token
    if way < 0.89:
        body, kind = multipart(pairs, []), f"multipart/form-data; boundary={BOUNDARY}"
        broken = chance.choice(("cut", "other", "none", "names", "head"))
        if broken == "cut":
            body = body[: chance.randrange(len(body))]
        elif broken == "other":
            kind = "multipart/form-data; boundary=another"
        elif broken == "none":
            kind = "multipart/form-data"
        elif broken == "names":
            body = body.replace(b'name="', b"name=", 3)
        else:
            body = body.replace(b"\r\n\r\n", b"\r\n" + b"X" * 70_000 + b"\r\n\r\n", 1)
        return Sent(path, body, kind, headers)
    if way < 0.93:
        said: object = (
            dict(pairs) if chance.random() < 0.6 else chance.choice(([], None, 1, [[pairs]], "x"))
        )
        return Sent(path, json.dumps(said).encode(), "application/json", headers)
    kind = chance.choice(
        (
            "text/plain",
            None,
            "application/x-www-form-urlencoded; charset=utf-16",
            "x/y; boundary=",
            "text/xml",
            "\t",
        )
    )
    if way < 0.96:
        return Sent(path, urlencoded(pairs), kind, headers)
    return Sent(path, _noise(chance), "application/x-www-form-urlencoded", headers)


BOUNDARY = "aWallBetweenParts"


def urlencoded(pairs: Pairs) -> bytes:
    """Return fields as a form sends them; what is no letter goes as the bytes it would be."""
    return "&".join(f"{_quoted(n)}={_quoted(v)}" for n, v in pairs).encode()


def multipart(pairs: Pairs, files: Sequence[tuple[str, str, bytes]]) -> bytes:
    """Return fields and files as a form with files sends them."""
    parts = []
    for name, value in pairs:
        parts.append(
            f'Content-Disposition: form-data; name="{_named(name)}"\r\n\r\n'.encode()
            + _bytes(value)
        )
    for name, filename, content in files:
        head = f'Content-Disposition: form-data; name="{_named(name)}"; filename="'.encode()
        parts.append(
            head
            + _bytes(_named(filename)[:2_000])
            + b'"\r\nContent-Type: text/csv\r\n\r\n'
            + content
        )
    wall = b"--" + BOUNDARY.encode()
    return b"".join(wall + b"\r\n" + part + b"\r\n" for part in parts) + wall + b"--\r\n"


def _named(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "").replace("\n", "")


def _quoted(text: str) -> str:
    return quote_plus(text, errors="surrogatepass")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _noise(chance: random.Random) -> bytes:
    return chance.choice(
        (
            b"",
            b"%",
            b"%zz=%e2%28&&=&a",
            b"\xff\xfe=\xc3\x28",
            b"\x00" * 50,
            b"=",
            b"a" * 70_000,
            chance.randbytes(300),
        )
    )
