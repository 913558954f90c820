"""A source that only readers' own copies have: to the desk, and to every other reader, there is no such source."""

import ast
from pathlib import Path

import pytest

from newsreader.articles.models import Article, Source
from newsreader.articles.services import source_named
from newsreader.desk import renaming
from tests.desk.pages import desk
from tests.factories import make_article, mark

pytestmark = pytest.mark.django_db

HERS = "Zyzzyva Gazette"


@pytest.fixture
def hers(ada):
    make_article("In the library", source="Harbour News")
    own = make_article("Ada's own", owner=ada, source=HERS)
    return own.sources.get()


@pytest.fixture
def boss(operator, signed_in):
    return signed_in(operator)


def names(answer):
    return "zyzzyva" in answer.text.lower()


def test_no_list_filter_or_page_of_the_desk_names_it(boss, hers):
    for address, asked in (
        (desk("articles_source_changelist"), {}),
        (desk("articles_source_changelist"), {"all": ""}),
        (desk("articles_article_changelist"), {}),
        (desk("articles_article_upload"), {}),
        (desk("articles_article_add"), {}),
        (desk("articles_source_merge"), {"from": Source.objects.get(name="Harbour News").pk}),
        (desk("articles_source_merge"), {"from": hers.pk}),
        (desk("index"), {}),
    ):
        assert not names(boss.get(address, asked)), (address, asked)
    assert "Harbour News" in boss.get(desk("articles_source_changelist")).text


def test_nothing_that_is_typed_finds_it(boss, hers):
    sent = {"app_label": "articles", "model_name": "article", "field_name": "sources", "term": "zy"}
    assert boss.get(desk("autocomplete"), sent).json()["results"] == []
    found = boss.get(desk("articles_source_changelist"), {"q": "Zyzzyva"})
    assert not list(found.context["cl"].result_list)
    filtered = boss.get(desk("articles_article_changelist"), {"source_named": "zyzz"})
    assert "No source is called “zyzz”." in filtered.text
    merged = boss.get(
        desk("articles_source_merge"), {"from": Source.objects.get(name="Harbour News").pk, "named": HERS}
    )
    assert "There is no source called" in merged.text


def test_its_pages_are_missing_and_its_key_names_nothing(boss, hers):
    for page in ("change", "delete", "history", "rename"):
        assert boss.get(desk(f"articles_source_{page}", hers.pk)).status_code == 404
    article = Article.objects.get(title="In the library")
    sent = {"action": "set_source", "_selected_action": [article.pk], "source": hers.pk, "index": 0}
    assert not names(boss.post(desk("articles_article_changelist"), sent, follow=True))
    assert [one.name for one in article.sources.all()] == ["Harbour News"]
    assert not names(boss.post(desk("articles_article_add"), {"title": "x", "body": "<p>x</p>", "sources": [hers.pk]}))


def test_a_source_without_articles_stays_at_the_desk_also_once_a_reader_has_a_copy_from_it(boss, ada):
    source_named("Hill Post")
    listed = desk("articles_source_changelist")
    assert "Hill Post" in boss.get(listed).text
    make_article("Ada's own", owner=ada, source="Hill Post")
    assert "Hill Post" in boss.get(listed).text
    assert Article.objects.get(owner=ada).sources.get().name == "Hill Post"


def test_when_its_reader_s_copy_is_gone_it_is_still_nobody_s_to_see(boss, hers, ada):
    Article.objects.filter(owner=ada).delete()
    assert not names(boss.get(desk("articles_source_changelist")))


def test_once_an_article_of_the_library_has_it_the_desk_knows_it(boss, hers):
    make_article("From there", source=HERS)
    assert names(boss.get(desk("articles_source_changelist")))


def test_a_curator_adds_a_source_of_that_name_and_learns_nothing(boss, hers):
    sent = {
        "name": HERS,
        "slug": "zyzzyva",
        "site": "https://zyzzyva.example/",
        "language": "",
        "rights": "",
        "trust": "",
    }
    assert boss.post(desk("articles_source_add"), sent).status_code == 302
    one = Source.objects.get(name=HERS)
    assert (one.pk, one.slug, one.private, one.site) == (hers.pk, "zyzzyva", False, "https://zyzzyva.example/")
    assert names(boss.get(desk("articles_source_changelist")))


def test_its_address_counts_as_free(boss, hers):
    sent = {"name": "Another", "slug": hers.slug, "site": "", "language": "", "rights": "", "trust": ""}
    assert boss.post(desk("articles_source_add"), sent).status_code == 302
    hers.refresh_from_db()
    assert (Source.objects.get(name="Another").slug, hers.private) == ("zyzzyva-gazette", True)
    assert hers.slug != "zyzzyva-gazette"


def test_another_source_is_renamed_to_its_name_and_its_reader_s_copies_follow(boss, hers, ada):
    news = Source.objects.get(name="Harbour News")
    looked = boss.get(desk("articles_source_rename", news.pk), {"name": HERS, "slug": "zyzzyva-gazette"})
    assert not looked.context["taken"]
    boss.post(desk("articles_source_rename", news.pk), {"name": HERS, "slug": "zyzzyva-gazette"})
    assert Source.objects.get(name=HERS).pk == news.pk
    assert Article.objects.get(owner=ada).sources.get() == news
    assert renaming.weigh(news).articles == 1


def test_to_other_readers_and_visitors_it_is_missing_and_to_its_own_it_is_there(hers, client, signed_in, ada, request):
    pages = ("/", f"/?source={hers.slug}&place=all", "/search/?q=source:zy", "/search/suggestions/?q=source:zy")
    there = "/search/facets/?q=ferry"
    readers = [request.getfixturevalue(name) for name in ("ben", "cleo")]
    for reader in readers:  # whose notebooks have something in them
        mark(Article.objects.get(title="In the library"), reader, "forty passengers")
    others = [signed_in(reader) for reader in readers]
    for who in (client, *others):
        for page in (*pages, there, f"/notebook/?source={hers.slug}"):
            answer = who.get(page)
            shown = answer.text.lower().replace("zyzzyva-gazette", "")
            assert "zyzzyva" not in shown, (who, page)
    assert "Zyzzyva Gazette" in signed_in(ada).get(f"/?source={hers.slug}&place=all").text


def test_everything_that_takes_in_readers_own_pages_names_their_sources_privately():
    library = {"seeds.py", "making.py"}  # what comes into the library
    for path in Path("newsreader/intake").rglob("*.py"):
        if path.name in library or "feeds" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == "source_named"
            ):
                assert "private" in {keyword.arg for keyword in node.keywords}, f"{path}:{node.lineno}"
