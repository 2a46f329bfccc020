"""People to choose from in a huddle: the team, whoever is here, and whoever asks."""

from __future__ import annotations

from collections.abc import Iterable

from improve.accounts.actor import Actor
from improve.accounts.queries import PersonName
from improve.huddles.views import PersonChoice


def choices_of(
    actor: Actor,
    team: Iterable[PersonName],
    here: Iterable[PersonName] = (),
    *,
    driver_id: int | None = None,
) -> tuple[PersonChoice, ...]:
    """Return the people of a team and those here from elsewhere, A to Z, whoever asks among them.

    A wall, which is nobody, is not among them.
    """
    here = list(here)
    ticked = {person.id for person in here}
    people = {person.id: person for person in [*team, *here]}
    if actor.name and actor.person_id:
        me = PersonName(actor.person_id, actor.name, actor.job_title)
        people.setdefault(me.id, me)
    return tuple(
        PersonChoice(
            id=person.id,
            name=person.name,
            first_name=person.first_name,
            job_title=person.job_title,
            is_here=person.id in ticked,
            is_me=person.id == actor.person_id,
            is_driver=person.id == driver_id,
        )
        for person in sorted(people.values(), key=lambda person: (person.name, person.id))
    )
