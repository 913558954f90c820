"""PostgreSQL keeps the index: after every way to write, it is what the rows say; and what it alone can be asked."""

from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, models
from django.db.migrations import AlterField, Migration
from django.db.migrations.loader import MigrationLoader

from newsreader.annotations import services
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.core.query import parse
from newsreader.search.postgres import backend as postgres
from newsreader.search.postgres import index as postgres_index
from newsreader.search.postgres import library as postgres_library
from newsreader.search.postgres.index import ARTICLES, HIGHLIGHTS
from newsreader.search.postgres.words import Lexemes
from newsreader.search.service import search
from newsreader.search.snippets import CLOSE, OPEN
from tests.factories import make_article, mark

pytestmark = pytest.mark.django_db  # on SQLite, tests/conftest.py leaves it out


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def is_true():
    """Vectors are what their expression makes of the rows as they are, by the index as by the rows."""
    run("SET LOCAL enable_seqscan = off")
    return not any(
        run(f"SELECT 1 FROM {one.table} WHERE search_vector IS DISTINCT FROM ({one.expression})")
        for one in (ARTICLES, HIGHLIGHTS)
    )


def found(words, user):
    return [result.article.pk for result in search(words, user=user, kind="articles").results]


def listed(word):
    return bool(run("SELECT 1 FROM newsreader_words WHERE word = %s", word))


def marked(typed, article):
    backend = postgres.PostgresSearch(
        parse(typed), article.owner or SimpleNamespace(is_authenticated=False, pk=None), None
    )
    return backend.marked("articles", [article.pk])[article.pk].replace(OPEN, "[").replace(CLOSE, "]")


# Every way to write


def test_an_article_that_is_added_and_revised_is_found_by_its_words_only(ada, article):
    assert found("tarpaulin", ada) == [article.pk]
    services.revise_article(article, html="<p>A zeppelin came.</p>", title="By air")
    assert found("zeppelin", ada) == [article.pk]
    assert found("tarpaulin", ada) == []
    assert is_true()


def test_save_update_bulk_writes_and_upserts_keep_it(ada, article):
    article.standfirst = "About a zeppelin."
    article.save()
    assert found("zeppelin", ada) == [article.pk]
    Article.objects.update(byline="By Zelda Airship")
    assert found("airship", ada) == [article.pk]
    article.title = "A balloon"
    Article.objects.bulk_create([article], update_conflicts=True, unique_fields=["id"], update_fields=["title"])
    assert found("balloon", ada) == [article.pk]
    article.pk, article.slug = None, "copy"
    (copy,) = Article.objects.bulk_create([article])
    copy.text = "A glider."
    Article.objects.bulk_update([copy], ["text"])
    assert found("glider", ada) == [copy.pk]
    assert is_true()


def test_plain_sql_copy_and_deleting_keep_it(ada, article):
    run("UPDATE articles_article SET text = 'zeppelin' WHERE id = %s", article.pk)
    assert found("zeppelin", ada) == [article.pk]
    columns = [field.column for field in Article._meta.concrete_fields]
    with connection.cursor() as cursor, cursor.copy(f"COPY articles_article ({','.join(columns)}) FROM STDIN") as rows:
        article.pk, article.slug, article.text = article.pk + 1000, "copied", "A copied glider."
        rows.write_row([getattr(article, field.attname) for field in Article._meta.concrete_fields])
    assert found("glider", ada) == [article.pk]
    assert listed("glider")
    Article.objects.all().delete()
    assert found("glider", ada) == []
    assert is_true()


def test_highlights_are_found_as_they_are_now_after_every_service(ada, article):
    made = mark(article, ada, "forty passengers", note="Count them")
    assert search("count", user=ada, kind="notes").results
    services.edit(made, version=made.version, colour="blue", note="A zeppelin")
    assert not search("count", user=ada, kind="notes").results
    assert search("zeppelin", user=ada, kind="notes").results
    services.delete(made)
    assert not search("zeppelin", user=ada, kind="notes").results
    services.restore(made)
    assert search("zeppelin", user=ada, kind="notes").results
    Highlight.objects.update(note="balloon", exact="forty pianos")
    assert search("quote:pianos note:balloon", user=ada, kind="passages").results
    assert is_true()
    made.delete()
    assert not search("balloon", user=ada, kind="notes").results


def test_a_passage_follows_the_language_of_its_article(ada):
    article = make_article("Hafen", "<p>Die Häuser am Hafen.</p>", language="de")
    mark(article, ada, "Häuser am Hafen")
    assert search("Haus", user=ada, kind="passages").results
    article.language = "en"
    article.save()
    assert not search("quote:Haus", user=ada, kind="passages").results
    Article.objects.update(language="de-AT")
    assert search("quote:Haus", user=ada, kind="passages").results
    assert is_true()


def test_an_update_that_touches_no_words_reads_none(ada, article):
    mark(article, ada, "forty passengers")
    before = run("SELECT search_vector::text FROM articles_article")
    run("TRUNCATE newsreader_words")
    Article.objects.update(state="withdrawn")
    article.save()
    Highlight.objects.update(status="moved", colour="rose")
    assert run("SELECT search_vector::text FROM articles_article") == before
    assert run("SELECT count(*) FROM newsreader_words") == [(0,)]


# The migration


def test_migrate_puts_back_what_was_dropped_or_is_of_an_older_version(transactional_db, ada):
    article = make_article("Zeppelin")
    run("ALTER TABLE articles_article DROP COLUMN search_vector CASCADE")
    run("COMMENT ON COLUMN annotations_highlight.search_vector IS 'newsreader 0'")
    call_command("migrate", verbosity=0)
    assert found("zeppelin", ada) == [article.pk]
    assert is_true()
    assert postgres_index.put_back(connection) == []


def test_the_migration_can_be_taken_back_and_run_again(transactional_db, ada):
    article = make_article("Zeppelin")
    call_command("migrate", "search", "0002", verbosity=0)
    left = (
        "SELECT 1 FROM pg_attribute WHERE attname LIKE 'search\\_%%' UNION SELECT 1 FROM pg_proc WHERE proname LIKE %s"
    )
    assert run(left, "newsreader%") == []
    assert run("SELECT cfgname FROM pg_ts_config WHERE cfgname LIKE 'newsreader%%'") == []
    call_command("migrate", verbosity=0)
    assert found("zeppelin", ada) == [article.pk]


@pytest.mark.parametrize(
    "label", ["articles.article.byline", "annotations.highlight.note", "articles.article.language"]
)
def test_a_later_migration_alters_a_column_and_the_index_makes_way(transactional_db, ada, label):
    app, name, column = label.split(".")
    article = make_article("Zeppelin")
    mark(article, ada, "forty passengers", note="Airship")
    model = MigrationLoader(connection).project_state().apps.get_model(app, name)
    before, after = model._meta.get_field(column), models.CharField(max_length=400, blank=True, default="")
    after.set_attributes_from_name(column)
    after.model = model
    for old, new in ((before, after), (after, before)):
        migration = Migration("9999_alter", app)
        migration.operations = [AlterField(name, column, new)]
        postgres_index.before_migrate(None, using="default", plan=[(migration, False)])
        with connection.schema_editor() as editor:
            editor.alter_field(model, old, new)
        call_command("migrate", verbosity=0)
    assert found("zeppelin", ada) == [article.pk]
    assert search("airship", user=ada, kind="notes").results
    assert is_true()


def test_django_sees_no_difference_between_models_and_migrations(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_who_may_not_make_extensions_is_told_what_to_do(transactional_db):
    def refused(execute, sql, params, many, context):
        if sql.startswith("CREATE EXTENSION"):
            sql = "SET ROLE newsreader_nobody"  # there is none: the database's own error
        if "pg_extension" in sql:
            sql, params = "SELECT 1 WHERE false", None
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refused), pytest.raises(CommandError, match="superuser runs, once"):
        postgres_index.prepare(connection)


# What is in a vector


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Peace and/or war at example.com, COVID-19, 3.14 a_b <b>bold</b>", "or example 19 14 b bold"),
        ("The not and the of", '"the not" of'),
        ("Café Ångström, ﬁsh", "cafe angstrom fish"),
        ("Die Häuser", "hauser"),
        ("don't", "don’t"),
    ],
)
def test_signs_split_words_accents_are_folded_and_no_word_is_passed_over(ada, text, typed):
    article = make_article("One")
    run("UPDATE articles_article SET text = %s", text)
    assert found(typed, ada) == [article.pk]


@pytest.mark.parametrize(
    "text",
    [
        " ".join(chr(0x20000 + number) + chr(0x20000 + number // 7) for number in range(40_000)) + " x" * 100_000,
        "".join(chr(0x3400 + number % 27_000) for number in range(400_000)),
        "-".join(f"{number:x}" for number in range(200_000)),
        "x" * 1_000_000,
        " ".join(chr(code) for code in range(0x20000, 0x2A6D6)) + "".join(chr(code) for code in range(0x3400, 0x9FFF)),
    ],
)
def test_no_text_is_too_long_for_a_vector(text):
    article = make_article("Long")
    Article.objects.update(text=text, standfirst=text[:30_000])
    ((size,),) = run("SELECT pg_column_size(search_vector || '') FROM articles_article WHERE id = %s", article.pk)
    assert 0 < size < 1_500_000


def test_whatever_a_word_is_it_can_be_asked_for(ada):
    article = make_article("One", "<p>\\ ' '' :* & | ! ( ) <-> it's</p>")
    for typed in ("it's", "\\ it", "'it'", "it:*", "it<->s", "it &"):
        assert found(typed, ada) == [article.pk], typed
    assert Lexemes({"x": (("a'b\\c",),)}).words(next(parse("x").leaves()), "AB") == "'a''b\\\\c':AB"


# Hits


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("Dying dies, the die is cast.", "die", "[Dying] [dies], the [die] is cast."),
        ("state-of-the-art, of the state", '"state of"', "[state-of]-the-art, of the state"),
        ("Élan, elan, ÉLAN", "élan", "[Élan], [elan], [ÉLAN]"),
        ("harbours and harbouring", "harb*", "[harbours] and [harbouring]"),
        ("a b. a, b", '"a b"', "[a b]. [a, b]"),
        ("nothing", "title:one", "nothing"),
        ("東京都の港", "京都", "東[京都]の港"),
    ],
)
def test_hits_are_marked_as_the_index_finds_them(text, typed, expected):
    article = make_article("One", standfirst="")
    run("UPDATE articles_article SET text = %s", text)
    assert marked(typed, article) == expected


def test_each_language_is_stemmed_by_its_own_rules(ada):
    german = make_article("Eins", "<p>Die Zeitungen</p>", language="de", standfirst="")
    english = make_article("Two", "<p>All the libraries</p>", language="en-GB", standfirst="")
    assert found("Zeitung", ada) == [german.pk]
    assert found("library", ada) == [english.pk]
    assert marked("Zeitung", german) == "Die [Zeitungen]"


# Large libraries, as they are asked


@pytest.fixture
def large(ada, article, monkeypatch):
    """Three thousand articles that count as many, so that estimates are used; PostgreSQL's own of the words."""
    monkeypatch.setattr(postgres_library, "MANY", 100)
    monkeypatch.setattr(postgres_library, "SMALL", 50)
    postgres_library.forget()
    article.text, article.title, article.standfirst = "common", "Common", ""
    rows = []
    for number in range(3_000):
        article.pk, article.slug = None, f"copy-{number}"
        article.text = f"common {'half' if number % 2 else 'other'} {'tenth' if number % 10 == 0 else ''} word{number}"
        rows.append(Article(**{f.attname: getattr(article, f.attname) for f in Article._meta.concrete_fields}))
    Article.objects.bulk_create(rows)
    run("ANALYZE articles_article")
    yield
    postgres_library.forget()


@pytest.mark.parametrize("typed", ["common", "half", "half common", "tenth", '"common half"', "com*", "half lang:en"])
def test_common_words_are_looked_for_where_they_should_lie_and_all_are_found(ada, large, typed):
    total = {"tenth": 300}.get(typed, 1_001)
    page = search(typed, user=ada, kind="articles")
    assert page.counts["articles"] == total
    seen = [result.article.pk for result in page.results]
    while page.next and len(seen) < 60:
        page = search(typed, user=ada, kind="articles", after=page.next)
        seen += [result.article.pk for result in page.results]
    assert len(set(seen)) == len(seen) == 60


def test_where_the_newest_are_fewer_than_was_expected_older_ones_are_found_too(ada, large):
    Article.objects.filter(text__contains="half").update(state="withdrawn")
    keep = list(Article.objects.filter(text__contains="half").order_by("pk").values_list("pk", flat=True)[:30])
    Article.objects.filter(pk__in=keep).update(state="published")
    assert search("half", user=ada).counts["articles"] == 30


def test_the_common_words_of_a_large_library_are_postgresqls_own_estimate(large):
    seen = postgres_library.library()
    assert seen is postgres_library.library()
    assert 2_900 < seen.articles < 3_100
    assert 0.45 < seen.share((("half",),)) < 0.55
    assert seen.share((("word17",),)) is None
    assert seen.having([("'word17'", (("word17",),)), ("'half'", (("half",),))])[0] == 1


# What takes too long


def test_a_search_that_takes_too_long_is_cut_off_and_says_so(ada, article, monkeypatch):
    monkeypatch.setitem(postgres.SETTINGS, "statement_timeout", "1ms")
    monkeypatch.setattr(postgres.PostgresSearch, "counts", lambda self: run("SELECT pg_sleep(5)"))
    page = search("ferry", user=ada)
    assert page.results == ()
    assert "too long" in page.hints[-1]
    monkeypatch.undo()
    assert search("ferry", user=ada).results


def test_the_settings_of_a_search_end_with_it(transactional_db):
    before = run("SHOW statement_timeout"), run("SHOW enable_seqscan")
    with postgres.bounded():
        assert run("SHOW statement_timeout") == [("30s",)]  # as conftest says
        assert run("SHOW enable_seqscan") == [("off",)]
    assert (run("SHOW statement_timeout"), run("SHOW enable_seqscan")) == before
    assert connections["default"].get_autocommit()
