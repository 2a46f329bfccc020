"""A person who uses nothing but the keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Error, Locator, Page

#: More presses of Tab than any page needs; past them the thing cannot be reached.
LONGEST_WAY = 160


class Keyboard:
    """Reaches things by Tab, presses them by Enter or Space, and types."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, thing: Locator) -> None:
        """Press Tab until ``thing`` has the focus, as somebody without a mouse must."""
        thing.wait_for(state="attached")
        for _ in range(LONGEST_WAY):
            if thing.evaluate("node => node === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{thing} cannot be reached by keyboard on {self.page.url}")

    def enter(self) -> None:
        """Press Enter and wait for what it leads to: another page, or a dialog opened or closed."""
        before = self._place()
        self.page.keyboard.press("Enter")
        for _ in range(100):
            self.page.wait_for_timeout(50)
            now = self._place()
            if now and now != before:
                break
        self.page.wait_for_load_state("load")

    def _place(self) -> object:
        try:
            return self.page.evaluate(
                "() => document.readyState === 'complete' && document.querySelector('main') &&"
                " [performance.timeOrigin, document.querySelector('#dialog-body')?.textContent]"
            )
        except Error:  # between two pages
            return None

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
        field = self.page.get_by_role("textbox", name=label, exact=exact)
        self.reach(field.first)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def choose(self, label: str) -> None:
        """Reach a group of radio buttons and move to the one with this label by arrow keys."""
        # A choice's hint is part of its name, after its label.
        named = re.compile(rf"^{re.escape(label)}\b")
        wanted = self.page.get_by_role("radio", name=named).first
        wanted.wait_for(state="attached")
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

    def select(self, label: str, option: str) -> None:
        """Reach a list and type the first letters of the option, as keyboards do."""
        box = self.page.get_by_role("combobox", name=label, exact=True).first
        self.reach(box)
        self.page.keyboard.type(option, delay=5)
        assert box.evaluate("node => node.selectedOptions[0].text").startswith(option)

    def sign_in(self, url: str, email: str, password: str) -> None:
        """Sign in from the address bar on."""
        self.page.goto(f"{url}/sign-in", wait_until="load")
        self.type("E-mail", email)
        self.page.keyboard.press("Tab")
        self.page.keyboard.insert_text(password)
        self.enter()
