"""Pages as people meet them: parsed, checked by the house rules, and walked by links and forms.

Every page that a test fetches is checked; a failing check says how to mend the page.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from lxml import etree
from werkzeug.test import TestResponse

from tests import databases
from tests.factories import token_for

_SPACE = re.compile(r"\s+")
#: To parse a page for its token takes longer than to make it.
_TOKEN = re.compile(r'<input\b[^>]*\bname="csrf_token"[^>]*\bvalue="([^"]*)"')
_VOID_PROBLEMS = {
    # html5lib knows no dialog or search element older than itself; both are fine.
    "expected-doctype-but-got-start-tag",
}

# To build what Beautiful Soup offers takes as long as the application takes to draw the page. What
# most tests ask, and every check, is asked of the tree that it builds from.
#: What stands in these is not read.
_SILENT = ("script", "style", "template", "rt", "rp")
_STRINGS = etree.XPath("descendant::text()", smart_strings=False)
_READ = etree.XPath(
    f"descendant::text()[not({' or '.join(f'ancestor::{name}' for name in _SILENT)})]",
    smart_strings=False,
)
_NAMED = etree.XPath("descendant-or-self::*[@name = $name]")
_ID = etree.XPath("descendant-or-self::*[@id = $id]")
_CLASS = etree.XPath(
    "descendant-or-self::*[contains(concat(' ', normalize-space(@class), ' '), $padded)]"
)


def tree_of(body: str) -> etree._Element:
    """Return a page or a part of one as a tree; an empty one, if nothing stands in it."""
    parser = etree.HTMLParser()
    parser.feed(body)
    tree = parser.close()
    return etree.Element("html") if tree is None else tree


def _strings(node: etree._Element) -> list[str]:
    is_all_read = next(node.iter(*_SILENT), None) is None
    return list((_STRINGS if is_all_read else _READ)(node))


def words(node: Tag | etree._Element | None) -> str:
    """Return the text of ``node`` as a person reads it: single spaces, plain ones."""
    if node is None:
        return ""
    said = node.get_text(" ") if isinstance(node, Tag) else " ".join(_strings(node))
    return _SPACE.sub(" ", said.replace("\u00a0", " ")).strip()


class PageFault(AssertionError):
    """A page breaks a rule of the house."""


@dataclass
class SentForm:
    """A form on a page: where it goes and what it holds, as a browser would send it."""

    action: str
    method: str
    values: list[tuple[str, str]]
    form: etree._Element
    #: Where it stands: how many forms come before it on the page.
    page: Page
    number: int

    @property
    def node(self) -> Tag:
        """The form, to look for more in."""
        found: Tag = self.page.soup.find_all("form")[self.number]
        return found

    def with_values(
        self, changed: dict[str, Any], button: str | None = None
    ) -> list[tuple[str, str]]:
        """Return the fields to send: what stands in the form, changed, and the pressed button.

        A field that the form does not have is an error: a person could not fill it in. ``None``
        leaves a field out, a list sends it several times.
        """
        names = {
            control.get("name")
            for control in self.form.iter("input", "select", "textarea", "button")
            if control.get("name")
        }
        unknown = set(changed) - names
        if unknown:
            raise PageFault(
                f"the form to {self.action} has no field {sorted(unknown)}; it has {sorted(names)}"
            )
        kept = [(name, value) for name, value in self.values if name not in changed]
        for name, value in changed.items():
            if value is None:
                continue
            for one in value if isinstance(value, list) else [value]:
                kept.append((name, one))
        if button is not None:
            pressed = self.button(button)
            if pressed.get("name"):
                kept.append((pressed.get("name"), pressed.get("value", "")))
        return kept

    def button(self, label: str) -> etree._Element:
        """Return the button whose words are ``label``."""
        for control in _buttons_of(self.form):
            if _is_called(control, label):
                return control
        have = [words(b) for b in _buttons_of(self.form)]
        raise PageFault(f"no button “{label}” in the form to {self.action}; it has {have}")


class GoodPages:
    """Pages that broke no rule, as digests; the workers of a run tell each other."""

    def __init__(self) -> None:
        self._known: set[bytes] = set()
        self._read = 0

    @staticmethod
    def _file() -> Path | None:
        folder = os.environ.get(databases.RUN_FOLDER)
        return Path(folder) / "good-pages" if folder else None

    def __contains__(self, mark: bytes) -> bool:
        """Return whether any worker found it good."""
        if mark not in self._known and (file := self._file()) and file.exists():
            with file.open("rb") as told:
                told.seek(self._read)
                new = told.read()
            size = sha256().digest_size
            whole = len(new) // size * size
            self._read += whole
            self._known.update(new[at : at + size] for at in range(0, whole, size))
        return mark in self._known

    def add(self, mark: bytes) -> None:
        """Note it, and tell the others."""
        self._known.add(mark)
        if file := self._file():
            with file.open("ab", buffering=0) as told:
                told.write(mark)


#: Those of this run, by what the rules look at: the status, whether it is a part, and the bones. The
#: same page – for the other engine, for the next role, with other words – is judged once.
_good_pages = GoodPages()
#: Words between tags. For every rule they are there or not; which they are counts in the title and the
#: heading alone. References, hyphens (they may end a comment) and odd letters stay for the parser.
_WORDS = re.compile(r">(?!\s*<)[^<>&\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f-]+(?=<)")
_TITLES = re.compile(r"(<title>.*?</title>|<h1\b.*?</h1>)", re.DOTALL)
_TITLED = re.compile(r"<title>([^<>]*)</title>.*?<h1\b[^<>]*>\s*([^<>&]+?)\s*</h1>", re.DOTALL)
#: Attributes whose value no rule reads, and links that lead to no part of the page.
_VALUES = re.compile(
    r" (?!(?:id|for|name|type|class|method|lang|rel|aria-(?:labelledby|describedby|controls))=)"
    r'([\w:.-]+)="(?!#)[^"<>&\x00]+"'
)


def bones(body: str) -> str:
    """Return a page without the words and values that no rule looks at."""
    parts = _TITLES.split(body)
    if (titled := _TITLED.search(body)) and titled[2] in titled[1]:
        parts[1::2] = [part.replace(titled[2], "Heading") for part in parts[1::2]]
    parts[::2] = [_VALUES.sub(r' \1="x"', _WORDS.sub(">x", part)) for part in parts[::2]]
    return "".join(parts)


@dataclass
class Page:
    """One answer, checked, and parsed when asked. Parts sent to htmx are checked as parts."""

    response: TestResponse
    path: str
    is_part: bool = False

    def __post_init__(self) -> None:
        """Check."""
        if self.response.mimetype != "text/html" or self.status == 204 or 300 <= self.status < 400:
            return
        body = bones(self.response.get_data(as_text=True))
        mark = sha256(f"{self.status} {self.is_part} {body}".encode()).digest()
        if mark not in _good_pages:
            check_page(self)
            _good_pages.add(mark)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """What the answer says, parsed; nothing, if it is no text."""
        return BeautifulSoup(self._body, "lxml")

    @cached_property
    def tree(self) -> etree._Element:
        """The same, as it is asked most quickly."""
        return tree_of(self._body)

    @property
    def _body(self) -> str:
        is_words = self.response.mimetype.startswith("text/")
        return self.response.get_data(as_text=True) if is_words else ""

    def _first(self, name: str) -> etree._Element | None:
        return next(self.tree.iter(name), None)

    @property
    def status(self) -> int:
        """Status of the answer."""
        return self.response.status_code

    @property
    def text(self) -> str:
        """All words of the page."""
        body = self._first("body")
        return words(self.tree if body is None else body)

    @property
    def main(self) -> str:
        """The words of the page's main part."""
        return words(self._first("main"))

    @property
    def heading(self) -> str:
        """The page's one heading."""
        return words(self._first("h1"))

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        return words(self._first("title"))

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        summary = _CLASS(self.tree, padded=" error-summary ")
        return [words(line) for line in summary[0].iter("li")] if summary else []

    def error_for(self, name: str) -> str:
        """Return the error that stands by the field ``name``, found as a screen reader finds it."""
        controls = _NAMED(self.tree, name=name)
        if not controls:
            raise PageFault(f"no field {name} on {self.path}")
        holder = controls[0]
        while holder is not None and not holder.get("aria-describedby"):
            holder = holder.getparent()
        told = "" if holder is None else holder.get("aria-describedby")
        return " ".join(
            words(found[0])
            for node_id in told.split()
            if "error" in node_id and (found := _ID(self.tree, id=node_id))
        )

    def links(self, label: str | None = None) -> list[Tag]:
        """Return the links, or those with these words."""
        return [
            a
            for a in self.soup.find_all("a", href=True)
            if label is None or words(a) == label or a.get("aria-label") == label
        ]

    def link(self, label: str) -> str:
        """Return where the link with these words leads."""
        links = [a for a in self.tree.iter("a") if a.get("href") is not None]
        found = [a for a in links if _is_called(a, label)]
        if not found:
            raise PageFault(f"no link “{label}” on {self.path}; links: {[words(a) for a in links]}")
        return str(found[0].get("href"))

    def form(self, action: str | None = None, *, button: str | None = None) -> SentForm:
        """Return the form that goes to a path ending in ``action``, or that has this button."""
        for number, form in enumerate(self.tree.iter("form")):
            target, method = form.get("action", self.path), form.get("method", "get").lower()
            if action is not None and not target.split("?", maxsplit=1)[0].endswith(action):
                continue
            if button is not None and not any(_is_called(b, button) for b in _buttons_of(form)):
                continue
            is_any = action is None and button is None
            if is_any and (method == "get" or _is_inside(form, "header", "footer", "nav")):
                continue
            return SentForm(target, method, values_of(form), form, page=self, number=number)
        raise PageFault(f"no form to {action or button or 'anywhere'} on {self.path}")

    def has_form(self, action: str) -> bool:
        """Return whether a form on the page goes to a path ending in ``action``."""
        return any(
            node.get("action", "").split("?")[0].endswith(action) for node in self.tree.iter("form")
        )


def _is_inside(node: etree._Element, *names: str) -> bool:
    return next(node.iterancestors(*names), None) is not None


def _buttons_of(form: etree._Element) -> Iterator[etree._Element]:
    """Yield the buttons that send a form: in it, and those elsewhere that name it."""
    yield from form.iter("button")
    if form.get("id"):
        everywhere = form.getroottree().iter("button")
        yield from (b for b in everywhere if b.get("form") == form.get("id"))


def _is_called(control: etree._Element, label: str) -> bool:
    return words(control) == label or control.get("aria-label") == label


def values_of(form: etree._Element) -> list[tuple[str, str]]:
    """Return what a browser would send of this form as it stands, without a button."""
    values: list[tuple[str, str]] = []
    for control in form.iter("input", "select", "textarea"):
        name = control.get("name")
        if not name or control.get("disabled") is not None:
            continue
        kind = control.get("type", "text").lower()
        if control.tag == "textarea":
            values.append((name, "".join(_strings(control)).removeprefix("\n")))
        elif control.tag == "select":
            options = list(control.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            values += [(name, o.get("value", words(o))) for o in chosen]
        elif kind in {"checkbox", "radio"}:
            if control.get("checked") is not None:
                values.append((name, control.get("value", "on")))
        elif kind not in {"submit", "button", "image", "file", "reset"}:
            values.append((name, control.get("value", "")))
    return values


def check_page(page: Page) -> None:
    """Raise ``PageFault`` with every rule that the page breaks."""
    faults = [*_markup_faults(page), *_content_faults(page)]
    if not page.is_part:
        faults += _whole_page_faults(page)
    if faults:
        raise PageFault(f"{page.path} ({page.status}):\n  " + "\n  ".join(faults))


def _markup_faults(page: Page) -> list[str]:
    body = page.response.get_data(as_text=True)
    parser = html5lib.HTMLParser(strict=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parser.parseFragment(body) if page.is_part else parser.parse(body)
    return [
        f"not well-formed at line {position[0]}: {code} {facts}"
        for position, code, facts in parser.errors
        if code not in _VOID_PROBLEMS
    ][:5]


def _content_faults(page: Page) -> list[str]:
    tree, faults = page.tree, []
    ids = [node.get("id") for node in tree.iter("*") if node.get("id") is not None]
    faults += [
        f"id “{i}” is used twice: ids must be unique" for i in {i for i in ids if ids.count(i) > 1}
    ]
    known = set(ids)
    labelled = {node.get("for") for node in tree.iter("label")}
    for node in tree.iter("*"):
        for name in node.keys():  # noqa: SIM118 - an element is no dictionary
            if name == "style" or name.startswith("on"):
                faults.append(
                    f"<{node.tag} {name}=…>: the content policy forbids it; use a class or a script file"
                )
        for name in ("aria-labelledby", "aria-describedby", "aria-controls"):
            faults += [
                f"{name} names “{told}”, which is not on the page"
                for told in node.get(name, "").split()
                if told not in known and not page.is_part
            ]
        if node.get("title") and node.tag not in {"svg", "iframe", "title"}:
            faults.append(f"<{node.tag} title>: say it in words on the page instead")
    for script in tree.iter("script"):
        if not script.get("src") and script.get("type") not in {"application/json"}:
            faults.append("a script without src: the content policy forbids inline code")
    if next(tree.iter("style"), None) is not None:
        faults.append("a style element: the content policy forbids inline styles")
    for control in tree.iter("input", "select", "textarea"):
        if control.get("type") in {"hidden", "submit"}:
            continue
        is_labelled = (
            control.get("aria-label")
            or control.get("aria-labelledby")
            or _is_inside(control, "label")
            or (control.get("id") and control.get("id") in labelled)
        )
        if not is_labelled:
            faults.append(f"field {control.get('name')} has no label")
    for form in tree.iter("form"):
        if not form.get("method"):
            faults.append("a form without method")
        elif form.get("method").lower() == "post":
            if not form.get("action"):
                faults.append("a form without action")
            if not any(control.get("name") == "csrf_token" for control in form.iter("input")):
                faults.append(f"the form to {form.get('action')} has no csrf_token")
            if form.get("novalidate") is None:
                faults.append(
                    f"the form to {form.get('action')} lacks novalidate: errors are ours to say"
                )
    for clickable in tree.iter("a", "button"):
        if not words(clickable) and not clickable.get("aria-label"):
            shown = etree.tostring(clickable, encoding="unicode", with_tail=False)
            faults.append(f"a {clickable.tag} without words: {shown[:80]}")
    for image in tree.iter("img"):
        if image.get("alt") is None:
            faults.append(f"image {image.get('src')} without alt")
    return faults


#: How the title of a page with errors begins, by the language of the page.
ERROR_MARKS = {"en-GB": "Error: ", "pl": "Błąd: ", "ur": "غلطی: "}


def _whole_page_faults(page: Page) -> list[str]:
    tree, faults = page.tree, []
    # Pages of families are also in the languages of the form.
    is_families = page.path.startswith(("/say/", "/answer", "/changed/"))
    mark = ERROR_MARKS.get(tree.get("lang", "") if is_families else "en-GB", "Error: ")
    if tree.get("lang") not in (ERROR_MARKS if is_families else ("en-GB",)):
        faults.append("html has no lang=en-GB")
    headings = list(tree.iter("h1"))
    if len(headings) != 1:
        faults.append(f"{len(headings)} h1: a page has one")
    elif words(headings[0]) not in page.title:
        faults.append(f"the title “{page.title}” does not hold the heading “{words(headings[0])}”")
    if page.status == 422 and page.errors and not page.title.startswith(mark):
        faults.append(f"a page with errors has a title that starts with “{mark}”")
    level = 0
    for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        now = int(heading.tag[1])
        if now > level + 1 and level:
            faults.append(f"heading “{words(heading)}” jumps from h{level} to h{now}")
        level = now
    if sum(1 for _ in tree.iter("main")) != 1:
        faults.append("a page has one main")
    if not any(link.get("href") == "#main" for link in tree.iter("a")):
        faults.append("no skip link to #main")
    if not _ID(tree, id="announce") and not _CLASS(tree, padded=" plain "):
        faults.append("no live region #announce")
    return faults


class Visitor:
    """Somebody with a browser: keeps cookies, follows links, fills in forms."""

    def __init__(self, app: Flask, person_id: int | None = None) -> None:
        self.app = app
        self.client = app.test_client()
        if person_id is not None:
            with app.app_context():
                self.client.set_cookie("improve", token_for(person_id))

    def get(self, path: str, *, follow: bool = True, htmx: bool = False, **more: Any) -> Page:
        """Fetch and check a page."""
        headers = {**more.pop("headers", {}), **({"HX-Request": "true"} if htmx else {})}
        response = self.client.get(path, follow_redirects=follow, headers=headers, **more)
        return self._page(response, path, htmx)

    def follow(self, page: Page, label: str) -> Page:
        """Follow the link with these words."""
        return self.get(page.link(label))

    def send(
        self,
        form: SentForm,
        changed: dict[str, Any] | None = None,
        *,
        button: str | None = None,
        follow: bool = True,
        htmx: bool = False,
        files: dict[str, Any] | None = None,
    ) -> Page:
        """Send a form as it stands, with some fields changed, by this button."""
        values = form.with_values(changed or {}, button)
        data: dict[str, Any] = {}
        for name, value in values:
            data.setdefault(name, []).append(value)
        action = form.action
        if button is not None:
            action = form.button(button).get("formaction") or action
        headers = {"HX-Request": "true"} if htmx else {}
        if form.method == "get":
            response = self.client.get(
                action, query_string=data, follow_redirects=follow, headers=headers
            )
        else:
            response = self.client.post(
                action, data={**data, **(files or {})}, follow_redirects=follow, headers=headers
            )
        return self._page(response, action, htmx)

    def post(
        self,
        path: str,
        data: dict[str, Any] | None = None,
        *,
        follow: bool = False,
        htmx: bool = False,
    ) -> Page:
        """Send fields that no form on a page offered: for what people could only forge."""
        response = self.client.post(
            path,
            data={"csrf_token": self.csrf_token(), **(data or {})},
            follow_redirects=follow,
            headers={"HX-Request": "true"} if htmx else {},
        )
        return self._page(response, path, htmx)

    def csrf_token(self) -> str:
        """Return a token as a form of this visitor's would carry it."""
        cookie = self.client.get_cookie("improve")
        if cookie is not None:
            # Whoever is signed in has one token on all pages: none need be drawn for it.
            with self.app.test_request_context(headers={"Cookie": f"improve={cookie.value}"}):
                if getattr(session, "live", None) is not None:
                    return str(generate_csrf())
        page = self.client.get(
            "/help" if self.client.get_cookie("improve") else "/sign-in", follow_redirects=True
        )
        found = _TOKEN.search(page.get_data(as_text=True))
        page.close()
        return found[1] if found else ""

    @staticmethod
    def _page(response: TestResponse, path: str, htmx: bool) -> Page:
        location = response.request.path if response.request else path
        page = Page(response, location, is_part=htmx)
        response.close()
        return page
