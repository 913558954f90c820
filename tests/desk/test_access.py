"""What the permission table (test_permission_table.py) doesn't say: what gets changed, tokens, and the groups."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import NoReverseMatch, reverse

from newsreader.accounts.models import User
from newsreader.accounts.roles import Role
from newsreader.articles.models import Article, Collection, Source, Topic
from newsreader.desk import curators
from tests.desk.pages import act, desk
from tests.factories import make_article, make_user, mark

CURATOR = {
    "annotations": {"view_highlight"},
    "desk": {"view_entry", "change_twins", "view_twins"},
    "articles": {
        *(f"{action}_{model}" for action in ("add", "change", "delete", "view")
          for model in ("article", "collection", "collectionitem", "source", "topic")),
        *("view_revision", "change_proposal", "view_proposal"),
    },
}  # fmt: skip
PEOPLE = {
    "accounts": {
        *("add_user", "change_user", "view_user", "appoint_user"),
        *("add_invitation", "change_invitation", "view_invitation"),
    },
    "auth": {"view_group"},
}
MAY = {Role.READER: {}, Role.CURATOR: CURATOR, Role.ADMINISTRATOR: CURATOR | PEOPLE}


def test_a_visitor_who_signs_in_comes_to_the_page_they_asked_for(db, client):
    answer = client.get(desk("articles_topic_changelist"), follow=True)
    assert answer.request["PATH_INFO"] == reverse("accounts:sign-in")
    assert answer.wsgi_request.GET["next"] == desk("articles_topic_changelist")


def test_a_reader_changes_nothing_at_the_desk(ada, signed_in, article):
    client = signed_in(ada)
    act(client, "articles_article_changelist", "withdraw", article)
    answer = client.post(desk("articles_article_delete", article.pk), {"post": "yes"})
    assert answer.status_code == 404
    article.refresh_from_db()
    assert article.state == "published"


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
def test_every_post_needs_its_token(ines, page):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ines)
    assert client.post(desk(page), {"action": "publish"}).status_code == 403


@pytest.mark.parametrize("what", ["password_link", "let_out", "let_in"])
def test_what_is_done_to_an_account_needs_its_token(ines, ada, what):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ines)
    assert client.post(desk(f"accounts_user_{what}", ada.pk)).status_code == 403
    assert not ada.password_links.exists()


# The groups


def granted(role):
    rows = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    return {app: {name for of, name in rows if of == app} for app, _ in rows}


@pytest.mark.parametrize("role", Role)
def test_the_migrations_give_each_group_exactly_these_permissions(db, role):
    assert granted(role) == MAY[role]


def test_founding_the_groups_again_adds_what_is_missing_and_takes_nothing(db):
    group = Group.objects.get(name="Curator")
    given = Permission.objects.get(codename="view_group")
    group.permissions.set([given])
    assert curators.found_group() == group
    assert granted(Role.CURATOR) == CURATOR | {"auth": {"view_group"}}


def test_founding_the_groups_makes_groups_and_permissions_that_are_not_there_yet(db):
    Group.objects.all().delete()
    Permission.objects.all().delete()
    ContentType.objects.filter(app_label="articles").delete()
    ContentType.objects.clear_cache()
    assert set(curators.found_groups()) == set(Role.values)
    assert {role: granted(role) for role in Role} == MAY
    assert Permission.objects.get(codename="view_user").name == "Can view reader"
    assert "say who is what" in Permission.objects.get(codename="appoint_user").name


def test_whoever_is_appointed_is_a_curator(db, signed_in):
    user = curators.appoint(make_user("dora"))
    assert signed_in(user).get(desk("articles_article_changelist")).status_code == 200
    assert user.has_perm("articles.change_article")


def test_whoever_is_appointed_is_one_thing_of_the_three(db):
    user = make_user("dora")
    for role in (*Role, Role.READER):
        curators.appoint(user, role)
        assert list(user.groups.values_list("name", flat=True)) == [role.value]
    assert not User.objects.get(pk=user.pk).is_staff


def test_one_s_own_password_is_changed_on_the_account_page_which_limits_guesses(cleo, signed_in):
    answer = signed_in(cleo).get(desk("password_change"))
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/"
