"""Whether a reader lets their browser load an article's picture: from one source, or from all. Else they are asked."""

from django.db import transaction

from newsreader.accounts.models import User
from newsreader.accounts.someone import Someone
from newsreader.articles.models import Article, PicturesFrom, Source


def allowed(article: Article, user: Someone) -> str:
    """Why `user` sees the article's picture without being asked: "all", "source", or "" where they are asked.

    A visitor always is: a cookie is no account.
    """
    if not isinstance(user, User):
        return ""
    if user.preferences.pictures == "all":
        return "all"
    return "source" if PicturesFrom.objects.filter(reader=user, source__articles=article).exists() else ""


def allow_from(source: Source, *, reader: User) -> None:
    """Shows pictures of this source's articles from now on."""
    PicturesFrom.objects.get_or_create(reader=reader, source=source)


@transaction.atomic
def ask_again(article: Article, *, reader: User) -> None:
    """Takes back what `allow_from` said of the article's sources."""
    PicturesFrom.objects.filter(reader=reader, source__in=article.sources.all()).delete()
