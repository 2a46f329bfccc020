"""Counts of answers and what waits, as Prometheus reads them. Nothing of anybody.

Answers are counted by the part of the product that gave them, never by address. Pages of families
and of reporters are not counted at all: whoever reads these numbers each second would see when
somebody told, and rounding only moves the second at which they see it. What their readers do is
one part, whichever of the two they read.
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, g, request
from sqlalchemy.pool import QueuePool

from improve.shared import contributions
from improve.shared.db import db, reading
from improve.shared.private_pages import is_private

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

#: Kind of contribution: offers return lists of ``Reading``.
CONTRIBUTION: Final = "metrics"
#: Where the processes of one gunicorn put their counts together; ``gunicorn.conf.py`` sets it.
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
#: Parts whose readers open what was told in confidence.
_TOLD: Final = {"voices", "incidents"}
_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """One number that is looked up when it is asked for: its name, what it is, and for what."""

    name: str
    words: str
    value: float
    label: str = ""


@dataclass(frozen=True)
class Meters:
    """What is counted in each process."""

    registry: CollectorRegistry
    answers: Counter
    seconds: Histogram
    connections: Gauge


@functools.cache
def meters() -> Meters:
    """Return the meters of this process, made at the first use."""
    from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

    registry = CollectorRegistry()
    return Meters(
        registry,
        Counter(
            "improve_answers_total",
            "Answers, by the part that gave them and the hundred of their status",
            ["part", "status"],
            registry=registry,
        ),
        Histogram(
            "improve_answer_seconds",
            "How long an answer took in the application",
            ["part"],
            buckets=_SECONDS,
            registry=registry,
        ),
        Gauge(
            "improve_database_connections",
            "Connections of the pool in use as a request ended",
            registry=registry,
            multiprocess_mode="livesum",
        ),
    )


def part_of(endpoint: str | None) -> str:
    """Return what an answer counts under: a capability, “told in confidence”, or “other”."""
    blueprint, dot, _ = (endpoint or "").partition(".")
    if blueprint in _TOLD:
        return "told in confidence"
    return blueprint if dot else "other"


def register(app: Flask) -> None:
    """Count the answers of ``app``, where METRICS_PORT is set."""
    if not app.config.get("METRICS_PORT"):
        return
    counted = meters()

    @app.after_request
    def count(response: Response) -> Response:
        if is_private() or request.endpoint in {"static", "healthz"}:
            return response
        part, hundred = part_of(request.endpoint), f"{response.status_code // 100}xx"
        counted.answers.labels(part, hundred).inc()
        counted.seconds.labels(part).observe(time.perf_counter() - g.get("began", 0.0))
        pool: Any = db.engine.pool
        if isinstance(pool, QueuePool):
            counted.connections.set(pool.checkedout())
        return response


def exposed(app: Flask) -> bytes:
    """Return everything as Prometheus reads it: what was counted, and what is looked up now."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    counted = meters().registry
    if SHARED_FOLDER in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    looked_up = CollectorRegistry()
    looked_up.register(_LookedUp(app))
    return generate_latest(counted) + generate_latest(looked_up)


class _LookedUp:
    """Looks up what capabilities offer; a part that cannot be looked up is left out, and said."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def collect(self) -> Iterator[Any]:
        """Yield a family for each name."""
        from prometheus_client.core import GaugeMetricFamily

        families: dict[str, Any] = {}
        failed = 0
        with self.app.app_context(), reading():
            for offer in contributions.gather(CONTRIBUTION):
                for one in _read(offer):
                    if one is None:
                        failed += 1
                        continue
                    labels = ["of"] if one.label else []
                    if one.name not in families:
                        families[one.name] = GaugeMetricFamily(one.name, one.words, labels=labels)
                    families[one.name].add_metric([one.label] if one.label else [], one.value)
        yield from families.values()
        yield GaugeMetricFamily(
            "improve_readings_failed", "Readings that could not be looked up just now", value=failed
        )

    def describe(self) -> list[Any]:
        """Return nothing: what there is, is known when it is asked for."""
        return []


def _read(offer: Callable[[], list[Reading]]) -> list[Reading | None]:
    """Return what was offered; a single None where the database could not say."""
    try:
        return [*offer()]
    except Exception:  # the counts are wanted most when something is down
        return [None]
    finally:
        db.session.rollback()
