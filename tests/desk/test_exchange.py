"""Articles, topics and collections go out and come in: what is shown first, what is written, and the way back."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from newsreader.annotations.services import revise_article
from newsreader.articles.models import Article, Collection, CollectionItem, Source, Topic
from newsreader.articles.services import topic_named
from newsreader.desk import journal
from newsreader.desk.exchange import cells, importing, looking, writing
from newsreader.desk.exchange.articles import KIND
from newsreader.desk.exchange.models import Import, ImportRow
from newsreader.desk.models import Deed, Entry
from tests.desk.pages import act, desk, told
from tests.factories import HARBOUR, make_article, make_user, mark

pytestmark = pytest.mark.django_db

HOSTILE = '=HYPERLINK("http://x","a"), \'tis; b\\c'
KINDS = ("article", "topic", "collection")


@pytest.fixture
def client(signed_in, cleo):
    return signed_in(cleo)


@pytest.fixture
def library(ada):
    """Three articles, two topics, a collection, and what nobody may see of ada's."""
    sea, odd = topic_named("Sea"), topic_named("a;b \\ c")
    first = make_article("Piano, “forte”", byline="+49 30 1234", address="https://example.org/piano")
    first.topics.set([sea, odd])
    second = make_article(HOSTILE, standfirst="-1+1\r\n@SUM(A1)\n'quoted", source="", published="2024-05-31T18:00:00Z")
    third = make_article("Third", state="draft", language="")
    own = make_article("Ada’s own copy", owner=ada)
    own.topics.set([sea])
    mark(first, ada, "forty passengers", note="Nobody else’s business")
    briefing = Collection.objects.create(name="=Briefing", slug="briefing", introduction="*Read* this\nfirst")
    for position, article in enumerate((third, first, own), 1):
        CollectionItem.objects.create(collection=briefing, article=article, position=position)
    return {"first": first, "second": second, "third": third, "own": own, "briefing": briefing}


def exported(client, kind, form, query=""):
    answer = client.post(desk(f"articles_{kind}_export") + query, {"format": form})
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sent(client, kind, data, name="them.csv"):
    """Looks at a file."""
    body = data if isinstance(data, bytes) else data.encode()
    return client.post(desk(f"articles_{kind}_import"), {"file": SimpleUploadedFile(name, body)}, follow=True)


def look(client, kind, data):
    """The import, and its rows by verdict."""
    answer = sent(client, kind, data)
    assert answer.status_code == 200, answer.content.decode()[-3000:]
    job = Import.objects.latest("pk")
    assert answer.redirect_chain[-1][0] == desk(f"articles_{kind}_import_look", job.pk)
    return job


def verdicts(job):
    return [(row.verdict, *row.notes) for row in job.rows.order_by("number")]


def carry_out(client, kind, job, **more):
    return client.post(desk(f"articles_{kind}_import_look", job.pk), more, follow=True)


def imported(client, kind, data, **more):
    return told(carry_out(client, kind, look(client, kind, data), **more))


def table(*rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# Out


def test_an_export_has_what_curators_know_of_an_article_and_nothing_of_readers(client, library):
    data = exported(client, "article", "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = {row["slug"]: row for row in rows_of(data)}
    first = library["first"]
    assert list(rows[first.slug]) == [
        *("slug", "title", "standfirst", "byline", "published", "language", "address", "state"),
        *("sources", "topics", "html", "changed", "words"),
    ]
    assert rows[first.slug]["html"] == first.html
    assert rows[first.slug]["topics"] == r"Sea; a\;b \\ c"
    assert rows[first.slug]["byline"] == "'+49 30 1234"
    assert {row["title"] for row in rows.values()} == {first.title, f"'{HOSTILE}", "Third"}
    for secret in ("Ada’s own copy", "Nobody else’s business"):
        assert secret.encode() not in data
        for kind in KINDS:
            assert secret.encode() not in exported(client, kind, "json")
    [topic] = [row for row in rows_of(exported(client, "topic", "csv")) if row["name"] == "Sea"]
    assert topic["articles"] == "1"
    [briefing] = json.loads(exported(client, "collection", "json"))
    assert briefing["articles"] == [library["third"].slug, first.slug]


def test_what_the_list_shows_is_exported_or_what_is_chosen_in_it(client, library):
    drafts = json.loads(exported(client, "article", "json", "?state__exact=draft"))
    assert [row["title"] for row in drafts] == ["Third"]
    found = json.loads(exported(client, "article", "json", "?q=hyperlink"))
    assert [row["title"] for row in found] == [HOSTILE]
    answer = act(client, "articles_article_changelist", "export_csv", library["first"], library["third"])
    assert {row["title"] for row in rows_of(b"".join(answer.streaming_content))} == {library["first"].title, "Third"}
    everything, _found, some = Entry.objects.order_by("pk")
    assert (everything.deed, everything.number, everything.kind) == (Deed.EXPORTED, 1, "articles.article")
    assert "state__exact=draft" in everything.told
    assert some.number == 2
    page = client.get(desk("articles_article_export") + "?state__exact=draft").content.decode()
    assert "1 row, as the list was filtered and searched." in page


def test_asking_for_the_export_page_writes_nothing_and_an_unknown_format_is_refused(client, library):
    assert client.get(desk("articles_article_export")).status_code == 200
    assert client.post(desk("articles_article_export"), {"format": "xls"}).status_code == 422
    assert not Entry.objects.exists()


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_chunk_costs_the_same_number_of_queries_whatever_is_in_it(client, library, form):
    def queries(kind):
        with CaptureQueriesContext(
            connection,
        ) as found:
            exported(client, kind, form)
        return len(found)

    before = {kind: queries(kind) for kind in KINDS}
    for n in range(30):
        article = make_article(f"More {n}", source=f"Source {n}")
        article.topics.add(topic_named(f"Topic {n}"))
        Collection.objects.create(name=f"C{n}", slug=f"c{n}").items.create(article=article)
    assert {kind: queries(kind) for kind in KINDS} == before


# Out and in again


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_went_out_comes_in_as_the_same(client, library, kind, form):
    data = exported(client, kind, form)
    job = look(client, kind, data)
    assert {verdict for verdict, *_ in verdicts(job)} == {"same"}
    before = exported(client, kind, "json")
    assert "word for word" in told(carry_out(client, kind, job))
    assert exported(client, kind, "json") == before


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_library_moves_to_an_empty_one(client, library, form):
    files = {kind: exported(client, kind, form) for kind in KINDS}
    wanted = {kind: json.loads(exported(client, kind, "json")) for kind in KINDS}
    for article in Article.objects.filter(owner=None):
        article.highlights.all().delete()
        article.delete()
    Topic.objects.all().delete()
    Source.objects.all().delete()
    Collection.objects.all().delete()
    for kind in KINDS:
        imported(client, kind, files[kind])
    came = {kind: json.loads(exported(client, kind, "json")) for kind in KINDS}
    for rows in (*wanted.values(), *came.values()):
        rows.sort(key=lambda row: row["slug"])
        for row in rows:
            row.pop("changed", None)
            for column, value in row.items():
                row[column] = value.replace("\r\n", "\n") if isinstance(value, str) else value
    assert came == wanted


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)


@given(WORDS.filter(bool), WORDS, WORDS, st.sampled_from(["csv", "json"]))
def test_any_words_are_the_same_after_they_went_out_and_came_in(title, standfirst, byline, form):
    article = Article.objects.first() or make_article()
    Article.objects.update(title=title, standfirst=standfirst, byline=byline)
    data = "".join(writing.written(KIND, [article.pk], form)).encode()
    job = looking.look(KIND, data, f"them.{form}", owner=None)
    assert verdicts(job) == [("same",)]
    Article.objects.update(title="-", standfirst="-", byline="-")
    job = looking.look(KIND, data, f"them.{form}", owner=None)
    if verdicts(job)[0][0] == "wrong":  # nothing but spaces and control characters is no title
        assert not cells.plain(title)
        return
    importing.carry_out(KIND, job, by=None)
    assert verdicts(looking.look(KIND, data, f"them.{form}", owner=None)) == [("same",)]


# In


def test_looking_writes_nothing_and_tells_what_each_row_would_do(client, library):
    first, third = library["first"], library["third"]
    before = exported(client, "article", "json")
    data = table(
        {"slug": first.slug, "title": "Fortepiano", "topics": "Sea; Harbours", "published": "", "price": "3"},
        {"slug": third.slug, "title": "Third", "topics": "", "published": "31.02.2024", "price": ""},
        {"slug": "", "title": "", "topics": "", "published": "2024-05-31", "price": ""},
    )
    job = look(client, "article", data)
    assert exported(client, "article", "json") == before
    changed, wrong, empty = job.rows.order_by("number")
    assert (changed.verdict, changed.number) == ("changed", 2)
    assert changed.values == {"title": "Fortepiano", "topics": ["Sea", "Harbours"]}
    assert changed.before == {"title": first.title, "topics": ["Sea", "a;b \\ c"]}
    assert (wrong.verdict, wrong.notes) == (
        "wrong",
        ["published: “31.02.2024” is no date; write it as 2024-05-31 or 2024-05-31T18:00"],
    )
    assert (empty.verdict, empty.notes) == (
        "wrong",
        ["title: a new article needs one", "html: an article needs a text"],
    )
    page = client.get(desk("articles_article_import_look", job.pk) + "?show=changed").content.decode()
    assert "New topics are made: Harbours." in page
    assert "One column is not known and is passed over: price." in page
    assert "Fortepiano" in page
    refused = told(carry_out(client, "article", job))
    assert refused.startswith("2 rows are wrong. Nothing was imported")
    assert exported(client, "article", "json") == before


def test_wrong_rows_are_left_out_only_where_that_is_ticked(client, library):
    first = library["first"]
    data = table({"slug": first.slug, "title": "Fortepiano"}, {"slug": "x y", "title": "Not"})
    said = imported(client, "article", data, leave_out="on")
    assert said == "1 is changed. 1 row was left out."
    first.refresh_from_db()
    assert first.title == "Fortepiano"


def test_a_text_that_changes_is_a_revision_and_its_highlights_are_foretold_and_carried(client, ada, cleo, library):
    first = library["first"]
    mark(first, ada, "an hour late")
    html = first.html.replace("an hour late, ", "").replace("<p>By noon", "<p onclick='x'>By noon")
    job = look(client, "article", json.dumps([{"slug": first.slug, "html": html}]))
    row = job.rows.get()
    assert row.notes == ["Of 2 highlights of 1 reader: 1 kept, 0 edited, 0 moved, 1 lost."]
    said = told(carry_out(client, "article", job))
    assert said == "1 is changed. 1 highlight lost its place."
    revision = first.revisions.first()
    assert (revision.number, revision.editor, revision.reason) == (2, cleo, "Imported from them.csv")
    assert "onclick" not in revision.html
    assert sorted(first.highlights.values_list("status", flat=True)) == ["kept", "lost"]
    assert imported(client, "article", json.dumps([{"slug": first.slug, "html": html}])).startswith("Everything")


@pytest.mark.parametrize("column", ["html", "markdown", "text"])
def test_new_articles_are_drafts_cleaned_and_are_found_again(client, column):
    body = {
        "html": "<script>x</script><p>One <b>two</b></p><p>three</p>",
        "markdown": "One **two**\n\nthree",
        "text": "One two\n\nthree",
    }[column]
    rows = [
        {"title": "By title", column: body, "sources": "The Post; The Echo", "topics": "Sea"},
        {"title": "By address", "address": "https://example.org/a", column: body, "sources": "", "topics": ""},
        {"title": "By slug", "slug": "its-own", column: body, "state": "Published"},
    ]
    assert "3 are new. Made on the way: " in imported(client, "article", json.dumps(rows))
    made = {article.title: article for article in Article.objects.all()}
    assert {article.text for article in made.values()} == {"One two\nthree"}
    assert (made["By title"].state, made["By slug"].state, made["By slug"].slug) == ("draft", "published", "its-own")
    assert made["By slug"].released == 1
    assert {source.name for source in made["By title"].sources.all()} == {"The Post", "The Echo"}
    job = look(client, "article", json.dumps(rows))
    assert {verdict for verdict, *_ in verdicts(job)} == {"same"}


def test_what_could_be_two_articles_is_wrong(client, library):
    make_article("Third", address="https://example.org/piano")
    rows = [
        {"title": "Third", "text": "x"},
        {"title": "P", "address": "https://example.org/piano", "text": "x"},
        {"slug": library["second"].slug, "title": "x"},
        {"slug": library["second"].slug, "title": "y"},
        {"title": "New", "text": "x", "html": "<p>x</p>"},
        {"title": "New", "text": "<!---->"},
        {"title": "New again", "html": "<script>x</script>"},
        {"slug": library["first"].slug, "html": ""},
        {"slug": library["first"].slug + "-x", "title": "x" * 501, "text": "x", "language": "!", "state": "gone"},
    ]
    notes = [row.notes for row in look(client, "article", json.dumps(rows)).rows.order_by("number")]
    assert notes[0] == ["2 articles have this title. Say by its slug which one."]
    assert notes[1] == ["2 articles have this address. Say by its slug which one."]
    assert notes[2] == []
    assert notes[3] == ["it is the same as row 3"]
    assert notes[4] == ["html, text: only one of them can be the text"]
    assert notes[5] == ["it is the same as row 5"]
    assert notes[6] == ["html: no words are left of it once it is cleaned"]
    assert notes[7] == ["html: an article needs a text"]
    assert [note.split(":")[0] for note in notes[8]] == ["title", "language", "state"]


def test_a_reader_s_own_copy_is_never_found_by_an_import(client, ada, library):
    own = library["own"]
    Article.objects.filter(pk=own.pk).update(address="https://example.org/own")
    rows = [
        {"slug": own.slug, "title": "One", "text": "x"},
        {"address": "https://example.org/own", "title": "Two", "text": "x"},
        {"title": own.title, "text": "x"},
    ]
    job = look(client, "article", json.dumps(rows))
    assert {verdict for verdict, *_ in verdicts(job)} == {"new"}
    before = Article.objects.filter(pk=own.pk).values().get()
    assert told(carry_out(client, "article", job)) == "3 are new."
    assert Article.objects.filter(pk=own.pk).values().get() == before
    assert Article.objects.get(title="One").slug != own.slug


def test_what_changed_between_the_look_and_the_import_is_not_overwritten(client, library):
    first, second = library["first"], library["second"]
    rows = [{"slug": first.slug, "title": "Mine"}, {"slug": second.slug, "html": "<p>Mine</p>"}]
    rows += [{"slug": "new-one", "title": "New one", "text": "x"}, {"slug": library["third"].slug, "title": "4"}]
    job = look(client, "article", json.dumps(rows))
    Article.objects.filter(pk=first.pk).update(title="Theirs")
    revise_article(second, html="<p>Theirs</p>")
    make_article("New one", slug="new-one")
    assert told(carry_out(client, "article", job)).startswith("3 rows can’t be written as they were shown")
    assert Article.objects.get(pk=library["third"].pk).title == "Third"
    assert [verdict for verdict, *_ in verdicts(job)] == ["wrong", "wrong", "wrong", "changed"]
    assert verdicts(job)[0][1] == "Changed meanwhile: title. Choose the file again to see it as it is now."
    assert told(carry_out(client, "article", job, leave_out="on")) == "1 is changed. 3 rows were left out."
    assert Article.objects.get(pk=library["third"].pk).title == "4"
    assert Article.objects.get(pk=first.pk).title == "Theirs"
    assert Article.objects.get(pk=second.pk).text == "Theirs"


def test_what_changed_in_another_column_stays_and_is_no_conflict(client, library):
    first = library["first"]
    job = look(client, "article", json.dumps([{"slug": first.slug, "byline": "Mine"}]))
    revise_article(first, title="Theirs")
    carry_out(client, "article", job)
    first.refresh_from_db()
    assert (first.title, first.byline) == ("Theirs", "Mine")


def test_a_file_older_than_its_article_says_so(client, library):
    [row] = [one for one in json.loads(exported(client, "article", "json")) if one["title"] == "Third"]
    revise_article(library["third"], byline="Since")
    job = look(client, "article", json.dumps([row]))
    assert job.rows.get().notes[0].startswith("The article was changed after this file was exported.")


def test_an_import_is_taken_back_whole(client, cleo, library):
    first, third = library["first"], library["third"]
    before = exported(client, "article", "json")
    rows = [
        {"slug": first.slug, "title": "Changed", "html": "<p>All of it</p>", "topics": "Fish", "sources": ""},
        {"slug": third.slug, "published": "1999-01-01", "state": "published", "language": "de"},
        {"title": "New", "text": "Words", "sources": "New Post", "topics": ["Fish", "Sea"]},
    ]
    answer = carry_out(client, "article", look(client, "article", json.dumps(rows)))
    entry = Entry.objects.get(deed=Deed.IMPORTED)
    assert (entry.number, entry.about, entry.actor) == (3, "them.csv", cleo)
    assert f'action="{desk("desk_entry_undo", entry.pk)}"' in answer.content.decode()
    said = told(client.post(desk("desk_entry_undo", entry.pk), follow=True))
    assert "stay" not in said
    assert not Article.objects.filter(title="New").exists()
    assert not Topic.objects.filter(name="Fish").exists()
    assert not Source.objects.filter(name="New Post").exists()
    after = {row["slug"]: {**row, "changed": ""} for row in json.loads(exported(client, "article", "json"))}
    assert after == {row["slug"]: {**row, "changed": ""} for row in json.loads(before)}
    assert Article.objects.get(pk=third.pk).dated == third.dated
    assert first.revisions.count() == 3


def test_what_somebody_touched_or_marked_since_stays(client, cleo, ada):
    rows = [
        {"title": title, "text": "Words to mark", "topics": title} for title in ("Marked", "Edited", "Left", "Listed")
    ]
    imported(client, "article", json.dumps(rows))
    mark(Article.objects.get(title="Marked"), ada, "Words")
    revise_article(Article.objects.get(title="Edited"), byline="Me")
    Collection.objects.create(name="C", slug="c").items.create(article=Article.objects.get(title="Listed"))
    done = journal.undo(Entry.objects.get(deed=Deed.IMPORTED), by=cleo)
    assert set(Article.objects.values_list("title", flat=True)) == {"Marked", "Edited", "Listed"}
    assert set(Topic.objects.values_list("name", flat=True)) == {"Marked", "Edited", "Listed"}
    assert (done.back, done.left) == (2, 6)


# Topics and collections


def test_topics_are_renamed_and_made_and_their_old_address_leads_on(client, library, cleo):
    rows = [{"name": "Seas", "slug": "sea"}, {"name": "Ports"}, {"name": "A;B \\ C"}, {"slug": "x"}, {"name": "ports"}]
    job = look(client, "topic", json.dumps(rows))
    assert verdicts(job) == [
        ("changed",),
        ("new",),
        ("wrong", "name: “a;b \\ c” has it already"),
        ("wrong", "name: a new one needs a name"),
        ("wrong", "it is the same as row 2"),
    ]
    assert told(carry_out(client, "topic", job, leave_out="on")).startswith("1 is new. 1 is changed.")
    assert Topic.objects.get(slug="sea").name == "Seas"
    assert Topic.objects.get(name="Ports").slug == "ports"
    imported(client, "topic", json.dumps([{"name": "Seas", "slug": "seas"}]))
    assert Topic.objects.led_to_by("sea").name == "Seas"
    for entry in Entry.objects.filter(deed=Deed.IMPORTED).order_by("-pk"):
        journal.undo(entry, by=cleo)
    assert set(Topic.objects.values_list("name", "slug")) == {("Sea", "sea"), ("a;b \\ c", "ab-c")}


def test_collections_are_ordered_and_unknown_articles_are_named(client, library, cleo):
    first, second, third, briefing = (library[name] for name in ("first", "second", "third", "briefing"))
    CollectionItem.objects.filter(collection=briefing, article=third).update(note="Mind this")
    rows = [
        {"slug": "briefing", "articles": [second.slug, first.slug], "introduction": "New words"},
        {"name": "Evening", "articles": f"{third.slug}; {second.slug}", "state": "draft", "dated": "2026-11-24"},
        {"name": "Wrong", "articles": ["no-such", library["own"].slug, third.slug]},
        {"name": "Wrong too", "dated": "soon"},
    ]
    job = look(client, "collection", json.dumps(rows))
    assert verdicts(job)[2:] == [
        ("wrong", f"articles: there are no articles no-such, {library['own'].slug}"),
        ("wrong", "dated: “soon” is no date; write it as 2024-05-31"),
    ]
    carry_out(client, "collection", job, leave_out="on")

    def slugs(collection):
        return [item.article.slug for item in collection.items.order_by("position") if item.article.owner is None]

    evening = Collection.objects.get(name="Evening")
    assert slugs(briefing) == [second.slug, first.slug]
    assert (slugs(evening), evening.state, str(evening.dated)) == ([third.slug, second.slug], "draft", "2026-11-24")
    assert briefing.items.filter(article=library["own"]).exists()
    assert {verdict for verdict, *_ in verdicts(look(client, "collection", json.dumps(rows[:2])))} == {"same"}
    journal.undo(Entry.objects.get(deed=Deed.IMPORTED), by=cleo)
    briefing.refresh_from_db()
    assert slugs(briefing) == [third.slug, first.slug]
    assert briefing.introduction == "*Read* this\nfirst"
    assert briefing.items.get(article=third).note == "Mind this"
    assert not Collection.objects.filter(name="Evening").exists()


def test_a_collection_that_changed_meanwhile_is_left(client, library):
    job = look(client, "collection", json.dumps([{"slug": "briefing", "articles": [library["second"].slug]}]))
    library["briefing"].items.filter(article=library["third"]).delete()
    assert told(carry_out(client, "collection", job)).startswith("1 row can’t be written")


# Who, and how often


def test_a_file_is_its_curator_s_alone_is_imported_once_and_goes_after_a_day(client, signed_in, operator, library):
    data = json.dumps([{"slug": library["third"].slug, "title": "Once"}])
    job = look(client, "article", data)
    address = desk("articles_article_import_look", job.pk)
    assert signed_in(operator).get(address).status_code == 404
    assert signed_in(operator).post(address).status_code == 404
    assert client.get(desk("articles_topic_import_look", job.pk)).status_code == 404
    carry_out(client, "article", job)
    assert "imported already" in told(carry_out(client, "article", job))
    assert Entry.objects.filter(deed=Deed.IMPORTED).count() == 1
    assert not ImportRow.objects.exists()
    old = look(client, "article", data)
    Import.objects.filter(pk=old.pk).update(made="2026-01-01T00:00:00Z")
    assert client.get(desk("articles_article_import_look", old.pk)).status_code == 404
    for _ in range(7):
        last = look(client, "article", data)
    assert not Import.objects.filter(pk=old.pk).exists()
    assert Import.objects.count() == 5
    assert Import.objects.filter(pk=last.pk).exists()


def test_import_needs_the_right_to_add_and_to_change_and_export_the_right_to_see(signed_in, library):
    from django.contrib.auth.models import Permission

    helper = make_user("helper", is_staff=True)
    client = signed_in(helper)

    def may(*codenames):
        helper.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        return [client.get(desk(f"articles_article_{what}")).status_code for what in ("changelist", "export", "import")]

    assert may() == [404, 404, 404]
    assert may("view_article") == [200, 200, 404]
    assert may("view_article", "change_article") == [200, 200, 404]
    assert may("view_article", "change_article", "add_article") == [200, 200, 200]
    page = client.get(desk("articles_article_changelist")).content.decode()
    assert reverse("admin:articles_article_import") in page
    job = look(client, "article", json.dumps([{"slug": library["third"].slug, "topics": "Brand new"}]))
    assert told(carry_out(client, "article", job)) == "You may not add topics."
    assert not Topic.objects.filter(name="Brand new").exists()


def test_a_broken_file_is_told_on_the_page_and_nothing_is_kept(client):
    answer = sent(client, "article", b'title,slug\nA,"b\n')
    assert answer.status_code == 422
    assert "line 2, column 3" in answer.content.decode()
    answer = client.post(desk("articles_article_import"))
    assert (answer.status_code, "Choose a file first." in answer.content.decode()) == (422, True)
    assert not Import.objects.exists()


@pytest.mark.parametrize("key", [r"\ud800", r"\u0000", "x" * 5000, "<script>alert(1)</script>"])
def test_names_of_columns_can_be_anything(client, key):
    job = look(client, "article", f'[{{"title": "A", "text": "x", "{key}": 1}}]')
    page = client.get(desk("articles_article_import_look", job.pk)).content.decode()
    assert "<script>alert" not in page
    assert verdicts(job) == [("new",)]
    twice = sent(client, "article", f'[{{"{key}": 1, "{key}": 2}}]')
    assert "is there twice" in twice.content.decode()


def test_a_broken_end_keeps_nothing_of_a_good_beginning(client):
    rows = "".join(f"Title {n},s-{n}\n" for n in range(250))
    assert sent(client, "article", f'title,slug\n{rows}X,"y').status_code == 422
    assert not Import.objects.exists()


def test_looking_at_many_rows_costs_few_queries_for_each_hundred(client, library, django_assert_max_num_queries):
    rows = [{"title": f"T {n}", "slug": f"t-{n}", "text": HARBOUR, "topics": f"Topic {n}"} for n in range(200)]
    body = {"file": SimpleUploadedFile("a.json", json.dumps(rows).encode())}
    with django_assert_max_num_queries(60):
        client.post(desk("articles_article_import"), body)


def test_what_is_wrong_at_the_end_of_an_import_leaves_nothing_of_its_beginning(client, library, monkeypatch):
    rows = [{"title": f"T {n}", "text": "x"} for n in range(3)] + [{"slug": library["third"].slug, "title": "4"}]
    job = look(client, "article", json.dumps(rows))
    Article.objects.filter(pk=library["third"].pk).update(title="Theirs")
    carry_out(client, "article", job)
    assert not Article.objects.filter(title__startswith="T ").exists()
    assert Entry.objects.filter(deed=Deed.IMPORTED).count() == 0


# On the command line


def commanded(*args, **options):
    out = io.StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_command_line_writes_and_reads_the_same_files(library, tmp_path, form):
    for kind in KINDS:
        file = tmp_path / f"{kind}.{form}"
        file.write_text(commanded(f"export_{kind}s", format=form), newline="")
        assert "Ada’s own copy" not in file.read_text()
        assert commanded(f"import_{kind}s", str(file)).splitlines()[-1].startswith("Everything in the file")
    assert {(entry.deed, entry.actor) for entry in Entry.objects.all()} == {(Deed.EXPORTED, None)}
    assert not Import.objects.exists()


def test_a_dry_run_on_the_command_line_writes_nothing_and_an_import_is_whole_or_not_at_all(library, tmp_path):
    file = tmp_path / "them.json"
    file.write_text(json.dumps([{"slug": library["third"].slug, "title": "Changed"}, {"title": "No text"}]))
    said = commanded("import_articles", str(file), dry_run=True)
    assert "1\tchanged\tThird\ttitle" in said
    assert "2\twrong\tNo text\thtml: an article needs a text" in said
    assert said.splitlines()[-1] == "0 new, 1 changed, 0 same, 1 wrong"
    with pytest.raises(CommandError, match="1 row is wrong"):
        commanded("import_articles", str(file))
    assert Article.objects.filter(title="Third").exists()
    assert "1 is changed. 1 row was left out." in commanded("import_articles", str(file), leave_out=True)
    assert Entry.objects.get(deed=Deed.IMPORTED).actor is None
    with pytest.raises(CommandError, match="can't be read"):
        commanded("import_articles", str(tmp_path / "missing"))
    (tmp_path / "broken.csv").write_text('title\n"A')
    with pytest.raises(CommandError, match="line 2, column 1"):
        commanded("import_articles", str(tmp_path / "broken.csv"))
