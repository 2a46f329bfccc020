"""Trying elsewhere what a team learned, and telling how it went in places that are not here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from improve.accounts.actor import Actor
from improve.accounts.queries import team_by_id
from improve.accounts.roles import Permission, may
from improve.ideas import service as ideas
from improve.ideas.kinds import TAUGHT, Source
from improve.ideas.queries.places import IdeaPlace, places_of_ideas
from improve.library.models import BorrowedPage, Spread
from improve.library.queries.pages import page_of_idea
from improve.library.queries.spread import ancestors_of, may_change_told
from improve.library.queries.trying import STILL_TRIED
from improve.library.spread import ToldEnding
from improve.notifications.kinds import NoticeKind, Why
from improve.notifications.service import tell
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken, Stale

#: Longest form token kept; ours are shorter.
TOKEN_MOST = 64
WHO_ADAPTS = "The people of this team and coaches say what was changed here."
WHO_TELLS = "Staff of this council can tell how it went somewhere else."
WHO_CHANGES_TOLD = "Whoever wrote it down, or a coach, can change this."


@dataclass(frozen=True, slots=True)
class Tried:
    """The idea that began elsewhere; ``is_new`` is False when the same form had made it before."""

    idea_id: int
    is_new: bool


def try_in_team(
    actor: Actor,
    *,
    team_id: int,
    text: str,
    form_token: str,
    origin_id: int | None = None,
    borrowed_page_id: int | None = None,
    adaptation: str = "",
    hides_name: bool = False,
) -> Tried:
    """Begin in a team what another team finished, kept or stopped, or another council wrote down.

    Makes an idea there as if it was logged, and keeps where it came from with what the team means
    to change. Tells the author and the lead of the origin once. A form sent twice makes one idea.
    Refuses an origin that is not finished, a closed team, texts over their limit. Raises
    ``NotFound``.
    """
    if not may(actor, Permission.LOG_IDEA):
        raise Forbidden("Staff of this council can log ideas.")
    form_token = form_token[:TOKEN_MOST]
    made = _made_with(actor, form_token)
    if made is not None and made.idea_id is not None:
        return Tried(made.idea_id, is_new=False)
    origin = None
    if borrowed_page_id is None:
        origin = _seen(actor, origin_id)
        if origin.card.outcome not in TAUGHT and not _has_shared_page(actor, origin):
            raise RuleBroken(STILL_TRIED)
    else:
        _borrowed(actor, borrowed_page_id)
    _check_length(adaptation, "adaptation", "adaptation")
    proposed = ideas.propose_idea(
        actor,
        text=text,
        source=Source.ANOTHER_TEAM,
        team_id=team_id,
        form_token=form_token,
        hides_name=hides_name,
    )
    if not proposed.is_new:
        return Tried(proposed.idea_id, is_new=False)
    spread = _add(
        actor,
        Spread(
            idea_id=proposed.idea_id,
            parent_idea_id=origin.card.id if origin else None,
            borrowed_page_id=borrowed_page_id,
            adaptation=adaptation.strip(),
            form_token=form_token,
        ),
    )
    audit.record(
        actor,
        "spread_began",
        "idea",
        proposed.idea_id,
        origin=origin_id,
        borrowed_page=borrowed_page_id,
        spread=spread.id,
    )
    if origin is not None:
        by = "" if hides_name else actor.first_name
        _tell_origin(actor, origin, team_by_id(actor, team_id).name, by)
    return Tried(proposed.idea_id, is_new=True)


def link_to_origin(
    actor: Actor, *, idea_id: int, origin_id: int, adaptation: str = "", form_token: str
) -> None:
    """Say afterwards that an idea was taken from another one. Twice is harmless.

    Refuses an idea that already says where it came from, itself, and one that was taken from it:
    nothing may go round in a loop. Tells the author and lead of the origin.
    """
    idea = _seen(actor, idea_id)
    if not idea.may_edit:
        raise Forbidden(WHO_ADAPTS)
    origin = _seen(actor, origin_id)
    _check_length(adaptation, "adaptation", "adaptation")
    known = _spread_of(actor, idea_id)
    if known is not None and known.parent_idea_id == origin_id:
        return
    if known is not None:
        raise RuleBroken("It says already where it came from. Take that back first.")
    if origin_id == idea_id:
        raise RuleBroken([Reason("Choose another idea, not this one.", "origin_id")])
    if idea_id in ancestors_of(actor, origin_id):
        raise RuleBroken([Reason("That idea was itself taken from this one.", "origin_id")])
    _add(
        actor,
        Spread(
            idea_id=idea_id,
            parent_idea_id=origin_id,
            adaptation=adaptation.strip(),
            form_token=form_token[:TOKEN_MOST],
        ),
    )
    audit.record(actor, "spread_linked", "idea", idea_id, origin=origin_id)
    _tell_origin(actor, origin, idea.team_name, idea.by(actor))


def unlink_from_origin(actor: Actor, *, idea_id: int) -> None:
    """Take back where an idea came from; what was taken from it stays. Twice is harmless."""
    idea = _seen(actor, idea_id)
    if not idea.may_edit:
        raise Forbidden(WHO_ADAPTS)
    spread = _spread_of(actor, idea_id)
    if spread is None:
        return
    audit.record(actor, "spread_unlinked", "idea", idea_id, origin=spread.parent_idea_id)
    db.session.delete(spread)
    db.session.flush()


def change_adaptation(actor: Actor, *, idea_id: int, words: str, seen_version: int) -> None:
    """Say what the team changed for itself. Raises ``Stale`` with a colleague's words."""
    idea = _seen(actor, idea_id)
    if not idea.may_edit:
        raise Forbidden(WHO_ADAPTS)
    spread = _spread_of(actor, idea_id)
    if spread is None:
        raise NotFound
    words = words.strip()
    _check_length(words, "adaptation", "words")
    if words == spread.adaptation:
        return
    if spread.version != seen_version:
        raise Stale(version=spread.version, theirs=spread.adaptation)
    spread.adaptation = words
    spread.version += 1
    audit.record(actor, "adaptation_changed", "idea", idea_id)
    db.session.flush()


def tell_spread(
    actor: Actor,
    *,
    place: str,
    form_token: str,
    parent_idea_id: int | None = None,
    borrowed_page_id: int | None = None,
    parent_spread_id: int | None = None,
    adaptation: str = "",
    ending: str = "",
    words: str = "",
    told_on: date | None = None,
) -> int:
    """Write down what a place that has no ideas here told us; return its id.

    It stands under an idea or a page of another council, or under another place that told us.
    ``ending`` is a value of ``ToldEnding`` or nothing known. A form sent twice makes one.
    """
    if not may(actor, Permission.TELL_SPREAD):
        raise Forbidden(WHO_TELLS)
    form_token = form_token[:TOKEN_MOST]
    made = _made_with(actor, form_token)
    if made is not None:
        return made.id
    above = None
    if parent_spread_id is not None:
        above = _told_row(actor, parent_spread_id)
        parent_idea_id, borrowed_page_id = above.parent_idea_id, above.borrowed_page_id
    if parent_idea_id is not None:
        _seen(actor, parent_idea_id)
    elif borrowed_page_id is not None:
        _borrowed(actor, borrowed_page_id)
    else:
        raise NotFound
    _check_told(place, adaptation, ending, words, told_on)
    spread = _add(
        actor,
        Spread(
            parent_idea_id=parent_idea_id,
            borrowed_page_id=borrowed_page_id,
            parent_spread_id=above.id if above else None,
            place=place.strip(),
            adaptation=adaptation.strip(),
            told_ending=ending,
            told_words=words.strip(),
            told_on=told_on,
            form_token=form_token,
        ),
    )
    audit.record(actor, "spread_told", "spread", spread.id, idea=parent_idea_id)
    return spread.id


def change_told(
    actor: Actor,
    *,
    spread_id: int,
    place: str,
    adaptation: str,
    ending: str,
    words: str,
    told_on: date | None,
    seen_version: int,
) -> None:
    """Change what was told. Raises ``Stale`` with the words that stand there now."""
    spread = _told_row(actor, spread_id)
    if not may_change_told(actor, spread.by_id):
        raise Forbidden(WHO_CHANGES_TOLD)
    _check_told(place, adaptation, ending, words, told_on)
    wanted = (place.strip(), adaptation.strip(), ending, words.strip(), told_on)
    now = (spread.place, spread.adaptation, spread.told_ending, spread.told_words, spread.told_on)
    if wanted == now:
        return
    if spread.version != seen_version:
        raise Stale(version=spread.version, theirs=spread.told_words, place=spread.place)
    spread.place, spread.adaptation, spread.told_ending, spread.told_words, spread.told_on = wanted
    spread.version += 1
    audit.record(actor, "spread_told_changed", "spread", spread.id)
    db.session.flush()


def remove_told(actor: Actor, *, spread_id: int) -> None:
    """Take out what was told; places under it stand where it stood."""
    spread = _told_row(actor, spread_id)
    if not may_change_told(actor, spread.by_id):
        raise Forbidden(WHO_CHANGES_TOLD)
    db.session.execute(
        update(Spread)
        .where(
            Spread.parent_spread_id == spread.id, Spread.organisation_id == actor.organisation_id
        )
        .values(parent_spread_id=spread.parent_spread_id)
    )
    audit.record(actor, "spread_told_removed", "spread", spread.id, idea=spread.parent_idea_id)
    db.session.delete(spread)
    db.session.flush()


def _seen(actor: Actor, idea_id: int | None) -> IdeaPlace:
    found = places_of_ideas(actor, [idea_id] if idea_id is not None else [])
    if idea_id is None or idea_id not in found:
        raise NotFound
    return found[idea_id]


def _has_shared_page(actor: Actor, place: IdeaPlace) -> bool:
    page = page_of_idea(actor, place.card.id)
    return page is not None and page.shared_at is not None


def _borrowed(actor: Actor, page_id: int) -> None:
    found = db.session.execute(
        select(BorrowedPage.id).where(
            BorrowedPage.id == page_id,
            BorrowedPage.organisation_id == actor.organisation_id,
            BorrowedPage.taken_out_at.is_(None),
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound


def _made_with(actor: Actor, form_token: str) -> Spread | None:
    return db.session.execute(
        select(Spread).where(
            Spread.by_id == actor.person_id,
            Spread.organisation_id == actor.organisation_id,
            Spread.form_token == form_token,
        )
    ).scalar_one_or_none()


def _spread_of(actor: Actor, idea_id: int) -> Spread | None:
    return db.session.execute(
        select(Spread)
        .where(Spread.idea_id == idea_id, Spread.organisation_id == actor.organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def _told_row(actor: Actor, spread_id: int) -> Spread:
    spread = db.session.execute(
        select(Spread)
        .where(
            Spread.id == spread_id,
            Spread.organisation_id == actor.organisation_id,
            Spread.idea_id.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if spread is None:
        raise NotFound
    if spread.parent_idea_id is not None:
        _seen(actor, spread.parent_idea_id)
    return spread


def _add(actor: Actor, spread: Spread) -> Spread:
    """Keep a new row; one that the same form made at the same moment is left as it is."""
    spread.organisation_id = actor.organisation_id
    spread.by_id = actor.person_id
    spread.created_at = clock.now()
    try:
        with db.session.begin_nested():
            db.session.add(spread)
    except IntegrityError:
        made = _made_with(actor, spread.form_token)
        if made is None:
            raise RuleBroken("A colleague said just now where it came from.") from None
        return made
    return spread


def _check_length(words: str, limit: str, field: str) -> None:
    most = limits.length(limit)
    if len(words) > most:
        raise RuleBroken(
            [Reason(f"This is {len(words) - most:,} characters over the limit of {most:,}.", field)]
        )


def _check_told(place: str, adaptation: str, ending: str, words: str, told_on: date | None) -> None:
    if not place.strip():
        raise RuleBroken([Reason("Say where it was tried.", "place")])
    _check_length(place, "organisation_name", "place")
    _check_length(adaptation, "adaptation", "adaptation")
    _check_length(words, "told_words", "words")
    if ending not in {"", *(one.value for one in ToldEnding)}:
        raise RuleBroken([Reason("Choose one of these.", "ending")])
    if told_on is not None and told_on > clock.today():
        raise RuleBroken([Reason("Give a day that has been.", "told_on")])


def _tell_origin(actor: Actor, origin: IdeaPlace, team_name: str, by: str) -> None:
    people = {origin.author_id: Why.AUTHOR.value}
    if origin.lead_id is not None:
        people.setdefault(origin.lead_id, Why.LEAD.value)
    facts = {"title": origin.card.title, "by": by, "team": team_name}
    tell(actor, people, NoticeKind.SPREAD_BEGAN, subject_id=origin.card.id, facts=facts)
