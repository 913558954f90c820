"""Renaming and merging in the admin: each is looked at first, with what it will do, and taken back by a button."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from newsreader.desk import renaming
from newsreader.desk.base import Desk, whose

MOST = 50  # at once
OFFERED = 500  # names to choose from, where there is no script


class NameForm(forms.Form):
    """Another name and another address, as its model takes them."""

    def __init__(self, label: Any, data: Any = None) -> None:
        initial = {"name": label.name, "slug": label.slug}
        super().__init__({**initial, **data.dict()} if data else None, initial=initial)
        for name, said, told in (
            ("name", _("Name"), ""),
            ("slug", _("Address"), _("How it is written in addresses. The one it has now leads on if you change it.")),
        ):
            field = label._meta.get_field(name).formfield(label=said, help_text=told)
            field.widget.attrs |= {"dir": "auto", "autocomplete": "off"}
            self.fields[name] = field

    def clean_name(self) -> str:
        """One space where several were typed."""
        return " ".join(self.cleaned_data["name"].split())


class Renamed(Desk[Any]):
    """Pages on which a source or a topic gets another name, or goes up in another one."""

    actions = ("merge_chosen",)
    change_form_template = "admin/articles/label_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A name changes on its own page, which says what follows."""
        return ("name", "slug") if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else {"slug": ("name",)}

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        ours = [
            path("merge/", self.admin_site.admin_view(self.merge), name=f"{name}_merge"),
            path("<int:pk>/rename/", self.admin_site.admin_view(self.rename), name=f"{name}_rename"),
        ]
        return [*ours, *super().get_urls()]

    @admin.action(description=gettext_lazy("Merge…"), permissions=["change"])
    def merge_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseRedirect:
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[:MOST])
        return redirect(f"{self._at('merge')}?{urlencode({'from': keys}, doseq=True)}")

    # Renaming

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def rename(self, request: HttpRequest, pk: int) -> HttpResponse:
        """`name` and `slug` in the address are looked at; sent, they are taken."""
        label = self._one(request, pk)
        asked = request.POST if request.method == "POST" else request.GET
        form = NameForm(label, asked if "name" in asked else None)
        weight = taken = None
        if form.is_bound and form.is_valid():
            name, slug = form.cleaned_data["name"], form.cleaned_data["slug"]
            taken = renaming.alike(label, name) or self._with_address(label, slug)
            if request.method == "POST" and taken is None:
                try:
                    return self._renamed(request, label, name, slug)
                except renaming.Taken as error:  # at this moment
                    taken = error.other
            weight = renaming.weigh(label)
        context = {
            **self._context(request, _("Rename “{name}”").format(name=label.name)),
            "label": label,
            "form": form,
            "weight": weight,
            "taken": taken,
            "same": form.is_bound and not form.errors and not form.has_changed(),
            "suggested": slugify(form["name"].value() or "", allow_unicode=True)[:80],
        }
        return TemplateResponse(request, "desk/rename.html", context, status=409 if request.method == "POST" else 200)

    def _renamed(self, request: HttpRequest, label: Any, name: str, slug: str) -> HttpResponse:
        before = label.name
        entry = renaming.rename(label, name=name, slug=slug, by=whose(request))
        told = _("“{old}” is now “{new}”.") if entry else _("It has this name and this address already.")
        if entry:
            self._log(request, label, entry.told)
        self.tell(request, told.format(old=before, new=name), entry)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", label.pk)

    def _with_address(self, label: Any, slug: str) -> Any:
        return self._known.exclude(pk=label.pk).filter(slug=slug).first()

    # Merging

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def merge(self, request: HttpRequest) -> HttpResponse:
        """`from`, keys, go up in `into`, a key, or in the one called `named`. Looked at, and when sent, done."""
        if not self.has_change_permission(request):
            raise Http404
        asked = request.POST if request.method == "POST" else request.GET
        chosen = self._rows(asked.getlist("from")[:MOST])
        into, wrong = self._into(asked)
        going = [label for label in chosen if label != into]
        if into and not going:
            into, wrong = None, _("Choose at least one other than the one that stays.")
        if request.method == "POST" and into:
            return self._merged(request, going, into)
        context = {
            **self._context(request, _("Merge {what}").format(what=self.opts.verbose_name_plural)),
            "chosen": [renaming.weigh(label, into=into) for label in chosen if label != into],
            "into": renaming.weigh(into) if into else None,
            "candidates": chosen if len(chosen) > 1 else [],
            "names": self._known.exclude(pk__in=[one.pk for one in chosen]).values_list("name", flat=True)[:OFFERED],
            "named": asked.get("named", "")[:200],
            "wrong": wrong,
            "moves": len(going),
        }
        return TemplateResponse(request, "desk/merge.html", context, status=409 if request.method == "POST" else 200)

    def _merged(self, request: HttpRequest, going: list[Any], into: Any) -> HttpResponse:
        number, entry = renaming.merge(going, into, by=whose(request))
        names = ", ".join(f"“{label}”" for label in going[:3]) + (", …" if len(going) > 3 else "")
        told = ngettext(
            "{names} merged into “{into}”: {n} article.", "{names} merged into “{into}”: {n} articles.", number
        )
        said = told.format(names=names, into=into, n=number)
        self._log(request, into, said)
        self.tell(request, said, entry)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _into(self, asked: Any) -> tuple[Any, str]:
        """What stays, and what is wrong with the question for it."""
        if named := " ".join(asked.get("named", "")[:200].split()):
            found = renaming.alike(self.model(), named)
            none = _("There is no {what} called “{name}”.").format(what=self.opts.verbose_name, name=named)
            return found, "" if found else none
        if "into" in asked:
            found = next(iter(self._rows([asked["into"]])), None)
            return found, "" if found else _("The one that was to stay is gone. Choose another one.")
        return None, ""

    def _rows(self, keys: list[str]) -> list[Any]:
        plain = [int(key) for key in keys if key.isdecimal() and len(key) < 19]
        return list(self._known.filter(pk__in=plain))

    @property
    def _known(self) -> QuerySet[Any]:
        found: QuerySet[Any] = self.model._default_manager.of_the_library()
        return found

    def _one(self, request: HttpRequest, pk: int) -> Any:
        label = self.get_object(request, str(pk))
        if not self.has_change_permission(request, label):
            raise Http404
        return label

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "list": self._at("changelist"),
        }

    def _at(self, page: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}")

    def _log(self, request: HttpRequest, label: Any, message: str) -> None:
        LogEntry.objects.log_actions(whose(request).id, [label], CHANGE, change_message=message, single_object=True)
