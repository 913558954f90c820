"""What a page says about itself: title, byline, day, language, site, address, lead image. Pure.

Its JSON-LD counts first, then OpenGraph and other meta elements, then what is marked in the page; trafilatura's rules
for looks are asked last.
"""

from __future__ import annotations

import re
from collections import defaultdict
from urllib.parse import urlsplit

from htmldate import find_date
from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

from newsreader.core.addresses import address as safe_address
from newsreader.intake.extraction import days, linked, titles
from newsreader.intake.extraction.runs import Run
from newsreader.intake.headline import fold

_PUBLISHED = (
    "article:published_time",
    "datepublished",
    "og:article:published_time",
    "og:published_time",
    "parsely-pub-date",
)
_OTHER_DAYS = (
    "date",
    "dc.date",
    "dcterms.date",
    "dc.date.issued",
    "dcterms.created",
    "pubdate",
    "publish-date",
    "sailthru.date",
    "article.published",
    "citation_publication_date",
)
_TITLES = ("og:title", "twitter:title", "citation_title", "dc.title", "headline")
_AUTHORS = (
    "author",
    "article:author",
    "parsely-author",
    "byl",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
)
_SITES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "al:ios:app_name")
_IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_BY = re.compile(
    r"^(?:(?:post\s+)?(?:authors?|auteure?s?|autor(?:in|a)?)|written|text|by|von|par|por|di|door)(?:\s*:\s*|\s+|$)",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"https?:|www\.|@|\.(?:com|org|net|de|fr)$|^\W*$|^(?:no author|follow|admin|editor|interview)$", re.IGNORECASE
)
_CHANGED = re.compile(
    r"(?:updat|modif|edited|änder|aktualis|mis à jour|actualiz|aggiorn)\D{0,25}\d[\d.:/ -]*", re.IGNORECASE
)
_LINE = 120  # letters of the longest line that is taken for one about the article, not in it
_NEAR = 12  # runs after the headline in which its day may stand


class Facts:
    """The facts of one page, each as plain text, "" where it doesn't say."""

    def __init__(self, tree: HtmlElement, runs: list[Run], url: str) -> None:
        self._tree, self._runs, self._url = tree, runs, url
        self._meta: dict[str, list[str]] = defaultdict(list)
        for element in tree.iter("meta"):
            key = element.get("property") or element.get("name") or element.get("itemprop") or ""
            if value := " ".join((element.get("content") or "").split()):
                self._meta[key.strip().lower()].append(value)
        self._article = linked.article_in(tree, url)
        self._titled = " ".join((tree.findtext(".//title") or "").split())[:1_000]

    def site(self) -> str:
        """The site's own name."""
        said = self._first(*_SITES) or linked.words(self._article.get("publisher"))
        if not said and (tail := titles.site_in(self._titled)) and self._is_of_host(tail):
            said = tail
        parts = re.split(r"\s+[-–—|·•]\s+", said) if len(said) > 30 else [said]
        return parts[0] or self._host()

    def title(self) -> str:
        headings = [" ".join("".join(heading.itertext()).split()) for heading in self._tree.iter("h1")]
        stated = [linked.words(self._article.get("headline")), *(self._first(name) for name in _TITLES)]
        names = [
            *(value for name in _SITES for value in self._meta.get(name, ())),
            linked.words(self._article.get("publisher")),
        ]
        names += [
            self._host(),
            self._host().rpartition(".")[0],
            titles.site_in(self._titled) if self._is_of_host(titles.site_in(self._titled)) else "",
        ]
        return titles.headline(
            [text for text in headings if text], [text for text in stated if text], self._titled, names
        )

    def standfirst(self) -> str:
        return self._first("og:description", "description", "twitter:description") or linked.words(
            self._article.get("description")
        )

    def byline(self) -> str:
        """The authors' names, with commas between."""
        found = linked.names(self._article.get("author"))
        if not found:
            found = [name for key in _AUTHORS for name in self._meta.get(key, ()) if _is_name(name)][:20]
        if not any(map(_is_name, found)):
            found = (extract_author(self._tree) or "").split("; ")
        site = fold(self.site())
        unique = dict.fromkeys(_bare(name) for name in found)
        people = [name for name in unique if _is_name(name)]
        return ", ".join([name for name in people if fold(name) != site] or people)

    def published(self, title: str, begins: int) -> days.Moment | None:
        """The day or moment of publication of the article that begins with the run `begins`."""
        stated = [
            linked.words(self._article.get("datePublished")),
            *(value for key in _PUBLISHED for value in self._meta.get(key, ())),
        ]
        stated += [
            element.get("datetime") or element.get("content") or ""
            for element in self._tree.xpath("//*[@itemprop='datePublished']")
        ]
        weak = [moment for key in _OTHER_DAYS for value in self._meta.get(key, ()) if (moment := days.stated(value))]
        found = [moment for value in stated if (moment := days.stated(value))]
        if found:
            return days.settled([*found, *weak], self._url)
        return (
            self._beside(title, begins)
            or days.in_address(self._url)
            or next(iter(weak), None)
            or days.stated(find_date(self._tree, url=self._url, original_date=True, extensive_search=True) or "")
        )

    def language(self) -> str:
        """The language that the page says, as a BCP 47 tag."""
        said = [
            self._tree.get("lang"),
            self._tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
            self._tree.get("xml:lang"),
        ]
        body = self._tree.find("body")
        said += [
            body.get("lang") if body is not None else "",
            self._first("content-language", "og:locale", "dc.language", "language"),
        ]
        return next(
            (
                tag
                for one in said
                if (tag := (one or "").strip().replace("_", "-"))
                and re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}", tag)
            ),
            "",
        )

    def address(self) -> str:
        """The canonical address, if it is on the same host, else the one that the page was fetched from."""
        links = [
            link.get("href") or ""
            for link in self._tree.iter("link")
            if "canonical" in (link.get("rel") or "").lower().split()
        ]
        for said in (*links, self._first("og:url")):
            found = safe_address(said, self._url) if said else None
            if found and self._is_same_place(found):
                return found
        return self._url

    def lead_image(self) -> str:
        """The address of the picture that the page shows for itself elsewhere."""
        said = self._first(*_IMAGES) or linked.picture(self._article.get("image"))
        found = safe_address(said, self._url) if said else None
        return found if found and found.startswith(("http:", "https:")) else ""

    def topics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(topic for topic in self._meta.get("article:tag", ()) if len(topic) <= 100))[:20]

    def _first(self, *names: str) -> str:
        return next((self._meta[name][0] for name in names if self._meta.get(name)), "")

    def _host(self) -> str:
        try:
            return re.sub(r"^www\.", "", urlsplit(self._url).hostname or "")
        except ValueError:
            return ""

    def _is_of_host(self, name: str) -> bool:
        """Whether a name looks like the host's: "Le Monde" and lemonde.fr."""
        short = fold(name)
        return len(short) >= 3 and any(
            short in part or (len(part) >= 3 and part in short) for part in map(fold, self._host().split(".")[:-1])
        )

    def _is_same_place(self, found: str) -> bool:
        """Same host, and no front page instead of an article."""
        there, here = urlsplit(found), urlsplit(self._url)
        same = re.sub(r"^www\.", "", there.hostname or "") == re.sub(r"^www\.", "", here.hostname or "")
        return same and (there.path.strip("/") != "" or there.query != "" or here.path.strip("/") == "")

    def _beside(self, title: str, begins: int) -> days.Moment | None:
        """The day that is shown around the headline, or around where the article begins."""
        short = fold(title)[:60]
        headings = (run.number for run in self._runs if run.block.tag in ("h1", "h2", "h3") and short in fold(run.text))
        place = next(headings, begins) if short else begins
        longest = _LINE if place != begins else _LINE // 2
        after, before = self._runs[place : place + _NEAR], self._runs[max(0, place - 4) : place]
        for run in (*after, *reversed(before)):
            if len(run.text) <= longest or days.shown(run.text[:20]):
                for element in run.block.iter("time"):
                    if moment := days.stated(element.get("datetime") or ""):
                        return moment
                if day := days.shown(_CHANGED.sub("", run.text[:_LINE])):
                    return day
        return None


def _bare(name: str) -> str:
    for _ in range(3):
        name = _BY.sub("", name.strip(" ,;|"))
    return name


def _is_name(text: str) -> bool:
    return 1 < len(text) <= 100 and not _NO_NAME.search(text)
