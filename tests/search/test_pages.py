"""Page after page of results: each row once, in order, at the same cost, also while texts come and go."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsreader.annotations import services
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article
from newsreader.search import cursor, windows
from newsreader.search.cursor import Stand
from newsreader.search.results import KINDS
from newsreader.search.service import search
from newsreader.search.windows import best
from tests.factories import make_article, mark

NOBODY = AnonymousUser()
ORDERS = ("", "sort:newest", "sort:oldest", "sort:longest", "sort:passages")


def copies(article, number, **fields):
    """That many copies of it, of different days and lengths."""
    values = {field.attname: getattr(article, field.attname) for field in Article._meta.concrete_fields}
    begin = Article.objects.count()
    return Article.objects.bulk_create(
        Article(
            **values
            | {"id": None, "slug": f"copy-{begin + n}", "document": None, "words": 10 + n % 7}
            | {"dated": datetime(2023, 1, 1, tzinfo=UTC) + timedelta(hours=n % 11), "text": "ferry " * (n % 5 + 1)}
            | fields
        )
        for n in range(number)
    )


def walk(words, user, limit, **asked):
    """All pages, one after the other."""
    pages, after = [], ""
    while True:
        pages.append(search(words, user=user, after=after, limit=limit, **asked))
        after = pages[-1].next
        if not after:
            return pages


def rows(pages):
    return [(one.kind, (one.highlight or one.article).pk) for page in pages for one in page.results]


@pytest.fixture
def small_windows(monkeypatch):
    monkeypatch.setattr(windows, "WINDOW", 10)


@pytest.fixture
def shelf(ada, ben):
    """Forty articles about a ferry, some with passages and notes; twenty of them are ben's own, and so are marks."""
    article = make_article("Ferry", "<p>A ferry. The ferry came late.</p>")
    seen = [article, *copies(article, 39)]
    copies(article, 20, owner=ben, state="draft")
    for reader in (ada, ben):
        made = mark(article, reader, "ferry", note="ferry")
        values = {field.attname: getattr(made, field.attname) for field in Highlight._meta.concrete_fields}
        Highlight.objects.bulk_create(
            Highlight(**values | {"id": None, "public_id": f"{reader}-{n}", "note": "ferry" if n % 2 else ""})
            for n in range(8)
        )
    return seen


# Places


class Fixed:
    """A list of rows with their scores."""

    def __init__(self, scores):
        self.all = scores
        self.asked = []

    def newest(self, limit, below=None):
        return sorted((key for key in self.all if below is None or key < below), reverse=True)[:limit]

    def between(self, low, high, limit):
        return sorted((key for key in self.all if low <= key <= high), reverse=True)[:limit]

    def scores(self, keys):
        self.asked.append(len(keys))
        return {key: self.all[key] for key in keys}


def test_rows_come_window_by_window_and_within_one_the_best_first(small_windows):
    hits = Fixed({key: float(key % 4) for key in range(1, 26)})
    found = best(hits, 25)
    assert [hit.pk for hit in found[:10]] == [23, 19, 22, 18, 25, 21, 17, 24, 20, 16]
    assert {hit.pk for hit in found[10:20]} == set(range(6, 16))
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert all(-number < hit.score <= 1 - number for hit in found for number in [hit.place[0]])


@pytest.mark.parametrize("limit", [1, 3, 10, 11, 24])
def test_a_place_goes_on_behind_its_row(small_windows, limit):
    hits = Fixed({key: float(key % 4) for key in range(1, 26)})
    found, place = [], None
    while some := best(hits, limit, place):
        found += some
        place = some[-1].place
    assert [hit.pk for hit in found] == [hit.pk for hit in best(hits, 25)]


def test_no_search_weighs_more_than_a_window_or_two_for_a_page(small_windows):
    hits = Fixed(dict.fromkeys(range(1, 1_000), 1.0))
    place = best(hits, 500)[-1].place
    hits.asked.clear()
    assert [hit.pk for hit in best(hits, 5, place)] == [499, 498, 497, 496, 495]
    assert sum(hits.asked) <= 20


def test_rows_that_come_or_go_between_two_pages_repeat_none_and_hide_none(small_windows):
    hits = Fixed({key: float(key % 4) for key in range(1, 26)})
    whole = [hit.pk for hit in best(hits, 25)]
    first = best(hits, 5)
    hits.all |= dict.fromkeys(range(26, 40), 9.0)  # newer, and better
    del hits.all[first[-1].pk]
    rest = best(hits, 100, first[-1].place)
    assert [hit.pk for hit in first + rest] == whole


@pytest.mark.parametrize("place", [(), (1,), (0, 1, 2, 3, 4.5), (-1, 5, 1, 1, 3), (0, 2**52, 0, 200, 2**52)])
def test_a_place_that_nothing_has_is_no_error(small_windows, place):
    assert len(best(Fixed({1: 1.0, 2: 2.0}), 5, place)) <= 2


def test_a_place_made_up_weighs_no_more_than_two_windows(small_windows):
    hits = Fixed(dict.fromkeys(range(1, 1_000), 1.0))
    best(hits, 5, (0, 2**52, 0, 200, 2**52))
    assert max(hits.asked) <= 20


# Cursors


def test_a_cursor_is_short_and_says_the_same_when_it_is_read():
    stands = {
        "articles": Stand(40, (3, 999_999, 998_000, 187, 998_765), 0),
        "passages": Stand(3, (1_687_003_200_000_000, 12), 7),
        "notes": Stand(0, (0.123456789, -5.0), 0),
    }
    written = cursor.written(stands, "all ferry")
    assert cursor.read(written, "all ferry") == stands
    assert cursor.read(written, "all ferries") == {}
    assert len(written) < 100
    assert written.replace(".", "").replace("~", "").replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    "part", ["1", "1.2.X", "1.2.FAAAA", "-1.0", "1.2.F___________", "1.0." + "1." * 20, "9" * 30, ""]
)
def test_a_cursor_that_was_changed_by_hand_is_none(part):
    head = cursor.written({}, "q").split("~")[0]
    assert cursor.read(f"{head}~{part}~0.0~0.0", "q") == {}


# Pages


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("words", ["ferry", "in:articles", "lang:en"])
def test_each_row_is_on_one_page_in_one_order(small_windows, shelf, ada, order, words):
    asked = f"{words} {order}"
    parts = walk(asked, ada, 7)
    assert rows(parts) == rows([search(asked, user=ada, limit=100)])
    assert len(set(rows(parts))) == len(rows(parts)) == parts[0].counts["all"]
    scores = [one.score for page in parts for one in page.results]
    assert scores == sorted(scores, reverse=True)
    assert [page.before for page in parts] == list(range(0, len(scores), 7))


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS)
def test_of_another_reader_s_rows_none_is_found_counted_or_paged(small_windows, shelf, ada, ben, order):
    theirs = {("articles", pk) for pk in Article.objects.filter(owner=ben).values_list("pk", flat=True)}
    marks = Highlight.objects.filter(reader=ben).values_list("pk", flat=True)
    theirs |= {(kind, pk) for kind in ("passages", "notes") for pk in marks}
    for user in (ada, NOBODY):
        pages = walk(f"ferry {order}", user, 7)
        assert not theirs & set(rows(pages))
        assert pages[0].counts["articles"] == 40
    assert pages[0].counts["all"] == 40
    assert search(f"ferry {order}", user=ada).counts == {"all": 54, "articles": 40, "passages": 9, "notes": 5}


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS)
def test_articles_that_come_between_two_pages_repeat_none_and_hide_none(small_windows, shelf, ada, order):
    asked = f"ferry {order}"
    before = {("articles", article.pk) for article in shelf}
    seen, after = [], ""
    while True:
        page = search(asked, user=ada, kind="articles", after=after, limit=7)
        seen += rows([page])
        after = page.next
        if not after:
            break
        copies(shelf[0], 3, text="ferry and much else besides")
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


@pytest.mark.django_db
def test_kinds_are_merged_in_one_order_over_all_pages(small_windows, shelf, ada):
    found = rows(walk("ferry", ada, 4))
    for kind in KINDS:
        alone = rows(walk("ferry", ada, 4, kind=kind))
        assert [row for row in found if row[0] == kind] == alone


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS)
def test_a_page_far_behind_costs_the_queries_of_the_second(small_windows, shelf, ada, order):
    copies(shelf[0], 300)
    taken = {}
    after = ""
    for number in range(50):
        with CaptureQueriesContext(connection) as queries:
            page = search(f"ferry {order}", user=ada, kind="articles", after=after, limit=5)
        taken[number] = len(queries)
        after = page.next
    # A page that ends one window and begins the next asks for both.
    assert taken[49] <= taken[1] + 2
    assert min(taken[number] for number in range(40, 50)) <= taken[1]


@pytest.mark.django_db
def test_what_was_deleted_since_the_page_before_is_passed_over(small_windows, shelf, ada):
    first = search("ferry", user=ada, kind="passages", limit=3)
    for one in first.results:
        services.delete(one.highlight)
    rest = walk_on("ferry", ada, first)
    assert len(set(rest)) == len(rest) == 6
    assert not set(rest) & set(rows([first]))


def walk_on(words, user, page):
    found = []
    while page.next:
        page = search(words, user=user, kind="passages", after=page.next, limit=3)
        found += rows([page])
    return found
