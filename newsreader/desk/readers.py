"""Readers: added, deactivated, handed a link to set a password. Only the operator touches those with rights."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from newsreader.accounts import services as accounts
from newsreader.accounts.models import User
from newsreader.desk.base import Desk, whose

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:  # not subscriptable at run time
    UserForm = forms.ModelForm

WHO = ("username", "first_name", "last_name", "email")
RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


def privileged(user: User) -> bool:
    """Whoever may do more than read: taking over such an account would be taking over its rights."""
    return user.is_staff or user.is_superuser or user.groups.exists() or user.user_permissions.exists()


class ReaderForm(UserForm):
    def clean(self) -> dict[str, Any]:
        """The last operator stays: without one nobody could make another."""
        cleaned = super().clean() or self.cleaned_data
        before = User.objects.filter(pk=self.instance.pk, is_superuser=True, is_active=True).exists()
        after = cleaned.get("is_superuser", self.instance.is_superuser) and cleaned.get("is_active", True)
        others = User.objects.exclude(pk=self.instance.pk).filter(is_superuser=True, is_active=True)
        if before and not after and not others.exists():
            raise forms.ValidationError("This is the last operator: make another one first.")
        return cleaned


@admin.register(User)
class Readers(Desk[User]):
    form = ReaderForm
    actions = ("deactivate", "activate")
    list_display = ("username", "name", "email", "is_active", "is_staff", "last_login", "date_joined")
    list_filter = ("is_active", "is_staff")
    search_fields = WHO
    ordering = ("username",)
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ("groups", "user_permissions")
    change_form_template = "admin/accounts/user/change_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """A curator never gets the fields that grant something, so that no forged form fills them."""
        if obj is None:
            return ((None, {"fields": WHO, "description": "Save, then hand out a link to set a password."}),)
        plain = ((None, {"fields": (*WHO, "is_active", "last_login", "date_joined")}),)
        return (*plain, ("Rights", {"fields": RIGHTS})) if _operator(request) else plain

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        mine = obj is None or _operator(request) or not privileged(obj)
        return super().has_change_permission(request, obj) and mine

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody: it would take their notebook along. They are deactivated."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def response_post_save_add(self, request: HttpRequest, obj: User) -> HttpResponseRedirect:
        """To the reader's page: the button for the link is there."""
        return _back(obj)

    # The link to set a password

    def get_urls(self) -> list[Any]:
        link = path(
            "<int:pk>/password-link/",
            self.admin_site.admin_view(self.password_link),
            name="accounts_user_password_link",
        )
        return [link, *super().get_urls()]

    @method_decorator(require_POST)
    def password_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new one-time link, shown once: only its digest is kept."""
        reader = self.get_object(request, str(pk))
        if not self.has_change_permission(request, reader):
            raise Http404
        if not reader.is_active:
            self.message_user(request, "Activate the account first.", messages.ERROR)
            return _back(reader)
        key = accounts.password_link(reader, by=whose(request))
        self.log_change(request, reader, "Handed out a link to set a password.")
        context = {
            **self.admin_site.each_context(request),
            "title": "A link to set a password",
            "reader": reader,
            "opts": self.opts,
            "link": request.build_absolute_uri(reverse("accounts:set-password", args=[key])),
        }
        return render(request, "desk/password_link.html", context)

    # Many at once

    @admin.action(description="Deactivate", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._set_active(request, queryset, active=False)

    @admin.action(description="Activate", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._set_active(request, queryset, active=True)

    def _set_active(self, request: HttpRequest, chosen: QuerySet[User], *, active: bool) -> None:
        total = chosen.count()
        mine = chosen.exclude(pk=whose(request).id) if _operator(request) else _unprivileged(chosen)
        left = total - mine.count()
        changed = list(mine.exclude(is_active=active))
        User.objects.filter(pk__in=[user.pk for user in changed]).update(is_active=active)
        done = "activated" if active else "deactivated"
        LogEntry.objects.log_actions(whose(request).id, changed, CHANGE, change_message=f"Many at once: {done}.")
        told = f"{len(changed)} {'reader' if len(changed) == 1 else 'readers'} {done}."
        if already := total - left - len(changed):
            told += f" {already} {'were' if already > 1 else 'was'} so already."
        if left:
            why = "your own account" if _operator(request) else "only the operator changes those with rights"
            told += f" {left} left alone: {why}."
        self.message_user(request, told, messages.SUCCESS if changed else messages.INFO)


admin.site.unregister(Group)


@admin.register(Group)
class Groups(Desk[Group], GroupAdmin):
    """The operator's: curators have no permission on groups."""


def _operator(request: HttpRequest) -> bool:
    return whose(request).is_superuser


def _unprivileged(chosen: QuerySet[User]) -> QuerySet[User]:
    """`privileged` as a question to the database."""
    return chosen.filter(is_staff=False, is_superuser=False, groups=None, user_permissions=None)


def _back(reader: User) -> HttpResponseRedirect:
    return redirect("admin:accounts_user_change", reader.pk)
