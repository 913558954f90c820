"""Sources and topics: added, edited, counted; and what is said of a source, to readers and to curators."""

import pytest
from django.urls import get_resolver, reverse

from newsreader.articles.models import Collection, Source, Topic
from newsreader.desk import renaming
from newsreader.search.saved import save
from tests.desk.pages import desk, form_of
from tests.factories import make_article, mark
from tests.urls import addresses


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


@pytest.mark.parametrize(("model", "name"), [(Source, "source"), (Topic, "topic")])
def test_a_label_is_added_renamed_and_deleted(curator, model, name):
    curator.post(desk(f"articles_{name}_add"), {"name": "Ports", "slug": "ports", "site": "https://ports.example"})
    label = model.objects.get()
    curator.post(desk(f"articles_{name}_rename", label.pk), {"name": "Harbours", "slug": "ports"})
    label.refresh_from_db()
    assert (label.name, label.slug) == ("Harbours", "ports")
    curator.post(desk(f"articles_{name}_delete", label.pk), {"post": "yes"})
    assert not model.objects.exists()


def test_a_source_counts_the_librarys_articles_only(curator, ada):
    make_article()
    make_article(owner=ada)
    page = curator.get(desk("articles_source_changelist"))
    assert page.context["cl"].result_list[0].article_count == 1


def test_the_list_costs_as_many_queries_for_many_as_for_few(curator, django_assert_max_num_queries):
    for number in range(30):
        make_article(source=f"Source {number}")
    with django_assert_max_num_queries(12):
        curator.get(desk("articles_source_changelist"))


def test_a_sources_notes_are_edited_while_its_name_stays(curator):
    make_article()
    source = Source.objects.get()
    address = desk("articles_source_change", source.pk)
    form = form_of(curator.get(address), "source_form")
    assert "name" not in form
    curator.post(address, {**form, "rights": "Not to be *sold*.", "trust": "Careful.", "name": "Forged"})
    source.refresh_from_db()
    assert (source.rights, source.trust, source.name) == ("Not to be *sold*.", "Careful.", "The Harbour Post")


def test_a_dangerous_site_is_no_link_in_the_list(curator):
    Source.objects.create(name="Odd", slug="odd", site="javascript:alert(1)")
    assert "javascript:" not in curator.get(desk("articles_source_changelist")).content.decode()


def test_trust_is_on_no_page_feed_search_or_export_of_a_reader(ada, ben, cleo, signed_in, client):
    """Every address that there is outside the desk, asked by a visitor, readers and a curator; and the search."""
    article = make_article()
    Source.objects.update(trust="Quillwort: mind its figures.", rights="Zaffre: not to be sold.")
    renaming.rename(Source.objects.get(), name="Harbour Post", slug="harbour-post", by=cleo)
    Collection.objects.create(name="First", slug="first").items.create(article=article, position=1, note="Read it.")
    passage = mark(article, ada, "forty passengers", tags=["sea"])
    save("quillwort OR ferry", reader=ada, name="Ferries")
    seen = []
    for who in (client, signed_in(ada), signed_in(ben), signed_in(cleo)):
        for name, address in addresses(get_resolver(), article=article, passage=passage, reader=ada):
            if not address.startswith("/desk/"):
                answer = who.get(address, {"q": "quillwort", "format": "json"})
                words = b"".join(answer.streaming_content) if answer.streaming else answer.content
                said = words.decode(errors="replace").lower()
                assert "mind its figures" not in said, name
                seen += [name] if "zaffre" in said else []
        found = who.get(reverse("reading:search"), {"q": "quillwort"}).content.decode()
        assert article.title not in found
    assert {"reading:article", "reading:print-collection"} <= set(seen)
