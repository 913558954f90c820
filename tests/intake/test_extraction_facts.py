"""What a page says of itself, and which of its statements counts."""

import datetime as dt
import json

import pytest

from newsreader.intake.extraction import extract
from newsreader.intake.extraction.days import in_address, shown, stated
from newsreader.intake.extraction.titles import headline, without_site

URL = "https://www.paper.example/harbour"
TEXT = (
    "The harbour was rebuilt in three years, and nobody who had known the old one could find the way to the ferry. " * 3
)


def taken(head="", body="", url=URL, title="<title>The new harbour | The Paper</title>", lang=' lang="en"'):
    html = (
        f"<html{lang}><head>{title}{head}</head><body><article>{body}<p>{TEXT}</p><p>{TEXT}</p></article></body></html>"
    )
    return extract(html, url)


def linked(**facts):
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **facts})}</script>'


def meta(name, content):
    return f'<meta property="{name}" content="{content}">'


def test_the_heading_is_the_title_where_the_pages_title_has_its_words():
    extracted = taken(body="<h1>The new harbour</h1>")
    assert extracted.document.title == "The new harbour"
    assert "<h2>" not in extracted.document.html


def test_a_first_heading_that_is_the_sites_name_is_no_title():
    extracted = taken(meta("og:site_name", "The Paper"), "<h1>The Paper</h1><h1>The new harbour</h1>")
    assert extracted.document.title == "The new harbour"


def test_without_a_heading_the_statement_counts_before_the_title_element():
    assert taken(linked(headline="A harbour, rebuilt")).document.title == "A harbour, rebuilt"
    assert taken(meta("og:title", "Rebuilt: the harbour")).document.title == "Rebuilt: the harbour"


def test_the_sites_name_is_taken_off_where_it_is_known():
    assert taken(meta("og:site_name", "The Paper")).document.title == "The new harbour"
    assert without_site("Harbours - bridges - The Paper", {"thepaper"}) == "Harbours - bridges"
    assert without_site("The Paper: Harbours", {"thepaper"}) == "The Paper: Harbours"


def test_a_kicker_in_the_heading_is_no_part_of_the_title():
    assert headline(["Harbours The new harbour opens"], ["The new harbour opens"], "", []) == "The new harbour opens"


def test_the_byline_comes_from_linked_data_first_then_meta_then_looks():
    people = linked(author=[{"@type": "Person", "name": "Ada Able"}, {"name": "Ben Bold"}])
    assert taken(people + '<meta name="author" content="Cleo Calm">').document.byline == "Ada Able, Ben Bold"
    assert taken('<meta name="author" content="By Cleo Calm">').document.byline == "Cleo Calm"
    assert taken(body='<p class="byline">By Ines Idle</p>').document.byline == "Ines Idle"
    assert taken(meta("article:author", "https://social.example/ada")).document.byline == ""


def test_the_moment_of_publication_comes_from_linked_data_first():
    published = linked(datePublished="2024-05-06T07:08:09+02:00") + meta("article:published_time", "2024-05-09")
    at = dt.timezone(dt.timedelta(hours=2))
    assert taken(published).document.published == dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=at)
    assert taken(meta("article:published_time", "2024-05-09")).document.published == dt.date(2024, 5, 9)


def test_a_moment_in_utc_is_read_in_the_pages_own_zone_where_it_says_one():
    said = linked(datePublished="2024-05-06T22:04:00Z") + '<meta name="date" content="Tue, 07 May 2024 00:04:00 +0200">'
    assert taken(said).document.published.day == 7


def test_the_day_beside_the_headline_counts_where_nothing_is_stated():
    body = '<h1>The new harbour</h1><p class="when">Updated: 9 May 2024</p><p class="when">Published 6 May 2024</p>'
    assert taken(body=body).document.published == dt.date(2024, 5, 6)
    body = '<h1>The new harbour</h1><time datetime="2024-05-06">last Monday</time>'
    assert taken(body=body).document.published == dt.date(2024, 5, 6)


def test_the_address_corrects_what_cannot_be_about_the_article():
    said = linked(datePublished="2024-05-07T02:00:00Z")
    assert taken(said, url="https://paper.example/2024/05/06/harbour").document.published == dt.date(2024, 5, 6)
    assert in_address("https://paper.example/2023/11/bernard-and-the-10-boats") is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Erstellt am: 4. 2. 2022, 18:36", dt.date(2022, 2, 4)),
        ("Publié le 7 août 2019", dt.date(2019, 8, 7)),
        ("19 de octubre de 2019", dt.date(2019, 10, 19)),
        ("Nov. 8, 2023 at noon", dt.date(2023, 11, 8)),
        ("2020年2月14日", dt.date(2020, 2, 14)),
        ("03/04/2023", None),
        ("31.02.2022", None),
        ("no day at all", None),
    ],
)
def test_days_are_read_as_pages_write_them(text, day):
    assert shown(text) == day


def test_a_stated_moment_may_have_fractions_or_be_written_as_in_mail():
    assert stated("2022-05-03T13:32:45.000Z") == dt.datetime(2022, 5, 3, 13, 32, 45, tzinfo=dt.UTC)
    assert stated("Wed, 04 May 2022 02:41:00 GMT").date() == dt.date(2022, 5, 4)
    assert stated("yesterday") is None


def test_the_canonical_address_counts_on_the_same_host_only():
    def canonical(href):
        return taken(f'<link rel="canonical" href="{href}">', url=f"{URL}?from=mail").address

    assert canonical("/harbour") == URL
    assert canonical("https://paper.example/harbour") == "https://paper.example/harbour"
    assert canonical("https://elsewhere.example/harbour") == f"{URL}?from=mail"
    assert canonical("https://www.paper.example/") == f"{URL}?from=mail"
    assert canonical("javascript:alert(1)") == f"{URL}?from=mail"


def test_the_lead_image_is_an_address_and_never_a_script():
    assert taken(meta("og:image", "/b.jpg")).lead_image == "https://www.paper.example/b.jpg"
    assert taken(linked(image=[{"url": "https://img.example/a.jpg"}])).lead_image == "https://img.example/a.jpg"
    assert taken(meta("og:image", "javascript:alert(1)")).lead_image == ""
    assert taken(meta("og:image", "data:image/png;base64,AA")).lead_image == ""


def test_site_language_and_topics():
    extracted = taken(meta("og:site_name", "The Paper") + meta("article:tag", "Ports") + meta("article:tag", "Bridges"))
    assert (extracted.site, extracted.document.language, extracted.document.topics) == (
        "The Paper",
        "en",
        ("Ports", "Bridges"),
    )
    assert taken(title="").site == "paper.example"
    assert taken(lang="").document.language == "en"
    assert taken(meta("og:locale", "de_AT"), lang="").document.language == "de-AT"
