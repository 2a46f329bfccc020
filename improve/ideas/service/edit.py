"""Editing one field of an idea, its lead, its measures, its people."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete

from improve.accounts.actor import Actor
from improve.accounts.queries import people_of_team
from improve.ideas import rights
from improve.ideas.kinds import FollowReason, Stage
from improve.ideas.models import Idea, IdeaMeasure, IdeaMember
from improve.ideas.queries import door
from improve.ideas.questions import CYCLE_QUESTIONS, IDEA_QUESTIONS
from improve.ideas.service import windows
from improve.ideas.service.answer import faults_of, present_cycle, save_answers, write_answers
from improve.ideas.service.following import change_lead, start_following
from improve.ideas.service.freshness import check_fields_fresh
from improve.ideas.service.record import finish, note_edit
from improve.measures import service as measure_service
from improve.measures.queries import measure_choices
from improve.notifications.kinds import NoticeKind
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken

_NEVER_EMPTY = {
    "title": "Give it a title.",
    "suggestion": "Write the idea in a sentence or two.",
}


def edit_field(actor: Actor, *, idea_id: int, field: str, value: Any, seen_version: int) -> int:
    """Change one field of the idea or its present cycle; return the new version.

    Raises ``Stale`` (facts besides others ``field, mine, theirs, by, at, version``) only if the
    same field was changed by someone else since ``seen_version``. Refuses a locked field, a text
    over its limit, an empty title. An unknown field is ``NotFound``.
    """
    if field in CYCLE_QUESTIONS:
        return save_answers(
            actor, idea_id=idea_id, seen_version=seen_version, answers={field: value}
        )
    if field not in IDEA_QUESTIONS:
        raise NotFound
    idea, standing = door.idea_for_change(actor, idea_id)
    if not rights.may_edit(actor, standing):
        raise Forbidden(rights.WHO_EDITS)
    value = (value or "").strip()
    if field == "title":
        value = " ".join(value.split())
    if value == getattr(idea, field):
        return idea.version
    faults = faults_of(IDEA_QUESTIONS[field], value)
    if not value and field in _NEVER_EMPTY:
        faults = [Reason(_NEVER_EMPTY[field], field)]
    if field == "document_link" and value and not _is_web_address(value):
        faults = [Reason("Give a web address that begins with https://", field)]
    if faults:
        raise RuleBroken(faults)
    cycle = present_cycle(idea, door.cycles_for_change(actor, idea))
    check_fields_fresh(
        actor, idea, standing, cycle, changed={field: value}, seen_version=seen_version
    )
    version = idea.version + 1
    write_answers(actor, idea, cycle, {field: value}, version=version)
    idea.version = version
    db.session.flush()
    finish(actor, idea, "idea_edited", field=field)
    return version


def _is_web_address(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in {"https", "http"} and bool(parts.netloc) and " " not in value


def choose_lead(actor: Actor, *, idea_id: int, lead_id: int | None) -> None:
    """Choose who leads it: someone active in the idea's team, or nobody. Tells the new lead."""
    idea, standing = door.idea_for_change(actor, idea_id)
    if not rights.may_edit(actor, standing):
        raise Forbidden(rights.WHO_EDITS)
    if lead_id == idea.lead_id:
        return
    if lead_id is not None and lead_id not in {p.id for p in people_of_team(actor, idea.team_id)}:
        raise RuleBroken([Reason("Choose someone in this team.", "lead_id")])
    note_edit(
        actor,
        idea,
        version=idea.version + 1,
        kind="lead",
        field="lead_id",
        old=idea.lead_id,
        new=lead_id,
    )
    change_lead(idea, before=idea.lead_id, now=lead_id)
    idea.lead_id = lead_id
    idea.version += 1
    db.session.flush()
    finish(
        actor,
        idea,
        "idea_lead_chosen",
        tells=NoticeKind.LEAD_CHOSEN,
        only=[lead_id],
        lead=lead_id,
    )


def choose_measures(
    actor: Actor, *, idea_id: int, main_id: int | None, beside_id: int | None
) -> None:
    """Tie the idea to a measure and to one beside it. In Do the windows follow at once.

    Refuses a measure that is not the team's or the council's, and the same one twice. A test that
    is over keeps the measures it was judged on; only what was not watched beside it can still be
    read by the same days.
    """
    idea, standing = door.idea_for_change(actor, idea_id)
    if not rights.may_edit(actor, standing):
        raise Forbidden(rights.WHO_EDITS)
    wanted = {
        place: measure_id
        for place, measure_id in (("main", main_id), ("beside", beside_id))
        if measure_id is not None
    }
    tied = door.tied_measures(idea.id)
    if wanted == tied:
        return
    faults = []
    if main_id is not None and main_id == beside_id:
        faults.append(Reason("Choose another measure to stand beside it.", "beside_id"))
    if beside_id is not None and main_id is None:
        faults.append(Reason("Choose the main measure first.", "main_id"))
    open_ids = {choice.id for choice in measure_choices(actor, idea.team_id)} | set(tied.values())
    faults += [
        Reason("Choose one of the measures in the list.", f"{place}_id")
        for place, measure_id in wanted.items()
        if measure_id not in open_ids
    ]
    if faults:
        raise RuleBroken(faults)
    _tie(idea, wanted)
    idea.version += 1
    db.session.flush()
    note_edit(actor, idea, version=idea.version, kind="measures", field="measures")
    if Stage(idea.stage) is Stage.DO:
        cycles = door.cycles_for_change(actor, idea)
        cycle = present_cycle(idea, cycles)
        if cycle is not None:
            measure_service.remove_windows(actor, idea_id=idea.id, cycle_number=cycle.number)
            windows.open_for(actor, idea, cycle, cycles)
    elif "beside" not in tied and main_id is not None and main_id == tied.get("main"):
        windows.open_beside(actor, idea, door.cycles_for_change(actor, idea))
    finish(actor, idea, "idea_measures_chosen", main=main_id, beside=beside_id)


def _tie(idea: Idea, wanted: dict[str, int]) -> None:
    db.session.execute(
        delete(IdeaMeasure)
        .where(IdeaMeasure.idea_id == idea.id)
        .execution_options(synchronize_session="fetch")
    )
    for place, measure_id in wanted.items():
        db.session.add(IdeaMeasure(idea_id=idea.id, measure_id=measure_id, place=place))


def join_idea(actor: Actor, *, idea_id: int) -> None:
    """Take part: the idea becomes one's own as well. Nothing happens the second time."""
    idea, standing = door.idea_for_change(actor, idea_id)
    if not rights.may_edit(actor, standing):
        raise Forbidden(rights.WHO_EDITS)
    if standing.is_own_of(actor):
        return
    db.session.add(IdeaMember(idea_id=idea.id, person_id=actor.person_id, joined_at=clock.now()))
    start_following(idea, actor.person_id, FollowReason.MEMBER)
    note_edit(actor, idea, version=idea.version, kind="joined")
    finish(actor, idea, "idea_joined", changes_board=False)
