"""What stands in the address of a board: its filter and its view, and what links carry along. Pure.

The one place that reads them, for a team's board, its list, the board of all teams and saved views.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from improve.ideas.board import BoardFilter
from improve.ideas.kinds import SOURCE_WORDS, Source

#: What ``?show=`` narrows a board to: the words on screen, and the filter.
SHOWS: Final[Mapping[str, tuple[str, Mapping[str, bool]]]] = {
    "mine": ("My ideas", {"is_mine": True}),
    "needs-reply": ("Need a first reply", {"needs_reply": True}),
    "blocked": ("Blocked", {"is_blocked": True}),
    "stuck": ("Longer in a stage than usual", {"is_stuck": True}),
    "ready-to-study": ("Ready to study", {"is_ready_to_study": True}),
}
SOURCES: Final = tuple((source.value, words) for source, words in SOURCE_WORDS.items())
#: Words looked for on a board may be this long; longer ones are cut.
LONGEST_SEARCH: Final = 100
VIEWS: Final = ("board", "list")
SORT_NAMES: Final = ("idea", "stage", "age", "lead", "verdict", "next")
#: Everything that a saved view keeps, in the order of its address. Pages are left out.
KEPT: Final = ("show", "source", "aim", "driver", "text", "view", "sort", "order")
FILTERS: Final = KEPT[:5]
_LONGEST_ID: Final = 9


def filter_in(args: Mapping[str, str]) -> BoardFilter:
    """Return what an address narrows a board to; what cannot be read narrows nothing."""
    narrowed = dict(SHOWS.get(args.get("show", ""), ("", {}))[1])
    source = args.get("source", "")
    return BoardFilter(
        source=Source(source) if source in list(Source) else None,
        text=_words(args.get("text", "")),
        aim_id=_id(args.get("aim", "")),
        driver_id=_id(args.get("driver", "")),
        **narrowed,
    )


def kept_in(args: Mapping[str, str], view: str = "") -> dict[str, Any]:
    """Return what the links of a board carry along: its filter and its view, not its pages.

    Only what can be read: nothing that a link brought from elsewhere comes along. ``view`` is what
    the person sees without being asked: only another one is carried.
    """
    found = filter_in(args)
    kept = {
        "show": args.get("show", "") if args.get("show") in SHOWS else "",
        "source": found.source.value if found.source else "",
        "aim": str(found.aim_id or ""),
        "driver": str(found.driver_id or ""),
        "text": found.text,
        "view": args.get("view", "") if args.get("view") in VIEWS else "",
    }
    if kept["view"] == view_in({}, view):
        kept["view"] = ""
    if view_in(args, view) == "list":
        kept["sort"] = args.get("sort", "") if args.get("sort") in SORT_NAMES else ""
        kept["order"] = "down" if kept["sort"] and args.get("order") == "down" else ""
    return {name: value for name, value in kept.items() if value}


def view_in(args: Mapping[str, str], usual: str = "") -> str:
    """Return “list” or “board”: what the address asks for, else what the person chose for good."""
    asked = args.get("view", "")
    if asked in VIEWS:
        return asked
    return "list" if usual == "list" else "board"


def is_whole_board(path: str, board_path: str, usual: str = "") -> bool:
    """Return whether an address is that of a board as columns, with nothing narrowed."""
    parts = urlsplit(path)
    args = dict(parse_qsl(parts.query))
    return (
        parts.path == board_path
        and view_in(args, usual) == "board"
        and not filter_in(args).is_active
        and "more" not in args
    )


def as_query(kept: Mapping[str, str]) -> str:
    """Return what a saved view keeps, as the query of an address in one fixed order."""
    return urlencode([(name, kept[name]) for name in KEPT if kept.get(name)])


def from_query(query: str) -> dict[str, str]:
    """Return a saved query by name, each name once and only names that a board knows."""
    return {name: value for name, value in parse_qsl(query) if name in KEPT}


def _words(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST_SEARCH]


def _id(text: str) -> int | None:
    is_id = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID
    return int(text) if is_id and int(text) else None
