"""The public learning pages of a council as feeds: Atom (RFC 4287) and JSON Feed 1.1. Pure.

Made from ``PublicPage`` and from nothing else, for programs that tell people what is new. Dates
are by month, as on the pages; a newer version of a page is some seconds later, so that a program
that goes by dates notices it.
"""

from __future__ import annotations

import html
import json
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from xml.etree import ElementTree as ET

from improve.library.learning import ENDING_SHORT, ENDING_WORDS, TEXT_WORDS
from improve.library.public_pages import PublicPage, Shelf

ATOM_TYPE: Final = "application/atom+xml"
JSON_FEED_TYPE: Final = "application/feed+json"
JSON_FEED: Final = "https://jsonfeed.org/version/1.1"
RIGHTS: Final = "Open Government Licence v3.0"
LANGUAGE: Final = "en-GB"
_ATOM: Final = "http://www.w3.org/2005/Atom"
#: The day that a feed without a page was last changed: long ago.
_NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
#: Signs that a form takes and XML has no place for.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_SUMMARY: Final = 300


@dataclass(frozen=True, slots=True)
class FeedAddresses:
    """Whole addresses: the list of pages, the two feeds, the signed file, and before each key."""

    home: str
    atom: str
    json: str
    signed: str
    page: str

    def of(self, page: PublicPage) -> str:
        """Return the public address of a page."""
        return f"{self.page}{page.key}"


def atom_feed(shelf: Shelf, addresses: FeedAddresses) -> bytes:
    """Return the pages as an Atom feed, the newest decision first."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": LANGUAGE})
    _add(feed, "id", addresses.atom)
    _add(feed, "title", _title(shelf))
    _add(feed, "subtitle", _about(shelf))
    _add(feed, "updated", rfc3339(updated_at(shelf)))
    _add(feed, "link", href=addresses.atom, rel="self", type=ATOM_TYPE)
    _add(feed, "link", href=addresses.home, rel="alternate", type="text/html")
    _add(feed, "link", href=addresses.signed, rel="related", type="application/json")
    _add(_add(feed, "author"), "name", shelf.council)
    _add(feed, "rights", RIGHTS)
    for page in shelf.pages:
        entry = _add(feed, "entry")
        _add(entry, "id", id_of(page))
        _add(entry, "title", page.title)
        _add(entry, "link", href=addresses.of(page), rel="alternate", type="text/html")
        _add(entry, "published", rfc3339(_decided(page)))
        _add(entry, "updated", rfc3339(_changed(page)))
        _add(entry, "category", term=page.ending, label=ENDING_SHORT[page.outcome])
        _add(entry, "summary", _summary(page))
        _add(entry, "content", as_html(page), type="html")
        _add(entry, "rights", RIGHTS)
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True)


def json_feed(shelf: Shelf, addresses: FeedAddresses) -> bytes:
    """Return the pages as a JSON Feed, the newest decision first."""
    feed: dict[str, Any] = {
        "version": JSON_FEED,
        "title": _title(shelf),
        "home_page_url": addresses.home,
        "feed_url": addresses.json,
        "description": _about(shelf),
        "language": LANGUAGE,
        "authors": [{"name": shelf.council, "url": addresses.home}],
        "items": [
            {
                "id": id_of(page),
                "url": addresses.of(page),
                "title": page.title,
                "summary": _summary(page),
                "content_html": as_html(page),
                "date_published": rfc3339(_decided(page)),
                "date_modified": rfc3339(_changed(page)),
                "tags": [ENDING_SHORT[page.outcome]],
            }
            for page in shelf.pages
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def updated_at(shelf: Shelf) -> datetime:
    """Return when the newest page or version was decided, by month."""
    return max((_changed(page) for page in shelf.pages), default=_NEVER)


def id_of(page: PublicPage) -> str:
    """Return the name of a page in feeds: the same wherever the site moves."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"improve-learning/1/{page.key}").urn


def rfc3339(moment: datetime) -> str:
    """Return “2026-08-01T00:00:03Z”."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def as_html(page: PublicPage) -> str:
    """Return a page as plain HTML for readers of feeds: headings and paragraphs, no more."""
    parts = [f"<p><strong>{html.escape(ENDING_WORDS[page.outcome])}</strong></p>"]
    for name, heading in TEXT_WORDS.items():
        words = getattr(page, name).strip()
        if words:
            parts.append(f"<h2>{html.escape(heading)}</h2>")
            parts += [f"<p>{html.escape(one)}</p>" for one in re.split(r"\n\s*\n", words)]
    measure = page.measure
    if measure and measure.verdict:
        parts.append("<h2>What the numbers say</h2>")
        said = [f"{measure.name}. {measure.verdict.words}", *measure.verdict.doubt]
        parts += [f"<p>{html.escape(words)}</p>" for words in said]
    return "\n".join(parts)


def _title(shelf: Shelf) -> str:
    return f"What {shelf.council} learned"


def _about(shelf: Shelf) -> str:
    return f"Small tests of change at {shelf.council}: what was kept, what was stopped, and why."


def _summary(page: PublicPage) -> str:
    words = " ".join(f"{ENDING_SHORT[page.outcome]}. {page.happened}".split())
    if len(words) <= _LONGEST_SUMMARY:
        return words
    return words[: _LONGEST_SUMMARY - 1].rstrip() + "…"


def _decided(page: PublicPage) -> datetime:
    return datetime.fromisoformat(f"{page.decided_month}-01T00:00:00+00:00")


def _changed(page: PublicPage) -> datetime:
    return _decided(page) + timedelta(seconds=page.version)


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    found = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    if text:
        found.text = _NOT_XML.sub("", text)
    return found
