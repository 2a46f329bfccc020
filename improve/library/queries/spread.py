"""Who took an idea up elsewhere: the whole tree in four statements, and counts in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Subquery, func, literal, or_, select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.roles import Role
from improve.ideas.kinds import Outcome, Stage
from improve.ideas.queries.places import IdeaPlace, places_of_ideas, seen_ideas
from improve.library.models import BorrowedPage, Spread
from improve.library.public_pages import OUTCOMES
from improve.library.spread import Place, Tree, count_words, told_state, tree_of
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.formatting import day


@dataclass(frozen=True, slots=True)
class CameFrom:
    """What an idea was taken from, and what its team changed."""

    spread_id: int
    idea_id: int
    parent_idea_id: int | None
    borrowed_page_id: int | None
    title: str
    place: str
    adaptation: str
    by_id: int
    version: int


@dataclass(frozen=True, slots=True)
class ToldPlace:
    """What somebody told of another place."""

    id: int
    idea_id: int | None
    borrowed_page_id: int | None
    parent_spread_id: int | None
    place: str
    adaptation: str
    ending: str
    words: str
    told_on: date | None
    by_id: int
    may_change: bool
    version: int

    @property
    def key(self) -> str:
        """The place in whose tree it stands."""
        return f"idea-{self.idea_id}" if self.idea_id else f"page-{self.borrowed_page_id}"


def linked_pair(
    actor: Actor, idea_id: int, origin_id: int | None
) -> tuple[IdeaPlace, IdeaPlace | None]:
    """Return an idea and the one it may have come from, in one statement. Raises ``NotFound``."""
    wanted = [idea_id] if origin_id is None else [idea_id, origin_id]
    found = places_of_ideas(actor, wanted)
    if idea_id not in found:
        raise NotFound
    return found[idea_id], found.get(origin_id) if origin_id is not None else None


def spread_counts(actor: Actor, idea_ids: Iterable[int]) -> dict[int, int]:
    """Return in how many other places each of these ideas was taken up, however far along.

    In one statement, none for none; an idea that nobody took up is left out. Ideas that the actor
    may not see are not counted.
    """
    wanted = sorted(set(idea_ids))
    if not wanted:
        return {}
    counted = spread_select(actor, wanted)
    rows = db.session.execute(select(*counted.c).order_by(counted.c[0]))
    return {row[0]: row[1] for row in rows}


def spread_select(actor: Actor, wanted: Sequence[int]) -> Subquery:
    """Return ``spread_counts`` as a selectable of two columns, to be read with something else."""
    below = spreads_below(
        select(
            Spread.parent_idea_id.label("root_id"), Spread.idea_id, Spread.id.label("spread_id")
        ).where(Spread.organisation_id == actor.organisation_id, Spread.parent_idea_id.in_(wanted))
    )
    seen = seen_ideas(actor)
    return (
        select(below.c.root_id, func.count().label("places"))
        .outerjoin(seen, seen.c.id == below.c.idea_id)
        .where(
            or_(below.c.idea_id.is_(None), seen.c.id.is_not(None)),
            or_(below.c.idea_id.is_(None), below.c.idea_id != below.c.root_id),
        )
        .group_by(below.c.root_id)
        .subquery("spread_places")
    )


def spreads_below(begin: Any, name: str = "below") -> Any:
    """Return the spreads under those that ``begin`` selects, with the root of each.

    Rows are united, not added, so that even a loop ends.
    """
    below = begin.cte(name, recursive=True)
    further = aliased(Spread)
    return below.union(
        select(below.c.root_id, further.idea_id, further.id.label("spread_id")).where(
            further.parent_idea_id == below.c.idea_id
        )
    )


def came_from(actor: Actor, idea_id: int) -> CameFrom | None:
    """Return what an idea was taken from, or None. One statement; the title only if it is seen."""
    seen = seen_ideas(actor)
    row = db.session.execute(
        select(
            Spread,
            seen.c.title,
            seen.c.team_name,
            BorrowedPage.title.label("page_title"),
            BorrowedPage.source_council,
        )
        .outerjoin(seen, seen.c.id == Spread.parent_idea_id)
        .outerjoin(BorrowedPage, BorrowedPage.id == Spread.borrowed_page_id)
        .where(Spread.organisation_id == actor.organisation_id, Spread.idea_id == idea_id)
    ).one_or_none()
    if row is None:
        return None
    spread = row[0]
    return CameFrom(
        spread_id=spread.id,
        idea_id=idea_id,
        parent_idea_id=spread.parent_idea_id,
        borrowed_page_id=spread.borrowed_page_id,
        title=row.title or row.page_title or "",
        place=row.team_name or row.source_council or "",
        adaptation=spread.adaptation,
        by_id=spread.by_id,
        version=spread.version,
    )


def ancestors_of(actor: Actor, idea_id: int) -> set[int]:
    """Return the ids of an idea and of all that it was taken from, step by step."""
    return {row[0] for row in db.session.execute(_above(actor, idea_id)) if row[0] is not None}


def _above(actor: Actor, idea_id: int) -> Any:
    above = select(literal(idea_id).label("idea_id"), literal(0).label("page_id")).cte(
        "above", recursive=True
    )
    taken = aliased(Spread)
    above = above.union(
        select(taken.parent_idea_id, func.coalesce(taken.borrowed_page_id, 0)).where(
            taken.organisation_id == actor.organisation_id, taken.idea_id == above.c.idea_id
        )
    )
    return select(above.c.idea_id, above.c.page_id)


def told_place(actor: Actor, spread_id: int) -> ToldPlace:
    """Return what was told of another place. Raises ``NotFound``."""
    spread = db.session.execute(
        select(Spread).where(
            Spread.id == spread_id,
            Spread.organisation_id == actor.organisation_id,
            Spread.idea_id.is_(None),
        )
    ).scalar_one_or_none()
    if spread is None:
        raise NotFound
    return ToldPlace(
        id=spread.id,
        idea_id=spread.parent_idea_id,
        borrowed_page_id=spread.borrowed_page_id,
        parent_spread_id=spread.parent_spread_id,
        place=spread.place,
        adaptation=spread.adaptation,
        ending=spread.told_ending,
        words=spread.told_words,
        told_on=spread.told_on,
        by_id=spread.by_id,
        may_change=may_change_told(actor, spread.by_id),
        version=spread.version,
    )


def may_change_told(actor: Actor, by_id: int) -> bool:
    """Return whether the actor may change what was told: who wrote it, or a coach."""
    return actor.person_id == by_id or Role.COACH in actor.roles


def spread_tree(actor: Actor, idea_id: int) -> Tree:
    """Return the whole tree that an idea belongs to, from where it began. Raises ``NotFound``.

    Four statements whatever its size: what it was taken from, the page of another council it may
    have begun with, every place under that, and the ideas of those.
    """
    above = list(db.session.execute(_above(actor, idea_id)))
    page_id = next((row.page_id for row in above if row.page_id), None)
    tops = {row.idea_id for row in above if row.idea_id is not None}
    begin = select(literal(0).label("root_id"), Spread.idea_id, Spread.id.label("spread_id")).where(
        Spread.organisation_id == actor.organisation_id,
        or_(
            Spread.parent_idea_id.in_(sorted(tops)),
            Spread.borrowed_page_id == page_id if page_id else Spread.id.is_(None),
        ),
    )
    return _tree(actor, idea_id, tops, page_id, spreads_below(begin))


def tree_of_page(actor: Actor, page_id: int) -> Tree:
    """Return who took up a page of another council. Raises ``NotFound``. Three statements."""
    begin = select(literal(0).label("root_id"), Spread.idea_id, Spread.id.label("spread_id")).where(
        Spread.organisation_id == actor.organisation_id, Spread.borrowed_page_id == page_id
    )
    return _tree(actor, None, set(), page_id, spreads_below(begin))


def _tree(
    actor: Actor, idea_id: int | None, tops: set[int], page_id: int | None, below: Any
) -> Tree:
    spreads = [
        row[0]
        for row in db.session.execute(
            select(Spread)
            .where(
                Spread.id.in_(select(below.c.spread_id)),
                Spread.organisation_id == actor.organisation_id,
            )
            .order_by(Spread.id)
        )
    ]
    taken = {spread.idea_id: spread for spread in spreads if spread.idea_id is not None}
    ideas = places_of_ideas(actor, {*tops, *taken})
    if idea_id is not None and idea_id not in ideas:
        raise NotFound
    root = (
        _page_root(actor, page_id)
        if page_id is not None
        else _idea_root(ideas, tops, taken, idea_id)
    )
    told = {spread.id for spread in spreads if spread.idea_id is None}
    links, hidden = [], {}
    for spread in spreads:
        key = f"told-{spread.id}" if spread.idea_id is None else f"idea-{spread.idea_id}"
        parent = _parent_key(spread, told)
        if key == root.key:
            continue
        if spread.idea_id is None:
            links.append((parent, key, _told(actor, spread)))
        elif spread.idea_id in ideas:
            links.append((parent, key, _tried(ideas[spread.idea_id], spread)))
        else:
            hidden[key] = parent
    return tree_of(root, links, hidden=hidden)


def _parent_key(spread: Spread, told: set[int]) -> str:
    if spread.parent_spread_id in told:
        return f"told-{spread.parent_spread_id}"
    if spread.parent_idea_id is not None:
        return f"idea-{spread.parent_idea_id}"
    return f"page-{spread.borrowed_page_id}"


def _page_root(actor: Actor, page_id: int) -> Place:
    row = db.session.execute(
        select(BorrowedPage.title, BorrowedPage.source_council, BorrowedPage.content).where(
            BorrowedPage.id == page_id, BorrowedPage.organisation_id == actor.organisation_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Place(
        key=f"page-{page_id}",
        name=row.source_council,
        title=row.title,
        state="A page of another council",
        did_not_work=OUTCOMES.get(row.content["ending"]) is Outcome.ABANDONED,
        number_words="They keep their own numbers.",
    )


def _idea_root(
    ideas: dict[int, IdeaPlace],
    tops: set[int],
    taken: dict[int, Spread],
    idea_id: int | None,
) -> Place:
    """Return where it began: what was taken from nothing else, or the highest that is seen."""
    begun = sorted(top for top in tops if top in ideas and top not in taken)
    if begun:
        return _tried(ideas[begun[0]], None, is_root=True)
    at = idea_id or 0
    seen: set[int] = set()
    while at not in seen:
        seen.add(at)
        above = taken[at].parent_idea_id if at in taken else None
        if above is None or above not in ideas:
            break
        at = above
    return _tried(ideas[at], taken.get(at), is_root=True)


def _tried(place: IdeaPlace, spread: Spread | None, *, is_root: bool = False) -> Place:
    card = place.card
    # Where it began people are named as the board names them; a hidden name stays hidden.
    who = f" · {card.who}" if is_root else ""
    is_stopped = card.outcome is Outcome.ABANDONED
    lesson = card.ending.lesson if card.ending else ""
    return Place(
        key=f"idea-{card.id}",
        name=place.team_name,
        state=_state(place) + who,
        adaptation=spread.adaptation if spread else "",
        lesson=lesson,
        title=card.title,
        idea_id=card.id,
        spread_id=spread.id if spread else None,
        did_not_work=is_stopped,
        stage=card.stage.value,
        outcome=card.outcome.value if card.outcome else None,
        cycle_number=card.cycle_number,
        verdict=card.verdict,
        small_test=card.small_test,
        number_words="" if card.verdict or card.small_test else "No number yet.",
        began_at=place.created_at,
        may_change=bool(spread and place.may_edit),
    )


def _state(place: IdeaPlace) -> str:
    card = place.card
    if card.ending is not None:
        if card.outcome is Outcome.ABANDONED:
            return "Stopped, and this is what we learned"
        count = card.cycle_number
        cycles = f", {count_words(count).lower()} cycle{'s' if count > 1 else ''}" if count else ""
        return f"{card.ending.words}{cycles}"
    since = day(place.stage_entered_at)
    return {
        Stage.SUGGESTED: f"An idea since {since}",
        Stage.PLAN: f"Planning since {since}",
        Stage.DO: f"Trying since {since}",
        Stage.STUDY: f"Looking at what happened since {since}",
        Stage.ACT: f"Deciding since {since}",
    }[card.stage]


def _told(actor: Actor, spread: Spread) -> Place:
    return Place(
        key=f"told-{spread.id}",
        name=spread.place,
        state=told_state(spread.told_on, spread.told_ending),
        adaptation=spread.adaptation,
        told=spread.told_words,
        spread_id=spread.id,
        is_told=True,
        did_not_work=spread.told_ending == "stopped",
        number_words="Heard about, not measured.",
        began_at=spread.created_at,
        may_change=may_change_told(actor, spread.by_id),
    )
