"""Every address that the project answers, with one example of each, from the URL resolver itself."""

from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver


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


def example(name, route, *, article, passage, reader, missing=False):
    """The address of `route` for these objects, or, if `missing`, for the like of them that don't exist."""
    tag = passage.tags.order_by("pk").first() if passage else None
    rows = {
        "articles_article": article,
        "annotations_highlight": passage,
        "accounts_user": reader,
        "auth_group": Group.objects.first(),
        "articles_source": article.sources.first(),
        "articles_topic": article.topics.first(),
        "articles_collection": article.collections.first(),
    }
    kind = next((kind for kind in rows if f"/{kind.replace('_', '/')}/" in route), "")
    row = rows.get(kind)
    pk = str(row.pk) if row and not missing else "987654"
    values = {
        "<uslug:slug>": "no-such-article" if missing else article.slug,
        "<slug:public_id>": "aaaaaaaaaaaa" if missing else passage.public_id,
        "<path:object_id>": pk,
        "<int:pk>": pk if kind else ("987654" if missing else str(tag.pk)),
        "<str:key>": "nosuchkey",
        "^(?P<app_label>articles|annotations|accounts|auth)/$": "articles/",
        "(?P<url>.*)$": "no/such/page/",
    }
    for part, value in values.items():
        route = route.replace(part, value)
    assert not set("<(^$") & set(route), f"tests/urls.py: say what stands for {route} ({name})"
    return f"/{route}"
