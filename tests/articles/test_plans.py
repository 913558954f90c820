"""What few articles pass is looked up from those few: SQLite's plan never walks through the whole library for it."""

import pytest
from django.db import connection

from newsreader.articles.models import Article

pytestmark = pytest.mark.only_on("sqlite", "PostgreSQL plans by what its tables hold")


def plan(rows):
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        return "\n".join(row[3] for row in cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "chosen",
    [
        lambda rows, ada: rows.placed("later", ada),
        lambda rows, ada: rows.placed("inbox", ada).favourites_of(ada),
        lambda rows, ada: rows.marked_by(ada),
        lambda rows, ada: rows.in_collection("first"),
        lambda rows, ada: rows.from_source("harbour-post", all_of_them=True),
        lambda rows, ada: rows.about("sea", all_of_them=True),
        lambda rows, ada: rows.in_language("de"),
    ],
)
def test_a_filter_that_few_articles_pass_reads_only_those(ada, chosen):
    assert "SCAN articles_article" not in plan(chosen(Article.objects.visible_to(ada), ada).newest().listed())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "chosen",
    [
        lambda rows, ada: rows.placed("inbox", ada).unread_by(ada).newest(),
        lambda rows, ada: rows.from_source("harbour-post").newest(),
        lambda rows, ada: rows.in_language("de").newest(),
        lambda rows, ada: rows.longest(),
    ],
)
def test_a_list_that_most_articles_are_in_is_read_off_in_its_order(ada, chosen):
    assert "TEMP B-TREE" not in plan(chosen(Article.objects.visible_to(ada), ada).listed())
