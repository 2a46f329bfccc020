"""How the demo's changes travel: told elsewhere, looked at again, borrowed from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from improve.demo.people import Council
from improve.demo.steps import Step, Timetable
from improve.library.open_format import Council as Sender
from improve.library.open_format import as_file, seal
from improve.library.public_pages import PublicPage
from improve.library.service.exchange import bring_in, look_through, start_import
from improve.library.service.spread import tell_spread
from improve.library.service.sustain import remind_of_sustaining
from improve.library.service.trust import trust_council
from improve.library.signing import Signer, groups_of, signer_of
from improve.library.spread import ToldEnding
from improve.shared import clock

#: The change that travels, and what Thornmere told of it on the telephone.
_ORIGIN: Final = "IDEA-003"
_COACH: Final = "miriam"
_ADAPTED: Final = "An empty page and a box of pens, for two children who like drawing."
_TOLD: Final = "Both children took it home first."
#: The other council signs with a key of its own installation, which the demo makes up.
_OTHER: Final = Sender("Thornmere Council", "thornmere", "https://improve.thornmere.example")
_OTHER_KEY: Final = "the invented key of an invented council"
_COMPARED: Final = (
    "By telephone with their practice lead, on the number that the regional group lists."
)


def spreading_steps(council: Council, ideas: set[str], timetable: Timetable) -> Iterator[Step]:
    """Yield what came from elsewhere and was looked at again, in the council it came to."""
    if _ORIGIN not in ideas:
        return
    yield Step(timetable.early(-13, 170), lambda: _tell(council))
    yield Step(timetable.early(-12, 171), lambda: _trust(council))
    yield Step(timetable.early(-12, 172), lambda: _borrow(council))
    # The night on which the oldest of them is due; Front Door gets busy soon after.
    yield Step(timetable.early(-21, 0), _remind)


def _remind() -> None:
    remind_of_sustaining()


def _tell(council: Council) -> None:
    tell_spread(
        council.actor(_COACH),
        parent_idea_id=council.ideas[_ORIGIN],
        form_token=f"demo-{_ORIGIN}-told",
        told_on=clock.today(),
        place=_OTHER.name,
        adaptation=_ADAPTED,
        ending=ToldEnding.TRYING.value,
        words=_TOLD,
    )


def _signer() -> Signer:
    signer = signer_of(_OTHER_KEY, _OTHER.slug)
    assert signer is not None  # noqa: S101 - there is a secret
    return signer


def _trust(council: Council) -> None:
    signer = _signer()
    trust_council(
        council.actor(_COACH),
        name=_OTHER.name,
        key=signer.public_key,
        read_out=" ".join(groups_of(signer.fingerprint)),
        how_compared=_COMPARED,
    )


def _borrow(council: Council) -> None:
    actor = council.actor(_COACH)
    envelope = seal([_page()], council=_OTHER, made_on=clock.today(), signer=_signer())
    draft = start_import(actor, source=as_file(envelope), file_name="thornmere-learning.json")
    look = look_through(actor, import_id=draft)
    bring_in(actor, import_id=draft, keys=[p.key for p in look.to_take], seen=look.seen)


def _page() -> PublicPage:
    month = _months_ago(clock.today(), 2)
    return PublicPage(
        key="7c1e40aa52d9b603",
        version=2,
        title="Names on the door, in the languages of the house",
        ending="kept",
        was_hard="Families did not know who had been, and rang three numbers to ask.",
        tried=(
            "Each visit leaves a card with the worker’s first name and one telephone number, in "
            "the language spoken at home. Twelve languages, printed once."
        ),
        happened="Calls that ask who came went from several a week to hardly any.",
        changed_for_child="A girl keeps the cards on the fridge and says who is coming.",
        use_when="Families ask who was there.",
        beware="Check the cards with somebody who speaks the language, not with a machine.",
        did_not_work="Cards with surnames. Nobody could say them on the telephone.",
        kind_of_team="Children We Care For",
        finished_month=f"{month:%Y-%m}",
        measure=None,
        decided_month=f"{month:%Y-%m}",
    )


def _months_ago(day: date, count: int) -> date:
    first = day.replace(day=1)
    for _ in range(count):
        first = date.fromordinal(first.toordinal() - 1).replace(day=1)
    return first
