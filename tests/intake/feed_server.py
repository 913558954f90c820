"""A server of this machine with feeds that change, and others that never come right. Nothing leaves the loopback."""

import hashlib
from html import escape
from typing import Any

from tests.intake.fault_server import Faults

WORDS = "The ferry left the harbour at six, an hour late, with forty passengers and a piano under a tarpaulin. "


def rss(*entries: dict[str, Any], title: str = "The Harbour Post", link: str = "https://harbour.example/") -> bytes:
    """A feed; an entry has title and, as far as given, id, link, date, and its text as html or, for short, summary."""
    items = []
    for entry in entries:
        parts = [f"<title>{escape(entry['title'])}</title>"]
        parts += [f"<guid isPermaLink='false'>{escape(entry['id'])}</guid>"] if "id" in entry else []
        parts += [f"<link>{escape(entry['link'])}</link>"] if "link" in entry else []
        parts += [f"<pubDate>{entry['date']}</pubDate>"] if "date" in entry else []
        parts += [f"<description>{escape(entry['summary'])}</description>"] if "summary" in entry else []
        parts += [f"<c:encoded><![CDATA[{entry['html']}]]></c:encoded>"] if "html" in entry else []
        items.append(f"<item>{''.join(parts)}</item>")
    head = f"<title>{escape(title)}</title><link>{link}</link>"
    module = 'xmlns:c="http://purl.org/rss/1.0/modules/content/"'
    return f'<rss version="2.0" {module}><channel>{head}{"".join(items)}</channel></rss>'.encode()


def story(number: int, **other: Any) -> dict[str, Any]:
    """An entry like no other."""
    text = " ".join(f"Word{number}x{place}" for place in range(60))
    return {
        "title": f"Story number {number} of the day",
        "id": f"story-{number}",
        "link": f"https://harbour.example/story/{number}",
        "html": f"<p>{text}.</p><p>{WORDS}</p>",
        **other,
    }


class Feeds(Faults):
    """`/feed?name` is what `feeds` has under that name; unchanged is told by its ETag, as by servers of the web."""

    feeds: dict[str, bytes]
    pages: dict[str, bytes]

    def do_feed(self) -> None:
        body = self.feeds.get(self.path.partition("?")[2])
        if body is None:
            self.do_missing()
            return
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self.say(304, ETag=etag)
        else:
            self.say(200, body, Content_Type="application/rss+xml", ETag=etag)

    def do_site(self) -> None:
        self.say(200, self.pages.get(self.path.partition("?")[2], b"<title>Nothing</title>"))

    def do_moved(self) -> None:
        """Sends on for good, as 308."""
        self.say(308, Location=self.path.partition("?")[2])

    def do_poison(self) -> None:
        """Takes very long to read."""
        self.say(200, b"<rss><channel><item><description>" + b"<" * 3_000_000, Content_Type="text/xml")

    def do_strange(self) -> None:
        """In other letters than its header says."""
        body = rss(story(1, title="Łódź"))
        self.say(200, body, Content_Type="application/rss+xml; charset=iso-8859-1")
