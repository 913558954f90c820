"""Uploading documents in the admin: files are chosen, looked at, and added as drafts. Plain forms all the way."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from newsreader.articles.models import Article, Source, Topic
from newsreader.core.sentence import Sentence
from newsreader.desk import uploads
from newsreader.desk.base import ModelAdmin, whose
from newsreader.desk.models import Upload, UploadedDocument
from newsreader.intake.receiving import most
from newsreader.intake.seeds import moment
from newsreader.intake.uploads import ACCEPTED, Limits
from newsreader.language import worded

Verdict = UploadedDocument.Verdict
gets_and_posts = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
OFFERED = 200
KINDS = {
    ".txt": gettext_lazy("Text"),
    ".md": gettext_lazy("Markdown"),
    ".markdown": gettext_lazy("Markdown"),
    ".html": gettext_lazy("Web page"),
    ".htm": gettext_lazy("Web page"),
    ".epub": gettext_lazy("Book"),
}


class Files(forms.FileField):
    """Several files, none of which is judged here: what can't be read is told with all the others."""

    widget = forms.ClearableFileInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [one for one in data or () if one]
        if not files:
            raise forms.ValidationError(_("Choose one file or more first."), code="required")
        return files


class FileInput(forms.FileInput):
    """Takes several; a browser also takes what is dropped on it."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class _Offering:
    """Without JavaScript it is a plain list of the first names; with it, one looks among all."""

    choices: Any

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        groups: Any = super().optgroups(name, value, attrs)  # type: ignore[misc]
        options = groups[0][1]
        there = {str(option["value"]) for option in options}
        for row in self.choices.queryset.order_by("name")[:OFFERED]:
            if str(row.pk) not in there:
                options.append(self.create_option(name, row.pk, str(row), False, len(options)))  # type: ignore[attr-defined]
        return groups


class OneOf(_Offering, AutocompleteSelect):  # type: ignore[misc]
    pass


class SomeOf(_Offering, AutocompleteSelectMultiple):  # type: ignore[misc]
    pass


class UploadForm(forms.Form):
    """What is uploaded, and what is known of all of it."""

    documents = Files(
        label=gettext_lazy("Documents"),
        widget=FileInput(attrs={"accept": ",".join(ACCEPTED), "aria-describedby": "limits"}),
    )
    source = forms.ModelChoiceField(
        Source.objects.of_the_library(),
        required=False,
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Of documents that don’t name theirs."),
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(),
        required=False,
        label=gettext_lazy("Topics"),
        help_text=gettext_lazy("All of them get these, besides their own."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, widget in (("source", OneOf), ("topics", SomeOf)):
            field: Any = self.fields[name]
            related = Article._meta.get_field("sources" if name == "source" else "topics")
            choices = field.choices
            field.widget = widget(related, admin.site, attrs={"data-placeholder": _("None")})
            field.widget.is_required = False
            field.widget.choices = choices


@dataclass(frozen=True, slots=True)
class Row:
    """A document as the table shows it."""

    document: UploadedDocument
    ticked: bool

    @property
    def waits(self) -> bool:
        return self.document.verdict in (Verdict.NEW, Verdict.ALIKE) and self.document.became_id is None

    @property
    def kind(self) -> Any:
        return KINDS.get(self.document.kind, "")

    @property
    def published(self) -> Any:
        if not self.document.about.get("published"):
            return None
        return moment(uploads.document_of(self.document).published)

    @property
    def refusal(self) -> str:
        """A sentence, in the language of who looks."""
        told = self.document.refusal
        said = capfirst(worded(Sentence.again(told))) if told else ""
        return said if said.endswith((".", "…")) else f"{said}."

    @property
    def percent(self) -> int:
        return int(100 * self.document.shared)


class Uploading(ModelAdmin[Article]):
    """The pages of an upload, below those of articles."""

    def get_urls(self) -> list[Any]:
        guarded = self.admin_site.admin_view
        return [
            path("upload/", guarded(self.upload_view), name="articles_article_upload"),
            path("upload/<int:upload>/", guarded(self.uploaded_view), name="articles_article_uploaded"),
            *super().get_urls(),
        ]

    @gets_and_posts
    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Files are chosen. Nothing of them is added yet."""
        if not self.has_add_permission(request):
            raise Http404
        sent = request.method == "POST"
        form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
        if sent and form.is_valid():
            files = [(file.name or "", file.file) for file in form.cleaned_data["documents"]]
            chosen = {"source": form.cleaned_data["source"], "topics": form.cleaned_data["topics"]}
            upload = uploads.look(files, by=whose(request), **chosen)
            return redirect("admin:articles_article_uploaded", upload.pk)
        limits = uploads.limits()
        more = {
            "title": _("Upload documents"),
            "form": form,
            "media": self.media + form.media,
            "limits": limits,
            "entries": number_format(limits.entries, force_grouping=True),
            "kinds": ", ".join(ACCEPTED),
            "most": most(request),
            "megabytes": {name: size // 1_000_000 for name, size in _sizes(request, limits)},
        }
        return self._page(request, "upload", more, status=422 if sent else 200)

    @gets_and_posts
    def uploaded_view(self, request: HttpRequest, upload: int) -> HttpResponse:
        """What each document would become; and the button that adds those that are ticked."""
        found = Upload.objects.of(whose(request)).filter(pk=upload).select_related("source").first()
        if found is None or not self.has_add_permission(request):
            raise Http404
        if request.method == "POST":
            return self._add(request, found)
        texts = [f"{one}__{text}" for one in ("other", "became") for text in ("html", "text")]
        documents = found.documents.select_related("other", "became", "twin").defer("html", "twin__html", *texts)
        begun = any(document.became_id for document in documents)
        rows = [Row(document, document.verdict == Verdict.NEW and not begun) for document in documents]
        more = {
            "title": _("Uploaded documents") if begun else _("Look before you add"),
            "upload": found,
            "topics": list(found.topics.all()),
            "rows": rows,
            "sentences": _summary(rows, found.aside),
            "waiting": any(row.waits for row in rows),
            "begun": begun,
            "drafts": [row.document.became_id for row in rows if _is_draft(row.document)],
            "may_publish": self.has_change_permission(request),
        }
        return self._page(request, "uploaded", more)

    def _add(self, request: HttpRequest, upload: Upload) -> HttpResponse:
        keys = {int(key) for key in request.POST.getlist("document") if key.isdecimal() and len(key) < 19}
        done = uploads.add(upload, keys, by=whose(request))
        if done.articles:
            LogEntry.objects.log_actions(whose(request).id, done.articles, ADDITION, change_message=_("Uploaded."))
        elif not (done.already or done.there):
            told = _("Tick the documents to add first. Nothing was added.")
            self.message_user(request, told, messages.WARNING)
            return redirect("admin:articles_article_uploaded", upload.pk)
        self.tell(request, " ".join(_said(done)), done.entry)  # type: ignore[attr-defined]
        return redirect("admin:articles_article_uploaded", upload.pk)

    def _page(self, request: HttpRequest, name: str, more: dict[str, Any], status: int = 200) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **more}
        return TemplateResponse(request, f"desk/{name}.html", context, status=status)


def _sizes(request: HttpRequest, limits: Limits) -> list[tuple[str, int]]:
    return [("together", most(request)), ("document", limits.document), ("unpacked", limits.unpacked)]


def _is_draft(document: UploadedDocument) -> bool:
    return document.became is not None and document.became.state == Article.State.DRAFT


def _said(done: uploads.Added) -> list[str]:
    n, told = len(done.articles), []
    if n:
        told.append(ngettext("{n} draft added.", "{n} drafts added.", n).format(n=n))
    if n := done.already:
        again = ngettext("{n} was added already, and not again.", "{n} were added already, and not again.", n)
        told.append(again.format(n=n))
    if n := done.there:
        meanwhile = ngettext(
            "{n} came into the library meanwhile, and was not added.",
            "{n} came into the library meanwhile, and were not added.",
            n,
        )
        told.append(meanwhile.format(n=n))
    return told


def _summary(rows: list[Row], aside: int) -> list[str]:
    """The table in numbers."""
    added = sum(row.document.became_id is not None for row in rows)
    of = {
        verdict: sum(row.document.verdict == verdict for row in rows if not row.document.became_id)
        for verdict in Verdict
    }
    told = [
        (added, ngettext("{n} added.", "{n} added.", added)),
        (of[Verdict.NEW], ngettext("{n} new.", "{n} new.", of[Verdict.NEW])),
        (
            of[Verdict.ALIKE],
            ngettext(
                "{n} nearly the same as another: not ticked.",
                "{n} nearly the same as others: not ticked.",
                of[Verdict.ALIKE],
            ),
        ),
        (of[Verdict.THERE], ngettext("{n} in the library already.", "{n} in the library already.", of[Verdict.THERE])),
        (of[Verdict.TWICE], ngettext("{n} twice among these.", "{n} twice among these.", of[Verdict.TWICE])),
        (of[Verdict.REFUSED], ngettext("{n} refused.", "{n} refused.", of[Verdict.REFUSED])),
        (
            aside,
            ngettext(
                "{n} file or folder in an archive left aside.", "{n} files and folders in archives left aside.", aside
            ),
        ),
    ]
    return [sentence.format(n=n) for n, sentence in told if n]
