"""A worker signs in with the account that they use at work, and out of it again, by clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from improve.accounts import service
from improve.accounts.oidc import provider_calls
from improve.accounts.roles import Role
from improve.shared.db import db
from tests.accounts.own_issuer import Issuer, running_issuer
from tests.browser.conftest import Person, Site

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
People = Callable[..., Person]


@pytest.fixture
def issuer(site: Site) -> Iterator[Issuer]:
    """The council's own sign-in, where Priya is signed in; social workers have a part here."""
    with running_issuer() as made:
        provider_calls.forget()
        made.person = {
            "sub": "s-1",
            "email": "priya.shah@larchdale.example",
            "name": "Priya Shah",
            "groups": ["social-workers"],
        }
        named = made.provider(
            council="larchdale-council", admits="groups", domains=("larchdale.example",)
        )
        before = {key: site.app.config[key] for key in ("OIDC_PROVIDERS", "BASE_URL")}
        site.app.config.update(OIDC_PROVIDERS=(named,), BASE_URL=site.url)
        yield made
        site.app.config.update(before)


@pytest.mark.security(22, 46)
def test_sign_in_with_the_account_of_the_council(
    site: Site, people: People, issuer: Issuer
) -> None:
    priya = people(width=390)
    page = priya.page
    priya.open("/sign-in")
    priya.check_with_axe()
    priya.goes(page.get_by_role("link", name="Sign in with your council account"))
    priya.goes(page.get_by_role("link", name="It is me"))
    priya.sees("You have no part here yet", "Larchdale Council knows your account")
    priya.check_with_axe()
    with site.app.app_context():
        service.add_group_role(
            site.cast.actor("administrator"),
            group="social-workers",
            label="Social workers",
            role=Role.PRACTITIONER,
            team_id=site.cast.team,
            service_id=None,
        )
        db.session.commit()
    priya.goes(page.get_by_role("link", name="Back to the sign-in page"))
    priya.goes(page.get_by_role("link", name="Sign in with your council account"))
    priya.goes(page.get_by_role("link", name="It is me"))
    priya.sees("Signed in as Priya Shah")
    priya.open("/me/settings")
    priya.goes(page.get_by_role("link", name="My council account"))
    priya.sees("You can sign in with your council account")
    priya.sends("Sign out")
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    priya.check_with_axe()
    priya.goes(page.get_by_role("link", name="Also sign out of your council account"))
    priya.sees("Signed out")


def test_without_script_one_button_leads_on(site: Site, people: People, issuer: Issuer) -> None:
    with site.app.app_context():
        service.add_group_role(
            site.cast.actor("administrator"),
            group="social-workers",
            label="",
            role=Role.COACH,
            team_id=None,
            service_id=None,
        )
        db.session.commit()
    priya = people(width=390, javascript=False)
    page = priya.page
    priya.open("/sign-in/larchdale-council")
    priya.goes(page.get_by_role("link", name="Sign in with your council account"))
    priya.goes(page.get_by_role("link", name="It is me"))
    expect(page.get_by_role("heading", name="Almost there")).to_be_visible()
    priya.sends("Go on")
    priya.sees("Signed in as Priya Shah")
