"""The page of what is done behind the pages, and its two buttons. It takes the place of the queue's own pages.

Those would show what each task was called for, and, in a traceback, what a reader saves.
"""

from typing import Any, cast

import django_tasks_db.admin  # noqa: F401 - registers itself, and is taken off below
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_tasks_db.models import DBTaskResult

from newsreader.accounts.models import User
from newsreader.desk.queue import MAY_ACT, MAY_SEE, queue
from newsreader.intake.work import failures

if admin.site.is_registered(DBTaskResult):
    admin.site.unregister(DBTaskResult)


@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """The queue, its workers, its failures and its last runs."""
    user = _allowed(request, MAY_SEE)
    more = {"title": _("Behind the pages"), "queue": queue(), "may_act": user.has_perm(MAY_ACT)}
    return TemplateResponse(request, "desk/queue.html", {**admin.site.each_context(request), **more})


def again(request: HttpRequest) -> HttpResponse:
    """Tries once more what failed."""
    _allowed(request, MAY_ACT)
    return _again(request)


def forget(request: HttpRequest) -> HttpResponse:
    """Lets go of what failed."""
    _allowed(request, MAY_ACT)
    return _forget(request)


@require_POST
def _again(request: HttpRequest) -> HttpResponse:
    count = failures.again(*_group(request))
    told = ngettext("{n} task is in the queue again.", "{n} tasks are in the queue again.", count)
    return _told(request, told.format(n=count) if count else _("There was nothing of it left."))


@require_POST
def _forget(request: HttpRequest) -> HttpResponse:
    count = failures.forget(*_group(request))
    told = ngettext("{n} task is forgotten.", "{n} tasks are forgotten.", count)
    return _told(request, told.format(n=count) if count else _("There was nothing of it left."))


def _allowed(request: HttpRequest, permission: str) -> User:
    user = cast(User, request.user)
    if not user.has_perm(permission):
        raise Http404
    return user


def _group(request: HttpRequest) -> tuple[str, str]:
    return request.POST.get("kind", ""), request.POST.get("error", "")


def _told(request: HttpRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return redirect("admin:queue")


def urls(guard: Any) -> list[Any]:
    """Its addresses, behind the site's guard."""
    return [
        path("queue/", guard(look), name="queue"),
        path("queue/again/", guard(again), name="queue_again"),
        path("queue/forget/", guard(forget), name="queue_forget"),
    ]
