"""Ways in which people look at a page: enlarged, on paper, in the colours that they set in their system.

Each raises where something is cut off, lies beyond the edge or cannot be told from its ground.
"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Person, enlarge_text

#: Words that are not wholly seen: beyond the edge of the window, or of a box that hides what is beyond
#: its own. What moves sideways by itself, as wide tables do, and what is only spoken are no such words.
_CUT = """() => {
    const found = [], width = document.documentElement.clientWidth;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const isSpoken = (style) => style.clipPath.startsWith("inset(50%");
    for (let node; (node = walker.nextNode()); ) {
        const own = node.parentElement;
        if (!node.data.trim() || !own.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
            continue;
        if (own.closest("select, textarea, option, script, style, svg, [hidden], [aria-hidden=true]")) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = range.getBoundingClientRect();
        if (!box.width || !box.height) continue;
        let isFree = true, why = "";
        for (let at = own; at && at !== document.body; at = at.parentElement) {
            const style = getComputedStyle(at);
            if (isSpoken(style)) { isFree = false; break; }
            if (/auto|scroll/.test(style.overflowX + style.overflowY)) { isFree = false; break; }
            // Shortened after so many lines, and saying so by its dots: it stands whole elsewhere.
            if (style.webkitLineClamp !== "none") { isFree = false; break; }
            if (/hidden|clip/.test(style.overflowX)) {
                const edge = at.getBoundingClientRect();
                if (box.right > edge.right + 1 || box.left < edge.left - 1) why = at.className || at.tagName;
            }
            if (/hidden|clip/.test(style.overflowY)) {
                const edge = at.getBoundingClientRect();
                if (box.bottom > edge.bottom + 2 || box.top < edge.top - 2) why = at.className || at.tagName;
            }
            if (style.position === "fixed") break;
        }
        if (isFree && box.right > width + 1 && box.left < width) why = "window";
        if (isFree && why) found.push(`“${node.data.trim().slice(0, 40)}” (${why})`);
    }
    return found;
}"""
#: How much of the window stays while the page moves under it.
_FIXED = """() => Math.round([...document.querySelectorAll("body *")]
    .filter((node) => ["fixed", "sticky"].includes(getComputedStyle(node).position) && node.checkVisibility()
        && node.getBoundingClientRect().width > innerWidth / 2 && node.getBoundingClientRect().height < innerHeight)
    .reduce((sum, node) => sum + node.getBoundingClientRect().height, 0) / innerHeight * 100)"""


#: How wide the page may be on its paper, in pixels: what its own rules for paper say last.
_PAPER = """() => {
    const paper = { size: "", left: 15, right: 15 };
    const read = (rules) => [...rules].forEach((rule) => {
        if (rule instanceof CSSPageRule) {
            const { size, marginLeft, marginRight } = rule.style;
            if (size) paper.size = size;
            if (marginLeft) Object.assign(paper, { left: parseFloat(marginLeft), right: parseFloat(marginRight) });
        } else if (rule.cssRules && (!rule.media || matchMedia(rule.media.mediaText).matches)) read(rule.cssRules);
    });
    [...document.styleSheets].forEach((sheet) => read(sheet.cssRules));
    const wide = paper.size.includes("landscape") ? 297 : 210;
    return Math.round((wide - paper.left - paper.right) * 96 / 25.4);
}"""


def looks_at_paper(person: Person) -> None:
    """See the page as it stands as it comes out on its paper, between the margins."""
    person.page.emulate_media(media="print")
    person.page.set_viewport_size({"width": person.measures(_PAPER), "height": 900})


def check_nothing_is_cut(person: Person, name: str) -> None:
    """Raise if words are not wholly seen."""
    found = person.measures(_CUT)
    assert not found, f"{name} cuts off {', '.join(found[:5])}"


def check_zoomed(person: Person, name: str) -> None:
    """Look at the page as it stands at 400%: a window of 1280 by 1024 is one of 320 by 256."""
    person.looks_at(320, height=256)
    person.check_fits(f"{name} at 400%")
    check_nothing_is_cut(person, f"{name} at 400%")
    stays = person.measures(_FIXED)
    assert stays <= 50, f"{stays}% of the window stays at 400% on {name}"


def check_large_text(person: Person, name: str) -> None:
    """Look at the page as it stands with text twice as large, as set in the browser."""
    person.looks_at(1280)
    enlarge_text(person, 200)
    try:
        person.check_fits(f"{name} with text of 200%")
        check_nothing_is_cut(person, f"{name} with text of 200%")
    finally:
        enlarge_text(person, 100)


def check_on_paper(person: Person, name: str) -> None:
    """Look at the page as it stands on its paper: no ways to other pages, nothing cut."""
    try:
        looks_at_paper(person)
        for ways in ("Main", "On this phone", "Back", "More pages"):
            expect(person.page.get_by_role("navigation", name=ways)).not_to_be_visible()
        person.check_fits(f"{name} on paper")
        check_nothing_is_cut(person, f"{name} on paper")
    finally:
        person.page.emulate_media(media="screen")


def check_forced_colours(person: Person, name: str) -> None:
    """Look at the page as it stands in the colours of the system."""
    person.looks_at(1440)
    person.page.emulate_media(forced_colors="active")
    try:
        person.check_with_axe(f"{name} in forced colours", colours_only=True)
    finally:
        person.page.emulate_media(forced_colors="none")
