"""Marks add elements and never text, whatever the article and wherever the marks."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.text import layout, text_of
from newsreader.core.weave import Mark, weave, weave_blocks

# --- Canonical HTML and marks, generated ---

WORDS = (
    *("a", "one", "b c", "don’t", "é\u00a0e\u0301", "\u00a0", "אבג\u200f", "漢字か", "한국"),
    *("\U0001f469\u200d\U0001f469", "\U0001f1eb\U0001f1f7", "&amp;", "x&lt;y", "&quot;&gt;", "&#39;", "&#x1F600;e"),
)
CODE = ("x", " ", "  y\n", "\n", "\t&lt;", "z")
TAGS = ("em", "a", "mark", "code", "span")


class Cook:
    """Writes canonical HTML after a recipe, in which each byte is one choice: quick to draw, and it shrinks well."""

    def __init__(self, recipe: bytes) -> None:
        self.choices = list(reversed(recipe))

    def choose(self, number: int) -> int:
        return self.choices.pop() % number if self.choices else 0

    def some(self, make: Callable[[], str], most: int = 3, between: str = "\n") -> str:
        return between.join(make() for _ in range(1 + self.choose(most)))

    def article(self) -> str:
        return "\n".join(self.block(depth=2) for _ in range(self.choose(5)))

    def block(self, depth: int) -> str:
        leaves = (self.paragraph, self.paragraph, self.heading, self.wordless, self.preformatted)
        nests = (self.quotation, self.listing, self.table) if depth else ()
        kind = self.choose(len(leaves) + len(nests))
        return leaves[kind]() if kind < len(leaves) else nests[kind - len(leaves)](depth - 1)

    def paragraph(self) -> str:
        return f"<p>{self.inline()}</p>"

    def heading(self) -> str:
        return f'<h2 dir="rtl">{self.inline()}</h2>'

    def wordless(self) -> str:
        return ("<hr>", "<p>\u00a0</p>")[self.choose(2)]

    def quotation(self, depth: int) -> str:
        return f"<blockquote>{self.some(lambda: self.block(depth))}</blockquote>"

    def listing(self, depth: int) -> str:
        inside = self.some(lambda: self.item(depth))
        return (f"<ul>{inside}</ul>", f"<ol>\n{inside}\n</ol>")[self.choose(2)]

    def table(self, depth: int) -> str:
        rows = self.some(lambda: "<tr>" + self.some(lambda: f"<td>{self.inline(depth)}</td>") + "</tr>")
        return f"<table><thead><tr><th>x</th></tr></thead>\n<tbody>{rows}</tbody></table>"

    def item(self, depth: int) -> str:
        kinds = (self.inline, lambda: f"{self.inline()}\n{self.block(depth)}", lambda: self.block(depth))
        return f"<li>{kinds[self.choose(3)]()}</li>"

    def preformatted(self) -> str:
        start = ("", "\n", "\n\n")[self.choose(3)]
        code = self.some(lambda: CODE[self.choose(len(CODE))], between="")
        if self.choose(2):
            return f"<pre>{start}<code>{code}</code>\n </pre>"
        return f"<pre>{start or 'x'}{code}</pre>"

    def inline(self, depth: int = 2, linked: bool = False) -> str:
        pieces = [self.word(depth, linked)]
        for _ in range(self.choose(4)):
            pieces += (("", " ", "<br>\n")[self.choose(3)], self.word(depth, linked))
        return "".join(pieces)

    def word(self, depth: int, linked: bool) -> str:
        tag = TAGS[self.choose(len(TAGS))]
        if not depth or self.choose(2) or (tag == "a" and linked):
            return WORDS[self.choose(len(WORDS))]
        attributes = ' href="/a?b=1&amp;c=>" title="&quot;"' if tag == "a" else ""
        return f"<{tag}{attributes}>{self.inline(depth - 1, linked or tag == 'a')}</{tag}>"


def article() -> st.SearchStrategy[str]:
    return st.binary(max_size=120).map(lambda recipe: Cook(recipe).article())


PLACES = st.one_of(st.integers(-1, 8), st.integers(-3, 80), st.sampled_from([-(10**20), 10**20]))
LABELS = ("Note", "Say \"a\" > <b> & 'c'", "", "a\nb")


def marks() -> st.SearchStrategy[list[Mark]]:
    span = st.one_of(st.tuples(PLACES, PLACES), st.builds(lambda at, n: (at, at + n), PLACES, st.integers(0, 12)))
    return st.lists(st.tuples(span, st.integers(0, 255)), max_size=8).map(
        lambda drawn: [dyed(number, start, end, look) for number, ((start, end), look) in enumerate(drawn)]
    )


def dyed(number: int, start: int, end: int, look: int) -> Mark:
    name = f"{'zab'[look % 3]}{number}"
    colour = ("yellow", "green", "blue")[look // 3 % 3]
    return Mark(name, start, end, colour, f"#n-{name}", LABELS[look // 9 % 4], look > 127)


# --- What a reader of HTML sees in it ---

VOID = {"br", "hr"}
NO_PLACE_FOR_WORDS = {"ul", "ol", "dl", "table", "thead", "tbody", "tr"}
REFERENCE = re.compile(r'<a class="hl-ref[^>]*></a>')
OPENING = re.compile(r'<mark class="hl"[^>]*>')
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>')


class Strict(HTMLParser):
    """Fails on tags that do not match; gathers the text, and the ids on each of its characters."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.covering: list[dict[str, str | None]] = []  # its segment, for each character
        self.segments: list[dict[str, str | None]] = []
        self.references: list[dict[str, str | None]] = []
        self.feed(re.sub(r"(<pre[^>]*>)\n", r"\1", html))  # a browser drops that newline
        self.close()
        assert not self.stack

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        assert len(attributes) == len(attrs), "an attribute stands there twice"
        if attributes.get("class") == "hl":
            assert self.stack, "a mark stands outside the blocks"
            assert self.stack[-1][0] not in NO_PLACE_FOR_WORDS
            assert not any(outer.get("class") == "hl" for _, outer in self.stack), "a segment stands in a segment"
            self.segments.append(attributes)
        if (attributes.get("class") or "").startswith("hl-ref"):
            assert self.stack
            assert self.stack[-1][0] not in NO_PLACE_FOR_WORDS
            assert not any(name == "a" for name, _ in self.stack), "a link stands in a link"
            self.references.append({**attributes, "after": str(len(self.text))})
        if tag not in VOID:
            self.stack.append((tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        attributes = self.stack[-1][1] if self.stack else {}
        segment = attributes if attributes.get("class") == "hl" else {}
        self.text += data
        self.covering += [segment] * len(data)


def unwoven(html: str) -> str:
    """The HTML without what weaving adds, found by its looks alone."""
    html = re.sub(r' id="b-[0-9]+"', "", REFERENCE.sub("", html))
    stack, pieces, at = [], [], 0
    for tag in TAG.finditer(html):
        if tag[2] in VOID:
            continue
        ours = stack.pop() if tag[1] else tag[3].startswith(' class="hl"')
        if not tag[1]:
            stack.append(ours)
        if ours:
            pieces.append(html[at : tag.start()])
            at = tag.end()
    return "".join(pieces) + html[at:]


def linked(html: str, at: int) -> tuple[int, int]:
    """The text span of the link that starts at html[at]; links hold no links."""
    return len(text_of(html[:at])), len(text_of(html[: html.index("</a>", at)]))


def outermost_first(marks: list[Mark]) -> list[Mark]:
    return sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.id))


def covered(html: str, mark: Mark) -> list[int]:
    """The code points that the mark should show on, found the slow way."""
    return [at for run in layout(html).runs for at in range(run.start, run.end) if mark.start <= at < mark.end]


# --- Properties ---


@given(article(), marks())
def test_weaving_never_changes_the_text(html: str, marks: list[Mark]) -> None:
    assert text_of(weave(html, marks)) == text_of(html)


@given(article(), marks())
def test_taking_the_marks_out_gives_the_article_back_byte_for_byte(html: str, marks: list[Mark]) -> None:
    assert unwoven(weave(html, marks)) == html


@given(article(), marks())
def test_the_woven_article_is_well_formed_and_reads_the_same(html: str, marks: list[Mark]) -> None:
    assert Strict(weave(html, marks)).text == Strict(html).text == text_of(html)


@given(article(), marks())
def test_each_character_carries_exactly_the_marks_that_cover_it(html: str, marks: list[Mark]) -> None:
    expected: list[list[Mark]] = [[] for _ in text_of(html)]
    for mark in outermost_first(marks):
        for at in covered(html, mark):
            expected[at].append(mark)
    for segment, covering in zip(Strict(weave(html, marks)).covering, expected, strict=True):
        assert (segment.get("data-h") or "").split() == [mark.id for mark in covering]
        assert segment.get("data-c") == (covering[-1].colour if covering else None)
        assert segment.get("data-o") == (covering[-2].colour if len(covering) > 1 else None)


@given(article(), marks())
def test_each_mark_with_words_has_one_first_and_one_last_segment_and_one_reference(
    html: str, marks: list[Mark]
) -> None:
    woven = Strict(weave(html, marks))
    shown = {mark.id: (words[0], words[-1]) for mark in marks if (words := covered(html, mark))}
    for name, end in (("data-first", 0), ("data-last", -1)):
        named = [one for segment in woven.segments for one in (segment.get(name) or "").split()]
        assert sorted(named) == sorted(shown)
        for one in named:
            assert one in (woven.covering[shown[one][end]].get(name) or "").split()
    assert sorted(reference["data-h"] or "" for reference in woven.references) == sorted(shown)


@given(article(), marks())
def test_a_reference_stands_after_the_last_word_of_its_mark_or_after_the_link_around_it(
    html: str, marks: list[Mark]
) -> None:
    by_id = {mark.id: mark for mark in marks}
    links = [linked(html, link.start()) for link in re.finditer("<a ", html)]
    for reference in Strict(weave(html, marks)).references:
        mark = by_id[reference["data-h"] or ""]
        end = covered(html, mark)[-1] + 1
        around = [link_end for start, link_end in links if start < end <= link_end]
        assert int(reference["after"] or "") == (around[0] if around else end)
        assert (reference["href"], reference["aria-label"]) == (mark.href, mark.label)
        assert (reference["id"], reference["data-c"]) == (f"h-{mark.id}", mark.colour)
        assert reference["class"] == ("hl-ref has-note" if mark.has_note else "hl-ref")


@given(article(), marks(), PLACES, PLACES)
def test_single_blocks_are_woven_just_as_in_the_whole_article(
    html: str, marks: list[Mark], start: int, end: int
) -> None:
    whole = weave(html, marks)
    blocks = [whole[block.html_start : block.html_end] for block in layout(whole).blocks]
    touched = [
        woven
        for woven, block in zip(blocks, layout(html).blocks, strict=True)
        if start < end and block.start < end and block.end > start
    ]
    assert weave_blocks(html, marks, start, end) == touched
    assert "\n".join(weave_blocks(html, marks, -1, 10**9)) == whole


@given(article(), marks(), PLACES, PLACES)
def test_marks_elsewhere_make_no_difference_to_a_block(html: str, marks: list[Mark], start: int, end: int) -> None:
    blocks = [layout(html).blocks[number] for number in layout(html).blocks_in(start, end)]
    near = [mark for mark in marks if any(mark.start < b.end and mark.end > b.start for b in blocks)]
    assert weave_blocks(html, near, start, end) == weave_blocks(html, marks, start, end)


@given(article(), marks())
def test_the_order_in_which_marks_are_handed_over_makes_no_difference(html: str, marks: list[Mark]) -> None:
    assert weave(html, marks) == weave(html, marks[::-1])


@given(article())
def test_no_word_is_beyond_the_reach_of_a_mark(html: str) -> None:
    text = text_of(html)
    shown = {at for run in layout(html).runs for at in range(run.start, run.end)}
    assert not [character for at, character in enumerate(text) if at not in shown and character not in " \n\t"]


@given(st.text('<>p/a"=& ;\nbx!-', max_size=40), marks())
def test_html_that_is_not_canonical_raises_nothing(html: str, marks: list[Mark]) -> None:
    weave(html, marks)
    weave_blocks(html, marks, 0, 10)


# --- Examples ---


def mark(name: str, start: int, end: int, **more: object) -> Mark:
    defaults = {"colour": "yellow", "href": f"#n-{name}", "label": "Note", "has_note": False}
    return Mark(name, start, end, **{**defaults, **more})  # type: ignore[arg-type]


def bare(html: str) -> str:
    """Woven HTML with the marks as [ids: words], the references as (id), without block ids."""
    html = re.sub(r' id="b-[0-9]+"', "", html)
    html = re.sub(r'<a class="hl-ref[^>]* data-h="([^"]*)"[^>]*></a>', r"(\1)", html)
    return re.sub(r'<mark class="hl" data-h="([^"]*)"[^>]*>', r"[\1: ", html).replace("</mark>", "]")


@pytest.mark.parametrize(
    ("html", "spans", "expected"),
    [
        ("<p>one two</p>", {"a": (4, 7)}, "<p>one [a: two](a)</p>"),
        ("<p>one two</p>", {"a": (0, 4), "b": (2, 7)}, "<p>[a: on][a b: e ](a)[b: two](b)</p>"),
        ("<p>one</p>", {"b": (0, 3), "a": (0, 3)}, "<p>[a b: one](a)(b)</p>"),
        ("<p>one two</p>", {"a": (0, 7), "b": (4, 7)}, "<p>[a: one ][a b: two](a)(b)</p>"),
        ("<p>one two</p>", {"a": (0, 3), "b": (0, 7)}, "<p>[b a: one](a)[b:  two](b)</p>"),
        ("<p>a<em>b</em>c</p>", {"a": (1, 2)}, "<p>a<em>[a: b](a)</em>c</p>"),
        ("<p>a <em>b c</em> d</p>", {"a": (0, 3)}, "<p>[a: a ]<em>[a: b](a) c</em> d</p>"),
        ("<p><em>a</em> <em>b</em></p>", {"a": (0, 3)}, "<p><em>[a: a]</em>[a:  ]<em>[a: b](a)</em></p>"),
        ('<p><a href="/">link</a> on</p>', {"a": (0, 2)}, '<p><a href="/">[a: li]nk</a>(a) on</p>'),
        ('<p><a href="/"><em>link</em></a></p>', {"a": (0, 4)}, '<p><a href="/"><em>[a: link]</em></a>(a)</p>'),
        (
            '<p><a href="/">link</a> on</p>',
            {"a": (0, 2), "b": (3, 4), "c": (4, 7)},
            '<p><a href="/">[a: li]n[b: k]</a>(a)(b)[c:  on](c)</p>',
        ),
        ("<p>AT&amp;T</p>", {"a": (2, 3)}, "<p>AT[a: &amp;](a)T</p>"),
        ("<p>&lt;b&gt;</p>", {"a": (1, 2)}, "<p>&lt;[a: b](a)&gt;</p>"),
        ("<p>\U0001f469 e\u0301 ש</p>", {"a": (0, 1), "b": (5, 6)}, "<p>[a: \U0001f469](a) e\u0301 [b: ש](b)</p>"),
        ("<p>a</p>\n<p>b</p>", {"a": (0, 3)}, "<p>[a: a]</p>\n<p>[a: b](a)</p>"),
        ("<p>a</p>\n<p>b</p>", {"a": (0, 2), "b": (1, 2)}, "<p>[a: a](a)</p>\n<p>b</p>"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", {"a": (0, 9)}, "<ul>\n<li>[a: a]</li>\n<li>[a: b](a)</li>\n</ul>"),
        (
            "<table><tr><td>a</td>\n<td>b</td></tr></table>",
            {"a": (0, 3)},
            "<table><tr><td>[a: a]</td>\n<td>[a: b](a)</td></tr></table>",
        ),
        ("<ul><li>a\n<p>b</p></li></ul>", {"a": (0, 3)}, "<ul><li>[a: a]\n<p>[a: b](a)</p></li></ul>"),
        ("<p>a<br>\nb</p>", {"a": (0, 3)}, "<p>[a: a]<br>\n[a: b](a)</p>"),
        ("<pre>\n\n a\n</pre>", {"a": (0, 4)}, "<pre>\n[a: \n a\n](a)</pre>"),
        ("<p>\u00a0</p>", {"a": (0, 1)}, "<p>[a: \u00a0](a)</p>"),
        ("<p>one</p>", {"a": (-5, 2), "b": (2, 10**9)}, "<p>[a: on](a)[b: e](b)</p>"),
        ("<p>one</p>", {"a": (1, 1), "b": (2, 1), "c": (3, 9), "d": (-9, 0)}, "<p>one</p>"),
        ("<p>a</p>\n<hr>\n<p>b</p>", {"a": (0, 9)}, "<p>[a: a]</p>\n<hr>\n<p>[a: b](a)</p>"),
        ("", {"a": (0, 9)}, ""),
    ],
)
def test_marks_stand_where_a_reader_expects_them(html: str, spans: dict[str, tuple[int, int]], expected: str) -> None:
    assert bare(weave(html, [mark(name, *span) for name, span in spans.items()])) == expected


def test_a_mark_and_its_reference_say_all_that_the_page_needs() -> None:
    woven = weave("<p>one</p>", [mark("a", 0, 3), mark("b", 1, 2, colour="green", has_note=True)])
    assert woven == (
        '<p id="b-0"><mark class="hl" data-h="a" data-c="yellow" data-first="a">o</mark>'
        '<mark class="hl" data-h="a b" data-c="green" data-o="yellow" data-first="b" data-last="b">n</mark>'
        '<a class="hl-ref has-note" id="h-b" href="#n-b" data-h="b" data-c="green" aria-label="Note"></a>'
        '<mark class="hl" data-h="a" data-c="yellow" data-last="a">e</mark>'
        '<a class="hl-ref" id="h-a" href="#n-a" data-h="a" data-c="yellow" aria-label="Note"></a></p>'
    )


def test_every_block_is_numbered_even_one_without_words() -> None:
    assert weave('<p lang="fr">a</p>\n<hr>\n<pre>b</pre>', []) == (
        '<p id="b-0" lang="fr">a</p>\n<hr id="b-1">\n<pre id="b-2">b</pre>'
    )


def test_words_from_outside_cannot_leave_their_attribute() -> None:
    bad = "\"><script>&'"
    woven = weave("<p>one</p>", [mark("a", 0, 3, href=bad, label=bad, colour=bad), mark(bad, 0, 3)])
    assert "<script" not in woven
    assert Strict(woven).references[-1]["aria-label"] == bad


def test_a_block_between_two_touched_ones_comes_along() -> None:
    html = "<p>a</p>\n<hr>\n<p>b</p>\n<p>c</p>"
    assert weave_blocks(html, [], 0, 5) == ['<p id="b-0">a</p>', '<hr id="b-1">', '<p id="b-2">b</p>']
    assert weave_blocks(html, [], 1, 1) == []


def test_ten_thousand_equal_marks_share_one_segment() -> None:
    woven = weave("<p>one</p>", [mark(f"m{number}", 0, 3) for number in range(10_000)])
    assert woven.count("<mark") == 1
    assert woven.count('class="hl-ref"') == 10_000


def test_of_marks_with_the_same_id_only_one_is_woven() -> None:
    assert bare(weave("<p>one two</p>", [mark("a", 0, 3), mark("a", 2, 7)])) == "<p>on[a: e two](a)</p>"
