"""One's own password, asked again for what matters: wrong ones are counted wherever it is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from improve.shared import clock
from tests.accounts.phones import Visit
from tests.conftest import NOW
from tests.factories import PASSWORD, Cast, make_cast

NEW = "wobbly lanterns drift north"


@pytest.fixture
def people(lay: Callable[[str, Callable[[], Cast]], Cast]) -> Cast:
    """The cast, each with a password."""
    return lay("cast with passwords", lambda: make_cast(PASSWORD))


@pytest.mark.security(37, 40)
@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        ("/me/password", "current_password", {"password": NEW}),
        ("/me/details", "password", {"email": "amina@elsewhere.example"}),
        ("/me/second-factor", "password", {}),
        ("/confirm-password", "password", {}),
    ],
)
def test_wrong_passwords_are_counted_and_the_wait_grows(
    visit: Visit, people: Cast, path: str, field: str, more: dict[str, str]
) -> None:
    amina = visit(people.practitioner)
    form = amina.get(path).form(path)
    statuses = [amina.send(form, {field: f"wrong {n}", **more}).status for n in range(4)]
    assert statuses == [422, 422, 422, 429]
    page = amina.send(form, {field: PASSWORD, **more})
    assert (page.status, page.errors) == (429, ["Wait 2 seconds and try again."])
    with clock.moved(NOW.replace(second=NOW.second + 3)):
        assert amina.send(form, {field: PASSWORD, **more}, follow=False).status == 303


def test_a_name_alone_asks_for_no_password_and_waits_for_none(visit: Visit, people: Cast) -> None:
    amina = visit(people.practitioner)
    form = amina.get("/me/details").form("/me/details")
    for number in range(4):
        amina.send(form, {"email": "amina@elsewhere.example", "password": f"wrong {number}"})
    assert amina.send(form, {"job_title": "Social worker"}, follow=False).status == 303
