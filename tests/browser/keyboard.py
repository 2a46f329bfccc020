"""A person who uses nothing but the keyboard, and who sees at each press where they are."""

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
#: Which page this is, and whether something on it has the focus.
_FOCUS = "() => [performance.timeOrigin, document.activeElement !== document.body]"
#: What is wrong with how one sees what has the focus, and how much Tab is still to come to. The ring is
#: drawn round the thing itself, its label, or the box that it stands in, and nothing lies over it.
_SEEN = """() => [(() => {
    const node = document.activeElement;
    if (!node || node === document.body || node === document.documentElement) return "";
    delete node.dataset.tabIsDue;
    const box = node.parentElement, words = node.outerHTML.slice(0, 120);
    const ringed = [node, ...(node.labels || []), box, box.parentElement].find((near) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(near);
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
    if (!ringed) return `no ring is seen round ${words}`;
    const looks = [...ringed.getClientRects()].filter((one) => one.width > 1 && one.height > 1)
        .flatMap((one) => [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].map(([x, y]) =>
            document.elementFromPoint(one.left + one.width * x, one.top + one.height * y)));
    const isSeen = looks.some((top) => top && (ringed.contains(top) ||
        (top.contains(ringed) && top !== document.body && top !== document.documentElement)));
    return isSeen ? "" : `one does not see ${words}`;
})(), document.querySelectorAll("[data-tab-is-due]").length]"""
#: Marks what Tab should come to: all that can be pressed or filled in, and one of a group of choices.
_MARK_DUE = """() => document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
).forEach((node) => {
    const group = node.type !== "radio" ? [node] : [...document.getElementsByName(node.name)]
        .filter((one) => one.form === node.form);
    const isStop = node === (group.find((one) => one.checked) || group[0]);
    const isOpen = document.querySelector("dialog[open]")?.contains(node) ?? true;
    if (isStop && isOpen && node.tabIndex >= 0 && !node.disabled && node.checkVisibility())
        node.dataset.tabIsDue = "";
})"""
_STILL_DUE = """() => [...document.querySelectorAll("[data-tab-is-due]")]
    .map((node) => node.outerHTML.slice(0, 120))"""


class Keyboard:
    """Reaches things by Tab, presses them by Enter or Space, and types."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page

    def tab(self) -> int:
        """Press Tab, and see where one is; return how much it is still to come to."""
        self.page.keyboard.press("Tab")
        fault, still_due = self.page.evaluate(_SEEN)
        assert not fault, f"{fault} on {self.page.url}"
        return int(still_due)

    def reach(self, thing: Locator) -> None:
        """Press Tab until ``thing`` has the focus, as somebody without a mouse must."""
        thing.wait_for(state="attached")
        self.person.settle()
        for _ in range(LONGEST_WAY):
            if thing.evaluate("node => node === document.activeElement"):
                return
            self.tab()
        raise AssertionError(f"{thing} cannot be reached by keyboard on {self.page.url}")

    def reach_everything(self) -> None:
        """Walk the whole page by Tab: nothing is left out, nothing is a trap, all is seen."""
        self.person.settle()
        self.page.evaluate(_MARK_DUE)
        for _ in range(2 * LONGEST_WAY):
            if not self.tab():
                return
        raise AssertionError(f"by Tab one never comes to {self.page.evaluate(_STILL_DUE)}")

    def leave(self, back_to: Locator) -> None:
        """Press Escape: what was open closes, and the focus is on what it was opened by."""
        self.page.keyboard.press("Escape")
        expect(back_to).to_be_focused()

    def enter(self) -> None:
        """Press Enter and wait for what it leads to: another page, or a dialog opened or closed."""
        before, [page, _has_focus] = self._place(), self.page.evaluate(_FOCUS)
        self.page.keyboard.press("Enter")
        self.person.until(lambda: self._place() not in (None, before), "Enter led nowhere")
        # A new page begins at its top; on the same one somebody would have lost their place.
        self.person.until(
            lambda: self.page.evaluate(_FOCUS) != [page, False], "nothing has the focus after Enter"
        )

    def _place(self) -> object:
        self.person.settle()
        return self.page.evaluate(_PLACE)

    def follow(self, name: str, *, exact: bool = True) -> None:
        """Reach a link and press Enter."""
        self.reach(self.page.get_by_role("link", name=name, exact=exact).first)
        self.enter()

    def jump(self, name: str, *, to: Locator, exact: bool = True) -> None:
        """Reach a link within the page and press Enter: where it leads has the focus then."""
        self.reach(self.page.get_by_role("link", name=name, exact=exact).first)
        self.page.keyboard.press("Enter")
        expect(to).to_be_focused()

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
            self.tab()
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
        self.tab()
        self.page.keyboard.insert_text(password)
        self.enter()
        expect(self.page).not_to_have_url(re.compile("/sign-in"))
