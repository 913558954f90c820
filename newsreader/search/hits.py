"""Where the words of a search stand in the text of one article: found by the index itself, so what an article was
found by is what can be shown in it, other forms of a word, accents, phrases and beginnings included."""

from dataclasses import dataclass, replace

from newsreader.accounts.someone import Someone
from newsreader.articles.models import Article
from newsreader.core.asked import All, Any, Node, Query, Words
from newsreader.core.passages import Span
from newsreader.core.query import MAX_LENGTH, parse
from newsreader.search.limits import TooCostly
from newsreader.search.service import backend_for
from newsreader.search.snippets import CLOSE, OPEN, SIZE, _densest

MOST = 2_000  # hits in one article: more are no help to anybody


@dataclass(frozen=True, slots=True)
class Hits:
    """The places in order, in code points of the text, and the number (from 0) of the one that the search showed."""

    spans: tuple[Span, ...]
    best: int


def hits(q: str, article: Article, user: Someone) -> Hits | None:
    """Where words of the search stand in the text; None where none do. `article` is one that `user` may open."""
    marked = _marked(q, article, user)
    if OPEN not in marked or not article.text.startswith(marked.replace(OPEN, "").replace(CLOSE, "")):
        return None
    spans, begins = _spans(marked)
    start = _densest(marked, SIZE)[0]
    best = next((number for number, begin in enumerate(begins) if begin >= start), 0)
    return Hits(tuple(spans), best)


def _marked(q: str, article: Article, user: Someone) -> str:
    """The text with hits between OPEN and CLOSE: of each word alone, since not all of them need be there."""
    words = tuple(dict.fromkeys(replace(one, field="") for one in _wanted(parse(q[: MAX_LENGTH + 1]).root)))
    if not words:
        return ""
    backend = backend_for(Query(Any(words) if len(words) > 1 else words[0]), user)
    try:
        with backend.bounded():
            return backend.marked("articles", [article.pk]).get(article.pk, "")
    except TooCostly:
        return ""


def _wanted(node: Node | None) -> list[Words]:
    """The words that are looked for in texts, without those that must not occur."""
    match node:
        case Words() if node.field in {"", "text"}:
            return [node]
        case All(nodes) | Any(nodes):
            return [words for inner in nodes for words in _wanted(inner)]
    return []


def _spans(marked: str) -> tuple[list[Span], list[int]]:
    """The hits' places in the plain text, and where each begins in the marked one. Side by side they are one."""
    spans: list[Span] = []
    begins: list[int] = []
    between, *parts = marked.split(OPEN)
    plain = at = len(between)
    for part in parts:
        hit, _, after = part.partition(CLOSE)
        span = Span(plain, plain + len(hit))
        if spans and not between.strip(" "):
            spans[-1] = Span(spans[-1].start, span.end)
        elif len(spans) < MOST:
            spans.append(span)
            begins.append(at)
        else:
            break
        plain, at, between = span.end + len(after), at + len(OPEN) + len(part), after
    return spans, begins
