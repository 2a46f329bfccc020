"""What is done with what somebody told: a theme, an idea, thanks to a worker, words for a team."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.accounts.queries import active_people, people_of_team, team_by_id
from improve.ideas.kinds import Source
from improve.ideas.queries import logged_with
from improve.ideas.queries.similar import ideas_holding
from improve.ideas.service import propose_idea
from improve.notifications.kinds import NoticeKind
from improve.notifications.queries import was_told
from improve.notifications.service import tell
from improve.shared.errors import NotFound, Reason, RuleBroken
from improve.shared.quoting import quotes
from improve.voices.kinds import MayShow, Speaker, State, StepKind
from improve.voices.models import Voice
from improve.voices.queries.answers import step_ids
from improve.voices.queries.reading import themes
from improve.voices.reading import LOCKED
from improve.voices.service.one import (
    check_opened,
    check_seen,
    keep_step,
    voice_for_reading,
    written,
)
from improve.voices.service.themes import add_theme
from improve.voices.service.withdraw import withdraw_public_answers

SETTLE_FIRST = "First settle what others may read."
_THEIR_OWN = (
    "This says it as they did. Say what could be tried in words of your own, so that nobody "
    "can tell whose they are."
)


def choose_theme(
    actor: Actor, *, key: str, theme_id: int | None, name: str, seen_version: int | None
) -> None:
    """Put a voice under a theme of the council, or a new one. Twice is harmless."""
    voice = settled_voice(actor, key)
    if not name.strip() and theme_id is None:
        raise RuleBroken([Reason("Choose a theme, or write a new one.", "theme_id")])
    if theme_id is not None and not name.strip():
        if theme_id not in {theme.id for theme in themes(actor)}:
            raise NotFound
    else:
        theme_id = add_theme(actor, name=name)
    if voice.theme_id == theme_id:
        return
    check_seen(voice, seen_version)
    voice.theme_id = theme_id
    keep_step(actor, voice, StepKind.THEME_CHOSEN)


def keep_theme_only(actor: Actor, *, key: str, seen_version: int | None) -> None:
    """Take the words back from everybody and keep the theme. Twice is harmless."""
    voice = settled_voice(actor, key)
    if voice.is_theme_only:
        return
    check_seen(voice, seen_version)
    if voice.theme_id is None:
        raise RuleBroken("Choose a theme first: nothing else is kept for others.")
    voice.shareable, voice.changes, voice.is_theme_only = "", [], True
    voice.shared_at, voice.shared_by_id, voice.given_to_team_id = None, None, None
    withdraw_public_answers(voice)
    keep_step(actor, voice, StepKind.THEME_ONLY)


def start_idea(
    actor: Actor,
    *,
    key: str,
    text: str,
    team_id: int,
    form_token: str,
    seen_version: int | None,
) -> int:
    """Log an idea in words of the reader's own, and return its id. Twice sent makes one.

    Its source says whether a child or a parent told; the link is kept with the voice alone.
    """
    voice = settled_voice(actor, key)
    made = logged_with(actor, form_token)
    if made is not None and voice.idea_id == made:
        return made
    check_seen(voice, seen_version)
    if voice.idea_id is not None:
        raise RuleBroken("It led to an idea already. Link another one instead, if you need to.")
    if quotes(text, _told(voice)):
        raise RuleBroken([Reason(_THEIR_OWN, "text")])
    is_parent = voice.speaker_kind == Speaker.PARENT_OR_CARER.value
    proposed = propose_idea(
        actor,
        text=text,
        source=Source.PARENT_OR_CARER if is_parent else Source.CHILD,
        team_id=team_id,
        form_token=form_token,
    )
    voice.idea_id = proposed.idea_id
    keep_step(actor, voice, StepKind.IDEA_STARTED)
    return proposed.idea_id


def link_idea(actor: Actor, *, key: str, idea_id: int, seen_version: int | None) -> None:
    """Say that a voice is behind an idea that stands on a board. Twice is harmless."""
    voice = settled_voice(actor, key)
    if voice.idea_id == idea_id:
        return
    check_seen(voice, seen_version)
    if idea_id not in {idea.id for idea in ideas_holding(actor, str(idea_id), besides=())}:
        raise NotFound
    voice.idea_id = idea_id
    keep_step(actor, voice, StepKind.IDEA_LINKED)


def pass_thanks_on(actor: Actor, *, key: str, person_id: int, seen_version: int | None) -> None:
    """Tell a worker, and nobody else, that somebody says thank you: they read the settled words.

    Who it was is kept with the notice alone. Twice to the same worker is harmless.
    """
    voice = _with_words(actor, key)
    if person_id not in active_people(actor, [person_id]):
        raise RuleBroken([Reason("Choose somebody who works here.", "person_id")])
    if person_id == actor.person_id:
        raise RuleBroken([Reason("These thanks are yours: you have read them.", "person_id")])
    if was_told(person_id, NoticeKind.VOICE_THANKS, step_ids(voice, StepKind.THANKS_PASSED_ON)):
        return
    check_seen(voice, seen_version)
    keep_step(actor, voice, StepKind.THANKS_PASSED_ON)
    tell(
        actor,
        [person_id],
        NoticeKind.VOICE_THANKS,
        subject_id=step_ids(voice, StepKind.THANKS_PASSED_ON)[-1],
        facts={"title": "Thank you", "by": actor.first_name, "key": voice.key},
    )


def give_to_team(actor: Actor, *, key: str, team_id: int, seen_version: int | None) -> None:
    """Give a team the settled words to read, and tell its members. Twice is harmless."""
    voice = _with_words(actor, key)
    if voice.given_to_team_id == team_id:
        return
    check_seen(voice, seen_version)
    team = team_by_id(actor, team_id)
    if team.closed_on is not None:
        raise RuleBroken([Reason("This team is closed. Choose another.", "team_id")])
    voice.given_to_team_id = team.id
    keep_step(actor, voice, StepKind.GIVEN_TO_TEAM)
    tell(
        actor,
        [person.id for person in people_of_team(actor, team.id)],
        NoticeKind.VOICE_GIVEN,
        subject_id=step_ids(voice, StepKind.GIVEN_TO_TEAM)[-1],
        facts={"title": "What somebody told us", "by": actor.first_name, "key": voice.key},
    )


def settled_voice(actor: Actor, key: str) -> Voice:
    """Return a voice, held, whose words or theme are settled: what steps 5 and 6 begin with."""
    voice = voice_for_reading(actor, key)
    check_opened(actor, voice)
    if voice.locked_at is not None or State(voice.state) in LOCKED:
        raise RuleBroken("This is locked: it is used for nothing else.")
    if voice.state == State.SET_ASIDE.value:
        raise RuleBroken("This is set aside. Put it on the desk again first.")
    if voice.is_danger is not False or (voice.shared_at is None and not voice.is_theme_only):
        raise RuleBroken(SETTLE_FIRST)
    return voice


def _with_words(actor: Actor, key: str) -> Voice:
    voice = settled_voice(actor, key)
    if voice.is_theme_only or not voice.shareable:
        raise RuleBroken("There are no words to give: only the theme is kept.")
    if voice.may_show != MayShow.YES.value:
        raise RuleBroken("They did not say that others may read their words. A theme is fine.")
    return voice


def _told(voice: Voice) -> list[str]:
    return [voice.shareable, *written(voice).values()]
