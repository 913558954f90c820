"""Every address that the project answers, with one example of each, from the URL resolver itself."""

import re

from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver

from newsreader.accounts.models import Invitation
from newsreader.accounts.roles import Role
from newsreader.articles.models import Collection, Proposal
from newsreader.desk.models import Entry, Twins
from newsreader.intake.models import Arrival, Feed


def patterns(resolver, prefix="", namespaces=()):
    """(name, route, pattern objects on the way) of every pattern; a name has its namespaces in front."""
    for one in resolver.url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = (*namespaces, one.namespace) if one.namespace else namespaces
            yield from patterns(one, route, inner)
        elif isinstance(one, URLPattern):
            yield ":".join((*namespaces, one.name or "")), route, one


def addresses(resolver, *, article, passage, reader):
    """(name, an address) of every pattern, made of these objects."""
    for name, route, _ in patterns(resolver):
        yield name, example(name, route, article=article, passage=passage, reader=reader)


def _slug(route, article):
    return Collection.objects.first().slug if route.startswith("collections/") else article.slug


def example(name, route, *, article, passage, reader, missing=False):
    """The address of `route` for these objects, or, if `missing`, for the like of them that don't exist."""
    tag = passage.tags.order_by("pk").first() if passage else None
    rows = {
        "articles_article": article,
        "annotations_highlight": passage,
        "accounts_user": reader,
        "accounts_invitation": Invitation.objects.first(),
        "auth_group": Group.objects.exclude(name__in=Role.values).first() or Group.objects.first(),
        "desk_entry": Entry.objects.first(),
        "desk_twins": Twins.objects.first(),
        "articles_proposal": Proposal.objects.first(),
        "articles_source": article.sources.first(),
        "articles_topic": article.topics.first(),
        "articles_collection": article.collections.first(),
    }
    rows["intake_feed"] = Feed.objects.first()
    rows["intake_arrival"] = Arrival.objects.first()
    kind = (
        "intake_arrival"
        if route.startswith("arrivals/")
        else next((kind for kind in rows if f"/{kind.replace('_', '/')}/" in route), "")
    )
    row = rows.get(kind)
    searches = list(reader.saved_searches.order_by("pk")) if reader else []
    pk = str(row.pk) if row and not missing else "987654"
    values = {
        "<uslug:slug>": "no-such-article" if missing else _slug(route, article),
        "<slug:public_id>": "aaaaaaaaaaaa" if missing else passage.public_id,
        "<path:object_id>": pk,
        "<int:search>": "987654" if missing or not searches else str(searches[0].pk),
        "<str:secret>": "no-such-secret" if missing or not searches else searches[0].secret,
        "<int:look>": "987654",  # a file that somebody looks at is theirs alone: tests/desk/test_exchange.py
        "<int:run>": "987654",  # as theirs alone is what they import: tests/reading/test_importing.py
        "<int:upload>": "987654",  # as theirs alone are the documents that they upload: tests/desk/test_uploads.py
        "<int:pk>": pk if kind else ("987654" if missing else str(tag.pk)),
        "<str:key>": "nosuchkey",
        "(?P<url>.*)$": "no/such/page/",
    }
    route = re.sub(r"\^\(\?P<app_label>.*?\)/\$", "articles/", route)
    for part, value in values.items():
        route = route.replace(part, value)
    assert not set("<(^$") & set(route), f"tests/urls.py: say what stands for {route} ({name})"
    return f"/{route}"
