"""Sources, topics, and collections with their order."""

import pytest

from newsreader.articles.models import Collection, CollectionItem, Source, Topic
from tests.desk.pages import desk, form_of
from tests.factories import make_article


@pytest.fixture
def curator(cleo, signed_in):
    return signed_in(cleo)


@pytest.mark.parametrize(("model", "name"), [(Source, "source"), (Topic, "topic")])
def test_a_label_is_added_renamed_and_deleted(curator, model, name):
    curator.post(desk(f"articles_{name}_add"), {"name": "Ports", "slug": "ports", "site": "https://ports.example"})
    label = model.objects.get()
    address = desk(f"articles_{name}_change", label.pk)
    curator.post(address, {**form_of(curator.get(address), f"{name}_form"), "name": "Harbours"})
    label.refresh_from_db()
    assert (label.name, label.slug) == ("Harbours", "ports")
    curator.post(desk(f"articles_{name}_delete", label.pk), {"post": "yes"})
    assert not model.objects.exists()


def test_a_source_counts_the_librarys_articles_only(curator, ada):
    make_article()
    make_article(owner=ada)
    page = curator.get(desk("articles_source_changelist"))
    assert page.context["cl"].result_list[0].article_count == 1


def items(*articles):
    rows = {"items-TOTAL_FORMS": len(articles), "items-INITIAL_FORMS": 0}
    for number, (article, position) in enumerate(articles):
        rows |= {f"items-{number}-article": article.pk, f"items-{number}-position": position}
    return {"name": "Ports", "slug": "ports", "introduction": "", **rows}


def test_a_collection_keeps_its_order_and_counts_positions_anew(curator):
    one, two, three = make_article("One"), make_article("Two"), make_article("Three")
    curator.post(desk("articles_collection_add"), items((one, ""), (two, 7), (three, 3)))
    placed = CollectionItem.objects.order_by("position").values_list("position", "article__title")
    assert list(placed) == [(1, "Three"), (2, "Two"), (3, "One")]


def test_a_forged_form_puts_no_private_copy_into_a_collection_nor_tells_its_title(curator, ada):
    copy = make_article("Adas secret clipping", owner=ada)
    page = curator.post(desk("articles_collection_add"), items((copy, 1)))
    assert page.status_code == 200
    assert "clipping" not in page.content.decode()
    assert not CollectionItem.objects.exists()
    assert not Collection.objects.exists()
