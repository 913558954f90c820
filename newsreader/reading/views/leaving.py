"""Taking one's data along, and leaving for good. Both stand here, since accounts know nothing of passages."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from newsreader.accounts import sign_ins
from newsreader.accounts.forms import PresentPasswordForm
from newsreader.accounts.throttle import TooMany
from newsreader.accounts.views import form_page, posted, wait
from newsreader.annotations import leaving
from newsreader.http import Request, see_other
from newsreader.reading.pages.own_data import pieces


@never_cache
@require_safe
def own_data(request: Request) -> StreamingHttpResponse:
    """A file with everything that is this reader's."""
    file = pieces(request.user, site=settings.URL)
    name = f"newsreader-{timezone.localdate():%Y-%m-%d}.json"
    response = StreamingHttpResponse(file, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@form_page
def leave(request: Request) -> HttpResponse:
    """The account and what is in it go, when the present password says that it is its owner who asks."""
    form = PresentPasswordForm(posted(request))
    if not form.is_bound or not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    try:
        if sign_ins.judge(request, request.user.username, form.cleaned_data["current"]) is None:
            form.add_error("current", _("This is not your present password."))
            return _page(request, form, status=422)
        leaving.leave(request.user)
    except TooMany as refusal:
        form.add_error("current", str(refusal))
        return wait(_page(request, form, status=429), refusal)
    except leaving.LastOperator:
        return _page(request, form, status=409)
    logout(request)
    messages.success(request, _("Your account and everything in it is gone. Thank you for reading here."))
    return see_other(resolve_url(settings.LOGOUT_REDIRECT_URL))


def _page(request: Request, form: PresentPasswordForm, *, status: int) -> HttpResponse:
    refusal = None if leaving.may_leave(request.user) else leaving.LastOperator()
    return render(request, "reading/leave.html", {"form": form, "refusal": refusal}, status=status)
