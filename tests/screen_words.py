"""The words that people read: lifted out of the templates, the code and the scripts, without running them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment

TOP = Path(__file__).resolve().parents[1]
#: What stands where a page puts in a name or a number; it is read as one short word.
FILLED_IN = "{x}"
#: Splits a sentence that a template says in one of two ways.
_OTHERWISE = "\x00"
_BLOCKS = {
    "address", "article", "aside", "button", "caption", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "head", "header", "hr", "label", "legend", "li", "main",
    "nav", "ol", "option", "p", "pre", "section", "select", "summary", "table", "tbody", "td", "template",
    "textarea", "tfoot", "th", "thead", "title", "tr", "ul", "br", "svg", "text", "desc", "output", "input",
}  # fmt: skip
_SAID = {"alt", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "content",
         "data-confirm", "label", "placeholder", "title", "summary"}  # fmt: skip
#: Whose text is no sentence: what a machine reads, what somebody types.
_NOT_SAID = {"code", "kbd", "script", "style", "path"}
#: Calls that draw something and say nothing themselves.
_DRAWN = re.compile(r"\b(icon|ring|csrf_token|super|caller|verdict_icon|url_for)\b")
#: Calls of code whose words no person at the screen reads.
_UNREAD = {
    "getLogger", "debug", "info", "warning", "exception", "error", "text", "compile", "CheckConstraint", "DDL", "Index",
    "RuntimeError", "AssertionError", "TypeError", "LookupError", "KeyError", "sub", "split", "strftime", "replace",
    "startswith", "endswith", "TypeVar", "match", "fullmatch", "search", "findall", "finditer", "NotFound",
}  # fmt: skip
_SQL = re.compile(r"^\s*(SELECT|UPDATE|INSERT|DELETE|CREATE|DROP|PRAGMA|ALTER|BEGIN|SET|GRANT|REVOKE|WITH|COPY|VACUUM|ANALYZE)\b")  # fmt: skip
_ENVIRONMENT = Environment(extensions=["jinja2.ext.do"])  # noqa: S701 (only reads)


class _Reader(HTMLParser):
    """Gathers the text of each block, and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._block: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if tag in _BLOCKS or {"button", "small"} & {*classes}:
            self.flush()
        self._silent += tag in _NOT_SAID
        is_meta = tag in {"meta", "link"}
        for name, value in attrs:
            if name in _SAID and value and not is_meta:
                self.found += value.split(_OTHERWISE)
            elif tag == "input" and name == "value" and dict(attrs).get("type") == "submit":
                self.found.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
        if tag in _NOT_SAID:
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        self._block.append(FILLED_IN if self._silent and data.strip() else data)

    def flush(self) -> None:
        """End the block that is open."""
        self.found += "".join(self._block).split(_OTHERWISE)
        self._block = []


def _lifted(source: str) -> tuple[str, list[str]]:
    """Return a template without its tags, and what is said inside them."""
    page: list[str] = []
    said: list[str] = []
    inside: list[tuple[str, str]] = []
    for _, kind, value in _ENVIRONMENT.lex(source):
        if kind == "data":
            page.append(value)
        elif kind in {"variable_begin", "block_begin"}:
            inside = []
        elif kind in {"variable_end", "block_end"}:
            words = " ".join(value for _, value in inside)
            if kind == "variable_end":
                page.append("" if _DRAWN.search(words) else FILLED_IN)
            elif words.split()[:1] in (["else"], ["elif"]):
                page.append(_OTHERWISE)
            said += _strings(inside)
        elif kind != "whitespace" and not kind.startswith("comment"):
            inside.append((kind, value))
    return "".join(page), said


def _strings(tokens: list[tuple[str, str]]) -> list[str]:
    """Return what is said in a tag, without names of files, of routes and of fields."""
    names = [value for kind, value in tokens if kind == "name"]
    if names[:1] in (["from"], ["import"], ["include"], ["extends"]):
        return []
    return [
        ast.literal_eval(value)
        for kind, value in tokens
        if kind == "string" and _reads_as_words(value[1:-1])
    ]


def _reads_as_words(value: str) -> bool:
    if not re.search(r"[A-Za-z]", value) or _SQL.match(value) or "<" in value[:1]:
        return False
    if re.match(r"^[A-Z][a-z’]+$", value):
        return True
    if re.match(r"^[\w./:%#?=&{}\[\]()*,;+@|\\^$<>\"'-]*$", value):  # one word: a name of the code
        return False
    return bool(re.search(r"[a-z]{2,}\s|\s[a-z]{2,}", value)) and not re.search(
        r"^[a-z_]+=|\\[sdwb]|^\w+ \w+=|^[\w:]+;|;$|\{[a-z-]+:|\{%|(IS|NOT) NULL| = '|^[a-z-]+/[a-z]+",
        value,
    )


def _tidy(texts: list[str]) -> list[str]:
    """Return texts in one line each, without those that hold nothing to read."""
    tidied = (re.sub(r"\s+", " ", text).strip(" ·|") for text in texts)
    return [
        one
        for one in tidied
        if re.search(r"[A-Za-z]", one.replace(FILLED_IN, "")) and '="' not in one
    ]


@cache
def words_of_template(path: Path) -> tuple[str, ...]:
    """Return every text of a template: blocks, attributes that are read out, words in its tags."""
    page, said = _lifted(path.read_text("utf-8"))
    reader = _Reader()
    reader.feed(page)
    reader.close()
    reader.flush()
    return tuple(_tidy([*reader.found, *said]))


@cache
def words_of_module(path: Path) -> tuple[str, ...]:
    """Return what a module says: its strings of words, but for docstrings and what only it reads."""
    tree = ast.parse(path.read_text("utf-8"))
    return tuple(_tidy([line for text in _said_by(tree) for line in text.splitlines()]))


def _said_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        parts = [
            str(part.value) if isinstance(part, ast.Constant) else FILLED_IN for part in node.values
        ]
        if _reads_as_words("".join(parts)):
            yield "".join(parts)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from _said_by(part.value)
        return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and _reads_as_words(node.value):
            yield node.value
        return
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
        return
    if isinstance(node, ast.Call) and _name(node.func) in _UNREAD:
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Subscript):
        yield from _said_by(node.value)
        return
    for field in node._fields:
        if field not in {"annotation", "returns", "ctx", "op", "ops", "names"}:
            value = getattr(node, field)
            for child in value if isinstance(value, list) else (value,):
                if isinstance(child, ast.AST) and not isinstance(child, ast.Name):
                    yield from _said_by(child)


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


#: What a script says: a text in quotes that begins as a sentence does and has a second word.
_SAID_BY_SCRIPT = re.compile(r"""(["'`])([A-Z“][a-z’ ][^"'`\n]*? [^"'`\n]*?)\1""")


def words_of_script(path: Path) -> tuple[str, ...]:
    """Return the texts of a script of ours, names and numbers in them as one short word."""
    code = re.sub(r"^\s*//.*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
    return tuple(
        re.sub(r"\$\{[^}]*\}", FILLED_IN, text) for _, text in _SAID_BY_SCRIPT.findall(code)
    )


@cache
def all_texts() -> dict[str, tuple[str, ...]]:
    """Return the words of every template, module and script that says some, by its path.

    What the invented council's people write is theirs, and the steps of the database say nothing.
    """
    templates = {path: words_of_template(path) for path in (TOP / "templates").rglob("*.html")}
    plain = {path: words_of_template(path) for path in (TOP / "templates").rglob("*.txt")}
    modules = {
        path: words_of_module(path)
        for path in (TOP / "improve").rglob("*.py")
        if not {"migrations", "demo"} & set(path.relative_to(TOP / "improve").parts)
    }
    scripts = {path: words_of_script(path) for path in (TOP / "static/js").glob("*.js")}
    found = (
        templates
        | plain
        | modules
        | scripts
        | {TOP / "config.py": words_of_module(TOP / "config.py")}
    )
    return {str(path.relative_to(TOP)): words for path, words in sorted(found.items()) if words}


_ABBREVIATED = re.compile(r"\b(Mr|Mrs|Dr|St|No|vs)\.")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    joined = _ABBREVIATED.sub(r"\1", text)
    return [one.strip() for one in re.split(r"(?<=[.?!:;])[”)]?\s+|\n", joined) if one.strip()]
