"""8 people move one card at once, 100 times: one wins, the others keep their words."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator

from tests.reliability.councils import faults_of
from tests.reliability.serving import Answer
from tests.reliability.sites import PEOPLE, Site
from tests.reliability.table import Row, Size

_SEEN = re.compile(r'name="version"[^>]*value="(\d+)".*?name="from_stage"[^>]*value="(\w+)"', re.S)


def measure(site: Site, size: Size) -> Iterator[Row]:
    """Let eight people press at the same moment, and look at what each of them got."""
    rounds, idea_id = size.of(100, 5), site.council.ideas[0]
    people = [site.council.colleague(number, site.server) for number in range(PEOPLE)]
    found: list[str] = []
    for person in people:
        person.read_token()
    for number in range(rounds):
        seen = _SEEN.search(people[0].get(f"/ideas/{idea_id}/stage?to=plan").body)
        assert seen is not None
        version, stage = seen[1], seen[2]
        way = "plan" if stage == "do" else "do"
        gate, answers = threading.Barrier(PEOPLE), dict[int, Answer]()

        def move(n: int) -> None:
            gate.wait()  # noqa: B023
            answers[n] = people[n].post(  # noqa: B023
                f"/ideas/{idea_id}/stage", version=version, from_stage=stage, to=way,  # noqa: B023
                asked_for=way, shown="", note=f"round {number} by {n}", confirmed="1",  # noqa: B023
            )  # fmt: skip

        threads = [threading.Thread(target=move, args=(n,)) for n in range(PEOPLE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        statuses = Counter(answer.status for answer in answers.values())
        if statuses != Counter({303: 1, 409: PEOPLE - 1}):
            found.append(f"round {number}: {dict(statuses)}")
        found += [
            f"round {number}: the words of {n} are gone"
            for n, answer in answers.items()
            if answer.status == 409 and f"round {number} by {n}" not in answer.body
        ]
    found += faults_of(site.place)
    yield Row(
        f"{PEOPLE} people move one card at the same moment",
        f"one wins, {PEOPLE - 1} see the conflict page with their words",
        f"{rounds} rounds, {len(found)} faults",
        is_held=not found,
        found=found,
    )
