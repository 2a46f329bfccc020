"""Thanks: a sentence from one person to another. Never counted, never ranked."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from improve.accounts.actor import Actor
from improve.accounts.queries import active_people, team_by_id
from improve.ideas import rights
from improve.ideas.models import Idea, Thanks
from improve.ideas.queries import door
from improve.ideas.queries.thanks import lead_and_members, thanks_for_change, thanks_said_with
from improve.ideas.service.freshness import A_COLLEAGUE
from improve.ideas.service.propose import TOKEN_MOST
from improve.ideas.thanks_views import TAKE_BACK_HOURS, THE_AUTHOR, may_remove_thanks
from improve.notifications.kinds import NoticeKind
from improve.notifications.service import take_back, tell
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken


def say_thanks(
    actor: Actor,
    *,
    to_id: int,
    words: str,
    team_id: int | None = None,
    idea_id: int | None = None,
    form_token: str,
    is_read_out: bool = False,
) -> int:
    """Thank one person, about an idea or only to them; return the id of the thank-you.

    ``to_id`` 0 (``THE_AUTHOR``) is whoever logged the idea, whose name may be hidden; where it is,
    thanks to somebody picked by name who takes no part are only to them. About an idea the team is
    the idea's, else ``team_id`` says where it was said. A form sent twice thanks once, and the one
    thanked is told. ``is_read_out``: both are named in the notes of a huddle, so about an idea of
    a hidden author it is only to them. Refuses in words: oneself, nobody, somebody who left, no
    words or more than fit, and for an idea that its team cannot see yet everybody but its own
    people.
    """
    if not rights.may_thank(actor):
        raise Forbidden(rights.WHO_THANKS)
    idea, standing = door.idea_for_change(actor, idea_id) if idea_id is not None else (None, None)
    form_token = form_token[:TOKEN_MOST]
    made = thanks_said_with(actor, form_token)
    if made is not None:
        return made
    is_unnamed = False
    if idea is not None and standing is not None:
        team_id = idea.team_id
        # To refuse an author who left would tell that a hidden one did.
        is_unnamed = to_id == THE_AUTHOR and not rights.may_see_author(actor, standing)
        if to_id == THE_AUTHOR:
            to_id = idea.author_id
        elif is_read_out and idea.hides_name:
            # Beside the idea the same words would stand with “A colleague” for a name.
            idea = None
        elif not rights.may_see_author(actor, standing) and to_id not in lead_and_members(idea):
            # Beside the idea it would read “to A colleague” for its author alone, and so tell.
            idea = None
    words = _checked(actor, idea, to_id, words, may_have_left=is_unnamed)
    row = Thanks(
        organisation_id=actor.organisation_id,
        team_id=team_by_id(actor, team_id or 0).id,
        idea_id=idea.id if idea is not None else None,
        from_id=actor.person_id,
        to_id=to_id,
        words=words,
        form_token=form_token,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        # The same form arrived twice at the same moment, and the other one was first.
        made = thanks_said_with(actor, form_token)
        if made is None:
            raise
        return made
    audit.record(actor, "thanks_said", "thanks", row.id, team=row.team_id, idea=row.idea_id)
    is_hidden = idea is not None and idea.hides_name and idea.author_id == actor.person_id
    tell(
        actor,
        [to_id],
        NoticeKind.THANKED,
        subject_id=row.id,
        facts={
            "title": idea.title if idea is not None else "Thank you",
            "by": A_COLLEAGUE if is_hidden else actor.first_name,
        },
    )
    db.session.flush()
    return row.id


def remove_thanks(actor: Actor, *, thanks_id: int) -> int | None:
    """Take a thank-you away, with its words and its notice; return the idea it was about.

    For the one who said it, for a day; for the one thanked; and, about an idea that they see, for
    a manager of the team and coaches.
    Twice is harmless. Raises ``NotFound`` to whom it is none of their business.
    """
    row, is_seen = thanks_for_change(actor, thanks_id)
    is_party = actor.person_id in {row.from_id, row.to_id}
    may_remove = may_remove_thanks(
        actor,
        by_id=row.from_id,
        to_id=row.to_id,
        team_id=row.team_id,
        said_at=row.created_at,
        now=clock.now(),
    )
    if not (is_party or is_seen):
        # What they cannot read they cannot judge.
        raise NotFound
    if not may_remove:
        if is_party:
            raise RuleBroken(
                [Reason(f"It can be taken back for {TAKE_BACK_HOURS} hours. It is theirs now.")]
            )
        raise Forbidden(rights.WHO_REMOVES_THANKS)
    if row.removed_at is None:
        row.words = ""
        row.removed_at = clock.now()
        take_back([row.to_id], NoticeKind.THANKED, subject_id=row.id)
        audit.record(actor, "thanks_removed", "thanks", row.id)
        db.session.flush()
    return row.idea_id if is_seen else None


def _checked(
    actor: Actor, idea: Idea | None, to_id: int, words: str, *, may_have_left: bool
) -> str:
    words, most = words.strip(), limits.length("thanks")
    faults = []
    if to_id == actor.person_id:
        faults.append(Reason("Choose a colleague, not yourself.", "to_id"))
    elif not may_have_left and to_id not in active_people(actor, [to_id]):
        faults.append(Reason("Choose who you want to thank.", "to_id"))
    elif idea is not None and not idea.is_on_board and to_id not in {idea.author_id, idea.lead_id}:
        faults.append(Reason("This person cannot see the idea yet.", "to_id"))
    if not words:
        faults.append(Reason("Write a sentence.", "words"))
    elif len(words) > most:
        faults.append(Reason(f"Keep it to {most:,} characters.", "words"))
    if faults:
        raise RuleBroken(faults)
    return words
