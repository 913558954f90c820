"""A strict reading of canonical HTML, written apart from the code that makes it: what must not be there, in words."""

import re
from html.parser import HTMLParser

BLOCKS = {*("p", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "dl", "hr", "figure", "table")}
INSIDE = {*("li", "dt", "dd", "figcaption", "caption", "thead", "tbody", "tfoot", "tr", "td", "th")}
INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "q", "rp", "rt"),
    *("ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var"),
}
COMMON = {"lang": r"[A-Za-z0-9-]{1,60}", "dir": "ltr|rtl|auto", "id": r"fn-[1-9][0-9]*"}
ATTRIBUTES = {
    "a": {
        "href": r"https?://[^\s\"'<>\\]+|mailto:[^\s\"'<>\\]+@[^\s\"'<>\\]*|#fn-[1-9][0-9]*",
        "rel": "nofollow noopener noreferrer",
    },
    "abbr": {"title": r"\S.{0,299}"},
    "ol": {"start": "-?[0-9]{1,6}", "reversed": ""},
    "td": {"colspan": "[0-9]{1,3}", "rowspan": "[0-9]{1,3}"},
    "th": {"colspan": "[0-9]{1,3}", "rowspan": "[0-9]{1,3}", "scope": "row|col|rowgroup|colgroup"},
    "time": {"datetime": r"[\w:.+ -]{1,40}"},
}
PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl"},
    "dd": {"dl"},
    "figcaption": {"figure"},
    "caption": {"table"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "tr": {"thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
}
FLOW = {"", "blockquote", "li", "dd", "td", "th", "figcaption", "figure"}


def violations(html: str) -> list[str]:
    """Everything that canonical HTML must not have; empty for good HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    wrong = reader.wrong + [f"<{tag}> is never closed" for tag in reader.stack]
    wrong += [f"a link to #{name}, which is not there" for name in reader.linked - set(reader.ids)]
    wrong += [f"id {name}, to which nothing links" for name in set(reader.ids) - reader.linked]
    if reader.ids != [f"fn-{number}" for number in range(1, len(reader.ids) + 1)]:
        wrong.append(f"ids out of order: {reader.ids}")
    if re.search("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]|\r", html):
        wrong.append("a control character")
    return wrong


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.linked: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.stack[-1] if self.stack else ""
        if tag not in BLOCKS | INSIDE | INLINE:
            self.wrong.append(f"<{tag}>")
        if tag in BLOCKS and parent not in FLOW:
            self.wrong.append(f"<{tag}> in <{parent}>")
        if tag in PARENTS and parent not in PARENTS[tag]:
            self.wrong.append(f"<{tag}> in <{parent}>")
        if tag in INLINE and parent in {"", "ul", "ol", "dl", "table", "tbody", "thead", "tfoot", "tr", "figure"}:
            self.wrong.append(f"<{tag}> in <{parent}>")
        if tag == "a" and "a" in self.stack:
            self.wrong.append("a link in a link")
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if tag not in ("br", "hr"):
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.wrong.append(f"<{tag}/>")

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.wrong.append(f"</{tag}> out of place")

    def handle_data(self, data: str) -> None:
        parent = self.stack[-1] if self.stack else ""
        holds_only_blocks = parent in {"", "ul", "ol", "dl", "table", "tbody", "thead", "tfoot", "tr", "figure"}
        if holds_only_blocks and data != "\n":
            self.wrong.append(f"{data!r} in <{parent}>")
        if "pre" not in self.stack and re.search(r"[ \t\f]{2}|[\t\f]| \n|\n ", data):
            self.wrong.append(f"white space: {data!r}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append("a comment")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append("a declaration")

    def handle_pi(self, data: str) -> None:
        self.wrong.append("a processing instruction")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        pattern = (COMMON | ATTRIBUTES.get(tag, {})).get(name)
        if pattern is None or not re.fullmatch(pattern, value):
            self.wrong.append(f"<{tag} {name}={value!r}>")
        if name == "id":
            self.ids.append(value)
            if not self.stack:
                self.wrong.append(f"an id on a top-level <{tag}>")
        if name == "href" and value.startswith("#"):
            self.linked.add(value[1:])
