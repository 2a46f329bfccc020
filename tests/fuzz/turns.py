"""Sends strange bodies turn by turn, and says what was not answered as it must be.

A turn begins with the same two councils and its own numbers from the seed, so that it can be done
again alone. No answer may be a fault of ours; a refusal has a page of its own and leaves no row.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import text
from werkzeug.routing import IntegerConverter
from werkzeug.test import TestResponse

from improve.shared.db import Base, db
from tests.fuzz import scenes
from tests.fuzz.bodies import Sent, strange_body
from tests.fuzz.scenes import NOBODY, Scene
from tests.pages import Page, PageFault, Visitor
from tests.states import Standing
from tests.world import Found

#: What is written when an answer is no: that it was, and how often somebody tried.
NOTES_REFUSALS: Final = frozenset({"audit_entries", "audit_heads", "attempt_counters"})
#: A run ends when it has found as many: it is told often enough.
MOST_FAULTS: Final = 300


@dataclass(frozen=True)
class Turn:
    """Who sends to which route or routes, how many bodies to each, in which scene."""

    number: int
    scene: str
    asker: str
    routes: tuple[str, ...]
    each: int


@dataclass
class Done:
    """What a run did and found."""

    bodies: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    routes: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    #: Routes no page showed a form of: their fields were learned by asking.
    without_form: set[str] = field(default_factory=set)


def long_turns(offered: dict[str, tuple[str, ...]], each: int, seed: int) -> Iterator[Turn]:
    """Yield a turn for every route and everybody it is offered to, and for one it is not."""
    chance, number = random.Random(seed), 0  # noqa: S311 - a seed that can be said
    for endpoint, askers in sorted(offered.items()):
        others = [who for who in scenes.ASKERS if who not in askers]
        for asker in (*askers, *([chance.choice(others)] if others else [])):
            number += 1
            yield Turn(number, scenes.SCENES[number % 2], asker, (endpoint,), each)


def short_turns(
    offered: dict[str, tuple[str, ...]], scene: str, bodies: int, seed: int
) -> Iterator[Turn]:
    """Yield a turn for each of those who send, to routes drawn for them, a body each."""
    chance = random.Random(f"{seed} {scene}")  # noqa: S311 - a seed that can be said
    share = -(-bodies // len(scenes.ASKERS))
    for number, asker in enumerate(scenes.ASKERS, 1):
        # Of four, three are offered to them: else most answers were the same refusal.
        own = sorted(e for e, askers in offered.items() if asker in askers)
        routes = chance.choices(own, k=share * 3 // 4) + chance.choices(
            sorted(offered), k=share - share * 3 // 4
        )
        yield Turn(number, scene, asker, tuple(routes), 1)


class Fuzzer:
    """Sends to one application, on one engine."""

    def __init__(self, standing: Standing, engine: str, seed: int) -> None:
        self.standing, self.app, self.engine = standing, standing.app, engine
        self.seed = seed
        self.again = ""
        self._judged: set[tuple[str, int, bool]] = set()
        self._scenes: dict[str, Scene] = {}
        self._forms: dict[str, dict[str, list[Found]]] = {}
        self._count = " UNION ALL ".join(
            f"SELECT '{t.name}', count(*) FROM {t.name}"
            for t in Base.metadata.sorted_tables
            if t.name not in NOTES_REFUSALS
        )

    def scene(self, name: str) -> Scene:
        """Return a scene, with the database as it begins."""
        if name not in self._scenes:
            self._scenes[name] = scenes.lay(self.standing, name)
            self._forms[name] = scenes.forms_of(self.app, self._scenes[name])
        scenes.put_back(self.standing, self._scenes[name])
        return self._scenes[name]

    def offered(self, scene: str) -> dict[str, tuple[str, ...]]:
        """Return whom each route is offered to."""
        return scenes.offered_to(self.app, self.scene(scene))

    def run(self, turns: Sequence[Turn], done: Done) -> None:
        """Do these turns."""
        with scenes.names_noted(self.app) as looked:
            for turn in turns:
                self._turn(turn, done, looked)
                if len(done.faults) >= MOST_FAULTS:
                    return

    def _turn(self, turn: Turn, done: Done, looked: Any) -> None:
        scene = self.scene(turn.scene)
        chance = random.Random(f"{self.seed} {turn.number} {turn.asker}")  # noqa: S311
        visitor = scenes.visitor_of(self.app, scene, turn.asker)
        token = scenes.token_of(visitor, turn.asker)
        names: dict[str, set[str]] = {}
        held = None
        looked()
        for endpoint in turn.routes:
            forms = self._forms[turn.scene].get(endpoint, [])
            path = scene.paths.get(endpoint, "")
            if not forms and not path:
                forms, path = [], self._address(endpoint)
            for _ in range(turn.each):
                form = chance.choice(forms) if forms else Found("", path, (), (), ())
                known = sorted({*form.names, *names.get(endpoint, ())})
                sent = strange_body(chance, form.action, form.values, known, token)
                held = self._counted() if held is None else held
                status = self._send(visitor, sent, turn, held, done)
                names.setdefault(endpoint, set()).update(n for n in looked() if n != "csrf_token")
                done.bodies += 1
                done.statuses[status] += 1
                if not 400 <= status < 500:
                    held = None
                if status == 401 or (turn.asker in NOBODY and status in {303, 400}):
                    if status == 401 and turn.asker not in NOBODY:
                        visitor = scenes.visitor_of(self.app, scene, turn.asker)
                    token, held = scenes.token_of(visitor, turn.asker), None
            done.routes.add(endpoint)
            done.pairs.add((endpoint, turn.asker))
            if not forms:
                done.without_form.add(endpoint)

    def _address(self, endpoint: str) -> str:
        """Return an address of a route that no page of this scene leads to."""
        rule = scenes.posts()[endpoint]
        adapter = self.app.url_map.bind("localhost")
        values = {
            name: 1 if isinstance(kind, IntegerConverter) else "riverside"
            for name, kind in rule._converters.items()
        }
        return str(adapter.build(endpoint, values, method="POST"))

    def _send(
        self, visitor: Visitor, sent: Sent, turn: Turn, held: dict[str, int], done: Done
    ) -> int:
        def fault(what: str) -> None:
            done.faults.append(
                f"{self.engine}, seed {self.seed}, turn {turn.number}, {turn.asker}: {what}\n"
                f"  {sent}\n  again: python -m tests.fuzz {self.again} --engine {self.engine}"
                f" --seed {self.seed} --turn {turn.number}"
            )

        try:
            answer: TestResponse = visitor.client.open(
                sent.path,
                method="POST",
                data=sent.body,
                content_type=sent.kind,
                headers=sent.headers,
            )
            body = answer.get_data()
        except Exception as error:  # a fault of ours, whatever it is
            fault(f"raised {type(error).__name__}: {str(error)[:300]}")
            return 500
        status = answer.status_code
        answer.close()
        if status >= 500:
            fault(f"answered {status}")
        elif status >= 400:
            self._judge(answer, body, sent, fault)
            after = self._counted()
            if after != held:
                rows = {n: (held[n], c) for n, c in after.items() if c != held[n]}
                fault(f"answered {status}, and left rows {rows}")
        return status

    def _judge(self, answer: TestResponse, body: bytes, sent: Sent, fault: Any) -> None:
        """Look whether a refusal is a page, or a part of one, of our own."""
        status, whole = answer.status_code, answer.get_data(as_text=True)
        is_part = b"<html" not in body[:300]
        if answer.mimetype != "text/html":
            fault(f"answered {status} as {answer.mimetype}")
        elif is_part and "HX-Request" not in sent.headers:
            fault(f"answered {status} without a whole page")
        elif not is_part and (whole.count("<h1") != 1 or "</main>" not in whole):
            fault(f"answered {status} with a page that is not of the house")
        mark = (str(answer.request.path if answer.request else sent.path), status, is_part)
        if mark in self._judged or answer.mimetype != "text/html":
            return
        # To look at every rule takes longer than to make the page: once for each kind of answer.
        self._judged.add(mark)
        try:
            Page(answer, sent.path, is_part=is_part)
        except PageFault as found:
            # Browsers show nothing for a sign that is no character.
            lines = [
                line for line in str(found).splitlines()[1:] if "invalid-codepoint" not in line
            ]
            if lines:
                fault(f"answered {status} with a page that is not sound: {lines}")

    def _counted(self) -> dict[str, int]:
        with self.app.app_context(), db.engine.connect() as connection:
            return {str(n): int(c) for n, c in connection.execute(text(self._count))}


def said(done: Done) -> str:
    """Return what was done in one line."""
    statuses = ", ".join(f"{status} {count:,}" for status, count in sorted(done.statuses.items()))
    return (
        f"{done.bodies:,} bodies to {len(done.routes)} routes, {len(done.pairs):,} pairs of route "
        f"and sender; answers: {statuses}; {len(done.faults)} faults"
    )
