"""Half an hour of reading and writing: no error, and nothing grows."""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import psutil

from tests.reliability.councils import faults_of
from tests.reliability.load import lost, writing
from tests.reliability.serving import Away
from tests.reliability.sites import Site
from tests.reliability.table import Row, Size

#: Seconds between two looks at the processes, and between two things that one person does.
LOOK, PAUSE = 5.0, 1.0
#: How much may be added from the first third to the last. The server's own time for an answer tells
#: whether it becomes slower; how long somebody waits depends on what else the machine does.
MEMORY, WORK, FILES = 1.10, 1.2, 8


@dataclass
class _Reader:
    """Somebody who reads one page after another."""

    paths: list[str]
    took: list[tuple[float, float]] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)


def measure(site: Site, size: Size) -> Iterator[Row]:
    """Use the site for as long as asked, look at its processes all the while, compare the thirds."""
    idea = site.council.ideas[0]
    paths = ["/", "/log", f"/ideas/{idea}", f"/ideas/{idea}/stage?to=plan", "/me",
             f"/teams/{site.council.cast.team}/board", "/search?q=coming"]  # fmt: skip
    who = site.council.colleague(0, site.server)
    paths = [path for path in paths if who.get(path).status in {200, 303}]
    stop, reader = threading.Event(), _Reader(paths)

    def read() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                answer = who.get(paths[number % len(paths)])
            except Away:
                reader.answers[0] += 1
                continue
            reader.answers[answer.status] += 1
            reader.took.append((time.monotonic(), answer.seconds))
            stop.wait(PAUSE / 2)

    looks: list[tuple[float, float, int, float]] = []
    began, lasts = time.monotonic(), size.minutes * 60
    with writing(site.council, site.server, pause=PAUSE * 4) as load:
        reading = threading.Thread(target=read, daemon=True)
        reading.start()
        while time.monotonic() - began < lasts:
            looks.append((time.monotonic(), *_look(site.server.workers())))
            time.sleep(min(LOOK, lasts / 9))
        stop.set()
        reading.join(60)
    found = [*lost(site.place, load), *faults_of(site.place)]
    odd = {s: n for s, n in (load.answers + reader.answers).items() if s not in {200, 303}}
    if odd:
        found.append(f"answers {odd}")
    took = sorted([*reader.took, *(one for w in load.writers for one in w.took)])
    memory = _thirds([(look[0], look[1]) for look in looks], began, lasts, statistics.median)
    files = _thirds([(look[0], float(look[2])) for look in looks], began, lasts, max)
    slow = _thirds(took, began, lasts, _p95)
    work = _work([(look[0], look[3]) for look in looks], [at for at, _ in took], began, lasts)
    if not size.is_short:
        if memory[1] > memory[0] * MEMORY:
            found.append("memory grows")
        if work[1] > work[0] * WORK:
            found.append("answers ask for more of the server")
    if files[1] > files[0] + FILES:
        found.append("file descriptors grow")
    yield Row(
        f"Soak of {size.minutes:g} minutes",
        f"no error; from first to last third memory at most {MEMORY:g}x, "
        f"the server's work for an answer {WORK:g}x, descriptors +{FILES}",
        f"{len(took):,} answers, {len(found)} faults; memory {memory[0]:.0f} to {memory[1]:.0f} MB, "
        f"work {work[0]:.0f} to {work[1]:.0f} ms, descriptors {files[0]:.0f} to {files[1]:.0f}, "
        f"p95 {slow[0] * 1000:.0f} to "
        f"{slow[1] * 1000:.0f} ms",
        is_held=not found,
        found=found,
    )


def _look(workers: list[psutil.Process]) -> tuple[float, int, float]:
    """Return the memory of these in MB, how many files and lines they hold open, and their CPU in s."""
    times = [worker.cpu_times() for worker in workers]
    return (
        sum(worker.memory_info().rss for worker in workers) / 1e6,
        sum(worker.num_fds() for worker in workers),
        sum(one.user + one.system for one in times),
    )


def _work(
    used: list[tuple[float, float]], answered: list[float], began: float, lasts: float
) -> tuple[float, float]:
    """Return how much CPU an answer took in the first third, after a warm-up, and in the last, in ms."""
    found = []
    for first, last in ((lasts / 10, lasts / 3), (lasts * 2 / 3, lasts)):
        inside = [(at, cpu) for at, cpu in used if first <= at - began <= last]
        if len(inside) < 2:
            return 0.0, 0.0
        (start, before), (end, after) = inside[0], inside[-1]
        count = sum(1 for at in answered if start <= at <= end)
        found.append((after - before) / max(1, count) * 1000)
    return found[0], found[1]


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _thirds(values, began, lasts, of) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Return what ``of`` makes of the first third, after a warm-up of a tenth, and of the last."""
    first = [v for at, v in values if lasts / 10 <= at - began <= lasts / 3] or [values[0][1]]
    last = [v for at, v in values if at - began >= lasts * 2 / 3] or [values[-1][1]]
    return float(of(first)), float(of(last))
