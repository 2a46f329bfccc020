"""Every source of texts that was registered, as one."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.redaction.texts import CONTRIBUTION, Held, Name, Root, RootKind, ShownSource, Source
from improve.shared import contributions
from improve.shared.errors import NotFound


def sources() -> list[Source]:
    """Return what capabilities offer."""
    return [offer() for offer in contributions.gather(CONTRIBUTION)]


def root_of(actor: Actor, name: Name) -> Root:
    """Return what a text stands on. Raises ``NotFound`` where the actor may not read it."""
    for source in sources():
        root = source.root_of(actor, name)
        if root is not None:
            return root
    raise NotFound


def check_root(actor: Actor, root: Root, *, settles: bool = False) -> str:
    """Return what an idea, huddle or measure is called. ``NotFound`` where it may not be read.

    ``settles``: asked for whoever settles a hidden text of it.
    """
    for source in sources():
        title = source.title_of(actor, root, settles=settles)
        if title is not None:
            return title
    raise NotFound


def news_title(actor: Actor, root: Root, *, settles: bool = False) -> str:
    """Return what news about a root calls it.

    A notice about no idea is not gone through when words are taken out: it copies none.
    """
    words = {RootKind.MEASURE: "A measure", RootKind.AIM: "An aim"}.get(root.kind)
    return words or check_root(actor, root, settles=settles)


def all_held(actor: Actor, root: Root) -> list[tuple[Source, Held]]:
    """Return every text of a root, with the source that writes it."""
    return [(source, held) for source in sources() for held in source.held(actor, root)]


def shown(actor: Actor, root: Root) -> list[Held]:
    """Return the texts of a root that a reader can name, hidden ones too, in one statement."""
    # What only goes along, such as a private record, shows nothing.
    offered = [source.shown for source in sources() if isinstance(source, ShownSource)]
    return [held for shows in offered for held in shows(actor, root)]


def touch(actor: Actor, root: Root, name: Name, act: str, left: str) -> None:
    """Have every page that shows texts of the root drawn anew."""
    for source in sources():
        source.touched(actor, root, name, act, left)
