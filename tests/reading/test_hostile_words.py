"""What notes and articles may contain comes out as words wherever it shows, never as something that acts."""

import pytest

from newsreader.annotations.services import delete, revise_article
from newsreader.articles.models import Article
from newsreader.articles.services import source_named, topic_named
from tests.factories import make_article, mark
from tests.reading.pages import parsed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](  JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '<a data-hx-post="/x" data-hx-trigger="load">x</a>',
    '<b hx-get="/x" hx-trigger="load">x</b>',
    '<p style="position:fixed" class="hl" id="text">x</p>',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<style>*{display:none}</style>",
    "<form action=//evil.example><input name=x></form>",
    "</textarea></article><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "{{ user.password }}{% debug %}",
    '[x](https://example.org "\\" onmouseover=alert(1) ")',
    "<!--><script>alert(1)</script>-->",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
]
ALL = "\n\n".join(HOSTILE)
SCHEMES = ("http://", "https://", "/", "?", "#", "mailto:")


def harmless(page):
    """Nothing in the page acts but what the page itself brings."""
    for one in page.walk():
        assert not [name for name in one.at if name.startswith("on")], (one.tag, one.at)
        assert "style" not in one.at, one.at
        assert one.tag not in {"iframe", "object", "embed", "style", "base", "math", "img", "foreignobject"}, one.tag
        if one.tag == "script":
            assert one.at["src"].startswith("/static/")
            assert not one.text.strip()
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            assert one.at.get(name, "/").startswith(SCHEMES), (one.tag, one.at)
    for prose in page.all(hx_disable=True):
        for one in prose.walk():
            acting = {name for name in one.at if name.startswith(("hx-", "data-hx-"))} - {"hx-disable"}
            assert not acting, (one.tag, acting)
            assert one.tag not in {"form", "input", "button", "textarea", "svg", "script"}
    for note in page.all("div", class_="md"):
        assert "hx-disable" in note.at
        for one in note.walk():
            allowed = {"href", "rel", "start"} if one is not note else {"class", "hx-disable", "dir"}
            assert not set(one.at) - allowed, (one.tag, one.at)
    return page


@pytest.fixture
def client(signed_in, ada):
    """Ada's."""
    return signed_in(ada)


@pytest.mark.parametrize("note", HOSTILE)
def test_a_hostile_note_is_harmless_wherever_it_shows(client, ada, article, note):
    made = mark(article, ada, "forty passengers", note=note)
    form = f"/highlights/{made.public_id}/"
    pages = {address: harmless(parsed(client.get(address))) for address in (
        article.get_absolute_url(), "/", "/notebook/", "/search/?q=forty", form, f"{form}?next=/notebook/"
    )}  # fmt: skip
    typed = pages[form].one("textarea", name="note").text.removeprefix("\n")
    assert typed == note
    sent = {"version": 1, "colour": "rose", "note": note, "tags": ""}
    harmless(parsed(client.post(form, sent, headers=HTMX)))
    for headers in ({}, HTMX):
        stale = harmless(parsed(client.post(form, sent | {"tags": "late"}, headers=headers), 409))
        assert stale.one("pre").text == note
    delete(made)
    harmless(parsed(client.get("/bin/")))


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_what_is_refused_is_harmless_in_the_form_that_keeps_it(client, article, headers):
    sent = {"exact": ALL, "note": ALL, "tags": ALL, "before": ALL[:99], "after": ALL[:99], "key": '"><b>', "hint": "1"}
    for colour in ('"><script>', "rose"):
        response = client.post(f"{article.get_absolute_url()}highlights/", sent | {"colour": colour}, headers=headers)
        page = harmless(parsed(response, 422))
        assert page.one("textarea", name="note").text.removeprefix("\n") == ALL


def test_hostile_words_that_stand_twice_are_harmless_in_the_question(client):
    escaped = ALL.replace("&", "&amp;").replace("<", "&lt;")
    article = make_article(html=f"<p>{escaped}</p><p>{escaped}</p>")
    words = "<script>alert(1)</script>"
    sent = {"exact": words, "note": ALL, "tags": ALL[:900], "colour": "rose"}
    page = harmless(parsed(client.post(f"{article.get_absolute_url()}highlights/", sent)))
    assert page.one("input", name="exact").at["value"] == words
    assert page.one("input", name="note").at["value"] == ALL


def test_hostile_words_of_a_passage_are_harmless_wherever_they_show(client, ada):
    article = make_article(html=f"<p>{ALL.replace('&', '&amp;').replace('<', '&lt;')}</p>")
    made = mark(article, ada, article.text[:400], note="n")
    form = f"/highlights/{made.public_id}/"
    for address in (article.get_absolute_url(), "/", "/notebook/", form, "/search/?q=alert"):
        harmless(parsed(client.get(address)))
    assert parsed(client.get(article.get_absolute_url())).one("article", id="text").text == article.text
    revise_article(article, html="<p>Other words.</p>")
    assert article.highlights.get().status == "lost"
    harmless(parsed(client.get(article.get_absolute_url())))
    client.post(f"{form}delete/", {"next": "/notebook/?tag=%22%3E%3Cscript%3E"}, headers=HTMX)
    harmless(parsed(client.get("/bin/")))


def test_a_hostile_article_is_harmless_and_its_text_is_whole(client, ada):
    article = make_article(html=f"<p>Before.</p>{ALL}<p>After <a href='https://example.org/' onclick='x()'>a</a>.</p>")
    mark(article, ada, "Before.", note="n")
    page = harmless(parsed(client.get(article.get_absolute_url())))
    text = page.one("article", id="text")
    assert text.text == article.text
    for one in text.walk():
        if one is not text:
            named = {name for name in one.at if name.startswith(("data-", "id", "class"))}
            ours = one.tag == "mark" or "hl-ref" in one.at.get("class", "") or one.at.get("id", "").startswith("b-")
            assert not named or ours, one.at


def test_hostile_titles_standfirsts_sources_topics_and_tags_come_out_as_words(client, ada, ben):
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    article = make_article(hostile, standfirst=hostile, byline=hostile, source="", language='"><b>')
    article.sources.add(source_named(hostile))
    article.topics.add(topic_named(hostile))
    made = mark(article, ada, "forty", note="n", tags=[hostile[:60]])
    addresses = ["/", article.get_absolute_url(), "/notebook/", "/tags/", "/search/?q=alert", "/accounts/"]
    addresses += [f"/?source={hostile}&topic={hostile}&place=all", f"/notebook/?tag={hostile}&source={hostile}"]
    addresses += [f"/notebook/?article={hostile}", f"/search/?q={hostile}", f"/highlights/{made.public_id}/"]
    for address in addresses:
        harmless(parsed(client.get(address)))
    tag = made.tags.get()
    for page in (
        client.post(f"/tags/{tag.pk}/rename/", {"name": ""}),
        client.post("/tags/merge/", {"tag": [tag.pk]}),
        client.get(client.post(f"/tags/{tag.pk}/delete/")["Location"]),
    ):
        harmless(parsed(page, page.status_code))


def test_an_article_s_own_address_is_a_link_only_where_it_leads_to_a_page(client, article):
    Article.objects.filter(pk=article.pk).update(address="javascript:alert(1)")
    harmless(parsed(client.get(article.get_absolute_url())))
    Article.objects.filter(pk=article.pk).update(address="https://example.org/a?b=1&c=2")
    assert parsed(client.get(article.get_absolute_url())).all("a", href="https://example.org/a?b=1&c=2")
