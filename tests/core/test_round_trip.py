"""From a stranger's HTML to a mark and back: cleaning, the text, a quote of it, its place, and the woven page agree."""

from hypothesis import given
from hypothesis import strategies as st

from newsreader.core.clean import clean
from newsreader.core.passages import Placed, Span, locate, quote_at, tidy
from newsreader.core.text import text_of
from newsreader.core.weave import Mark, weave
from tests.core.strategies import article_html


@st.composite
def spans_of_articles(draw):
    """A cleaned article, and a span of whole words or graphemes in it."""
    html = clean(draw(article_html))
    text = text_of(html)
    start = draw(st.integers(0, max(0, len(text) - 1)))
    end = draw(st.integers(start, min(len(text), start + 200)))
    try:
        return html, tidy(text, Span(start, end))
    except ValueError:  # nothing but white space there
        return html, None


@given(spans_of_articles())
def test_any_span_of_any_rendered_article_comes_back_exactly_from_its_quote(made):
    html, span = made
    text = text_of(html)
    if span is None:
        return
    assert locate(text, quote_at(text, span)) == Placed(span, "exact", 1.0)


@given(spans_of_articles())
def test_weaving_any_span_of_any_rendered_article_changes_no_word_of_it(made):
    html, span = made
    if span is None:
        return
    mark = Mark("a", span.start, span.end, "yellow", "/highlights/a/", "Passage", False)
    assert text_of(weave(html, [mark])) == text_of(html)
