"""Invitations at the desk: made, renewed, withdrawn. A link is shown once; nothing here sends it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsreader.accounts.invitations import may_invite
from newsreader.accounts.models import Invitation, Invitations
from newsreader.accounts.roles import APPOINT
from newsreader.accounts.services import Gone
from newsreader.desk import people
from newsreader.desk.base import Desk, only_posted, whose
from newsreader.desk.people_forms import InvitationForm

SHOWN = ("name", "email", "role", "by", "made", "until", "state", "account")


class ByState(admin.SimpleListFilter):
    """Open ones, unless one asks for others."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("used", _("Used")), ("withdrawn", _("Withdrawn")), ("late", _("Too old")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Open")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "used":
                return queryset.exclude(used=None)
            case "withdrawn":
                return queryset.exclude(withdrawn=None)
            case "late":
                return queryset.filter(used=None, withdrawn=None, until__lte=timezone.now())
            case "all":
                return queryset
        return queryset.open() if isinstance(queryset, Invitations) else queryset


@admin.register(Invitation)
class InvitationPages(Desk[Invitation]):
    form = InvitationForm
    actions = None
    list_display = ("for_whom", "role", "by", "state")
    list_filter = (ByState,)
    list_select_related = ("by", "account")
    search_fields = ("name", "email")
    ordering = ("-made", "-id")
    change_form_template = "admin/accounts/invitation/change_form.html"
    add_form_template = "admin/accounts/invitation/add_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        if obj:
            return ((None, {"fields": SHOWN}),)
        role = ("role",) if whose(request).has_perm(APPOINT) else ()
        return ((None, {"fields": ("name", "email", *role)}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        return SHOWN if obj else ()

    @admin.display(description=gettext_lazy("for"), ordering="name")
    def for_whom(self, invitation: Invitation) -> str:
        return str(invitation)

    @admin.display(description=gettext_lazy("state"))
    def state(self, invitation: Invitation) -> str:
        if invitation.used:
            name = invitation.account.username if invitation.account else _("an account that is gone")
            return _("used by {name} on {day}").format(name=name, day=_day(invitation.used))
        if invitation.withdrawn:
            return _("withdrawn on {day}").format(day=_day(invitation.withdrawn))
        if invitation.until <= timezone.now():
            return _("too old")
        if may_invite(invitation.by, invitation.role):
            return _("open until {day}").format(day=_day(invitation.until))
        return _("opens nothing: whoever made it may no longer invite")

    # Who may

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """Renewed or withdrawn, never edited."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def _its_to_end(self, request: HttpRequest, pk: int) -> Invitation:
        """That invitation, for whoever may make one like it; else a 404."""
        found = self.get_object(request, str(pk))
        if not (super().has_change_permission(request, found) and may_invite(whose(request), found.role)):
            raise Http404
        return found

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Invitations"), **(extra_context or {})})

    # Made

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, {"title": _("Invite a reader"), **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        sent = form.cleaned_data
        role = sent["role"] if whose(request).has_perm(APPOINT) else InvitationForm.base_fields["role"].initial
        made, key = people.invite(by=whose(request), role=role, name=sent["name"], email=sent["email"])
        # The admin goes on with its own instance: it becomes the one that was made.
        obj.__dict__.update(made.__dict__)
        obj.key = key

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super(Desk, self).log_addition(request, obj, message)  # the journal has it from people.invite

    def response_add(self, request: HttpRequest, obj: Invitation, post_url_continue: Any = None) -> HttpResponse:
        return self._shown_once(request, obj, obj.key)

    # Renewed, withdrawn

    def get_urls(self) -> list[Any]:
        ours = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"accounts_invitation_{name}")
            for name, view in (("renew", self.renew), ("withdraw", self.withdraw))
        ]
        return [*ours, *super().get_urls()]

    @only_posted
    def renew(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new link, shown once."""
        invitation = self._its_to_end(request, pk)
        try:
            key = people.renew(invitation, by=whose(request))
        except Gone:
            return self._nothing_to_do(request, invitation)
        super(Desk, self).log_change(request, invitation, _("Made a new link."))
        invitation.refresh_from_db()
        return self._shown_once(request, invitation, key)

    @only_posted
    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = self._its_to_end(request, pk)
        try:
            people.withdraw(invitation, by=whose(request))
        except Gone:
            return self._nothing_to_do(request, invitation)
        super(Desk, self).log_change(request, invitation, _("Withdrew it."))
        self.message_user(request, _("Withdrawn: the link opens nothing any more."), messages.SUCCESS)
        return redirect("admin:accounts_invitation_changelist")

    def _nothing_to_do(self, request: HttpRequest, invitation: Invitation) -> HttpResponse:
        self.message_user(request, _("It was used or withdrawn already. Invite them anew."), messages.ERROR)
        return redirect("admin:accounts_invitation_change", invitation.pk)

    def _shown_once(self, request: HttpRequest, invitation: Invitation, key: str) -> HttpResponse:
        link = request.build_absolute_uri(reverse("accounts:invitation", args=[key]))
        words = _(
            "You are invited to our library: to read, to mark passages and to write in the margin. "
            "Open this link, and choose a user name and a password:\n\n{link}\n\nIt works once, until {day}."
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("An invitation"),
            "invitation": invitation,
            "opts": self.opts,
            "link": link,
            "words": words.format(link=link, day=_day(invitation.until)),
        }
        return render(request, "desk/invitation_link.html", context)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if obj := kwargs.get("obj"):
            waits = obj.used is None and obj.withdrawn is None
            able = super().has_change_permission(request) and may_invite(whose(request), obj.role)
            context["may_end"] = waits and able
        return super().render_change_form(request, context, *args, **kwargs)


def _day(at: Any) -> str:
    return date_format(localtime(at), "DATE_FORMAT")
