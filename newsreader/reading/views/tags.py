"""A reader's tags: counted, renamed, merged, deleted and taken back."""

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsreader.annotations import tags as services
from newsreader.annotations.models import Tag
from newsreader.annotations.querysets import TagQuerySet
from newsreader.http import Request, see_other
from newsreader.reading.views.undoing import offer, offered


def _page(request: Request, *, status: int = 200, **context: object) -> HttpResponse:
    live = Q(highlights__deleted=None)
    tags = Tag.objects.of(request.user).annotate(
        uses=Count("highlights", filter=live, distinct=True),
        articles=Count("highlights__article", filter=live, distinct=True),
        last=Max("highlights__created", filter=live),
    )
    tags = tags.order_by("name")
    return render(request, "reading/tags.html", {"place": "tags", "tags": tags, **context}, status=status)


def _mine(request: Request, pk: int) -> Tag:
    tag: Tag = get_object_or_404(Tag.objects.of(request.user), pk=pk)
    return tag


@require_safe
def tags(request: Request) -> HttpResponse:
    """`deleted` names a tag that was deleted just now: the page offers to take that back."""
    deleted = _deleted(request).filter(pk__in=_numbers(request.GET.getlist("deleted"))).first()
    return _page(request, deleted=deleted, offered=offered(request))


@require_POST
def rename(request: Request, pk: int) -> HttpResponse:
    """To the name of another tag: the page offers to merge the two."""
    tag = _mine(request, pk)
    before = tag.name
    try:
        renamed = services.rename(tag, request.POST.get("name", ""))
    except services.Taken as refusal:
        return _page(request, status=409, merging=[tag, refusal.tag], keep=refusal.tag, said=str(refusal))
    except ValueError as refusal:
        return _page(request, status=422, renaming=tag.pk, said=str(refusal))
    messages.success(request, _("{before} is called {name} now.").format(before=before, name=renamed.name))
    return see_other(reverse("reading:tags"))


@require_POST
def merge(request: Request) -> HttpResponse:
    """Two steps: which tags, then which name stays and what that touches."""
    chosen = list(Tag.objects.of(request.user).counted().filter(pk__in=_numbers(request.POST.getlist("tag"))))
    if len(chosen) < 2:
        return _page(request, status=422, said=_("Choose two or more tags to merge."))
    keep = next((tag for tag in chosen if str(tag.pk) == request.POST.get("keep")), None)
    if keep is None:
        return _page(request, merging=chosen, keep=max(chosen, key=lambda tag: tag.uses))
    record = services.merge(chosen, into=keep)
    said = _("{count} tags are one now: {name}.").format(count=len(chosen), name=keep.name)
    return offer(request, record, said, to=reverse("reading:tags"))


@require_POST
def delete(request: Request, pk: int) -> HttpResponse:
    tag = _mine(request, pk)
    services.delete(tag)
    return see_other(f"{reverse('reading:tags')}?deleted={tag.pk}")


@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    tag = get_object_or_404(_deleted(request), pk=pk)
    messages.success(request, _("{name} is back.").format(name=services.undelete(tag).name))
    return see_other(reverse("reading:tags"))


def _deleted(request: Request) -> TagQuerySet:
    return Tag.objects.filter(reader=request.user, deleted__isnull=False)


def _numbers(values: list[str]) -> list[int]:
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 18]
