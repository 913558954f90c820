"""Pages for getting in and out. What is refused says how to go on, and never which part was wrong."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render, resolve_url
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from newsreader.accounts import invitations, services, sign_ins
from newsreader.accounts.devices import remember_device
from newsreader.accounts.forms import (
    EMPTY,
    TAKEN,
    WRONG,
    NewAccountForm,
    NewPasswordForm,
    SignInForm,
)
from newsreader.accounts.models import User
from newsreader.accounts.preferences import remember
from newsreader.accounts.throttle import TooMany
from newsreader.http import Request, fragment_or_redirect, safe_next, see_other

P = ParamSpec("P")
Page = Callable[Concatenate[Request, P], HttpResponse]


def form_page(page: Page[P]) -> Page[P]:
    """A page with a form that takes a password: no cache keeps it, no error report shows it."""

    @never_cache
    @sensitive_post_parameters("password", "current")
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(page)
    def answer(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return page(request, *args, **kwargs)
        except TooMany as refusal:
            words = {
                "status": 429,
                "name": _("Too many attempts"),
                "heading": _("Too many attempts."),
                "words": refusal,
            }
            return wait(render(request, "error.html", words, status=429), refusal)

    return cast("Page[P]", answer)


@login_not_required
@form_page
def sign_in(request: Request) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/sign_in.html", _sign_in_context(request, SignInForm()))
    form = SignInForm(request.POST, auto_id="again_%s" if request.htmx else "id_%s")
    if not form.is_valid():
        return _refused(request, form, str(EMPTY))
    try:
        user = sign_ins.judge(request, form.cleaned_data["username"], form.cleaned_data["password"])
    except TooMany as refusal:
        return wait(_refused(request, form, str(refusal), status=429), refusal)
    if user is None:
        return _refused(request, form, str(WRONG))
    sign_ins.enter(request, user, stay=form.cleaned_data["remember"])
    _tell_of_links(request, user)
    response = fragment_or_redirect(
        request,
        "accounts/_signed_in.html",
        {"before": request.POST.get("reader", "")},
        to=safe_next(request, resolve_url(settings.LOGIN_REDIRECT_URL)),
    )
    remember_device(request, response, user.folded)
    remember(request, response, user.preferences)
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def sign_in_again(request: Request) -> HttpResponse:
    """What the dialog shows when it opens: the form, or that somebody signed in meanwhile in another window."""
    before = request.GET.get("reader", "")
    if request.user.is_authenticated:
        return render(request, "accounts/_signed_in.html", {"before": before})
    form = SignInForm(initial={"username": request.GET.get("username", "")}, auto_id="again_%s")
    return render(request, "accounts/_sign_in_form.html", {"form": form, "before": before})


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return see_other(resolve_url(settings.LOGOUT_REDIRECT_URL or "/"))


@login_not_required
@form_page
def claim(request: Request, key: str) -> HttpResponse:
    """First run: who has the key makes the owner's account."""
    if not services.can_claim(key):
        return _no_such_key(request)
    form = NewAccountForm(posted(request))
    if not form.is_valid():
        return _form(request, "accounts/claim.html", form)
    try:
        owner = services.claim(form.account(), key)
    except services.Gone:
        return _no_such_key(request)
    return _welcome(request, owner)


@login_not_required
@form_page
def set_password(request: Request, key: str) -> HttpResponse:
    """Who has a link that was handed out at the desk sets a password with it, once."""
    try:
        form = NewPasswordForm(services.invited(key), posted(request))
        if not form.is_valid():
            return _form(request, "accounts/set_password.html", form, reader=form.user)
        user = services.use_password_link(key, password=form.cleaned_data["password"])
    except services.Gone:
        return _spent(request)
    return _welcome(request, user)


@login_not_required
@form_page
def invitation(request: Request, key: str) -> HttpResponse:
    """Who has a link that invites makes an account with it, once."""
    try:
        asked = invitations.opened(key)
        form = NewAccountForm(posted(request))
        if form.is_valid():
            return _welcome(request, invitations.accept(key, form.account()))
    except services.Gone:
        return _spent(request)
    except IntegrityError:  # taken between the form's look and now
        form.add_error("username", TAKEN)
    return _form(request, "accounts/invitation.html", form, invitation=asked)


@login_not_required
@form_page
def sign_up(request: Request) -> HttpResponse:
    # Before there is an owner a stranger's account would make the owner's link die.
    if not settings.SIGNUP or services.unclaimed():
        raise Http404
    form = NewAccountForm(posted(request))
    if request.method == "POST":
        sign_ins.count_new_account(request)
    if not form.is_valid():
        return _form(request, "accounts/sign_up.html", form)
    user = form.account()
    try:
        services.join(user)
    except IntegrityError:  # taken between the form's look and now
        form.add_error("username", TAKEN)
        return _form(request, "accounts/sign_up.html", form)
    return _welcome(request, user)


def posted(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _sign_in_context(request: Request, form: SignInForm) -> dict[str, Any]:
    return {"form": form, "next": safe_next(request, ""), "private": not settings.OPEN_READING}


def _refused(request: Request, form: SignInForm, sentence: str, *, status: int = 422) -> HttpResponse:
    form.refuse(sentence)
    if request.htmx:
        context = {"form": form, "before": request.POST.get("reader", "")}
        return render(request, "accounts/_sign_in_form.html", context, status=status)
    return render(request, "accounts/sign_in.html", _sign_in_context(request, form), status=status)


def _form(request: Request, template: str, form: Any, *, status: int = 422, **more: Any) -> HttpResponse:
    status = status if form.is_bound else 200
    return render(request, template, {"form": form, **more}, status=status)


def _welcome(request: Request, user: User) -> HttpResponse:
    """Signs in who has just chosen a password, and knows their device from now on."""
    sign_ins.enter(request, user)
    response = see_other(resolve_url(settings.LOGIN_REDIRECT_URL))
    remember_device(request, response, user.folded)
    remember(request, response, user.preferences)
    return response


def _tell_of_links(request: Request, user: User) -> None:
    """Says to who comes in with a password that somebody made another way into the account."""
    for link in services.tell_of_links(user):
        told = _(
            "A link to set your password was made by {name} on {day}. If you didn’t ask for it, ask them why, "
            "and choose a new password: see Your account."
        )
        messages.warning(request, told.format(name=link.by_name, day=date_format(localtime(link.at), "DATE_FORMAT")))


def _spent(request: Request) -> HttpResponse:
    """One page for every link that opens nothing, wrong, used, withdrawn or too old: it says how to get another."""
    _count(request)
    words = {
        "status": 404,
        "name": _("Link without effect"),
        "heading": _("This link opens nothing any more."),
        "words": _(
            "It works once, for some days, and ends when a newer one is made. Check that it was copied whole. "
            "Have you used it already? Then sign in. Otherwise ask whoever gave it to you for a new one."
        ),
        "way_in": True,
    }
    return render(request, "error.html", words, status=404)


def _no_such_key(request: Request) -> HttpResponse:
    """The same 404 for every key that opens nothing; raises TooMany when there were too many of them."""
    _count(request)
    raise Http404


def _count(request: Request) -> None:
    """A key that opens nothing; raises TooMany when there were too many of them."""
    if request.method == "POST":
        sign_ins.count_wrong_key(request)
    else:
        sign_ins.check_wrong_keys(request)


def wait(response: HttpResponse, refusal: TooMany) -> HttpResponse:
    response.headers["Retry-After"] = str(refusal.seconds)
    return response
