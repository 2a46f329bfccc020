"""A person who uses nothing but the keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Person

#: More presses of Tab than any page needs; past them the thing cannot be reached.
LONGEST_WAY = 160
#: Which page this is and what its dialog asks; nothing while either is still to come. A dialog takes
#: the focus when it opens: before that, Tab would walk on behind it.
_PLACE = """() => {
    const dialog = document.querySelector("dialog"), asked = document.querySelector("#dialog-body");
    const isThere = document.querySelector("main") &&
        (!asked?.firstElementChild || (dialog.open && dialog.contains(document.activeElement)));
    return isThere ? [performance.timeOrigin, asked?.textContent] : null;
}"""


class Keyboard:
    """Reaches things by Tab, presses them by Enter or Space, and types."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page

    def reach(self, thing: Locator) -> None:
        """Press Tab until ``thing`` has the focus, as somebody without a mouse must."""
        thing.wait_for(state="attached")
        self.person.settle()
        for _ in range(LONGEST_WAY):
            if thing.evaluate("node => node === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{thing} cannot be reached by keyboard on {self.page.url}")

    def enter(self) -> None:
        """Press Enter and wait for what it leads to: another page, or a dialog opened or closed."""
        before = self._place()
        self.page.keyboard.press("Enter")
        self.person.until(lambda: self._place() not in (None, before), "Enter led nowhere")

    def _place(self) -> object:
        self.person.settle()
        return self.page.evaluate(_PLACE)

    def follow(self, name: str, *, exact: bool = True) -> None:
        """Reach a link and press Enter."""
        self.reach(self.page.get_by_role("link", name=name, exact=exact).first)
        self.enter()

    def press(self, name: str, *, exact: bool = True) -> None:
        """Reach a button and press Enter."""
        self.reach(self.page.get_by_role("button", name=name, exact=exact).first)
        self.enter()

    def type(self, label: str, words: str, *, exact: bool = True) -> None:
        """Reach a field by its label and type; what stood there is written over."""
        self.type_into(self.page.get_by_role("textbox", name=label, exact=exact), words)

    def type_into(self, field: Locator, words: str) -> None:
        """Reach a field and type; what stood there is written over."""
        self.reach(field.first)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)
        expect(field.first).to_have_value(words)

    def choose(self, label: str) -> None:
        """Reach a group of radio buttons and move to the one with this label by arrow keys."""
        # A choice's hint is part of its name, after its label.
        named = re.compile(rf"^{re.escape(label)}\b")
        wanted = self.page.get_by_role("radio", name=named).first
        wanted.wait_for(state="attached")
        self.person.settle()
        group_name = wanted.get_attribute("name")
        group = self.page.locator(f"input[type=radio][name='{group_name}']")
        for _ in range(LONGEST_WAY):
            if group.evaluate_all("nodes => nodes.includes(document.activeElement)"):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"the choice “{label}” cannot be reached on {self.page.url}")
        self.page.keyboard.press("Space")
        for _ in range(group.count() + 1):
            # Where a choice changes what is asked, the form comes anew, with the focus on the choice.
            self.person.settle()
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"“{label}” cannot be chosen by arrow keys on {self.page.url}")

    def tick(self, label: str) -> None:
        """Reach a tick box and press Space."""
        named = re.compile(rf"^{re.escape(label)}\b")
        box = self.page.get_by_role("checkbox", name=named).first
        self.reach(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def select(self, label: str, option: str) -> None:
        """Reach a list and type the first letters of the option, as keyboards do."""
        box = self.page.get_by_role("combobox", name=label, exact=True).first
        self.reach(box)
        self.page.keyboard.type(option, delay=5)
        expect(box.locator("option:checked")).to_have_text(re.compile(f"^{re.escape(option)}"))

    def sign_in(self, email: str, password: str) -> None:
        """Sign in from the address bar on."""
        self.person.open("/sign-in")
        self.type("E-mail", email)
        self.page.keyboard.press("Tab")
        self.page.keyboard.insert_text(password)
        self.enter()
        expect(self.page).not_to_have_url(re.compile("/sign-in"))
