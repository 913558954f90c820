"""SQLite keeps the index: after every way to write, it is exactly what the rows say."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models
from django.db.migrations.loader import MigrationLoader

from newsreader.annotations import services
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.search.service import search
from newsreader.search.sqlite import index
from tests.factories import make_article, mark

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.only_on("sqlite", "SQLite's tables and triggers; PostgreSQL: test_postgres"),
]


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def is_true():
    """FTS5's own check compares the index with the rows, word by word."""
    try:
        for each in (index.ARTICLES, index.HIGHLIGHTS):
            run(f"INSERT INTO {each.name}({each.name}, rank) VALUES ('integrity-check', 1)")
    except DatabaseError:
        return False
    return True


def found(words, user):
    return [result.article.pk for result in search(words, user=user, kind="articles").results]


def test_the_check_notices_an_index_that_is_stale(article):
    run("DROP TRIGGER search_articles_update")
    Article.objects.update(title="Zeppelin")
    assert not is_true()


def test_an_article_that_is_added_is_found(ada, article):
    assert found("tarpaulin", ada) == [article.pk]
    assert is_true()


def test_an_article_that_is_revised_is_found_by_its_new_words_only(ada, article):
    services.revise_article(article, html="<p>A zeppelin came.</p>", title="By air")
    assert found("zeppelin", ada) == [article.pk]
    assert found("tarpaulin", ada) == []
    assert is_true()


def test_save_keeps_it(ada, article):
    article.standfirst = "About a zeppelin."
    article.save()
    assert found("zeppelin", ada) == [article.pk]
    assert is_true()


def test_an_update_keeps_it(ada, article):
    Article.objects.update(byline="By Zelda Zeppelin")
    assert found("zeppelin", ada) == [article.pk]
    assert is_true()


def test_bulk_create_and_bulk_update_keep_it(ada, article):
    article.pk, article.slug = None, "copy"
    (copy,) = Article.objects.bulk_create([article])
    copy.text = "A zeppelin."
    Article.objects.bulk_update([copy], ["text"])
    assert found("zeppelin", ada) == [copy.pk]
    assert is_true()


def test_an_upsert_keeps_it(ada, article):
    article.title = "A zeppelin"
    Article.objects.bulk_create([article], update_conflicts=True, unique_fields=["id"], update_fields=["title"])
    assert found("zeppelin", ada) == [article.pk]
    assert is_true()


def test_plain_sql_keeps_it(ada, article):
    run("UPDATE articles_article SET text = 'zeppelin' WHERE id = %s", article.pk)
    assert found("zeppelin", ada) == [article.pk]
    run("UPDATE articles_article SET id = id + 1000000 WHERE id = %s", article.pk)
    assert is_true()
    run("UPDATE articles_article SET id = id - 1000000 WHERE id > 1000000")


def test_deleting_keeps_it(ada, article):
    article.delete()
    assert found("tarpaulin", ada) == []
    assert is_true()
    other = make_article()
    Article.objects.filter(pk=other.pk).delete()
    assert is_true()


def test_a_highlight_is_found_as_it_is_now_after_every_service(ada, article):
    made = mark(article, ada, "forty passengers", note="Count them")
    assert search("count", user=ada, kind="notes").results
    services.edit(made, version=made.version, colour="blue", note="A zeppelin")
    assert not search("count", user=ada, kind="notes").results
    assert search("zeppelin", user=ada, kind="notes").results
    assert is_true()
    services.delete(made)
    assert not search("zeppelin", user=ada, kind="notes").results
    services.restore(made)
    assert search("zeppelin", user=ada, kind="notes").results
    made.delete()
    assert not search("zeppelin", user=ada, kind="notes").results
    assert is_true()


def test_bulk_writes_of_highlights_keep_it(ada, article):
    made = mark(article, ada, "forty passengers")
    Highlight.objects.update(note="zeppelin")
    assert search("zeppelin", user=ada, kind="notes").results
    made.refresh_from_db()
    made.exact = "forty pianos"
    Highlight.objects.bulk_update([made], ["exact"])
    assert search("pianos", user=ada, kind="passages").results
    Highlight.objects.all().delete()
    assert is_true()


def test_a_curator_s_form_keeps_it(signed_in, ada, cleo, article):
    page = f"/desk/articles/article/{article.pk}/change/"
    client = signed_in(cleo)
    form = client.get(page).context["adminform"].form
    typed = {name: value for name, value in form.initial.items() if value is not None}
    typed |= {"sources": [one.pk for one in article.sources.all()], "topics": [], "title": "A zeppelin"}
    for inline in client.get(page).context["inline_admin_formsets"]:
        typed |= {f"{inline.formset.prefix}-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    response = client.post(page, typed)
    assert response.status_code == 302, response.context["errors"]
    assert found("zeppelin", ada) == [article.pk]
    assert is_true()


def test_a_row_of_plain_sql_is_found(ada, article):
    columns = ", ".join(f.column for f in Article._meta.concrete_fields if f.column not in {"id", "slug", "title"})
    run(
        f"INSERT INTO articles_article(slug, title, {columns}) SELECT 'copy', 'Zeppelin', {columns} "
        "FROM articles_article WHERE id = %s",
        article.pk,
    )
    assert len(found("zeppelin", ada)) == 1
    run("DELETE FROM articles_article WHERE slug = 'copy'")
    assert found("zeppelin", ada) == []
    assert is_true()


def test_a_reader_who_leaves_takes_their_passages_and_shelf_out_of_it(ada, ben, article):
    mark(article, ben, "forty passengers", note="zeppelin")
    own = make_article("Zeppelin", owner=ben)
    assert found("zeppelin", ben) == [own.pk]
    ben.delete()
    assert run("SELECT count(*) FROM search_highlights WHERE search_highlights MATCH 'zeppelin'") == [(0,)]
    assert run("SELECT count(*) FROM search_articles WHERE search_articles MATCH 'zeppelin'") == [(0,)]
    assert is_true()


def test_a_passage_that_comes_to_another_reader_is_found_by_them_alone(ada, ben, article):
    mark(article, ada, "forty passengers", note="zeppelin")
    Highlight.objects.update(reader=ben)
    assert not search("zeppelin", user=ada, kind="notes").results
    assert search("zeppelin", user=ben, kind="notes").results
    assert is_true()


def test_a_write_that_touches_no_words_writes_nothing_to_the_index(ada, article):
    made = mark(article, ada, "forty passengers", note="Count them")
    blocks = "SELECT id, block FROM search_highlights_data UNION ALL SELECT id, block FROM search_articles_data"
    before = run(blocks)
    Highlight.objects.update(status="moved", score=0.5, colour="rose", version=7)
    made.refresh_from_db()
    made.save()
    Article.objects.update(state="withdrawn")
    article.save()
    assert run(blocks) == before


@pytest.mark.parametrize("name", [name for each in index.INDEXES for name in each.statements])
def test_migrate_puts_back_what_was_dropped_and_indexes_what_was_missed(ada, article, name):
    mark(article, ada, "forty passengers")
    made = next(each for each in index.INDEXES if name in each.statements)
    run(f"DROP {'TABLE' if 'TABLE' in made.statements[name] else 'TRIGGER'} {name}")
    if name.endswith(("insert", "update")) and made is index.ARTICLES:
        make_article("Zeppelin")
        Article.objects.filter(title="Zeppelin").update(byline="Zelda")
    call_command("migrate", verbosity=0)
    assert is_true()
    assert {name for (name,) in run("SELECT name FROM sqlite_master")} >= set(made.statements)


def test_migrate_replaces_a_trigger_of_an_older_version(article):
    run("DROP TRIGGER search_articles_update")
    run("CREATE TRIGGER search_articles_update AFTER UPDATE ON articles_article BEGIN SELECT 1; END")
    call_command("migrate", verbosity=0)
    Article.objects.update(title="Zeppelin")
    assert is_true()


def test_putting_back_where_nothing_is_missing_does_nothing(db):
    assert index.put_back(connection) == []


def test_the_migration_can_be_taken_back_and_run_again(transactional_db, ada):
    article = make_article("Zeppelin")
    call_command("migrate", "search", "zero", verbosity=0)
    assert run("SELECT name FROM sqlite_master WHERE name LIKE 'search\\_%%' ESCAPE '\\'") == []
    call_command("migrate", verbosity=0)
    assert found("zeppelin", ada) == [article.pk]


@pytest.mark.parametrize("label", ["articles.article.byline", "annotations.highlight.note"])
def test_altering_a_column_drops_the_triggers_and_migrate_puts_them_back(transactional_db, ada, label):
    """A real AlterField, as a later migration would do it: Django makes a new table, and copies."""
    app, name, column = label.split(".")
    article = make_article()
    mark(article, ada, "forty passengers")
    model = MigrationLoader(connection).project_state().apps.get_model(app, name)
    before = model._meta.get_field(column)
    after = models.CharField(max_length=400, blank=True, default="")
    after.set_attributes_from_name(column)
    after.model = model
    with connection.schema_editor() as editor:
        editor.alter_field(model, before, after)
    made = next(each for each in index.INDEXES if each.table == model._meta.db_table)
    left = {name for (name,) in run("SELECT name FROM sqlite_master")}
    assert f"{made.name}_update" not in left  # else this test would show nothing
    call_command("migrate", verbosity=0)
    Article.objects.update(title="Zeppelin")
    Highlight.objects.update(note="zeppelin")
    assert is_true()
    assert found("zeppelin", ada) == [article.pk]
    with connection.schema_editor() as editor:
        editor.alter_field(model, after, before)
    call_command("migrate", verbosity=0)
