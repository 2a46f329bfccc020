"""What a person or a team still holds, as the capabilities above tell it. Pure.

``contributions`` carry it: ``"led-by"`` (actor, person_id) gives a person's :class:`HeldThing`,
``"hand-over"`` (actor, person_id, {key: person id or None}) gives them away; ``"team-holds"``
(actor, team_id) gives a team's :class:`TeamHolds`, ``"team-joined"`` (actor, from_id, to_id) moves
what it has to another team, ``"team-closed"`` (actor, team_id) ends what only an open team has.
All of them within the present transaction.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HeldThing:
    """One thing that somebody leads or has open.

    ``key`` is what it is known by, such as “idea-12”; ``words`` say what it is to them (“Leads it,
    in Do”); ``url`` where it stands. ``may_be_nobodys``: the next huddle then asks who takes it.
    """

    key: str
    title: str
    words: str
    url: str
    team_id: int
    team_name: str
    may_be_nobodys: bool = True


@dataclass(frozen=True)
class TeamHolds:
    """What a team has of one kind, in words: “12 open ideas”.

    ``stops_closing``: the team cannot be closed while it has them. ``stays``: what becomes of them.
    """

    words: str
    stays: str = ""
    stops_closing: bool = False
