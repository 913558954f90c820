"""Hypothesis strategies for article HTML: `article_html` is believable, `hostile_html` is what a stranger may send."""

from hypothesis import strategies as st

AWKWARD_CHARACTERS = (
    "\u00a0\u00ad\u200b\u200d\u2028\u2029\u0301\u05d0\u0627\u4e2d\u3000\ufeff\ufffd\ufffe\x00\x01\x0b\x0c\x7f\x85"
    "\ud800\U0001f469\U0001f3fd\t\n\r \"'<>&;`=/\\"
)
WORDS = (
    "Mali",
    "the mission’s",
    "naïve",
    "e\u0301te\u0301",
    "👩🏽‍🚀",
    "שלום",
    "مالي",
    "10\u00a0%",
    "AT&T",
    "1 < 2",
    "中文字",
    "“quoted”",
)
INLINE = (
    "a",
    "abbr",
    "b",
    "cite",
    "code",
    "del",
    "em",
    "i",
    "ins",
    "q",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
)
TAGS = (
    *INLINE,
    *("bdi", "bdo", "rp", "rt", "ruby", "time", "font", "mark", "nobr", "big", "tt"),
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "col", "colgroup", "dd", "details"),
    *("dialog", "dir", "div", "dl", "dt", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h6", "head"),
    *("header", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "ol", "p", "pre", "section", "summary"),
    *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "br", "wbr", "img", "input", "button", "frameset"),
    *("annotation-xml", "base", "desc", "embed", "foreignobject", "iframe", "image", "isindex", "link", "marquee"),
    *("math", "meta", "mglyph", "mi", "mtext", "noembed", "noframes", "noscript", "object", "option", "plaintext"),
    *("script", "select", "style", "svg", "template", "textarea", "title", "video", "xmp", "x-widget"),
)
ATTRIBUTES = (
    *('href="#n1"', 'href="#fn-1"', 'href="#fn-2"', 'href="https://example.org/?a=1&b=2"', "href='//example.org/x'"),
    *('href="/relative"', "href=javascript:alert(1)", 'href=" jav&#x09;ascript:1"', 'href="data:1"', 'href="file:1"'),
    *('href="mailto:ada@example.org"', 'href="http://[x"', 'href="#"', 'href="HTTPS://EXAMPLE.org/a b\\c"'),
    *('id="n1"', 'id="fn-1"', 'id="fn-2"', "id=h-1", 'name="n1"', 'id=""', 'class="x"', 'style="color:red"'),
    *('onclick="alert(1)"', 'data-hx-post="/x"', 'hx-on:click="x"', 'srcdoc="<script>"', 'src="x"', "autofocus"),
    *('lang="ar"', 'lang="x y"', 'dir="rtl"', 'dir="RTL"', 'dir="up"', 'title="a &quot; b"', "colspan=2", "colspan=0"),
    *('rowspan="99999"', 'scope="row"', "start=3", "start=x", "reversed", 'datetime="2024-01-01"', 'cite="http://x"'),
    *('type="text/html"', 'encoding="text/html"', "open", "=x", '"', "'", "/"),
)
FRAGMENTS = (
    *("<!--", "-->", "<!-->", "<![CDATA[", "]]>", "<!doctype html>", "<?xml?>", "</", "<", ">", "<!", "&", "&#0;"),
    *("&lt;", "&amp;lt;", "&nbsp;", "&#13;", "&#xD800;", "&#x110000;", "&notit;", "&NotEqualTilde;", "\n", " ", "\n\n"),
    *("</p>", "</br>", "<br>", "<br><br>", "</script>", "<p>", "<td>", "<li>", "<a href=#n1>", "<b><i>"),
)

words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
awkward_text = st.text(st.one_of(st.sampled_from(AWKWARD_CHARACTERS), st.characters()), max_size=8)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _start(tag: str, attributes: list[str]) -> str:
    return f"<{' '.join([tag, *attributes])}>"


def _element(tag: str, attributes: list[str], inside: list[str], closed: bool) -> str:
    return _start(tag, attributes) + "".join(inside) + (f"</{tag}>" if closed else "")


def _hostile(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        _element,
        st.sampled_from(TAGS),
        st.lists(st.sampled_from(ATTRIBUTES), max_size=3),
        st.lists(children, max_size=4),
        st.sampled_from([True, True, True, False]),
    )


_pieces = st.one_of(
    words.map(_escaped),
    awkward_text,
    st.sampled_from(FRAGMENTS),
    st.sampled_from(TAGS).map("<{}>".format),
    st.sampled_from(TAGS).map("</{}>".format),
)
hostile_html = st.lists(st.recursive(_pieces, _hostile, max_leaves=12), max_size=6).map("".join)
"""Anything: unclosed, misnested, foreign, scripted, with every character that a parser treats in its own way."""

_inline = st.recursive(
    st.one_of(words.map(_escaped), st.sampled_from([" ", "<br>", "\n", "&nbsp;", " , "])),
    lambda inside: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from([*INLINE[1:], 'a href="https://example.org/"', 'span lang="ar" dir="rtl"']),
        st.lists(inside, min_size=1, max_size=3),
    ).map(
        lambda html: html.replace('</a href="https://example.org/">', "</a>").replace(
            '</span lang="ar" dir="rtl">', "</span>"
        )
    ),
    max_leaves=4,
)
_line = st.lists(_inline, min_size=1, max_size=3).map("".join)


def _of(tag: str, inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return inside.map(lambda html: f"<{tag}>{html}</{tag}>")


def _several(inside: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(inside, min_size=1, max_size=most).map("\n".join)


_simple_block = st.one_of(_of("p", _line), _of("h2", _line), _of("h3", _line), _of("pre", _line), st.just("<hr>"))
_rows = st.integers(1, 3).flatmap(
    lambda columns: _several(
        st.lists(_of("td", _line), min_size=columns, max_size=columns).map(lambda cells: f"<tr>{''.join(cells)}</tr>")
    )
)
_block = st.recursive(
    st.one_of(
        _simple_block,
        _of("table", _rows),
        _of("figure", st.builds("{}<figcaption>{}</figcaption>".format, _line, _line)),
    ),
    lambda inside: st.one_of(
        _of("ul", _several(_of("li", st.one_of(_line, _several(inside))))),
        _of("ol", _several(_of("li", st.one_of(_line, _several(inside))))),
        _of("dl", _several(st.builds("<dt>{}</dt><dd>{}</dd>".format, _line, st.one_of(_line, inside)))),
        _of("blockquote", st.one_of(_line, _several(inside))),
        _of("div", st.one_of(_line, _several(inside))),
    ),
    max_leaves=4,
)
article_html = _several(_block, most=4)
"""A believable article: well-formed paragraphs, headings, lists, tables, quotations and figures. Not yet cleaned."""
