"""The pages of a huddle that goes on: one part, what a phone adds, and the page before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from improve.accounts.actor import Actor
from improve.accounts.days.huddle_days import days_of, words
from improve.accounts.queries import PersonName, people_of_team, team_by_slug
from improve.huddles import rights
from improve.huddles.agenda import (
    EMPTY_WORDS,
    next_part,
    parts_for,
    previous_part,
    steps_of,
)
from improve.huddles.conditions import CONDITIONS
from improve.huddles.due import due_choices
from improve.huddles.kinds import Part
from improve.huddles.promised import may_be_done_after, note_words, what_words, who_and_when
from improve.huddles.queries import door
from improve.huddles.queries.gathered import gathered
from improve.huddles.queries.hard import hard_things
from improve.huddles.queries.heads import going_on, huddle_head, wall_head
from improve.huddles.queries.items import Listed, items_of
from improve.huddles.queries.people import choices_of
from improve.huddles.queries.said import Said, said_in
from improve.huddles.teaching import TEACH
from improve.huddles.views import (
    AddPage,
    DueChoice,
    HuddleHead,
    HuddleItemView,
    HuddlePage,
    ItemDetail,
    PartStep,
    PersonChoice,
    StartPage,
    TeamRef,
)
from improve.ideas.queries import guests_of_idea, huddle_idea
from improve.measures.queries import huddle_chart
from improve.shared import clock
from improve.shared.errors import Forbidden, NotFound


def huddle_page(
    actor: Actor, slug: str, huddle_id: int, part: Part | None = None, item_id: int | None = None
) -> HuddlePage:
    """Return one part of a huddle in at most 7 statements; without ``part``, what the wall shows.

    Without an item it is the driver's, where this part is the driver's, else the first that
    nothing was done about yet. Raises ``NotFound`` for a part or item that the huddle has not.
    """
    head = huddle_head(actor, slug, huddle_id)
    listed, said = items_of(actor, head), said_in(actor, head)
    chosen = _chosen(head, listed, part, item_id)
    people = choices_of(actor, _people(actor, head, chosen[1]), said.here, driver_id=head.driver_id)
    return _page(actor, head, listed, said, people=people, chosen=chosen)


def _people(actor: Actor, head: HuddleHead, item: HuddleItemView | None) -> list[PersonName]:
    """Return the team, and beside an idea its guests: something may be named to them."""
    besides = guests_of_idea(item.idea_id) if item and item.idea_id else None
    return people_of_team(actor, head.team.id, besides=besides)


def wall_page(
    actor: Actor, slug: str, huddle_id: int, *, head: HuddleHead | None = None
) -> HuddlePage:
    """Return what the wall shows, for whoever may see the team's wall; nobody to choose from.

    At most 6 statements; one less with the ``head`` that came through the door already.
    """
    head = head or wall_head(actor, slug, huddle_id)
    listed, said = items_of(actor, head), said_in(actor, head)
    chosen = _chosen(head, listed, None, None)
    return _page(actor, head, listed, said, people=(), chosen=chosen)


def _chosen(
    head: HuddleHead, listed: Listed, part: Part | None, item_id: int | None
) -> tuple[Part, HuddleItemView | None]:
    """Return the part and the item that a page opens."""
    part = part or head.part
    if part not in head.parts:
        raise NotFound
    items = listed.by_part[part]
    if item_id is None and part is head.part:
        item_id = head.item_id
    elif item_id is not None and item_id not in {item.id for item in items}:
        raise NotFound
    asked = next((item for item in items if item.id == item_id), None)
    left = next((item for item in items if not item.is_settled), None)
    return part, asked or left or next(iter(items), None)


def _page(
    actor: Actor,
    head: HuddleHead,
    listed: Listed,
    said: Said,
    *,
    people: tuple[PersonChoice, ...],
    chosen: tuple[Part, HuddleItemView | None],
) -> HuddlePage:
    part, item = chosen
    steps = steps_of(
        head.parts, looked_at=part, on_wall=head.part, counts=listed.counts, left=listed.left
    )
    by_part = {step.part: step for step in steps}
    items = tuple(
        replace(each, is_current=item is not None and each.id == item.id)
        for each in listed.by_part[part]
    )
    return HuddlePage(
        head=head,
        steps=steps,
        step=by_part[part],
        items=items,
        detail=_with_in_hand(_detail(actor, head, items), listed, said),
        previous=_step(by_part, previous_part(head.parts, part, listed.counts)),
        next=_step(by_part, next_part(head.parts, part, listed.counts)),
        next_item=_next_item(items),
        on_wall=listed.find(head.item_id),
        decisions=tuple(said.decisions),
        actions=tuple(said.actions),
        thanks=tuple(said.thanks),
        people=people,
        dues=_dues(head),
        conditions=CONDITIONS if part is Part.HARD else (),
        teach=TEACH[part] if head.is_first else None,
        empty_words="" if items else EMPTY_WORDS.get(part, ""),
        hard=hard_things(head.id) if part is Part.HARD and head.may_run else (),
    )


def _step(by_part: dict[Part, PartStep], part: Part | None) -> PartStep | None:
    return by_part[part] if part else None


def _next_item(items: Sequence[HuddleItemView]) -> HuddleItemView | None:
    """Return the next thing after the open one that nothing was done about, from the top again."""
    at = next((number for number, item in enumerate(items) if item.is_current), 0)
    around = [*items[at + 1 :], *items[:at]]
    return next((item for item in around if not item.is_settled), None)


def _detail(actor: Actor, head: HuddleHead, items: Sequence[HuddleItemView]) -> ItemDetail | None:
    """Return what the open item is made of: an idea is one statement, its numbers are two."""
    item = next((item for item in items if item.is_current), None)
    if item is None:
        return None
    if item.action_id is not None:
        return ItemDetail(item)
    if item.idea_id is None:
        numbers = huddle_chart(actor, item.measure_id, since=head.started_at)
        return ItemDetail(item, chart=numbers.chart, tallies=numbers.tallies)
    idea = huddle_idea(actor, item.idea_id)
    if item.part is Part.NEW:
        return ItemDetail(item, idea=idea)
    numbers = huddle_chart(
        actor,
        idea.main_measure_id,
        since=head.started_at,
        idea_id=idea.id,
        beside_id=idea.beside_measure_id,
    )
    return ItemDetail(item, idea, numbers.chart, numbers.tallies)


def _with_in_hand(detail: ItemDetail | None, listed: Listed, said: Said) -> ItemDetail | None:
    """Add what is in hand of what the open idea still needs: said now, or due from before."""
    if detail is None or detail.idea is None:
        return detail
    idea = detail.idea
    due = [item.action for item in listed.by_part.get(Part.DUE, []) if item.action]
    by_words = {
        action.what: who_and_when(action.owner, action.due_on)
        for action in (*due, *said.actions)
        if action.is_open and action.idea_id == idea.id
    }
    named = {need.key: what_words(need, idea.card.title) for need in idea.missing}
    in_hand = {key: by_words[what] for key, what in named.items() if what in by_words}
    return replace(
        detail,
        in_hand=in_hand,
        not_to_do=frozenset(n.key for n in idea.missing if not may_be_done_after(n)),
        after_note=note_words(idea.missing, in_hand),
    )


def _dues(head: HuddleHead) -> tuple[DueChoice, ...]:
    next_on = clock.local(head.next_at).date() if head.next_at else None
    return due_choices(clock.today(), next_on)


def add_page(actor: Actor, slug: str, huddle_id: int) -> AddPage:
    """Return what a phone adds to a huddle, in at most 4 statements."""
    head = huddle_head(actor, slug, huddle_id)
    on_wall = items_of(actor, head).find(head.item_id)
    return AddPage(
        head=head,
        on_wall=on_wall,
        people=choices_of(
            actor,
            _people(actor, head, on_wall),
            said_in(actor, head).here,
            driver_id=head.driver_id,
        ),
        dues=_dues(head),
        conditions=CONDITIONS,
    )


def start_page(actor: Actor, slug: str) -> StartPage:
    """Return the page before a huddle, in at most 7 statements."""
    team = team_by_slug(actor, slug)
    if not rights.may_read(actor, team.id):
        raise Forbidden(rights.WHO_READS)
    standing = door.standing(actor, team.id)
    running = going_on(actor, team.id) if standing.running_id else None
    parts = parts_for(standing.parts, is_short=False)
    found = {} if running else gathered(actor, team, parts, standing.last_started_at)
    days = days_of(team)
    return StartPage(
        team=TeamRef(
            team.id,
            team.slug,
            team.name,
            busy_since_on=team.busy_since_on,
            busy_until_on=team.busy_until_on,
            busy_why=team.busy_why,
            is_busy=team.is_busy,
        ),
        going_on=running,
        parts=parts,
        counts={part: len(things) for part, things in found.items()},
        planned_minutes=team.huddle_minutes,
        when_words=words(days) if days else "",
        people=choices_of(actor, people_of_team(actor, team.id)),
        is_first=standing.is_first,
        may_run=rights.may_run(actor, team.id),
    )
