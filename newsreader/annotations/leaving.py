"""A reader leaves: what is theirs goes, in one transaction; what others need of them stays without their name."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsreader.accounts.models import User
from newsreader.annotations.models import Highlight
from newsreader.articles.models import Article

# Whom the desk's log names then. Nobody can be called so: a username has no space.
FORMER = "former curator"


class LastOperator(Exception):
    """Without an operator nobody could make another one."""

    def __init__(self) -> None:
        super().__init__(
            _("You are the last operator: without you nobody could run this library. Make another one first.")
        )


def may_leave(user: User) -> bool:
    others = User.objects.exclude(pk=user.pk).filter(is_superuser=True, is_active=True)
    return not user.is_superuser or others.exists()


@transaction.atomic
def leave(user: User) -> None:
    """Passages, notes, tags, readings, the reader's own articles, sessions and the account. Raises LastOperator.

    Revisions lose their editor. Entries of the desk's log stay: those the reader made are a former curator's, those
    about their account name it no more.
    """
    # Of two operators who leave at once, the second waits here, and is the last one then.
    list(User.objects.select_for_update().filter(is_superuser=True).order_by("pk"))
    if not may_leave(user):
        raise LastOperator
    # Before the articles, which are protected by them. A passage in somebody's own article can only be their own.
    Highlight.objects.filter(Q(reader=user) | Q(article__owner=user)).delete()
    Article.objects.filter(owner=user).delete()
    _forget_in_log(user)
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
    user.delete()


def _forget_in_log(user: User) -> None:
    about = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    about.update(object_repr="")
    theirs = LogEntry.objects.filter(user=user)
    if theirs.exists():
        former, made = User.objects.get_or_create(username=FORMER, defaults={"is_active": False})
        if made:
            former.set_unusable_password()
            former.save(update_fields=["password"])
        theirs.update(user=former)
