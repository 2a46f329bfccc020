"""Pages of privacy run few statements, whatever there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.shared.db import db
from tests.factories import Cast, finish_cycle
from tests.pages import Visitor
from tests.statements import Watch

#: The session's own statement is one of them.
MOST = 8


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_at_most_eight_statements(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], statements: Watch
) -> None:
    with app.app_context():
        finish_cycle(cast, "adopt", title="Photos first")
        db.session.commit()
    lead = visit(cast.data_protection_lead)
    person = f"/admin/privacy/people/{cast.practitioner}"
    for path in (
        *("/admin/privacy", "/admin/privacy/data", "/admin/privacy/times", "/admin/privacy/facts"),
        *("/admin/privacy/find", "/admin/privacy/erased", "/admin/privacy/dpia"),
        *("/admin/privacy/records", "/me/data", person, f"{person}/erase"),
        *("/privacy", "/privacy/larchdale-council", "/accessibility/larchdale-council"),
    ):
        with statements() as seen:
            assert lead.get(path).status == 200
        assert len(seen) <= MOST, (path, len(seen))
