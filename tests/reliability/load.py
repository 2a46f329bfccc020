"""People who write all the time, remember what was acknowledged, and look for it afterwards."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from improve.shared.db import db
from tests.reliability.councils import Council, application, rows, working
from tests.reliability.places import Place
from tests.reliability.serving import Away, Colleague, Gunicorn

_VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')
_STAGE = re.compile(r'name="from_stage"[^>]*value="(\w+)"')


@dataclass
class Writer:
    """One person: logs an idea, moves their own card, and again."""

    who: Colleague
    idea_id: int
    #: Seconds between two writes.
    pause: float = 0.0
    #: What sets apart what these people write from what others wrote before.
    name: str = ""
    #: Whether the next server is tried when one is away.
    changes_over: bool = False
    #: Seconds after which an answer is given up.
    patience: float = 45
    logged: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    #: Answers by status; 0 for none.
    answers: Counter[int] = field(default_factory=Counter)
    #: Seconds that answered writes took, with the moment they ended at.
    took: list[tuple[float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _seen: tuple[int, str] | None = None

    @property
    def acknowledged(self) -> int:
        """How many writes were acknowledged."""
        return len(self.logged) + len(self.moved)

    def go_on(self, until: threading.Event) -> None:
        """Write until told to stop."""
        number = 0
        while not until.is_set():
            number += 1
            name = f"{self.name}-{self.who.person_id}-{number}"
            try:
                if number % 2:
                    self._log(name, until)
                else:
                    self._move(name, until)
            except Exception as error:
                self.faults.append(f"{type(error).__name__}: {error}")
                return
            if self.pause:
                until.wait(self.pause)

    def _log(self, name: str, until: threading.Event) -> None:
        # Sent again with the same token until somebody says yes, as a person would press again.
        while not until.is_set():
            status = self._send("/log", text=f"Idea {name}: say who is coming", source="own",
                                answerer="manager", form_token=name, similar_seen="1",
                                confirmed="1")  # fmt: skip
            if status == 303:
                self.logged.append(name)
                return

    def _move(self, name: str, until: threading.Event) -> None:
        """Move the card once; after a break it is not known whether it went, so it is looked at."""
        while self._seen is None:
            if until.is_set():
                return
            self._look()
        version, stage = self._seen
        self._seen = None
        way = "plan" if stage == "do" else "do"
        status = self._send(f"/ideas/{self.idea_id}/stage", version=str(version), from_stage=stage,
                            to=way, asked_for=way, shown="", note=f"move {name}",
                            confirmed="1")  # fmt: skip
        if status == 303:
            self.moved.append(f"move {name}")
            self._seen = (version + 1, way)

    def _look(self) -> None:
        try:
            page = self.who.get(f"/ideas/{self.idea_id}/stage?to=plan", self.patience).body
        except Away:
            self._wait()
            return
        version, stage = _VERSION.search(page), _STAGE.search(page)
        if version and stage:
            self._seen = (int(version[1]), stage[1])
        else:
            self._wait()

    def _send(self, path: str, **fields: str) -> int:
        try:
            answer = self.who.post(path, self.patience, **fields)
        except Away:
            self.answers[0] += 1
            self._wait()
            return 0
        self.answers[answer.status] += 1
        self.took.append((time.monotonic(), answer.seconds))
        if answer.status not in {303, 503}:
            self.faults.append(f"{path} answered {answer.status}")
        if answer.status == 503:
            self._wait()
        return answer.status

    def _wait(self) -> None:
        if self.changes_over:
            self.who.turn += 1
        time.sleep(0.1)


@dataclass
class Load:
    """Several writers at once."""

    writers: list[Writer]

    @property
    def acknowledged(self) -> int:
        """How many writes were acknowledged so far."""
        return sum(writer.acknowledged for writer in self.writers)

    @property
    def answers(self) -> Counter[int]:
        """All answers by status."""
        return sum((writer.answers for writer in self.writers), Counter())

    def wait_for(self, count: int, seconds: float = 600) -> None:
        """Return when so many were acknowledged. Raises where it does not go on."""
        end = time.monotonic() + seconds
        while self.acknowledged < count:
            faults = [fault for writer in self.writers for fault in writer.faults]
            if faults or time.monotonic() > end:
                raise RuntimeError(f"{self.acknowledged} of {count} written; {faults[:5]}")
            time.sleep(0.02)


@contextmanager
def writing(
    council: Council,
    *servers: Gunicorn,
    pause: float = 0.0,
    changes_over: bool = False,
    gives_up_after: float = 45,
) -> Iterator[Load]:
    """Let every manager write for the time of the block."""
    writers, name = [], secrets.token_hex(3)
    for number, idea_id in enumerate(council.ideas):
        who = council.colleague(number, *servers)
        who.turn = number
        writers.append(
            Writer(who, idea_id, pause=pause, name=name, changes_over=changes_over,
                   patience=gives_up_after)
        )  # fmt: skip
    load, stop = Load(writers), threading.Event()
    threads = [threading.Thread(target=w.go_on, args=(stop,), daemon=True) for w in writers]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        stop.set()
        for thread in threads:
            thread.join(90)


def lost(place: Place, load: Load) -> list[str]:
    """Return what was acknowledged and does not stand there exactly once."""
    app = application(place)
    with working(app):
        ideas = Counter(row[0] for row in rows("SELECT form_token FROM ideas"))
        moves = Counter(row[0] for row in rows("SELECT note FROM stage_moves"))
        db.session.rollback()
    found = [fault for writer in load.writers for fault in writer.faults]
    for writer in load.writers:
        found += [f"idea {n} stands {ideas[n]} times" for n in writer.logged if ideas[n] != 1]
        found += [f"{n} stands {moves[n]} times" for n in writer.moved if moves[n] != 1]
    found += [
        f"{n} stands {moves[n]} times" for n in moves if moves[n] > 1 and n.startswith("move ")
    ]
    return found
