"""The words of canonical HTML: its elements and attributes, and what becomes of all others."""

HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
BLOCKS = HEADINGS | {
    *("p", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "hr", "figure", "figcaption"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"),
}
INLINE = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "q"),
        *("rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var"),
    }
)
TAGS = BLOCKS | INLINE
VOID = frozenset({"br", "hr"})

# An end tag of these may be missing: the parser closes them itself
LOOSE = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "rp", "rt"})

# Elements that only divide become div; canonical.py unwraps it, and where it stood a paragraph ends
_DIVIDERS = (
    *("address", "article", "aside", "center", "details", "dialog", "div", "fieldset", "footer", "form"),
    *("header", "hgroup", "legend", "main", "nav", "option", "search", "section", "summary"),
)
_OTHER_NAMES = {
    **{"h1": "h2", "menu": "ul", "dir": "ul", "listing": "pre", "xmp": "pre"},
    **{"acronym": "abbr", "font": "span", "strike": "s", "tt": "code"},
}
# Every element that survives the first step, and the name it goes on with
NAMES: dict[str, str] = {**{tag: tag for tag in TAGS}, **dict.fromkeys(_DIVIDERS, "div"), **_OTHER_NAMES}

# Elements whose contents are no words of an article. The first kind holds raw text: no tags in it.
RAW = frozenset({"iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title"})
DISCARDED = RAW | {
    *("annotation", "annotation-xml", "applet", "audio", "canvas", "datalist", "object", "select", "svg"),
    *("template", "video"),
}

ATTRIBUTES: dict[str, frozenset[str]] = {
    "*": frozenset({"id", "lang", "dir"}),
    "a": frozenset({"href"}),
    "abbr": frozenset({"title"}),
    "ol": frozenset({"start", "reversed"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
}
