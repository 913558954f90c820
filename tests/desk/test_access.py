"""Who gets in: curators and the operator. Visitors sign in first; to readers the desk doesn't exist."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import NoReverseMatch, reverse

from newsreader.articles.models import Article, Collection, Source, Topic
from newsreader.desk import curators
from tests.desk.pages import act, desk
from tests.factories import make_article, make_user, mark

PAGES = [
    "index",
    "autocomplete",
    "jsi18n",
    *(
        f"{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in admin.site._registry
        for page in ("changelist", "add")
    ),
]
COMPLETED = {"app_label": "articles", "model_name": "article", "field_name": "topics"}
MAY = {
    "accounts": {"add_user", "change_user", "view_user"},
    "annotations": {"view_highlight"},
    "articles": {
        *(f"{action}_{model}" for action in ("add", "change", "delete", "view")
          for model in ("article", "collection", "collectionitem", "source", "topic")),
        "view_revision",
    },
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_is_sent_to_sign_in(db, client, page):
    answer = client.get(desk(page), follow=True)
    assert answer.request["PATH_INFO"] == reverse("accounts:sign-in")
    assert answer.wsgi_request.GET["next"] == desk(page)


@pytest.mark.parametrize("page", PAGES)
def test_a_reader_gets_the_same_404_as_for_a_missing_page(ada, signed_in, page):
    answer, missing = signed_in(ada).get(desk(page)), signed_in(ada).get("/no/such/page/")
    assert answer.status_code == 404
    assert answer.content == missing.content


def test_a_reader_changes_nothing_at_the_desk(ada, signed_in, article):
    client = signed_in(ada)
    act(client, "articles_article_changelist", "withdraw", article)
    answer = client.post(desk("articles_article_delete", article.pk), {"post": "yes"})
    assert answer.status_code == 404
    article.refresh_from_db()
    assert article.state == "published"


@pytest.mark.parametrize("page", PAGES)
def test_the_operator_may_open_every_page_and_a_curator_all_that_is_theirs(operator, cleo, signed_in, page):
    unaddable = {"annotations_highlight_add"}
    not_theirs = {"auth_group_changelist", "auth_group_add"}
    sent = COMPLETED if page == "autocomplete" else {}
    assert signed_in(operator).get(desk(page), sent).status_code == (404 if page in unaddable else 200)
    assert signed_in(cleo).get(desk(page), sent).status_code == (404 if page in unaddable | not_theirs else 200)


def test_the_sign_in_page_of_the_desk_is_the_throttled_one(db, client):
    answer = client.get("/desk/login/?next=/desk/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:sign-in"))
    assert client.post("/desk/login/", {"username": "x", "password": "y"}).status_code != 200


def test_no_address_tells_where_any_row_is(cleo, signed_in, ada):
    hidden = make_article("Adas secret clipping", owner=ada)
    with pytest.raises(NoReverseMatch):
        desk("view_on_site", 1, 1)
    article_type = ContentType.objects.get_for_model(Article)
    assert signed_in(cleo).get(f"/desk/r/{article_type.pk}/{hidden.pk}/").status_code == 404


def test_every_registered_page_answers_missing_rows_with_404(operator, signed_in):
    client = signed_in(operator)
    for model in admin.site._registry:
        for page in ("change", "delete", "history"):
            address = desk(f"{model._meta.app_label}_{model._meta.model_name}_{page}", 987654)
            assert client.get(address).status_code == 404, address


def test_a_get_changes_nothing(operator, signed_in, ada, article):
    mark(article, ada, "an hour late")
    client = signed_in(operator)
    rows = {Article: article, Source: article.sources.get(), Topic: Topic.objects.create(name="T", slug="t")}
    rows[Collection] = Collection.objects.create(name="C", slug="c")
    for model, row in rows.items():
        for page in ("change", "delete", "history"):
            client.get(desk(f"articles_{model._meta.model_name}_{page}", row.pk), {"post": "yes", "title": "x"})
        client.get(
            desk(f"articles_{model._meta.model_name}_changelist"), {"action": "withdraw", "_selected_action": row.pk}
        )
    stored = Article.objects.get()
    assert (stored.state, stored.title, stored.changed) == (article.state, article.title, article.changed)
    assert all(model.objects.filter(pk=row.pk).exists() for model, row in rows.items())


@pytest.mark.parametrize("page", ["articles_article_changelist", "articles_article_add", "accounts_user_changelist"])
def test_every_post_needs_its_token(cleo, page):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cleo)
    assert client.post(desk(page), {"action": "publish"}).status_code == 403


def test_the_link_for_a_password_needs_its_token(cleo, ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cleo)
    assert client.post(desk("accounts_user_password_link", ada.pk)).status_code == 403
    assert not ada.password_links.exists()


# The group


def test_the_migration_gives_curators_exactly_these_permissions(db):
    granted = Group.objects.get(name="Curator").permissions.values_list("content_type__app_label", "codename")
    assert set(granted) == {(app, name) for app, names in MAY.items() for name in names}


def test_founding_the_group_again_adds_what_is_missing_and_takes_nothing(db):
    group = Group.objects.get(name="Curator")
    given = Permission.objects.get(codename="view_group")
    group.permissions.set([given])
    assert curators.found_group() == group
    assert group.permissions.count() == 26
    assert given in group.permissions.all()


def test_founding_the_group_makes_permissions_that_are_not_there_yet(db):
    Group.objects.all().delete()
    Permission.objects.all().delete()
    ContentType.objects.filter(app_label="articles").delete()
    ContentType.objects.clear_cache()
    assert curators.found_group().permissions.count() == 25
    assert Permission.objects.get(codename="view_user").name == "Can view reader"


def test_whoever_is_appointed_is_a_curator(db, signed_in):
    user = curators.appoint(make_user("dora"))
    assert signed_in(user).get(desk("articles_article_changelist")).status_code == 200
    assert user.has_perm("articles.change_article")


def test_one_s_own_password_is_changed_on_the_account_page_which_limits_guesses(cleo, signed_in):
    answer = signed_in(cleo).get(desk("password_change"))
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/"
