"""Readers: added, let in and out, put into their role, handed a link to set a password. Some only the operator touches.

A password link opens an account with all its notes: only administrators make one into an account in use, the journal
tells it, and so does the account itself. See accounts/roles.py for who reaches whom.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tasks_db.models import DBTaskResult

from newsreader.accounts import services as accounts
from newsreader.accounts.models import PasswordLink, User
from newsreader.accounts.roles import APPOINT, Role, may_touch, out_of_reach, role_of
from newsreader.desk import people
from newsreader.desk.base import Desk, only_posted, whose
from newsreader.desk.curators import WORDS
from newsreader.desk.people_forms import GRANTS, MORE, WHO, ReaderForm


class ByRole(admin.SimpleListFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("operator", _("Operator")), *((role.value, str(role.label)) for role in Role)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen == "operator":
            return queryset.filter(is_superuser=True)
        if chosen == Role.READER:  # whoever is in no group reads too
            return queryset.exclude(groups__name__in=(Role.CURATOR.value, Role.ADMINISTRATOR.value))
        return queryset.filter(groups__name=chosen) if chosen else queryset


@admin.register(User)
class Readers(Desk[User]):
    form = ReaderForm
    actions = ("deactivate", "activate")
    list_display = ("username", "name", "email", "role", "is_active", "last_login", "date_joined")
    list_filter = ("is_active", ByRole)
    search_fields = WHO
    ordering = ("username",)
    readonly_fields = ("own_role", "active", "last_login", "date_joined")
    filter_horizontal = ("groups", "user_permissions")
    change_form_template = "admin/accounts/user/change_form.html"
    change_list_template = "admin/accounts/user/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("role"))
    def role(self, user: User) -> str:
        return _("Operator") if user.is_superuser else str(role_of(user).label)

    @admin.display(description=gettext_lazy("Active"), boolean=True)
    def active(self, user: User) -> bool:
        return user.is_active  # let in and out by a button

    @admin.display(description=gettext_lazy("Role"))
    def own_role(self, user: User) -> str:
        return _("{role}. Somebody else changes your own role.").format(role=self.role(user))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """What grants something is not even a field for who may not grant it, so that no forged form fills it."""
        role = ("own_role" if obj == request.user else "role",) if whose(request).has_perm(APPOINT) else ()
        if obj is None:
            return (
                (None, {"fields": (*WHO, *role), "description": _("Save, then hand out a link to set a password.")}),
            )
        plain = ((None, {"fields": (*WHO, *role, "active", "last_login", "date_joined")}),)
        more = (_("What no role gives"), {"fields": MORE, "classes": ("collapse",)})
        return (*plain, more) if whose(request).is_superuser else plain

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The groups of the three roles are chosen as roles; the queue is looked at in a page of its own."""
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.exclude(name__in=Role.values)
        if db_field.name == "user_permissions":
            others = Permission.objects.exclude(content_type__app_label=DBTaskResult._meta.app_label)
            kwargs["queryset"] = others.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # Who may

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may_touch(obj, by=whose(request)))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody: it would take their notebook along. They are deactivated."""
        return False

    def may_take_back(self, request: HttpRequest, keys: list[int]) -> bool:
        if not self.has_change_permission(request):
            return False
        return not User.objects.filter(out_of_reach(whose(request)), pk__in=keys).exists()

    # Saving

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        user, before, by = form.instance, role_of(form.instance), whose(request)
        super().save_related(request, form, formsets, change)
        mine = by.has_perm(APPOINT) and user != by
        role = Role(form.cleaned_data.get("role") or before) if mine else before
        also = [str(form.fields[name].label) for name in form.changed_data if name in MORE] if by.is_superuser else []
        if people.appoint(user, role, before=before, by=by, also=also):
            super(Desk, self).log_change(request, user, _("Changed what they may do."))

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Without rights, which have an entry of their own."""
        form.changed_data[:] = [name for name in form.changed_data if name not in GRANTS]
        return super().construct_change_message(request, form, formsets, add)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super().log_change(request, obj, message) if message else None

    def response_post_save_add(self, request: HttpRequest, obj: User) -> HttpResponseRedirect:
        """To the reader's page: the button for the link is there."""
        return _back(obj)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if obj := kwargs.get("obj"):
            context["may_link"] = accounts.may_hand_out(obj, by=whose(request))
            context["may_let_out"] = self.has_change_permission(request, obj) and obj != request.user
            context["in_use"] = accounts.is_in_use(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    # The link to set a password

    def get_urls(self) -> list[Any]:
        ours = [
            path(f"<int:pk>/{name.replace('_', '-')}/", self.admin_site.admin_view(view), name=f"accounts_user_{name}")
            for name, view in (
                ("password_link", self.password_link),
                ("let_out", self.let_out),
                ("let_in", self.let_in),
            )
        ]
        return [*ours, *super().get_urls()]

    @only_posted
    def password_link(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new one-time link, shown once: only its digest is kept."""
        reader = self.get_object(request, str(pk))
        if not self.has_change_permission(request, reader):
            raise Http404
        if not reader.is_active:
            self.message_user(request, _("Activate the account first."), messages.ERROR)
            return _back(reader)
        in_use = accounts.is_in_use(reader)
        key = people.way_in(reader, by=whose(request))  # refused, it's the same 404
        super(Desk, self).log_change(request, reader, _("Handed out a link to set a password."))
        context = {
            **self.admin_site.each_context(request),
            "title": _("A link to set a password"),
            "reader": reader,
            "in_use": in_use,
            "opts": self.opts,
            "days": PasswordLink.LASTS.days,
            "link": request.build_absolute_uri(reverse("accounts:set-password", args=[key])),
        }
        return render(request, "desk/password_link.html", context)

    # In and out

    @only_posted
    def let_out(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._one(request, pk, active=False)

    @only_posted
    def let_in(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._one(request, pk, active=True)

    def _one(self, request: HttpRequest, pk: int, *, active: bool) -> HttpResponse:
        """The same as for many, from the account's page."""
        reader = self.get_object(request, str(pk))
        if not self.has_change_permission(request, reader):
            raise Http404
        self._set_active(request, self.get_queryset(request).filter(pk=reader.pk), active=active)
        return _back(reader)

    @admin.action(description=gettext_lazy("Deactivate"), permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._set_active(request, queryset, active=False)

    @admin.action(description=gettext_lazy("Activate"), permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._set_active(request, queryset, active=True)

    def _set_active(self, request: HttpRequest, chosen: QuerySet[User], *, active: bool) -> None:
        by = whose(request)
        total = chosen.count()
        mine = chosen.exclude(pk=by.pk).exclude(pk__in=User.objects.filter(out_of_reach(by)))
        left = total - mine.count()
        changed = list(mine.exclude(is_active=active))
        entry = people.set_active(changed, active=active, by=by)
        log = _("Activated.") if active else _("Deactivated.")
        LogEntry.objects.log_actions(by.id, changed, CHANGE, change_message=log)
        told = self._told(len(changed), total - left - len(changed), active=active)
        if left:
            own = chosen.filter(pk=by.pk).exists()
            whys = [_("your own account")] if own else []
            whys += [_("only the operator changes those with such rights")] if left > own else []
            told.append(_("{n} left alone: {why}.").format(n=left, why="; ".join(whys)))
        self.tell(request, " ".join(told), entry)

    def _told(self, changed: int, already: int, *, active: bool) -> list[str]:
        if active:
            done = ngettext("{n} reader activated.", "{n} readers activated.", changed)
        else:
            done = ngettext("{n} reader deactivated.", "{n} readers deactivated.", changed)
        so = ngettext("{n} was so already.", "{n} were so already.", already)
        return [done.format(n=changed), *([so.format(n=already)] if already else [])]


def _back(reader: User) -> HttpResponseRedirect:
    return redirect("admin:accounts_user_change", reader.pk)


admin.site.unregister(Group)


@admin.register(Group)
class Groups(Desk[Group], GroupAdmin):
    """Administrators see what each group may do. The operator makes others; the three of the roles keep their names."""

    list_display = ("name", "in_words", "people")
    readonly_fields = ("in_words",)
    fieldsets = ((None, {"fields": ("name", "in_words", "permissions")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(number=Count("user", filter=Q(user__is_active=True)))

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:
        return ("name", "in_words") if obj and obj.name in Role.values else ("in_words",)

    @admin.display(description=gettext_lazy("in words"))
    def in_words(self, group: Group) -> str:
        return str(WORDS[Role(group.name)]) if group.name in Role.values else _("A group of this library’s own.")

    @admin.display(description=gettext_lazy("active accounts"), ordering="number")
    def people(self, group: Group) -> int:
        return int(getattr(group, "number", 0))

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.name not in Role.values)
