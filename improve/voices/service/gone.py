"""What of voices was emptied, taken back or picked up is so again in a restored backup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import exists, select, update

from improve.shared import clock
from improve.shared.db import db, forget_deleted_words
from improve.shared.gone_marks import Goes, names_in
from improve.voices.kinds import State, StepKind
from improve.voices.models import HelpRequest, Voice, VoiceReply, VoiceStep
from improve.voices.service.withdraw import withdraw_public_answers

#: Keys in one statement.
_AT_ONCE = 500
#: After these somebody settled words anew that were not to be read meanwhile.
_TAKEN_BACK = (StepKind.HIDDEN, StepKind.WORDS_REOPENED, StepKind.SHOWN_AGAIN)


def gone_of_voices() -> tuple[Goes, ...]:
    """Return how it is known what of voices is gone."""
    return (
        Goes(
            "voice",
            lambda: names_in(_keys(Voice, Voice.sealed.is_(None))),
            lambda: names_in(_keys(Voice, Voice.sealed.is_not(None))),
            lambda keys: _empty(Voice, keys, {"sealed": None, "words_hash": ""}),
        ),
        Goes(
            "voice reply",
            lambda: names_in(_keys(VoiceReply, VoiceReply.sealed.is_(None))),
            lambda: names_in(_keys(VoiceReply, VoiceReply.sealed.is_not(None))),
            lambda keys: _empty(VoiceReply, keys, {"sealed": None}),
        ),
        Goes(
            "help",
            lambda: names_in(_keys(HelpRequest, HelpRequest.picked_up_at.is_not(None))),
            lambda: names_in(_keys(HelpRequest, HelpRequest.picked_up_at.is_(None))),
            lambda keys: _empty(HelpRequest, keys, {"sealed": None, "picked_up_at": clock.now()}),
        ),
        Goes("voice words", _taken_back, _shared, _take_back_again, back=_settled_anew),
    )


def _keys(table: Any, *where: Any) -> Any:
    return select(table.key).where(*where).order_by(table.key)


def _stepped(*kinds: StepKind) -> Any:
    return exists().where(
        VoiceStep.voice_key == Voice.key, VoiceStep.kind.in_([kind.value for kind in kinds])
    )


def _taken_back() -> Iterator[str]:
    """Return voices whose words others could read once, and cannot now."""
    was_shared = _stepped(StepKind.WORDS_SETTLED, StepKind.SHOWN_AGAIN)
    return names_in(_keys(Voice, Voice.shared_at.is_(None), was_shared))


def _shared() -> Iterator[str]:
    return names_in(_keys(Voice, Voice.shared_at.is_not(None)))


def _settled_anew() -> Iterator[str]:
    return names_in(_keys(Voice, Voice.shared_at.is_not(None), _stepped(*_TAKEN_BACK)))


def _take_back_again(keys: Sequence[str]) -> int:
    """Hide words until a reader has looked again: why they went is not known here."""
    count = 0
    for some in _pieces(keys):
        for voice in db.session.scalars(select(Voice).where(Voice.key.in_(some))):
            voice.hidden_at, voice.hidden_by_id = clock.now(), None
            voice.shared_at, voice.shared_by_id, voice.given_to_team_id = None, None, None
            voice.state = State.READING.value
            voice.version += 1
            withdraw_public_answers(voice)
            count += 1
    return count


def _empty(table: Any, keys: Sequence[str], gone: dict[str, Any]) -> int:
    for some in _pieces(keys):
        emptied = update(table).where(table.key.in_(some)).values(gone)
        db.session.execute(emptied.execution_options(synchronize_session=False))
    forget_deleted_words()
    return len(keys)


def _pieces(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[first : first + _AT_ONCE] for first in range(0, len(keys), _AT_ONCE))
