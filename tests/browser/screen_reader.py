"""What somebody hears who reads a page with a screen reader, in the order in which it comes.

Read from the browser's own accessibility tree: what is hidden from it, a face beside a word or a
trap for machines, is not there, and a field has the name that would be spoken.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.browser.conftest import Person

#: What is spoken of a thing; all else of the tree is only how it is nested.
_SPOKEN = {
    "link", "heading", "button", "radio", "textbox", "checkbox", "combobox", "group", "image",
    "region", "StaticText",
}  # fmt: skip
_FIELDS = {"radio", "textbox", "checkbox", "combobox"}
_LANDMARKS = {
    "banner",
    "navigation",
    "main",
    "complementary",
    "contentinfo",
    "search",
    "region",
    "form",
}
#: Their name is what they hold, which comes again as text.
_NAMED_BY_CONTENT = {"link", "heading", "button"}


class Heard(NamedTuple):
    """One thing: what it is, its name with plain spaces, and what is said of it beyond that."""

    role: str
    name: str
    more: str = ""


def heard(person: Person) -> list[Heard]:
    """Return what is heard on the page at rest, from its top to its end."""
    nodes = _nodes(person)
    by_id = {node["nodeId"]: node for node in nodes}
    found: list[Heard] = []

    def walk(node: dict[str, Any], *, is_named: bool) -> None:
        role = _value(node, "role")
        is_spoken = not node.get("ignored") and role in _SPOKEN
        if is_spoken and not (is_named and role == "StaticText"):
            found.append(Heard(role, _value(node, "name"), _value(node, "description")))
        is_named = is_named or (is_spoken and role in _NAMED_BY_CONTENT)
        for child in node.get("childIds", ()):
            if child in by_id:
                walk(by_id[child], is_named=is_named)

    walk(nodes[0], is_named=False)
    return found


def headings(person: Person) -> list[tuple[int, str]]:
    """Return the headings of the page with their levels, in order: how a page is leafed through."""
    return [
        (next(one["value"]["value"] for one in node["properties"] if one["name"] == "level"), name)
        for node in _nodes(person)
        if not node.get("ignored") and _value(node, "role") == "heading"
        for name in (_value(node, "name"),)
    ]


def landmarks(person: Person) -> list[tuple[str, str]]:
    """Return the parts of the page that one can jump to, with their names."""
    found = [
        (_value(node, "role"), _value(node, "name"))
        for node in _nodes(person)
        if not node.get("ignored")
    ]
    # A form without a name is none to jump to.
    return [one for one in found if one[0] in _LANDMARKS and one != ("form", "")]


def check_named(things: list[Heard]) -> None:
    """Raise if a link, a button or a field has no name, or a picture is spoken beside its words."""
    without = [one for one in things if not one.name]
    assert not without, f"these have no name: {without}"
    pictures = [one for one in things if one.role == "image"]
    assert not pictures, f"these are spoken beside their words: {pictures}"


def fields(things: list[Heard]) -> list[str]:
    """Return the names of what is chosen or filled in, in order."""
    return [one.name for one in things if one.role in _FIELDS]


def place(things: list[Heard], role: str, name: str) -> int:
    """Return how many things are heard before this one; ``name`` may be its beginning."""
    for at, one in enumerate(things):
        if one.role == role and one.name.startswith(name):
            return at
    raise AssertionError(f"no {role} “{name}” among {things}")


def _nodes(person: Person) -> list[dict[str, Any]]:
    """Return the browser’s accessibility tree of the page at rest, in the order of the page."""
    person.settle()
    session = person.context.new_cdp_session(person.page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id, ordered, waiting = {node["nodeId"]: node for node in nodes}, [], [nodes[0]]
    while waiting:
        ordered.append(waiting.pop())
        below = (by_id[child] for child in ordered[-1].get("childIds", ()) if child in by_id)
        waiting.extend(reversed(list(below)))
    return ordered


def _value(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value", "")).replace("\u00a0", " ").strip()
