"""When something comes of an idea, an answer is drafted for everybody whose words led to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, select

from improve.accounts.actor import Actor
from improve.ideas import acts
from improve.ideas.acts import IdeaActed
from improve.ideas.kinds import Decision, Outcome, Stage
from improve.ideas.page import CycleView, IdeaPage
from improve.ideas.queries import idea_page
from improve.ideas.queries.joining import joined_into
from improve.redaction.texts import is_hidden
from improve.shared import audit, clock, contributions, events, limits
from improve.shared.db import db
from improve.voices.answer_rules import said_for
from improve.voices.child_verdict import ENDING_OF, Came, answer_said, happened_said
from improve.voices.kinds import Ending, MayShow
from improve.voices.models import Voice, VoiceAnswer
from improve.voices.reading import FOR_READERS_ALONE

_CAME: Final = {
    Outcome.ADOPTED: Came.KEPT,
    Outcome.ABANDONED: Came.STOPPED,
    Outcome.QUICK_FIX: Came.FIXED,
    Outcome.NOT_NOW: Came.NOT_NOW,
    Outcome.JOINED: Came.JOINED,
}


def follow_endings() -> None:
    """Subscribe: draft an answer when an idea that voices led to ends, or is changed at Act."""
    events.subscribe(IdeaActed, draft_at_act)
    contributions.register("ending-undone", ending_undone)


def draft_at_act(event: IdeaActed) -> None:
    """Draft an answer for each voice behind the idea, or behind one that was joined to it.

    In the transaction of the act. A reader looks at each: nothing is given out by itself.
    """
    if event.kind != "moved":
        return
    if event.stage is Stage.ACT and event.words == acts.undone_words(event.stage):
        _forget(event.actor, event.idea_id, Ending.TRYING)
        return
    came = _CAME.get(event.outcome) if event.outcome else _again(event)
    if came is None:
        return
    voices = _voices(event.actor, [event.idea_id, *joined_into(event.actor, event.idea_id)])
    if not voices:
        return
    page = idea_page(event.actor, event.idea_id)
    cycle = _cycle(page, came)
    if came is Came.AGAIN and (cycle is None or cycle.decision is not Decision.ADAPT):
        return
    _forget(event.actor, event.idea_id)
    code = page.verdict.code if page.verdict and came in {Came.KEPT, Came.STOPPED} else None
    again = f"{page.look_again_on:%B %Y}" if page.look_again_on and came is Came.NOT_NOW else ""
    tried = _shown(page.suggestion if came is Came.FIXED else cycle.change_to_try if cycle else "")
    held = str(cycle.values.get("prediction_held") or "") if cycle else ""
    happened = happened_said(
        came, _shown(cycle.what_happened if cycle else ""), code, held=held, look_again=again
    )
    for voice in voices:
        may_quote = voice.may_show == MayShow.YES.value and not voice.by_helper
        # Words that were hidden, or are being written anew, are nobody's to quote.
        settled = voice.shareable if voice.shared_at is not None else ""
        db.session.add(
            VoiceAnswer(
                organisation_id=voice.organisation_id,
                voice_key=voice.key,
                words=answer_said(came, code, held=held, look_again=again),
                said=_cut(said_for(may_quote=may_quote, shareable=settled, topic=voice.topic)),
                tried=_cut(tried),
                happened=_cut(happened),
                ending=ENDING_OF[came].value,
                is_public=not voice.is_theme_only,
                drafted_for_id=event.idea_id,
                written_by_id=event.actor.person_id,
                created_at=clock.now(),
            )
        )
    db.session.flush()
    audit.record(event.actor, "voice_answers_drafted", "idea", event.idea_id, count=len(voices))


def ending_undone(actor: Actor, idea_id: int) -> None:
    """Take the drafts away that an ending made and nobody changed: it is true no more."""
    _forget(actor, idea_id)


def _again(event: IdeaActed) -> Came | None:
    began = acts.moved_words(event.stage, None, cycle_number=event.cycle_number, is_new_cycle=True)
    return Came.AGAIN if event.cycle_number > 1 and event.words == began else None


def _cycle(page: IdeaPage, came: Came) -> CycleView | None:
    """Return the cycle that was decided: at “change” it is the one before the new one."""
    if came in {Came.NOT_NOW, Came.JOINED}:
        return None
    number = page.cycle_number - 1 if came is Came.AGAIN else page.cycle_number
    return next((cycle for cycle in page.cycles if cycle.number == number), None)


def _voices(actor: Actor, idea_ids: Sequence[int]) -> list[Voice]:
    found = db.session.scalars(
        select(Voice)
        .where(
            Voice.organisation_id == actor.organisation_id,
            Voice.idea_id.in_(idea_ids),
            Voice.locked_at.is_(None),
            Voice.state.not_in(FOR_READERS_ALONE),
        )
        .order_by(Voice.key)
    )
    return list(found)


def _forget(actor: Actor, idea_id: int, ending: Ending | None = None) -> None:
    unchanged = delete(VoiceAnswer).where(
        VoiceAnswer.organisation_id == actor.organisation_id,
        VoiceAnswer.drafted_for_id == idea_id,
        VoiceAnswer.given_on.is_(None),
    )
    if ending is not None:
        unchanged = unchanged.where(VoiceAnswer.ending == ending.value)
    db.session.execute(unchanged.execution_options(synchronize_session="fetch"))


def _shown(words: str) -> str:
    return "" if is_hidden(words) else words.strip()


def _cut(words: str) -> str:
    most = limits.length("voice_answer")
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + "…"
