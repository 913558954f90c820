"""One's own account: name, language, how pages look, a new password. How to leave it: reading/views/leaving.py."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsreader.accounts import services, sign_ins
from newsreader.accounts.context import look
from newsreader.accounts.forms import ChangePasswordForm, ProfileForm
from newsreader.accounts.models import User
from newsreader.accounts.preferences import remember
from newsreader.accounts.throttle import TooMany
from newsreader.accounts.views import form_page, posted, wait
from newsreader.http import Request, safe_next, see_other


@form_page
def account(request: Request) -> HttpResponse:
    """The page; a POST is a new password, which ends the reader's sessions everywhere else."""
    form = ChangePasswordForm(request.user, posted(request))
    if not form.is_bound:
        return _page(request, form=form)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    try:
        if sign_ins.judge(request, request.user.username, form.cleaned_data["current"]) is None:
            form.add_error("current", _("This is not your present password."))
            return _page(request, form=form, status=422)
    except TooMany as refusal:
        form.add_error("current", str(refusal))
        return wait(_page(request, form=form, status=429), refusal)
    stays = not request.session.get_expire_at_browser_close()
    user = services.change_password(form.user, form.cleaned_data["password"])
    update_session_auth_hash(request, user)
    request.session.set_expiry(None if stays else 0)
    messages.success(request, _("Password changed. You are signed out everywhere else."))
    return see_other(resolve_url("accounts:account"))


@require_POST
def profile(request: Request) -> HttpResponse:
    """What to be called, and in which language to be spoken to."""
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _page(request, profile=form, status=422)
    services.set_profile(request.user, **form.cleaned_data)
    with translation.override(request.user.language or translation.get_language_from_request(request)):
        messages.success(request, _("Saved."))
    return see_other(resolve_url("accounts:account"))


@login_not_required
@require_POST
def preferences(request: Request) -> HttpResponse:
    """How pages look from now on: 204 to the panel, which shows it already, else back to where it was chosen."""
    now = look(request)["look"]()
    try:
        chosen = now.typography_reset() if "reset" in request.POST else now.changed(request.POST)
    except ValueError:
        return HttpResponse(_("There is no such choice."), status=422, content_type="text/plain; charset=utf-8")
    if isinstance(request.user, User):
        services.set_preferences(request.user, chosen)
    home = resolve_url("accounts:account" if request.user.is_authenticated else "reading:library")
    response = HttpResponse(status=204) if request.htmx else see_other(safe_next(request, home))
    remember(request, response, chosen)
    return response


def _page(request: Request, *, form: Any = None, profile: ProfileForm | None = None, status: int = 200) -> HttpResponse:
    user = request.user
    context = {
        "form": form or ChangePasswordForm(user),
        "links_made": user.links_made.all()[:10],
        "profile": profile or ProfileForm(initial={"name": user.get_full_name(), "language": user.language}),
    }
    return render(request, "accounts/account.html", context, status=status)
