"""Every page in German: nothing on it that one reads or hears is the same as on the English page."""

import re

import pytest
from django.urls import get_resolver

from newsreader.annotations.services import delete, revise_article
from newsreader.articles.models import Collection
from newsreader.articles.services import note_state, topic_named
from tests.factories import make_article, mark
from tests.reading.pages import Element, parsed
from tests.translations import LETTERS, SPOKEN
from tests.urls import addresses

pytestmark = pytest.mark.django_db

PUBLIC_ID = re.compile(r"\b[a-z2-9]{12}\b")
ADDRESS = re.compile(r"https?://\S+")
MUTE = {"script", "style", "kbd", "code", "pre"}
WORDS = """
Kahn kahn See see Seekarte seekarte Hafenblatt hafenblatt Nebel Warum Zwölf Kähne im und Tauwerk Segel Öl
ada Ada operator Curator de
"""
ALIKE = """
News read er Newsreader min Name Text Original Normal Sepia Auto Filter Position Deutsch English Markdown md
Aa Ag ab Feeds Shift HTML CSV JSON LD Web Annotation
"""
KNOWN = {*WORDS.split(), *ALIKE.split()}
# What Django itself says in English only.
DJANGOS = re.compile(r"^(Search|True|False|.*: \w+ object \(\d+\))$|relationship")


def spoken(element, mute=False):
    """The text nodes and the attributes that people get to know, each on its own. A message is from the page before."""
    at = element.at
    mute = mute or element.tag in MUTE or at.get("id") == "text" or at.get("class") == "messagelist"
    if not mute:
        names = SPOKEN | ({"value"} if at.get("type") in {"submit", "button"} else set())
        yield from (at[name] for name in names if at.get(name))
    for child in element.children:
        if isinstance(child, Element):
            yield from spoken(child, mute)
        elif not mute:
            yield child


def words(page):
    told = {ADDRESS.sub("", PUBLIC_ID.sub("", " ".join(text.split()))) for text in spoken(page)}
    return {text for text in told if set(LETTERS.findall(text)) - KNOWN}


@pytest.fixture
def library(ada):
    """One of everything, with words that no page of ours has."""
    html = "<p>Zwölf Kähne im Nebel, und Tauwerk.</p><p>Öl</p>"
    article = make_article("Kahn", html, source="Hafenblatt", language="de", standfirst="Nebel")
    article.topics.add(topic_named("See"))
    Collection.objects.create(name="Seekarte", slug="seekarte").items.create(article=article)
    note_state(article, reader=ada, place="later")
    passage = mark(article, ada, "Zwölf Kähne", note="Warum?", tags=["see"])
    delete(mark(article, ada, "Öl"))
    mark(article, ada, "Tauwerk")
    revise_article(article, html=article.html.replace("Tauwerk", "Segel"))
    return list(addresses(get_resolver(), article=article, passage=passage, reader=ada))


# Whose pages, and how many there are of them at least. At the desk those that have most of our own words.
WALKS = {
    "": (r"(?!admin)", 6),
    "ada": (r"reading", 12),
    "operator": (r"admin:(index|(articles_article|articles_collection|annotations_highlight|accounts_user)_ch)", 7),
}


@pytest.mark.parametrize("who", WALKS)
def test_no_page_says_the_same_in_english_and_in_german(request, client, signed_in, library, who):
    reader, (where, least) = signed_in(request.getfixturevalue(who)) if who else client, WALKS[who]
    same, walked = [], 0
    for name, address in library:
        if not re.match(where, name):
            continue
        english = reader.get(address, headers={"Accept-Language": "en-GB"})
        if english.status_code != 200 or not english.headers["Content-Type"].startswith("text/html"):
            continue
        walked += 1
        german = parsed(reader.get(address, headers={"Accept-Language": "de"}))
        assert [one.at["lang"] for one in german.all("html")] in (["de"], []), name
        left = words(parsed(english)) & words(german)
        same += [f"{name}: {text}" for text in left if not name.startswith("admin:") or not DJANGOS.search(text)]
    assert walked >= least
    assert not same, "\n".join(same)
