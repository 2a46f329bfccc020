"""Eight people move one card at the same moment: one wins, seven see the conflict page."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextvars import copy_context

import pytest
from flask import Flask

from improve.accounts.roles import Role
from improve.ideas import queries
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in, make_person
from tests.pages import Page, Visitor

#: The full form is ROUNDS=100; the usual run keeps to a minute.
ROUNDS = int(os.environ.get("ROUNDS", "12"))
PEOPLE = 8


@pytest.mark.security(19)
def test_one_wins_and_seven_keep_their_words(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        idea_id = idea_in(cast, "do")
        managers = [
            make_person(cast.organisation, role=Role.MANAGER, team_id=cast.team)
            for _ in range(PEOPLE)
        ]
        db.session.commit()
    visitors = [visit(person) for person in managers]
    for number in range(ROUNDS):
        # Back and forward by turns, so that one idea lasts for all rounds.
        way, before, after = ("plan", "do", "plan") if number % 2 == 0 else ("do", "plan", "do")
        field = "change_to_try" if way == "do" else "note"
        path = f"/ideas/{idea_id}/stage?to={way}"
        words = [f"round {number}, person {n}: what I typed" for n in range(PEOPLE)]
        forms = [v.get(path).form("/stage") for v in visitors]
        answers: list[Page | None] = [None] * PEOPLE
        gate = threading.Barrier(PEOPLE)

        def move(n: int) -> None:
            gate.wait()  # noqa: B023
            answers[n] = visitors[n].send(forms[n], {field: words[n]}, follow=False)  # noqa: B023

        # Each by the clock of this test: a thread begins with none of its own.
        threads = [
            threading.Thread(target=copy_context().run, args=(move, n)) for n in range(PEOPLE)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        got = [page for page in answers if page is not None]
        statuses = sorted(page.status for page in got)
        assert statuses == [303] + [409] * (PEOPLE - 1), f"round {number} from {before}: {statuses}"
        for n, page in enumerate(answers):
            if page is not None and page.status == 409:
                assert words[n] in page.main, "the words of the one who lost are on the page"
        with app.app_context():
            page = queries.idea_page(actor(managers[0]), idea_id)
            assert page.stage.value == after
            past = queries.history(actor(managers[0]), idea_id)
            moves = [line for line in past if line.kind == "move"]
            db.session.rollback()
        assert len(moves) >= number + 1, "no move is lost and none is doubled"
