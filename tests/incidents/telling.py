"""Somebody fills the form of a report in, page by page, from either door."""

from __future__ import annotations

from improve.incidents.factors import NOT_SURE
from improve.incidents.journey import NEEDED, Step
from improve.incidents.kinds import Kind, Safe
from tests.pages import Page, Visitor

#: More pages than the form has: whoever gets so far goes round in circles.
_MOST = 20
HAPPENED = "The first worker had the plan, and the school did not."


def answer(visitor: Visitor, page: Page, said: str = HAPPENED) -> Page:
    """Answer the question on the page: the first of its choices, ``said`` in words; skip if one may."""
    form = page.form()
    labels = [" ".join(button.get_text().split()) for button in form.node.find_all("button")]
    changed: dict[str, object] = {}
    for control in form.node.find_all(["input", "textarea"]):
        name, kind = str(control.get("name", "")), str(control.get("type", "text")).lower()
        if kind in {"radio", "checkbox"} and name not in changed:
            changed[name] = str(control["value"])
        elif control.name == "textarea":
            changed[name] = said
    skip = next((label for label in labels if label.startswith("Skip")), None)
    return visitor.send(form, {} if skip else changed, button=skip or labels[0])


def tell(visitor: Visitor, page: Page | None = None, said: str = HAPPENED) -> str:
    """Tell it from the first page to the last, and return the eight words to come back with."""
    page = page or visitor.get("/reports/tell")
    page = visitor.send(page.form(button="Start"), button="Start")
    for _ in range(_MOST):
        if page.heading.startswith("Thank you"):
            words = page.soup.select("#receipt")
            return " ".join(words[0].get_text(" ").split())
        if page.links("Go on as it is") and not page.soup.find("main").find("textarea"):  # type: ignore[union-attr]
            page = visitor.follow(page, "Go on as it is")
            continue
        page = answer(visitor, page, said)
    raise AssertionError(f"the form has no end: {page.heading}")


def tell_at_once(visitor: Visitor, group_id: int) -> None:
    """Send the answers that are needed, one after the other, and read no question between."""
    said = {
        Step.SAFE: {"choice": Safe.YES.value},
        Step.KIND: {"choice": Kind.NEAR_MISS.value},
        Step.HAPPENED: {"words": HAPPENED},
        Step.FACTORS: {"ticks": NOT_SURE},
        Step.HELPED: {"words": HAPPENED},
        Step.GROUP: {"choice": str(group_id)},
    }
    assert set(said) == set(NEEDED)
    token = {"csrf_token": visitor.csrf_token()}
    visitor.client.post("/reports/tell", data=token).close()
    for step in NEEDED:
        visitor.client.post(f"/reports/tell/{step.value}", data={**token, **said[step]}).close()
    page = visitor.post(f"/reports/tell/{Step.CHECK.value}", follow=True)
    assert page.heading.startswith("Thank you"), page.heading
