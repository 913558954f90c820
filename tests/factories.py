"""What tests are made of. Small, written by us, and the same everywhere."""

from itertools import count

from newsreader.accounts.models import User
from newsreader.annotations import services as annotations
from newsreader.annotations.models import Highlight
from newsreader.articles import services as articles
from newsreader.articles.models import Article
from newsreader.core.clean import clean
from newsreader.core.passages import Quote
from newsreader.core.text import text_of

PASSWORD = "a pen in the hand"

HARBOUR = """
<p>The ferry left the harbour at six, an hour late, with forty passengers and a piano.</p>
<p>Nobody had asked about the piano. <em>It was simply there</em>, under a tarpaulin, when the ramp came up.</p>
<ul><li>Rope, <strong>two coils</strong></li><li>Lamp oil</li></ul>
<blockquote><p>“We sail when we sail,” the mate said.</p></blockquote>
<table><thead><tr><th>Port</th><th>Hour</th></tr></thead><tbody><tr><td>North quay</td><td>six</td></tr></tbody></table>
<p>By noon the fog had closed over the islands &amp; the piano was out of tune.</p>
"""

_numbers = count(1)


def make_user(username: str, **fields: object) -> User:
    return User.objects.create_user(username, password=PASSWORD, **fields)


def make_article(
    title: str = "", html: str = HARBOUR, *, source: str = "The Harbour Post", **fields: object
) -> Article:
    """A published article from `source`; `html` is cleaned as everything is that comes in."""
    return articles.add_article(
        title=title or f"Night ferry {next(_numbers)}",
        html=clean(html),
        sources=[articles.source_named(source, private=bool(fields.get("owner")))] if source else [],
        **{"state": "published", "language": "en", "standfirst": "It left an hour late.", **fields},
    )


def mark(article: Article, reader: User, words: str, **fields: object) -> Highlight:
    """`reader` highlights the first place where `words` stand."""
    start = text_of(article.html).index(words)
    quote = Quote(exact=words, prefix="", suffix="", hint=start)
    return annotations.highlight(article, reader=reader, quote=quote, **fields)
